"""Temporary folders that can hold texts: for their owner only, and cleared away after a crash."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import writing_to

_NAME = re.compile(r"textwright-(\d+)-\w+")


def new_temporary_folder() -> Path:
    """Return a new folder; whoever asks for it clears it away.

    Raises:
        DiskFullError, NotWritableError: there is no room for it.
    """
    with writing_to(Path(tempfile.gettempdir())):
        return Path(tempfile.mkdtemp(prefix=f"textwright-{os.getpid()}-"))


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a new folder for a block.

    Raises:
        DiskFullError, NotWritableError: there is no room for it.
    """
    folder = new_temporary_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def delete_left_folders() -> None:
    """Remove what processes left that were ended in the middle of their work."""
    for path in Path(tempfile.gettempdir()).glob("textwright-*"):
        import psutil  # only where there is something to look at

        named = _NAME.fullmatch(path.name)
        if named and not psutil.pid_exists(int(named[1])) and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
