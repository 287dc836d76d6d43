"""How predictions and problems go out: as CSV, written aside and renamed when complete."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TextIO

from core.errors import writing_to
from core.files.decoding import BROKEN
from core.files.formulas import harmless
from core.files.sources import distinct_names
from core.files.tables import Mapping, Problem, Row
from core.i18n import _

PLAIN_ENCODINGS = ("utf-8", "ascii")
YES, NO = "yes", "no"  # as the names of the columns, the same in every language


class Rows(Protocol):
    """What `csv.writer` returns."""

    def writerow(self, row: Iterable[object], /) -> object:
        """Write one row."""

    def writerows(self, rows: Iterable[Iterable[object]], /) -> object:
        """Write several."""


class AddedColumnsWriter:
    """Writes a file's own rows with columns added behind them, as a context manager.

    The file appears under its name when the block ends well; if it does not, nothing is left and
    an older file of that name stays. It comes back as the source came: with semicolons if it had
    them, and marked as UTF-8 unless the source was plain UTF-8 (Excel needs the mark). A column
    that the source already has ("probability") is kept, ours is then "probability (2)".

    The file's own cells stay as they are, even if a spreadsheet takes them for formulas: they were
    there before.

    Attributes:
        columns: the header as it is written.
    """

    def __init__(
        self, path: Path, columns: Sequence[str], added: Sequence[str], mapping: Mapping
    ) -> None:
        """Prepare the header."""
        self._n_own, self._n_added = len(columns), len(added)
        self.columns = distinct_names((*columns, *added))
        self._aside = csv_aside(
            path,
            encoding="utf-8" if mapping.encoding in PLAIN_ENCODINGS else "utf-8-sig",
            delimiter=_delimiter(path, mapping),
        )

    def __enter__(self) -> Self:
        """Begin the file with its header."""
        self._rows = self._aside.__enter__()
        self._rows.writerow(self.columns)
        return self

    def write_cells(self, row: Row | Problem, added: Sequence[str] = ()) -> None:
        """Add a row as read, with the cells behind it; without any they stay empty."""
        own = [*row.cells, *[""] * self._n_own][: self._n_own]
        cells = (cell.replace(BROKEN, "\ufffd") for cell in own)
        self._rows.writerow([*cells, *(added or [""] * self._n_added)])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Put the file in its place, or leave no trace of it."""
        self._aside.__exit__(kind, error, traceback)


class AnswersWriter(AddedColumnsWriter):
    """Writes a file's own rows with the column `answer`, guarded against being a formula."""

    def __init__(self, path: Path, columns: Sequence[str], mapping: Mapping) -> None:
        """Prepare the header."""
        super().__init__(path, columns, ("answer",), mapping)

    def write(self, row: Row | Problem, answer: str = "") -> None:
        """Add a row as read, with what the model wrote for it."""
        self.write_cells(row, (harmless(answer),))


class PredictionsWriter(AddedColumnsWriter):
    """Writes a file's own rows with what a model says of them; names of concepts are guarded."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[str],
        concepts: Sequence[str],
        mapping: Mapping,
        *,
        tells_people: bool = False,
    ) -> None:
        """Prepare the header; `tells_people` adds the column `needs_person`."""
        self._tells_people = tells_people
        people = ("needs_person",) if tells_people else ()
        own = (f"p:{concept}" for concept in concepts)
        added = ("predicted_concepts", "probability", *people, *own)
        super().__init__(path, columns, added, mapping)

    def write(
        self,
        row: Row | Problem,
        predicted: Sequence[str] = (),
        probabilities: Sequence[float] = (),
        *,
        needs_person: bool = False,
    ) -> None:
        """Add a row; of one that could not be read its own cells alone.

        Args:
            row: as read.
            predicted: the concepts that the model is for, likeliest first.
            probabilities: (n_concepts,) of all concepts, in [0, 1].
            needs_person: whether it is left to a person; written where that is told.
        """
        if not probabilities:
            self.write_cells(row)
            return
        people = [YES if needs_person else NO] if self._tells_people else []
        numbers = [f"{probability:.6f}" for probability in probabilities]
        names = harmless("|".join(predicted))
        self.write_cells(row, (names, f"{max(probabilities):.6f}", *people, *numbers))


def write_problems(path: Path, problems: Iterable[Problem], columns: Sequence[str] = ()) -> None:
    """Save the rows that could not be taken, to be mended and imported again.

    Args:
        path: of the new file.
        problems: each with its cells.
        columns: of the file that they are from; number and reason stand before them.

    Raises:
        UserError: the disk is full, or the place cannot be written to.
    """
    own = [harmless(column) for column in columns] or [_("content")]
    with csv_aside(path, encoding="utf-8-sig", delimiter=",") as rows:
        rows.writerow((_("row"), _("reason"), *own))
        for problem in problems:
            cells = [cell.replace(BROKEN, "\ufffd") for cell in problem.cells or (problem.row,)]
            rows.writerow((problem.number, problem.reason, *map(harmless, cells)))


@contextmanager
def csv_aside(path: Path, *, encoding: str, delimiter: str) -> Iterator[Rows]:
    """Write rows to a hidden file beside the target, as `written_aside` has it."""
    with text_aside(path, encoding=encoding) as file:
        # With another line end, `csv` would leave a lone "\r" in a cell without quotes.
        yield csv.writer(file, delimiter=delimiter, lineterminator="\r\n")


@contextmanager
def text_aside(path: Path, *, encoding: str) -> Iterator[TextIO]:
    """Write characters to a hidden file beside the target, as `written_aside` has it."""
    with (
        written_aside(path) as aside,
        aside.open("w", encoding=encoding, errors="replace", newline="") as file,
    ):
        yield file


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Name a hidden file beside the target, which takes its place when all went well.

    Raises:
        UserError: the disk is full, or the place cannot be written to.
    """
    aside = path.with_name(f".{path.name}.writing")
    with writing_to(path):
        try:
            yield aside
            with aside.open("rb+") as file:
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def _delimiter(path: Path, mapping: Mapping) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    return ";" if mapping.delimiter == ";" else ","
