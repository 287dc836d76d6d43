"""Which texts stand behind a number of an evaluation, the most telling mistakes first."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.learning.curves import judged
from core.learning.decisions import Bools, decide
from core.learning.scored import NOT_SEEN, Scored
from core.learning.splits import Floats, Ints


@dataclass(frozen=True)
class Cell:
    """A field of the matrix: people said the one concept, the model the other.

    Attributes:
        model: "" for texts of `person` that got no answer at all.
    """

    person: str
    model: str


@dataclass(frozen=True)
class Outcome:
    """What became of a concept: "found", "missed" by the model, or "wrong"ly given."""

    concept: str
    kind: Literal["found", "missed", "wrong"]


@dataclass(frozen=True)
class Range:
    """Texts whose probability lies between two bounds; the upper one counts only where it is 1.

    Attributes:
        concept: whose probability; "" as in `curves.reliability`.
        is_right: only those that are right, or that are not; None for both.
    """

    concept: str
    low: float
    high: float
    is_right: bool | None = None


@dataclass(frozen=True)
class Together:
    """Texts that people gave both concepts; the same one twice means all of its texts."""

    one: str
    other: str


@dataclass(frozen=True)
class Mistakes:
    """All texts whose answer is not exactly what people said.

    Where a text has exactly one concept, those left to a person have no answer and are none.
    """


@dataclass(frozen=True)
class Learned:
    """Texts that the model had seen, exactly or nearly."""


Mark = Cell | Outcome | Range | Together | Mistakes | Learned


@dataclass(frozen=True)
class Behind:
    """The texts behind a mark.

    Attributes:
        places: (n,) of the texts among the scored ones, the most telling first.
        probabilities: (n,) what the model said of the concept that the mark is about.
    """

    places: Ints
    probabilities: Floats


def texts_behind(scored: Scored, mark: Mark, thresholds: Floats) -> Behind:
    """Return the texts behind a mark.

    The model's surest mistakes come first: what it gave wrongly by falling probability, what it
    missed by rising. Right answers come with the least sure first.

    Raises:
        ValueError: the mark names a concept that the model does not know.
    """
    predicted = decide(scored.probabilities, thresholds, is_exclusive=scored.is_exclusive)
    actual = scored.targets == 1
    best = scored.probabilities.max(axis=1)
    match mark:
        case Cell(person, model):
            is_meant, stated, rises = _cell(scored, predicted, person, model)
        case Outcome(concept, kind):
            i = scored.concepts.index(concept)
            said, given = actual[:, i], predicted[:, i]
            is_meant = {"found": said & given, "missed": said & ~given, "wrong": ~said & given}[
                kind
            ]
            stated, rises = scored.probabilities[:, i], kind != "wrong"
        case Range():
            return _range(scored, mark)
        case Together(one, other):
            i, j = scored.concepts.index(one), scored.concepts.index(other)
            is_meant, stated = actual[:, i] & actual[:, j], scored.probabilities[:, j]
            rises = True
        case Mistakes():
            is_meant, stated, rises = (actual != predicted).any(axis=1), best, False
            if scored.is_exclusive:  # no answer is no wrong one: the text is left to a person
                is_meant &= predicted.any(axis=1)
        case Learned():
            is_meant, stated, rises = scored.seen != NOT_SEEN, best, False
    return _sorted(np.flatnonzero(is_meant), stated, rises=rises)


def _cell(scored: Scored, predicted: Bools, person: str, model: str) -> tuple[Bools, Floats, bool]:
    i = scored.concepts.index(person)
    carries = scored.targets[:, i] == 1
    if not model:
        return carries & ~predicted.any(axis=1), scored.probabilities[:, i], True
    j = scored.concepts.index(model)
    return carries & predicted[:, j], scored.probabilities[:, j], i == j


def _range(scored: Scored, mark: Range) -> Behind:
    """Find the texts of a bin; of all concepts together, a text counts by its highest in there."""
    column = scored.concepts.index(mark.concept) if mark.concept else None
    stated, is_right = judged(scored, column)
    is_meant = (stated >= mark.low) & ((stated < mark.high) | (mark.high >= 1))
    if mark.is_right is not None:
        is_meant &= is_right == mark.is_right
    found = np.flatnonzero(is_meant)
    n_columns = len(stated) // max(len(scored.input_ids), 1)
    order = found[np.argsort(-stated[found], kind="stable")]
    texts, first = np.unique(order // max(n_columns, 1), return_index=True)
    kept = np.argsort(first, kind="stable")
    return Behind(texts[kept], stated[order[first[kept]]])


def _sorted(places: Ints, stated: Floats, *, rises: bool) -> Behind:
    keys = stated[places] if rises else -stated[places]
    places = places[np.argsort(keys, kind="stable")]
    return Behind(places, stated[places])
