"""Score a model version on texts whose concepts a person said."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from core.app_folder import AppFolder, app_at
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.operations.fitting import (
    NotRefittedError,
    load_model,
    load_writer,
    probabilities_of,
    refit_model,
    untrained_of,
)
from core.operations.freeze_dataset import chosen_version
from core.operations.held_out import hold_out
from core.operations.kept_said import kept_said
from core.operations.scoring import Found, found_of
from core.operations.training_data import labelled_texts, load_inputs, scorable_texts, to_learn
from core.operations.writing import answered, score_written
from core.operations.written import Written
from core.records import (
    SPLITS,
    DatasetVersion,
    Evaluation,
    FrozenInput,
    Method,
    ModelStatus,
    ModelVersion,
)
from core.storage.database import Database, transaction
from core.storage.evaluations import add_evaluation, find_own_evaluation
from core.storage.models import find_model_version
from core.storage.versions import delete_version, get_version

MIN_FOLDS, MAX_FOLDS = 2, 20


class NothingToScoreError(UserError):
    """No text of the dataset carries a concept that the model knows."""

    status = ModelStatus.MODEL_EVALUATION_FAILED

    def __init__(self, model: str) -> None:
        super().__init__(
            _("No text there has a concept that “{model}” knows.").format(model=model),
            next_step=_("Choose a dataset with labelled texts, or label some first."),
        )


class FoldsError(UserError):
    """Cross-validation needs a sensible number of rounds."""

    def __init__(self, n_folds: int) -> None:
        super().__init__(
            _("Cross-validation cannot have {n} rounds.").format(n=n_folds),
            next_step=_("Choose {low} to {high} rounds.").format(low=MIN_FOLDS, high=MAX_FOLDS),
        )


class SplitError(UserError):
    """There is no such split."""

    def __init__(self, split: str) -> None:
        super().__init__(
            _("There is no split “{split}”.").format(split=split),
            next_step=_("Choose one of these: {names}.").format(names=", ".join(SPLITS)),
        )


class DatasetNotNamedError(UserError):
    """A version, or another app, is named without a dataset."""

    def __init__(self) -> None:
        super().__init__(
            _("It is not said which dataset is meant."),
            next_step=_("Name a dataset, too, or leave out its version and its app."),
        )


@dataclass(frozen=True)
class EvaluateRequest:
    """What to score, on what, and how.

    Attributes:
        model: the model's name. number: its version; 0 means the newest.
        dataset: "" means the texts of the training.
        dataset_number: the version of the dataset; 0 freezes it as it is now.
        split: only the texts kept for this; "" means all of them.
        other_app: the folder of another app whose dataset it is; None means this app.
        n_folds: from 2, models of the same recipe are fitted anew, each checked on texts that
            it has not seen; 0 asks the stored model, or repeats the scores of the training.
    """

    model: str
    number: int = 0
    dataset: str = ""
    dataset_number: int = 0
    split: str = ""
    other_app: Path | None = None
    n_folds: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be evaluated, before anything starts."""
        if self.n_folds and not MIN_FOLDS <= self.n_folds <= MAX_FOLDS:
            raise FoldsError(self.n_folds)
        if self.split and self.split not in SPLITS:
            raise SplitError(self.split)
        if not self.dataset and (self.dataset_number or self.other_app):
            raise DatasetNotNamedError


@dataclass(frozen=True)
class EvaluateResult:
    """The scores, kept with the model version."""

    evaluation: Evaluation
    changes: Changes = Changes.MODELS | Changes.DATASETS


def evaluate(app: AppFolder, request: EvaluateRequest, job: Job) -> EvaluateResult:
    """Score a model version; the evaluation says by which method.

    Raises:
        ModelMissingError, DatasetMissingError, VersionMissingError: there is no such thing.
        AppMissingError, AppInUseError: the other app is not there, or is being worked on.
        NothingToScoreError: no text of the dataset carries a concept that the model knows.
    """
    if request.other_app and request.other_app.resolve() == app.path.resolve():
        request = replace(request, other_app=None)
    with app.database() as db:
        version = find_model_version(db, request.model, request.number)
        if not (request.dataset or request.n_folds or request.split):
            return EvaluateResult(_own(db, version))
        job.report(_("Freezing the dataset"))
        with (
            _source(db, request) as source,
            _frozen(source, version, request) as frozen,
        ):
            inputs = _load(source, frozen.id, version)
            if request.split:
                inputs = [i for i in inputs if i.split == request.split]
            check = _refitted if request.n_folds else _stored
            if version.is_writer:
                check = _written
            found = check(_Checking(app, db, source, version, inputs, request.n_folds), job)
            job.report(_("Saving the scores"))
            kept = Evaluation(
                id=0,
                model_version_id=version.id,
                dataset_version_id=frozen.id,
                method=Method.CROSS_VALIDATION if request.n_folds else Method.STORED_MODEL,
                n_folds=found.n_folds,
                created=datetime.now(UTC),
                report=found.found.report,
                dataset=frozen.dataset,
                dataset_number=frozen.number,
                split=request.split,
                other_app=str(request.other_app.absolute()) if request.other_app else "",
            )
            return EvaluateResult(keep_evaluation(app, db, kept, found.found))


def keep_evaluation(
    app: AppFolder, db: Database, evaluation: Evaluation, found: Found | Written
) -> Evaluation:
    """Keep an evaluation and what was said of each text, or neither."""
    with kept_said(app, found.said) as folder, transaction(db):
        return add_evaluation(db, replace(evaluation, folder=folder))


@contextmanager
def _source(db: Database, request: EvaluateRequest) -> Iterator[Database]:
    """Give the database that the dataset is in."""
    if request.other_app is None:
        yield db
        return
    other = app_at(request.other_app)
    with other.locked(), other.database() as opened:
        yield opened


@contextmanager
def _frozen(
    source: Database, version: ModelVersion, request: EvaluateRequest
) -> Iterator[DatasetVersion]:
    """Give the dataset version to score on; one that was frozen for it goes if the block fails."""
    if not request.dataset:
        yield get_version(source, version.dataset_version_id)
        return
    frozen = chosen_version(source, request.dataset, request.dataset_number)
    try:
        yield frozen.version
    except BaseException:
        if frozen.is_new:
            with suppress(UserError), transaction(source):
                delete_version(source, frozen.version.id)
        raise


def _load(db: Database, version_id: int, model: ModelVersion) -> list[FrozenInput]:
    """Return inputs with their concepts as the model counts them."""
    return load_inputs(db, version_id, count_narrower=bool(model.settings.get("count_narrower")))


def own_method(db: Database, version: ModelVersion) -> Method:
    """Return how the scores of a training were found."""
    return _own(db, version).method


def _own(db: Database, version: ModelVersion) -> Evaluation:
    evaluation = find_own_evaluation(db, version.id)
    assert evaluation is not None  # kept in the same transaction as the version
    return evaluation


@dataclass(frozen=True)
class _Checking:
    """What is checked: the model of `db` on inputs of `source`."""

    app: AppFolder
    db: Database
    source: Database
    version: ModelVersion
    inputs: list[FrozenInput]
    n_folds: int


@dataclass(frozen=True)
class _Outcome:
    found: Found | Written
    n_folds: int = 0


def _stored(checking: _Checking, job: Job) -> _Outcome:
    """Score the stored model; texts that it learned from are found and counted."""
    from core.learning.leakage import seen_among

    version, inputs = checking.version, checking.inputs
    checked = scorable_texts(inputs, version.concepts)
    if not checked.targets.any():
        raise NothingToScoreError(version.model)
    model = load_model(checking.app, version)
    probabilities = probabilities_of(checking.source, model, checked.texts, job)
    training = _load(checking.db, version.dataset_version_id, version)
    learned = labelled_texts(to_learn(training), version.concepts)
    if own_method(checking.db, version) == Method.HELD_OUT:
        learned, _checked = hold_out(learned, model.settings.seed)
    n_left_out = sum(bool(i.positive or i.negative) for i in inputs) - len(checked.texts)
    seen = seen_among(checked.texts, learned.texts, job)
    chosen = version.thresholds.concepts
    return _Outcome(
        found_of(checked, probabilities, seen, model, chosen=chosen, n_left_out=n_left_out)
    )


def _written(checking: _Checking, job: Job) -> _Outcome:
    """Score what a text-to-text model writes, beside what its base model wrote."""
    version = checking.version
    if checking.n_folds:
        raise NotRefittedError
    checked = answered(checking.inputs)
    if not checked.pairs:
        raise NothingToScoreError(version.model)
    model = load_writer(checking.app, version)
    untrained = untrained_of(model.settings)
    training = _load(checking.db, version.dataset_version_id, version)
    learned = [pair.target for pair in answered(to_learn(training)).pairs]
    return _Outcome(score_written(model, untrained, checked, learned, job))


def _refitted(checking: _Checking, job: Job) -> _Outcome:
    """Score models of the same recipe, each fitted to all texts but those it is checked on."""
    from core.learning.leakage import seen_across

    version = checking.version
    labelled = scorable_texts(checking.inputs, version.concepts)
    if not labelled.targets.any():
        raise NothingToScoreError(version.model)
    model = load_model(checking.app, version)
    refitted = refit_model(checking.source, labelled, model, checking.n_folds, job)
    seen = seen_across(labelled.texts, refitted.folds, job)
    chosen = version.thresholds.concepts
    found = found_of(labelled, refitted.probabilities, seen, model, chosen=chosen)
    return _Outcome(found, refitted.n_folds)
