"""The beginning of a file as it will come in: texts with concepts, and what cannot be added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from core.files import Preview, Problem, Row, read
from core.operations.import_texts import ImportResult
from desktop.screens.dataset.roles import Role

SHOWN_ROWS, SHOWN_BESIDE_PROBLEMS = 8, 6
LOOKED_AT = 1000  # rows of a file too long to count
TWO = 2


@dataclass(frozen=True)
class Look:
    """What the rows become; counts are of the whole file if `is_whole`, else of its beginning.

    Attributes:
        rows: the first ones that can be added.
        problems: the first ones that cannot.
        n_targets: rows that say what a model shall write. n_bare: those that say neither that
            nor a concept.
        concepts: all names that are said.
        new_concepts: those that the app does not know yet, in the order in which they are made.
        two_values: what stands in the one column of concepts, if it is just two things.
        check: what an import would do, once the whole file was read for it.
    """

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    n_rows: int
    n_problems: int
    n_unlabelled: int
    n_targets: int
    n_bare: int
    concepts: tuple[str, ...]
    new_concepts: tuple[str, ...]
    two_values: tuple[str, ...]
    is_whole: bool
    check: ImportResult | None = None


def look_at(seen: Preview, known: Mapping[str, int]) -> Look:
    """Read what the preview has counted, or the first thousand rows.

    Raises:
        UserError: the file cannot be read, or has no such column.
    """
    is_whole = seen.n_rows is not None
    rows: list[Row] = []
    problems: list[Problem] = []
    names: set[str] = set()
    values: set[str] = set()
    column = _one_column(seen)
    n_rows = n_problems = n_unlabelled = n_targets = n_bare = 0
    for row in islice(read(seen.path, seen.mapping), None if is_whole else LOOKED_AT):
        if isinstance(row, Problem):
            n_problems += 1
            if len(problems) < SHOWN_ROWS:
                problems.append(row)
            continue
        n_rows += 1
        n_unlabelled += not row.concepts
        n_targets += bool(row.target)
        n_bare += not row.concepts and not row.target
        names.update(name for name, _positive in row.concepts)
        if column is not None and len(values) <= TWO and (value := row.cells[column].strip()):
            values.add(value)
        if len(rows) < SHOWN_ROWS:
            rows.append(row)
    return Look(
        rows=tuple(rows[: SHOWN_BESIDE_PROBLEMS if problems else SHOWN_ROWS]),
        problems=tuple(problems),
        n_rows=n_rows,
        n_problems=n_problems,
        n_unlabelled=n_unlabelled,
        n_targets=n_targets,
        n_bare=n_bare,
        concepts=tuple(sorted(names)),
        new_concepts=tuple(sorted(names - known.keys())),
        two_values=tuple(sorted(values)) if len(values) == TWO else (),
        is_whole=is_whole,
    )


def with_check(look: Look, check: ImportResult, known: Mapping[str, int]) -> Look:
    """Return the look with the counts of the whole file, of which the app knows some texts."""
    return replace(
        look,
        problems=check.problems or look.problems,
        n_rows=check.n_added + check.n_merged,
        n_problems=check.n_problems,
        n_unlabelled=check.n_unlabelled,
        n_targets=check.n_targets,
        n_bare=check.n_bare,
        concepts=check.concepts,
        new_concepts=tuple(name for name in check.concepts if name not in known),
        is_whole=True,
        check=check,
    )


def concepts_in(seen: Preview, row: Row, place: int, role: Role) -> Iterator[tuple[str, bool]]:
    """Yield the concepts that one cell of a row became, each with yes or no."""
    said, cell = dict(row.concepts), row.cells[place] if place < len(row.cells) else ""
    mapping = seen.mapping
    names: Sequence[str] = cell.split(mapping.separator) if mapping.separator else (cell,)
    if role is Role.YES_NO:
        names = (seen.columns[place],) if cell.strip() else ()
    elif mapping.yes_value and role is Role.CONCEPTS:
        names = [name for name in said if name not in mapping.indicators] if cell.strip() else ()
    for part in names:
        name = " ".join(part.split())
        if name in said:
            yield name, said[name]


def near_names(new: Sequence[str], known: Sequence[str]) -> list[tuple[str, str]]:
    """Return new names that differ from another in no letter: "Late" and "late", "a_b" and "a b".

    Returns:
        Pairs of a new name and the one that it is near to, which is a known one if there is.
    """
    first: dict[str, str] = {}
    for name in known:
        first.setdefault(_letters(name), name)
    return [
        (name, other) for name in new if (other := first.setdefault(_letters(name), name)) != name
    ]


def _letters(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum()) or name


def _one_column(seen: Preview) -> int | None:
    """Return where the column is whose two values may mean yes and no."""
    mapping = seen.mapping
    is_one = len(mapping.concepts) == 1 and not any(mapping.values) and not mapping.separator
    return seen.columns.index(mapping.concepts[0]) if is_one else None
