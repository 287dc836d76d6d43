"""A file's own rows with columns added behind them, as CSV that appears when it is whole."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from core.files.csv_writer import csv_aside
from core.files.decoding import BROKEN
from core.files.formulas import harmless
from core.files.sources import distinct_names
from core.files.tables import Mapping, Problem, Row

PLAIN_ENCODINGS = ("utf-8", "ascii")


class WriteRow(Protocol):
    """Adds a row as read, with the cells behind it; without any they stay empty."""

    def __call__(self, row: Row | Problem, cells: Sequence[str] = (), /) -> None:
        """Add it."""
        ...


@contextmanager
def columns_added(
    path: Path, columns: Sequence[str], added: Sequence[str], mapping: Mapping
) -> Iterator[WriteRow]:
    """Give what writes rows; no cell can run as a formula.

    It comes back as the source came: with semicolons if it had them, and marked as UTF-8 unless
    the source was plain UTF-8. A column that the source already has is kept, ours gets a number.

    Raises:
        UserError: the disk is full, or the place cannot be written to.
    """
    n_own = len(columns)
    encoding = "utf-8" if mapping.encoding in PLAIN_ENCODINGS else "utf-8-sig"
    is_tabbed = path.suffix.lower() == ".tsv"
    delimiter = "\t" if is_tabbed else ";" if mapping.delimiter == ";" else ","
    with csv_aside(path, encoding=encoding, delimiter=delimiter) as rows:
        rows.writerow(map(harmless, distinct_names((*columns, *added))))

        def write(row: Row | Problem, cells: Sequence[str] = ()) -> None:
            own = [*row.cells, *[""] * n_own][:n_own]
            behind = cells or [""] * len(added)
            whole = (cell.replace(BROKEN, "\ufffd") for cell in (*own, *behind))
            rows.writerow(map(harmless, whole))

        yield write
