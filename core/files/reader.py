"""From cells to texts with concepts: what a `Mapping` makes of each row."""

import re
from collections.abc import Iterator
from pathlib import Path

from core.files.details import parsed_details
from core.files.errors import ColumnMissingError
from core.files.export_names import metadata_name
from core.files.labels import Labels
from core.files.records import problem
from core.files.roles import METADATA_NAMES
from core.files.rows import (
    MAX_TEXT_CHARS,
    RowError,
    are_sound,
    check_characters,
    checked_target,
    checked_text,
)
from core.files.sources import SPLITS, open_source, size_bytes
from core.files.tables import Mapping, Problem, Row

__all__ = ["MAX_TEXT_CHARS", "Reader", "read"]

ANSWER_HEADER = "### Response:"
BATCH_CHARS = 1 << 24  # more are not held at once
NOTHING: dict[str, str] = {}


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
        size_bytes: of the file, or of all documents in the folder.
        n_unknown_splits: how many of the rows so far said a split that is not known.
    """

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._source = open_source(path, mapping)
        self.size_bytes = size_bytes(path)
        self.columns = self._source.columns
        self.n_unknown_splits = 0
        self._place = {name: i for i, name in enumerate(self.columns)}
        self._text = self._index(mapping.text)
        self._also_text = [self._index(name) for name in mapping.also_text]
        self._headers: tuple[str, ...] = ()
        if mapping.as_sections:
            self._headers = tuple(map(_section_header, (mapping.text, *mapping.also_text)))
        self._target = self._index(mapping.target) if mapping.target else None
        self._labels = Labels(mapping, self._index)
        self._id = self._index(mapping.id) if mapping.id else None
        self._split = self._index(mapping.split) if mapping.split else None
        self._note = self._index(mapping.note) if mapping.note else None
        self._metadata = [
            (metadata_name(name), self._index(name), name.lower() in METADATA_NAMES)
            for name in mapping.metadata
        ]
        details = [i for _name, i, _is_packed in self._metadata]
        self._used = [self._text, *self._also_text, *details]
        self._used += [i for i in (self._id, self._note, self._target) if i is not None]

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
            try:
                yield self._row(*record)
            except RowError as error:
                yield problem(record[0], str(error), record[1])

    def batches(self, n_rows: int) -> Iterator[list[Row | Problem]]:
        """Yield the rows in lists of so many, or of fewer where the texts are long."""
        batch: list[Row | Problem] = []
        n_chars = 0
        for row in self:
            batch.append(row)
            texts = (row.text, row.target) if isinstance(row, Row) else row.cells
            n_chars += sum(map(len, texts))
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
        if not are_sound(cells):  # nearly all are; only what is used has to be
            for i in self._used:
                check_characters(cells[i])
        is_joined = self._also_text or self._headers
        text = self._joined(cells) if is_joined else cells[self._text]
        metadata, packed = self._details(cells) if self._metadata else ({}, NOTHING)
        split = cells[self._split] if self._split is not None else packed.get("split", "")
        return Row(
            number,
            checked_text(text),
            self._labels.of(cells),
            tuple(cells),
            cells[self._id].strip() if self._id is not None else "",
            self._known_split(split) if split else "",
            metadata,
            cells[self._note].strip() if self._note is not None else packed.get("note", ""),
            checked_target(
                cells[self._target] if self._target is not None else packed.get("target", "")
            ),
        )

    def _joined(self, cells: list[str]) -> str:
        parts = [cells[i].strip() for i in (self._text, *self._also_text)]
        if self._headers and any(parts):
            pairs = zip(self._headers, parts, strict=True)
            parts = [f"{header}\n{part}" for header, part in pairs if part] + [ANSWER_HEADER]
        return "\n\n".join(part for part in parts if part)

    def _known_split(self, cell: str) -> str:
        split = SPLITS.get(cell) or SPLITS.get(cell.strip().lower(), "")
        self.n_unknown_splits += not split and bool(cell.strip())
        return split

    def _details(self, cells: list[str]) -> tuple[dict[str, str], dict[str, str]]:
        """Return the metadata; and the split, the note and the target that were packed with it.

        The portal, which has one column of metadata, has no other place for these.
        """
        found: dict[str, str] = {}
        packed: dict[str, str] = {}
        for name, i, may_be_packed in self._metadata:
            if not (cell := cells[i].strip()):
                continue
            several = parsed_details(cell) if may_be_packed else {}
            if not several:
                found[name] = cell
            for key, value in several.items():
                is_ours = key in ("note", "target") or (
                    key == "split" and value.strip().lower() in SPLITS
                )
                if is_ours:
                    packed[key] = value
                else:
                    found[metadata_name(key)] = value
        return found, packed


def _section_header(column: str) -> str:
    """Return the header of the section that the cells of a column are put into."""
    name = " ".join(re.sub(r"[\W_]+", " ", column).split())
    return f"### {name[:1].upper()}{name[1:]}:"
