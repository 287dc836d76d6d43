"""Bring a model back that was taken elsewhere, by oneself or by a colleague."""

import re
import shutil
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from core.app_folder import AppFolder
from core.asides import written_aside
from core.base_models.errors import BaseModelMissingError, said_as
from core.base_models.plain_json import asks_for_code, read_object
from core.base_models.safetensors import read_head
from core.base_models.sources import Source, open_source_as
from core.base_models.words import shown
from core.changes import Changes
from core.errors import UserError
from core.evaluation_words import headline
from core.i18n import _
from core.jobs import Job
from core.learning.damage import ModelDamagedError
from core.operations.base_of import named_beside
from core.operations.export_model import FORMAT, MANIFEST, TAUGHT, load_exactly
from core.operations.train import MODEL_TYPES
from core.records import DatasetVersion, Evaluation, Method, ModelVersion, Thresholds
from core.seals import SEAL, is_broken
from core.storage.database import Database, transaction
from core.storage.datasets import add_dataset, get_dataset, list_datasets
from core.storage.evaluations import add_evaluation
from core.storage.models import add_model_version, checked_model_name, update_thresholds
from core.storage.versions import add_version, list_versions
from core.templates import shipped_template

MOST_FILES = 200
_NAME = re.compile(r"(?:[\w-]{1,60}/){0,3}[\w.-]{1,100}")
_SUFFIXES = (".json", ".safetensors", ".txt", ".jinja", ".model")
_LISTS = ("tokenizer.json", "vocab.json", "added_tokens.json", "classifier.json")


class ModelRefusedError(UserError):
    """What was brought is no model that was taken along from Textwright, or not a whole one."""

    def __init__(self, what: str, next_step: str = "") -> None:
        again = _("Choose a folder or ZIP that “Take this model elsewhere” wrote.")
        super().__init__(what, next_step=next_step or again)


class BaseNeededError(UserError):
    """The model stands on a base model that is not on this computer."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("This model needs the base model “{name}”, which is not on this computer.").format(
                name=shown(name)
            ),
            next_step=_("Add “{name}” under Base models, then bring the model back again.").format(
                name=shown(name)
            ),
        )


@dataclass(frozen=True)
class ImportModelRequest:
    """The folder or ZIP, and what the model is called here; "" for its own name."""

    path: Path
    name: str = ""


@dataclass(frozen=True)
class ImportModelResult:
    """The new version."""

    model_version: ModelVersion
    changes: Changes = Changes.MODELS | Changes.DATASETS


@dataclass(frozen=True)
class _Brought:
    """What a manifest says, checked."""

    version: ModelVersion
    files: dict[str, str]
    sums: dict[str, str]
    dataset: dict[str, Any]
    evaluation: dict[str, Any] | None


def import_model(app: AppFolder, request: ImportModelRequest, job: Job) -> ImportModelResult:
    """Keep a model that comes from elsewhere as a version of this app; it answers as before.

    Of what lies in the folder only data is read: JSON and safetensors, each as long as its head
    says and with its checksum. Scripts beside it are passed over.

    Raises:
        ModelRefusedError: it is no such model, or a file of it is damaged or not to be trusted.
        BaseNeededError, BaseModelChangedError: it needs a base model that is not here, or others.
        ModelNameError: a model of another type has the name.
        DiskFullError, NotWritableError: it cannot be kept.
        JobCancelled: the analyst asked to stop; nothing is left behind.
    """
    with open_source_as(request.path.expanduser(), ModelRefusedError) as opened:
        source = opened.unwrapped()
        brought = _read_manifest(source, request.name)
        folder = app.models / brought.version.folder
        with written_aside(folder) as aside:
            _copy(source, brought, aside, job)
            settings = _try(aside, brought.version, job)
            brought = replace(brought, version=replace(brought.version, settings=settings))
    try:
        with app.database() as db, transaction(db):
            kept = _keep(db, brought)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return ImportModelResult(kept)


def _read_manifest(source: Source, name: str) -> _Brought:
    if MANIFEST not in source.sizes:
        raise ModelRefusedError(_("This is no model that was taken along from Textwright."))
    with said_as(ModelRefusedError):
        told = read_object(source, MANIFEST)
    if told.get("format") != FORMAT:
        raise ModelRefusedError(
            _("This model was written by another Textwright, in a way that is not known here."),
            _("Update Textwright on this computer, then try again."),
        )
    try:
        brought = _brought(told, name)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelRefusedError(_("What this model says of itself is damaged.")) from error
    for own, place in brought.files.items():
        _check_file(source, own, place)
    if SEAL not in brought.files or brought.sums.keys() != brought.files.keys():
        raise ModelRefusedError(_("This model has lost its checksums."))
    return brought


def _taught(told: dict[str, Any]) -> dict[str, Any]:
    """Return what a model learned from there, each value of its kind."""
    counts = {key: int(told[key]) for key in ("number", "n_inputs", "n_labelled", "n_concepts")}
    created = datetime.fromisoformat(told["created"]).isoformat()
    return {"name": str(told["name"]), "created": created, **counts}


def _brought(told: dict[str, Any], name: str) -> _Brought:
    kind = str(told["type"])
    if kind not in MODEL_TYPES:
        raise ValueError(kind)
    thresholds = {str(k): float(v) for k, v in told["thresholds"].items()}
    template = str(told["template"])
    if template:
        shipped_template(kind, template)
    version = ModelVersion(
        id=0,
        model=checked_model_name(name or str(told["model"])),
        type=kind,
        number=0,
        created=datetime.now(UTC),
        dataset_version_id=0,
        settings=dict(told["settings"]),
        concepts=tuple(str(concept) for concept in told["concepts"]),
        summary={
            **told["summary"],
            "seconds": float(told["summary"].get("seconds", 0)),
            TAUGHT: _taught(told["dataset"]),
        },
        folder=uuid.uuid4().hex,
        log=_("Brought back from elsewhere; trained on {day}.").format(
            day=f"{datetime.fromisoformat(told['created']):%Y-%m-%d}"
        ),
        thresholds=Thresholds(thresholds),
        template=template,
    )
    if not all(0 <= value <= 1 for value in thresholds.values()):
        raise ValueError(thresholds)
    if told["evaluation"]:
        _check_evaluation(told["evaluation"], version)
    files = {str(own): str(place) for own, place in told["files"].items()}
    sums = {str(own): str(value) for own, value in told["sha256"].items()}
    return _Brought(version, files, sums, dict(told["dataset"]), told["evaluation"])


def _check_evaluation(told: dict[str, Any], version: ModelVersion) -> None:
    """Make sure that an evaluation can be kept and shown.

    Raises:
        KeyError, TypeError, ValueError, OverflowError: it cannot.
    """
    Method(told["method"])
    if not isinstance(told["n_folds"], int) or not isinstance(told["split"], str):
        raise TypeError("n_folds, split")
    dict(told["report"])
    if not version.is_writer:
        _check_report(told["report"], version.concepts)


def _check_report(report: dict[str, Any], concepts: tuple[str, ...]) -> None:
    """Make sure that scores are what screens can show.

    Raises:
        KeyError, TypeError, ValueError: they are not.
    """
    headline(report)
    names = [str(record["name"]) for record in report["concepts"]]
    numbers = [float(record["threshold"]) for record in report["concepts"]]
    rows = [[int(n) for n in row] for row in report["confusion"]]
    if not set(names) <= set(concepts) or len(numbers) != len(names) or len(rows) != len(names):
        raise ValueError("scores of other concepts")


def _check_file(source: Source, own: str, place: str) -> None:
    """Make sure that a file is there, is data, and stays in its folder."""
    parts = own.split("/")
    if not _NAME.fullmatch(own) or any(part.startswith(".") for part in parts):
        raise ModelRefusedError(_("A file of this model has a name that leads outside."))
    if not own.endswith(_SUFFIXES):
        raise ModelRefusedError(
            _("“{file}” is of a kind that can hide programs, so it is not opened.").format(file=own)
        )
    if place not in source.sizes:
        raise ModelRefusedError(_("A file of this model is missing: “{file}”.").format(file=own))
    with said_as(ModelRefusedError):
        if own.endswith(".safetensors"):
            read_head(source, place)
        elif own.endswith(".json") and parts[-1] not in _LISTS:
            told = read_object(source, place)
            if asks_for_code(told):
                raise ModelRefusedError(_("The model brings a program of its own."))


def _copy(source: Source, brought: _Brought, aside: Path, job: Job) -> None:
    if len(brought.files) > MOST_FILES:
        raise ModelRefusedError(_("This model has far too many files."))
    total = sum(source.sizes[place] for place in brought.files.values())
    done = 0
    for own, place in brought.files.items():
        path = aside / own
        path.parent.mkdir(parents=True, exist_ok=True)
        with said_as(ModelRefusedError):
            found = source.copy(place, path, partial(_tell, job, done, total))
        done += source.sizes[place]
        if found != brought.sums[own]:
            raise ModelRefusedError(_("“{file}” of this model is damaged.").format(file=own))
    if is_broken(aside):
        raise ModelRefusedError(_("A file of this model was changed after it was trained."))


def _tell(job: Job, before: int, total: int, n: int) -> None:
    job.report(_("Copying the model"), before + n, total)


def _try(folder: Path, version: ModelVersion, job: Job) -> dict[str, Any]:
    """Load the model once before it counts; return the settings that it was trained with."""
    job.report(_("Trying the model"))
    name, _identity = named_beside(folder)
    try:
        model = load_exactly(folder, version)
    except BaseModelMissingError as error:
        raise BaseNeededError(name) if name else error from error
    except ModelDamagedError as error:
        raise ModelRefusedError(_("This model cannot be loaded.")) from error
    settings: dict[str, Any] = asdict(model.settings)
    if not version.is_writer:
        if tuple(getattr(model, "concepts", version.concepts)) != version.concepts:
            raise ModelRefusedError(_("This model knows other concepts than it says."))
        _check_reader(getattr(model.settings, "base_embed_model", ""))
    return settings


def _check_reader(name: str) -> None:
    """Make sure that what a quick classifier reads with is here."""
    from core.learning import embedders  # torch

    try:
        if name:
            embedders.load(name)
    except embedders.UnknownEmbedderError as error:
        raise BaseNeededError(name.removeprefix(embedders.FAST_OF)) from error


def _keep(db: Database, brought: _Brought) -> ModelVersion:
    frozen = _dataset_version(db, brought)
    version = replace(brought.version, dataset_version_id=frozen.id)
    kept = add_model_version(db, version)
    if version.thresholds.concepts:
        update_thresholds(db, kept.id, version.thresholds)
    if told := brought.evaluation:
        add_evaluation(
            db,
            Evaluation(
                id=0,
                model_version_id=kept.id,
                dataset_version_id=frozen.id,
                method=Method(told["method"]),
                n_folds=int(told["n_folds"]),
                created=kept.created,
                report=dict(told["report"]),
                split=str(told["split"]),
            ),
        )
    return replace(kept, thresholds=version.thresholds)


def _dataset_version(db: Database, brought: _Brought) -> DatasetVersion:
    """Return the version that the model learned from, if this is its own app, else an empty one."""
    told = brought.dataset
    for dataset in list_datasets(db):
        if dataset.name == told.get("name"):
            for version in list_versions(db, dataset.id):
                if (version.number, version.created.isoformat(), version.n_inputs) == (
                    told.get("number"),
                    told.get("created"),
                    told.get("n_inputs"),
                ):
                    return version
    name = _("Trained elsewhere")
    add_dataset(db, name)
    words = _("What “{model}” learned from is not in this app.")
    return add_version(db, get_dataset(db, name), words.format(model=brought.version.model))
