"""An app as one file: a ZIP of its folder, with a list of what is in it and the checksum of each.

Databases and words are packed, weights are not: they hardly get smaller. Whatever comes in is
looked through before it is unpacked, and nothing lands outside the folder that it is given.
"""

import hashlib
import json
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from core.asides import flush, flush_quietly, new_aside
from core.base_models.errors import said_as
from core.base_models.plain_json import read_object
from core.base_models.sources import Source, open_source_as
from core.errors import UserError, writing_to
from core.i18n import _
from core.jobs import Job

MANIFEST = "textwright-app.json"
DATABASE = "app.db"
FORMAT = 1
CHUNK = 1 << 20
MAX_FILES = 20_000
# What an app is made of; nothing else is taken along, and nothing else let in.
SUFFIXES = (".json", ".safetensors", ".txt", ".md", ".jinja", ".csv", ".npy", ".yaml")
_UNPACKED = (".safetensors", ".npy")
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a ZIP can tell


class AppFileRefusedError(UserError):
    """A file is no copy of an app, or not a whole one."""

    def __init__(self, what: str, next_step: str = "") -> None:
        again = _("Ask whoever gave it to you to copy the app to a file anew.")
        super().__init__(what, next_step=next_step or again)


@dataclass(frozen=True)
class AppFile:
    """A copy of an app that can be unpacked.

    Attributes:
        name: of the app.
        files: the SHA-256 of each, by its name.
    """

    name: str
    files: Mapping[str, str]
    _source: Source

    @property
    def n_bytes(self) -> int:
        """Return how much comes out of it."""
        return sum(self._source.sizes[name] for name in self.files)

    def unpack(self, folder: Path, job: Job, only: Sequence[str] = ()) -> None:
        """Write the files, all or some, below an existing folder.

        Raises:
            AppFileRefusedError: one of them is not what the list says.
            JobCancelled: the analyst asked to stop.
        """
        names = [name for name in self.files if not only or name in only]
        total, done = sum(self._source.sizes[name] for name in names), 0
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with said_as(AppFileRefusedError):
                found = self._source.copy(name, path, partial(_tell, job, done, total))
            done += self._source.sizes[name]
            if found != self.files[name]:
                raise AppFileRefusedError(_("“{file}” in it is damaged.").format(file=name))


def _tell(job: Job, before: int, total: int, n: int) -> None:
    job.report(_("Unpacking"), before + n, total)


def is_taken_along(name: str) -> bool:
    """Tell whether a file of an app belongs into a copy of it."""
    return name == DATABASE or (name.count("/") > 0 and name.endswith(SUFFIXES))


def write_app_file(path: Path, name: str, files: Mapping[str, Path], job: Job) -> None:
    """Write an app into one file, which appears when it is whole, or not at all.

    Args:
        path: of the file; one that is there is replaced.
        name: of the app.
        files: where each lies, by its name in the app, `DATABASE` among them.
        job: told the bytes.

    Raises:
        DiskFullError, NotWritableError: it cannot be written there.
        JobCancelled: the analyst asked to stop.
    """
    aside = new_aside(path.parent)
    with writing_to(path.parent):
        try:
            with zipfile.ZipFile(aside, "x") as archive:
                digests = _write_all(archive, files, job)
                told = {"format": FORMAT, "name": name, "files": digests}
                archive.writestr(_entry(MANIFEST), json.dumps(told, ensure_ascii=False))
            flush(aside)
            aside.replace(path)
            flush_quietly(path.parent)
        finally:
            aside.unlink(missing_ok=True)


@contextmanager
def open_app_file(path: Path) -> Iterator[AppFile]:
    """Look into a copy of an app: its list, and whether it holds what the list says, no more.

    Raises:
        AppFileRefusedError: it is no such copy, or one that is not to be trusted.
    """
    with open_source_as(path, AppFileRefusedError) as source:
        yield _looked_into(source)


def _looked_into(source: Source) -> AppFile:
    if MANIFEST not in source.sizes:
        raise AppFileRefusedError(
            _("This is no copy of an app."),
            _("Choose a file that “Copy this app to a file” wrote."),
        )
    with said_as(AppFileRefusedError):
        told = read_object(source, MANIFEST)
    name, files = told.get("name"), told.get("files")
    if told.get("format") != FORMAT:
        raise AppFileRefusedError(
            _("This copy was written by another Textwright, in a way that is not known here."),
            _("Update Textwright on this computer, then try again."),
        )
    if not isinstance(name, str) or not isinstance(files, dict) or not _is_list(files):
        raise AppFileRefusedError(_("The list of what is in this copy is damaged."))
    strange = (set(source.sizes) - {MANIFEST}) ^ set(files)
    strange |= {file for file in files if not is_taken_along(file)}
    if strange or DATABASE not in files:
        raise AppFileRefusedError(
            _("This copy holds other files than it says, among them “{file}”.").format(
                file=min(strange, default=DATABASE)[:80]
            )
        )
    return AppFile(name, files, source)


def _is_list(files: dict[str, Any]) -> bool:
    return len(files) <= MAX_FILES and all(isinstance(digest, str) for digest in files.values())


def _write_all(archive: zipfile.ZipFile, files: Mapping[str, Path], job: Job) -> dict[str, str]:
    total, done = sum(path.stat().st_size for path in files.values()), 0
    digests = {}
    for name, path in sorted(files.items()):
        digest = hashlib.sha256()
        with path.open("rb") as file, archive.open(_entry(name), "w", force_zip64=True) as out:
            for chunk in _chunks(file):
                job.report(_("Writing the file"), done, total)
                digest.update(chunk)
                out.write(chunk)
                done += len(chunk)
        digests[name] = digest.hexdigest()
    return digests


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, max(time.localtime()[:6], _EARLIEST))
    packs = not name.endswith(_UNPACKED)
    entry.compress_type = zipfile.ZIP_DEFLATED if packs else zipfile.ZIP_STORED
    entry.external_attr = 0o644 << 16
    return entry
