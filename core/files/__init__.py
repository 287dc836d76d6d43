"""How texts come in, and predictions and exports go out: formats, no database, no window.

seen = preview(path)                         # bounded in time, however long the file is
seen = with_options(seen, delimiter=";")     # the analyst knows better
for row in read(path, seen.mapping): ...     # Row or Problem; flat memory
"""

from core.files.csv_writer import write_problems
from core.files.export import preview_export, write_export
from core.files.export_names import EXPORT_COLUMNS
from core.files.export_sheet import check_sheet
from core.files.export_tables import (
    FORMATS,
    ExportOptions,
    Format,
    columns_of,
    find_free_separator,
)
from core.files.pasted import preview_pasted
from core.files.previews import preview, with_columns, with_options
from core.files.reader import Reader, read
from core.files.remembered import signature, with_remembered
from core.files.tables import ENDINGS, Cut, Kind, Mapping, Preview, Problem, Row
from core.records import ExportRow

__all__ = [
    "ENDINGS",
    "EXPORT_COLUMNS",
    "FORMATS",
    "Cut",
    "ExportOptions",
    "ExportRow",
    "Format",
    "Kind",
    "Mapping",
    "Preview",
    "Problem",
    "Reader",
    "Row",
    "check_sheet",
    "columns_of",
    "find_free_separator",
    "preview",
    "preview_export",
    "preview_pasted",
    "read",
    "signature",
    "with_columns",
    "with_options",
    "with_remembered",
    "write_export",
    "write_problems",
]
