"""A folder or a ZIP of documents: the sub-folder's name is the concept."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from core.errors import UserError
from core.files.blobs import Blob
from core.files.decoding import UNSUPPORTED
from core.files.documents import DOCUMENTS, text_of
from core.files.records import Record, problem
from core.files.sources.base import SPLITS
from core.files.sources.texts import cut_text
from core.files.tables import Mapping, Problem
from core.i18n import _

FOLDER_COLUMNS = ("file", "concept", "split", "text")
TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".json", ".jsonl", ".ndjson")


class FolderSource:
    """A folder of documents.

    Without sub-folders the folder's own name is the concept of all (as the portal's SDK has it);
    of nested sub-folders it is the innermost. Sub-folders that are all called train, test or
    validation are the split instead. Files beside the sub-folders have no concept. A document
    that cannot be read is a problem, and so is a table or an archive among the documents.
    """

    columns = FOLDER_COLUMNS

    def __init__(
        self, name: str, blobs: Sequence[Blob], closed: Sequence[str], mapping: Mapping
    ) -> None:
        """Look at the names.

        Args:
            name: the folder's own.
            blobs: all that is in it.
            closed: the sub-folders that cannot be read.
            mapping: says how documents are cut.
        """
        self._name = name
        self._blobs = [b for b in blobs if b.suffix in (*DOCUMENTS, *TABLES, *UNSUPPORTED)]
        self._closed = closed
        self._cut = mapping.cut
        parents = [_parents(blob.name) for blob in self._blobs if blob.suffix in DOCUMENTS]
        self._has_folders = any(parents)
        self._split_level = next((n for n in (0, 1) if _are_splits(parents, n)), None)
        self._n_read = 0

    @property
    def share_read(self) -> float:
        """Return how much has been read, in [0, 1]."""
        return self._n_read / len(self._blobs)

    def __iter__(self) -> Iterator[Record | Problem]:
        """Yield one row per text, in the order of the files' names."""
        number = 0
        for blob in self._blobs:
            concept, split = self._place(blob.name)
            for text in self._texts(blob):
                number += 1
                cells = [blob.name, concept, split, text if isinstance(text, str) else ""]
                if isinstance(text, str):
                    yield number, cells
                else:
                    yield problem(number, f"{text} {text.next_step}", cells)
            self._n_read += 1
        for i, folder in enumerate(self._closed, start=1):
            reason = _("This folder cannot be opened; allow reading it, then try again.")
            yield problem(number + i, reason, [folder])

    def _texts(self, blob: Blob) -> Sequence[str | UserError]:
        if blob.suffix in TABLES:
            return [TableInFolderError(blob.file)]
        try:
            return cut_text(text_of(blob), self._cut)
        except UserError as error:
            return [error]

    def _place(self, name: str) -> tuple[str, str]:
        """Return the concept and the split that a file's folders say."""
        parents = _parents(name)
        split, level = "", self._split_level
        if level is not None and len(parents) > level:
            split, parents = parents[level], parents[level + 1 :]
        if parents:
            return parents[-1], split
        return ("" if self._has_folders else self._name), split


class TableInFolderError(UserError):
    """A table lies among the documents."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” is a table, not a text.").format(name=name),
            next_step=_("Import it by itself."),
        )


def _parents(name: str) -> list[str]:
    return list(PurePosixPath(name).parts[:-1])


def _are_splits(parents: list[list[str]], level: int) -> bool:
    """Tell whether the folders of this level are splits, inside one that is around all."""
    outer = {tuple(parts[:level]) for parts in parents if parts}
    names = {parts[level].lower() for parts in parents if len(parts) > level}
    return len(outer) == 1 and bool(names) and all(name in SPLITS for name in names)
