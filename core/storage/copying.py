"""Databases that travel: copied whole while others write, and looked through when they come in."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from core.asides import flush
from core.errors import UserError, writing_to
from core.i18n import _
from core.jobs import Job, JobCancelled
from core.storage.database import (
    AppDamagedError,
    AppTooNewError,
    Database,
    count_storage_versions,
    make_schema,
    open_foreign,
)
from core.storage.undo_log import REVERSED, TRACKED

PAGES_AT_ONCE = 2_048
CHECK_STEPS = 200_000  # of SQLite, between two looks at whether to go on
_FOLDER = re.compile(r"([0-9a-f]{32})?")  # as `uuid4().hex`; what else is named could lie anywhere
_FOLDERS = (("model_versions", "folder"), ("evaluations", "folder"), ("jobs", "folder"))
_WAY_BACK = re.compile(
    rf"(?:DELETE FROM|INSERT OR IGNORE INTO|UPDATE OR IGNORE) (?:{'|'.join(TRACKED)}) [^;]*"
)
_STATISTICS = "sqlite_stat"  # what the query planner notes for itself


class StrangeDatabaseError(UserError):
    """A database that comes from elsewhere is not built as Textwright builds them."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            next_step=_("Do not use it; ask whoever gave it to you to copy the app anew."),
        )


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
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > count_storage_versions():
        raise AppTooNewError(path)
    with closing(make_schema(version)) as ours:
        expected, found = _schema(ours), _schema(db)
    if version < 1 or found != expected:
        raise StrangeDatabaseError(_("This file holds more than an app of Textwright, or less."))


def _schema(db: Database) -> set[tuple[str, str, str, str]]:
    """Return what a database is made of, whatever quotes and spaces a version of SQLite puts."""
    rows = db.execute("SELECT type, name, tbl_name, COALESCE(sql, '') FROM sqlite_master")
    return {
        (kind, name, table, re.sub(r"[\s\"`\[\]]+", "", sql).lower())
        for kind, name, table, sql in rows.fetchall()
        if not name.startswith(_STATISTICS)
    }


def _check_values(db: Database) -> None:
    """Refuse values by which a database could reach out of its app."""
    for table, column in _FOLDERS:
        if any(column == row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall()):
            for (folder,) in db.execute(f"SELECT DISTINCT {column} FROM {table}"):
                if not isinstance(folder, str) or not _FOLDER.fullmatch(folder):
                    raise StrangeDatabaseError(_("This app names a folder outside its own."))
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'undo_log'").fetchone():
        for (statement,) in db.execute("SELECT DISTINCT statement FROM undo_log"):
            if statement not in REVERSED and not _WAY_BACK.fullmatch(str(statement)):
                raise StrangeDatabaseError(_("The history of this app was written by another."))
