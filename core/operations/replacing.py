"""Another database in the place of an app's own; what was there is kept, even if it is damaged."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

from core.app_folder import AppFolder, AppMissingError
from core.jobs import Job
from core.storage.backups import DAMAGED, DATABASE, BackupRefusedError, write_backup
from core.storage.copying import copy_database, overwrite_database, replace_file
from core.storage.database import AppDamagedError, Database, open_database
from core.storage.embeddings import bring_embeddings
from core.storage.thinning import Reason
from core.storage.trust import StrangeDatabaseError

CANNOT_BE_OPENED = (AppDamagedError, AppMissingError, BackupRefusedError, StrangeDatabaseError)


def replace_database(
    app: AppFolder, new: Path, reason: Reason, job: Job
) -> tuple[int, Path | None]:
    """Make the app's database what a new file holds, all at once.

    Returns:
        The number of the backup of what was there, 0 where there can be none; and the folder
        that keeps it then, as damaged as it is.

    Raises:
        DiskFullError, NotWritableError, JobCancelled: the app is as it was.
    """
    try:
        with app.database() as db:
            number, damaged = keep_as_it_is(app, db, reason, job)
            if number:
                with closing(open_database(new)) as there:
                    bring_embeddings(there, app.file)
            overwrite_database(db, new, job)
            return number, damaged
    except CANNOT_BE_OPENED:
        damaged = _new_folder(app)
        replace_file(app.file, new, damaged)
        return 0, damaged


def keep_as_it_is(
    app: AppFolder, db: Database, reason: Reason, job: Job
) -> tuple[int, Path | None]:
    """Back an app up, or keep its damaged database in a folder; return number or folder."""
    try:
        return write_backup(db, app.backups, reason, job).number, None
    except BackupRefusedError:
        damaged = _new_folder(app)
        copy_database(db, damaged / DATABASE, job)
        return 0, damaged


def _new_folder(app: AppFolder) -> Path:
    folder = app.backups / f"{DAMAGED}{datetime.now():%Y-%m-%d-%H-%M-%S-%f}"
    folder.mkdir(parents=True)
    return folder
