"""Score a model version on texts whose concepts a person said."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.operations.fitting import load_model, probabilities_of, refit_model, scores_of
from core.operations.freeze_dataset import chosen_version
from core.operations.training_data import labelled_texts, load_inputs, scorable_texts, to_learn
from core.records import Evaluation, FrozenInput, Method, ModelStatus, ModelVersion
from core.storage.database import Database, transaction
from core.storage.models import add_evaluation, find_model_version, find_own_evaluation

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


@dataclass(frozen=True)
class EvaluateRequest:
    """What to score, on what, and how.

    Attributes:
        model: the model's name. number: its version; 0 means the newest.
        dataset: scored as it is now; "" means the texts of the training.
        n_folds: from 2, models of the same recipe are fitted anew, each checked on texts that
            it has not seen; 0 asks the stored model, or repeats the scores of the training.
    """

    model: str
    number: int = 0
    dataset: str = ""
    n_folds: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be evaluated, before anything starts."""
        if self.n_folds and not MIN_FOLDS <= self.n_folds <= MAX_FOLDS:
            raise FoldsError(self.n_folds)


@dataclass(frozen=True)
class EvaluateResult:
    """The scores, kept with the model version."""

    evaluation: Evaluation
    changes: Changes = Changes.MODELS | Changes.DATASETS


def evaluate(app: AppFolder, request: EvaluateRequest, job: Job) -> EvaluateResult:
    """Score a model version; the evaluation says by which method.

    Raises:
        ModelMissingError, DatasetMissingError: there is no such thing.
        NothingToScoreError: no text of the dataset carries a concept that the model knows.
    """
    with app.database() as db:
        version = find_model_version(db, request.model, request.number)
        if not request.dataset and not request.n_folds:
            return EvaluateResult(_own(db, version))
        job.report(_("Freezing the dataset"))
        frozen_id = version.dataset_version_id
        if request.dataset:
            frozen_id = chosen_version(db, request.dataset, 0).version.id
        inputs = _load(db, frozen_id, version)
        if request.n_folds:
            found = _refitted(app, db, version, inputs, request.n_folds, job)
        else:
            found = _stored(app, db, version, inputs, job)
        job.report(_("Saving the scores"))
        with transaction(db):
            kept = replace(found, model_version_id=version.id, dataset_version_id=frozen_id)
            return EvaluateResult(add_evaluation(db, kept))


def _load(db: Database, version_id: int, model: ModelVersion) -> list[FrozenInput]:
    """Return inputs with their concepts as the model counts them."""
    return load_inputs(db, version_id, count_narrower=bool(model.settings.get("count_narrower")))


def _own(db: Database, version: ModelVersion) -> Evaluation:
    evaluation = find_own_evaluation(db, version.id)
    assert evaluation is not None  # kept in the same transaction as the version
    return evaluation


def _stored(
    app: AppFolder, db: Database, version: ModelVersion, inputs: list[FrozenInput], job: Job
) -> Evaluation:
    """Score the stored model; texts that it learned from are counted."""
    checked = scorable_texts(inputs, version.concepts)
    if not checked.targets.any():
        raise NothingToScoreError(version.model)
    model = load_model(app, version.folder)
    probabilities = probabilities_of(db, model, checked.texts, job)
    learned = labelled_texts(
        to_learn(_load(db, version.dataset_version_id, version)), version.concepts
    )
    n_left_out = sum(bool(i.positive or i.negative) for i in inputs) - len(checked.texts)
    report = scores_of(checked, probabilities, model, learned.texts, n_left_out)
    return Evaluation(0, 0, 0, Method.STORED_MODEL, 0, datetime.now(UTC), report)


def _refitted(
    app: AppFolder,
    db: Database,
    version: ModelVersion,
    inputs: list[FrozenInput],
    n_folds: int,
    job: Job,
) -> Evaluation:
    """Score models of the same recipe, each fitted to all texts but those it is checked on."""
    labelled = scorable_texts(inputs, version.concepts)
    if not labelled.targets.any():
        raise NothingToScoreError(version.model)
    model = load_model(app, version.folder)
    found = refit_model(db, labelled, model, n_folds, job)
    report = scores_of(labelled, found.probabilities, model, ())
    return Evaluation(0, 0, 0, Method.CROSS_VALIDATION, found.n_folds, datetime.now(UTC), report)
