"""How predictions and problems go out: as CSV, written aside and renamed when complete."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from core.errors import writing_to
from core.files.decoding import BROKEN
from core.files.sources import distinct_names
from core.files.tables import Mapping, Problem, Row
from core.i18n import _

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PLAIN_ENCODINGS = ("utf-8", "ascii")


class Rows(Protocol):
    """What `csv.writer` returns."""

    def writerow(self, row: Iterable[object], /) -> object:
        """Write one row."""


class PredictionsWriter:
    """Writes a file's own rows with what a model says of them, as a context manager.

    The file appears under its name when the block ends well; if it does not, nothing is left and
    an older file of that name stays. It comes back as the source came: with semicolons if it had
    them, and marked as UTF-8 unless the source was plain UTF-8 (Excel needs the mark). A column
    that the source already has ("probability") is kept, ours is then "probability (2)".

    The file's own cells stay as they are, even if a spreadsheet takes them for formulas: they were
    there before. Names of concepts are guarded with an apostrophe.

    Attributes:
        columns: the header as it is written.
    """

    def __init__(
        self, path: Path, columns: Sequence[str], concepts: Sequence[str], mapping: Mapping
    ) -> None:
        self._n_own = len(columns)
        self._n_concepts = len(concepts)
        added = ("predicted_concepts", "probability", *(f"p:{concept}" for concept in concepts))
        self.columns = distinct_names((*columns, *added))
        self._aside = _aside(
            path,
            encoding="utf-8" if mapping.encoding in PLAIN_ENCODINGS else "utf-8-sig",
            delimiter=_delimiter(path, mapping),
        )

    def __enter__(self) -> Self:
        """Begin the file with its header."""
        self._rows = self._aside.__enter__()
        self._rows.writerow(self.columns)
        return self

    def write(
        self,
        row: Row | Problem,
        predicted: Sequence[str] = (),
        probabilities: Sequence[float] = (),
    ) -> None:
        """Add a row; of one that could not be read its own cells alone.

        Args:
            row: as read.
            predicted: the concepts that the model is for, likeliest first.
            probabilities: (n_concepts,) of all concepts, in [0, 1].
        """
        own = [*row.cells, *[""] * self._n_own][: self._n_own]
        names = _guarded("|".join(predicted))
        numbers = [f"{probability:.6f}" for probability in probabilities]
        top = max(probabilities, default=None)
        self._rows.writerow(
            [
                *(cell.replace(BROKEN, "\ufffd") for cell in own),
                names,
                "" if top is None else f"{top:.6f}",
                *(numbers or [""] * self._n_concepts),
            ]
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Put the file in its place, or leave no trace of it."""
        self._aside.__exit__(kind, error, traceback)


def write_problems(path: Path, problems: Iterable[Problem]) -> None:
    """Save the rows that could not be taken: number, reason, and the row as it stood.

    Raises:
        UserError: the disk is full, or the place cannot be written to.
    """
    with _aside(path, encoding="utf-8-sig", delimiter=",") as rows:
        rows.writerow((_("row"), _("reason"), _("content")))
        for problem in problems:
            rows.writerow((problem.number, problem.reason, _guarded(problem.row)))


@contextmanager
def _aside(path: Path, *, encoding: str, delimiter: str) -> Iterator[Rows]:
    """Write to a hidden file beside the target, which takes its place when all went well."""
    aside = path.with_name(f".{path.name}.writing")
    with writing_to(path):
        try:
            with aside.open("w", encoding=encoding, errors="replace", newline="") as file:
                yield csv.writer(file, delimiter=delimiter, lineterminator="\n")
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def _delimiter(path: Path, mapping: Mapping) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    return ";" if mapping.delimiter == ";" else ","


def _guarded(cell: str) -> str:
    """Keep a spreadsheet from running a name as a formula; a number such as -1 is none."""
    if not cell.startswith(FORMULA_STARTS) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
