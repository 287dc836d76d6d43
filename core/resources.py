"""The one door to the files that ship with the program.

Names are paths below `resources/`, written with `/`: `read_text("negatives/general.txt")`.
"""

from importlib.resources import files
from pathlib import Path


def folder(name: str) -> Path:
    """Return a shipped folder, or file, as a path for whoever needs one (Qt's font loader does).

    A real path, always: the program is never run from inside an archive.

    Raises:
        FileNotFoundError: nothing of this name is shipped.
    """
    path = Path(str(files("resources").joinpath(name)))
    if not path.exists():
        raise FileNotFoundError(f"No resource is called {name!r}")
    return path


def read_bytes(name: str) -> bytes:
    """Read a shipped file whole.

    Raises:
        FileNotFoundError: nothing of this name is shipped.
    """
    return folder(name).read_bytes()


def read_text(name: str) -> str:
    """Read a shipped UTF-8 file whole.

    Raises:
        FileNotFoundError: nothing of this name is shipped.
    """
    return folder(name).read_text(encoding="utf-8")
