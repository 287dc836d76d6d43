"""How a row and what is said of it become one line of the new file.

What stands behind a row (its tail) is made apart from it, so that equal texts share one.
"""

import csv
import json
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.files.decoding import BROKEN
from core.files.formulas import harmless
from core.files.predicted.columns import NO, YES, Behind, Value
from core.files.tables import Problem, Row

NUMBER = "%.6f"  # of a probability
N_DIGITS, MILLION = 6, 1e6
Floats = NDArray[np.float32]
END = "\r\n"  # with another line end, `csv` would leave a lone "\r" in a cell without quotes


class Lines(Protocol):
    """The lines of a format.

    Attributes:
        header: what the file begins with, "" for nothing.
        nothing: the tail of a row of which nothing is said.
    """

    header: str
    nothing: str

    def numbers(self, probabilities: Floats) -> list[str]:
        """Return the end of the tail of each row: (n_rows, n_concepts) in [0, 1]."""
        ...

    def tail(self, values: Sequence[Value], numbers: str = "") -> str:
        """Return what stands behind a row: the values of its words, then what `numbers` made."""
        ...

    def line(self, row: Row | Problem, tail: str) -> str:
        """Return a row as read, with its tail."""
        ...


class CsvLines:
    """Cells parted by a delimiter; no cell can run as a formula, unless `is_guarded` is off.

    An import takes the guard back (see `core.files.formulas`).
    """

    def __init__(
        self,
        columns: Sequence[str],
        n_own: int,
        behind: Behind,
        *,
        delimiter: str = ",",
        is_guarded: bool = True,
    ) -> None:
        self._n_own, self._separator, self._delimiter = n_own, behind.separator, delimiter
        self._guard: Callable[[str], str] = harmless if is_guarded else str
        self._cell_of: dict[type, Callable[[Any], str]] = {  # quicker than asking one by one
            str: self._guard,
            float: NUMBER.__mod__,
            bool: (NO, YES).__getitem__,
            tuple: self._several,
            type(None): lambda _nothing: "",
        }
        self._made: list[str] = []
        target = SimpleNamespace(write=self._made.append)
        self._cells = csv.writer(target, delimiter=delimiter, lineterminator=END)
        self.header = self._joined(columns) + END
        self.nothing = delimiter * (len(behind.names) - 1)

    def numbers(self, probabilities: Floats) -> list[str]:
        """Return the cells of all concepts for each row."""
        return digits_of(probabilities, self._delimiter)

    def tail(self, values: Sequence[Value], numbers: str = "") -> str:
        """Return the cells behind a row."""
        cell_of = self._cell_of
        return self._joined([cell_of[type(value)](value) for value in values]) + numbers

    def _several(self, values: Sequence[str] | Sequence[float]) -> str:
        parts = [one if isinstance(one, str) else NUMBER % one for one in values]
        return self._guard(self._separator.join(parts))

    def line(self, row: Row | Problem, tail: str) -> str:
        """Return the row's own cells, and the tail."""
        cells = [self._guard(cell) for cell in _own(row, self._n_own)]
        return f"{self._joined(cells)}{self._delimiter}{tail}{END}"

    def _joined(self, cells: Sequence[str]) -> str:
        self._cells.writerow(cells)
        return self._made.pop()[: -len(END)]


class JsonLines:
    """One object a line: the row's own columns as texts, then what is said with its types."""

    header = ""

    def __init__(self, columns: Sequence[str], n_own: int, behind: Behind) -> None:
        self._n_own = n_own
        keys = [json.dumps(column, ensure_ascii=False) for column in columns]
        self._keys, self._added_keys = keys[:n_own], keys[n_own:]
        numbers = [key.replace("%", "%%") for key in keys[n_own + len(behind.words) :]]
        self._numbers = "".join(f", {key}: {NUMBER}" for key in numbers)
        self.nothing = ", ".join(f"{key}: null" for key in self._added_keys)

    def numbers(self, probabilities: Floats) -> list[str]:
        """Return the fields of all concepts for each row."""
        rounded = (np.rint(probabilities.astype(np.float64) * MILLION) / MILLION).tolist()
        return [self._numbers % tuple(row) for row in rounded]

    def tail(self, values: Sequence[Value], numbers: str = "") -> str:
        """Return the fields behind a row."""
        pairs = zip(self._added_keys, values, strict=False)  # the concepts' follow
        return ", ".join(f"{key}: {_json(value)}" for key, value in pairs) + numbers

    def line(self, row: Row | Problem, tail: str) -> str:
        """Return the row's own fields, and the tail."""
        cells = zip(self._keys, _own(row, self._n_own), strict=True)
        own = ", ".join(f"{key}: {json.dumps(cell, ensure_ascii=False)}" for key, cell in cells)
        return f"{{{own}, {tail}}}\n"


def _json(value: Value) -> str:
    if isinstance(value, float):
        return NUMBER % value
    if isinstance(value, tuple):
        return f"[{', '.join(map(_json, value))}]"
    return json.dumps(value, ensure_ascii=False)


def digits_of(probabilities: Floats, delimiter: str) -> list[str]:
    """Return each row as text: every number with six digits behind the point, after a delimiter.

    What `%.6f` makes of them one by one, made for all of them digit by digit.
    """
    left = np.rint(probabilities.astype(np.float64) * MILLION).astype(np.int64)
    signs = np.empty((*left.shape, len(delimiter) + 2 + N_DIGITS), np.uint8)
    signs[..., : len(delimiter)] = np.frombuffer(delimiter.encode(), np.uint8)
    for place in range(1, N_DIGITS + 1):
        left, digit = np.divmod(left, 10)
        signs[..., -place] = digit + ord("0")
    signs[..., -N_DIGITS - 1] = ord(".")
    signs[..., -N_DIGITS - 2] = left + ord("0")
    return [row.tobytes().decode() for row in signs]


def _own(row: Row | Problem, n_own: int) -> Sequence[str]:
    cells = row.cells
    if len(cells) != n_own:
        cells = (*cells, *[""] * n_own)[:n_own]
    return [cell.replace(BROKEN, "\ufffd") if BROKEN in cell else cell for cell in cells]
