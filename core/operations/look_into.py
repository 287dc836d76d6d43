"""Look into an evaluation: at other thresholds, and at the curves behind its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.learning import curves
from core.operations.scoring import ranked_of, report_of, scored_of
from core.storage.evaluations import get_evaluation


@dataclass(frozen=True)
class RescoreRequest:
    """Thresholds to score an evaluation by; concepts that are not named keep the usual ones.

    Attributes:
        has_intervals: False is ten times as fast, for while a slider moves.
    """

    evaluation_id: int
    thresholds: Mapping[str, float] = field(default_factory=dict)
    has_intervals: bool = True


@dataclass(frozen=True)
class RescoreResult:
    """The scores, with the keys of an evaluation's report; nothing is kept."""

    report: dict[str, Any]
    changes: Changes = Changes.NOTHING


def rescore(app: AppFolder, request: RescoreRequest, job: Job) -> RescoreResult:
    """Score an evaluation anew, as if other thresholds had been chosen.

    Raises:
        EvaluationMissingError, TextsNotKeptError: there is nothing to score.
    """
    job.report(_("Counting"))
    with app.database() as db:
        evaluation = get_evaluation(db, request.evaluation_id)
    scored = scored_of(app, evaluation)
    report = report_of(
        scored,
        request.thresholds,
        has_intervals=request.has_intervals,
        ranked=ranked_of(app, evaluation),
    )
    return RescoreResult(report | {"n_left_out": evaluation.report["n_left_out"]})


@dataclass(frozen=True)
class CurvesRequest:
    """The curves of one concept, or of all of them together ("")."""

    evaluation_id: int
    concept: str = ""


@dataclass(frozen=True)
class CurvesResult:
    """The curves behind an evaluation.

    Attributes:
        roc, precision_recall: None where they are undefined; of all concepts together, every
            pair of a text and a concept counts (micro average).
    """

    roc: curves.Curve | None
    precision_recall: curves.Curve | None
    reliability: tuple[curves.Bin, ...]
    histogram: curves.Histogram
    changes: Changes = Changes.NOTHING


def draw_curves(app: AppFolder, request: CurvesRequest, job: Job) -> CurvesResult:
    """Return the curves of an evaluation.

    Raises:
        EvaluationMissingError, TextsNotKeptError: there is nothing to draw.
    """
    job.report(_("Counting"))
    with app.database() as db:
        scored = scored_of(app, get_evaluation(db, request.evaluation_id))
    column = scored.concepts.index(request.concept) if request.concept else None
    actual, stated = scored.targets == 1, scored.probabilities
    ranked = (actual[:, column], stated[:, column])
    if column is None:
        ranked = (actual.ravel(), stated.ravel())
    roc, precision_recall = curves.both(*ranked)
    return CurvesResult(
        roc=roc,
        precision_recall=precision_recall,
        reliability=curves.reliability(scored, column),
        histogram=curves.histogram(scored, column),
    )


@dataclass(frozen=True)
class MatricesResult:
    """Concepts against each other."""

    matrices: curves.Matrices
    changes: Changes = Changes.NOTHING


def compare_concepts(app: AppFolder, evaluation_id: int, job: Job) -> MatricesResult:
    """Return the mean probabilities of an evaluation, and which concepts occur together.

    Raises:
        EvaluationMissingError, TextsNotKeptError: there is nothing to count.
    """
    job.report(_("Counting"))
    with app.database() as db:
        return MatricesResult(curves.matrices(scored_of(app, get_evaluation(db, evaluation_id))))
