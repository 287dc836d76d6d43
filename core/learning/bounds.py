"""Two bounds for what a model suggests: what is accepted, what a person reads, what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import UserError
from core.i18n import _
from core.learning.splits import Floats, Ints

LEAVE, REVIEW, ACCEPT = range(3)


class BoundsError(UserError):
    """Bounds that cannot be."""

    def __init__(self) -> None:
        super().__init__(
            _("Texts can only be accepted from a probability on at which they are also read."),
            next_step=_("Choose 0 to 1, and for accepting no less than for reading."),
        )


@dataclass(frozen=True)
class Bounds:
    """From which probability on a suggestion is accepted, and from which on a person reads it.

    Attributes:
        accept, review: in [0, 1]; `review` is not above `accept`.
        concepts: by name, (accept, review) where a concept has its own.
    """

    accept: float = 0.9
    review: float = 0.5
    concepts: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            BoundsError: out of [0, 1], or accepted below what is read.
        """
        for accept, review in ((self.accept, self.review), *self.concepts.values()):
            if not 0 <= review <= accept <= 1:
                raise BoundsError

    def of(self, concept: str) -> tuple[float, float]:
        """Return from which probabilities on a concept is accepted, and read."""
        return self.concepts.get(concept, (self.accept, self.review))

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Bounds":
        """Return the bounds that were kept; the usual ones for {}."""
        concepts = {name: (pair[0], pair[1]) for name, pair in kept.get("concepts", {}).items()}
        usual = cls()
        return cls(kept.get("accept", usual.accept), kept.get("review", usual.review), concepts)


@dataclass(frozen=True)
class Sorted:
    """What becomes of each text, and of each concept's suggestions.

    Attributes:
        input_ids: (n_texts,). fates: (n_texts,) LEAVE, REVIEW or ACCEPT.
        is_accepted: (n_rows,) whether a suggestion is to become a label.
        counts: (n_concepts, 3) suggestions of each concept by the fate of their text; of the ones
            that are accepted or read, those below both bounds of their concept do not count.
    """

    input_ids: Ints
    fates: Ints
    is_accepted: NDArray[np.bool_]
    counts: Ints

    @property
    def n_accepted(self) -> int:
        """Return how many texts get labels."""
        return int((self.fates == ACCEPT).sum())

    @property
    def n_to_review(self) -> int:
        """Return how many texts a person reads."""
        return int((self.fates == REVIEW).sum())

    @property
    def n_left(self) -> int:
        """Return how many texts stay as they are."""
        return int((self.fates == LEAVE).sum())


def sort_out(
    input_ids: Ints, concepts: Ints, probabilities: Floats, names: Sequence[str], bounds: Bounds
) -> Sorted:
    """Say what becomes of texts by what a model suggests for them.

    A text is accepted only whole: if one of its concepts is to be read, the text is. So no text
    is labelled in part. A million suggestions take some 50 ms.

    Args:
        input_ids: (n_rows,) suggestions of one text beside each other.
        concepts: (n_rows,) places in `names`.
        probabilities: (n_rows,).
        names: of the concepts.
        bounds: that hold.
    """
    pairs = np.array([bounds.of(name) for name in names], np.float64).reshape(-1, 2)
    likely = probabilities.astype(np.float64) + 1e-6  # 0.9 was kept with four bytes
    row_fates = (likely >= pairs[concepts, 0]).astype(np.int64)
    row_fates += likely >= pairs[concepts, 1]
    starts = np.flatnonzero(np.diff(input_ids, prepend=-1))
    if not len(starts):
        empty = np.empty(0, np.int64)
        return Sorted(empty, empty, np.empty(0, bool), np.zeros((len(names), 3), np.int64))
    is_read = np.logical_or.reduceat(row_fates == REVIEW, starts)
    has_any = np.logical_or.reduceat(row_fates == ACCEPT, starts)
    fates = np.where(is_read, REVIEW, np.where(has_any, ACCEPT, LEAVE)).astype(np.int64)
    of_text = np.repeat(fates, np.diff(np.append(starts, len(input_ids))))
    counted = np.where(row_fates == LEAVE, LEAVE, of_text)
    counts = np.zeros((len(names), 3), np.int64)
    np.add.at(counts, (concepts, counted), 1)
    is_accepted = (of_text == ACCEPT) & (row_fates == ACCEPT)
    return Sorted(input_ids[starts], fates, is_accepted, counts)
