"""How texts come in and predictions go out: formats, no database, no window.

seen = preview(path)                         # bounded in time, however long the file is
seen = with_options(seen, delimiter=";")     # the analyst knows better
for row in read(path, seen.mapping): ...     # Row or Problem; flat memory
"""

from core.files.csv_writer import PredictionsWriter, write_problems
from core.files.previews import preview, with_columns, with_options
from core.files.reader import Reader, read
from core.files.tables import Mapping, Preview, Problem, Row

__all__ = [
    "Mapping",
    "PredictionsWriter",
    "Preview",
    "Problem",
    "Reader",
    "Row",
    "preview",
    "read",
    "with_columns",
    "with_options",
    "write_problems",
]
