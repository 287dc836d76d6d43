"""The undo log: what a step wrote, row by row, with its inverse.

Triggers write it, as SQLite's documentation describes for undo and redo; they exist only on the
connection that records and only for as long, so that nothing else is slowed down. Inputs come
and go many at a time, so they are logged as lists of keys that went to the bin or came from it.
Whatever reverses a step is itself recorded: an undo makes the redo, and the other way round.
"""

import json
import re
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import groupby

from core.i18n import _
from core.storage.bin import (
    delete_inputs,
    drop_lost,
    list_binned_ids,
    put_in_bin,
    take_from_bin,
)
from core.storage.database import Database, chunks
from core.storage.trust import StrangeDatabaseError

TRACKED = (
    "about",
    "annotation_history",
    "annotations",
    "bin_annotations",
    "bin_dataset_inputs",
    "bin_inputs",
    "choices",
    "concept_synonyms",
    "concepts",
    "dataset_inputs",
    "datasets",
    "inputs",
    "merge_disagreements",
    "merges",
    "saved_filters",
    "workflow_versions",
    "workflows",
)
# What happened to inputs, and what is logged when that is reversed.
ADDED, HIDDEN, DELETED, RESTORED = "added", "hidden", "deleted", "restored"
REVERSED = {ADDED: HIDDEN, HIDDEN: ADDED, DELETED: RESTORED, RESTORED: DELETED}
TEXT_EDITED = "UPDATE OR IGNORE inputs SET text_id = ? "  # its first cell is the old text
TARGET_EDITED = "UPDATE OR IGNORE inputs SET target_id = ? "  # its first cell is the old target
READ_ROWS = 10_000
_WAY_BACK = re.compile(
    rf"(?:DELETE FROM|INSERT OR IGNORE INTO|UPDATE OR IGNORE) (?:{'|'.join(TRACKED)}) [^;]*"
)


@contextmanager
def recording(db: Database, step_id: int, *, is_new: bool = True) -> Iterator[None]:
    """Log what the block writes as part of a step.

    Labels that are changed go into their history, if the step `is_new` and not being reversed.
    """
    triggers = [t for table in TRACKED for t in _triggers(db, table)]
    if is_new:
        triggers += _HISTORY
    db.execute("CREATE TEMP TABLE recorded_step (id INTEGER NOT NULL)")
    db.execute("INSERT INTO recorded_step VALUES (?)", [step_id])
    for name, body in triggers:
        db.execute(f"CREATE TEMP TRIGGER {name} {body}")
    try:
        yield
    finally:
        if db.conn.in_transaction:  # a rollback has taken them with it
            for name, _body in triggers:
                db.execute(f"DROP TRIGGER {name}")
            db.execute("DROP TABLE recorded_step")


@contextmanager
def not_recording(db: Database) -> Iterator[None]:
    """Log nothing of a block inside one that is recorded; it logs the way back itself."""
    is_recorded = "SELECT 1 FROM temp.sqlite_master WHERE name = 'recorded_step'"
    if not db.execute(is_recorded).fetchone():
        yield
        return
    (step_id,) = db.execute("SELECT id FROM recorded_step").fetchone()
    db.execute("DELETE FROM recorded_step")
    yield
    db.execute("INSERT INTO recorded_step VALUES (?)", [step_id])


def log_new_inputs(db: Database, step_id: int, ids: Sequence[int]) -> None:
    """Log that inputs were added with all that belongs to them: the way back is the bin."""
    _log_inputs(db, step_id, ADDED, ids)


def bin_inputs(db: Database, step_id: int, ids: Sequence[int]) -> None:
    """Put inputs into the bin, and log the way back."""
    with not_recording(db):
        put_in_bin(db, ids)
    _log_inputs(db, step_id, DELETED, ids)


def restore_inputs(db: Database, step_id: int, ids: Sequence[int]) -> None:
    """Take inputs out of the bin, and log the way back; what lost its place meanwhile too."""
    ids = list_binned_ids(db, ids)
    drop_lost(db, ids)
    with not_recording(db):
        take_from_bin(db, ids)
    _log_inputs(db, step_id, RESTORED, ids)


def has_log(db: Database, step_id: int) -> bool:
    """Tell whether a step wrote anything."""
    found = db.execute("SELECT 1 FROM undo_log WHERE step_id = ? LIMIT 1", [step_id])
    return found.fetchone() is not None


def forget_log(db: Database, step_id: int) -> None:
    """Make a step final."""
    db.execute("DELETE FROM undo_log WHERE step_id = ?", [step_id])


def forget_inputs(db: Database, ids: Sequence[int]) -> None:
    """Forget what was written of inputs that are gone for good: nothing can bring it back."""
    gone = json.dumps(list(ids))
    rows = db.execute(
        "SELECT DISTINCT statement FROM undo_log WHERE statement LIKE 'UPDATE OR IGNORE inputs %' "
        "OR statement LIKE 'UPDATE OR IGNORE bin_inputs %'"
    )
    for (statement,) in rows.fetchall():
        place = statement.partition(" WHERE ")[0].count("?")  # of the key, after what was changed
        db.execute(
            "DELETE FROM undo_log WHERE statement = ? "
            "AND json_extract(cells, ?) IN (SELECT value FROM json_each(?))",
            [statement, f"$[{place}]", gone],
        )


def count_log(db: Database, step_id: int) -> int:
    """Return how many rows a step wrote; inputs that came or went together count as one."""
    return int(db.table("undo_log").count_where("step_id = ?", [step_id]))


def reverse(db: Database, step_id: int, *, is_final: bool = False) -> Iterator[int]:
    """Undo what a step wrote, last first; yield how many rows of its log are done.

    The way forward again is logged in the place of what is undone, unless that `is_final`.
    """
    (last,) = db.execute("SELECT MAX(id) FROM undo_log WHERE step_id = ?", [step_id]).fetchone()
    n_done = 0
    while rows := db.execute(
        "SELECT id, statement, cells, input_ids FROM undo_log WHERE step_id = ? AND id <= ? "
        "ORDER BY id DESC LIMIT ?",
        [step_id, last, READ_ROWS],
    ).fetchall():
        with nullcontext() if is_final else recording(db, step_id, is_new=False):
            for (statement, is_of_inputs), some in groupby(rows, lambda r: (r[1], bool(r[3]))):
                check_statement(statement)
                if is_of_inputs:
                    for _key, happened, _cells, packed in some:
                        _reverse_inputs(db, step_id, happened, packed, is_final=is_final)
                else:
                    db.conn.executemany(statement, (json.loads(cells) for _, _, cells, _ in some))
        last = rows[-1][0] - 1
        db.execute(
            "DELETE FROM undo_log WHERE step_id = ? AND id BETWEEN ? AND ?",
            [step_id, rows[-1][0], rows[0][0]],
        )
        n_done += len(rows)
        yield n_done


def check_statement(statement: str) -> None:
    """Refuse to run what was not logged by us: an app's folder can come from anywhere.

    Raises:
        StrangeDatabaseError: the statement has another shape than ours.
    """
    if statement not in REVERSED and not _WAY_BACK.fullmatch(statement):
        raise StrangeDatabaseError(_("The history of this app was written by another."))


def _reverse_inputs(
    db: Database, step_id: int, happened: str, packed: bytes, *, is_final: bool
) -> None:
    ids = _unpacked(packed)
    with not_recording(db):
        if happened in (DELETED, HIDDEN):
            take_from_bin(db, ids)
        elif happened == ADDED and is_final:
            delete_inputs(db, ids)
        else:
            put_in_bin(db, ids, is_undone=happened == ADDED)
    if not is_final:
        _log_inputs(db, step_id, REVERSED[happened], ids)


def _log_inputs(db: Database, step_id: int, happened: str, ids: Sequence[int]) -> None:
    for some in chunks(ids, READ_ROWS):
        db.execute(
            "INSERT INTO undo_log (step_id, statement, cells, input_ids) VALUES (?, ?, '[]', ?)",
            [step_id, happened, _packed(some)],
        )


def _packed(ids: Sequence[int]) -> bytes:
    """Return keys as pairs of first and last, since most of them stand in rows."""
    pairs = array("q")
    for key in sorted(ids):
        if pairs and key == pairs[-1] + 1:
            pairs[-1] = key
        else:
            pairs.extend((key, key))
    return pairs.tobytes()


def _unpacked(packed: bytes) -> list[int]:
    pairs = array("q", packed)
    return [i for k in range(0, len(pairs), 2) for i in range(pairs[k], pairs[k + 1] + 1)]


_HISTORY = [
    (
        f"remember_{verb}",
        f"""AFTER {event} ON main.annotations BEGIN
            INSERT INTO annotation_history
                (input_id, concept_id, was_positive, was_step_id, step_id)
            SELECT OLD.input_id, OLD.concept_id, OLD.is_positive, OLD.step_id, id
            FROM recorded_step;
        END""",
    )
    for verb, event in (("deleted", "DELETE"), ("changed", "UPDATE OF is_positive"))
]


def _triggers(db: Database, table: str) -> Iterator[tuple[str, str]]:
    """Yield triggers, by name, that log the inverse of whatever happens to a table's rows.

    Columns that begin with n_ are counts that the database keeps itself.
    """
    columns = db.execute(f"PRAGMA main.table_info({table})").fetchall()
    keys = [column[1] for column in columns if column[5]]
    kept = [column[1] for column in columns if not column[1].startswith("n_")]
    rest = [name for name in kept if name not in keys]
    same = " AND ".join(f"{key} = ?" for key in keys)
    parents = {row[3]: (row[2], row[4]) for row in db.execute(f"PRAGMA foreign_key_list({table})")}
    marked = ", ".join("?" * len(kept))
    inserted = (
        f"INSERT OR IGNORE INTO {table} ({', '.join(kept)}) SELECT {marked} "
        f"WHERE TRUE{_there(parents, kept)}"
    )
    unused = "".join(f" AND NOT EXISTS ({use})" for use in _USES.get(table, ()))
    yield _trigger(
        table, "INSERT", f"DELETE FROM {table} WHERE {same}{unused}", _cells("NEW", keys)
    )
    yield _trigger(table, "DELETE", inserted, _cells("OLD", [*kept, *_twice(parents, kept)]))
    for some in (
        [name for name in rest if name not in parents],
        *([n] for n in rest if n in parents),
    ):
        if some:
            changed = f"UPDATE OR IGNORE {table} SET {' = ?, '.join(some)} = ? WHERE {same}"
            old = ["OLD." + name for name in some]
            cells = ", ".join([*old, _cells("NEW", keys), *(old * 2 if some[0] in parents else ())])
            inverse = changed + _there(parents, some)
            yield _trigger(table, f"UPDATE OF {', '.join(some)}", inverse, cells)


# What was made by a step that is taken back stays where something else has come to need it.
_USES = {
    "datasets": (
        "SELECT 1 FROM dataset_versions WHERE dataset_id = datasets.id",
        "SELECT 1 FROM dataset_inputs WHERE dataset_id = datasets.id",
    ),
    "concepts": (
        "SELECT 1 FROM annotations WHERE concept_id = concepts.id",
        "SELECT 1 FROM concepts n WHERE n.broader_id = concepts.id",
    ),
}


def _there(parents: dict[str, tuple[str, str]], names: Sequence[str]) -> str:
    """Return the condition that what a row refers to is still there."""
    needed = [parents[name] for name in names if name in parents]
    return "".join(
        f" AND (? IS NULL OR EXISTS (SELECT 1 FROM {parent} WHERE {key} = ?))"
        for parent, key in needed
    )


def _twice(parents: dict[str, tuple[str, str]], names: Sequence[str]) -> list[str]:
    """Return the columns that `_there` asks for."""
    return [name for name in names if name in parents for _mark in range(2)]


def _trigger(table: str, event: str, inverse: str, cells: str) -> tuple[str, str]:
    name = f"log_{table}_{event.split(',', maxsplit=1)[0].replace(' ', '_').lower()}"
    return name, (
        f"AFTER {event} ON main.{table} BEGIN INSERT INTO undo_log (step_id, statement, cells) "
        f"SELECT id, '{inverse}', json_array({cells}) FROM recorded_step; END"
    )


def _cells(row: str, names: Sequence[str]) -> str:
    return ", ".join(f"{row}.{name}" for name in names)
