"""An app on disk: one folder with its database, its models and what they said."""

import os
import re
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import NotWritableError, UserError, writing_to
from core.holder import NOTE, Holder, find_holder, noted
from core.i18n import _
from core.jobs import Job
from core.paths import apps_folder, home, make_private
from core.storage.about import get_about, update_about
from core.storage.artifacts import delete_asides, delete_leftovers, written_aside
from core.storage.backups import keeps_damaged, list_backups, write_backup
from core.storage.data_checks import delete_unfinished_checks
from core.storage.database import (
    BUSY_TIMEOUT_S,
    AppUnreachableError,
    Database,
    count_storage_versions,
    now,
    open_database,
    open_foreign,
    storage_of,
    transaction,
)
from core.storage.datasets import add_dataset
from core.storage.evaluations import list_evaluation_folders
from core.storage.imports import delete_unfinished_imports
from core.storage.jobs import end_lost_jobs, list_job_folders
from core.storage.models import list_model_versions
from core.storage.names import checked
from core.storage.search import index_all_texts
from core.storage.steps import take_back_open_steps
from core.storage.thinning import Reason

MAIN_DATASET = "texts"
MAX_NAME_LENGTH = 80
MOST_BYTES = 120  # of the name of a folder


class AppNameError(UserError):
    """An app cannot have this name."""


class AppExistsError(UserError):
    """The folder already holds something."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("There is already something at “{path}”.").format(path=path),
            next_step=_("Choose another name or an empty folder."),
        )
        self.path = path


class AppMissingError(UserError):
    """There is no app of that name or in that folder."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is no app “{name}”.").format(name=name),
            next_step=_("Create it first, or give the folder that it is kept in."),
        )


class AppInUseError(UserError):
    """Another window or command has the app open.

    Attributes:
        holder: who, as far as it is known.
    """

    def __init__(self, name: str, holder: Holder | None = None) -> None:
        self.holder = holder
        what = _("“{name}” is already open in another window or command.").format(name=name)
        if holder:
            words = _("“{name}” is already open: {holder}.")
            what = words.format(name=name, holder=holder.words())
        super().__init__(what, next_step=_("Close it there, then try again."))


class HeldElsewhereError(AppInUseError):
    """An app was opened on another computer, and not closed there."""

    def __init__(self, name: str, holder: Holder) -> None:
        super().__init__(name, holder)
        words = _(
            "Close it there first; if nobody has it open any more, delete the file “{note}” in its "
            "folder."
        )
        self.next_step = words.format(note=NOTE)


class OwnFileError(UserError):
    """A file would be written among those of an app."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("“{file}” would be among the app's own files.").format(file=path.name),
            next_step=_("Choose another folder."),
        )


@dataclass(frozen=True)
class AppFolder:
    """Where an app is kept; a plain value that may cross to the worker process.

    Attributes:
        patience_s: how long to wait for others who write.
    """

    path: Path
    patience_s: float = BUSY_TIMEOUT_S

    @property
    def models(self) -> Path:
        """The folder of the trained models."""
        return self.path / "models"

    @property
    def evaluations(self) -> Path:
        """The folder of what models said of the texts that they were scored on."""
        return self.path / "evaluations"

    @property
    def jobs(self) -> Path:
        """The folder of the checkpoints of trainings that can go on."""
        return self.path / "jobs"

    @property
    def backups(self) -> Path:
        """The folder of the copies of its database."""
        return self.path / "backups"

    @property
    def file(self) -> Path:
        """The database."""
        return self.path / "app.db"

    def is_of_earlier(self) -> bool:
        """Tell whether an earlier Textwright made it, so that opening it brings it up to date.

        Raises:
            AppMissingError, AppDamagedError: there is no app that could be read.
        """
        if not self.file.is_file():
            raise AppMissingError(str(self.path))
        with open_foreign(self.file) as db:
            return storage_of(db) < count_storage_versions()

    def check_outside(self, path: Path) -> None:
        """Refuse to write a file among the app's own, which it could replace.

        Raises:
            OwnFileError: it is there.
            NotWritableError: there can be no such file, or a device or a pipe has its name.
        """
        if self.path.resolve() in path.resolve().parents:
            raise OwnFileError(path)
        with writing_to(path):  # the system may refuse the name itself
            is_other = path.exists() and not path.is_file() and not path.is_dir()
        if is_other:
            raise NotWritableError(str(path))

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Open the app's database for a block; one of an older storage is backed up first.

        Raises:
            AppUnreachableError: its folder is gone.
            AppMissingError: the folder is there, without a database.
        """
        if not self.path.is_dir():
            raise AppUnreachableError(self.file)
        if not self.file.is_file():  # SQLite would make an empty one
            raise AppMissingError(str(self.path))
        db = open_database(self.file, self.patience_s, self._keep_old)
        try:
            yield db
        finally:
            db.close()

    @contextmanager
    def locked(self, *, as_it_is: bool = False) -> Iterator[None]:
        """Keep everybody else out, and clear away what an interrupted program left.

        The lock of a process that was ended goes with it, and its note is written over. A note
        from another computer stays: there, a lock of this one would mean nothing.

        Args:
            as_it_is: do not open the database, which may be damaged; nothing is cleared away.

        Raises:
            AppMissingError: there is no such folder.
            AppInUseError: somebody else has it.
            HeldElsewhereError: somebody on another computer has it, or did not close it.
            NotWritableError: the folder may not be written to.
        """
        if not self.path.is_dir():  # the lock would make one
            raise AppMissingError(str(self.path))
        lock = FileLock(self.path / ".lock")
        with writing_to(self.path):
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                raise AppInUseError(self.path.name, find_holder(self.path)) from error
            except NotImplementedError:  # a network folder that knows no locks
                holder = find_holder(self.path)
                if holder and holder.is_running:
                    raise AppInUseError(self.path.name, holder) from None
        try:
            holder = find_holder(self.path)
            if holder and not holder.is_here:
                raise HeldElsewhereError(self.path.name, holder)
            with noted(self.path):
                if not as_it_is:
                    delete_asides(self.path)
                    delete_asides(self.backups)
                    self.recover()
                yield
        finally:
            lock.release()

    def recover(self) -> None:
        """Clear away what an operation left that was killed: as if it had never started."""
        with self.database() as db:
            delete_asides(self.models)
            delete_asides(self.evaluations)
            for place, known in self.known_folders(db).items():
                delete_leftovers(place, known)
            delete_leftovers(self.jobs, list_job_folders(db))
            take_back_open_steps(db)
            delete_unfinished_imports(db)
            delete_unfinished_checks(db)
            deque(index_all_texts(db), maxlen=0)
            with transaction(db):
                end_lost_jobs(db, self._what_became)

    def known_folders(self, db: Database) -> dict[Path, set[str]]:
        """Return by place the folders of models and evaluations that app or backups know.

        Nothing where a damaged database is kept, which may know others.
        """
        if keeps_damaged(self.backups):
            return {}
        kept = {folder for backup in list_backups(self.backups) for folder in backup.folders}
        return {
            self.models: kept | {version.folder for version in list_model_versions(db)},
            self.evaluations: kept | list_evaluation_folders(db),
        }

    def _what_became(self, folder: str) -> str:
        """Return what became of a job that was lost, by the checkpoints that it left."""
        is_kept = folder and (self.jobs / folder).is_dir() and any((self.jobs / folder).iterdir())
        if is_kept:
            return _("It ended before it was done. What it learned is kept; it can go on.")
        return _("It ended before it was done. Nothing was changed.")

    def _keep_old(self, db: Database) -> None:
        write_backup(db, self.backups, Reason.MIGRATION, Job())


def create_app_folder(name: str, folder: Path | None = None) -> AppFolder:
    """Make an app: in its own new folder among the apps, or in the empty folder given.

    Raises:
        AppNameError: the name is empty or too long.
        AppExistsError: the folder is not empty.
        NotWritableError: nothing may be written there.
        DiskFullError: there is no room.
    """
    name = checked_app_name(name)
    path = place_for_app(name, folder)
    with written_aside(path) as aside:
        make_private(aside)
        (aside / "models").mkdir()
        with closing(open_database(aside / "app.db")) as db, transaction(db):
            update_about(db, name=name, created=now())
            add_dataset(db, MAIN_DATASET)
    return AppFolder(path)


def place_for_app(name: str, folder: Path | None = None) -> Path:
    """Return where a new app of this name goes; nothing is there.

    Raises:
        AppExistsError: the folder is not empty, or an app has the name.
        NotWritableError: nothing may be written there.
    """
    path = (folder or _free_folder(name)).expanduser().absolute()
    with writing_to(path.parent):
        if path.is_relative_to(home()):
            make_private(home())
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.exists():
            raise AppExistsError(path)
    return path


def _free_folder(name: str) -> Path:
    """Return a new folder among the apps; other names may have led to the same one."""
    path = apps_folder() / folder_name(name)
    number = 1
    while os.path.lexists(path):
        if _is_called(path, name):
            raise AppExistsError(path)
        number += 1
        path = apps_folder() / f"{folder_name(name)}-{number}"
    return path


def _is_called(path: Path, name: str) -> bool:
    try:
        return app_name(path) == name
    except AppMissingError:
        return False
    except UserError:  # goes by its folder's name; whoever opens it is told why it cannot be read
        return bool(name) and path.name == folder_name(name)


def checked_app_name(name: str) -> str:
    """Return the name as it is kept.

    Raises:
        AppNameError: it is empty or too long.
    """
    what = _("An app's name has 1 to {most} characters.")
    return checked(name, MAX_NAME_LENGTH, AppNameError, what)


def find_app_folder(name: str, recent: tuple[Path, ...] = ()) -> AppFolder:
    """Return the app of this name, or in this folder.

    Args:
        name: an app's name, or the path of its folder.
        recent: folders outside the usual place to look through as well.

    Raises:
        AppMissingError: there is none.
    """
    with suppress(OSError, ValueError, RuntimeError):  # what can be no path can still be a name
        given = Path(name).expanduser().absolute()
        if name and (given / "app.db").is_file():
            return AppFolder(given)
    others: list[Path] = []
    with suppress(OSError):  # there are none yet, or none that may be read
        others = sorted(p for p in apps_folder().iterdir() if not p.name.startswith("."))
    for path in (apps_folder() / folder_name(name), *recent, *others):
        if _is_called(path, name):
            return AppFolder(path)
    raise AppMissingError(name)


def app_at(path: Path, patience_s: float = BUSY_TIMEOUT_S) -> AppFolder:
    """Return the app in a folder.

    Raises:
        AppMissingError: there is none.
    """
    app = AppFolder(path, patience_s)
    if not app.file.is_file():
        raise AppMissingError(str(path))
    return app


def app_name(path: Path) -> str:
    """Return the name of the app in a folder, read without opening it for work.

    Raises:
        AppMissingError, AppDamagedError: there is no app that could be read.
    """
    app = app_at(path)
    with open_foreign(app.file) as db:  # whichever Textwright made it, it stays as it is
        return get_about(db, "name", path.name) if "about" in db.table_names() else path.name


def folder_name(name: str) -> str:
    """Return a folder name that every file system takes, in any script."""
    cleaned = re.sub(r"[^\w.-]+", "-", name, flags=re.UNICODE).strip("-.")
    reserved = re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", cleaned)
    shortened = cleaned.encode()[:MOST_BYTES].decode(errors="ignore")  # no half of a character
    return f"{cleaned}-app" if reserved else shortened or "app"
