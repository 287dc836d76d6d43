"""Rows under a header: of a delimited file, a sheet of a workbook, a list of texts."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from operator import itemgetter

from core.files.errors import EmptyFileError
from core.files.formulas import restored
from core.files.records import Record, problem
from core.files.sources.base import Rows, distinct_names
from core.files.tables import Mapping, Problem
from core.i18n import _

PEEKED_ROWS = 100
FIRST = itemgetter(slice(1))  # character of a cell, if it has one


class TableSource:
    """A table; a list of texts is one of a single column."""

    def __init__(self, name: str, rows: Rows, mapping: Mapping) -> None:
        self._rows = rows
        self._may_be_guarded = mapping.kind == "table"
        with closing(iter(rows)) as records:  # type: ignore[type-var]  # not left open until read
            beginning = list(islice(records, mapping.skipped_rows + PEEKED_ROWS))
        beginning = beginning[mapping.skipped_rows :]
        self._n_above = mapping.skipped_rows
        header: list[str] = []
        if mapping.has_header:
            header = next((cells for _number, cells in _sound(beginning) if any(cells)), [])
            place = _place(header, beginning)
            beginning, self._n_above = beginning[place:], self._n_above + place
        if self._may_be_guarded:
            header = [restored(cell) for cell in header]
        if mapping.kind == "workbook" and header:  # a column without a name is one, too
            width = max((len(row[1]) for row in beginning), default=0)
            header = header + [""] * (width - len(header))
        if mapping.kind == "texts" and not header:
            header = ["text"]
        self.columns = distinct_names(header or [""] * _usual_width(beginning))
        if not self.columns:
            raise EmptyFileError(name)

    @property
    def share_read(self) -> float:
        """Return how much has been read, in [0, 1]."""
        return self._rows.share_read

    def __iter__(self) -> Iterator[Record | Problem]:
        """Yield the rows; blank ones are left out, short ones filled."""
        n_columns = len(self.columns)
        for row in islice(self._rows, self._n_above, None):
            if isinstance(row, Problem):
                yield row
                continue
            number, cells = row
            if not any(cells) or (len(cells) == 1 and not cells[0].strip()):
                continue
            if len(cells) != n_columns:
                if any(cells[n_columns:]):
                    yield problem(number, _too_many(len(cells), n_columns), cells)
                    continue
                cells = (cells + [""] * n_columns)[:n_columns]
            if "'" in map(FIRST, cells) and self._may_be_guarded:  # hardly ever
                cells = [restored(cell) for cell in cells]
            yield number, cells


def _sound(records: list[Record | Problem]) -> list[Record]:
    return [record for record in records if not isinstance(record, Problem)]


def _usual_width(records: list[Record | Problem]) -> int:
    widths = Counter(len(cells) for _number, cells in _sound(records))
    widths.pop(0, None)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _place(header: list[str], records: list[Record | Problem]) -> int:
    """Return where the rows under the header begin."""
    return next((i + 1 for i, record in enumerate(records) if record[1] is header), 0)


def _too_many(n_cells: int, n_columns: int) -> str:
    return _(
        "This row has {n_cells} cells, the table {n_columns} columns; "
        "put quotation marks around a text that holds the delimiter."
    ).format(n_cells=n_cells, n_columns=n_columns)
