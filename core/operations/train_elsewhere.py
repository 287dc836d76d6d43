"""Take a training to other computers as a folder, and bring the trained model back."""

import json
import uuid
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
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
from core.records import TEXT_TO_TEXT, ModelStatus
from core.storage.database import transaction
from core.storage.jobs import add_job
from core.storage.versions import get_version

REQUEST, MODEL = "training.json", "model"


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


class _TakenAlong(Exception):  # noqa: N818  # nothing is learned here: an outcome, no error
    def __init__(self, command: list[str]) -> None:
        super().__init__()
        self.command = tuple(command)


def take_training_along(app: AppFolder, request: TakeAlongRequest, job: Job) -> TakeAlongResult:
    """Write texts, settings and how to start into a folder, for accelerate on any computer.

    Raises:
        NotExportableError: the template is none of Hugging Face's.
        DiskFullError, NotWritableError: it could not be written.
        UserError: the training would not start here either.
    """
    from core.learning.fine_tuning.job_folder import Reference, Row, export_job_folder

    app.check_outside(request.out)
    training, base = request.training, base_of(request.training.settings)

    def write(examples: list[Example], concepts: tuple[str, ...]) -> None:
        raise _TakenAlong(
            export_job_folder(
                request.out,
                [Row(**asdict(example)) for example in examples],
                settings=training.settings,
                concepts=concepts,
                base=Reference(name=base.name, identity=base.identity, folder=base.folder),
                n_processes=request.n_processes,
            )
        )

    with app.database() as db:
        version = chosen_version(db, training.dataset, training.version).version
        lesson = lesson_of(app, db, training, version, app.jobs)
        try:
            fit(training.type)(replace(lesson, elsewhere=write), job)
        except _TakenAlong as taken:
            told = json.dumps(request_to_json(training, version), ensure_ascii=False)
            (request.out / REQUEST).write_text(told, encoding="utf-8")
            return TakeAlongResult(request.out, taken.command)
    raise AssertionError("a training that is taken along does not end here")


def bring_training_back(app: AppFolder, request: BringBackRequest, job: Job) -> TrainResult:
    """Score a model that was trained elsewhere as if it had been trained here, and keep it.

    Raises:
        NotTrainedThereError: the folder holds no trained model of this app.
        ModelDamagedError: the model cannot be read.
    """
    folder = request.folder
    try:
        told: dict[str, Any] = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
        key, type_ = int(told["dataset_version_id"]), str(told["type"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotTrainedThereError(folder) from error
    if not (folder / MODEL).is_dir():
        raise NotTrainedThereError(folder)

    with app.database() as db:
        version = get_version(db, key)
        training = request_of(told, version)
        title = _("Bringing back “{model}”").format(model=training.model)
        with transaction(db):
            code = ModelStatus.MODEL_TRAINING
            job_id = add_job(db, kind="train", title=title, code=code, folder=uuid.uuid4().hex)
        base = base_of(training.settings).folder
        running = Training(app, db, job_id, job)
        with running.recorded():
            return running.run(training, version, lambda *_given: _load(folder, type_, base))


def _load(folder: Path, type: str, base: Path) -> Any:  # noqa: A002, ANN401  # as `Elsewhere`
    from core.learning import text_classifier, text_to_text  # torch

    load = text_to_text.load if type == TEXT_TO_TEXT else text_classifier.load
    return load(folder / MODEL, base)
