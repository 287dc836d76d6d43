"""Commands that take an evaluation along: as a report, and as tables and charts."""

from pathlib import Path

from core.cli.terminal import Add, Answer, Arguments, app_of, with_model
from core.i18n import _
from core.jobs import Job
from core.operations.export_evaluation import ExportEvaluationRequest, export_evaluation
from core.operations.report_material import find_evaluation
from core.operations.write_report import ReportRequest, write_report


def add_commands(add: Add) -> None:
    """Add them."""
    command = with_model(add("report", _run_report, "write a report that anybody can open"))
    command.add_argument("--out", type=Path, required=True, metavar="FILE.html|FILE.pdf")
    command.add_argument("--note", default="", metavar="WORDS", help="what you want to add")
    command.add_argument("--author", default="", metavar="NAME")
    command = with_model(
        add("export-evaluation", _run_export, "write the tables and charts of an evaluation")
    )
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a new one")


def _run_report(arguments: Arguments, job: Job) -> Answer:
    request = ReportRequest(
        model=arguments.model,
        out=arguments.out,
        number=arguments.number,
        note=arguments.note,
        author=arguments.author,
    )
    result = write_report(app_of(arguments), request, job)
    return Answer({"out": str(result.path)}, _("Written: {path}").format(path=result.path))


def _run_export(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.database() as db:
        _version, evaluation = find_evaluation(db, arguments.model, arguments.number)
    result = export_evaluation(app, ExportEvaluationRequest(evaluation.id, arguments.out), job)
    text = "\n".join(str(result.folder / name) for name in result.files)
    return Answer({"folder": str(result.folder), "files": list(result.files)}, text)
