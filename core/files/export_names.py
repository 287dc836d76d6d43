"""How the columns of our own exports are called, for those who write and those who read them.

The three columns `text`, `concepts` and `not_concepts` side by side are only found in an export of
ours. Its concepts are parted by a bar, or else by what both names end in: `concepts[;]` and
`not_concepts[;]`. What is no column of ours is metadata; metadata that could be taken for a column
of ours has "metadata." before its name.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

EXPORT_COLUMNS = (
    "id", "text", "target", "concepts", "not_concepts", "split", "note", "source", "added",
    "metadata",
)  # fmt: skip
SEPARATORS = "|;,/~^¦‖§¶"
PREFIX = "metadata."
PACKED = ("split", "note", "target")  # packed with the metadata where there is no column for them
OURS = re.compile(
    rf"(?:{'|'.join(EXPORT_COLUMNS)}|(?:not_)?concepts\[.\]|metadata\..*)",
    re.IGNORECASE | re.DOTALL,
)


class ExportNames(NamedTuple):
    """Which columns of an export hold what a reader cannot guess.

    Attributes:
        separator: parts the concepts of a cell.
        metadata: all columns that are none of ours; `metadata_name` tells what is in them.
    """

    concepts: str
    not_concepts: str
    separator: str
    metadata: tuple[str, ...]


def marked(column: str, separator: str) -> str:
    """Return the name of a column of concepts, which tells a separator that is not a bar."""
    return column if separator == SEPARATORS[0] else f"{column}[{separator}]"


def metadata_column(name: str) -> str:
    """Return the column of metadata of this name."""
    return f"{PREFIX}{name}" if not name or OURS.fullmatch(name) else name


def packed_name(name: str) -> str:
    """Return the key of metadata of this name among what is packed with it."""
    return f"{PREFIX}{name}" if name in PACKED or name.startswith(PREFIX) else name


def metadata_name(column: str) -> str:
    """Return what `metadata_column` or `packed_name` was given."""
    return column.removeprefix(PREFIX)


def find_export_names(columns: Sequence[str]) -> ExportNames | None:
    """Return what the columns are if only an export of ours can have them, or None."""
    for separator in SEPARATORS:
        concepts, not_concepts = (marked(name, separator) for name in ("concepts", "not_concepts"))
        if {"text", concepts, not_concepts} <= set(columns):
            ours = {*EXPORT_COLUMNS, concepts, not_concepts} - {"metadata"}
            metadata = tuple(column for column in columns if column not in ours)
            return ExportNames(concepts, not_concepts, separator, metadata)
    return None
