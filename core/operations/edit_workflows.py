"""Save, rename and delete workflows; each is a step of undo."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.operations.choose_workflow import default_of, follow_default
from core.operations.workflows import check_workflow, kept_nodes
from core.storage.database import Database
from core.storage.steps import recorded
from core.storage.workflows import (
    WorkflowMissingError,
    add_workflow_version,
    checked_workflow_name,
    delete_workflow,
    find_workflow,
    rename_workflow,
)
from core.workflows.graph import Workflow


class WorkflowInUseError(UserError):
    """The workflow reads every text that comes in."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” is the default workflow of this app.").format(name=name),
            next_step=_("Choose another default first."),
        )


@dataclass(frozen=True)
class WorkflowSaving:
    """A workflow to keep as a new version under its name."""

    workflow: Workflow


@dataclass(frozen=True)
class WorkflowRenaming:
    """What a workflow shall be called."""

    name: str
    new: str


@dataclass(frozen=True)
class WorkflowDeletion:
    """A workflow to delete, with its versions."""

    name: str


WorkflowRequest = WorkflowSaving | WorkflowRenaming | WorkflowDeletion


@dataclass(frozen=True)
class EditWorkflowsResult:
    """The name that the workflow has now, and the number of its newest version; 0 if it is gone."""

    name: str
    number: int = 0
    changes: Changes = Changes.WORKFLOWS


def edit_workflows(app: AppFolder, request: WorkflowRequest, _job: Job) -> EditWorkflowsResult:
    """Change the workflows of an app; a step of undo.

    A workflow that is as its newest version is not kept again.

    Raises:
        GraphError: the workflow cannot run; the error names the node.
        WorkflowNameError: the name is none, or taken.
        WorkflowMissingError: there is no such workflow.
        WorkflowInUseError: the default workflow is to be deleted.
    """
    with app.database() as db:
        match request:
            case WorkflowSaving(workflow):
                return _save(db, workflow)
            case WorkflowRenaming(name, new):
                with recorded(db, _("rename {old} to {new}").format(old=name, new=new)):
                    return EditWorkflowsResult(
                        rename_workflow(db, name, new), find_workflow(db, new).number
                    )
            case WorkflowDeletion(name):
                with recorded(db, _("delete the workflow {name}").format(name=name)):
                    found = find_workflow(db, name)
                    if default_of(db).workflow_id == found.workflow_id:
                        raise WorkflowInUseError(name)
                    delete_workflow(db, name)
                return EditWorkflowsResult(name)


def _save(db: Database, workflow: Workflow) -> EditWorkflowsResult:
    name = checked_workflow_name(workflow.name)
    nodes = kept_nodes(check_workflow(db, workflow))
    try:
        newest = find_workflow(db, name)
    except WorkflowMissingError:
        newest = None
    if newest and newest.nodes == nodes:
        return EditWorkflowsResult(name, newest.number)
    with recorded(db, _("save the workflow {name}").format(name=name)):
        number = add_workflow_version(db, name, nodes)
        follow_default(db, find_workflow(db, name).workflow_id)
        return EditWorkflowsResult(name, number)
