"""Pairs of texts that resemble each other, and the groups they form."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from core.learning.data_check.neighbours import Neighbours
from core.learning.splits import Floats, Ints


@dataclass(frozen=True)
class Pairs:
    """Pairs of different texts, each pair once, with how much they resemble each other.

    Attributes:
        one: (n_pairs,) number of the first text of each pair.
        other: (n_pairs,) number of the second, the larger one.
        similarity: (n_pairs,) in [0, 1].
    """

    one: Ints
    other: Ints
    similarity: Floats

    def __len__(self) -> int:
        return len(self.one)

    def at_least(self, similarity: float) -> "Pairs":
        """Return the pairs that resemble each other at least so much."""
        return self.take(self.similarity >= np.float32(similarity))

    def take(self, which: NDArray[np.bool_] | Ints) -> "Pairs":
        """Return some of the pairs."""
        return Pairs(self.one[which], self.other[which], self.similarity[which])

    def renumbered(self, texts: Ints) -> "Pairs":
        """Return the pairs with other numbers: text i becomes `texts[i]`, which must rise."""
        return Pairs(texts[self.one], texts[self.other], self.similarity)


def unique_pairs(one: NDArray[Any], other: NDArray[Any], n_texts: int) -> tuple[Ints, Ints, Ints]:
    """Return each pair once, smaller number first, and at which place it was found first."""
    keys = np.minimum(one, other).astype(np.int64) * n_texts + np.maximum(one, other)
    keys, places = np.unique(keys, return_index=True)
    return keys // max(n_texts, 1), keys % max(n_texts, 1), places


def pairs_of_neighbours(neighbours: Neighbours, floor: float) -> Pairs:
    """Return the neighbours that are at least so similar: at most k pairs per text."""
    n_texts, k = neighbours.texts.shape
    is_near = (neighbours.similarities >= np.float32(floor)) & (neighbours.texts >= 0)
    asking = np.repeat(np.arange(n_texts), k).reshape(n_texts, k)[is_near]
    one, other, places = unique_pairs(asking, neighbours.texts[is_near], n_texts)
    return Pairs(one, other, np.maximum(neighbours.similarities[is_near][places], 0))


def groups_of_equal(numbers: Ints) -> list[Ints]:
    """Return the groups of two or more texts with the same number, the largest first."""
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order])) + 1
    groups = [group for group in np.split(order, starts) if len(group) > 1]
    return sorted(groups, key=len, reverse=True)


def groups_of_similar(numbers: Ints, pairs: Pairs) -> list[Ints]:
    """Return the groups of two or more texts that equality and pairs hold together.

    Args:
        numbers: (n_texts,) equal for equal texts.
        pairs: of any of the texts.

    Returns:
        The numbers of the texts of each group, rising; the largest group first.
    """
    n_numbers = int(numbers.max(initial=-1)) + 1
    ends = (numbers[pairs.one], numbers[pairs.other])
    links = coo_array((np.ones(len(pairs), dtype=np.int8), ends), shape=(n_numbers, n_numbers))
    if not n_numbers:
        return []
    _n_groups, group_of_number = connected_components(links, directed=False)
    return groups_of_equal(group_of_number.astype(np.int64)[numbers])
