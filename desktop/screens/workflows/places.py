"""Where the nodes of a workflow stand in its picture."""

from core.workflows.graph import IN, Workflow

Place = tuple[int, float]  # the row from 0, and how far right, in boxes from the left edge


def places_of(workflow: Workflow) -> dict[str, Place]:
    """Return where each node stands: below all that it takes from, and centred in its row."""
    ranks = {IN: 0}
    for _round in range(len(workflow.nodes) + 1):  # a circle ends here, too
        for node in workflow.nodes:
            above = [ranks.get(name, 0) for name in node.inputs]
            ranks[node.id] = min(max(above, default=0) + 1, len(workflow.nodes))
    rows: dict[int, list[str]] = {}
    for name, rank in ranks.items():
        rows.setdefault(rank, []).append(name)
    widest = max(map(len, rows.values()))
    places: dict[str, Place] = {}
    inputs = {node.id: node.inputs for node in workflow.nodes}
    for rank in sorted(rows):
        names = sorted(rows[rank], key=lambda name: _middle(inputs.get(name, ()), places))
        first = (widest - len(names)) / 2
        if len(names) == 1 and names[0] in inputs:
            first = _middle(inputs[names[0]], places)
        places |= {name: (rank, first + i) for i, name in enumerate(names)}
    return places


def _middle(above: tuple[str, ...], places: dict[str, Place]) -> float:
    """Return how far right the middle of what a node takes from is."""
    columns = [places[name][1] for name in above if name in places]
    return sum(columns) / len(columns) if columns else 0.0


def neighbour(places: dict[str, Place], name: str, down: int, right: int) -> str:
    """Return the nearest node in a direction; the same one where there is none."""
    row, column = places[name]
    if right:
        beside = sorted((c, other) for other, (r, c) in places.items() if r == row)
        order = [other for _c, other in beside]
        return order[max(0, min(len(order) - 1, order.index(name) + right))]
    found = [(abs(c - column), other) for other, (r, c) in places.items() if r == row + down]
    return min(found)[1] if found else name
