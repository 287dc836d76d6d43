"""What a database that somebody else made may not hold: code of its own, and ways out of its app.

An app's folder can come from anywhere. Its triggers and views would run as soon as something is
written or read, its folders be deleted with their models, its undo log be executed; so triggers
and views are those that our migrations make, folders lie in the app, and what an undo runs has
the shape of what we log.
"""

import re

from sqlite_utils import Database

from core.errors import UserError
from core.i18n import _

Part = tuple[str, str, str, str]  # kind, name, table, statement

_FOLDER = re.compile("[0-9A-Za-z_-]{0,64}")  # a plain name; what else is named could lie anywhere
_FOLDERS = (("model_versions", "folder"), ("evaluations", "folder"), ("jobs", "folder"))
_STATISTICS = "sqlite_stat"  # what the query planner notes for itself


class StrangeDatabaseError(UserError):
    """A database that comes from elsewhere is not built as Textwright builds them."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            next_step=_("Do not use it; ask whoever gave it to you to copy the app anew."),
        )


def parts_of(db: Database) -> set[Part]:
    """Return what a database is made of, whatever quotes and spaces a version of SQLite puts."""
    return _parts(db, "")


def _parts(db: Database, which: str) -> set[Part]:
    rows = db.execute(f"SELECT type, name, tbl_name, COALESCE(sql, '') FROM sqlite_master {which}")
    return {
        (kind, name, table, re.sub(r"[\s\"`\[\]]+", "", sql).lower())
        for kind, name, table, sql in rows.fetchall()
        if not name.startswith(_STATISTICS)
    }


def code_of(db: Database) -> set[Part]:
    """Return the triggers and views of a database."""
    return _parts(db, "WHERE type IN ('trigger', 'view')")


def other_parts() -> StrangeDatabaseError:
    """Return the refusal of a database that is made of other parts than ours."""
    return StrangeDatabaseError(_("This file holds more than an app of Textwright, or less."))


def check_folders(db: Database) -> None:
    """Refuse folders that lie outside the app: models are read from them, and deleted with them.

    Raises:
        StrangeDatabaseError: there is one.
    """
    for table, column in _FOLDERS:
        columns = db.execute(f"PRAGMA table_info({table})").fetchall()
        if any(column == row[1] for row in columns):
            for (folder,) in db.execute(f"SELECT DISTINCT {column} FROM {table}"):
                if not isinstance(folder, str) or not _FOLDER.fullmatch(folder):
                    raise StrangeDatabaseError(_("This app names a folder outside its own."))


def check_words(db: Database) -> None:
    """Refuse bytes where words belong: SQLite keeps them, and every screen would stumble.

    Raises:
        StrangeDatabaseError: there are some.
    """
    tables = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    )
    for (table,) in tables.fetchall():
        columns = db.execute(f'PRAGMA table_info("{table}")').fetchall()
        found = " OR ".join(f"typeof(\"{row[1]}\") = 'blob'" for row in columns if row[2] == "TEXT")
        if found and db.execute(f'SELECT 1 FROM "{table}" WHERE {found} LIMIT 1').fetchone():
            raise other_parts()
