"""Commands that take apps and models elsewhere, and bring them back."""

from pathlib import Path

from core.cli.terminal import Add, Answer, Arguments, app_of, with_app, with_model
from core.i18n import _
from core.jobs import Job
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.export_model import ExportModelRequest, export_model
from core.operations.import_app import ImportAppRequest, import_app, lack_words
from core.operations.import_model import ImportModelRequest, import_model
from core.wording import size


def add_commands(add: Add) -> None:
    """Add them."""
    command = with_model(add("export-model", _run_export_model, "take a model elsewhere"))
    command.add_argument("--to", type=Path, required=True, metavar="DIR", help="new, or a .zip")
    command.add_argument("--onnx", action="store_true", help="write it as ONNX, too")
    command.add_argument(
        "--without-examples", action="store_true", help="show no texts in the card"
    )
    command = with_app(add("import-model", _run_import_model, "bring such a model back"))
    command.add_argument("folder", type=Path, metavar="FOLDER", help="or its ZIP")
    command.add_argument("--name", default="", metavar="NAME", help="what to call it here")
    command = with_app(add("export-app", _run_export_app, "copy an app to one file"))
    command.add_argument("file", type=Path, metavar="FILE")
    command = add("import-app", _run_import_app, "open an app from such a file")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--folder", type=Path, metavar="DIR", help="an empty folder to keep it in")
    command.add_argument("--name", default="", metavar="NAME", help="what to call it here")


def _run_export_model(arguments: Arguments, job: Job) -> Answer:
    request = ExportModelRequest(
        model=arguments.model,
        to=arguments.to,
        number=arguments.number,
        has_onnx=arguments.onnx,
        has_examples=not arguments.without_examples,
    )
    result = export_model(app_of(arguments), request, job)
    text = _("Written: {path} ({size})").format(path=result.to, size=size(result.n_bytes))
    value = {"to": str(result.to), "files": list(result.files), "bytes": result.n_bytes}
    return Answer(value | {"onnx_difference": result.onnx_difference}, text)


def _run_import_model(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        result = import_model(app, ImportModelRequest(arguments.folder, arguments.name), job)
    version = result.model_version
    text = _("“{model}”, version {number}, is here.").format(
        model=version.model, number=version.number
    )
    value = {"model": version.model, "version": version.number, "type": version.type}
    return Answer(value, text)


def _run_export_app(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        result = export_app(app, ExportAppRequest(arguments.file), job)
    text = _("Written: {path} ({size})").format(path=result.path, size=size(result.n_bytes))
    if result.left_behind:
        text += "\n" + left_behind_words()
    value = {
        "file": str(result.path),
        "files": result.n_files,
        "bytes": result.n_bytes,
        "left_behind": list(result.left_behind),
    }
    return Answer(value, text)


def left_behind_words() -> str:
    """Return what is said where interrupted trainings stayed."""
    return _("Interrupted trainings stayed here: they can only go on on this computer.")


def _run_import_app(arguments: Arguments, job: Job) -> Answer:
    request = ImportAppRequest(arguments.file, arguments.folder, arguments.name)
    result = import_app(request, job)
    text = _("“{name}” is opened in {path}").format(name=result.name, path=result.app.path)
    if result.missing_bases:
        text += "\n" + lack_words(result.missing_bases)
    value = {"name": result.name, "folder": str(result.app.path)}
    return Answer(value | {"missing_base_models": list(result.missing_bases)}, text)
