"""Train a model on a frozen dataset version."""

import shutil
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.app_folder import MAIN_DATASET, AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job, JobCancelled
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.fitting import fit_model, probabilities_of
from core.operations.freeze_dataset import chosen_version
from core.operations.scoring import Found, found_of, kept_scored
from core.operations.training_data import (
    LabelledTexts,
    NoLabelsError,
    broadest,
    concepts_of,
    labelled_texts,
    load_inputs,
    scorable_texts,
    to_check,
    to_learn,
)
from core.records import (
    EMBEDDING_CLASSIFIER,
    DatasetVersion,
    Evaluation,
    FrozenInput,
    JobStatus,
    Method,
    ModelStatus,
    ModelVersion,
)
from core.storage.artifacts import written_aside
from core.storage.concepts import ConceptMissingError, get_concept
from core.storage.database import Database, transaction
from core.storage.evaluations import add_evaluation
from core.storage.jobs import add_job, update_job
from core.storage.models import add_model_version, checked_model_name
from core.storage.versions import delete_version, load_broader

if TYPE_CHECKING:
    from core.learning.embedding_classifier import EmbeddingClassifier

MODEL_TYPES = (EMBEDDING_CLASSIFIER,)


class ModelTypeError(UserError):
    """There is no such model type here."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("A model of the type “{name}” cannot be trained yet.").format(name=name),
            next_step=_("Choose one of: {names}.").format(names=", ".join(MODEL_TYPES)),
        )


@dataclass(frozen=True)
class TrainRequest:
    """What to train: a value that exists is one that can be started.

    Attributes:
        model: the model's name; a name that is known gets a new version.
        version: of the dataset; 0 freezes it as it is now.
        concepts: what to predict; empty means every concept of the version.
    """

    model: str
    type: str = EMBEDDING_CLASSIFIER
    dataset: str = MAIN_DATASET
    version: int = 0
    concepts: tuple[str, ...] = ()
    settings: EmbeddingClassifierSettings = field(default_factory=EmbeddingClassifierSettings)

    def __post_init__(self) -> None:
        """Refuse what cannot be trained, before anything starts."""
        if self.type not in MODEL_TYPES:
            raise ModelTypeError(self.type)
        checked_model_name(self.model)


@dataclass(frozen=True)
class TrainResult:
    """The new version and the scores found while it was trained."""

    model_version: ModelVersion
    evaluation: Evaluation
    changes: Changes = Changes.MODELS | Changes.DATASETS | Changes.JOBS


def train(app: AppFolder, request: TrainRequest, job: Job) -> TrainResult:
    """Train a model version; a stopped or failed training leaves the app as it was.

    Texts kept for "test" (or else "validation") are not learned from; the scores are those of
    the stored model on them. Without such texts the scores come from cross-validation.

    Raises:
        UserError: a concept, dataset or version is missing, or there is too little to learn from.
    """
    with app.database() as db:
        title = _("Training “{model}”").format(model=request.model)
        with transaction(db):
            job_id = add_job(db, kind="train", title=title, code=ModelStatus.MODEL_TRAINING)
        end = _recorder(db, job_id, job)
        try:
            result = _train(app, db, request, job)
        except (JobCancelled, KeyboardInterrupt):
            end(JobStatus.STOPPED, ModelStatus.MODEL_UNTRAINED, _("Stopped. Nothing was changed."))
            raise
        except UserError as error:
            end(JobStatus.FAILED, getattr(error, "status", FAILED), f"{error} {error.next_step}")
            raise
        except Exception as error:
            end(JobStatus.FAILED, FAILED, repr(error))
            raise
        end(JobStatus.DONE, ModelStatus.MODEL_TRAINED, _("Model is trained and ready"))
        return result


FAILED = ModelStatus.MODEL_TRAINING_FAILED


def _recorder(db: Database, job_id: int, job: Job) -> Callable[[JobStatus, int, str], None]:
    def end(status: JobStatus, code: int, message: str) -> None:
        with transaction(db):
            log = "\n".join(job.log)
            update_job(db, job_id, status=status, code=code, message=message, log=log)

    return end


def _train(app: AppFolder, db: Database, request: TrainRequest, job: Job) -> TrainResult:
    job.report(_("Freezing the dataset"))
    frozen = chosen_version(db, request.dataset, request.version)
    try:
        return _train_on(app, db, frozen.version, request, job)
    except BaseException:
        if frozen.is_new:
            with suppress(UserError), transaction(db):
                delete_version(db, frozen.version.id)
        raise


def _train_on(
    app: AppFolder, db: Database, version: DatasetVersion, request: TrainRequest, job: Job
) -> TrainResult:
    began = time.monotonic()
    merges = request.settings.count_narrower
    inputs = load_inputs(db, version.id, count_narrower=merges)
    concepts = _concepts(db, request, inputs, load_broader(db, version.id) if merges else {})
    labelled = labelled_texts(to_learn(inputs), concepts)
    if not labelled.targets.any():
        raise NoLabelsError(version.dataset)
    words = _("“{dataset}”, version {number}: {n_texts} labelled texts, {n_concepts} concepts")
    job.note(
        words.format(
            dataset=version.dataset,
            number=version.number,
            n_texts=len(labelled.texts),
            n_concepts=len(concepts),
        )
    )
    model = fit_model(db, labelled, concepts, request.settings, job)
    checked = _check(db, model, labelled, inputs, job)
    job.report(_("Saving the model"))
    summary = {
        "n_texts": len(labelled.texts),
        "seconds": round(time.monotonic() - began, 2),
        "is_exclusive": model.is_exclusive,
        "head": model.recipe.title,
    }
    trained = ModelVersion(
        id=0,
        model=request.model,
        type=request.type,
        number=0,
        created=datetime.now(UTC),
        dataset_version_id=version.id,
        settings=asdict(request.settings),
        concepts=tuple(concepts),
        summary=summary,
        folder=uuid.uuid4().hex,
        log="\n".join(job.log),
    )
    return _keep(app, db, trained, model, checked)


def _keep(
    app: AppFolder,
    db: Database,
    trained: ModelVersion,
    model: "EmbeddingClassifier",
    checked: "_Checked",
) -> TrainResult:
    """Keep the model's folder, what it said of each text, and their rows, or nothing."""
    from core.learning import embedding_classifier  # torch

    folder = app.models / trained.folder
    with written_aside(folder) as aside:
        embedding_classifier.save(model, aside)
    try:
        with kept_scored(app, checked.found.scored) as said, transaction(db):
            kept = add_model_version(db, trained)
            evaluation = Evaluation(
                id=0,
                model_version_id=kept.id,
                dataset_version_id=kept.dataset_version_id,
                method=checked.method,
                n_folds=checked.n_folds,
                created=kept.created,
                report=checked.found.report,
                folder=said,
            )
            return TrainResult(kept, add_evaluation(db, evaluation))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _concepts(
    db: Database, request: TrainRequest, inputs: list[FrozenInput], broader: dict[str, str]
) -> list[str]:
    """Return the concepts to predict, or all that a text to learn from carries."""
    chosen = dict.fromkeys(broadest(name, broader) for name in request.concepts)
    known = {concept for i in inputs for concept in (*i.positive, *i.negative)}
    for name in chosen:
        if name not in known:
            get_concept(db, name)  # refuses a name that the app does not know
    concepts = list(chosen) or concepts_of(to_learn(inputs))
    for name in request.settings.select_concepts:
        if name not in concepts:
            raise ConceptMissingError(name, concepts)  # or the model would never answer
    return concepts


@dataclass(frozen=True)
class _Checked:
    """The scores found while training, by which method, and in how many rounds."""

    found: Found
    method: Method
    n_folds: int


def _check(
    db: Database,
    model: "EmbeddingClassifier",
    labelled: LabelledTexts,
    inputs: list[FrozenInput],
    job: Job,
) -> _Checked:
    """Score the model on the texts kept apart, or else by what cross-validation predicted."""
    from core.learning.leakage import seen_across, seen_among

    apart = to_check(inputs)
    checked = scorable_texts(apart, model.concepts)
    if checked.texts:
        probabilities = probabilities_of(db, model, checked.texts, job)
        seen = seen_among(checked.texts, labelled.texts, job)
        n_left_out = len(apart) - len(checked.texts)
        found = found_of(checked, probabilities, seen, model, chosen={}, n_left_out=n_left_out)
        return _Checked(found, Method.STORED_MODEL, 0)
    refitted = model.cross_validated
    assert refitted is not None  # of a model that was just fitted
    seen = seen_across(labelled.texts, refitted.folds, job)
    found = found_of(labelled, refitted.probabilities, seen, model, chosen={})
    return _Checked(found, Method.CROSS_VALIDATION, refitted.n_folds)
