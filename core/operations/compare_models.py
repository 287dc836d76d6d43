"""Compare many models on one dataset, or one model on many datasets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.curves import Curve, both
from core.learning.macro_curves import macro_average
from core.learning.verdicts import Basis, Versus
from core.operations.common_texts import common_texts
from core.operations.differing_settings import DifferingSetting, differing_settings
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.scoring import report_of, scored_of
from core.records import Evaluation, Method, ModelVersion
from core.storage.database import Database
from core.storage.datasets import get_dataset
from core.storage.evaluations import find_own_evaluation, get_evaluation, list_evaluations
from core.storage.models import find_classifier_version, get_model_version
from core.storage.versions import find_current_version, find_version

FEWEST, MOST = 2, 20


class TooFewToCompareError(UserError):
    """One thing alone cannot be compared, and too many cannot be read."""

    def __init__(self, n: int) -> None:
        super().__init__(
            _("{n} cannot be compared.").format(n=n),
            next_step=_("Choose {low} to {high} different ones.").format(low=FEWEST, high=MOST),
        )


@dataclass(frozen=True)
class CompareModelsRequest:
    """Which models to compare on what; the first one is the reference.

    Attributes:
        models: names with version numbers; 0 means the newest.
        dataset: "" compares the scores that the trainings found.
        dataset_number: the version of the dataset; 0 means as it is now.
        split: only the texts kept for this; "" means all of them.
        n_folds: from 2, by cross-validation; 0 asks the stored models.
    """

    models: tuple[tuple[str, int], ...]
    dataset: str = ""
    dataset_number: int = 0
    split: str = ""
    n_folds: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be compared, before anything starts."""
        _check_number(self.models)


@dataclass(frozen=True)
class CompareDatasetsRequest:
    """Which model, and the datasets (name, version or 0, split or "") to check it on."""

    model: str
    datasets: tuple[tuple[str, int, str], ...]
    number: int = 0
    n_folds: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be compared, before anything starts."""
        _check_number(self.datasets)


def _check_number(things: Sequence[object]) -> None:
    if not FEWEST <= len(set(things)) <= MOST or len(set(things)) < len(things):
        raise TooFewToCompareError(len(set(things)))


@dataclass(frozen=True)
class Compared:
    """One column of a comparison.

    Attributes:
        evaluation: that the numbers are made of.
        report: the scores, with the keys of an evaluation's report.
        roc: the macro average over the concepts. precision_recall: likewise.
        is_new: the evaluation was made for this comparison.
    """

    version: ModelVersion
    evaluation: Evaluation
    report: dict[str, Any]
    roc: Curve | None
    precision_recall: Curve | None
    is_new: bool


@dataclass(frozen=True)
class ModelComparison:
    """Models on the same texts.

    Attributes:
        columns: the models; the first is the reference.
        against: what can be said of each of the others beside the reference.
        basis: which texts and concepts count. The numbers differ from those of the evaluations
            where not all of their texts or concepts do.
        settings: only those that differ.
    """

    columns: tuple[Compared, ...]
    against: tuple[Versus, ...]
    basis: Basis
    settings: tuple[DifferingSetting, ...]
    changes: Changes = Changes.MODELS | Changes.DATASETS


@dataclass(frozen=True)
class DatasetComparison:
    """One model on different texts: numbers side by side; a verdict would need the same texts.

    Attributes:
        columns: the datasets. n_shared: texts that are part of all of them.
    """

    columns: tuple[Compared, ...]
    n_shared: int
    changes: Changes = Changes.MODELS | Changes.DATASETS


def compare_models(app: AppFolder, request: CompareModelsRequest, job: Job) -> ModelComparison:
    """Compare models on the texts that all of them were checked on.

    Evaluations that are missing or out of date are made first, and stay, also if the comparison
    is stopped later. Where there are texts that none of the models had learned from, only those
    count.

    Raises:
        ModelMissingError, DatasetMissingError, VersionMissingError: there is no such thing.
        TooFewToCompareError: the newest version is named a second time, by its number.
        NothingToScoreError, NothingInCommonError: there is nothing to compare by.
    """
    from core.learning.metrics import score
    from core.learning.paired import compare

    with app.database() as db:
        _check_number([find_classifier_version(db, *named).id for named in request.models])
    made = [_evaluated(app, one, job) for one in requests_of(request)]
    evaluations, versions = [one.evaluation for one in made], [one.version for one in made]
    with app.database() as db:
        common = common_texts(app, db, evaluations, versions)
        settings = differing_settings(db, versions)
    basis, columns = common.basis, []
    for one, answers in zip(job.track(made, _("Comparing")), common.answers, strict=True):
        report = score(answers, basis.seed).to_json() | {
            "n_texts": basis.n_texts,
            "is_exclusive": answers.is_exclusive,
        }
        curves = macro_average(answers.actual, answers.probabilities)
        columns.append(Compared(one.version, one.evaluation, report, *curves, one.is_new))
    return ModelComparison(
        columns=tuple(columns),
        against=compare(common.answers[0], common.answers[1:], basis.seed),
        basis=basis,
        settings=settings,
    )


def compare_datasets(
    app: AppFolder, request: CompareDatasetsRequest, job: Job
) -> DatasetComparison:
    """Check one model on several datasets, versions or splits, and put the numbers side by side.

    Raises:
        ModelMissingError, DatasetMissingError, VersionMissingError: there is no such thing.
        NothingToScoreError: no text of one of the datasets carries a concept that it knows.
    """
    made = [_evaluated(app, one, job) for one in requests_of(request)]
    columns = []
    shared: set[int] | None = None
    for one in job.track(made, _("Comparing")):
        scored = scored_of(app, one.evaluation)
        report = report_of(scored, one.version.thresholds.concepts)
        report |= {"n_left_out": one.evaluation.report["n_left_out"]}
        curves = macro_average(scored.targets == 1, scored.probabilities)
        columns.append(Compared(one.version, one.evaluation, report, *curves, one.is_new))
        ids = set(scored.input_ids.tolist())
        shared = ids if shared is None else shared & ids
    return DatasetComparison(tuple(columns), len(shared or ()))


def requests_of(
    request: CompareModelsRequest | CompareDatasetsRequest,
) -> tuple[EvaluateRequest, ...]:
    """Return the evaluations that a comparison is made of, in its order."""
    if isinstance(request, CompareModelsRequest):
        place = (request.dataset, request.dataset_number, request.split)
        pairs = [(model, place) for model in request.models]
    else:
        pairs = [((request.model, request.number), place) for place in request.datasets]
    return tuple(
        EvaluateRequest(model, number, dataset, version, split, n_folds=request.n_folds)
        for (model, number), (dataset, version, split) in pairs
    )


def missing_evaluations(
    db: Database, request: CompareModelsRequest | CompareDatasetsRequest
) -> tuple[EvaluateRequest, ...]:
    """Return the evaluations that a comparison would have to make first.

    Raises:
        ModelMissingError, DatasetMissingError, VersionMissingError: there is no such thing.
    """
    return tuple(
        one
        for one in requests_of(request)
        if not _find(db, find_classifier_version(db, one.model, one.number), one)
    )


@dataclass(frozen=True)
class OverlayRequest:
    """The curves of one concept, of the evaluations of one comparison."""

    evaluation_ids: tuple[int, ...]
    concept: str


@dataclass(frozen=True)
class Overlay:
    """The curves of one concept, in the order of the evaluations; None where undefined."""

    roc: tuple[Curve | None, ...]
    precision_recall: tuple[Curve | None, ...]
    changes: Changes = Changes.NOTHING


def overlay_models(app: AppFolder, request: OverlayRequest, job: Job) -> Overlay:
    """Return the curves of a concept for every model of a comparison, on the same texts.

    Raises:
        EvaluationMissingError, TextsNotKeptError, NothingInCommonError: there is nothing to draw.
        ValueError: not all models know the concept.
    """
    job.report(_("Counting"))
    with app.database() as db:
        evaluations = [get_evaluation(db, key) for key in request.evaluation_ids]
        versions = [get_model_version(db, one.model_version_id) for one in evaluations]
        common = common_texts(app, db, evaluations, versions)
    i = common.basis.concepts.index(request.concept)
    return _overlay([both(a.actual[:, i], a.probabilities[:, i]) for a in common.answers])


def overlay_datasets(app: AppFolder, request: OverlayRequest, job: Job) -> Overlay:
    """Return the curves of a concept for every dataset of a comparison, each on its own texts.

    Raises:
        EvaluationMissingError, TextsNotKeptError: there is nothing to draw.
        ValueError: the model does not know the concept.
    """
    job.report(_("Counting"))
    with app.database() as db:
        every = [scored_of(app, get_evaluation(db, key)) for key in request.evaluation_ids]
    i = every[0].concepts.index(request.concept)
    return _overlay([both(one.targets[:, i] == 1, one.probabilities[:, i]) for one in every])


def _overlay(curves: Sequence[tuple[Curve | None, Curve | None]]) -> Overlay:
    return Overlay(tuple(roc for roc, _found in curves), tuple(found for _roc, found in curves))


@dataclass(frozen=True)
class _Made:
    version: ModelVersion
    evaluation: Evaluation
    is_new: bool


def _evaluated(app: AppFolder, request: EvaluateRequest, job: Job) -> _Made:
    """Return an evaluation that is up to date, made now if there is none."""
    with app.database() as db:
        version = find_classifier_version(db, request.model, request.number)
        found = _find(db, version, request)
    if found:
        return _Made(version, found, is_new=False)
    made = evaluate(app, request, job).evaluation
    return _Made(version, made, is_new=True)


def _find(db: Database, version: ModelVersion, request: EvaluateRequest) -> Evaluation | None:
    """Return the newest evaluation that answers a request; one that keeps its texts."""
    if not (request.dataset or request.split or request.n_folds):
        own = find_own_evaluation(db, version.id)
        return own if own and own.folder else None
    frozen_id = version.dataset_version_id
    if request.dataset:
        dataset = get_dataset(db, request.dataset)
        number = request.dataset_number
        frozen = find_version(db, dataset, number) if number else find_current_version(db, dataset)
        frozen_id = frozen.id if frozen else 0
    method = Method.CROSS_VALIDATION if request.n_folds else Method.STORED_MODEL
    own = find_own_evaluation(db, version.id)
    for one in list_evaluations(db, version.id):
        is_same = (one.dataset_version_id, one.split, one.method) == (
            frozen_id,
            request.split,
            method,
        )
        is_whole = one.folder and not one.other_app and one != own
        if is_same and is_whole and one.n_folds == request.n_folds:
            return one
    return None
