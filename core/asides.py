"""What appears whole or not at all: written aside, flushed, then renamed into place."""

import hashlib
import os
import platform
import re
import shutil
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from core.errors import writing_to

ASIDE = ".writing-"
_NAME = re.compile(re.escape(ASIDE) + r"([0-9a-f]{8})-(\d{1,9})-[0-9a-f]+")  # computer, process


@contextmanager
def written_aside(folder: Path) -> Iterator[Path]:
    """Give a new folder to write to; it appears at `folder` when the block ends, or never.

    Raises:
        DiskFullError: there was no room; nothing is left behind.
        NotWritableError: the folder's place may not be written to.
    """
    aside = new_aside(folder.parent)
    with writing_to(folder.parent):
        try:
            folder.parent.mkdir(exist_ok=True)  # not the app's folder, if that is gone
            aside.mkdir()
            yield aside
            for path in aside.rglob("*"):
                flush(path)
            aside.rename(folder)
            flush_quietly(folder.parent)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def parts_aside(parent: Path) -> Iterator[Path]:
    """Give a hidden folder for the parts of a file, for its owner only; it goes with the block."""
    folder = new_aside(parent)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_aside(parent: Path) -> Path:
    """Return where something can lie aside in a folder; nothing is there yet.

    What processes left aside there that were killed is cleared away.
    """
    delete_lost_asides(parent)
    return parent / f"{ASIDE}{_computer()}-{os.getpid()}-{uuid.uuid4().hex[:16]}"


def delete_lost_asides(parent: Path) -> None:
    """Remove what lies aside in a folder where others may write, and nobody writes any more."""
    for path in parent.glob(f"{ASIDE}*"):
        import psutil  # only where there is something to look at

        named = _NAME.fullmatch(path.name)
        if named and named[1] == _computer() and not psutil.pid_exists(int(named[2])):
            _delete(path)


def delete_asides(parent: Path, known: Collection[str] = ()) -> None:
    """Remove what an interrupted writing left aside in a folder where nobody writes now."""
    for path in parent.glob(f"{ASIDE}*"):
        if path.name not in known:
            _delete(path)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):  # it may stay; nobody takes it for anything
        path.unlink()


@cache
def _computer() -> str:
    """Return what tells this computer from others that write to the same folder."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def flush_quietly(folder: Path) -> None:
    """Let what was put in place in a folder reach the disk; it is there, whether it does or not."""
    with suppress(OSError):
        flush(folder)


def flush(path: Path) -> None:
    """Let what was written reach the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows flushes folders by itself and refuses to open them
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
