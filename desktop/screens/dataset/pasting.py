"""What comes from the clipboard or is typed in bulk, by way of a file."""

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path

from core.files import Mapping
from core.files.csv_writer import csv_aside
from core.i18n import _
from core.operations.import_texts import ImportRequest
from core.temporary import new_temporary_folder

LONG_CHARS = 1_000_000  # that no field for typing takes without standing still


def is_for_preview(pasted: str) -> bool:
    """Tell whether it is rows of a spreadsheet, or more than a field can show."""
    return "\t" in pasted.lstrip("\n").partition("\n")[0] or len(pasted) > LONG_CHARS


def list_request(
    texts: Sequence[str], concepts: Sequence[str], dataset: str, folder: Path
) -> ImportRequest:
    """Return the import of texts that all have the same concepts, kept in a file until then.

    Raises:
        UserError: the file cannot be written.
    """
    columns = tuple(f"concept {n}" for n in range(1, len(concepts) + 1))
    path = Path(tempfile.mkdtemp(dir=folder)) / f"{_('typed in')}.csv"
    with csv_aside(path, encoding="utf-8", delimiter=",") as rows:
        rows.writerow(("text", *columns))
        rows.writerows((text, *concepts) for text in texts)
    return ImportRequest(path, Mapping(text="text", concepts=columns), dataset)


def folder_until_gone(owner: object) -> Path:
    """Return a new folder that goes when its owner goes.

    Raises:
        UserError: there is no room for it.
    """
    folder = new_temporary_folder()
    weakref.finalize(owner, shutil.rmtree, folder, ignore_errors=True)
    return folder
