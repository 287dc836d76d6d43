"""Imports: what came in together, and the rows that could not."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from core.storage.database import Database, insert, now, transaction
from core.storage.names import storable

SHOWN_CHARS = 500


class ProblemRow(NamedTuple):
    """A row that could not be taken; see `core.files.tables.Problem`, which it fills."""

    number: int
    reason: str
    row: str
    cells: tuple[str, ...]


def add_import(db: Database, source: str, step_id: int) -> int:
    """Note that an import has begun; return its key."""
    return insert(db, "imports", source=source, started=now(), step_id=step_id)


def end_import(db: Database, import_id: int, n_added: int) -> None:
    """Note that an import is whole."""
    db.table("imports").update(import_id, {"ended": now(), "n_added": n_added})


def delete_import(db: Database, import_id: int) -> None:
    """Forget an import that was taken back."""
    db.table("imports").delete(import_id)


def delete_unfinished_imports(db: Database) -> None:
    """Forget the imports that never ended; their steps were taken back."""
    with transaction(db):
        db.execute("DELETE FROM imports WHERE ended IS NULL")


def add_problems(
    db: Database, import_id: int, problems: Iterable[tuple[int, str, Sequence[str]]]
) -> None:
    """Keep rows that could not be taken: number, reason, and all cells, to be mended."""
    db.conn.executemany(
        "INSERT INTO import_problems (import_id, number, reason, row) VALUES (?, ?, ?, ?)",
        (
            (import_id, number, storable(reason), json.dumps([*map(storable, cells)]))
            for number, reason, cells in problems
        ),
    )


def list_problems(
    db: Database, import_id: int, limit: int = -1, offset: int = 0
) -> Iterator[ProblemRow]:
    """Yield the rows that could not be taken, in the order of the file; -1 means all."""
    for number, reason, row in db.execute(
        "SELECT number, reason, row FROM import_problems "
        "WHERE import_id = ? ORDER BY rowid LIMIT ? OFFSET ?",
        [import_id, limit, offset],
    ):
        cells = _cells(row)
        shown = " | ".join(cell[:SHOWN_CHARS] for cell in cells)
        yield ProblemRow(number, reason, shown[:SHOWN_CHARS], cells)


def count_problems(db: Database, import_id: int) -> int:
    """Return how many rows of an import could not be taken."""
    return int(db.table("import_problems").count_where("import_id = ?", [import_id]))


def find_import_step(db: Database, import_id: int) -> int:
    """Return the key of the step that an import is; 0 if it was undone since."""
    found = db.execute(
        "SELECT steps.id FROM imports JOIN steps ON steps.id = imports.step_id "
        "WHERE imports.id = ? AND steps.state <> 'undone'",
        [import_id],
    ).fetchone()
    return int(found[0]) if found else 0


def _cells(row: str) -> tuple[str, ...]:
    """Return the cells of a row; older apps kept it as it is shown."""
    try:
        cells = json.loads(row)
    except ValueError:
        return (row,)
    is_list = isinstance(cells, list) and all(isinstance(cell, str) for cell in cells)
    return tuple(cells) if is_list else (row,)
