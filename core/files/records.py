"""From characters to records: `csv`, made to survive what it takes badly.

A quotation mark that is never closed would swallow the rest of the file, and one endless line
the memory; both become a problem of one row, and reading goes on behind it.
"""

import csv
from collections import deque
from collections.abc import Generator, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from core.files.decoding import BROKEN, MARK_BROKEN, check_encoding, readable
from core.files.tables import Mapping, Problem
from core.i18n import _

MAX_RECORD_CHARS = 1 << 25
SHOWN_CHARS = 500
NO_DELIMITER = "\x1f"  # the "unit separator", which no keyboard has

csv.field_size_limit(2**31 - 1)  # the limit is the record's, where it can be explained

Record = tuple[int, list[str]]


def problem(number: int, reason: str, cells: list[str] | tuple[str, ...]) -> Problem:
    """Return the problem of a row, its content cut for showing."""
    shown = tuple(cell.replace(BROKEN, "\ufffd") for cell in cells)
    return Problem(number, reason, " | ".join(shown)[:SHOWN_CHARS], shown)


class Records:
    """The records of a delimited file, numbered from 1 as a spreadsheet numbers them."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._path = path
        self._mapping = mapping
        self._raw: BinaryIO | None = None
        self._size_bytes = path.stat().st_size
        check_encoding(mapping.encoding)

    @property
    def share_read(self) -> float:
        """Return the share of the file, in [0, 1], that has been read."""
        if self._raw is None:
            return 0.0
        return 1.0 if self._raw.closed else self._raw.tell() / max(1, self._size_bytes)

    def __iter__(self) -> Generator[Record | Problem, None, None]:
        """Yield every record with its number, blank ones (no cells) too."""
        mapping = self._mapping
        with (
            readable(self._path),
            self._path.open("rb") as raw,
            TextIOWrapper(raw, encoding=mapping.encoding, errors=MARK_BROKEN, newline="") as file,
        ):
            self._raw = raw
            lines = _Lines(file)
            records = csv.reader(
                lines,
                delimiter=mapping.delimiter or NO_DELIMITER,
                quoting=csv.QUOTE_MINIMAL if mapping.has_quotes else csv.QUOTE_NONE,
            )
            number = 0
            while True:
                number += 1
                try:
                    cells = next(records)
                except StopIteration:
                    return
                except (_BrokenRecordError, csv.Error) as error:
                    first_line = lines.return_all_but_first()
                    yield problem(number, _reason(error), [first_line.rstrip("\r\n")])
                    continue
                lines.forget()
                yield number, cells


class _BrokenRecordError(Exception):
    """A record that does not end where it should; the message is for the analyst."""


def _reason(error: Exception) -> str:
    if isinstance(error, _BrokenRecordError):
        return str(error)
    return _("The quotation marks in this row cannot be made out; correct them in the file.")


class _Lines:
    """Hands lines to `csv.reader` and holds those of the record that it is in."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self._held: list[str] = []
        self._n_held_chars = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._file.readline(MAX_RECORD_CHARS)
        if not line and not self._held:
            raise StopIteration
        self._held.append(line)
        self._n_held_chars += len(line)
        if len(line) == MAX_RECORD_CHARS:
            self._skip_line()
            raise _BrokenRecordError(_("This row is endless; part it into shorter texts."))
        if not line or self._n_held_chars > MAX_RECORD_CHARS:
            raise _BrokenRecordError(
                _("A quotation mark in this row is never closed; close it or take it away.")
            )
        return line

    def forget(self) -> None:
        """Begin a new record."""
        self._held = []
        self._n_held_chars = 0

    def return_all_but_first(self) -> str:
        """Give up the record: its first line is returned, the others will be read once more."""
        first, *others = self._held or [""]
        self._again.extendleft(reversed([line for line in others if line]))
        self.forget()
        return first

    def _skip_line(self) -> None:
        while (rest := self._file.readline(MAX_RECORD_CHARS)) and not rest.endswith(("\r", "\n")):
            pass
