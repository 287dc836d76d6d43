"""Where rows come from: every kind of file is rows of cells under named columns here."""

from core.files.sources.base import SPLITS, Source, distinct_names
from core.files.sources.opening import find_blob, find_kind, open_source, size_bytes
from core.files.sources.workbooks import SheetRows

__all__ = [
    "SPLITS",
    "SheetRows",
    "Source",
    "distinct_names",
    "find_blob",
    "find_kind",
    "open_source",
    "size_bytes",
]
