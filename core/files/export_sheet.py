"""Export as XLSX, where a text stays a text: no formula, no number, no date, no link."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.asides import parts_aside
from core.errors import UserError
from core.files.csv_writer import written_aside
from core.files.formulas import harmless
from core.i18n import _

if TYPE_CHECKING:
    from xlsxwriter import Workbook

MAX_SHEET_ROWS = 1_048_575  # below the header
MAX_SHEET_COLUMNS = 16_384
MAX_CELL_CHARS = 32_767  # UTF-16 units, so that an emoji counts twice
TEXT_WIDTH = 80

MADE = datetime(2000, 1, 1)  # what every workbook says of its making, so that it tells no date

TOO_LONG = -2  # what XlsxWriter answers; -1: outside the sheet


class SheetTooSmallError(UserError):
    """A spreadsheet has no room for what is to be exported."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what, next_step=_("Export as JSON Lines or CSV, which have no such limit.")
        )


def check_sheet(n_rows: int, n_columns: int = 1, n_most_chars: int = 0) -> None:
    """See to it that an export has room in a sheet, before anything is written.

    Args:
        n_rows: without the header.
        n_columns: of the header.
        n_most_chars: of the longest text, if it is known.

    Raises:
        SheetTooSmallError: it has not.
    """
    if n_rows > MAX_SHEET_ROWS or n_columns > MAX_SHEET_COLUMNS:
        raise SheetTooSmallError(_too_many())
    if n_most_chars > MAX_CELL_CHARS:
        raise SheetTooSmallError(_too_long())


@contextmanager
def sheet_aside(
    path: Path, header: Sequence[str], numbers: Collection[int] = ()
) -> Iterator[Callable[[Sequence[str]], None]]:
    """Give a function that adds a row of cells; the file appears when the block ends well.

    Rows wait in a hidden folder beside the file, so that memory stays flat. The same rows make
    the same bytes.

    Args:
        path: of the new file.
        header: the first row.
        numbers: the places of the columns below which a number is one, and not a text.

    Raises:
        UserError: a cell or a row has no room, the disk is full, or it cannot be written to.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    with (
        written_aside(path) as aside,
        parts_aside(path.parent) as folder,
    ):
        book = Workbook(aside, {"constant_memory": True, "tmpdir": str(folder)})
        book.use_zip64()
        book.set_properties({"created": MADE})
        sheet = _Sheet(book, header, numbers)
        try:
            yield sheet.add_row
        except BaseException:
            sheet.give_up()
            raise
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error  # the OSError, which `written_aside` explains


class _Sheet:
    """The one sheet of a workbook."""

    def __init__(
        self, book: "Workbook", header: Sequence[str], numbers: Collection[int] = ()
    ) -> None:
        self._sheet = book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        if "text" in header:
            i = header.index("text")
            self._sheet.set_column(i, i, TEXT_WIDTH)
        self._quoted = book.add_format({"quote_prefix": True})  # else editing makes it a formula
        self._n_rows = 0
        self._numbers: Collection[int] = ()  # the header has none
        self.add_row(header)
        self._numbers = numbers

    def add_row(self, cells: Sequence[str]) -> None:
        """Write the next row; an empty cell is none."""
        for i, cell in enumerate(cells):
            if cell and (refused := self._add_cell(i, cell)):
                raise SheetTooSmallError(_too_long() if refused == TOO_LONG else _too_many())
        self._n_rows += 1

    def give_up(self) -> None:
        """Close the rows' file, as `Workbook.close` does when all rows have been packed."""
        self._sheet.row_data_fh.close()

    def _add_cell(self, i: int, cell: str) -> int:
        if i in self._numbers:
            with suppress(ValueError):  # several of them in one cell
                return int(self._sheet.write_number(self._n_rows, i, float(cell)))
        if cell.startswith("<r>") and cell.endswith("</r>"):  # taken for XML of theirs if whole
            answer = self._sheet.write_rich_string(
                self._n_rows, i, cell[:1], self._quoted, cell[1:]
            )
        else:
            quoted = () if harmless(cell) == cell else (self._quoted,)
            answer = self._sheet.write_string(self._n_rows, i, cell, *quoted)
        return int(answer)


def _too_long() -> str:
    return _("A cell of a spreadsheet holds {max_chars:,} characters at most.").format(
        max_chars=MAX_CELL_CHARS
    )


def _too_many() -> str:
    return _("A spreadsheet holds {max_rows:,} texts and {max_columns:,} columns at most.").format(
        max_rows=MAX_SHEET_ROWS, max_columns=MAX_SHEET_COLUMNS
    )
