"""Whether an app's database is sound, part by part, and what can be mended of it.

Only a transaction of the caller's may mend; looking writes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from core.storage.database import Database, marks
from core.storage.inputs import text_hash
from core.storage.search import count_unsearchable

MOST_LINES = 100
AT_ONCE = 5_000
_INDEX_WORDS = ("missing from index", "wrong # of entries in index", "non-unique entry in index")
_COUNTED = {
    "inputs": (
        ("n_labels", "SELECT COUNT(*) FROM annotations WHERE input_id = inputs.id"),
        ("n_concepts", "SELECT TOTAL(is_positive) FROM annotations WHERE input_id = inputs.id"),
        ("n_chars", "SELECT LENGTH(text) FROM texts WHERE id = inputs.text_id"),
    ),
    "concepts": (
        (
            "n_positive",
            "SELECT COUNT(*) FROM annotations WHERE concept_id = concepts.id AND is_positive",
        ),
        (
            "n_negative",
            "SELECT COUNT(*) FROM annotations WHERE concept_id = concepts.id AND NOT is_positive",
        ),
    ),
    "datasets": (
        ("n_inputs", "SELECT COUNT(*) FROM dataset_inputs WHERE dataset_id = datasets.id"),
        (
            "n_labelled",
            "SELECT COUNT(*) FROM dataset_inputs m JOIN inputs i ON i.id = m.input_id "
            "WHERE m.dataset_id = datasets.id AND i.n_labels > 0",
        ),
    ),
}


def list_damage(db: Database) -> list[str]:
    """Return what SQLite finds wrong with the file, in its words; nothing where it is sound."""
    try:
        lines = [line for (line,) in db.execute(f"PRAGMA integrity_check({MOST_LINES})")]
    except db.conn.DatabaseError as error:
        return [str(error)]
    return [] if lines == ["ok"] else lines


def is_of_indexes(damage: list[str]) -> bool:
    """Tell whether only indexes are damaged, which can be made again from the rows."""
    return bool(damage) and all(any(words in line for words in _INDEX_WORDS) for line in damage)


def make_indexes_again(db: Database) -> None:
    """Make every index again from the rows."""
    db.execute("REINDEX")


def count_loose(db: Database) -> int:
    """Return how many rows point to something that is not there."""
    return len(db.execute("PRAGMA foreign_key_check").fetchall())


def take_out_loose(db: Database) -> list[dict[str, Any]]:
    """Delete rows that point to nothing, or let them point nowhere if they may; return them."""
    taken: list[dict[str, Any]] = []
    with without_triggers(db):
        while tables := {row[0] for row in db.execute("PRAGMA foreign_key_check").fetchall()}:
            for table in sorted(tables):
                taken += _take_out(db, table)
    return taken


def _take_out(db: Database, table: str) -> Iterator[dict[str, Any]]:
    columns = {row[1]: bool(row[3]) for row in db.execute(f"PRAGMA table_info({table})").fetchall()}
    for key in db.execute(f"PRAGMA foreign_key_list({table})").fetchall():
        parent, column, other = key[2], key[3], key[4] or "id"
        loose = f"{column} IS NOT NULL AND {column} NOT IN (SELECT {other} FROM {parent})"
        rows = db.execute(f"SELECT * FROM {table} WHERE {loose}").fetchall()
        for row in rows:
            yield {"table": table, **dict(zip(columns, map(_plain, row), strict=True))}
        if rows and columns[column]:
            db.execute(f"DELETE FROM {table} WHERE {loose}")
        elif rows:
            db.execute(f"UPDATE {table} SET {column} = NULL WHERE {loose}")


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


@contextmanager
def without_triggers(db: Database) -> Iterator[None]:
    """Let the triggers of a database stand aside, within a transaction; count again after it."""
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in rows:
        db.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in rows:
        db.execute(sql)


def count_miscounted(db: Database) -> int:
    """Return how many counts that are always in view are not what is counted."""
    return sum(
        db.execute(f"SELECT COUNT(*) FROM {table} WHERE {column} IS NOT ({question})").fetchone()[0]
        for table, counts in _COUNTED.items()
        for column, question in counts
    )


def recount(db: Database) -> None:
    """Count again what is always in view."""
    for table, counts in _COUNTED.items():
        for column, question in counts:
            db.execute(
                f"UPDATE {table} SET {column} = ({question}) WHERE {column} IS NOT ({question})"
            )


def is_index_sound(db: Database) -> bool:
    """Tell whether the search index knows the words of the texts that it says it knows."""
    with_texts = 0 if count_unsearchable(db) else 1  # some are still to come in: look into it alone
    try:
        db.execute(
            "INSERT INTO texts_fts (texts_fts, rank) VALUES ('integrity-check', ?)", [with_texts]
        )
    except db.conn.DatabaseError:
        return False
    return True


def make_search_again(db: Database) -> None:
    """Make the search index again from the texts."""
    db.execute("INSERT INTO texts_fts (texts_fts) VALUES ('rebuild')")


def list_altered_texts(db: Database) -> Iterator[list[tuple[int, bytes]]]:
    """Yield, a list for each part of the texts, those that are not as they were written."""
    last = 0
    while rows := db.execute(
        "SELECT id, hash, text FROM texts WHERE id > ? ORDER BY id LIMIT ?", [last, AT_ONCE]
    ).fetchall():
        last = rows[-1][0]
        yield [(key, digest) for key, digest, text in rows if not _is_as_written(text, digest)]


def _is_as_written(text: object, digest: bytes) -> bool:
    return isinstance(text, str) and text_hash(text) == digest


def find_texts(db: Database, digests: list[bytes]) -> dict[bytes, str]:
    """Return those of the texts that are here, and as they were written."""
    found: dict[bytes, str] = {}
    with suppress(db.conn.DatabaseError):  # a backup of an older storage, or a damaged one
        rows = db.execute(f"SELECT hash, text FROM texts WHERE hash IN ({marks(digests)})", digests)
        found.update((digest, text) for digest, text in rows if _is_as_written(text, digest))
    return found


def put_text_back(db: Database, text_id: int, text: str) -> None:
    """Give a text its words again; the search index has to be made again."""
    db.execute("UPDATE texts SET text = ? WHERE id = ?", [text, text_id])
