"""Some rows of a file of predictions as a file of their own, in the format that its name says."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.files.csv_writer import csv_aside, text_aside
from core.files.export_sheet import check_sheet, sheet_aside
from core.files.formulas import harmless
from core.files.predicted.columns import NEEDS_PERSON, PREDICTED, RUNNER_UP, UNLIKE, YES
from core.files.predicted.reading import PredictedColumns, number_in
from core.files.predicted.writer import format_of

AddRow = Callable[[Sequence[str]], object]


@contextmanager
def rows_saved(path: Path, header: Sequence[str], ours: PredictedColumns) -> Iterator[AddRow]:
    """Give what adds the cells of a row; the file appears when the block ends well.

    Args:
        path: of the new file; its ending says the format.
        header: all columns.
        ours: which of them hold predictions, and so numbers and flags.

    Raises:
        UserError: the disk is full, the place cannot be written to, or a sheet has no room.
    """
    match format_of(path):
        case "jsonl":
            with text_aside(path, encoding="utf-8") as file:
                kinds = _kinds(header, ours)
                yield lambda cells: file.write(_object(header, kinds, cells, ours.separator))
        case "xlsx":
            check_sheet(0, len(header))
            numbers = {i for i, kind in enumerate(_kinds(header, ours)) if kind == "number"}
            with sheet_aside(path, header, frozenset(numbers)) as add_row:
                yield add_row
        case _:
            delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
            with csv_aside(path, encoding="utf-8-sig", delimiter=delimiter) as rows:
                rows.writerow(map(harmless, header))
                yield lambda cells: rows.writerow(map(harmless, cells))


def _kinds(header: Sequence[str], ours: PredictedColumns) -> list[str]:
    """Return what each column holds: "text", "names", "flag" or "number"."""
    named = {place: name for name, place in ours.places.items()}
    kinds = {PREDICTED: "names", RUNNER_UP: "text", NEEDS_PERSON: "flag", UNLIKE: "flag"}
    return [kinds.get(named[i], "number") if i in named else "text" for i in range(len(header))]


def _object(
    header: Sequence[str], kinds: Sequence[str], cells: Sequence[str], separator: str
) -> str:
    values = zip(header, kinds, cells, strict=True)
    found = {name: _value(kind, cell, separator) for name, kind, cell in values}
    return json.dumps(found, ensure_ascii=False) + "\n"


def _value(kind: str, cell: str, separator: str) -> object:
    match kind:
        case "names":
            return cell.split(separator) if cell else []
        case "flag":
            return cell in (YES, "true")
        case "number":
            return number_in(cell)
    return cell
