"""From characters to records: `csv`, made to survive what it takes badly.

A quotation mark that is never closed would swallow the rest of the file, and one endless line
the memory; both become a problem of one row, and reading goes on behind it.
"""

import csv
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from io import StringIO
from itertools import chain
from typing import TYPE_CHECKING, TextIO

from core.files.blobs import Blob, Stream, readable
from core.files.decoding import BROKEN, check_encoding, opened, stream_of
from core.files.tables import Mapping, Problem
from core.i18n import _

if TYPE_CHECKING:
    import _csv

MAX_RECORD_CHARS = 1 << 25
FEWEST_RECORD_CHARS = 1 << 13  # the limit after some records that did not end
MANY_BROKEN = 500  # after so many of them no record goes on in the next line
BLOCK_CHARS = 1 << 15
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

    def __init__(self, blob: Blob, mapping: Mapping) -> None:
        self._blob = blob
        self._mapping = mapping
        self._stream: Stream | None = None
        check_encoding(mapping.encoding)

    @property
    def share_read(self) -> float:
        """Return the share of the file, in [0, 1], that has been read."""
        return self._stream.share_read if self._stream else 0.0

    def __iter__(self) -> Generator[Record | Problem, None, None]:
        """Yield every record with its number, blank ones (no cells) too."""
        with readable(self._blob.file), opened(self._blob, self._mapping.encoding) as file:
            self._stream = stream_of(file)
            lines = _Lines(file)
            number = 0
            while not lines.is_at_end:
                parser = self._parser(lines)
                lines.n_ended = 0
                try:
                    for cells in parser:
                        lines.n_ended = parser.line_num
                        number += 1
                        yield number, cells
                    lines.is_at_end = True
                except (_BrokenRecordError, csv.Error) as error:
                    number += 1
                    first_line = lines.return_all_but_first()
                    yield problem(number, _reason(error), [first_line.rstrip("\r\n")])

    def _parser(self, lines: Iterable[str]) -> "_csv.Reader":
        return csv.reader(
            lines,
            delimiter=self._mapping.delimiter or NO_DELIMITER,
            quoting=csv.QUOTE_MINIMAL if self._mapping.has_quotes else csv.QUOTE_NONE,
        )


class _BrokenRecordError(Exception):
    """A record that does not end where it should; the message is for the analyst."""


def _reason(error: Exception) -> str:
    if isinstance(error, _BrokenRecordError):
        return str(error)
    return _("The quotation marks in this row cannot be made out; correct them in the file.")


class _Lines:
    """Hands lines to `csv.reader` in blocks, and holds those of the record that it is in.

    Attributes:
        n_ended: of the lines that the parser was given, those of records that have ended.
        is_at_end: nothing is left to be parsed.
    """

    def __init__(self, file: TextIO) -> None:
        self.n_ended = 0
        self.is_at_end = False
        self._file = file
        self._max_chars = MAX_RECORD_CHARS
        self._n_broken = 0
        self._again: deque[str] = deque()
        self._held: list[str] = []
        self._n_forgotten = 0  # lines that the parser was given and that are not held any more

    def __iter__(self) -> Iterator[str]:
        self._n_forgotten = 0
        return chain.from_iterable(self._blocks())

    def return_all_but_first(self) -> str:
        """Give up the record: its first line is returned, the others will be read once more.

        The next record may be half as long, or a file of nothing but open quotation marks would
        be read to its end for each of them.
        """
        self._forget()
        first, *others = self._held or [""]
        self._again.extendleft(reversed(others))
        self._held = []
        self._n_broken += 1
        shorter = max(FEWEST_RECORD_CHARS, self._max_chars // 2)
        self._max_chars = shorter if self._n_broken < MANY_BROKEN else 0
        return first

    def _blocks(self) -> Iterator[list[str]]:
        """Yield lines whenever the parser has used up those that it had."""
        while True:
            self._forget()
            self._check(is_last=False)
            lines, is_endless = (self._lines_again(), False) if self._again else self._read()
            self._held += lines
            if is_endless:
                yield lines[:-1]
                self._forget()
                raise _BrokenRecordError(_("This row is endless; part it into shorter texts."))
            if not lines:
                self._check(is_last=True)
                return
            yield lines

    def _read(self) -> tuple[list[str], bool]:
        """Return the next lines, and whether the last of them is too long to be read."""
        block = self._file.read(min(BLOCK_CHARS, MAX_RECORD_CHARS))
        rest = self._file.readline(MAX_RECORD_CHARS)
        lines = list(StringIO(block + rest, newline=""))
        is_endless = len(rest) == MAX_RECORD_CHARS and not rest.endswith(("\r", "\n"))
        while is_endless and rest and not rest.endswith(("\r", "\n")):
            rest = self._file.readline(MAX_RECORD_CHARS)
        return lines, is_endless

    def _lines_again(self) -> list[str]:
        lines = [self._again.popleft()]
        n_chars = len(lines[0])
        while self._again and n_chars < min(BLOCK_CHARS, self._max_chars):
            lines.append(self._again.popleft())
            n_chars += len(lines[-1])
        return lines

    def _forget(self) -> None:
        """Let go of the lines of records that have ended."""
        del self._held[: self.n_ended - self._n_forgotten]
        self._n_forgotten = self.n_ended

    def _check(self, *, is_last: bool) -> None:
        """Refuse a record that goes on where it should have ended."""
        if self._held and (is_last or sum(map(len, self._held)) > self._max_chars):
            raise _BrokenRecordError(
                _("A quotation mark in this row is never closed; close it or take it away.")
            )
