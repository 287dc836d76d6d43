"""The beginning of a file as it will come in: texts with concepts, and what cannot be added."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from core.files import Preview, Problem, Row, read

SHOWN_ROWS, SHOWN_BESIDE_PROBLEMS = 8, 6
LOOKED_AT = 1000  # rows of a file too long to count


@dataclass(frozen=True)
class Look:
    """What the rows become; counts are of the whole file if `is_whole`, else of its beginning.

    Attributes:
        rows: the first ones that can be added.
        problems: the first ones that cannot.
        new_concepts: names that the app does not know yet, in the order in which they are made.
    """

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    n_rows: int
    n_problems: int
    n_unlabelled: int
    new_concepts: tuple[str, ...]
    is_whole: bool


def look_at(seen: Preview, known: Mapping[str, int]) -> Look:
    """Read what the preview has counted, or the first thousand rows.

    Raises:
        UserError: the file cannot be read, or has no such column.
    """
    is_whole = seen.n_rows is not None
    rows: list[Row] = []
    problems: list[Problem] = []
    names: set[str] = set()
    n_rows = n_problems = n_unlabelled = 0
    for row in islice(read(seen.path, seen.mapping), None if is_whole else LOOKED_AT):
        if isinstance(row, Problem):
            n_problems += 1
            if len(problems) < SHOWN_ROWS:
                problems.append(row)
            continue
        n_rows += 1
        n_unlabelled += not any(positive for _name, positive in row.concepts)
        names.update(name for name, _positive in row.concepts)
        if len(rows) < SHOWN_ROWS:
            rows.append(row)
    new = tuple(sorted(names - known.keys()))
    shown = tuple(rows[: SHOWN_BESIDE_PROBLEMS if problems else SHOWN_ROWS])
    return Look(shown, tuple(problems), n_rows, n_problems, n_unlabelled, new, is_whole)


def concepts_in(cell: str, row: Row, separator: str) -> Iterator[tuple[str, bool]]:
    """Yield the concepts that one cell of a row became, each with yes or no."""
    said = dict(row.concepts)
    for part in cell.split(separator) if separator else (cell,):
        name = " ".join(part.split())
        if name in said:
            yield name, said[name]


def all_problems(seen: Preview) -> Iterator[Problem]:
    """Yield the rows that cannot be added, of as much of the file as was looked at."""
    if seen.n_rows is None:
        yield from seen.problems
        return
    yield from (row for row in read(seen.path, seen.mapping) if isinstance(row, Problem))
