"""Keep a checked copy of an app's database: when asked, from time to time, before risky steps."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import DiskFullError, NotWritableError
from core.i18n import N_, _
from core.jobs import Job
from core.operations.export_inputs import ExportRequest, NothingToExportError, write_inputs
from core.storage.backups import Backup, list_backups, state_of, thin_out, write_backup
from core.storage.database import Database, open_foreign, reading
from core.storage.filters import count_inputs
from core.storage.thinning import Reason

READABLE = "labels.jsonl"
EVERY_S = 30 * 60
BULK = 500  # texts or labels, from which deleting or merging them is risky
BULK_IMPORT = 1_000  # rows of a file
REASONS = {
    Reason.TIME: N_("By itself"),
    Reason.ASKED: N_("You asked for it"),
    Reason.DELETION: N_("Before a deletion"),
    Reason.MERGE: N_("Before a merge"),
    Reason.IMPORT: N_("Before an import"),
    Reason.MIGRATION: N_("Before a newer Textwright opened it"),
    Reason.RESTORE: N_("Before going back to a backup"),
    Reason.REPAIR: N_("Before a repair"),
}


@dataclass(frozen=True)
class BackUpRequest:
    """Why there shall be a backup.

    Attributes:
        only_if_changed: make none where nothing was changed since the newest one.
        every_s: make none either where the newest one is younger, in seconds.
    """

    reason: Reason = Reason.ASKED
    only_if_changed: bool = False
    every_s: float = 0


@dataclass(frozen=True)
class BackUpResult:
    """The newest backup, and what became of the others.

    Attributes:
        is_new: False where the newest one tells of the same.
        n_thinned: older ones that were too many, and are deleted.
        readable: the texts with their labels as JSON Lines; None where there are no texts, or no
            room for it.
    """

    backup: Backup
    is_new: bool
    n_thinned: int = 0
    readable: Path | None = None
    changes: Changes = Changes.BACKUPS


def back_up(app: AppFolder, request: BackUpRequest, job: Job) -> BackUpResult:
    """Keep a checked copy of the database, and the texts with their labels as a readable file.

    Raises:
        BackupRefusedError: the database fails its check; no backup was touched.
        DiskFullError, NotWritableError: no backup was touched.
        JobCancelled: the analyst asked to stop; no backup was touched.
    """
    with app.database() as db:
        newest = _find_enough(app, db, request)
        if newest:
            return BackUpResult(newest, is_new=False, changes=Changes.NOTHING)
        backup = write_backup(db, app.backups, request.reason, job)
    gone = thin_out(app.backups, datetime.now(UTC))
    readable = _write_readable(app, backup, job)
    return BackUpResult(backup, is_new=True, n_thinned=len(gone), readable=readable)


def back_up_before(app: AppFolder, db: Database, reason: Reason, job: Job) -> None:
    """Make sure, before something risky, that there is a backup of the app as it is.

    An app without texts needs none, nor one that was not changed since its newest backup.

    Raises:
        BackupRefusedError, DiskFullError, NotWritableError, JobCancelled: see `back_up`.
    """
    with reading(db):
        is_empty = not count_inputs(db)
    if not is_empty and not find_equal(app, db):
        backup = write_backup(db, app.backups, reason, job)
        thin_out(app.backups, datetime.now(UTC))
        _write_readable(app, backup, job)


def find_equal(app: AppFolder, db: Database) -> Backup | None:
    """Return the newest backup, if nothing was changed since."""
    newest = next(iter(list_backups(app.backups)), None)
    with reading(db):
        state = state_of(db)
    return newest if newest and newest.state == state and newest.is_whole() else None


def _find_enough(app: AppFolder, db: Database, request: BackUpRequest) -> Backup | None:
    """Return the newest backup, if it is all that was asked for."""
    newest = next(iter(list_backups(app.backups)), None)
    if newest and request.every_s:
        age_s = (datetime.now(UTC) - newest.created).total_seconds()
        if 0 <= age_s < request.every_s:  # a clock that was set back makes none young
            return newest
    return find_equal(app, db) if request.only_if_changed else None


def reason_words(reason: Reason) -> str:
    """Return why a backup was made."""
    return _(REASONS[reason])


def _write_readable(app: AppFolder, backup: Backup, job: Job) -> Path | None:
    """Write the texts and their labels beside the database, so that they outlive it.

    None where there are no texts, or no room or right for it: the backup itself is made.
    """
    path = app.path / READABLE
    try:
        with open_foreign(backup.database) as db:
            write_inputs(db, ExportRequest(path, "jsonl"), job)
    except (NothingToExportError, DiskFullError, NotWritableError):
        return None
    return path
