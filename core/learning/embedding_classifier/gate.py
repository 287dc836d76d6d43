"""The gate: how surely a text is about none of the analyst's concepts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.jobs import Job
from core.learning.calibration import sigmoid
from core.learning.embedding_classifier.recipes import ticking
from core.learning.embedding_classifier.solver import Design, Task, fit_head, logits
from core.learning.splits import Floats, Ints, cross_validate

STRENGTH = 100.0
N_STEPS = 40
OWN_SHARE = 0.98  # of the analyst's own texts that must pass nearly unhindered
OWN_LOGIT = -3.0  # nearly: a share of 5 % for "none of them"


@dataclass(frozen=True)
class Gate:
    """Tells texts like the analyst's from everything else, by their embeddings.

    Attributes:
        weights: (dim + 1, 1), the last one the bias.
    """

    weights: Floats

    def none_shares(self, embeddings: Floats) -> Floats:
        """Return how surely each text is none of the analyst's kind, (n_texts,) in [0, 1]."""
        return sigmoid(logits([embeddings], self.weights)[:, 0])


def fit_gate(
    texts: Floats, is_own: NDArray[np.bool_], others: Floats, folds: Ints, job: Job
) -> tuple[Gate, Floats]:
    """Learn what is not like the analyst's texts.

    The bias is set so that, seen for the first time, nearly all own texts pass: a set of texts
    that reads like general talk gets a gate that is nearly always open.

    Args:
        texts: (n_texts, dim) centred embeddings of the labelled texts.
        is_own: (n_texts,) whether they have a concept.
        others: (n_others, dim) centred embeddings of general sentences.
        folds: (n_texts,) of the labelled texts.
        job: told at every step.

    Returns:
        The gate, and what it said of each labelled text before having seen it, (n_texts,).
    """
    everything = np.concatenate([texts, others])
    is_other = np.concatenate([~is_own, np.ones(len(others), dtype=bool)])
    dealt = np.concatenate([folds, np.arange(len(others)) % (folds.max() + 1)])

    def learn(learned: Ints) -> Callable[[Ints], Floats]:
        weights = _fit(everything[learned], is_other[learned], job)
        return lambda checked: logits([everything[checked]], weights)

    unseen = cross_validate(dealt, learn, job)[: len(texts), 0]
    highest = float(np.quantile(unseen[is_own], OWN_SHARE))
    shift = np.float32(OWN_LOGIT - max(highest, OWN_LOGIT))
    weights = _fit(everything, is_other, job)
    weights[-1] += shift
    return Gate(weights), sigmoid(unseen + shift)


def close(probabilities: Floats, none_shares: Floats, *, is_exclusive: bool) -> Floats:
    """Take from the concepts what belongs to none of them; their order stays.

    Where the concepts are exclusive, what is taken is dealt evenly, so that rows still sum to 1.
    """
    shares = none_shares[:, None]
    even = np.float32(1 / probabilities.shape[1]) if is_exclusive else np.float32(0)
    return (1 - shares) * probabilities + shares * even


def _fit(embeddings: Floats, is_other: NDArray[np.bool_], job: Job) -> Floats:
    """Fit a head in which both sides count the same, as much as the smaller one has texts."""
    n_other = int(is_other.sum())
    n_own = len(is_other) - n_other
    smaller = min(n_own, n_other)
    weights = np.where(is_other, smaller / max(n_other, 1), smaller / max(n_own, 1))
    task = Task(
        targets=is_other[:, None].astype(np.float32),
        counts=(STRENGTH * weights).astype(np.float32),
        is_exclusive=False,
        n_steps=N_STEPS,
    )
    design = Design([embeddings])
    return design.weights(fit_head(design, task, ticking(job)))
