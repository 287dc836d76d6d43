"""Open an app that comes as one file: checked to its last byte, then put among the apps."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import (
    MAX_NAME_LENGTH,
    AppExistsError,
    AppFolder,
    AppNameError,
    checked_app_name,
    place_for_app,
)
from core.asides import written_aside
from core.base_models.words import shown
from core.changes import Changes
from core.files.app_file import DATABASE, AppFileRefusedError, open_app_file
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.base_of import missing_bases
from core.paths import make_private
from core.preferences import remember_app
from core.storage.about import get_about, update_about
from core.storage.cells import check_cells
from core.storage.copying import check_database
from core.storage.database import (
    AppDamagedError,
    AppTooNewError,
    open_database,
    transaction,
)
from core.storage.kept import check_kept
from core.storage.models import list_model_versions
from core.storage.predicted_files import forget_predicted_files

MOST_NAMES = 1_000


@dataclass(frozen=True)
class ImportAppRequest:
    """The file, what the app is called here, and where it is kept.

    Attributes:
        folder: new or empty; None for one of its own among the apps.
        name: "" for its own name, with a number behind it where an app is called that already.
    """

    path: Path
    folder: Path | None = None
    name: str = ""


@dataclass(frozen=True)
class ImportAppResult:
    """The app as it is now on this computer.

    Attributes:
        missing_bases: base models that models of it need, and that are not here.
    """

    app: AppFolder
    name: str
    missing_bases: tuple[str, ...] = ()
    changes: Changes = Changes.NOTHING


def import_app(request: ImportAppRequest, job: Job) -> ImportAppResult:
    """Unpack an app, check everything, and remember it among the recent ones.

    Raises:
        AppFileRefusedError: it is no copy of an app, or a file in it is damaged.
        AppTooNewError, StrangeDatabaseError: see `check_database`.
        AppNameError, AppExistsError, DiskFullError, NotWritableError: it cannot be kept so.
        JobCancelled: the analyst asked to stop; nothing is left behind.
    """
    with open_app_file(request.path) as file:
        name, path = _place(request, file.name)
        with written_aside(path) as aside:
            make_private(aside)
            file.unpack(aside, job)
            with whole_app(request.path):
                check_database(aside / DATABASE, job)
            (aside / "models").mkdir(exist_ok=True)
            job.report(_("Opening the app"))
            with closing(open_database(aside / DATABASE)) as db, transaction(db):
                check_cells(db)
                check_kept(db)
                forget_predicted_files(db)  # they lie on another computer
                if get_about(db, "name") != name:
                    update_about(db, name=name)
                lacks = missing_bases(aside / "models", list_model_versions(db))
    remember_app(path)
    return ImportAppResult(AppFolder(path), name, lacks)


def lack_words(names: Sequence[str]) -> str:
    """Return what is said where models need base models that are not here."""
    words = ngettext(
        "Some of its models need the base model {names}, which is not on this computer;"
        " add it under Base models.",
        "Some of its models need the base models {names}, which are not on this computer;"
        " add them under Base models.",
        len(names),
    )
    return words.format(names=", ".join(f"“{shown(name)}”" for name in names))


@contextmanager
def whole_app(path: Path) -> Iterator[None]:
    """Say of a file, or of the folder of somebody's app, what is wrong with the database in it.

    Raises:
        AppFileRefusedError: it is damaged; to mend it is for whom it came from.
        AppTooNewError: a later Textwright wrote it.
    """
    try:
        yield
    except AppDamagedError as error:
        words = _("The app in “{file}” is damaged.")
        raise AppFileRefusedError(words.format(file=path.name)) from error
    except AppTooNewError as error:
        raise AppTooNewError(path, path.name) from error


def _place(request: ImportAppRequest, own: str) -> tuple[str, Path]:
    """Return what the app is called here, and where it goes."""
    try:
        name = checked_app_name(request.name or own)
    except AppNameError as error:
        if request.name:
            raise
        raise AppFileRefusedError(_("The app in this file has no name.")) from error
    if request.name or request.folder:
        return name, place_for_app(name, request.folder)
    for number in range(1, MOST_NAMES):
        numbered = name if number == 1 else f"{name[: MAX_NAME_LENGTH - 6]} ({number})"
        try:
            return numbered, place_for_app(numbered)
        except AppExistsError:
            continue
    return name, place_for_app(name)
