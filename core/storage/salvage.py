"""What can still be read of a damaged database, row by row, into a new one."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from core.i18n import _
from core.jobs import Job
from core.storage.checking import make_search_again, recount, take_out_loose, without_triggers
from core.storage.copying import stoppable
from core.storage.database import (
    AppDamagedError,
    Database,
    insert,
    now,
    open_foreign,
    transaction,
    without_foreign_keys,
)
from core.storage.inputs import text_hash

AT_ONCE = 512  # rows; where they cannot be read, halves of them are tried, down to one
MOST_FAILED = 2_000_000  # ranges, after which nothing more is expected: a minute of trying
SOUGHT_BEYOND = 1 << 22  # keys, where the last one cannot be found
_LEFT_OUT = ("embeddings", "said")  # they can be had again


def salvage_database(path: Path, new: Database, job: Job) -> dict[str, int]:
    """Copy every row that can be read into a new, empty database of ours, and make it sound.

    Args:
        path: of the damaged file; it is only read.
        new: of this storage version; has no rows yet.
        job: told the tables.

    Returns:
        How many rows came out, by table.

    Raises:
        AppDamagedError: not even the list of its tables can be read.
        JobCancelled: the analyst asked to stop.
    """
    with open_foreign(path) as old:
        there = {name for (name,) in old.execute("SELECT name FROM sqlite_master").fetchall()}
        if not {"texts", "inputs"} <= there:
            raise AppDamagedError(path)
        with without_foreign_keys(new), transaction(new), without_triggers(new):
            for table in job.track(_tables(new), _("Reading what can be read")):
                if table in there:
                    _copy(old, new, table, job)
    with without_foreign_keys(new), stoppable(new, job, _("Counting")), transaction(new):
        _drop_altered(new)
        take_out_loose(new)
        recount(new)
        make_search_again(new)
        _complete(new)
    return {table: new.table(table).count for table in _tables(new)}


def _tables(db: Database) -> list[str]:
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    names = [name for (name,) in rows.fetchall()]
    inner = ("sqlite_", "texts_fts")
    return [name for name in names if not name.startswith(inner) and name not in _LEFT_OUT]


def _copy(old: Database, new: Database, table: str, job: Job) -> None:
    known = {row[1] for row in old.execute(f"PRAGMA table_info({table})").fetchall()}
    info = new.execute(f"PRAGMA table_info({table})").fetchall()
    columns = [row[1] for row in info if row[1] in known]
    marks = ", ".join("?" * len(columns))
    into = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    keys = [name for _place, name in sorted((row[5], row[1]) for row in info if row[5])]
    (sql,) = new.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
    question = f"SELECT {', '.join(columns)} FROM {table}"
    has_rowid = "WITHOUT ROWID" not in sql.upper()
    rows = _by_rowid(old, table, question) if has_rowid else _from_both_ends(old, question, keys)
    for some in rows:
        job.report(_("Reading what can be read"))
        for row in some:
            _insert(new, into, row)


def _insert(new: Database, into: str, row: tuple[Any, ...]) -> None:
    try:
        new.execute(into, row)
    except new.conn.DatabaseError:  # a value that the column does not take
        return


def _by_rowid(db: Database, table: str, question: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows in the order of their keys; a range that cannot be read is halved."""
    waiting, n_failed = [_bounds(db, table)], 0
    while waiting and n_failed < MOST_FAILED:
        first, last = waiting.pop()
        if first > last:
            continue
        if last - first >= AT_ONCE:
            waiting += [(first + AT_ONCE, last), (first, first + AT_ONCE - 1)]
            continue
        try:
            yield db.execute(f"{question} WHERE rowid BETWEEN ? AND ?", [first, last]).fetchall()
        except db.conn.DatabaseError:
            n_failed += 1
            yield []  # one damaged page can hide a hundred thousand rows: who waits hears of it
            middle = (first + last) // 2
            if first < last:
                waiting += [(middle + 1, last), (first, middle)]


def _bounds(db: Database, table: str) -> tuple[int, int]:
    """Return the keys between which rows are sought."""
    found = []
    for order, otherwise in (("ASC", 1), ("DESC", SOUGHT_BEYOND)):
        try:
            row = db.execute(f"SELECT rowid FROM {table} ORDER BY rowid {order} LIMIT 1").fetchone()
            found.append(int(row[0]) if row else otherwise - 1)
        except db.conn.DatabaseError:
            found.append(otherwise)
    return found[0], found[1]


def _from_both_ends(
    db: Database, question: str, keys: list[str]
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows from the first and from the last key on, as far as each way can be read.

    Where the first of several keys is a number, that is done for each of its values.
    """
    for order in ("ASC", "DESC"):
        by = ", ".join(f"{key} {order}" for key in keys)
        is_whole = yield from _until_damage(db, f"{question} ORDER BY {by}", [])
        if is_whole:
            return
    if len(keys) > 1:
        for value in range(1, AT_ONCE):
            for order in ("ASC", "DESC"):
                by = ", ".join(f"{key} {order}" for key in keys)
                one = f"{question} WHERE {keys[0]} = ? ORDER BY {by}"
                if (yield from _until_damage(db, one, [value])):
                    break


def _until_damage(
    db: Database, question: str, values: list[int]
) -> Generator[list[tuple[Any, ...]], None, bool]:
    """Yield rows; return whether all of them could be read."""
    try:
        rows = db.execute(question, values)
        while some := rows.fetchmany(1):
            yield some
    except db.conn.DatabaseError:
        return False
    return True


def _drop_altered(db: Database) -> None:
    """Delete texts that came out other than they were written; nobody could tell them apart."""
    rows = db.execute("SELECT id, hash, text FROM texts")
    bad = [k for k, digest, text in rows if not isinstance(text, str) or text_hash(text) != digest]
    db.conn.executemany("DELETE FROM texts WHERE id = ?", ((key,) for key in bad))


def _complete(db: Database) -> None:
    """Give an app what it cannot be without."""
    if not db.table("datasets").count:
        insert(db, "datasets", name="texts")
    db.execute(
        "INSERT OR IGNORE INTO about (key, value) VALUES ('name', 'app'), ('created', ?)", [now()]
    )
