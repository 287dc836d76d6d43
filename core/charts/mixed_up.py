"""Which concepts are worth a look first, where a matrix of all of them is too much."""

from collections.abc import Sequence

MOST = 8  # concepts that are shown at first

Counts = Sequence[Sequence[int]]


def most_mixed_up(counts: Counts, most: int = MOST) -> list[int]:
    """Return the concepts that are mixed up most often, those alike next to one another.

    Args:
        counts: (n_concepts, n_concepts) texts, rows what people said, columns what the model said.
        most: how many to return; fewer if there are fewer.
    """
    n_concepts = len(counts)
    slips = [(counts[i][j] + counts[j][i], i, j) for i in range(n_concepts) for j in range(i)]
    ranked = [place for slip in sorted(slips, reverse=True) for place in slip[1:]]
    chosen = list(dict.fromkeys([*ranked, *range(n_concepts)]))[:most]
    return _alike_together(chosen, counts)


def _alike_together(chosen: list[int], counts: Counts) -> list[int]:
    rest, result = chosen[1:], chosen[:1]
    while rest:
        last = result[-1]
        nearest = max(rest, key=lambda i: counts[last][i] + counts[i][last])
        rest.remove(nearest)
        result.append(nearest)
    return result
