"""Workflows and their versions; what their nodes mean is not known here."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.storage.database import Database, insert, now
from core.storage.names import checked

MAX_NAME_LENGTH = 80


class WorkflowNameError(UserError):
    """The name is empty, too long, or taken."""


class WorkflowMissingError(UserError):
    """The app has no workflow of that name, or the workflow no version of that number."""

    def __init__(self, name: str, known: list[str], number: int = 0) -> None:
        what = _("This app has no workflow “{name}”.")
        if number:
            what = _("“{name}” has no version {number}.")
        super().__init__(
            what.format(name=name, number=number),
            next_step=_("Choose one of: {names}.").format(names=", ".join(known))
            if known
            else _("Make a workflow first, or import one."),
        )


@dataclass(frozen=True)
class StoredWorkflow:
    """A version of a workflow as it is kept.

    Attributes:
        nodes: JSON values, one for each node.
        n_versions: of the workflow.
    """

    id: int
    workflow_id: int
    name: str
    number: int
    created: datetime
    nodes: list[dict[str, Any]]
    n_versions: int = 1


def checked_workflow_name(name: str) -> str:
    """Return the name as it is kept.

    Raises:
        WorkflowNameError: it is empty or too long.
    """
    what = _("A workflow's name has 1 to {most} characters.")
    return checked(name, MAX_NAME_LENGTH, WorkflowNameError, what)


_VERSIONS = """
    SELECT v.id, w.id, w.name, v.number, v.created, v.nodes,
        (SELECT COUNT(*) FROM workflow_versions n WHERE n.workflow_id = w.id)
    FROM workflows w JOIN workflow_versions v ON v.workflow_id = w.id
"""
_NEWEST = "v.number = (SELECT MAX(number) FROM workflow_versions WHERE workflow_id = w.id)"


def list_workflows(db: Database) -> list[StoredWorkflow]:
    """Return the newest version of each workflow, by name."""
    rows = db.execute(f"{_VERSIONS} WHERE {_NEWEST} ORDER BY w.name COLLATE NOCASE")
    return [_stored(row) for row in rows]


def list_workflow_versions(db: Database, name: str) -> list[StoredWorkflow]:
    """Return all versions of a workflow, newest first."""
    rows = db.execute(f"{_VERSIONS} WHERE w.name = ? ORDER BY v.number DESC", [name])
    return [_stored(row) for row in rows]


def find_workflow(db: Database, name: str, number: int = 0) -> StoredWorkflow:
    """Return a version of the workflow of this name; 0 means the newest.

    Raises:
        WorkflowMissingError: there is none.
    """
    versions = list_workflow_versions(db, name)
    if not versions:
        raise WorkflowMissingError(name, [one.name for one in list_workflows(db)])
    if not number:
        return versions[0]
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise WorkflowMissingError(name, [str(one.number) for one in versions], number)
    return found


def add_workflow_version(db: Database, name: str, nodes: list[dict[str, Any]]) -> int:
    """Keep nodes as the next version of a workflow, made if it is new; return the number."""
    kept = checked_workflow_name(name)
    row = db.execute("SELECT id FROM workflows WHERE name = ?", [kept]).fetchone()
    workflow_id = int(row[0]) if row else insert(db, "workflows", name=kept, created=now())
    (number,) = db.execute(
        "SELECT COALESCE(MAX(number), 0) + 1 FROM workflow_versions WHERE workflow_id = ?",
        [workflow_id],
    ).fetchone()
    words = json.dumps(nodes, ensure_ascii=False)
    insert(
        db,
        "workflow_versions",
        workflow_id=workflow_id,
        number=number,
        created=now(),
        nodes=words,
    )
    return int(number)


def rename_workflow(db: Database, name: str, new: str) -> str:
    """Call a workflow otherwise; return the name as it is kept.

    Raises:
        WorkflowMissingError: there is none.
        WorkflowNameError: the new name is none, or taken.
    """
    found, kept = find_workflow(db, name), checked_workflow_name(new)
    taken = db.execute(
        "SELECT 1 FROM workflows WHERE name = ? AND id <> ?", [kept, found.workflow_id]
    )
    if taken.fetchone():
        raise WorkflowNameError(
            _("There is already a workflow “{name}”.").format(name=kept),
            next_step=_("Choose another name."),
        )
    db.table("workflows").update(found.workflow_id, {"name": kept})
    return kept


def delete_workflow(db: Database, name: str) -> None:
    """Delete a workflow with its versions.

    Raises:
        WorkflowMissingError: there is none.
    """
    found = find_workflow(db, name)
    db.execute("DELETE FROM workflow_versions WHERE workflow_id = ?", [found.workflow_id])
    db.execute("DELETE FROM workflows WHERE id = ?", [found.workflow_id])


def _stored(row: tuple[Any, ...]) -> StoredWorkflow:
    key, workflow_id, name, number, created, nodes, n_versions = row
    return StoredWorkflow(
        id=key,
        workflow_id=workflow_id,
        name=name,
        number=number,
        created=datetime.fromisoformat(created),
        nodes=_nodes(nodes),
        n_versions=n_versions,
    )


def _nodes(words: str) -> Any:  # noqa: ANN401  # a list, where nobody else wrote it
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        return None  # whoever reads it says that it is damaged
