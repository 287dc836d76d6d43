"""The bin: deleted inputs with all that belongs to them, until they are taken out or forgotten.

The rows move to tables of their own, so that nothing else has to ask whether an input still counts.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core.records import Input, Status
from core.storage.database import Database, chunks, marks, now

KEPT_DAYS = 30

_KEPT = (
    "id, text_id, target_id, external_id, source, split, metadata, added, import_id, n_chars, "
    "status, note"
)
_DELETE = (
    "DELETE FROM dataset_inputs WHERE {members}",
    "DELETE FROM annotations WHERE {members}",
    "DELETE FROM inputs WHERE {chosen}",
)
_INTO = (
    f"INSERT INTO bin_inputs ({_KEPT}, binned, is_undone) "
    f"SELECT {_KEPT}, :now, :is_undone FROM inputs WHERE {{chosen}}",
    "INSERT INTO bin_annotations SELECT input_id, concept_id, is_positive, step_id "
    "FROM annotations WHERE {members}",
    "INSERT INTO bin_dataset_inputs SELECT input_id, dataset_id "
    "FROM dataset_inputs WHERE {members}",
    *_DELETE,
)
_LOST = (
    """
    UPDATE bin_inputs SET external_id = NULL WHERE {chosen} AND external_id IS NOT NULL AND (
        EXISTS (SELECT 1 FROM inputs i WHERE i.external_id = bin_inputs.external_id)
        OR id NOT IN (
            SELECT MIN(id) FROM temp.moving JOIN bin_inputs b USING (id) GROUP BY b.external_id))
    """,
    "DELETE FROM bin_annotations WHERE {members} AND concept_id NOT IN (SELECT id FROM concepts)",
    "DELETE FROM bin_dataset_inputs WHERE {members} "
    "AND dataset_id NOT IN (SELECT id FROM datasets)",
)
_OUT_OF = (
    f"INSERT INTO inputs ({_KEPT}) SELECT {_KEPT} FROM bin_inputs WHERE {{chosen}}",
    "INSERT INTO annotations (input_id, concept_id, is_positive, step_id) "
    "SELECT input_id, concept_id, is_positive, step_id FROM bin_annotations WHERE {members}",
    "INSERT INTO dataset_inputs (input_id, dataset_id) SELECT input_id, dataset_id "
    "FROM bin_dataset_inputs WHERE {members}",
    "DELETE FROM bin_dataset_inputs WHERE {members}",
    "DELETE FROM bin_annotations WHERE {members}",
    "DELETE FROM bin_inputs WHERE {chosen}",
)


def put_in_bin(db: Database, ids: Sequence[int], *, is_undone: bool = False) -> None:
    """Put inputs into the bin; those of an undone step are there for its redo only."""
    _move(db, _INTO, ids, {"now": now(), "is_undone": is_undone})


def drop_lost(db: Database, ids: Sequence[int]) -> None:
    """Let inputs in the bin forget what is gone since: concepts, datasets, ids given away."""
    _move(db, _LOST, ids, {})


def take_from_bin(db: Database, ids: Sequence[int]) -> None:
    """Put inputs back to where they were, after `drop_lost`."""
    drop_lost(db, ids)
    _move(db, _OUT_OF, ids, {})


def delete_inputs(db: Database, ids: Sequence[int]) -> None:
    """Delete inputs for good, with all that belongs to them; their texts go later."""
    _move(db, _DELETE, ids, {})


def list_binned(db: Database, limit: int = 1_000) -> list[tuple[Input, datetime]]:
    """Return what was deleted, newest first, each with the moment."""
    rows = db.execute(
        """
        SELECT b.id, t.text, b.source, b.split, b.status, b.note, b.added, b.binned, g.text
        FROM bin_inputs b JOIN texts t ON t.id = b.text_id
        LEFT JOIN texts g ON g.id = b.target_id WHERE NOT b.is_undone
        ORDER BY b.binned DESC, b.id DESC LIMIT ?
        """,
        [limit],
    )
    return [
        (
            Input(
                key,
                text,
                source,
                split,
                status=Status(status),
                note=note,
                added=added,
                target=target or "",
            ),
            datetime.fromisoformat(binned),
        )
        for key, text, source, split, status, note, added, binned, target in rows
    ]


def count_binned(db: Database) -> int:
    """Return how many inputs can be taken out of the bin."""
    return int(db.table("bin_inputs").count_where("NOT is_undone"))


def list_binned_ids(db: Database, among: Sequence[int] | None = None) -> list[int]:
    """Return the keys of the inputs, all or some, that can be taken out of the bin."""
    only = "" if among is None else "AND id IN (SELECT value FROM json_each(:ids))"
    rows = db.execute(
        f"SELECT id FROM bin_inputs WHERE NOT is_undone {only} ORDER BY id",
        {"ids": json.dumps(list(among or ()))},
    )
    return [input_id for (input_id,) in rows]


def list_forgettable(db: Database, limit: int) -> list[int]:
    """Return inputs that are 30 days in the bin, or that no redo can bring back."""
    before = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat(timespec="seconds")
    rows = db.execute(
        """
        SELECT id FROM bin_inputs WHERE CASE WHEN is_undone
            THEN NOT EXISTS (SELECT 1 FROM steps WHERE state = 'undone') ELSE binned < ? END
        LIMIT ?
        """,
        [before, limit],
    )
    return [input_id for (input_id,) in rows]


def forget_binned(db: Database, ids: Sequence[int]) -> None:
    """Delete inputs in the bin for good."""
    for some in chunks(ids):
        for table, key in (
            ("bin_dataset_inputs", "input_id"),
            ("bin_annotations", "input_id"),
            ("bin_inputs", "id"),
        ):
            db.execute(f"DELETE FROM {table} WHERE {key} IN ({marks(some)})", some)


def _move(
    db: Database, statements: Sequence[str], ids: Sequence[int], values: dict[str, object]
) -> None:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS moving (id INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM moving")
    db.conn.executemany("INSERT OR IGNORE INTO moving VALUES (?)", ((i,) for i in ids))
    for statement in statements:
        db.execute(
            statement.format(
                chosen="id IN (SELECT id FROM temp.moving)",
                members="input_id IN (SELECT id FROM temp.moving)",
            ),
            values,
        )
