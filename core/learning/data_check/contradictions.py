"""The same text, or nearly the same, with labels that contradict each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.learning.data_check.duplicates import first_of_equal
from core.learning.data_check.pairs import Pairs, groups_of_equal
from core.learning.splits import Ints

Labels = NDArray[np.int8]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Contradiction:
    """Texts that say the same and are labelled differently.

    Attributes:
        texts: all copies of one text that have labels; or one copy of each of two similar texts.
        concepts: the columns of the concepts in dispute.
        similarity: 1 for copies of one text.
    """

    texts: tuple[int, ...]
    concepts: tuple[int, ...]
    similarity: float


def contradictions(
    labels: Labels, numbers: Ints, pairs: Pairs, *, is_exclusive: bool
) -> list[Contradiction]:
    """Find texts that are equal or similar and carry contradicting labels.

    A concept is in dispute if one text carries it and another is said not to. Where concepts
    exclude each other, it is also in dispute if one text carries it and the other another one.

    Args:
        labels: (n_texts, n_concepts): 1 said to be present, -1 said to be absent, 0 not said.
        numbers: (n_texts,) equal for equal texts, from `numbers_of_texts`.
        pairs: of similar texts, one of each number; as similar as the analyst asks for.
        is_exclusive: whether a text has one concept at most.

    Returns:
        Equal texts first, the largest group first; then similar ones, the most similar first.
    """
    found = _among_equal(labels, numbers, is_exclusive=is_exclusive)
    said = _Said(labels, numbers)
    one, other = numbers[pairs.one], numbers[pairs.other]
    disputed = said.disputed_between(one, other, is_exclusive=is_exclusive)
    order = np.argsort(-pairs.similarity, kind="stable")
    in_dispute = np.asarray(disputed.any(axis=1))
    for place in order[in_dispute[order]]:
        texts = (int(said.labelled[one[place]]), int(said.labelled[other[place]]))
        concepts = tuple(np.flatnonzero(disputed[place]).tolist())
        found.append(Contradiction(texts, concepts, float(pairs.similarity[place])))
    return found


def _among_equal(labels: Labels, numbers: Ints, *, is_exclusive: bool) -> list[Contradiction]:
    has_label = np.flatnonzero((labels != 0).any(axis=1))
    found = []
    for group in groups_of_equal(numbers[has_label]):
        texts = has_label[group]
        carried, denied = labels[texts] > 0, labels[texts] < 0
        disputed = np.asarray(carried.any(axis=0) & denied.any(axis=0))
        if is_exclusive:
            carriers = carried[np.asarray(carried.any(axis=1))]
            disputed |= carriers.any(axis=0) & ~carriers.all(axis=0)
        if disputed.any():
            concepts = tuple(np.flatnonzero(disputed).tolist())
            found.append(Contradiction(tuple(texts.tolist()), concepts, 1.0))
    return found


class _Said:
    """What is said of all copies of each text together.

    Attributes:
        labelled: (n_numbers,) the first copy with a label; the first copy if none has one.
    """

    def __init__(self, labels: Labels, numbers: Ints) -> None:
        shape = (int(numbers.max(initial=-1)) + 1, labels.shape[1])
        self._carried, self._denied = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        for flags, sign in ((self._carried, 1), (self._denied, -1)):
            texts, concepts = np.nonzero(labels == sign)
            flags[numbers[texts], concepts] = True
        self.labelled = np.empty(len(self._carried), dtype=np.int64)
        firsts = first_of_equal(numbers)
        self.labelled[numbers[firsts]] = firsts
        has_label = np.flatnonzero((labels != 0).any(axis=1))[::-1]
        self.labelled[numbers[has_label]] = has_label

    def disputed_between(self, one: Ints, other: Ints, *, is_exclusive: bool) -> Flags:
        """Return which concepts two texts contradict each other about, (n_pairs, n_concepts)."""
        carried, denied = self._carried, self._denied
        disputed = (carried[one] & denied[other]) | (denied[one] & carried[other])
        if is_exclusive:
            both = np.asarray(carried[one].any(axis=1) & carried[other].any(axis=1))
            disputed |= (carried[one] ^ carried[other]) & both[:, None]
        return np.asarray(disputed)
