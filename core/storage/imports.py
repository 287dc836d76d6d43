"""Imports: what came in together, and the rows that could not."""

from collections.abc import Iterable, Iterator

from core.storage.database import Database, insert, now, transaction


def add_import(db: Database, source: str) -> int:
    """Note that an import has begun; return its key."""
    return insert(db, "imports", source=source, started=now())


def end_import(db: Database, import_id: int, n_added: int) -> None:
    """Note that an import is whole."""
    db.table("imports").update(import_id, {"ended": now(), "n_added": n_added})


def undo_import(db: Database, import_id: int) -> None:
    """Take back what an import brought: its texts, and the concepts and dataset it made."""
    mine = [import_id]
    with transaction(db):
        db.execute("DELETE FROM inputs WHERE import_id = ?", mine)
        db.execute(
            "DELETE FROM concepts WHERE import_id = ? "
            "AND NOT EXISTS (SELECT 1 FROM annotations WHERE concept_id = concepts.id)",
            mine,
        )
        db.execute(
            """
            DELETE FROM texts WHERE NOT EXISTS (SELECT 1 FROM inputs WHERE text_id = texts.id)
            AND NOT EXISTS (SELECT 1 FROM version_inputs WHERE text_id = texts.id)
            """
        )
        db.table("imports").delete(import_id)
        db.execute(
            "DELETE FROM datasets WHERE import_id = ? "
            "AND id NOT IN (SELECT dataset_id FROM dataset_inputs) "
            "AND id NOT IN (SELECT dataset_id FROM dataset_versions)",
            mine,
        )


def undo_unfinished_imports(db: Database) -> None:
    """Take back the imports that never ended, because the program or the lights went out."""
    for (import_id,) in db.execute("SELECT id FROM imports WHERE ended IS NULL").fetchall():
        undo_import(db, import_id)


def add_problems(db: Database, import_id: int, problems: Iterable[tuple[int, str, str]]) -> None:
    """Keep rows that could not be taken: number, reason, the row as it stood."""
    db.conn.executemany(
        "INSERT INTO import_problems (import_id, number, reason, row) VALUES (?, ?, ?, ?)",
        ((import_id, *problem) for problem in problems),
    )


def list_problems(db: Database, import_id: int, limit: int = -1) -> Iterator[tuple[int, str, str]]:
    """Yield the rows that could not be taken, in the order of the file; -1 means all."""
    yield from db.execute(
        "SELECT number, reason, row FROM import_problems "
        "WHERE import_id = ? ORDER BY rowid LIMIT ?",
        [import_id, limit],
    )


def count_problems(db: Database, import_id: int) -> int:
    """Return how many rows of an import could not be taken."""
    return int(db.table("import_problems").count_where("import_id = ?", [import_id]))
