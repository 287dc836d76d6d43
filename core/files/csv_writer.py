"""How rows go out as CSV: written aside and renamed when complete."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from core.asides import new_aside
from core.errors import writing_to
from core.files.decoding import BROKEN
from core.files.formulas import harmless
from core.files.tables import Problem
from core.i18n import _


class Rows(Protocol):
    """What `csv.writer` returns."""

    def writerow(self, row: Iterable[object], /) -> object:
        """Write one row."""

    def writerows(self, rows: Iterable[Iterable[object]], /) -> object:
        """Write several."""


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
    aside = new_aside(path.parent)
    with writing_to(path):
        try:
            yield aside
            with aside.open("rb+") as file:
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
