"""From cells to texts with concepts: what a `Mapping` makes of each row."""

import ast
import json
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from core.files.errors import ColumnMissingError
from core.files.records import problem
from core.files.sources import SPLITS, open_source, size_bytes
from core.files.tables import Mapping, Problem, Row
from core.i18n import _

MAX_TEXT_CHARS = 1_000_000  # a fat book; beyond it nothing is learned, and windows stand still
BATCH_CHARS = 1 << 24  # more are not held at once
MAX_NAME_CHARS = 200  # a longer "concept" is a text in the wrong column
MAX_METADATA_CHARS = 100_000  # what may be parsed; longer stays as it stands

YES = frozenset(("", "1", "1.0", "true", "yes"))
NO = frozenset(("0", "0.0", "false", "no"))


def read(path: Path, mapping: Mapping) -> "Reader":
    """Return the rows of a file or folder, read as the mapping says while they are asked for.

    Raises:
        UserError: the file as a whole cannot be read, or has no such column.
    """
    return Reader(path, mapping)


class Reader:
    """Yields every row once, as a `Row` or as a `Problem`; holds one of them at a time.

    Attributes:
        columns: the names of the file's own columns.
        size_bytes: of the file, or of all `.txt` in the folder.
    """

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._source = open_source(path, mapping)
        self._mapping = mapping
        self.size_bytes = size_bytes(path)
        self.columns = self._source.columns
        self._place = {name: i for i, name in enumerate(self.columns)}
        self._text = self._index(mapping.text)
        values = mapping.values or ("",) * len(mapping.concepts)
        self._concepts = [
            (self._index(name), self._index(value) if value else None)
            for name, value in zip(mapping.concepts, values, strict=True)
        ]
        self._id = self._index(mapping.id) if mapping.id else None
        self._split = self._index(mapping.split) if mapping.split else None
        self._metadata = [(name, self._index(name)) for name in mapping.metadata]

    @property
    def share_read(self) -> float:
        """Return how much of the file has been read, in [0, 1]."""
        return self._source.share_read

    def __iter__(self) -> Iterator[Row | Problem]:
        """Yield the rows in the order of the file; blank rows are passed over."""
        for record in self._source:
            if isinstance(record, Problem):
                yield record
                continue
            number, cells = record
            try:
                yield self._row(number, cells)
            except _RowError as error:
                yield problem(number, str(error), cells)

    def batches(self, n_rows: int) -> Iterator[list[Row | Problem]]:
        """Yield the rows in lists of so many, or of fewer where the texts are long."""
        batch: list[Row | Problem] = []
        n_chars = 0
        for row in self:
            batch.append(row)
            n_chars += len(row.text) if isinstance(row, Row) else sum(map(len, row.cells))
            if len(batch) == n_rows or n_chars > BATCH_CHARS:
                yield batch
                batch, n_chars = [], 0
        if batch:
            yield batch

    def _index(self, column: str) -> int:
        if column not in self._place:
            raise ColumnMissingError(column, self.columns)
        return self._place[column]

    def _row(self, number: int, cells: list[str]) -> Row:
        text = _text(cells[self._text])
        concepts = self._labels(cells) if self._concepts else ()
        metadata = self._details(cells) if self._metadata else {}
        split = cells[self._split] if self._split is not None else metadata.get("split", "")
        external_id = cells[self._id].strip() if self._id is not None else ""
        _check_characters(external_id)
        return Row(
            number,
            text,
            concepts,
            tuple(cells),
            external_id,
            SPLITS.get(split.strip().lower(), "") if split else "",
            metadata,
        )

    def _labels(self, cells: Sequence[str]) -> tuple[tuple[str, bool], ...]:
        said = tuple((cells[i], "" if j is None else cells[j]) for i, j in self._concepts)
        return _concepts(said, self._mapping.separator)

    def _details(self, cells: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for column, i in self._metadata:
            cell = cells[i].strip()
            _check_characters(cell)
            if cell:
                found.update(_parsed(cell) or {column: cell})
        return found


class _RowError(Exception):
    """A row cannot be taken; the message is for the analyst."""


def _text(cell: str) -> str:
    text = cell.strip()
    if not text:
        raise _RowError(_("There is no text in this row; fill it in or take the row away."))
    if len(text) > MAX_TEXT_CHARS:
        raise _RowError(
            _(
                "This text has {n_chars:,} characters, the longest that can be learned from "
                "{max_chars:,}; part it into several rows."
            ).format(n_chars=len(text), max_chars=MAX_TEXT_CHARS)
        )
    _check_characters(text)
    return text.replace("\r\n", "\n") if "\r" in text else text


def _check_characters(cell: str) -> None:
    if "\0" in cell:
        raise _RowError(
            _("This row holds a NUL character, a sign of damage; take it out of the file.")
        )
    if cell.isascii():
        return
    try:
        cell.encode()
    except UnicodeEncodeError as error:
        raise _RowError(
            _("Some characters of this row cannot be read; choose another encoding, or mend it.")
        ) from error


def _is_positive(value: str) -> bool:
    """Tell present from absent; the portal takes an empty value for 1."""
    plain = value.strip().lower()
    if plain not in YES and plain not in NO:
        raise _RowError(
            _("“{value}” says neither 1 (is) nor 0 (is not); correct it.").format(
                value=value[:MAX_NAME_CHARS]
            )
        )
    return plain in YES


@lru_cache(maxsize=1_000)  # the same few cells come again and again
def _concepts(said: tuple[tuple[str, str], ...], separator: str) -> tuple[tuple[str, bool], ...]:
    """Return what cells of concepts say, each with its cell of 1 or 0 ("" means 1)."""
    found: dict[str, bool] = {}
    for cell, value in said:
        if not cell:
            continue
        is_positive = _is_positive(value)
        for name in _names(cell, separator):
            if found.setdefault(name, is_positive) != is_positive:
                raise _RowError(
                    _(
                        "This row says both yes and no to “{concept}”; take one of them away."
                    ).format(concept=name)
                )
    return tuple(found.items())


def _names(cell: str, separator: str) -> Iterator[str]:
    for part in cell.split(separator) if separator else (cell,):
        name = " ".join(part.split())
        if len(name) > MAX_NAME_CHARS:
            raise _RowError(
                _("“{beginning}…” is too long for a concept; is it the right column?").format(
                    beginning=name[:40]
                )
            )
        _check_characters(name)
        if name:
            yield name


def _parsed(cell: str) -> dict[str, str]:
    """Return what JSON, or the dict in single quotes of the portal's SDK, says; {} if neither."""
    if not cell.startswith("{") or len(cell) > MAX_METADATA_CHARS:
        return {}
    try:
        content = json.loads(cell)
    except (ValueError, RecursionError):
        content = _literal(cell)
    if not isinstance(content, dict):
        return {}
    try:
        return {_plain(str(name)): _plain(value) for name, value in content.items()}
    except RecursionError:
        return {}


def _plain(value: object) -> str:
    """Return what can be stored: JSON may escape characters that are none."""
    if not isinstance(value, str):
        value = json.dumps(value, default=str, ensure_ascii=False, skipkeys=True)
    return value.replace("\0", "").encode(errors="replace").decode()


def _literal(cell: str) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about backslashes in a text that is not ours
        try:
            return ast.literal_eval(cell)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return None
