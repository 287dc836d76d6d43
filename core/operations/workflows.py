"""The workflows of an app as values, and what they have to know of its models."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.learning.settings import settings_from_values
from core.records import ModelVersion
from core.storage.database import Database
from core.storage.models import list_model_versions
from core.storage.workflows import StoredWorkflow, find_workflow
from core.workflows.graph import CheckedWorkflow, Find, ModelFacts, Node, Workflow, check
from core.workflows.nodes import find_kind
from core.workflows.portal_yaml import Models

SILENT = "suppress_output"  # the portal's word; only kept where it is so


class WorkflowDamagedError(UserError):
    """What is kept of a workflow cannot be read."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The workflow “{name}” is damaged.").format(name=name),
            next_step=_("Go back to one of its versions, or delete it."),
        )


def load_workflow(db: Database, name: str, number: int = 0) -> Workflow:
    """Return a version of a workflow; 0 means the newest.

    Raises:
        WorkflowMissingError: there is none.
    """
    return workflow_of(find_workflow(db, name, number))


def workflow_of(stored: StoredWorkflow) -> Workflow:
    """Return a workflow as it is kept as a value.

    Raises:
        WorkflowDamagedError, NodeKindMissingError, SettingUnknownError: it is damaged, or a later
            Textwright kept it.
    """
    try:
        return Workflow(stored.name, nodes_of(stored.nodes))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WorkflowDamagedError(stored.name) from error


def nodes_of(kept: Sequence[dict[str, Any]]) -> tuple[Node, ...]:
    """Return nodes as `kept_nodes` wrote them.

    Raises:
        NodeKindMissingError, SettingUnknownError: a later Textwright wrote them.
        KeyError, TypeError, ValueError, AttributeError: they are damaged.
    """
    return tuple(_node(one) for one in kept)


def _node(kept: dict[str, Any]) -> Node:
    kind = find_kind(kept["kind"])
    settings = settings_from_values(kind.settings, kept["settings"])
    inputs = tuple(map(str, kept["inputs"]))
    return Node(str(kept["id"]), kind.name, settings, inputs, kept.get(SILENT) is True)


def kept_nodes(workflow: Workflow | CheckedWorkflow) -> list[dict[str, Any]]:
    """Return the nodes of a workflow as JSON keeps them."""
    return [
        {
            "id": node.id,
            "kind": node.kind,
            "settings": asdict(node.settings),  # type: ignore[call-overload]  # dataclasses
            "inputs": list(node.inputs),
            **({SILENT: True} if node.is_silent else {}),
        }
        for node in workflow.nodes
    ]


def check_workflow(db: Database, workflow: Workflow) -> CheckedWorkflow:
    """Return a workflow in the order in which its nodes run, with the models of this app.

    Raises:
        GraphError: it cannot run; the error names the node.
    """
    return check(workflow, find_models(db))


def find_models(db: Database) -> Find:
    """Return what tells of the trained models of an app as they are now."""
    versions = {model_key(version): version for version in list_model_versions(db)}

    def find(model: str) -> ModelFacts | None:
        version = versions.get(model)
        if version is None:
            return None
        return ModelFacts(version.is_writer, str(version.settings.get("base_embed_model", "")))

    return find


def model_key(version: ModelVersion) -> str:
    """Return what a node calls a version of a model."""
    return f"{version.model}:{version.number}"


def models_of(db: Database) -> Models:
    """Return how the models of an app are found from a file, and named in one."""
    versions = list_model_versions(db)  # newest first
    by_id = {version.folder: model_key(version) for version in versions}
    by_name = {version.model: model_key(version) for version in reversed(versions)}
    ids = {model_key(version): version.folder for version in versions}
    return Models(
        by_id=lambda folder: by_id.get(folder, ""),
        by_name=lambda name: by_name.get(name, ""),
        id_of=lambda model: ids.get(model, ""),
    )
