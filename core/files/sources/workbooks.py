"""The rows of a sheet: `.xlsx` and `.xlsm` are read as they come, `.xls` is held as a whole.

The libraries are imported where a workbook is opened, so that a window starts without them.
"""

import io
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count, islice
from typing import Any, Protocol

from core.files.blobs import OLE, Blob, check_parts, sound
from core.files.errors import EmptyFileError, EncryptedFileError, SheetMissingError
from core.files.records import Record
from core.files.sources.base import cell_of

MAX_WORKBOOK_BYTES = 1 << 30
MAX_COLUMNS = 1 << 14  # as many as a sheet can have; the libraries believe any number
CHUNK_ROWS = 200
LOOKED_AT_ROWS = 200  # of a sheet without a filled cell among them the next one is taken


class Book(Protocol):
    """An open workbook."""

    sheets: tuple[str, ...]

    def n_rows(self, sheet: str) -> int:
        """Return how many rows the sheet says it has, 0 if it does not."""

    def rows(self, sheet: str) -> Iterator[Sequence[object]]:
        """Yield the values of each row."""


class SheetRows:
    """The rows of one sheet, numbered as the sheet numbers them, blank ends cut off.

    Formulas are never run: the values are taken that the file keeps beside them.

    Attributes:
        sheets: the names of those that are not hidden.
        sheet: the name of this one; if none was asked for, the first that is not empty.
    """

    def __init__(self, blob: Blob, sheet: str) -> None:
        self._name = blob.file
        self._book = _open(blob)
        self.sheets = self._book.sheets
        if sheet and sheet not in self.sheets:
            raise SheetMissingError(sheet, self.sheets)
        self.share_read = 0.0
        self.sheet = sheet or next(filter(self._has_cells, self.sheets), "")
        if not self.sheet:
            raise EmptyFileError(self._name)
        self._n_rows = self._book.n_rows(self.sheet)

    def __iter__(self) -> Iterator[Record]:
        """Yield every row, blank ones too."""
        for number, cells in self._numbered(self.sheet):
            self.share_read = min(1.0, number / max(1, self._n_rows))
            yield number, cells
        self.share_read = 1.0

    def _has_cells(self, sheet: str) -> bool:
        return any(cells for _number, cells in islice(self._numbered(sheet), LOOKED_AT_ROWS))

    def _numbered(self, sheet: str) -> Iterator[Record]:
        rows = self._book.rows(sheet)
        for first in count(1, CHUNK_ROWS):
            with sound(self._name), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and dates that are not ours
                chunk = [_cells(row) for row in islice(rows, CHUNK_ROWS)]
            yield from enumerate(chunk, start=first)
            if len(chunk) < CHUNK_ROWS:
                return


@lru_cache(maxsize=1)  # a preview asks several times for the workbook that is looked at
def _open(blob: Blob) -> Book:
    content = blob.whole(MAX_WORKBOOK_BYTES)
    is_old = content.getbuffer()[: len(OLE)] == OLE
    if not is_old:
        check_parts(content, blob.file)
    with sound(blob.file), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _OldBook(content, blob.file) if is_old else _NewBook(content)


class _NewBook:
    """A `.xlsx`, of which only the list of distinct texts is held."""

    def __init__(self, content: io.BytesIO) -> None:
        import openpyxl

        self._book = openpyxl.load_workbook(
            content, read_only=True, data_only=True, keep_links=False
        )
        self.sheets = tuple(
            sheet.title for sheet in self._book.worksheets if sheet.sheet_state == "visible"
        )

    def n_rows(self, sheet: str) -> int:
        return self._book[sheet].max_row or 0

    def rows(self, sheet: str) -> Iterator[Sequence[object]]:
        found = self._book[sheet]
        found.reset_dimensions()  # what a file says of its own size is often wrong
        rows: Iterator[Sequence[object]] = found.iter_rows(values_only=True)
        return rows


class _OldBook:
    """A `.xls`."""

    def __init__(self, content: io.BytesIO, name: str) -> None:
        import xlrd

        self._kinds = xlrd
        try:
            self._book = xlrd.open_workbook(
                file_contents=content.getvalue(), ragged_rows=True, logfile=io.StringIO()
            )
        except xlrd.XLRDError as error:
            if "encrypted" in str(error).lower() or name.lower().endswith(("x", "m")):
                raise EncryptedFileError(name) from error  # only those are in such a container
            raise
        self.sheets = tuple(sheet.name for sheet in self._book.sheets() if not sheet.visibility)

    def n_rows(self, sheet: str) -> int:
        n_rows: int = self._book.sheet_by_name(sheet).nrows
        return n_rows

    def rows(self, sheet: str) -> Iterator[Sequence[object]]:
        found = self._book.sheet_by_name(sheet)
        for i in range(found.nrows):
            yield [self._value(cell) for cell in found.row(i)]

    def _value(self, cell: Any) -> object:  # noqa: ANN401  # xlrd has no types
        kinds = self._kinds
        if cell.ctype == kinds.XL_CELL_DATE:
            return kinds.xldate_as_datetime(cell.value, self._book.datemode)
        if cell.ctype == kinds.XL_CELL_BOOLEAN:
            return bool(cell.value)
        if cell.ctype == kinds.XL_CELL_ERROR:
            return kinds.error_text_from_code.get(cell.value, "")
        return cell.value


def _cells(values: Sequence[object]) -> list[str]:
    """Return the cells of a row as texts, without the empty ones at its end."""
    cells = [value if isinstance(value, str) else cell_of(value) for value in values[:MAX_COLUMNS]]
    while cells and not cells[-1]:
        del cells[-1]
    return [_unescaped(cell) if "_x" in cell else cell for cell in cells]


def _unescaped(cell: str) -> str:
    """Return a cell with the characters that XML cannot hold: "_x000D_" is one of them."""
    from openpyxl.utils.escape import unescape

    plain: str = unescape(cell)
    return plain
