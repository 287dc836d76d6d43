"""The rows that are written again: those of a file or folder, or the texts of a dataset."""

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from core.app_folder import AppFolder
from core.files import Mapping, Problem, Row, read
from core.files.export_tables import ExportOptions, find_free_separator, table_of
from core.records import ExportRow, FrozenInput, Input
from core.storage.concepts import list_concepts
from core.storage.database import Database, chunks
from core.storage.datasets import get_dataset
from core.storage.filters import InputFilter, has_targets, list_input_ids, list_metadata_names
from core.storage.inputs import get_inputs
from core.storage.versions import (
    find_version,
    list_version_concepts,
    list_version_input_ids,
    load_version_page,
)

BATCH_ROWS = 2_048
BATCH_CHARS = 1 << 19  # so that a stop never loses more than some seconds of work
READ_AT_ONCE = 2_000
KEY = "textwright_id"  # the column by which the texts of a dataset are found again
TABLE = Mapping(text="text")  # how a dataset is written: as plain CSV


class Rows(Protocol):
    """What is read row by row.

    Attributes:
        columns: of its own.
        mapping: how it is read, and how a new file is written.
        about: what it is, so that a prediction only goes on over the same rows.
    """

    columns: tuple[str, ...]
    mapping: Mapping
    about: dict[str, Any]

    @property
    def share_read(self) -> float:
        """Return how much was read, in [0, 1]."""
        ...

    def __iter__(self) -> Iterator[Row | Problem]:
        """Yield the rows in their order."""
        ...


class FileRows:
    """The rows of a file or folder.

    Raises:
        UserError: it cannot be read, or has no such column.
    """

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._reader = read(path, mapping)
        self.columns, self.mapping = self._reader.columns, mapping
        self.about = {
            "path": str(path.resolve()),
            "mapping": asdict(mapping),
            "size": self._reader.size_bytes,
            "changed": path.stat().st_mtime_ns,
        }

    @property
    def share_read(self) -> float:
        """Return how much of the file was read, in [0, 1]."""
        return self._reader.share_read

    def __iter__(self) -> Iterator[Row | Problem]:
        """Yield the rows in the order of the file."""
        return iter(self._reader)


class DatasetRows:
    """The texts of a dataset with all that is known of them, in the columns of an export.

    Of a frozen version, texts, labels, targets and splits are the frozen ones; what is not frozen
    is that of today.

    Raises:
        DatasetMissingError, VersionMissingError: there is none of that name or number.
    """

    mapping = TABLE

    def __init__(self, app: AppFolder, name: str, number: int = 0) -> None:
        self._app, self._n_read, self._version_id = app, 0, 0
        with app.database() as db:
            dataset = get_dataset(db, name)
            self._ids: Sequence[int]
            if number:
                version = find_version(db, dataset, number)
                self._version_id, self._ids = version.id, list_version_input_ids(db, version)
            else:
                self._ids = list_input_ids(db, InputFilter(dataset_id=dataset.id))
            self._names = {concept.id: concept.name for concept in list_concepts(db)}
            frozen = list_version_concepts(db, self._version_id)
            options = _options(db, [*self._names.values(), *frozen])
        header, self._cells = table_of(options)
        self.columns = (KEY, *header)
        digest = hashlib.sha256(array("q", self._ids).tobytes()).hexdigest()
        self.about: dict[str, Any] = {"dataset": name, "texts": digest, "columns": self.columns}
        if number:
            self.about["version"] = number

    @property
    def share_read(self) -> float:
        """Return how much was read, in [0, 1]."""
        return self._n_read / max(len(self._ids), 1)

    def __iter__(self) -> Iterator[Row]:
        """Yield the texts, oldest first; one that was deleted meanwhile is left out."""
        self._n_read = 0
        with self._app.database() as db:
            for some in chunks(self._ids, READ_AT_ONCE):
                for key, row in self._of(db, some):
                    self._n_read += 1
                    cells = (str(key), *self._cells(row))
                    yield Row(self._n_read, row.text, (), cells, row.external_id, "", {})

    def _of(self, db: Database, some: Sequence[int]) -> Iterator[tuple[int, ExportRow]]:
        today = {found.id: found for found in get_inputs(db, some)}
        if not self._version_id:
            yield from ((key, _exported(found, self._names)) for key, found in today.items())
            return
        for key, frozen in load_version_page(db, self._version_id, some).items():
            yield key, _frozen(frozen, today.get(key))


def rows_of(app: AppFolder, dataset: str, path: Path, mapping: Mapping, version: int = 0) -> Rows:
    """Return the texts of a dataset where one is named, else the rows of a file or folder.

    Raises:
        DatasetMissingError, VersionMissingError: there is none of that name or number.
        UserError: the file cannot be read, or has no such column.
    """
    return DatasetRows(app, dataset, version) if dataset else FileRows(path, mapping)


def _options(db: Database, names: Iterable[str]) -> ExportOptions:
    columns = ["id", "text", "concepts", "not_concepts", "split", "note", "source", "added"]
    if has_targets(db):
        columns.append("target")
    metadata = tuple(list_metadata_names(db, most=-1))
    return ExportOptions(
        "csv", (*columns, "metadata"), metadata, separator=find_free_separator(names)
    )


def _exported(found: Input, names: dict[int, str]) -> ExportRow:
    return ExportRow(
        external_id=found.external_id,
        text=found.text,
        positive=tuple(names[i] for i in found.positive if i in names),
        negative=tuple(names[i] for i in found.negative if i in names),
        split=found.split,
        source=found.source,
        note=found.note,
        metadata=found.metadata,
        added=found.added,
        target=found.target,
    )


def _frozen(frozen: FrozenInput, today: Input | None) -> ExportRow:
    return ExportRow(
        external_id=today.external_id if today else "",
        text=frozen.text,
        positive=frozen.positive,
        negative=frozen.negative,
        split=frozen.split,
        source=today.source if today else "",
        note=today.note if today else "",
        metadata=today.metadata if today else {},
        added=today.added if today else "",
        target=frozen.target,
    )


def batches(rows: Rows, most_rows: int = BATCH_ROWS) -> Iterator[Sequence[Row | Problem]]:
    """Yield the rows in lists that end at the same rows every time."""
    batch: list[Row | Problem] = []
    n_chars = 0
    for row in rows:
        batch.append(row)
        n_chars += len(row.text) if isinstance(row, Row) else len(row.row)
        if len(batch) == most_rows or n_chars > BATCH_CHARS:
            yield batch
            batch, n_chars = [], 0
    if batch:
        yield batch
