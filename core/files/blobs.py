"""Bytes under a name: a file, what a `.gz` packs, a member of a ZIP; nothing is unpacked to disk.

What unpacks to far more than any table of texts does is refused while it is read.
"""

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from typing_extensions import Buffer, override

from core.errors import UserError
from core.files.errors import (
    DamagedFileError,
    EncodingWrongError,
    EncryptedFileError,
    FileMissingError,
    FileUnreadableError,
    UnpacksTooFarError,
)
from core.i18n import _
from core.unpacking import BoundedFile, UnpacksTooFar, unpacks_too_far

GZIP, ZIP, OLE, PDF = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-"
PIECE_BYTES = 1 << 20
ENCRYPTED = 0x1  # a flag in a ZIP's list of members
DAMAGE = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError)


class Stream(BoundedFile):
    """The bytes of a blob from first to last."""

    def __init__(
        self,
        inner: IO[bytes] | io.IOBase,
        share: Callable[[int], float],
        name: str,
        n_packed_bytes: int | None = None,
    ) -> None:
        super().__init__(inner, n_packed_bytes)
        self._share, self._name = share, name
        self._most_bytes = 0
        self._tell_end: Callable[[], None] | None = None

    def end_after(self, n_bytes: int, tell: Callable[[], None]) -> None:
        """End after so many bytes, and tell if there were more."""
        self._most_bytes, self._tell_end = n_bytes, tell

    @property
    def share_read(self) -> float:
        """Return how much has been read, in [0, 1]."""
        return 1.0 if self.closed else min(1.0, self._share(self._n_read))

    @override
    def seekable(self) -> bool:
        """Tell whether places in it can be leapt to, which needs that it is not packed."""
        return self._n_packed_bytes is None

    @override
    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Leap to a place."""
        return self._inner.seek(offset, whence)

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        """Fill a buffer.

        Raises:
            DamagedFileError: what is packed is cut off or broken.
            UnpacksTooFarError: it goes on and on.
        """
        if self._tell_end and self._n_read >= self._most_bytes:
            self._tell_end()
            return 0
        with _unpacking(self._name):
            return super().readinto(buffer)


@dataclass(frozen=True)
class Blob:
    """Bytes under a name.

    Attributes:
        name: with the folders that it is in, parted by "/".
        size_bytes: on disk; of a member of an archive when unpacked, as the archive has it.
        open: begins to read, for `with`.
        stamp: tells it from others, and from itself before it was changed.
    """

    name: str
    size_bytes: int
    open: Callable[[], Stream] = field(compare=False)
    stamp: tuple[str, int]

    @property
    def suffix(self) -> str:
        """Return the end of the name: ".txt"."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def file(self) -> str:
        """Return the name without folders."""
        return PurePosixPath(self.name).name

    def head(self, n_bytes: int) -> bytes:
        """Return the first bytes.

        Raises:
            UserError: they cannot be read.
        """
        with self.open() as stream, io.BufferedReader(stream) as file:
            return file.read(n_bytes)

    def whole(self, max_bytes: int) -> io.BytesIO:
        """Return all bytes, for formats that are read from behind.

        Raises:
            UnpacksTooFarError: there are more.
            UserError: they cannot be read.
        """
        content = io.BytesIO()
        with self.open() as stream:
            while piece := stream.read(PIECE_BYTES):
                content.write(piece)
                if content.tell() > max_bytes:
                    raise UnpacksTooFarError(self.file)
        content.seek(0)
        return content


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Say in the analyst's words what the operating system has against reading a file."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileMissingError(name) from error
    except OSError as error:
        raise FileUnreadableError(name, error.strerror or "") from error
    except UnicodeError as error:
        raise EncodingWrongError(name) from error


@contextmanager
def sound(name: str) -> Iterator[None]:
    """Say of whatever a reader of foreign formats raises that the file is damaged."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:  # damaged files break these libraries in a hundred ways
        raise DamagedFileError(name) from error


@contextmanager
def _unpacking(name: str) -> Iterator[None]:
    """Say of what an archive cannot give back that it is damaged, or has no end."""
    try:
        yield
    except UnpacksTooFar as error:
        raise UnpacksTooFarError(name) from error
    except DAMAGE as error:
        raise DamagedFileError(name) from error


def file_blob(path: Path, name: str = "") -> Blob:
    """Return a file, unpacked if it is a `.gz`.

    Raises:
        UserError: it is missing, or cannot be opened.
    """
    name = name or path.name
    is_packed = _begins_with(path, GZIP, name)
    with readable(name):
        stand = path.stat()
        size_bytes = stand.st_size

    def begin() -> Stream:
        with readable(name):
            raw = path.open("rb", buffering=0)
        inner = _GzipFile(raw) if is_packed else raw
        packed = size_bytes if is_packed else None
        return Stream(inner, lambda _n: raw.tell() / max(1, size_bytes), name, packed)

    plain_name = name.removesuffix(".gz") if is_packed else name
    return Blob(plain_name, size_bytes, begin, (str(path), stand.st_mtime_ns))


class _GzipFile(gzip.GzipFile):
    """A `.gz`, closed together with its file."""

    def __init__(self, raw: io.FileIO) -> None:
        super().__init__(fileobj=raw, mode="rb")
        self._raw = raw

    def close(self) -> None:
        super().close()
        self._raw.close()


def folder_blobs(folder: Path) -> tuple[list[Blob], list[str]]:
    """Return all files in a folder and below it, and the folders that could not be read.

    Raises:
        UserError: the folder itself cannot be read.
    """
    refused: list[OSError] = []
    found: list[Blob] = []
    for root, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(root) / name
            if name.startswith(".") or not path.is_file():
                continue
            with suppress(OSError):
                found.append(_found(path, path.relative_to(folder).as_posix()))
    if refused and not found:
        with readable(folder.name):
            raise refused[0]
    closed = [Path(error.filename).relative_to(folder).as_posix() for error in refused]
    return sorted(found, key=lambda blob: PurePosixPath(blob.name)), closed


def _found(path: Path, name: str) -> Blob:
    """Return a file of a folder; whether it is packed is looked at when it is opened."""
    stand = path.stat()
    stamp = str(path), stand.st_mtime_ns
    return Blob(name, stand.st_size, lambda: file_blob(path, name).open(), stamp)


def zip_blobs(path: Path) -> list[Blob]:
    """Return the files in a ZIP, without those that computers add for themselves.

    Names are only names here: nothing is written, so ".." and "/" lead nowhere.

    Raises:
        UserError: it is damaged, or cannot be opened.
    """
    with readable(path.name), _unpacking(path.name), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    size_bytes = path.stat().st_size
    _check_told(path.name, members, size_bytes)
    return [
        _member(path, member, name)
        for member in members
        if (name := _plain_name(member.filename)) and not member.is_dir()  # a name may be empty
    ]


def is_zip(path: Path) -> bool:
    """Tell whether a file begins like a ZIP."""
    return _begins_with(path, ZIP, path.name)


def _begins_with(path: Path, signature: bytes, name: str) -> bool:
    with readable(name):
        if path.exists() and not path.is_file():  # a pipe or a device, which may have no end
            raise FileUnreadableError(name, _("it is no file"))
        with path.open("rb") as file:
            return file.read(len(signature)) == signature


def _plain_name(name: str) -> str:
    """Return a member's name without what could lead out of a folder, "" for what is hidden."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return "" if is_hidden else "/".join(parts)


def _member(path: Path, member: zipfile.ZipInfo, name: str) -> Blob:
    def begin() -> Stream:
        if member.flag_bits & ENCRYPTED:
            raise EncryptedFileError(name)
        with readable(name), _unpacking(name), zipfile.ZipFile(path) as archive:
            inner = archive.open(member)  # keeps the file open for itself
        size_bytes = max(1, member.file_size)
        return Stream(inner, lambda n: n / size_bytes, name, member.compress_size)

    return Blob(name, member.file_size, begin, (str(path), member.CRC))


def check_parts(content: IO[bytes], name: str, max_xml_bytes: int | None = None) -> None:
    """Refuse an office file that is no ZIP, is encrypted, or unpacks to too much.

    Raises:
        UserError: it is refused.
    """
    with _unpacking(name), zipfile.ZipFile(content) as archive:
        members = archive.infolist()
    n_packed_bytes = content.seek(0, os.SEEK_END)
    content.seek(0)
    _check_told(name, members, n_packed_bytes)
    n_xml_bytes = sum(m.file_size for m in members if m.filename.endswith((".xml", ".rels")))
    if max_xml_bytes is not None and n_xml_bytes > max_xml_bytes:
        raise UnpacksTooFarError(name)
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise EncryptedFileError(name)


def _check_told(name: str, members: list[zipfile.ZipInfo], n_packed_bytes: int) -> None:
    """Refuse an archive that says itself that it unpacks to too much."""
    if unpacks_too_far(sum(member.file_size for member in members), n_packed_bytes):
        raise UnpacksTooFarError(name)
