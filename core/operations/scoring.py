"""Scores of what a model said, and the texts behind them, kept with the model version."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from core.app_folder import AppFolder
from core.errors import UserError
from core.i18n import _
from core.learning.decisions import thresholds_of
from core.learning.splits import Floats, Ints
from core.operations.training_data import LabelledTexts
from core.records import Evaluation

if TYPE_CHECKING:
    from core.learning.classifier import Classifier
    from core.learning.ranking import Ranked
    from core.learning.scored import Scored

WITHOUT = (  # what is told again of the texts that the model had not seen
    "top1_accuracy", "macro_avg_precision", "macro_avg_recall", "macro_avg_f1_score",
)  # fmt: skip


class TextsNotKeptError(UserError):
    """What a model said of each text is not there."""

    def __init__(self) -> None:
        super().__init__(
            _("What the model said of each text is not kept for this evaluation."),
            next_step=_("Evaluate again to see the texts behind the numbers."),
        )


class NothingReadError(UserError):
    """All labels were accepted from a model, and nobody read a text."""

    def __init__(self) -> None:
        super().__init__(
            _("All labels were accepted from a model; nobody has read a text."),
            next_step=_("Label some texts yourself, so that there is something to check on."),
        )


@dataclass(frozen=True)
class Found:
    """Scores with the texts behind them, not kept yet."""

    scored: "Scored"
    report: dict[str, Any]

    @property
    def said(self) -> "Scored":
        """Return what is kept of each text."""
        return self.scored


def found_of(
    checked: LabelledTexts,
    probabilities: Floats,
    seen: Ints,
    model: "Classifier",
    *,
    chosen: Mapping[str, float],
    n_left_out: int = 0,
) -> Found:
    """Score probabilities.

    Where a text has exactly one concept, those that carry none of them are left out: there is no
    right answer among the concepts. So are those whose labels nobody read.

    Args:
        checked: the texts, and what people said of them.
        probabilities: (n_texts, n_concepts).
        seen: (n_texts,) as in `Scored`.
        model: whose concepts they are.
        chosen: thresholds by concept, where somebody chose some.
        n_left_out: texts that could not be scored.

    Raises:
        NothingReadError: nobody read any of the texts.
    """
    from core.learning.scored import Scored

    can_be_right = checked.targets.any(axis=1) | (not model.is_exclusive)
    if checked.is_reviewed is not None:
        can_be_right &= checked.is_reviewed
        if not checked.is_reviewed.any():
            raise NothingReadError
    places = np.flatnonzero(can_be_right)
    everything = Scored(
        concepts=tuple(model.concepts),
        is_exclusive=model.is_exclusive,
        input_ids=checked.input_ids,
        targets=checked.targets,
        probabilities=probabilities,
        seen=seen,
        seed=model.settings.seed,
    )
    scored = everything.only(places)
    n_left_out += len(checked.texts) - len(places)
    return Found(scored, report_of(scored, chosen) | {"n_left_out": n_left_out})


def report_of(
    scored: "Scored",
    chosen: Mapping[str, float],
    *,
    has_intervals: bool = True,
    ranked: "Ranked | None" = None,
) -> dict[str, Any]:
    """Return the scores as an evaluation keeps them, by the thresholds given or the usual ones.

    Beside them stand "without_seen" and "without_nearly_seen": the main scores of the texts that
    the model had not seen, None where that is all of them or none.

    Args:
        scored: what was said of each text.
        chosen: thresholds by concept, where somebody chose some.
        has_intervals: False leaves them out, which takes a tenth of the time.
        ranked: what `ranked_of` returns, where it is at hand.
    """
    from core.learning import metrics, ranking
    from core.learning.answered import answered
    from core.learning.scored import NOT_SEEN, SEEN

    thresholds = thresholds_of(scored.concepts, chosen, is_exclusive=scored.is_exclusive)
    known = ranked or ranking.rank_scores(scored.targets == 1, scored.probabilities)

    def scores(some: "Scored", ranked: "Ranked") -> dict[str, Any]:
        report = metrics.score(
            answered(some, thresholds), some.seed, has_intervals=has_intervals, ranked=ranked
        )
        return report.to_json()

    def without(is_kept: np.ndarray) -> dict[str, Any] | None:
        if is_kept.all() or not is_kept.any():
            return None
        some = scored.only(np.flatnonzero(is_kept))
        told = scores(some, ranking.unranked(len(some.concepts)))  # none is in WITHOUT
        ends = ("", "_low", "_high")
        return {f"{key}{end}": told[f"{key}{end}"] for key in WITHOUT for end in ends} | {
            "n_texts": int(is_kept.sum())
        }

    return scores(scored, known) | {
        "n_texts": len(scored.input_ids),
        "n_seen": int((scored.seen == SEEN).sum()),
        "n_nearly_seen": int((scored.seen > NOT_SEEN).sum() - (scored.seen == SEEN).sum()),
        "without_seen": without(scored.seen != SEEN),
        "without_nearly_seen": without(scored.seen == NOT_SEEN),
        "is_exclusive": scored.is_exclusive,
        "seed": scored.seed,
    }


def scored_of(app: AppFolder, evaluation: Evaluation) -> "Scored":
    """Return what the model said of each text of an evaluation; the last ones used stay at hand.

    Raises:
        TextsNotKeptError: it is not kept, or its file is damaged.
    """
    from core.learning.scored import ScoredDamagedError

    if not evaluation.folder:
        raise TextsNotKeptError
    try:
        return _scored(*_key(app, evaluation))
    except ScoredDamagedError as error:
        raise TextsNotKeptError from error


def ranked_of(app: AppFolder, evaluation: Evaluation) -> "Ranked":
    """Return the rank scores of an evaluation, which no threshold changes; they stay at hand.

    Raises:
        ScoredDamagedError: `scored_of` was not asked first.
    """
    return _ranked(*_key(app, evaluation))


_Key = tuple[AppFolder, str, tuple[str, ...], bool, int]


def _key(app: AppFolder, evaluation: Evaluation) -> _Key:
    report = evaluation.report
    concepts = tuple(record["name"] for record in report["concepts"])
    return app, evaluation.folder, concepts, bool(report["is_exclusive"]), report["seed"]


@lru_cache(maxsize=4)
def _ranked(*key: Any) -> "Ranked":  # noqa: ANN401  # as `_Key` has them
    from core.learning.ranking import rank_scores

    scored = _scored(*key)
    return rank_scores(scored.targets == 1, scored.probabilities)


@lru_cache(maxsize=4)
def _scored(
    app: AppFolder,
    folder: str,
    concepts: tuple[str, ...],
    is_exclusive: bool,  # noqa: FBT001  # a key of the cache
    seed: int,
) -> "Scored":
    from core.learning.scored import load_scored

    return load_scored(app.evaluations / folder, concepts, is_exclusive=is_exclusive, seed=seed)
