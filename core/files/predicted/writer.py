"""A file of answers: the source's own rows with columns behind them, kept through a stop."""

import csv
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from core.errors import UserError
from core.files.export_sheet import check_sheet, sheet_aside
from core.files.predicted.columns import Behind
from core.files.predicted.growing import GrowingFile, State
from core.files.predicted.lines import CsvLines, JsonLines, Lines
from core.files.sources import distinct_names
from core.files.tables import Mapping, Problem, Row
from core.i18n import _

PLAIN_ENCODINGS = ("utf-8", "ascii")
PACKED_ROWS = 1_000  # of a workbook, after which it is told
MARK = "\ufeff".encode()  # of UTF-8; Excel needs it

Format = Literal["csv", "jsonl", "xlsx"]
OUT_ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


def format_of(path: Path) -> Format:
    """Return the format that a file's name asks for; CSV where it has no ending.

    Raises:
        UnknownEndingError: answers are not written in that format.
    """
    ending = path.suffix.lower()
    if ending and ending not in OUT_ENDINGS:
        raise UnknownEndingError(path.name)
    return OUT_ENDINGS.get(ending, "csv")


class UnknownEndingError(UserError):
    """The name of the new file asks for a format that there is not."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” has an ending that no file can be written in here.").format(name=name),
            next_step=_("Let the name end in {endings}.").format(endings=", ".join(OUT_ENDINGS)),
        )


class PredictionsFile:
    """Grows row by row (see `GrowingFile`), in the format that the name of the file asks for.

    CSV comes back as the source came: with semicolons if it had them, and marked as UTF-8 unless
    the source was plain UTF-8. A column that the source already has ("probability") is kept, ours
    is then "probability (2)". A workbook cannot grow; its rows wait as CSV until they are packed.

    Attributes:
        path: where it appears when it is whole.
        columns: the header as it is written.
        lines: make the tails of the rows.
    """

    def __init__(
        self,
        path: Path,
        columns: Sequence[str],
        behind: Behind,
        mapping: Mapping,
        about: State,
    ) -> None:
        self.path, self._n_own = path, len(columns)
        self._format = format_of(path)
        self.columns = distinct_names((*columns, *behind.names))
        self._numeric = behind.numeric
        self._mark = b""
        self.lines: Lines
        if self._format == "jsonl":
            self.lines = JsonLines(self.columns, self._n_own, behind)
        else:
            is_csv = self._format == "csv"
            self._mark = MARK if is_csv and mapping.encoding not in PLAIN_ENCODINGS else b""
            self.lines = CsvLines(
                self.columns,
                self._n_own,
                behind,
                delimiter=_delimiter(path, mapping) if is_csv else ",",
                is_guarded=is_csv,  # a workbook says itself that a cell is a text
            )
        self._file = GrowingFile(path, {**about, "format": self._format, "columns": self.columns})
        self._n_rows = 0

    def begin(self) -> None:
        """Begin anew.

        Raises:
            UserError: the disk is full, the place cannot be written to, a sheet has no room.
        """
        self._check_room()
        self._file.begin(self._mark + self.lines.header.encode())

    def go_on(self) -> State | None:
        """Go on from the last safe state and return it; None where there is none to go on from."""
        state = self._file.go_on()
        self._n_rows = state["rows"] if state else 0
        return state

    @property
    def n_kept(self) -> int:
        """Return how many rows are safe."""
        return int(self._file.state["rows"]) if self._file.state else 0

    def write(self, pairs: Sequence[tuple[Row | Problem, str]]) -> None:
        """Add rows as read, each with its tail.

        Raises:
            UserError: the disk is full, or a sheet has no room.
        """
        self._n_rows += len(pairs)
        if self._format == "xlsx":
            self._check_room(max((len(c) for row, _tail in pairs for c in row.cells), default=0))
        line = self.lines.line
        content = "".join(line(row, tail) for row, tail in pairs)
        self._file.add(content.encode(errors="replace"))

    def keep(self, **state: Any) -> None:  # noqa: ANN401  # what JSON can hold
        """See all rows onto the disk, and note how far it is."""
        self._file.keep({"rows": self._n_rows, **state})

    def leave(self) -> None:
        """Close it as it is; `go_on` goes on from what was kept."""
        self._file.leave()

    def finish(self, tell: Callable[[int], None]) -> None:
        """Put the whole file in its place; `tell` hears how many rows of a workbook are packed.

        Raises:
            UserError: the disk is full, or a sheet has no room.
        """
        self._file.finish(partial(self._pack, tell) if self._format == "xlsx" else None)

    def _check_room(self, n_most_chars: int = 0) -> None:
        if self._format == "xlsx":
            check_sheet(self._n_rows, len(self.columns), n_most_chars)

    def _pack(self, tell: Callable[[int], None], rows: Path) -> None:
        """Make a workbook of the rows."""
        numbers = frozenset(self._n_own + place for place in self._numeric)
        with (
            rows.open(encoding="utf-8", newline="") as file,
            sheet_aside(self.path, self.columns, numbers) as add_row,
        ):
            waiting = csv.reader(file)
            next(waiting)
            for n_done, cells in enumerate(waiting):
                if n_done % PACKED_ROWS == 0:
                    tell(n_done)
                add_row(cells)


def _delimiter(path: Path, mapping: Mapping) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    return ";" if mapping.delimiter == ";" else ","
