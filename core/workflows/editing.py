"""Changing a workflow that is being built: nodes added, moved, removed, and what they give."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.workflows.graph import IN, Find, Node, Workflow
from core.workflows.node_settings import ModelSettings, NodeSettings
from core.workflows.nodes import KINDS, NodeKind
from core.workflows.values import Carries


def new_id(kind: str, taken: Sequence[str]) -> str:
    """Return an id for a new node that no other has."""
    short = KINDS[kind].short
    number = 1
    while (name := short if number == 1 else f"{short}-{number}") in taken:
        number += 1
    return name


def given_by(workflow: Workflow, find: Find) -> dict[str, Carries | None]:
    """Return what each node gives, as far as that is known before the workflow can run."""
    given: dict[str, Carries | None] = {IN: Carries.TEXT}
    for _round in workflow.nodes:
        for node in workflow.nodes:
            given[node.id] = _given(node, given, find)
    return given


def _given(node: Node, given: Mapping[str, Carries | None], find: Find) -> Carries | None:
    if isinstance(node.settings, ModelSettings):
        facts = find(node.settings.model)
        return Carries.TEXT if facts and facts.writes else Carries.CONCEPTS
    return KINDS[node.kind].gives or next((given.get(name) for name in node.inputs), None)


def fitting(carries: Carries | None) -> list[NodeKind]:
    """Return the kinds of node that can take something."""
    return [kind for kind in KINDS.values() if carries in kind.takes]


def added(
    workflow: Workflow,
    place: str,
    kind: str,
    find: Find,
    *,
    between: bool,
    settings: NodeSettings | None = None,
) -> tuple[Workflow, str]:
    """Return a workflow with a new node after another one, or after `IN`, and the node's id.

    Args:
        workflow: any.
        place: the id of the node that the new one takes from.
        kind: of the new one.
        find: tells of a trained model.
        between: nodes that took from that place take from the new one, where they can.
        settings: of the new one; None for those of its kind.
    """
    name = new_id(kind, [node.id for node in workflow.nodes])
    node = Node(name, kind, settings or KINDS[kind].settings(), (place,))
    with_it = replace(workflow, nodes=(*workflow.nodes, node))
    if not between:
        return with_it, name
    gives = given_by(with_it, find)[name]

    def behind(one: Node) -> Node:
        if one.id == name or gives not in KINDS[one.kind].takes:
            return one
        return replace(one, inputs=tuple(name if i == place else i for i in one.inputs))

    return replace(with_it, nodes=tuple(map(behind, with_it.nodes))), name


def without(workflow: Workflow, name: str) -> Workflow:
    """Return a workflow without a node; what came after it takes from what came before it."""
    gone = workflow.node(name)

    def past(node: Node) -> Node:
        names = [n for one in node.inputs for n in (gone.inputs if one == name else (one,))]
        return replace(node, inputs=tuple(dict.fromkeys(names)))

    return replace(workflow, nodes=tuple(past(n) for n in workflow.nodes if n.id != name))


def renamed(workflow: Workflow, old: str, new: str) -> Workflow:
    """Return a workflow in which a node is called otherwise."""
    nodes = tuple(
        replace(
            node,
            id=new if node.id == old else node.id,
            inputs=tuple(new if one == old else one for one in node.inputs),
        )
        for node in workflow.nodes
    )
    return replace(workflow, nodes=nodes)


def moved_up(workflow: Workflow, name: str) -> Workflow:
    """Return a workflow in which a node runs before the one that it took from.

    Nothing changes where it takes from the text itself, or from several nodes.
    """
    node = workflow.node(name)
    if len(node.inputs) != 1 or node.inputs == (IN,):
        return workflow
    before = workflow.node(node.inputs[0])

    def turned(one: Node) -> Node:
        if one.id == name:
            return replace(one, inputs=before.inputs)
        if one.id == before.id:
            return replace(one, inputs=(name,))
        return replace(one, inputs=tuple(before.id if i == name else i for i in one.inputs))

    return replace(workflow, nodes=tuple(map(turned, workflow.nodes)))


def changed(workflow: Workflow, node: Node) -> Workflow:
    """Return a workflow with another node of the same id."""
    nodes = tuple(node if one.id == node.id else one for one in workflow.nodes)
    return replace(workflow, nodes=nodes)
