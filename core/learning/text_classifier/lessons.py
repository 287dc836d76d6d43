"""What a network is taught from labelled texts, and what it is worth on those kept apart."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from core.learning.calibration import fit_calibration, log_loss
from core.learning.decisions import decide, usual_thresholds
from core.learning.fine_tuning.batches import Batch, Ids, parts_of
from core.learning.fine_tuning.loop import Checked, Plan
from core.learning.splits import Floats, Targets
from core.learning.text_classifier.network import Network

SMOOTHING = 0.1  # of a text's one concept, what the others get together
TEXTS_AT_ONCE = 128


class ConceptLessons:
    """Labelled texts, as tokens; see `fine_tuning.Lessons`.

    Args:
        network: that learns.
        windows: (n_texts,) tokens of the texts to learn from.
        targets: (n_texts, n_concepts).
        kept_apart: tokens and targets to check with; none if it has no texts.
        plan: says on what device and how precisely.
        padding: the token that shorter texts are filled up with.
        is_exclusive: whether a text has one concept.
    """

    def __init__(  # noqa: PLR0913  # what is learned, what is checked, and how
        self,
        network: Network,
        windows: Sequence[Ids],
        targets: Targets,
        *,
        kept_apart: tuple[Sequence[Ids], Targets],
        plan: Plan,
        padding: int,
        is_exclusive: bool,
    ) -> None:
        self.lengths = [len(window) for window in windows]
        self._network, self._windows, self._padding = network, windows, padding
        self._is_exclusive, self._plan = is_exclusive, plan
        self._targets = torch.from_numpy(_taught(targets, is_exclusive=is_exclusive))
        self._apart, self._apart_targets = kept_apart

    def weight(self, rows: Batch) -> float:
        """Return the number of texts."""
        return len(rows)

    def loss(self, rows: Batch) -> Tensor:
        """Return the summed surprise at the concepts of these texts."""
        logits = self._network([self._windows[i] for i in rows], self._padding)
        targets = self._targets[rows].to(logits.device)
        if self._is_exclusive:
            return functional.cross_entropy(logits, targets, reduction="sum")
        return functional.binary_cross_entropy_with_logits(logits, targets, reduction="sum")

    def check(self, tick: Callable[[], None]) -> Checked | None:
        """Return the macro-F1; what is less surprised, once calibrated, ranks higher, too."""
        if not len(self._apart):
            return None
        logits = logits_of(self._network, self._apart, self._padding, self._plan, tick)
        targets = np.asarray(self._apart_targets, np.float32)
        if self._is_exclusive:
            targets = targets / np.maximum(targets.sum(axis=1, keepdims=True), 1)
        calibration = fit_calibration(logits, targets, is_exclusive=self._is_exclusive)
        probabilities = calibration.probabilities(logits)
        score = macro_f1(probabilities, self._apart_targets, is_exclusive=self._is_exclusive)
        surprise = log_loss(calibration, logits, targets) / len(logits)
        return Checked(score, score - surprise)


@torch.no_grad()
def logits_of(
    network: Network,
    windows: Sequence[Ids],
    padding: int,
    plan: Plan,
    tick: Callable[[], None],
) -> Floats:
    """Return what a network that is being trained says of texts, (n_texts, n_concepts)."""
    lengths = [len(window) for window in windows]
    answer = np.empty((len(windows), network.head.out_features), np.float32)
    parts = parts_of(
        list(range(len(windows))),
        lengths,
        most_texts=TEXTS_AT_ONCE,
        most_tokens=plan.tokens_at_once,
    )
    is_half = plan.precision == torch.bfloat16
    for rows in parts:
        tick()
        with torch.autocast(plan.device.type, torch.bfloat16, enabled=is_half):
            answer[rows] = network([windows[i] for i in rows], padding).float().cpu().numpy()
    return answer


def macro_f1(probabilities: Floats, targets: Targets, *, is_exclusive: bool) -> float:
    """Return the mean F1 of the concepts that have texts, in [0, 1]."""
    thresholds = usual_thresholds(targets.shape[1], is_exclusive=is_exclusive)
    predicted = decide(probabilities, thresholds, is_exclusive=is_exclusive)
    actual = targets > 0
    hits = (actual & predicted).sum(axis=0)
    marked = actual.sum(axis=0) + predicted.sum(axis=0)
    has_texts = actual.any(axis=0)
    return float(np.mean((2 * hits / np.maximum(marked, 1))[has_texts])) if has_texts.any() else 0.0


def _taught(targets: Targets, *, is_exclusive: bool) -> Floats:
    """Return what is taught: shares that sum to 1 and are never sure, or 1 and 0.

    A text about none of several exclusive concepts teaches that all are as likely.
    """
    taught = targets.astype(np.float32)
    if not is_exclusive:
        return taught
    n = taught.shape[1]
    sums = taught.sum(axis=1, keepdims=True)
    shares = np.where(sums > 0, taught / np.maximum(sums, 1), np.float32(1 / n))
    return np.asarray((1 - SMOOTHING) * shares + SMOOTHING / n, dtype=np.float32)
