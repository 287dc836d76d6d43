"""Folders that appear whole or not at all: written aside, flushed, then renamed into place."""

import os
import shutil
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import writing_to

ASIDE = ".writing-"


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
            flush(folder.parent)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def new_aside(parent: Path) -> Path:
    """Return where something can lie aside in a folder; nothing is there yet."""
    return parent / f"{ASIDE}{uuid.uuid4().hex}"


def delete_asides(parent: Path, known: Collection[str] = ()) -> None:
    """Remove what an interrupted writing left aside in a folder."""
    for path in parent.glob(f"{ASIDE}*"):
        if path.name not in known:
            shutil.rmtree(path, ignore_errors=True)


def flush(path: Path) -> None:
    """Let what was written reach the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows flushes folders by itself and refuses to open them
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
