"""Where a model comes from: a folder or a ZIP, read through one door and with the same limits.

Nothing is unpacked to look at it. Names are relative and written with `/`; hidden files and what
other programs leave behind (`.git`, `.cache`, `__MACOSX`) are not seen at all.
"""

import hashlib
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO

from core.base_models.errors import BaseModelMissingError, BaseModelRefusedError, said_as
from core.base_models.words import shown
from core.errors import UserError
from core.i18n import _
from core.unpacking import BoundedFile, UnpacksTooFar, unpacks_too_far

MAX_FILES = 20_000
MAX_DEPTH = 8
MAX_BYTES = 400 * 10**9
_ENCRYPTED = 0x1
_UNSEEN = ("__MACOSX", "Thumbs.db", "desktop.ini")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_READING_FAILED = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    EOFError,
    NotImplementedError,
)
CHUNK = 1 << 20  # bytes that are copied at once


@dataclass(frozen=True)
class Reader:
    """An open file of a source; what goes wrong with it is told in words."""

    name: str
    _file: IO[bytes] | BoundedFile

    def read(self, n_bytes: int) -> bytes:
        """Return the next bytes, fewer only at the end.

        Raises:
            BaseModelRefusedError: they cannot be read.
        """
        with _told(self.name):
            return self._file.read(n_bytes) or b""


@dataclass(frozen=True)
class Source:
    """The files of a model, wherever they lie.

    Attributes:
        name: of the folder or ZIP, or of the one folder that is around everything in it.
        sizes: bytes of each file, by its name.
    """

    name: str
    sizes: Mapping[str, int]
    _opened: Callable[[str], IO[bytes] | BoundedFile]

    @contextmanager
    def open(self, name: str) -> Iterator["Reader"]:
        """Give a file to read from its beginning.

        Raises:
            BaseModelRefusedError: it cannot be opened.
        """
        with ExitStack() as stack:
            with _told(name):
                file = self._opened(name)
                stack.callback(file.close)
            yield Reader(name, file)

    def read(self, name: str, limit: int) -> bytes:
        """Return a small file whole.

        Raises:
            BaseModelRefusedError: it has more than `limit` bytes, or cannot be read.
        """
        if self.sizes[name] > limit:
            raise BaseModelRefusedError(
                _("“{file}” is far larger than such a file ever is.").format(file=shown(name))
            )
        with self.open(name) as file:
            return file.read(limit)

    def copy(self, name: str, path: Path, tell: Callable[[int], None]) -> str:
        """Write a file to a new place and return its SHA-256.

        Whatever it turns out to hold, hardly more is written than it said that it has. `tell`
        hears before each part how many bytes of the file are written.
        """
        sha, size, done = hashlib.sha256(), self.sizes[name], 0
        with self.open(name) as file, path.open("xb") as out:
            while done <= size and (chunk := file.read(CHUNK)):
                tell(done)
                sha.update(chunk)
                out.write(chunk)
                done += len(chunk)
        return sha.hexdigest()

    def unwrapped(self) -> "Source":
        """Return the source without the one folder, or several nested ones, around everything."""
        source = self
        while source.sizes:
            tops = {PurePosixPath(name).parts[0] for name in source.sizes}
            if len(tops) > 1 or any("/" not in name for name in source.sizes):
                break
            source = source.below(tops.pop())
        return source

    def below(self, folder: str) -> "Source":
        """Return what lies in a folder of the source."""
        prefix = f"{folder}/"
        inner = {n.removeprefix(prefix): s for n, s in self.sizes.items() if n.startswith(prefix)}
        return Source(folder, inner, lambda name: self._opened(prefix + name))


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except UnpacksTooFar as error:
        raise _swollen() from error
    except _READING_FAILED as error:
        raise BaseModelRefusedError(
            _("“{file}” cannot be read to its end.").format(file=shown(name)),
            next_step=_("Copy or download the model once more, then try again."),
        ) from error


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Give the files of a folder or of a ZIP.

    Raises:
        BaseModelMissingError: there is nothing at this path.
        BaseModelRefusedError: it is neither, or holds links, ways out of it, or too much.
    """
    with ExitStack() as stack:
        try:
            is_folder, is_file = path.is_dir(), path.is_file()
        except OSError:  # a name longer than any can be, or a place that may not be looked into
            is_folder = is_file = False
        if is_folder:
            source = _folder(path)
        elif is_file:
            source = _zip(path, stack)
        else:
            raise BaseModelMissingError(
                _("There is nothing at “{path}”.").format(path=shown(str(path))),
                path,
                next_step=_("Check the name, or choose the folder or the ZIP again."),
            )
        _refuse_too_much(source.sizes)
        yield source


@contextmanager
def open_source_as(path: Path, refused: Callable[[str, str], UserError]) -> Iterator[Source]:
    """Give the files of a folder or of a ZIP to who has an error of its own for what is wrong."""
    with ExitStack() as stack:
        with said_as(refused):
            source = stack.enter_context(open_source(path))
        yield source


def _folder(path: Path) -> Source:
    root = path.resolve()
    sizes = dict(_walk(root, PurePosixPath()))
    return Source(root.name, sizes, lambda name: (root / name).open("rb"))


def _walk(root: Path, folder: PurePosixPath) -> Iterator[tuple[str, int]]:
    for entry in _entries(root, folder):
        name = folder / entry.name
        if entry.is_symlink():
            raise _link(str(name))
        if entry.is_dir(follow_symlinks=False):
            if len(name.parts) > MAX_DEPTH:
                raise _too_much()
            yield from _walk(root, name)
        elif entry.is_file(follow_symlinks=False):
            yield str(name), entry.stat(follow_symlinks=False).st_size
        else:
            raise BaseModelRefusedError(
                _("“{file}” is no plain file.").format(file=shown(str(name)))
            )


def _entries(root: Path, folder: PurePosixPath) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(root / folder) as found:
            entries = list(islice(found, MAX_FILES + 1))
    except OSError as error:
        raise BaseModelRefusedError(
            _("The folder “{folder}” cannot be opened.").format(
                folder=shown(str(folder if folder.parts else root.name))
            ),
            next_step=_("Allow reading it, or copy the model to a folder of yours."),
        ) from error
    if len(entries) > MAX_FILES:
        raise _too_much()
    return sorted(
        (entry for entry in entries if not _is_unseen(entry.name)), key=lambda entry: entry.name
    )


def _zip(path: Path, stack: ExitStack) -> Source:
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except (*_READING_FAILED, ValueError) as error:
        raise BaseModelRefusedError(
            _("“{file}” is neither a folder nor a ZIP that can be opened.").format(
                file=shown(path.name)
            ),
            next_step=_("Choose the folder of the model, or pack that folder as a ZIP."),
        ) from error
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        _refuse_entry(info)
        is_named = bool(info.filename) and not info.is_dir()  # which stumbles over no name
        if not is_named or any(_is_unseen(part) for part in info.filename.split("/")):
            continue
        if info.filename in entries:
            raise BaseModelRefusedError(
                _("The ZIP holds “{file}” twice.").format(file=shown(info.filename))
            )
        entries[info.filename] = info
    _refuse_bomb(path, list(entries.values()))
    sizes = {name: info.file_size for name, info in entries.items()}

    def opened(name: str) -> BoundedFile:
        return BoundedFile(archive.open(entries[name]), entries[name].compress_size)

    return Source(path.stem, sizes, opened)


def _refuse_entry(info: zipfile.ZipInfo) -> None:
    name = info.filename
    parts = name.removesuffix("/").split("/")
    if "\\" in info.orig_filename or ":" in name or "\x00" in info.orig_filename:
        raise _way_out(name)
    if any(part in ("", ".", "..") for part in parts) or len(parts) > MAX_DEPTH + 1:
        raise _way_out(name)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise _link(name)
    if info.flag_bits & _ENCRYPTED:
        raise BaseModelRefusedError(
            _("The ZIP is protected by a password."),
            next_step=_("Unpack it with its password, then choose the folder."),
        )
    if info.compress_type not in _PACKINGS:
        raise BaseModelRefusedError(
            _("The ZIP is packed in a way that cannot be read here."),
            next_step=_("Unpack it with the program that made it, then choose the folder."),
        )


def _refuse_bomb(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what says itself that it unpacks to too much; what lies is stopped in reading."""
    packed = sum(info.compress_size for info in entries)
    unpacked = sum(info.file_size for info in entries)
    is_swollen = unpacks_too_far(unpacked, packed) or any(
        unpacks_too_far(info.file_size, info.compress_size) for info in entries
    )
    if is_swollen or packed > path.stat().st_size:  # the same bytes may be told as several files
        raise _swollen()


def _swollen() -> BaseModelRefusedError:
    return BaseModelRefusedError(
        _("The ZIP unpacks to far more than it should, so it was not opened."),
        next_step=_("If you trust it, unpack it yourself, then choose the folder."),
    )


def _refuse_too_much(sizes: Mapping[str, int]) -> None:
    if len(sizes) > MAX_FILES or sum(sizes.values()) > MAX_BYTES:
        raise _too_much()


def _is_unseen(name: str) -> bool:
    return (name.startswith(".") and name not in (".", "..")) or name in _UNSEEN


def _link(name: str) -> BaseModelRefusedError:
    return BaseModelRefusedError(
        _("“{file}” is a link to another place, and links are not followed.").format(
            file=shown(name)
        ),
        next_step=_("Copy the model so that the copy holds the files themselves, then choose it."),
    )


def _way_out(name: str) -> BaseModelRefusedError:
    return BaseModelRefusedError(
        _("“{file}” in the ZIP points outside the folder it belongs to.").format(file=shown(name)),
        next_step=_("Do not use this ZIP; ask whoever gave it to you for another one."),
    )


def _too_much() -> BaseModelRefusedError:
    return BaseModelRefusedError(
        _("That is far more than one model has: too many files, too deep or too large."),
        next_step=_("Choose the folder of one model, the one with config.json in it."),
    )
