"""Where rows come from: a table, a list of texts, a whole `.txt` or a folder, all as cells."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Protocol

from core.errors import UserError
from core.files.decoding import (
    BROKEN,
    MARK_BROKEN,
    check_encoding,
    check_is_text,
    find_encoding,
    readable,
)
from core.files.errors import EmptyFileError, NoTextFilesError
from core.files.records import MAX_RECORD_CHARS, Record, Records, problem
from core.files.tables import Mapping, Problem
from core.i18n import _

PEEKED_ROWS = 100
FOLDER_COLUMNS = ("file", "concept", "split", "text")
SPLITS = {
    **dict.fromkeys(("train", "training", "trn"), "train"),
    **dict.fromkeys(("test", "testing", "tst"), "test"),
    **dict.fromkeys(("validation", "validate", "valid", "val", "dev", "development"), "validation"),
}


class Source(Protocol):
    """Rows of cells under named columns."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns."""

    @property
    def share_read(self) -> float:
        """Return how much has been read, in [0, 1]."""

    def __iter__(self) -> Iterator[Record | Problem]:
        """Yield the rows with their numbers, each with one cell per column."""


def open_source(path: Path, mapping: Mapping) -> Source:
    """Return the rows of a file or folder.

    Raises:
        UserError: it is missing, empty, no text, or cannot be read.
    """
    if mapping.kind == "folder":
        return FolderSource(path)
    check_is_text(path)
    return OneTextSource(path, mapping) if mapping.is_one_text else TableSource(path, mapping)


class TableSource:
    """A delimited file, or a list of texts, which is a table of one column."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._records = Records(path, mapping)
        with closing(iter(self._records)) as records:  # not left open until somebody reads on
            beginning = list(islice(records, mapping.skipped_rows + PEEKED_ROWS))
        beginning = beginning[mapping.skipped_rows :]
        self._n_above = mapping.skipped_rows
        header: list[str] = []
        if mapping.has_header:
            header = next((cells for _number, cells in _sound(beginning) if cells), [])
            place = _place(header, beginning)
            beginning, self._n_above = beginning[place:], self._n_above + place
        if mapping.kind == "texts" and not header:
            header = ["text"]
        self.columns = distinct_names(header or [""] * _usual_width(beginning))
        if not self.columns:
            raise EmptyFileError(path.name)

    @property
    def share_read(self) -> float:
        """Return how much has been read, in [0, 1]."""
        return self._records.share_read

    def __iter__(self) -> Iterator[Record | Problem]:
        """Yield the rows; blank ones are left out, short ones filled."""
        n_columns = len(self.columns)
        for row in islice(self._records, self._n_above, None):
            if isinstance(row, Problem):
                yield row
                continue
            number, cells = row
            if not any(cells):
                continue
            if len(cells) > n_columns and any(cells[n_columns:]):
                yield problem(number, _too_many(len(cells), n_columns), cells)
                continue
            if len(cells) != n_columns:
                cells = (cells + [""] * n_columns)[:n_columns]
            yield number, cells


class OneTextSource:
    """A `.txt` file that is one text from its first line to its last."""

    columns = ("text",)

    def __init__(self, path: Path, mapping: Mapping) -> None:
        check_encoding(mapping.encoding)
        self._path = path
        self._encoding = mapping.encoding
        self.share_read = 0.0

    def __iter__(self) -> Iterator[Record | Problem]:
        """Yield the one row."""
        yield 1, [read_text(self._path, self._encoding)]
        self.share_read = 1.0


class FolderSource:
    """A folder of `.txt` files: the sub-folder's name is the concept.

    Without sub-folders the folder's own name is the concept of all (as the portal's SDK has it);
    of nested sub-folders it is the innermost. Sub-folders that are all called train, test or
    validation are the split instead. Files beside the sub-folders have no concept.
    """

    columns = FOLDER_COLUMNS

    def __init__(self, path: Path) -> None:
        with readable(path):
            self._paths = _text_files(path)
        if not self._paths:
            raise NoTextFilesError(path.name)
        self._folder = path
        tops = {parts[0] for file in self._paths if (parts := file.relative_to(path).parts[:-1])}
        self._has_folders = bool(tops)
        self._has_splits = bool(tops) and all(top.lower() in SPLITS for top in tops)
        self._n_read = 0

    @property
    def share_read(self) -> float:
        """Return how much has been read, in [0, 1]."""
        return self._n_read / len(self._paths)

    def __iter__(self) -> Iterator[Record | Problem]:
        """Yield one row per file, in the order of their names."""
        for number, file in enumerate(self._paths, start=1):
            name = file.relative_to(self._folder).as_posix()
            concept, split = self._place(file)
            try:
                check_is_text(file)
                text = read_text(file, find_encoding(file))
            except UserError as error:
                yield problem(number, f"{error} {error.next_step}", [name, concept, split, ""])
            else:
                yield number, [name, concept, split, text]
            self._n_read = number

    def _place(self, file: Path) -> tuple[str, str]:
        parents = list(file.relative_to(self._folder).parts[:-1])
        split = parents.pop(0) if parents and self._has_splits else ""
        if parents:
            return parents[-1], split
        return ("" if self._has_folders else self._folder.resolve().name), split


def size_bytes(path: Path) -> int:
    """Return the size of a file, or of all `.txt` in a folder."""
    files = _text_files(path) if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)


def read_text(path: Path, encoding: str) -> str:
    """Return the whole text of a file, cut far behind what one text may have."""
    with readable(path), path.open(encoding=encoding, errors=MARK_BROKEN) as file:
        return file.read(MAX_RECORD_CHARS)


def distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of columns, each there and each only once."""
    found: dict[str, None] = {}
    for number, raw in enumerate(names, start=1):
        plain = " ".join(raw.replace("\0", "").replace(BROKEN, "\ufffd").split())
        plain = plain or _("Column {number}").format(number=number)
        name, copies = plain, 1
        while name in found:
            copies += 1
            name = f"{plain} ({copies})"
        found[name] = None
    return tuple(found)


def _text_files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() == ".txt" and not path.name.startswith(".") and path.is_file()
    )


def _sound(records: list[Record | Problem]) -> list[Record]:
    return [record for record in records if not isinstance(record, Problem)]


def _usual_width(records: list[Record | Problem]) -> int:
    widths = Counter(len(cells) for _number, cells in _sound(records))
    widths.pop(0, None)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _place(header: list[str], records: list[Record | Problem]) -> int:
    """Return where the rows under the header begin."""
    return next((i + 1 for i, record in enumerate(records) if record[1] is header), 0)


def _too_many(n_cells: int, n_columns: int) -> str:
    return _(
        "This row has {n_cells} cells, the table {n_columns} columns; "
        "put quotation marks around a text that holds the delimiter."
    ).format(n_cells=n_cells, n_columns=n_columns)
