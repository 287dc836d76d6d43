"""Backups of an app: checked copies of its database, each in a folder with what is told of it.

What can be had again is left out: embeddings are read anew, and models and evaluations are folders
of their own that never change; a backup names those that it knows.
"""

import json
import re
import shutil
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.asides import new_aside, written_aside
from core.errors import NotWritableError, UserError, writing_to
from core.i18n import _
from core.jobs import Job
from core.seals import digest
from core.storage.copying import check_whole, copy_database, stoppable
from core.storage.database import (
    AppDamagedError,
    Database,
    count_storage_versions,
    open_foreign,
    path_of,
    reading,
    storage_of,
)
from core.storage.thinning import Reason, fitting, kept
from core.storage.trust import StrangeDatabaseError

DATABASE, TOLD = "app.db", "backup.json"
DAMAGED = "damaged-"  # how folders begin that keep a damaged database
FORMAT = 1
MOST = 1 << 62  # of anything that is counted
FOLDERS_SINCE = 3  # storage version, since when evaluations have folders
CACHES = ("embeddings", "said")
_COUNTS = {
    "texts": "SELECT COUNT(*) FROM inputs",
    "labelled": "SELECT COUNT(DISTINCT input_id) FROM annotations",
    "labels": "SELECT COUNT(*) FROM annotations",
    "concepts": "SELECT COUNT(*) FROM concepts",
    "versions": "SELECT COUNT(*) FROM dataset_versions",
    "models": "SELECT COUNT(*) FROM model_versions",
}
# What differs whenever the analyst changed something; caches and the log of jobs do not count.
_STATE = (
    "SELECT MAX(id), SUM(state = 'undone') FROM steps",
    "SELECT key, value FROM about ORDER BY key",
    "SELECT id, thresholds FROM model_versions ORDER BY id",
    "SELECT id FROM evaluations ORDER BY id",
    "SELECT id, description FROM dataset_versions ORDER BY id",
    "SELECT COUNT(*) FROM bin_inputs",
    "SELECT name, filter FROM saved_filters ORDER BY name",
    "SELECT name, created FROM saved_searches ORDER BY name",
    "SELECT key, value FROM choices ORDER BY key",
    "SELECT MAX(id), COUNT(*) FROM workflow_versions",
    "SELECT MAX(id), COUNT(*) FROM topic_runs",
    "SELECT COUNT(*) FROM dismissed_findings",
)
_FOLDERS = (
    "SELECT folder FROM model_versions WHERE folder <> ''",
    "SELECT folder FROM evaluations WHERE folder <> ''",  # since storage 3
)

_FOLDER = re.compile(r"\w+")  # what else is named could lie anywhere


class BackupRefusedError(UserError):
    """The app's database fails its check, so that a backup of it would be worth nothing."""

    def __init__(self, app: str) -> None:
        super().__init__(
            _("The database of “{app}” is damaged, so no backup was made of it.").format(app=app),
            next_step=_("Check and repair the app; its earlier backups are as they were."),
        )


class BackupMissingError(UserError):
    """There is no such backup, or no longer."""

    def __init__(self, number: int) -> None:
        what = _("There is no backup {number}.") if number else _("There is no backup yet.")
        super().__init__(
            what.format(number=number), next_step=_("Choose one of the list of backups.")
        )


class BackupDamagedError(UserError):
    """A backup is not as it was written."""

    def __init__(self, number: int) -> None:
        super().__init__(
            _("Backup {number} is damaged.").format(number=number),
            next_step=_("Choose another one; the app is as it was."),
        )


@dataclass(frozen=True)
class Backup:
    """A copy of an app's database.

    Attributes:
        number: counts up; the newest has the highest, whatever the clock says.
        path: its folder.
        name: of the app then.
        storage: the storage version that it is in.
        counts: texts, labelled, labels, concepts, versions, models.
        state: equal where nothing was changed between two backups.
        folders: of the models and evaluations that it knows; they are not in it.
    """

    number: int
    path: Path
    created: datetime
    reason: Reason
    name: str
    storage: int
    counts: dict[str, int]
    state: str
    folders: tuple[str, ...]
    n_bytes: int
    sha256: str

    @property
    def database(self) -> Path:
        """The file of the copy."""
        return self.path / DATABASE

    def is_whole(self) -> bool:
        """Tell whether the copy is still as it was written; reads all of it."""
        try:
            return digest(self.database) == self.sha256
        except OSError:
            return False


def list_backups(folder: Path) -> list[Backup]:
    """Return the backups in a folder, newest first; what cannot be read is left out."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if not path.name.startswith(".") and (backup := _read(path)):
            found.append(backup)
    return sorted(found, key=lambda backup: (backup.number, backup.created), reverse=True)


def keeps_damaged(folder: Path) -> bool:
    """Tell whether a damaged database is kept beside the backups.

    It may know folders of models and evaluations that no backup does.
    """
    return any(folder.glob(f"{DAMAGED}*"))


def write_backup(db: Database, folder: Path, reason: Reason, job: Job) -> Backup:
    """Copy an open database into a new backup, and check the copy; it appears whole or not at all.

    Raises:
        BackupRefusedError: the database fails its check; no backup was touched.
        DiskFullError, NotWritableError: there is no room or no right; no backup was touched.
        JobCancelled: the analyst asked to stop.
    """
    app = path_of(db).parent.name
    number = max((backup.number for backup in list_backups(folder)), default=0) + 1
    path = folder / f"{number:05d}-{uuid.uuid4().hex[:8]}"
    with written_aside(path) as aside:
        copy = aside / DATABASE
        try:
            with reading(db):
                told = _told(db)
                copy_database(db, copy, job)
            _slim(copy, job)
            check_whole(copy, job)
            with open_foreign(copy) as copied:
                if _told(copied) != told:
                    raise BackupRefusedError(app)
        except (AppDamagedError, StrangeDatabaseError) as error:
            raise BackupRefusedError(app) from error
        backup = Backup(
            number=number,
            path=path,
            created=datetime.now(UTC).replace(microsecond=0),
            reason=reason,
            n_bytes=copy.stat().st_size,
            sha256=digest(copy),
            **told,
        )
        (aside / TOLD).write_text(_written(backup), encoding="utf-8")
    return backup


def thin_out(folder: Path, now: datetime) -> list[Backup]:
    """Delete the backups that are too many or too large, and return them."""
    backups = list_backups(folder)
    spared = kept([(b.number, b.created, b.reason) for b in backups], now)
    with suppress(OSError):  # where nobody can tell how much is free, time alone counts
        free = shutil.disk_usage(folder).free
        spared &= fitting([(b.number, b.n_bytes, b.reason) for b in backups], free)
    gone = []
    for backup in backups:
        if backup.number not in spared:
            with suppress(NotWritableError):  # somebody has it open: it goes another time
                delete_backup(backup)
                gone.append(backup)
    return gone


def delete_backup(backup: Backup) -> None:
    """Delete a backup: all of it at once, as far as anybody sees; the rest goes when opened.

    Raises:
        NotWritableError: another program has it open, or it may not be deleted.
    """
    aside = new_aside(backup.path.parent)
    with writing_to(backup.path), suppress(FileNotFoundError):  # it is gone already
        backup.path.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def state_of(db: Database) -> str:
    """Return what differs whenever the analyst changed something; "" of an older storage."""
    if storage_of(db) < count_storage_versions():
        return ""
    return json.dumps([db.execute(question).fetchall() for question in _STATE])


def _told(db: Database) -> dict[str, Any]:
    """Return what a backup tells of a database."""
    storage = storage_of(db)
    known = _FOLDERS if storage >= FOLDERS_SINCE else _FOLDERS[:1]
    (name,) = db.execute("SELECT value FROM about WHERE key = 'name'").fetchone() or ("",)
    return {
        "name": name,
        "storage": storage,
        "counts": {key: db.execute(sql).fetchone()[0] for key, sql in _COUNTS.items()},
        "state": state_of(db),
        "folders": tuple(sorted(f for sql in known for (f,) in db.execute(sql))),
    }


def _slim(path: Path, job: Job) -> None:
    """Leave out of a copy what can be had again."""
    stage = _("Leaving out what can be had again")
    with open_foreign(path) as db:
        there = {name for (name,) in db.execute("SELECT name FROM sqlite_master").fetchall()}
        with stoppable(db, job, stage):
            n = sum(db.execute(f"DELETE FROM {t}").rowcount for t in CACHES if t in there)
            if n:
                db.execute("VACUUM")


def _read(path: Path) -> Backup | None:
    try:
        told = json.loads((path / TOLD).read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            return None
        created, reason = datetime.fromisoformat(told.pop("created")), Reason(told.pop("reason"))
        folders = tuple(name for name in told.pop("folders") if _FOLDER.fullmatch(name))
        backup = Backup(path=path, created=created, reason=reason, folders=folders, **told)
        return backup if _is_sound(backup) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _is_sound(backup: Backup) -> bool:
    """Tell whether what a backup tells can be counted, sorted and shown."""
    numbers = (backup.number, backup.storage, backup.n_bytes, *backup.counts.values())
    words = (backup.name, backup.state, backup.sha256)
    return (
        all(type(number) is int and 0 <= number < MOST for number in numbers)
        and all(isinstance(word, str) for word in words)
        and backup.counts.keys() == _COUNTS.keys()
        and backup.created.tzinfo is not None
    )


def _written(backup: Backup) -> str:
    told = asdict(backup) | {"format": FORMAT, "created": backup.created.isoformat()}
    del told["path"]
    return json.dumps(told, indent=1, ensure_ascii=False)
