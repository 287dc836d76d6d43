"""The columns that are added to the rows of a file, and what stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from core.files.export_names import SEPARATORS

PREDICTED, PROBABILITY = "predicted_concepts", "probability"
RUNNER_UP, RUNNER_UP_PROBABILITY = "runner_up", "runner_up_probability"
NEEDS_PERSON, UNLIKE = "needs_person", "unlike_training"
ANSWER = "answer"
OF_CONCEPT = "p:"
YES, NO = "yes", "no"  # as the names of the columns, the same in every language

Value = str | float | bool | tuple[str, ...] | tuple[float, ...] | None  # in a cell


class Behind(Protocol):
    """Which columns stand behind those of the source, and how their cells are written."""

    @property
    def words(self) -> tuple[str, ...]:
        """Return the columns of which each row has a value."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Return all of them: `words`, then one with a probability for each concept."""
        ...

    @property
    def numeric(self) -> frozenset[int]:
        """Return the places of those among `names` that hold numbers."""
        ...

    @property
    def separator(self) -> str:
        """Return what parts several values in a cell."""
        ...


class Said(NamedTuple):
    """What a model says of one text; a named tuple because there are millions.

    Attributes:
        predicted: the concepts that are the answer, likeliest first; empty for none.
        probability: of the likeliest of them, or of the likeliest concept where there is none.
        runner_up: the likeliest concept that is not the answer, "" if all are.
        runner_up_probability: its own, 0 where there is none.
        needs_person: whether it is left to a person by thresholds that somebody chose.
        is_unlike: whether it is unlike anything that the model learned from.
    """

    predicted: tuple[str, ...]
    probability: float
    runner_up: str
    runner_up_probability: float
    needs_person: bool = False
    is_unlike: bool = False


@dataclass(frozen=True)
class Added:
    """Which columns are added, in this order: words and flags, then one for each concept.

    Attributes:
        concepts: of the model.
        tells_people: whether somebody chose thresholds, so that some texts are left to people.
        tells_unlike: whether the model knows what is unlike its training.
        is_written: the model writes: there is one column, its answer.
    """

    concepts: tuple[str, ...] = ()
    tells_people: bool = False
    tells_unlike: bool = False
    is_written: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """Return the columns that say yes or no."""
        told = ((NEEDS_PERSON, self.tells_people), (UNLIKE, self.tells_unlike))
        return tuple(name for name, is_told in told if is_told)

    @property
    def words(self) -> tuple[str, ...]:
        """Return the columns before those of the single concepts."""
        if self.is_written:
            return (ANSWER,)
        return (PREDICTED, PROBABILITY, RUNNER_UP, RUNNER_UP_PROBABILITY, *self.flags)

    @property
    def names(self) -> tuple[str, ...]:
        """Return all of them."""
        return (*self.words, *(f"{OF_CONCEPT}{concept}" for concept in self.concepts))

    @property
    def numeric(self) -> frozenset[int]:
        """Return the places of the probabilities among `names`."""
        ours = {
            i for i, name in enumerate(self.words) if name in (PROBABILITY, RUNNER_UP_PROBABILITY)
        }
        return frozenset({*ours, *range(len(self.words), len(self.names))})

    @cached_property
    def separator(self) -> str:
        """Return what parts several predicted concepts: a bar unless a name holds one."""
        return free_separator(self.concepts)

    def values_of(self, said: Said) -> list[Value]:
        """Return the values of `words`, for a model that answers with concepts."""
        values: list[Value] = [*said[:4]]
        if self.tells_people:
            values.append(said.needs_person)
        if self.tells_unlike:
            values.append(said.is_unlike)
        return values


@dataclass(frozen=True)
class Named:
    """Columns by their names, without any for single concepts.

    Attributes:
        numeric: the places of those that hold numbers where a cell has one.
    """

    words: tuple[str, ...]
    numeric: frozenset[int] = frozenset()
    separator: str = SEPARATORS[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Return all of them."""
        return self.words


def free_separator(concepts: Sequence[str]) -> str:
    """Return the first separator that no name holds; a bar where all are used up."""
    used = set().union(*concepts)
    return next((one for one in SEPARATORS if one not in used), SEPARATORS[0])
