"""Whether the files of a folder are still as they were written."""

import hashlib
import json
from pathlib import Path

SEAL = "seal.json"


def seal(folder: Path) -> None:
    """Note the SHA-256 of every file of a folder in a file of its own."""
    found = {path.name: digest(path) for path in sorted(folder.iterdir()) if path.is_file()}
    (folder / SEAL).write_text(json.dumps(found, indent=1), encoding="utf-8")


def is_broken(folder: Path) -> bool:
    """Tell whether a sealed file is gone or changed; a folder without a seal cannot tell."""
    try:
        noted = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        if any(Path(name).name != name for name in noted):  # it would lie elsewhere, or never end
            return True
        return any(digest(folder / name) != told for name, told in noted.items())
    except FileNotFoundError:
        return (folder / SEAL).exists()  # then it is one of the files that is gone
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return True


def digest(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        OSError: it cannot be read, or is a pipe or a device, which may have no end.
    """
    if path.exists() and not path.is_file():
        raise OSError(f"{path.name} is no file")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
