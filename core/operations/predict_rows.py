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
from core.records import ExportRow, Input
from core.storage.concepts import list_concepts
from core.storage.database import Database, chunks
from core.storage.datasets import get_dataset
from core.storage.filters import InputFilter, has_targets, list_input_ids, list_metadata_names
from core.storage.inputs import get_inputs

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

    Raises:
        DatasetMissingError: there is none of that name.
    """

    mapping = TABLE

    def __init__(self, app: AppFolder, name: str) -> None:
        self._app, self._n_read = app, 0
        with app.database() as db:
            self._ids = list_input_ids(db, InputFilter(dataset_id=get_dataset(db, name).id))
            self._names = {concept.id: concept.name for concept in list_concepts(db)}
            options = _options(db, self._names.values())
        header, self._cells = table_of(options)
        self.columns = (KEY, *header)
        digest = hashlib.sha256(array("q", self._ids).tobytes()).hexdigest()
        self.about = {"dataset": name, "texts": digest, "columns": self.columns}

    @property
    def share_read(self) -> float:
        """Return how much was read, in [0, 1]."""
        return self._n_read / max(len(self._ids), 1)

    def __iter__(self) -> Iterator[Row]:
        """Yield the texts, oldest first; one that was deleted meanwhile is left out."""
        self._n_read = 0
        with self._app.database() as db:
            for some in chunks(self._ids, READ_AT_ONCE):
                for found in get_inputs(db, some):
                    self._n_read += 1
                    cells = (str(found.id), *self._cells(_exported(found, self._names)))
                    yield Row(self._n_read, found.text, (), cells, found.external_id, "", {})


def rows_of(app: AppFolder, dataset: str, path: Path, mapping: Mapping) -> Rows:
    """Return the texts of a dataset where one is named, else the rows of a file or folder.

    Raises:
        DatasetMissingError: there is none of that name.
        UserError: the file cannot be read, or has no such column.
    """
    return DatasetRows(app, dataset) if dataset else FileRows(path, mapping)


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
