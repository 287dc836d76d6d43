"""Find the thresholds that keep to a tolerated share of wrong answers, and let a version use them.

Thresholds that are kept belong to the model version: every prediction, and every evaluation made
from then on, goes by them. The way back is to keep none; then the usual ones hold again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.app_folder import AppFolder
from core.budget_words import budget_words
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.decided import Budget
from core.learning.scored import NOT_SEEN
from core.operations.scoring import scored_of
from core.records import Evaluation, ModelVersion, Thresholds
from core.storage.database import Database, transaction
from core.storage.evaluations import EvaluationMissingError, list_evaluations
from core.storage.models import find_classifier_version, update_thresholds
from core.wording import HOUR_S, number, percent

LEAST, MOST = 0.001, 0.5  # shares of wrong answers that can be tolerated
USUAL_TEXTS, MOST_TEXTS = 1_000, 100_000_000


class ToleranceError(UserError):
    """No such share of wrong answers can be tolerated."""

    def __init__(self) -> None:
        super().__init__(
            _("This share of wrong answers cannot be tolerated."),
            next_step=_("Choose {low} to {high}.").format(low=percent(LEAST), high=percent(MOST)),
        )


class WorkloadError(UserError):
    """Nobody has so many texts, or takes so long for one."""

    def __init__(self) -> None:
        super().__init__(
            _("The time that people take cannot be told."),
            next_step=_("Choose up to {most} texts, and up to an hour for each.").format(
                most=number(MOST_TEXTS)
            ),
        )


class NoTextsCheckedError(UserError):
    """There is no evaluation that thresholds could be found on."""

    def __init__(self, model: str) -> None:
        super().__init__(
            _("“{model}” was not checked on texts that it had not seen.").format(model=model),
            next_step=_("Evaluate it on other texts, or by cross-validation, first."),
        )


class ThresholdsError(UserError):
    """Thresholds that the model cannot use."""

    def __init__(self, concept: str, model: str) -> None:
        super().__init__(
            _("“{model}” cannot use this threshold for “{concept}”.").format(
                model=model, concept=concept
            ),
            next_step=_("Choose 0 to 1 for concepts that the model has learned."),
        )


@dataclass(frozen=True)
class BudgetRequest:
    """Which model version, and what is tolerated.

    Attributes:
        model: the model's name. number: its version; 0 means the newest.
        tolerated_share: of wrong answers among those given automatically.
        evaluation_id: that it is found on; 0 means the one with the most texts that the model
            had not seen, of those that keep their texts: a promise takes many.
        n_texts: to say it for; 0 means a thousand.
        seconds_per_text: that a person takes.
    """

    model: str
    number: int = 0
    tolerated_share: float = 0.02
    evaluation_id: int = 0
    n_texts: int = 0
    seconds_per_text: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what cannot be tolerated, before anything starts."""
        if not LEAST <= self.tolerated_share <= MOST:
            raise ToleranceError
        if not 0 <= self.n_texts <= MOST_TEXTS or not 0 < self.seconds_per_text <= HOUR_S:
            raise WorkloadError


@dataclass(frozen=True)
class BudgetResult:
    """What may be decided automatically; nothing is kept.

    Attributes:
        budget: thresholds, shares, curve, and the numbers of each concept.
        evaluation_id: that it was found on.
        n_texts: that it is said for. hours: that people take for those left to them.
        words: all that in sentences.
    """

    budget: Budget
    evaluation_id: int
    n_texts: int
    hours: float
    words: str
    changes: Changes = Changes.NOTHING

    @property
    def thresholds(self) -> Thresholds:
        """Return what to keep."""
        budget = self.budget
        return Thresholds(budget.thresholds, budget.tolerated_share, self.evaluation_id)


def find_thresholds(app: AppFolder, request: BudgetRequest, job: Job) -> BudgetResult:
    """Find the laxest thresholds that keep to a tolerated share of wrong answers.

    Raises:
        ModelMissingError, EvaluationMissingError, TextsNotKeptError: there is no such thing.
        NoTextsCheckedError: the model was not checked on texts that it had not seen.
    """
    from core.learning.error_budget import find_budget  # scipy

    job.report(_("Counting"))
    with app.database() as db:
        version = find_classifier_version(db, request.model, request.number)
        evaluation = _evaluation(db, version, request.evaluation_id)
    scored = scored_of(app, evaluation)
    if not (scored.seen == NOT_SEEN).any():
        raise NoTextsCheckedError(version.model)
    job.report(_("Finding thresholds"))
    budget = find_budget(scored, request.tolerated_share)
    n_texts = request.n_texts or USUAL_TEXTS
    return BudgetResult(
        budget=budget,
        evaluation_id=evaluation.id,
        n_texts=n_texts,
        hours=budget.person_share * n_texts * request.seconds_per_text / HOUR_S,
        words=budget_words(budget, n_texts, request.seconds_per_text),
    )


def _evaluation(db: Database, version: ModelVersion, evaluation_id: int) -> Evaluation:
    own = list_evaluations(db, version.id)
    if evaluation_id:
        named = next((e for e in own if e.id == evaluation_id), None)
        if named is None:
            raise EvaluationMissingError
        return named
    kept = [e for e in own if e.folder and not e.other_app]
    if not kept:
        raise NoTextsCheckedError(version.model)
    return max(kept, key=lambda e: (_n_unseen(e.report), e.id))


def _n_unseen(report: Mapping[str, Any]) -> int:
    n_seen = report["n_seen"] + report.get("n_nearly_seen", 0)
    return int(report["n_texts"]) - int(n_seen)


@dataclass(frozen=True)
class KeepThresholdsRequest:
    """What a model version is to go by.

    Attributes:
        model: the model's name. number: its version; 0 means the newest.
        thresholds: without concepts for the usual ones.
    """

    model: str
    number: int = 0
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True)
class KeepThresholdsResult:
    """The version as it is now."""

    model_version: ModelVersion
    changes: Changes = Changes.MODELS


def keep_thresholds(
    app: AppFolder, request: KeepThresholdsRequest, job: Job
) -> KeepThresholdsResult:
    """Let every prediction of a model version go by thresholds from now on.

    It is no step that can be undone; keeping none brings the usual ones back.

    Raises:
        ModelMissingError: there is no such model.
        ThresholdsError: one is out of [0, 1], or for a concept that the model does not know.
    """
    job.report(_("Saving the thresholds"))
    with app.database() as db, transaction(db):
        version = find_classifier_version(db, request.model, request.number)
        _check(version, request.thresholds.concepts)
        update_thresholds(db, version.id, request.thresholds)
        return KeepThresholdsResult(find_classifier_version(db, version.model, version.number))


def _check(version: ModelVersion, chosen: Mapping[str, float]) -> None:
    for name, threshold in chosen.items():
        if name not in version.concepts or not 0 <= threshold <= 1:
            raise ThresholdsError(name, version.model)
