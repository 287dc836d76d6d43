"""Go back to a backup: in place, keeping the state before, or as a copy beside the app."""

import shutil
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import AppFolder, checked_app_name, place_for_app
from core.asides import ASIDE, written_aside
from core.changes import Changes
from core.errors import UserError, writing_to
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.replacing import replace_database
from core.preferences import remember_app
from core.storage.about import update_about
from core.storage.backups import (
    DATABASE,
    Backup,
    BackupDamagedError,
    BackupMissingError,
    list_backups,
)
from core.storage.copying import check_whole
from core.storage.database import AppDamagedError, open_database, transaction
from core.storage.evaluations import forget_evaluation_folders
from core.storage.models import delete_model_version, list_model_versions
from core.storage.thinning import Reason
from core.storage.trust import StrangeDatabaseError
from core.wording import number


@dataclass(frozen=True)
class RestoreRequest:
    """Which backup, and where to.

    Attributes:
        number: of the backup; 0 for the newest that is whole.
        name: of a new app beside this one; "" to go back in place.
    """

    number: int = 0
    name: str = ""


@dataclass(frozen=True)
class RestoreResult:
    """The app as it is now.

    Attributes:
        is_copy: it is a new one beside the other.
        n_models_lost: versions of models whose folders are gone; they are not in a backup.
        kept: the number of the backup of the state before; 0 where there is none.
        damaged: where the damaged database is kept, of which there can be no backup.
    """

    app: AppFolder
    backup: Backup
    n_models_lost: int
    is_copy: bool = False
    kept: int = 0
    damaged: Path | None = None
    changes: Changes = ~Changes.NOTHING


def restore(app: AppFolder, request: RestoreRequest, job: Job) -> RestoreResult:
    """Go back to a backup, which is checked before anything is touched.

    Models and evaluations are not in a backup: their folders never change and stay beside the
    database as long as a backup knows them, so that going back finds them again.

    Raises:
        BackupMissingError, BackupDamagedError: it cannot be had; the app is as it was.
        AppNameError, AppExistsError: a copy cannot be called that.
        DiskFullError, NotWritableError: there is no room or right; the app is as it was.
        JobCancelled: the analyst asked to stop; the app is as it was.
    """
    job.report(_("Checking the backup"))
    backup = _chosen(app, request.number)
    if request.name:
        return _restore_copy(app, backup, checked_app_name(request.name), job)
    return _restore_in_place(app, backup, job)


def _chosen(app: AppFolder, number: int) -> Backup:
    """Return the backup of a number, or the newest that is whole."""
    backups = list_backups(app.backups)
    meant = [backup for backup in backups if number in (0, backup.number)]
    if not meant:
        raise BackupMissingError(number)
    for backup in meant:
        if backup.is_whole():
            return backup
    raise BackupDamagedError(meant[0].number)


def restored_words(result: RestoreResult) -> str:
    """Return what was done, in sentences."""
    words = _("The app is as it was in backup {number}.")
    if result.is_copy:
        words = _("A copy of the app, as it was in backup {number}, is in {path}.")
    lines = [words.format(number=number(result.backup.number), path=result.app.path)]
    if result.kept:
        words = _("What it was before is kept as backup {number}.")
        lines.append(words.format(number=number(result.kept)))
    if result.damaged:
        words = _("The damaged database is kept in {path}.")
        lines.append(words.format(path=result.damaged))
    if n := result.n_models_lost:
        words = ngettext(
            "{n} version of a model could not come back: its folder is gone.",
            "{n} versions of models could not come back: their folders are gone.",
            n,
        )
        lines.append(words.format(n=number(n)))
    return "\n".join(lines)


def _restore_copy(app: AppFolder, backup: Backup, name: str, job: Job) -> RestoreResult:
    path = place_for_app(name)
    with written_aside(path) as aside:
        copy = AppFolder(aside)
        copy.models.mkdir()
        for folder in job.track(backup.folders, _("Copying models")):
            for here, there in ((app.models, copy.models), (app.evaluations, copy.evaluations)):
                if (here / folder).is_dir():
                    shutil.copytree(here / folder, there / folder)
        lost = _unpack(backup, copy, copy.file, job)
        with copy.database() as db, transaction(db):
            update_about(db, name=name)
    remember_app(path)
    return RestoreResult(AppFolder(path), backup, lost, is_copy=True, changes=Changes.NOTHING)


def _restore_in_place(app: AppFolder, backup: Backup, job: Job) -> RestoreResult:
    with (
        writing_to(app.path),
        tempfile.TemporaryDirectory(dir=app.path, prefix=ASIDE) as place,
    ):
        new = Path(place) / DATABASE
        lost = _unpack(backup, app, new, job)
        kept, damaged = replace_database(app, new, Reason.RESTORE, job)
    with suppress(UserError):  # what the backup was in the middle of goes when the app is opened
        app.recover()
    return RestoreResult(app, backup, lost, kept=kept, damaged=damaged)


def _unpack(backup: Backup, app: AppFolder, path: Path, job: Job) -> int:
    """Write a backup's database to a new file, without models that the app has no folder of.

    Returns:
        How many versions of models are left out.
    """
    shutil.copyfile(backup.database, path)
    try:
        check_whole(path, job)
    except (AppDamagedError, StrangeDatabaseError) as error:
        raise BackupDamagedError(backup.number) from error
    with closing(open_database(path)) as db, transaction(db):
        lost = [v for v in list_model_versions(db) if not (app.models / v.folder).is_dir()]
        for version in lost:
            delete_model_version(db, version.id)
        there = {f for f in backup.folders if (app.evaluations / f).is_dir()}
        forget_evaluation_folders(db, there)
    return len(lost)
