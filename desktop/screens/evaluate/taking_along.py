"""Take an evaluation along: as a report, or as tables and charts."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from core.app_folder import folder_name
from core.errors import UserError
from core.i18n import _
from core.operations.export_evaluation import ExportEvaluationRequest, export_evaluation
from core.operations.write_report import ReportRequest, write_report
from core.records import Evaluation, ModelVersion
from desktop import boxes
from desktop.session import Session
from desktop.widgets.versions import version_name

KINDS = "HTML (*.html);;PDF (*.pdf)"


def ask_report(parent: QWidget, session: Session, version: ModelVersion, shown: Evaluation) -> None:
    """Ask where to, and write the report there in the background."""
    title, name = _("Save the report"), folder_name(version_name(version))
    path = boxes.choose_save_file(parent, title, f"{name}.html", KINDS)
    if path is None:
        return
    try:
        request = ReportRequest(version.model, path, version.number, shown.id)
    except UserError as error:
        boxes.show_error(parent, error)
        return
    session.start(write_report, request, title=_("Writing the report"))


def ask_tables(parent: QWidget, session: Session, version: ModelVersion, shown: Evaluation) -> None:
    """Ask where to, and write a new folder there with every table and chart."""
    above = boxes.choose_folder(parent, _("Where to put the folder with tables and charts"))
    if above is None:
        return
    request = ExportEvaluationRequest(shown.id, _free(above / folder_name(version_name(version))))
    session.start(export_evaluation, request, title=_("Writing tables and charts"))


def _free(path: Path) -> Path:
    """Return the path, or one with a number where something is there already."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found
