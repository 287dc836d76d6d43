"""A workflow as a graph: which node comes after which, and whether the chain can run."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import UserError
from core.i18n import N_, _
from core.workflows.node_settings import EmbedderSettings, ModelSettings, NodeSettings
from core.workflows.nodes import (
    EMBEDDER,
    LABELS,
    NodeKind,
    NodeKindMissingError,
    find_kind,
    missing,
)
from core.workflows.values import Carries

IN = "IN"
MAX_NODES = 20
MAX_ID = 48
_ID = re.compile(r"[0-9A-Za-z](?:[-_0-9A-Za-z]{0,46}[0-9A-Za-z])?\Z")
CARRIES = {
    Carries.TEXT: N_("a text"),
    Carries.CONCEPTS: N_("concepts"),
    Carries.EMBEDDING: N_("what a base model read"),
}


class GraphError(UserError):
    """A workflow cannot run as it is.

    Attributes:
        node: the id of the node that is in the way; "" where it is the whole.
    """

    def __init__(self, what: str, *, next_step: str, node: str = "") -> None:
        super().__init__(what, next_step=next_step)
        self.node = node


@dataclass(frozen=True)
class Node:
    """One node.

    Attributes:
        id: by letters, digits, "-" and "_".
        kind: a name of `KINDS`.
        inputs: the ids of the nodes before it, or `IN` for the text itself.
        is_silent: it runs, but what it gives is neither shown nor written into a file.
    """

    id: str
    kind: str
    settings: NodeSettings
    inputs: tuple[str, ...] = (IN,)
    is_silent: bool = False


@dataclass(frozen=True)
class Workflow:
    """A named chain of nodes."""

    name: str
    nodes: tuple[Node, ...] = ()

    def node(self, id: str) -> Node:  # noqa: A002  # the field's word
        """Return the node of this id."""
        return next(node for node in self.nodes if node.id == id)


@dataclass(frozen=True)
class ModelFacts:
    """What a graph has to know of a trained model.

    Attributes:
        writes: whether it answers with texts.
        reads_with: the base embedding model that it stands on; "" if it reads texts itself.
    """

    writes: bool
    reads_with: str = ""


Find = Callable[[str], ModelFacts | None]  # by "name:number"


@dataclass(frozen=True)
class CheckedWorkflow:
    """A workflow that can run.

    Attributes:
        nodes: each after those that it takes from.
        carries: what each node gives, by its id.
    """

    name: str
    nodes: tuple[Node, ...]
    carries: Mapping[str, Carries]

    @property
    def ends(self) -> tuple[Node, ...]:
        """The nodes that no other takes from."""
        used = {name for node in self.nodes for name in node.inputs}
        return tuple(node for node in self.nodes if node.id not in used)

    @property
    def dead_ends(self) -> tuple[Node, ...]:
        """The ends of which nothing is seen: silent ones that label nothing, and readings."""
        return tuple(
            node
            for node in self.ends
            if self.carries[node.id] == Carries.EMBEDDING
            or (node.is_silent and node.kind != LABELS)
        )


def check(workflow: Workflow, find: Find) -> CheckedWorkflow:
    """Return a workflow in the order in which its nodes run.

    Args:
        workflow: any.
        find: tells of a trained model; None if there is no such.

    Raises:
        GraphError: it cannot run; the error names the node.
    """
    if not workflow.nodes:
        raise GraphError(_("This workflow has no steps."), next_step=_("Add a step."))
    if len(workflow.nodes) > MAX_NODES:
        raise GraphError(
            _("This workflow has {n} steps; at most {most} are allowed.").format(
                n=len(workflow.nodes), most=MAX_NODES
            ),
            next_step=_("Remove some, or make two workflows of it."),
            node=workflow.nodes[MAX_NODES].id,
        )
    _check_ids(workflow.nodes)
    nodes = _in_order(workflow.nodes)
    carries: dict[str, Carries] = {IN: Carries.TEXT}
    for node in nodes:
        carries[node.id] = _carried(node, nodes, carries, find)
    del carries[IN]
    return CheckedWorkflow(workflow.name, nodes, carries)


def _check_ids(nodes: Sequence[Node]) -> None:
    seen: set[str] = set()
    for node in nodes:
        if not _ID.match(node.id) or node.id == IN:
            raise GraphError(
                _("“{id}” cannot be the name of a step.").format(id=node.id[:MAX_ID]),
                next_step=_("Use up to {most} letters and digits, with “-” and “_” inside.").format(
                    most=MAX_ID
                ),
                node=node.id,
            )
        if node.id in seen:
            raise GraphError(
                _("Two steps are called “{id}”.").format(id=node.id),
                next_step=_("Give one of them another name."),
                node=node.id,
            )
        seen.add(node.id)


def _in_order(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Return the nodes so that each comes after its inputs, else as they stand."""
    known = {node.id for node in nodes} | {IN}
    for node in nodes:
        for name in node.inputs:
            if name not in known:
                raise GraphError(
                    _("“{id}” takes from “{name}”, which is not there.").format(
                        id=node.id, name=name[:MAX_ID]
                    ),
                    next_step=_("Choose another step for it to take from."),
                    node=node.id,
                )
        if not node.inputs or len(set(node.inputs)) < len(node.inputs):
            raise GraphError(
                _("“{id}” takes from nothing, or twice from the same node.").format(id=node.id),
                next_step=_("Choose each step that it takes from once."),
                node=node.id,
            )
    ordered: list[Node] = []
    done, left = {IN}, list(nodes)
    while left:
        ready = next((node for node in left if done.issuperset(node.inputs)), None)
        if ready is None:
            raise _cycle(left)
        left.remove(ready)
        ordered.append(ready)
        done.add(ready.id)
    return tuple(ordered)


def _cycle(left: Sequence[Node]) -> GraphError:
    """Name a node of a circle: from any that cannot run, go back until one comes again."""
    waiting = {node.id: node for node in left}
    node, seen = left[0], set[str]()
    while node.id not in seen:
        seen.add(node.id)
        node = waiting[next(name for name in node.inputs if name in waiting)]
    return GraphError(
        _("“{id}” takes from a step that takes from it.").format(id=node.id),
        next_step=_("Let it take from an earlier step."),
        node=node.id,
    )


def _carried(
    node: Node, nodes: Sequence[Node], carries: Mapping[str, Carries], find: Find
) -> Carries:
    """Return what a node gives.

    Raises:
        GraphError: it cannot take what it is given, or lacks something.
    """
    kind = _kind_of(node)
    given = {carries[name] for name in node.inputs}
    for name in node.inputs:
        if carries[name] not in kind.takes:
            raise _wrong_input(node, name, carries[name])
    if len(given) > 1:
        raise GraphError(
            _("“{id}” takes different things from the steps before it.").format(id=node.id),
            next_step=_("Let it take from steps that give the same."),
            node=node.id,
        )
    _check_settings(node)
    if isinstance(node.settings, ModelSettings):
        return _carried_by_model(node, node.settings, nodes, given, find)
    return kind.gives or given.pop()


def _kind_of(node: Node) -> NodeKind:
    try:
        return find_kind(node.kind)
    except NodeKindMissingError as error:
        raise GraphError(str(error), next_step=error.next_step, node=node.id) from error


def _check_settings(node: Node) -> None:
    try:
        lacking = missing(node.kind, node.settings)
    except UserError as error:
        what = _("“{id}”: {what}").format(id=node.id, what=error)
        raise GraphError(what, next_step=error.next_step, node=node.id) from error
    if lacking:
        what = _("“{id}” is not complete.").format(id=node.id)
        raise GraphError(what, next_step=lacking, node=node.id)


def _carried_by_model(
    node: Node,
    settings: ModelSettings,
    nodes: Sequence[Node],
    given: set[Carries],
    find: Find,
) -> Carries:
    facts = find(settings.model)
    if facts is None:
        raise GraphError(
            _("“{id}” asks the model “{model}”, which is not in this app.").format(
                id=node.id, model=settings.model
            ),
            next_step=_("Choose another model for it."),
            node=node.id,
        )
    if Carries.EMBEDDING in given:
        before = [one for one in nodes if one.id in node.inputs]
        if wrong := next((n for n in before if _read_by(n, nodes) != facts.reads_with), None):
            raise _wrong_input(node, wrong.id, Carries.EMBEDDING)
    return Carries.TEXT if facts.writes else Carries.CONCEPTS


def _read_by(node: Node, nodes: Sequence[Node]) -> str:
    """Return the base embedding model that made what a node hands on."""
    while not isinstance(node.settings, EmbedderSettings):
        node = next(one for one in nodes if one.id == node.inputs[0])
    return node.settings.embedder


def _wrong_input(node: Node, name: str, carried: Carries) -> GraphError:
    return GraphError(
        _("“{id}” cannot take {what} from “{name}”.").format(
            id=node.id, what=_(CARRIES[carried]), name=name
        ),
        next_step=_("Let it take from another step, or put one between them."),
        node=node.id,
    )


def readers(nodes: Sequence[Node]) -> list[str]:
    """Return the base embedding models that a workflow reads texts with, in order."""
    return [
        node.settings.embedder
        for node in nodes
        if node.kind == EMBEDDER and isinstance(node.settings, EmbedderSettings)
    ]
