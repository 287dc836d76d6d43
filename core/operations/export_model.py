"""Take a model elsewhere: a folder, or a ZIP of it, that public libraries open."""

import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import resources
from core.app_folder import AppFolder
from core.asides import flush, new_aside, written_aside
from core.changes import Changes
from core.errors import UserError, writing_to
from core.i18n import _
from core.jobs import Job
from core.operations.base_of import base_beside
from core.operations.model_card import choose_examples, write_card
from core.records import TEXT_CLASSIFIER, TEXT_TO_TEXT, DatasetVersion, Evaluation, ModelVersion
from core.seals import digest, is_broken
from core.storage.database import Database
from core.storage.evaluations import list_evaluations
from core.storage.models import find_model_version
from core.storage.versions import get_version, load_version

if TYPE_CHECKING:
    from core.learning.portable import Plain

MANIFEST, OWN = "textwright.json", "textwright"
TAUGHT = "taught_elsewhere"  # in the summary of a version: the dataset that it learned from there
FORMAT = 1
CARD = "README.md"
_STORED = (".safetensors", ".onnx")  # which hardly get smaller


class PlaceTakenError(UserError):
    """The folder or ZIP for a model already holds something."""

    def __init__(self, place: Path) -> None:
        super().__init__(
            _("There is already something at “{path}”.").format(path=place),
            next_step=_("Choose a new folder."),
        )


@dataclass(frozen=True)
class ExportModelRequest:
    """Which version (0 means the newest), and where it goes.

    Attributes:
        to: a new folder, or a ZIP where it ends in .zip.
        has_onnx: whether the whole model is also written as ONNX.
        has_examples: whether the card shows a few texts that the model learned from.
    """

    model: str
    to: Path
    number: int = 0
    has_onnx: bool = False
    has_examples: bool = True


@dataclass(frozen=True)
class ExportModelResult:
    """Where the model is now, which files it has, and how far ONNX is from it at most."""

    to: Path
    files: tuple[str, ...]
    n_bytes: int
    onnx_difference: float | None = None
    changes: Changes = Changes.NOTHING


def onnx_is_here() -> bool:
    """Tell whether the packages that write and check ONNX are installed."""
    return all(find_spec(name) for name in ("onnx", "onnxruntime"))


def export_model(app: AppFolder, request: ExportModelRequest, job: Job) -> ExportModelResult:
    """Write a model in the layout of public libraries, with a script that uses it.

    Folder or ZIP appear when all is there, or not at all.

    Raises:
        ModelMissingError, ModelDamagedError, BaseModelError: there is no such model, or not whole.
        PlaceTakenError, OwnFileError: the place holds something, or is the app's own.
        OnnxMissingError, NotOnnxError, OnnxDiffersError: ONNX is asked for, and cannot be had.
        DiskFullError, NotWritableError: it cannot be written there.
        JobCancelled: the analyst asked to stop.
    """
    to = request.to.expanduser().absolute()
    app.check_outside(to)
    _check_new(to)
    if request.has_onnx:
        from core.learning.portable import check_onnx_is_here  # torch

        check_onnx_is_here()
    is_zip = to.suffix.lower() == ".zip"
    place = new_aside(to.parent) if is_zip else to
    try:
        with app.database() as db, written_aside(place) as aside:
            version = find_model_version(db, request.model, request.number)
            difference = _write(app, db, version, request, aside, job)
            files = tuple(sorted(p.relative_to(aside).as_posix() for p in _files(aside)))
            n_bytes = sum(path.stat().st_size for path in _files(aside))
        if is_zip:
            _pack(place, to, job)
    finally:
        if is_zip:
            shutil.rmtree(place, ignore_errors=True)
    return ExportModelResult(to, files, n_bytes, difference)


def _check_new(to: Path) -> None:
    with writing_to(to.parent):
        to.parent.mkdir(parents=True, exist_ok=True)
        if to.is_dir() and not any(to.iterdir()):
            to.rmdir()
        if to.exists():
            raise PlaceTakenError(to)


def _write(
    app: AppFolder,
    db: Database,
    version: ModelVersion,
    request: ExportModelRequest,
    folder: Path,
    job: Job,
) -> float | None:
    from core.learning.devices import in_float32  # torch
    from core.learning.portable import write_onnx, write_plain

    job.report(_("Reading the model"))
    difference = None
    with in_float32():
        model = load_exactly(app.models / version.folder, version)
        job.report(_("Writing the model"))
        plain = write_plain(model, folder, version.thresholds.concepts)
        if request.has_onnx:
            difference = write_onnx(model, plain, folder, job)
    job.report(_("Writing the card"))
    own = _keep_own(app.models / version.folder, folder)
    evaluation = next(iter(list_evaluations(db, version.id)), None)
    _write_manifest(db, version, evaluation, own, folder)
    about = _write_scripts(plain, request, folder)
    frozen = _taught_by(db, version)
    inputs = load_version(db, version.dataset_version_id) if request.has_examples else []
    card = write_card(version, frozen, evaluation, choose_examples(version, inputs), about)
    (folder / CARD).write_text(card, encoding="utf-8")
    for path in _files(folder):
        path.chmod(0o644)
    return difference


def load_exactly(folder: Path, version: ModelVersion) -> Any:  # noqa: ANN401  # of three types
    """Return a trained model, read anew, whatever its type.

    Raises:
        ModelDamagedError, BaseModelError: it cannot be read.
    """
    from core.learning import embedding_classifier, text_classifier, text_to_text  # torch
    from core.learning.damage import ModelDamagedError

    if is_broken(folder):
        raise ModelDamagedError(folder)
    match version.type:
        case kind if kind == TEXT_CLASSIFIER:
            return text_classifier.load(folder, base_beside(folder))
        case kind if kind == TEXT_TO_TEXT:
            return text_to_text.load(folder, base_beside(folder))
    return embedding_classifier.load(folder)


def _keep_own(source: Path, folder: Path) -> dict[str, str]:
    """Keep the model as Textwright does, for who brings it back; return where each file lies.

    What lies in the folder already, byte for byte, is not kept twice.
    """
    there = {digest(path): path.relative_to(folder).as_posix() for path in _files(folder)}
    places = {}
    for path in _files(source):
        name = path.relative_to(source).as_posix()
        place = there.get(digest(path))
        if place is None:
            place = f"{OWN}/{name}"
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / place)
        places[name] = place
    return places


def _write_manifest(
    db: Database,
    version: ModelVersion,
    evaluation: Evaluation | None,
    own: Mapping[str, str],
    folder: Path,
) -> None:
    frozen = _taught_by(db, version)
    told = {
        "format": FORMAT,
        "type": version.type,
        "model": version.model,
        "number": version.number,
        "created": version.created.isoformat(),
        "concepts": list(version.concepts),
        "settings": version.settings,
        "summary": {key: value for key, value in version.summary.items() if key != TAUGHT},
        "template": version.template,
        "thresholds": asdict(version.thresholds)["concepts"],
        "dataset": {
            "name": frozen.dataset,
            "number": frozen.number,
            "created": frozen.created.isoformat(),
            "n_inputs": frozen.n_inputs,
            "n_labelled": frozen.n_labelled,
            "n_concepts": frozen.n_concepts,
        },
        "evaluation": evaluation
        and {
            "method": evaluation.method,
            "n_folds": evaluation.n_folds,
            "split": evaluation.split,
            "report": evaluation.report,
        },
        "files": dict(own),
        "sha256": {name: digest(folder / place) for name, place in own.items()},
    }
    words = json.dumps(told, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(words, encoding="utf-8")


def _taught_by(db: Database, version: ModelVersion) -> DatasetVersion:
    """Return what a model learned from, also where that stayed in another app."""
    frozen = get_version(db, version.dataset_version_id)
    told = version.summary.get(TAUGHT)
    if frozen.n_inputs or not told:
        return frozen
    return replace(
        frozen,
        dataset=str(told["name"]),
        number=int(told["number"]),
        created=datetime.fromisoformat(told["created"]),
        n_inputs=int(told["n_inputs"]),
        n_labelled=int(told["n_labelled"]),
        n_concepts=int(told["n_concepts"]),
    )


def _write_scripts(plain: "Plain", request: ExportModelRequest, folder: Path) -> dict[str, str]:
    """Write the scripts and what they need; return what each file is for."""
    from core.learning.portable import requirements  # torch

    about = {
        "predict.py": _("answers as Textwright does, with public libraries only"),
        "predict_with_ray.py": _("the same for CSV and Parquet files that outgrow one computer"),
        "labels.json": _("the concepts, their thresholds, and how probabilities are found"),
        MANIFEST: _("what “Bring a model back” reads"),
    }
    if plain.kind == "writer":
        about["prompt.json"] = _("what is written around a text")
        del about["labels.json"]
    scripts = {"predict.py": f"predict_{plain.kind}.py", "predict_with_ray.py": ""}
    if request.has_onnx:
        scripts["predict_onnx.py"] = ""
        about["model.onnx"] = _("the whole model for ONNX Runtime")
        about["predict_onnx.py"] = _("answers with it")
    for name, source in scripts.items():
        script = resources.read_text(f"elsewhere/{source or name}")
        (folder / name).write_text(script, encoding="utf-8")
    needed = "\n".join(requirements(plain, has_onnx=request.has_onnx))
    (folder / "requirements.txt").write_text(f"{needed}\n", encoding="utf-8")
    return about


def _pack(folder: Path, to: Path, job: Job) -> None:
    aside = new_aside(to.parent)
    with writing_to(to.parent):
        try:
            with zipfile.ZipFile(aside, "x") as archive:
                for path in job.track(_files(folder), _("Packing")):
                    kind = zipfile.ZIP_STORED if path.suffix in _STORED else zipfile.ZIP_DEFLATED
                    name = f"{to.stem}/{path.relative_to(folder).as_posix()}"
                    archive.write(path, name, kind)
            flush(aside)
            aside.replace(to)
        finally:
            aside.unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
