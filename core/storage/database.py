"""Opening an app's database, its numbered migrations, and transactions."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from core.errors import DiskFullError, NotWritableError, UserError
from core.i18n import _
from core.storage.trust import Part, check_folders, code_of, other_parts

__all__ = [
    "AppBusyError",
    "AppDamagedError",
    "AppTooNewError",
    "AppUnreachableError",
    "Database",
    "TookTooLongError",
    "chunks",
    "compact",
    "count_storage_versions",
    "expect_many_writes",
    "insert",
    "make_schema",
    "marks",
    "now",
    "open_database",
    "open_foreign",
    "overwrite_what_is_deleted",
    "path_of",
    "reading",
    "reason_of",
    "storage_of",
    "transaction",
    "upsert",
    "within",
    "without_foreign_keys",
]

BUSY_TIMEOUT_S = 10.0
CACHE_KIB = 65_536
SMALLEST_ROOM_BYTES = 1 << 20
BULK_PAGES = 16_000
CHECKED_STEPS = 5_000  # of SQLite, after which it looks at the clock


class AppTooNewError(UserError):
    """A later Textwright wrote the app."""

    def __init__(self, path: Path, name: str = "") -> None:
        """Name the folder of the database, or what it came in."""
        super().__init__(
            _("“{app}” was made by a newer Textwright.").format(app=name or path.parent.name),
            next_step=_("Open it with that version, or update Textwright on this computer."),
        )


class AppBusyError(UserError):
    """Another program keeps the app's file to itself."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("“{app}” is being written to by another window or command.").format(
                app=path.parent.name
            ),
            next_step=_("Wait until it is done, then try again."),
        )


class AppUnreachableError(UserError):
    """The app's folder went away, or its disk does."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("The folder “{folder}” cannot be reached any more.").format(folder=path.parent),
            next_step=_("Connect its disk again or put the folder back, then open the app anew."),
        )


class AppDamagedError(UserError):
    """The app's file is no database, or not a whole one."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("The file “{file}” of this app cannot be read.").format(file=path.name),
            next_step=_("Check and repair the app, or go back to one of its backups."),
        )


def open_database(
    path: Path,
    patience_s: float = BUSY_TIMEOUT_S,
    keep_old: Callable[[Database], object] = lambda _db: None,
) -> Database:
    """Open an app's database for the calling thread, migrated to this version.

    Args:
        path: of the file.
        patience_s: how long to wait for others who write.
        keep_old: called with a database that is about to be migrated; what it raises leaves the
            database as it is.

    Raises:
        AppTooNewError: a later Textwright wrote it.
        AppDamagedError: the file is no database.
        StrangeDatabaseError: it holds triggers or views that are not ours, or names folders
            outside the app.
        NotWritableError: it can be read only.
        DiskFullError: there is no room to open it.
        AppBusyError, AppUnreachableError: somebody keeps it, or its disk is gone.
    """
    with _translated(path):
        connection = sqlite3.connect(path, timeout=patience_s, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")  # the window reads while a job writes
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")  # indexes of random hashes
            db = Database(connection, execute_plugins=False)
            _distrust(db)
            _migrate(connection, path, keep_old)
            check_folders(db)
            connection.execute("PRAGMA foreign_keys = ON")  # after migrating, which may rebuild
        except BaseException:
            connection.close()
            raise
        return db


@contextmanager
def open_foreign(path: Path) -> Iterator[Database]:
    """Open a copy of somebody's database to look into it: nothing that it holds is trusted.

    Raises:
        AppDamagedError: the file is no database, or not a whole one.
    """
    with _translated(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            yield Database(connection, execute_plugins=False)
        finally:
            connection.close()


def make_schema(version: int) -> Database:
    """Return an empty database in memory as this storage version made it; 0 is the newest."""
    db = Database(sqlite3.connect(":memory:", isolation_level=None), execute_plugins=False)
    scripts = _scripts()
    for script in scripts[: version or len(scripts)]:
        db.conn.executescript(script.read_text(encoding="utf-8"))
    return db


def _distrust(db: Database) -> None:
    """Let no database bring code of its own, whoever made it."""
    db.execute("PRAGMA trusted_schema = OFF")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    is_known = version <= count_storage_versions()  # else it is refused for that
    if is_known and code_of(db) != _our_code(version):
        raise other_parts()


@cache
def _our_code(version: int) -> frozenset[Part]:
    if version == 0:
        return frozenset()
    with closing(make_schema(version)) as db:
        return frozenset(code_of(db))


def _scripts() -> list[Traversable]:
    return sorted(
        (s for s in files(__package__).joinpath("migrations").iterdir() if s.name.endswith(".sql")),
        key=lambda script: script.name,
    )


def _migrate(
    connection: sqlite3.Connection, path: Path, keep_old: Callable[[Database], object]
) -> None:
    """Apply the migrations this database has not seen, each one whole or not at all."""
    scripts = _scripts()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(scripts):
        raise AppTooNewError(path)
    if 0 < version < len(scripts):
        keep_old(Database(connection, execute_plugins=False))
    for number, script in enumerate(scripts[version:], start=version + 1):
        sql = script.read_text(encoding="utf-8")
        connection.executescript(f"BEGIN IMMEDIATE; {sql} PRAGMA user_version = {number}; COMMIT;")


def count_storage_versions() -> int:
    """Return the newest storage version that is known here."""
    return len(_scripts())


def storage_of(db: Database) -> int:
    """Return the storage version of a database."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def insert(db: Database, table: str, **row: object) -> int:
    """Add a row; return its key."""
    return int(db.table(table).insert(row).last_pk or 0)


def upsert(db: Database, table: str, key: str, *rows: Mapping[str, object]) -> None:
    """Add rows, or change those that have the key already.

    sqlite-utils would try out first what SQLite can, and take a full disk for an old SQLite.
    """
    for row in rows:
        names = ", ".join(row)
        news = ", ".join(f"{name} = excluded.{name}" for name in row)
        db.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks(tuple(row))}) "
            f"ON CONFLICT ({key}) DO UPDATE SET {news}",
            list(row.values()),
        )


def path_of(db: Database) -> Path:
    """Return the file that a database is kept in."""
    return Path(db.execute("PRAGMA database_list").fetchone()[2])


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Make the block's writes happen together or not at all.

    Raises:
        DiskFullError: there was no room; nothing was written.
        NotWritableError: the app's folder may not be written to.
        AppBusyError, AppUnreachableError: somebody keeps it, or it is gone.
    """
    path = path_of(db)
    if not path.exists():  # SQLite would go on writing to a file that nobody finds
        raise AppUnreachableError(path)
    with _translated(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:  # a full disk has already rolled it back
                db.execute("ROLLBACK")
            raise


@contextmanager
def without_foreign_keys(db: Database) -> Iterator[None]:
    """Let rows be deleted without a look at what points to them; goes around a transaction.

    Nothing goes with them unseen, and with 100,000 inputs it is ten times as fast; whoever
    deletes has to make sure that nothing is left pointing to nothing.
    """
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        db.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Say SQLite's errors in the analyst's words where they can be put right."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        reason = reason_of(error, path)
        if reason is None:
            raise
        raise reason from error


def reason_of(error: BaseException, path: Path) -> UserError | None:
    """Return an error of SQLite in the analyst's words; None for one that is a bug, or another's.

    Args:
        error: whatever was raised.
        path: of the database.
    """
    reason: UserError | None = None
    match _code(error) if isinstance(error, sqlite3.DatabaseError) else 0:
        case sqlite3.SQLITE_FULL:
            reason = DiskFullError(path.parent)
        case sqlite3.SQLITE_IOERR:
            reason = _lost_or_full(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            reason = AppBusyError(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            reason = NotWritableError(str(path.parent))
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            reason = AppDamagedError(path)
    return reason


@contextmanager
def reading(db: Database) -> Iterator[None]:
    """Let the block see the database as it is at one moment, whoever writes meanwhile.

    Raises:
        AppDamagedError: what the block asks for cannot be read.
    """
    with _translated(path_of(db)):
        db.execute("BEGIN")
        try:
            db.execute("SELECT 1 FROM sqlite_master").fetchone()  # from here on
            yield
        finally:
            db.execute("ROLLBACK")


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's code of an error; 0 for one that Python's module made itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _lost_or_full(path: Path) -> UserError:
    """Say why a disk failed: SQLite's helper files find no room, or it is gone."""
    with suppress(OSError):
        if shutil.disk_usage(path.parent).free < SMALLEST_ROOM_BYTES:
            return DiskFullError(path.parent)
    return AppUnreachableError(path)


def overwrite_what_is_deleted(db: Database) -> None:
    """Let this connection fill with zeros what it deletes: the file keeps no trace of it."""
    db.execute("PRAGMA secure_delete = ON")


def compact(db: Database) -> None:
    """Write the file anew without what was deleted, and empty its log.

    Raises:
        DiskFullError: there is no room for a second one.
        AppBusyError: somebody else is writing.
    """
    with _translated(path_of(db)):
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def expect_many_writes(db: Database) -> None:
    """Let this connection move its log into the database less often, which is far faster."""
    db.execute(f"PRAGMA wal_autocheckpoint = {BULK_PAGES}")


class TookTooLongError(Exception):
    """A question to the database was not answered in the time it was given."""


@contextmanager
def within(db: Database, seconds: float) -> Iterator[None]:
    """Give up what the block asks when it takes longer.

    Raises:
        TookTooLongError: it does; ask again where nobody waits.
    """
    end = time.monotonic() + seconds
    db.conn.set_progress_handler(lambda: time.monotonic() > end, CHECKED_STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise TookTooLongError from error
        raise
    finally:
        db.conn.set_progress_handler(None, 0)


def now() -> str:
    """Return the moment as it is stored: ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def chunks(items: Sequence[Any], size: int = 500) -> Iterator[list[Any]]:
    """Cut into lists short enough for one statement."""
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def marks(items: Sequence[Any]) -> str:
    """Return one question mark per item, for `IN (...)`."""
    return ", ".join("?" * len(items))
