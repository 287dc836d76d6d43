"""How inputs and their labels go out, so that an import of the file gives them back.

options = ExportOptions("csv", separator=find_free_separator(names))
header, shown = preview_export(rows, options)
n_rows = write_export(path, rows, options, lambda n_done: job.report(stage, n_done, total))

How the columns are called, and what a reader makes of them, is in `export_names`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from core.files.csv_writer import csv_aside, text_aside
from core.files.export_sheet import check_sheet, sheet_aside
from core.files.export_tables import ExportOptions, record_of, table_of
from core.files.formulas import harmless
from core.records import ExportRow

REPORTED_ROWS = 1000


def write_export(
    path: Path,
    rows: Iterable[ExportRow],
    options: ExportOptions,
    job_track: Callable[[int], None],
) -> int:
    """Write the rows in the chosen format and return how many there were.

    The file appears under its name when it is complete, and an older one stays until then.
    Memory stays flat, however many rows there are. A path that ends in `.tsv` is written with
    tabs.

    Args:
        path: of the new file.
        rows: asked for one after the other, once.
        options: the format and its columns.
        job_track: called with the number of rows written so far; what it raises stops the export.

    Raises:
        UserError: a spreadsheet has no room for it (known beforehand where the rows have a
            length), the disk is full, or the place cannot be written to.
    """
    if options.format == "xlsx":
        check_sheet(len(rows) if isinstance(rows, Sized) else 0, len(table_of(options).header))
    n_rows = 0
    with _adding(path, options) as add:
        for n_rows, row in enumerate(rows, start=1):
            add(row if n_rows > 1 else _naming_all(row, options))
            if n_rows % REPORTED_ROWS == 0:
                job_track(n_rows)
        job_track(n_rows)
    return n_rows


def preview_export(
    rows: Iterable[ExportRow], options: ExportOptions, n: int = 5
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the first rows as they will be written; of JSON Lines, keys and values.

    Raises:
        ValueError: a row has more concepts than the options say.
    """
    header, cells = table_of(options)
    shown = [tuple(cells(row)) for row in islice(rows, n)]
    if options.format in ("csv", "portal"):
        return tuple(map(harmless, header)), [tuple(map(harmless, row)) for row in shown]
    return header, shown


def _naming_all(row: ExportRow, options: ExportOptions) -> ExportRow:
    """Return the first row with every name of metadata: a reader of JSON Lines finds them there."""
    if options.format != "jsonl":
        return row
    return row._replace(metadata=dict.fromkeys(options.metadata_names, "") | row.metadata)


@contextmanager
def _adding(path: Path, options: ExportOptions) -> Iterator[Callable[[ExportRow], object]]:
    """Give the function that adds a row to the file."""
    header, cells = table_of(options)
    if options.format == "jsonl":
        with text_aside(path, encoding="utf-8") as file:
            yield lambda row: file.write(
                json.dumps(record_of(row, options), ensure_ascii=False) + "\n"
            )
    elif options.format == "xlsx":
        with sheet_aside(path, header) as add_cells:
            yield lambda row: add_cells(cells(row))
    else:
        delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
        with csv_aside(path, encoding="utf-8-sig", delimiter=delimiter) as lines:
            lines.writerow(map(harmless, header))
            yield lambda row: lines.writerow(map(harmless, cells(row)))
