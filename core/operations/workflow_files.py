"""Bring a workflow in from a file of the portal's shape, and write one."""

from dataclasses import dataclass, replace
from pathlib import Path

from core.app_folder import AppFolder
from core.changes import Changes
from core.files.csv_writer import text_aside
from core.jobs import Job
from core.operations.edit_workflows import WorkflowSaving, edit_workflows
from core.operations.workflows import load_workflow, models_of
from core.storage.database import Database
from core.storage.workflows import list_workflows
from core.templates.file_words import read_words
from core.templates.reading import read_config
from core.templates.yaml_text import write_yaml
from core.workflows.graph import Workflow
from core.workflows.portal_yaml import from_mapping, name_note, noted_name, to_mapping


@dataclass(frozen=True)
class ExportWorkflowRequest:
    """Which version (0 means the newest) is written where."""

    name: str
    path: Path
    number: int = 0


@dataclass(frozen=True)
class ExportWorkflowResult:
    """The file."""

    path: Path
    changes: Changes = Changes.NOTHING


@dataclass(frozen=True)
class ImportWorkflowRequest:
    """A file, and what the workflow is called here; "" means as the file says."""

    path: Path
    name: str = ""


@dataclass(frozen=True)
class ImportWorkflowResult:
    """The workflow as it is kept, and its version."""

    workflow: Workflow
    number: int = 1
    changes: Changes = Changes.WORKFLOWS


def export_workflow(
    app: AppFolder, request: ExportWorkflowRequest, _job: Job
) -> ExportWorkflowResult:
    """Write a version of a workflow as YAML; the file appears when it is whole.

    Raises:
        WorkflowMissingError: there is none.
        OwnFileError, NotWritableError, DiskFullError: the file cannot be there.
    """
    app.check_outside(request.path)
    with app.database() as db:
        workflow = load_workflow(db, request.name, request.number)
        mapping = to_mapping(workflow, models_of(db))
    with text_aside(request.path, encoding="utf-8") as file:
        file.write(name_note(workflow.name) + write_yaml(mapping))
    return ExportWorkflowResult(request.path)


def import_workflow(
    app: AppFolder, request: ImportWorkflowRequest, job: Job
) -> ImportWorkflowResult:
    """Keep the workflow of a file, as a new version of the one that was exported if that is here.

    Any other becomes a new workflow; a name that is taken gets a number then.

    Raises:
        ConfigFileError: the file holds no workflow.
        GraphError: the workflow cannot run; the error names the node.
    """
    found = read_config(request.path)
    with app.database() as db:
        workflow = from_mapping(found, models_of(db), request.path.name)
        own = "" if request.name else _own_name(request.path)
        name = own or _free_name(db, request.name or workflow.name)
    kept = edit_workflows(app, WorkflowSaving(replace(workflow, name=name)), job)
    with app.database() as db:
        return ImportWorkflowResult(load_workflow(db, kept.name), kept.number)


def _own_name(path: Path) -> str:
    return noted_name(read_words(path)) if path.suffix.lower() in (".yaml", ".yml") else ""


def _free_name(db: Database, name: str) -> str:
    taken = {stored.name for stored in list_workflows(db)}
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} {number}"
    return free
