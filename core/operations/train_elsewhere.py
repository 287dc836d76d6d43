"""Take a training to other computers as a folder, and bring the trained model back."""

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError, writing_to
from core.i18n import _
from core.jobs import Job
from core.operations.base_of import base_of
from core.operations.freeze_dataset import chosen_version
from core.operations.train import (
    Training,
    TrainRequest,
    TrainResult,
    fit,
    lesson_of,
    request_of,
    request_to_json,
)
from core.operations.training import Example
from core.records import TEXT_TO_TEXT, DatasetVersion, ModelStatus
from core.storage.database import Database, transaction
from core.storage.jobs import add_job
from core.storage.versions import VersionGoneError, delete_version, get_version

REQUEST, MODEL = "training.json", "model"
MOST_PROCESSES = 1024


class NotTrainedThereError(UserError):
    """A folder holds no training of this app, or none that has ended."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("“{folder}” holds no trained model of this app.").format(folder=folder.name),
            next_step=_("Choose the folder of a training that was taken along, and has ended."),
        )


@dataclass(frozen=True)
class TakeAlongRequest:
    """What to train elsewhere, the new folder for it, and with how many processors."""

    training: TrainRequest
    out: Path
    n_processes: int = 1

    def __post_init__(self) -> None:
        """Refuse what could not run.

        Raises:
            ProcessesError: there are none, or too many to be meant.
        """
        if not 1 <= self.n_processes <= MOST_PROCESSES:
            raise ProcessesError(self.n_processes)


@dataclass(frozen=True)
class TakeAlongResult:
    """The folder, and the command that trains there."""

    out: Path
    command: tuple[str, ...]
    changes: Changes = Changes.DATASETS


@dataclass(frozen=True)
class BringBackRequest:
    """The folder of a training that has ended."""

    folder: Path


class FolderTakenError(UserError):
    """The folder for a training has something in it already."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("“{folder}” is there already.").format(folder=folder.name),
            next_step=_("Choose a folder that is not there yet."),
        )


class ProcessesError(UserError):
    """A training cannot run on so many processors."""

    def __init__(self, n: int) -> None:
        super().__init__(
            _("A training cannot run on {n} processors.").format(n=n),
            next_step=_("Give a number from 1 to {most}.").format(most=MOST_PROCESSES),
        )


class _TakenAlong(Exception):  # noqa: N818  # nothing is learned here: an outcome, no error
    def __init__(self, command: list[str], lesson: str) -> None:
        super().__init__()
        self.command, self.lesson = tuple(command), lesson


def take_training_along(app: AppFolder, request: TakeAlongRequest, job: Job) -> TakeAlongResult:
    """Write texts, settings and how to start into a folder, for accelerate on any computer.

    Raises:
        FolderTakenError: the folder is there.
        NotExportableError: the template is none of Hugging Face's.
        DiskFullError, NotWritableError: it could not be written; nothing is left behind.
        UserError: the training would not start here either.
    """
    from core.learning.fine_tuning.job_folder import Reference, Row, export_job_folder

    app.check_outside(request.out)
    with writing_to(request.out.parent):
        is_taken = request.out.exists()
    if is_taken:
        raise FolderTakenError(request.out)
    training, base = request.training, base_of(request.training.settings)

    def write(examples: list[Example], concepts: tuple[str, ...]) -> None:
        command = export_job_folder(
            request.out,
            [Row(**asdict(example)) for example in examples],
            settings=training.settings,
            concepts=concepts,
            base=Reference(name=base.name, identity=base.identity, folder=base.folder),
            n_processes=request.n_processes,
        )
        raise _TakenAlong(command, _digest(examples, concepts))

    with app.database() as db, _frozen(db, training) as version:
        lesson = lesson_of(app, db, training, version, app.jobs)
        try:
            fit(training.type)(replace(lesson, elsewhere=write), job)
        except _TakenAlong as taken:
            told = {**request_to_json(training, version), "lesson": taken.lesson}
            _remember(request.out, told)
            return TakeAlongResult(request.out, taken.command)
    raise AssertionError("a training that is taken along does not end here")


@contextmanager
def _frozen(db: Database, training: TrainRequest) -> Iterator[DatasetVersion]:
    """Give the version to learn from; a new one goes if nothing comes of it."""
    frozen = chosen_version(db, training.dataset, training.version)
    try:
        yield frozen.version
    except BaseException:
        if frozen.is_new:
            with suppress(UserError), transaction(db):
                delete_version(db, frozen.version.id)
        raise


def _remember(folder: Path, told: dict[str, Any]) -> None:
    """Write beside a training of which app and version it is; without that, it is worth nothing."""
    try:
        with writing_to(folder):
            (folder / REQUEST).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _digest(examples: Sequence[Example], concepts: Sequence[str]) -> str:
    """Return what tells the texts and concepts of a training from any others."""
    told = [[asdict(example) for example in examples], list(concepts)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def bring_training_back(app: AppFolder, request: BringBackRequest, job: Job) -> TrainResult:
    """Score a model that was trained elsewhere as if it had been trained here, and keep it.

    Raises:
        NotTrainedThereError: the folder holds no trained model of this app.
        ModelDamagedError: the model cannot be read.
    """
    folder = request.folder
    try:
        told: dict[str, Any] = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
        key, type_, lesson = int(told["dataset_version_id"]), str(told["type"]), told["lesson"]
        key.to_bytes(8, "big")  # as a database keeps it
    except (OSError, ValueError, OverflowError, KeyError, TypeError, RecursionError) as error:
        raise NotTrainedThereError(folder) from error
    if not (folder / MODEL).is_dir():
        raise NotTrainedThereError(folder)

    def load(examples: list[Example], concepts: tuple[str, ...]) -> Any:  # noqa: ANN401  # as below
        if _digest(examples, concepts) != lesson:  # of another app, whose numbers are the same
            raise NotTrainedThereError(folder)
        return _load(folder, type_, base)

    with app.database() as db:
        try:
            version = get_version(db, key)
            training = request_of(told, version)
        except (VersionGoneError, KeyError, TypeError, AttributeError) as error:
            raise NotTrainedThereError(folder) from error
        title = _("Bringing back “{model}”").format(model=training.model)
        with transaction(db):
            code = ModelStatus.MODEL_TRAINING
            job_id = add_job(db, kind="train", title=title, code=code, folder=uuid.uuid4().hex)
        base = base_of(training.settings).folder
        running = Training(app, db, job_id, job)
        with running.recorded():
            return running.run(training, version, load)


def _load(folder: Path, type: str, base: Path) -> Any:  # noqa: A002, ANN401  # as `Elsewhere`
    from core.learning import text_classifier, text_to_text  # torch

    load = text_to_text.load if type == TEXT_TO_TEXT else text_classifier.load
    return load(folder / MODEL, base)
