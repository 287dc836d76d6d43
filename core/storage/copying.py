"""Databases that travel: copied whole while others write, and looked through when they come in."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from core.asides import flush
from core.errors import writing_to
from core.i18n import _
from core.jobs import Job, JobCancelled
from core.storage.database import (
    AppDamagedError,
    AppTooNewError,
    Database,
    count_storage_versions,
    make_schema,
    open_foreign,
    storage_of,
)
from core.storage.trust import check_folders, check_words, other_parts, parts_of
from core.storage.undo_log import check_statement

PAGES_AT_ONCE = 2_048
CHECK_STEPS = 200_000  # of SQLite, between two looks at whether to go on


def copy_database(db: Database, path: Path, job: Job) -> None:
    """Write a consistent copy of an open database to a new file, whoever writes meanwhile.

    Raises:
        JobCancelled: the analyst asked to stop.
    """

    def tell(_status: int, left: int, total: int) -> None:
        job.report(_("Copying texts and labels"), total - left, total)

    with open_foreign(path) as copy:
        db.conn.backup(copy.conn, pages=PAGES_AT_ONCE, progress=tell)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def leave_out_empty_pages(path: Path) -> None:
    """Make a copy smaller that is mostly empty pages: packed, it would look like a bomb."""
    with open_foreign(path) as db:
        (n_empty,) = db.execute("PRAGMA freelist_count").fetchone()
        (n_pages,) = db.execute("PRAGMA page_count").fetchone()
        if 2 * n_empty > n_pages:
            db.execute("VACUUM")


def overwrite_database(db: Database, path: Path, job: Job) -> None:
    """Make an open database what another file holds, all at once: others see the old or the new.

    Raises:
        JobCancelled: the analyst asked to stop; nothing was changed.
    """

    def tell(_status: int, left: int, total: int) -> None:
        job.report(_("Putting it in place"), total - left, total)

    with open_foreign(path) as new:
        new.conn.backup(db.conn, pages=PAGES_AT_ONCE, progress=tell)


def replace_file(path: Path, new: Path, keep: Path) -> None:
    """Put a new database where one is that cannot be opened, which is kept in a folder.

    Raises:
        DiskFullError, NotWritableError: there is no room or right; the old one is where it was.
    """
    with writing_to(path.parent):
        log, index = path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
        keep.mkdir(parents=True, exist_ok=True)
        for old in (path, log):
            if old.exists():
                shutil.copyfile(old, keep / old.name)
                flush(keep / old.name)
        flush(new)
        for old in (log, index):  # SQLite would add the log to whatever database lies beside it
            old.unlink(missing_ok=True)
        new.replace(path)
        flush(path.parent)


def check_whole(path: Path, job: Job) -> None:
    """Make sure that a database is whole, and built as Textwright builds them.

    Raises:
        AppTooNewError: a later Textwright wrote it.
        AppDamagedError: it is no database, or not a whole one.
        StrangeDatabaseError: it holds tables or triggers that are not ours.
        JobCancelled: the analyst asked to stop.
    """
    with open_foreign(path) as db:
        _check_schema(db, path)
        with stoppable(db, job, _("Checking texts and labels")):
            found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            loose = db.execute("PRAGMA foreign_key_check").fetchone()
    if found != "ok" or loose:
        raise AppDamagedError(path)


def check_database(path: Path, job: Job) -> None:
    """Make sure that a database from elsewhere is whole, ours, and reaches out of no app.

    Raises:
        AppTooNewError, AppDamagedError, JobCancelled: see `check_whole`.
        StrangeDatabaseError: it holds tables, triggers or statements that are not ours, or names
            folders outside the app.
    """
    check_whole(path, job)
    with open_foreign(path) as db, stoppable(db, job, _("Checking texts and labels")):
        _check_values(db)


@contextmanager
def stoppable(db: Database, job: Job, stage: str) -> Iterator[None]:
    """Let the analyst stop what the block asks of the database, however long it takes."""

    def is_stopped() -> bool:
        try:
            job.report(stage)
        except JobCancelled:
            return True
        return False

    job.report(stage)
    db.conn.set_progress_handler(is_stopped, CHECK_STEPS)
    try:
        yield
    except db.conn.OperationalError:
        job.report(stage)  # it was interrupted because of this
        raise
    finally:
        db.conn.set_progress_handler(None, 0)


def _check_schema(db: Database, path: Path) -> None:
    if storage_of(db) > count_storage_versions():
        raise AppTooNewError(path)
    if not is_built_as_ours(db):
        raise other_parts()


def is_built_as_ours(db: Database) -> bool:
    """Tell whether a database has the tables and triggers of its storage version, and no others."""
    version = storage_of(db)
    if not 0 < version <= count_storage_versions():
        return False
    return _our_parts(version) == parts_of(db)


@cache
def _our_parts(version: int) -> object:
    with closing(make_schema(version)) as ours:
        return parts_of(ours)


def _check_values(db: Database) -> None:
    """Refuse values by which a database could reach out of its app."""
    check_folders(db)
    check_words(db)
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'undo_log'").fetchone():
        for (statement,) in db.execute("SELECT DISTINCT statement FROM undo_log"):
            check_statement(str(statement))
