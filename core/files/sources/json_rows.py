"""Rows of JSON: one value per line, an array, or an object that holds one list of objects."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from json import JSONDecoder
from typing import TextIO

from core.files.blobs import Blob, readable
from core.files.decoding import beginning, check_encoding, opened, stream_of
from core.files.errors import DamagedFileError, EmptyFileError, UnpacksTooFarError
from core.files.export_names import SEPARATORS, metadata_name
from core.files.records import MAX_RECORD_CHARS, SHOWN_CHARS, Record, problem
from core.files.sources.base import cell_of, distinct_names
from core.files.tables import Mapping, Problem
from core.i18n import _

PEEKED_VALUES = 1000
OTHERS = "metadata"  # the column of what none of those had, as JSON
PEEKED_CHARS = 1 << 20
MAX_OBJECT_CHARS = 1 << 27  # of a file that is one object, which is held as a whole
CHUNK_CHARS = 1 << 16
MAX_DEPTH = 8  # of named columns; what is deeper stays JSON in one cell
LINES = (".jsonl", ".ndjson")

BETWEEN = re.compile(r"[\s,]*")

Fields = dict[str, str | list[str]]
Value = tuple[int, Fields] | Problem


def _others(fields: Fields, names: list[str]) -> str:
    """Return the fields that are no columns, as JSON; "" where there are none."""
    others = {
        metadata_name(name): cell if isinstance(cell, str) else ", ".join(cell)
        for name, cell in fields.items()
        if cell and name not in names
    }
    return json.dumps(others, ensure_ascii=False) if others else ""


class JsonSource:
    """Objects as rows: `{"a": {"b": 1}}` has a column "a.b", a list of names is one cell.

    Plain texts in place of objects are rows with a text alone.

    Attributes:
        separator: parts the names in a cell that was a list.
    """

    def __init__(self, blob: Blob, mapping: Mapping) -> None:
        check_encoding(mapping.encoding)
        self._blob = blob
        self._encoding = mapping.encoding
        self._layout = _find_layout(blob, mapping.encoding)
        self.share_read = 0.0
        rows = list(islice(self._values(), PEEKED_VALUES))
        peeked = [row[1] for row in rows if not isinstance(row, Problem)]
        names = dict.fromkeys(name for fields in peeked for name in fields)
        if not names:
            raise EmptyFileError(blob.file)
        self._may_have_others = len(rows) == PEEKED_VALUES and OTHERS not in names
        if self._may_have_others:
            names[OTHERS] = None
        self._names = list(names)
        self.columns = distinct_names(names)
        lists = [cell for fields in peeked for cell in fields.values() if isinstance(cell, list)]
        used = set("".join(name for cell in lists for name in cell))
        free = next((separator for separator in SEPARATORS if separator not in used), "|")
        self.separator = free if lists else ""
        self._joint = mapping.separator or free

    def __iter__(self) -> Iterator[Record | Problem]:
        """Yield a row for each value that has something in it."""
        for value in self._values():
            if isinstance(value, Problem):
                yield value
                continue
            number, fields = value
            found = [fields.get(name, "") for name in self._names]
            if self._may_have_others:
                found[-1] = _others(fields, self._names)
            cells = [c if isinstance(c, str) else self._joint.join(c) for c in found]
            if any(self._joint in name for c in found if isinstance(c, list) for name in c):
                yield problem(number, _holds_separator(self._joint), cells)
            elif any(cells):
                yield number, cells
        self.share_read = 1.0

    def _values(self) -> Iterator[Value]:
        if self._layout == "object":
            return self._object()
        return self._lines() if self._layout == "lines" else self._items()

    def _lines(self) -> Iterator[Value]:
        with readable(self._blob.file), opened(self._blob, self._encoding) as file:
            number = 0
            while line := file.readline(MAX_RECORD_CHARS):
                number += 1
                self.share_read = stream_of(file).share_read
                if len(line) == MAX_RECORD_CHARS and not line.endswith("\n"):
                    shown, rest = line[:SHOWN_CHARS], line
                    while rest and not rest.endswith("\n"):
                        rest = file.readline(MAX_RECORD_CHARS)
                    reason = _("This row is endless; part it into shorter texts.")
                    yield problem(number, reason, [shown])
                elif line.strip():
                    try:
                        yield number, _fields(json.loads(line.lstrip("\ufeff")))
                    except (ValueError, RecursionError) as error:
                        yield problem(number, _unreadable(error), [line.strip()])

    def _items(self) -> Iterator[Value]:
        with readable(self._blob.file), opened(self._blob, self._encoding) as file:
            array, number = _Array(file), 0
            while array.is_in_front_of_item():
                number += 1
                self.share_read = stream_of(file).share_read
                try:
                    yield number, _fields(array.item())
                except (ValueError, RecursionError) as error:
                    yield problem(number, _breaks_off(error), [array.beginning()])
                    return
            if not array.is_closed:
                yield problem(number + 1, _breaks_off(ValueError()), [array.beginning()])

    def _object(self) -> Iterator[Value]:
        """Yield the items of the one list of objects in an object; if it has none, itself."""
        name = self._blob.file
        text = beginning(self._blob, self._encoding, MAX_OBJECT_CHARS + 1)
        if len(text) > MAX_OBJECT_CHARS:
            raise UnpacksTooFarError(name)
        try:
            value = json.loads(text.lstrip("\ufeff"))
            lists = [held for held in _held(value) if any(isinstance(item, dict) for item in held)]
            items = lists[0] if len(lists) == 1 else [value]
            rows = [_fields(item) for item in items]
        except (ValueError, RecursionError) as error:
            raise DamagedFileError(name) from error
        yield from enumerate(rows, start=1)


class _Array:
    """The items of a JSON array, of which only one is held at a time.

    Attributes:
        is_closed: its end was there.
    """

    def __init__(self, file: TextIO) -> None:
        self.is_closed = False
        self._file = file
        self._decoder = JSONDecoder()
        self._text = file.read(CHUNK_CHARS)
        self._place = self._text.index("[") + 1

    def is_in_front_of_item(self) -> bool:
        """Go to the next item; tell whether there is one."""
        while True:
            match = BETWEEN.match(self._text, self._place)
            self._place = match.end() if match else self._place
            if self._place < len(self._text):
                self.is_closed = self._text[self._place] == "]"
                return not self.is_closed
            self._text, self._place = self._file.read(CHUNK_CHARS), 0
            if not self._text:
                return False

    def item(self) -> object:
        """Return the item that begins here, and go behind it.

        Raises:
            ValueError: it is no JSON, or breaks off.
            RecursionError: it is too deep.
        """
        n_more = CHUNK_CHARS
        while True:
            fault: ValueError | None = None
            try:
                value, end = self._decoder.raw_decode(self._text, self._place)
            except ValueError as error:
                fault, end = error, len(self._text)
            if end < len(self._text):  # else a number may go on behind it
                break
            is_long = end - self._place > MAX_RECORD_CHARS
            more = "" if is_long else self._file.read(n_more)
            if not more and fault:
                raise fault
            if not more:
                break
            self._text, self._place = self._text[self._place :] + more, 0
            n_more *= 2
        self._place = end
        return value

    def beginning(self) -> str:
        """Return what stands here."""
        return self._text[self._place : self._place + SHOWN_CHARS]


def _find_layout(blob: Blob, encoding: str) -> str:
    """Return "lines", "array" or "object"."""
    text = beginning(blob, encoding, PEEKED_CHARS).lstrip("\ufeff \t\r\n")
    if not text:
        raise EmptyFileError(blob.file)
    if blob.suffix in LINES:
        return "lines"
    if text.startswith("["):
        return "array"
    first_line, _end, others = text.partition("\n")
    try:
        json.loads(first_line)
    except (ValueError, RecursionError):
        return "object"
    return "lines" if others.strip() else "object"


def _held(value: object) -> Iterator[list[object]]:
    if isinstance(value, dict):
        yield from (held for held in value.values() if isinstance(held, list))


def _fields(value: object) -> Fields:
    """Return the cells of a row by the names of their columns."""
    if isinstance(value, list):
        value = {_("Column {number}").format(number=i): v for i, v in enumerate(value, start=1)}
    found: Fields = {}
    _flatten(value if isinstance(value, dict) else {"text": value}, "", 0, found)
    return found


def _flatten(value: object, name: str, depth: int, found: Fields) -> None:
    if isinstance(value, dict) and depth < MAX_DEPTH:
        for key, held in value.items():
            _flatten(held, f"{name}.{key}" if name else key, depth + 1, found)
    elif isinstance(value, list) and not any(isinstance(held, dict | list) for held in value):
        found[name] = [cell_of(held) for held in value]
    elif isinstance(value, dict | list):
        found[name] = json.dumps(value, ensure_ascii=False)
    else:
        found[name] = cell_of(value)


def _unreadable(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return _("This value is nested too deeply; make it flatter.")
    return _("This line is not JSON; correct it.")


def _breaks_off(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return _("This value is nested too deeply, so nothing behind it was read; make it flatter.")
    return _("The file breaks off or is damaged here; what follows was not read. Mend it.")


def _holds_separator(separator: str) -> str:
    return _("A name in this row holds “{separator}”, which parts the names; rename it.").format(
        separator=separator
    )
