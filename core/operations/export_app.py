"""Copy an app to one file: texts, labels, versions, models, evaluations and history."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import AppFolder
from core.asides import parts_aside
from core.changes import Changes
from core.errors import writing_to
from core.files.app_file import DATABASE, is_taken_along, write_app_file
from core.jobs import Job
from core.storage.about import get_about
from core.storage.copying import copy_database, leave_out_empty_pages

SUFFIX = ".textwright"


@dataclass(frozen=True)
class ExportAppRequest:
    """Where the file goes."""

    path: Path


@dataclass(frozen=True)
class ExportAppResult:
    """The file, and what is in it.

    Attributes:
        left_behind: folders of the app that stayed: states of interrupted trainings in a format
            that can hide programs.
    """

    path: Path
    n_files: int
    n_bytes: int
    left_behind: tuple[str, ...] = ()
    changes: Changes = Changes.NOTHING


def export_app(app: AppFolder, request: ExportAppRequest, job: Job) -> ExportAppResult:
    """Write the app into one file; it appears when it is whole, or not at all.

    The database is copied as it is at one moment, also while somebody works with it.

    Raises:
        OwnFileError: the file would be among the app's own.
        DiskFullError, NotWritableError: it cannot be written there.
        JobCancelled: the analyst asked to stop; nothing is left behind.
    """
    path = request.path.expanduser().absolute()
    app.check_outside(path)
    with writing_to(path.parent), parts_aside(path.parent) as place:
        copy = place / DATABASE
        with app.database() as db:
            name = get_about(db, "name", app.path.name)
            copy_database(db, copy, job)
        leave_out_empty_pages(copy)
        files, left_behind = _files_of(app)
        write_app_file(path, name, {**files, DATABASE: copy}, job)
    return ExportAppResult(path, len(files) + 1, path.stat().st_size, left_behind)


def _files_of(app: AppFolder) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Return what lies beside the database, and the folders of which a part must stay."""
    folders: defaultdict[str, dict[str, Path]] = defaultdict(dict)
    for path in _walk(app.path):
        name = path.relative_to(app.path).as_posix()
        if "/" in name:
            folders["/".join(name.split("/")[:2])][name] = path
    files: dict[str, Path] = {}
    left_behind = []
    for folder, inside in sorted(folders.items()):
        if all(is_taken_along(name) for name in inside):
            files |= inside
        else:
            left_behind.append(folder)
    return files, tuple(left_behind)


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the plain files below a folder; links, hidden ones and backups are not taken along."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink() or path.name == "backups":
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path
