"""A file of predictions read back: which of its columns are ours, and what they say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from core.errors import UserError
from core.files.predicted.columns import (
    NEEDS_PERSON,
    OF_CONCEPT,
    PREDICTED,
    PROBABILITY,
    RUNNER_UP,
    RUNNER_UP_PROBABILITY,
    UNLIKE,
    YES,
    free_separator,
)
from core.files.previews import preview
from core.files.reader import Reader, read
from core.files.tables import Problem
from core.i18n import _

SECOND = re.compile(r" \(\d+\)$")  # of a name that the source had already


class NoPredictionsError(UserError):
    """A file has no columns of predictions."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("“{file}” holds no predictions with concepts.").format(file=path.name),
            next_step=_("Choose a file that was written by “Predict files”."),
        )


class PredictedRow(NamedTuple):
    """One row with what a model said of it; a named tuple because there are millions.

    Attributes:
        number: as a spreadsheet counts.
        own: the cells of the source, without ours.
        is_unlike, needs_person: False also where nobody said.
    """

    number: int
    text: str
    own: tuple[str, ...]
    predicted: tuple[str, ...]
    probability: float
    runner_up: str
    runner_up_probability: float
    needs_person: bool
    is_unlike: bool


@dataclass(frozen=True)
class PredictedColumns:
    """Which columns of a file are ours.

    Attributes:
        own: those of the source.
        places: of ours, by the name that they are written with.
        concepts: of the model.
        text: the column of the texts.
        separator: parts several predicted concepts.
    """

    own: tuple[str, ...]
    places: dict[str, int]
    concepts: tuple[str, ...]
    text: str
    separator: str = "|"

    @property
    def tells_people(self) -> bool:
        """Tell whether texts are left to people."""
        return NEEDS_PERSON in self.places

    @property
    def tells_unlike(self) -> bool:
        """Tell whether texts unlike the training are marked."""
        return UNLIKE in self.places


class PredictedReader:
    """Yields the rows of a file that have a prediction, in their order.

    Attributes:
        columns: which columns the file has, and which of them are ours.
        header: the names of all.
        n_without: how many of the rows so far have none.

    Raises:
        NoPredictionsError: the file has no such columns.
        UserError: it cannot be read.
    """

    def __init__(self, path: Path, text: str = "") -> None:
        mapping = preview(path).mapping
        if text:
            mapping = replace(mapping, text=text)
        plain = replace(  # nothing else of the file matters, nor makes a row a problem
            mapping, concepts=(), not_concepts=(), indicators=(), values=(), also_text=(),
            as_sections=False, target="", id="", split="", note="", metadata=(),
        )  # fmt: skip
        self._reader: Reader = read(path, plain)
        self.n_without = 0
        self.header = self._reader.columns
        self.columns = self._found(path, mapping.text)

    @property
    def share_read(self) -> float:
        """Return how much of the file has been read, in [0, 1]."""
        return self._reader.share_read

    def __iter__(self) -> Iterator[PredictedRow]:
        """Yield the rows; those without a text or a prediction are counted."""
        return (row for row, _cells in self.with_cells())

    def with_cells(self) -> Iterator[tuple[PredictedRow, tuple[str, ...]]]:
        """Yield the rows, each with all its cells."""
        place = self.columns.places
        n_own = len(self.columns.own)
        for row in self._reader:
            cells = row.cells
            if isinstance(row, Problem) or not cells[place[PROBABILITY]]:
                self.n_without += 1
                continue
            predicted = cells[place[PREDICTED]]
            found = PredictedRow(
                row.number,
                row.text,
                cells[:n_own],
                tuple(predicted.split(self.columns.separator)) if predicted else (),
                number_in(cells[place[PROBABILITY]]),
                cells[place[RUNNER_UP]] if RUNNER_UP in place else "",
                number_in(cells[place[RUNNER_UP_PROBABILITY]])
                if RUNNER_UP_PROBABILITY in place
                else 0.0,
                _says_yes(cells, place, NEEDS_PERSON),
                _says_yes(cells, place, UNLIKE),
            )
            yield found, cells

    def _found(self, path: Path, text: str) -> PredictedColumns:
        names = [SECOND.sub("", name) for name in self._reader.columns]
        first = max((i for i, name in enumerate(names) if name == PREDICTED), default=-1)
        if first < 0 or names[first + 1 : first + 2] != [PROBABILITY]:
            raise NoPredictionsError(path)
        ours = {name: i for i, name in enumerate(names) if i >= first}
        concepts = tuple(
            name.removeprefix(OF_CONCEPT)
            for name in self._reader.columns[first:]
            if name.startswith(OF_CONCEPT)
        )
        own = self._reader.columns[:first]
        return PredictedColumns(own, ours, concepts, text, free_separator(concepts))


def _says_yes(cells: Sequence[str], place: dict[str, int], name: str) -> bool:
    return name in place and cells[place[name]] in (YES, "true")


def number_in(cell: str) -> float:
    """Return a probability as a cell has it; 0 where somebody changed it into none."""
    try:
        return min(1.0, max(0.0, float(cell)))
    except ValueError:
        return 0.0
