"""Train a model on a frozen dataset version, and go on with a training that was interrupted."""

import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.app_folder import MAIN_DATASET, AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job, JobCancelled
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.hugging_face_settings import check_dictionaries, doubts_of
from core.learning.settings import Settings, settings_from_values
from core.operations.base_of import base_of, keep_base
from core.operations.freeze_dataset import chosen_version
from core.operations.kept_said import kept_said
from core.operations.training import Elsewhere, Fitted, Lesson
from core.operations.training_data import load_inputs
from core.records import (
    EMBEDDING_CLASSIFIER,
    TEXT_CLASSIFIER,
    TEXT_TO_TEXT,
    DatasetVersion,
    Evaluation,
    JobRecord,
    JobStatus,
    ModelStatus,
    ModelVersion,
)
from core.seals import seal
from core.storage.artifacts import written_aside
from core.storage.courses import Course, add_course
from core.storage.database import Database, transaction
from core.storage.evaluations import add_evaluation
from core.storage.jobs import (
    add_job,
    begin_again,
    forget_folder,
    get_job,
    update_job,
    update_request,
)
from core.storage.models import add_model_version, checked_model_name
from core.storage.versions import delete_version, get_version
from core.templates import find_template, shipped_template

MODEL_TYPES = (EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT)


class ModelTypeError(UserError):
    """There is no such model type here."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is no model type “{name}”.").format(name=name),
            next_step=_("Choose one of: {names}.").format(names=", ".join(MODEL_TYPES)),
        )


class SettingsTypeError(UserError):
    """The settings are those of another template."""

    def __init__(self, template: str) -> None:
        super().__init__(
            _("These settings are not those of the template “{name}”.").format(name=template),
            next_step=_("Take the settings of the template, and change what shall differ."),
        )


class NotResumableError(UserError):
    """A job is done, or nothing of it was kept."""

    def __init__(self, job_id: int) -> None:
        super().__init__(
            _("Job {number} cannot go on: nothing of it is kept.").format(number=job_id),
            next_step=_("Train again; the texts and labels are all there."),
        )


@dataclass(frozen=True)
class TrainRequest:
    """What to train: a value that exists is one that can be started.

    Attributes:
        model: the model's name; a name that is known gets a new version.
        version: of the dataset; 0 freezes it as it is now.
        concepts: what to predict; empty means every concept of the version.
        template: whose settings these are; "" is the one that suits most of the type.
    """

    model: str
    type: str = EMBEDDING_CLASSIFIER
    dataset: str = MAIN_DATASET
    version: int = 0
    concepts: tuple[str, ...] = ()
    settings: Settings = field(default_factory=EmbeddingClassifierSettings)
    template: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be trained, before anything starts."""
        if self.type not in MODEL_TYPES:
            raise ModelTypeError(self.type)
        template = find_template(self.type, self.template)
        if type(self.settings) is not template.settings:
            raise SettingsTypeError(template.name)
        check_dictionaries(self.settings)
        checked_model_name(self.model)


@dataclass(frozen=True)
class ResumeRequest:
    """Which job is to go on."""

    job_id: int


@dataclass(frozen=True)
class TrainResult:
    """The new version and the scores found while it was trained."""

    model_version: ModelVersion
    evaluation: Evaluation
    changes: Changes = Changes.MODELS | Changes.DATASETS | Changes.JOBS


def train(app: AppFolder, request: TrainRequest, job: Job) -> TrainResult:
    """Train a model version; a stopped or failed training leaves the app as it was.

    What is marked for "test" (or else "validation") is not learned from; the scores are those of
    the stored model on it. Without such texts a quick classifier is cross-validated, and a deep
    training keeps a fifth apart. A deep training that was interrupted can go on: see `resume`.

    Raises:
        UserError: a concept, dataset or version is missing, or there is too little to learn from.
    """
    with app.database() as db:
        title = _("Training “{model}”").format(model=request.model)
        code = ModelStatus.MODEL_TRAINING
        with transaction(db):
            job_id = add_job(db, kind="train", title=title, code=code, folder=uuid.uuid4().hex)
        training = Training(app, db, job_id, job)
        with training.recorded(), training.frozen(request) as version:
            return training.run(request, version)


def resume(app: AppFolder, request: ResumeRequest, job: Job) -> TrainResult:
    """Go on with a training that was interrupted, from its last checkpoint.

    The model is the one that it would have been, but for the rounding of sums.

    Raises:
        JobMissingError, NotResumableError: there is nothing to go on with.
    """
    with app.database() as db:
        record = get_job(db, request.job_id)
        if not is_resumable(app, record):
            raise NotResumableError(record.id)
        version = get_version(db, record.request["dataset_version_id"])
        with transaction(db):
            begin_again(db, record.id)
        training = Training(app, db, record.id, job)
        with training.recorded():
            return training.run(request_of(record.request, version), version)


def is_resumable(app: AppFolder, record: JobRecord) -> bool:
    """Tell whether a training left a checkpoint that it can go on from."""
    has_ended = record.status in (JobStatus.STOPPED, JobStatus.FAILED)
    return has_ended and bool(record.request) and _has_checkpoints(app, record)


def request_of(told: Mapping[str, Any], version: DatasetVersion) -> TrainRequest:
    """Return what a training was asked for, on the version that it froze.

    Raises:
        UserError: it was asked for by another Textwright, which knew other settings.
    """
    template = shipped_template(told["type"], told["template"])
    return TrainRequest(
        model=told["model"],
        type=told["type"],
        dataset=version.dataset,
        version=version.number,
        concepts=tuple(map(str, told["concepts"])),
        settings=settings_from_values(template.settings, told["settings"]),
        template=template.name,
    )


def lesson_of(
    app: AppFolder, db: Database, request: TrainRequest, version: DatasetVersion, folder: Path
) -> Lesson:
    """Return what a training of a request on a version is given; checkpoints go to `folder`."""
    merges = bool(getattr(request.settings, "count_narrower", False))
    return Lesson(
        app=app,
        db=db,
        version=version,
        inputs=load_inputs(db, version.id, count_narrower=merges),
        concepts=request.concepts,
        settings=request.settings,
        checkpoints=folder,
    )


def request_to_json(request: TrainRequest, version: DatasetVersion) -> dict[str, Any]:
    """Return a request on a version as JSON keeps it; `request_of` reads it."""
    return {
        "model": request.model,
        "type": request.type,
        "template": find_template(request.type, request.template).shipped_name,
        "concepts": list(request.concepts),
        "settings": asdict(request.settings),  # type: ignore[call-overload]  # all are dataclasses
        "dataset_version_id": version.id,
    }


def _has_checkpoints(app: AppFolder, record: JobRecord) -> bool:
    folder = app.jobs / record.folder
    return bool(record.folder) and folder.is_dir() and any(folder.iterdir())


FAILED = ModelStatus.MODEL_TRAINING_FAILED


@dataclass(frozen=True)
class Training:
    """A training on its way, and its record."""

    app: AppFolder
    db: Database
    job_id: int
    job: Job

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Keep how the block ends; `run` notes with the model that it went well."""
        folder = self._folder
        try:
            yield
        except (JobCancelled, KeyboardInterrupt):
            self._end(JobStatus.STOPPED, ModelStatus.MODEL_UNTRAINED, _("Stopped."))
            raise
        except UserError as error:
            status = getattr(error, "status", FAILED)
            self._end(JobStatus.FAILED, status, f"{error} {error.next_step}")
            raise
        except Exception as error:
            self._end(JobStatus.FAILED, FAILED, repr(error))
            raise
        if folder != self.app.jobs:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def frozen(self, request: TrainRequest) -> Iterator[DatasetVersion]:
        """Give the version to learn from; a new one goes if nothing comes of the training."""
        self.job.report(_("Freezing the dataset"))
        frozen = chosen_version(self.db, request.dataset, request.version)
        with transaction(self.db):
            update_request(self.db, self.job_id, request_to_json(request, frozen.version))
        try:
            yield frozen.version
        except BaseException:
            if frozen.is_new and not self._can_go_on:
                with suppress(UserError), transaction(self.db):
                    delete_version(self.db, frozen.version.id)
            raise

    def run(
        self, request: TrainRequest, version: DatasetVersion, elsewhere: Elsewhere | None = None
    ) -> TrainResult:
        """Train on a version, from the last checkpoint on if there is one."""
        began = time.monotonic()
        n_measures, n_trials = len(self.job.measures), len(self.job.trials)  # of runs before
        for doubt in doubts_of(request.settings).values():
            self.job.note(doubt)
        lesson = lesson_of(self.app, self.db, request, version, self._folder)
        fitted = fit(request.type)(replace(lesson, elsewhere=elsewhere), self.job)
        self.job.report(_("Saving the model"))
        seconds = round(time.monotonic() - began, 2)
        trained = ModelVersion(
            id=0,
            model=request.model,
            type=request.type,
            number=0,
            created=datetime.now(UTC),
            dataset_version_id=version.id,
            settings=asdict(request.settings),  # type: ignore[call-overload]  # as above
            concepts=fitted.concepts,
            summary={"n_texts": fitted.n_texts, "seconds": seconds, **fitted.about},
            folder=uuid.uuid4().hex,
            log="\n".join(self.job.log),
            template=find_template(request.type, request.template).shipped_name,
        )
        measures, trials = self.job.measures[n_measures:], self.job.trials[n_trials:]
        return self._keep(trained, fitted, Course(tuple(measures), tuple(trials)))

    def _keep(self, trained: ModelVersion, fitted: Fitted, course: Course) -> TrainResult:
        """Keep the model's folder, what it said of each text, and their rows, or nothing."""
        folder = self.app.models / trained.folder
        with written_aside(folder) as aside:
            fitted.model.save(aside)
            if fitted.stands_on_base:
                keep_base(aside, base_of(fitted.settings))
            seal(aside)
        try:
            with kept_said(self.app, fitted.found.said) as said, transaction(self.db):
                kept = add_model_version(self.db, trained)
                add_course(self.db, kept.id, course)
                evaluation = Evaluation(
                    id=0,
                    model_version_id=kept.id,
                    dataset_version_id=kept.dataset_version_id,
                    method=fitted.method,
                    n_folds=fitted.n_folds,
                    created=kept.created,
                    report=fitted.found.report,
                    folder=said,
                )
                words = _("Model is trained and ready")
                self._note(JobStatus.DONE, ModelStatus.MODEL_TRAINED, words)
                forget_folder(self.db, self.job_id)
                return TrainResult(kept, add_evaluation(self.db, evaluation))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    @property
    def _folder(self) -> Path:
        return self.app.jobs / get_job(self.db, self.job_id).folder

    @property
    def _can_go_on(self) -> bool:
        return _has_checkpoints(self.app, get_job(self.db, self.job_id))

    def _end(self, status: JobStatus, code: int, message: str) -> None:
        """Keep how it came to nothing, and the checkpoints of a training that can go on."""
        folder, can_go_on = self._folder, self._can_go_on
        if status == JobStatus.STOPPED:
            message = f"{message} {_('It can go on.') if can_go_on else _('Nothing was changed.')}"
        with transaction(self.db):
            self._note(status, code, message)
            if not can_go_on:
                forget_folder(self.db, self.job_id)
        if not can_go_on and folder != self.app.jobs:
            shutil.rmtree(folder, ignore_errors=True)

    def _note(self, status: JobStatus, code: int, message: str) -> None:
        log = "\n".join(self.job.log)
        update_job(self.db, self.job_id, status=status, code=code, message=message, log=log)


def fit(type: str) -> Callable[[Lesson, Job], Fitted]:  # noqa: A002  # the field's word
    """Return what trains models of a type."""
    match type:
        case "text-classifier":
            from core.operations.fit_text_classifier import fit_text_classifier

            return fit_text_classifier
        case "text-to-text":
            from core.operations.fit_text_to_text import fit_text_to_text

            return fit_text_to_text
    from core.operations.fit_embedding_classifier import fit_embedding_classifier

    return fit_embedding_classifier
