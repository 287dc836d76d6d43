"""Delete a backup that is not wanted any more, such as the one of an earlier Textwright."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.storage.backups import BackupMissingError, delete_backup, list_backups


class LastBackupError(UserError):
    """It is the newest backup of the app."""

    def __init__(self) -> None:
        super().__init__(
            _("The newest backup stays."),
            next_step=_("Back up the app first; then this one is not the newest any more."),
        )


@dataclass(frozen=True)
class BackupDeletion:
    """A backup, by its number."""

    number: int


@dataclass(frozen=True)
class BackupDeleted:
    """How much room there is now."""

    n_bytes: int
    changes: Changes = Changes.BACKUPS


def delete_one_backup(app: AppFolder, request: BackupDeletion, _job: Job) -> BackupDeleted:
    """Delete a backup for good; models that only it knows go when the app is opened next.

    Raises:
        BackupMissingError, LastBackupError: it cannot be deleted.
    """
    backups = list_backups(app.backups)
    for place, backup in enumerate(backups):
        if backup.number == request.number:
            if place == 0:
                raise LastBackupError
            delete_backup(backup)
            return BackupDeleted(backup.n_bytes)
    raise BackupMissingError(request.number)
