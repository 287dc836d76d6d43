"""Write inputs and their labels to a file, as they are now or as a version froze them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files.export import preview_export, write_export
from core.files.export_names import EXPORT_COLUMNS
from core.files.export_sheet import check_sheet
from core.files.export_tables import (
    ExportOptions,
    Format,
    columns_of,
    find_free_separator,
)
from core.i18n import _
from core.jobs import Job
from core.records import ExportRow
from core.storage.concepts import list_concepts
from core.storage.database import Database, chunks
from core.storage.datasets import get_dataset
from core.storage.filters import InputFilter, has_targets, list_input_ids, list_metadata_names
from core.storage.inputs import find_most_chars, find_most_labels, get_inputs
from core.storage.versions import find_version, iterate_version

EVERYTHING = InputFilter()
READ_AT_ONCE = 2_000
PREVIEWED = 5


class NothingToExportError(UserError):
    """There are no texts to write."""

    def __init__(self) -> None:
        super().__init__(
            _("There is no text to export here."), next_step=_("Choose another dataset or filter.")
        )


@dataclass(frozen=True)
class ExportRequest:
    """What to write, and how.

    Attributes:
        path: of the new file; one that is there is replaced.
        wanted: the inputs; also names the dataset they are of.
        dataset, version: a frozen version to write instead.
        columns: those of `columns_of(format)` to write; none are named for all, of which
            "target" is left out where no text has one.
    """

    path: Path
    format: Format = "csv"
    wanted: InputFilter = EVERYTHING
    dataset: str = ""
    version: int = 0
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportResult:
    """Where the file is, and how many inputs are in it."""

    path: Path
    n_inputs: int
    changes: Changes = Changes.NOTHING


@dataclass(frozen=True)
class ExportPreview:
    """The first rows of a file as it would be written."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_inputs: int


def export_inputs(app: AppFolder, request: ExportRequest, job: Job) -> ExportResult:
    """Write a file that an import reads back as it was.

    Raises:
        NothingToExportError: there is nothing to write.
        UserError: the place cannot be written to, or a spreadsheet has no room.
    """
    app.check_outside(request.path)
    with app.database() as db:
        return ExportResult(request.path, write_inputs(db, request, job))


def write_inputs(db: Database, request: ExportRequest, job: Job) -> int:
    """Write inputs of a database, wherever the file is; return how many.

    Raises:
        NothingToExportError: there is nothing to write.
        UserError: the place cannot be written to, or a spreadsheet has no room.
    """
    source = _Source(db, request)
    if request.format == "xlsx":
        check_sheet(source.n_inputs, n_most_chars=source.n_most_chars)
    return write_export(
        request.path,
        source.rows(),
        source.options,
        lambda n_done: job.report(_("Writing the file"), n_done, source.n_inputs),
    )


def preview_inputs_export(app: AppFolder, request: ExportRequest, _job: Job) -> ExportPreview:
    """Show the first rows of what would be written.

    Raises:
        NothingToExportError: there is nothing to write.
    """
    with app.database() as db:
        source = _Source(db, request)
        header, rows = preview_export(source.rows(), source.options, PREVIEWED)
    return ExportPreview(header, tuple(rows), source.n_inputs)


class _Source:
    """The rows to write, from the app as it is now or from a version."""

    def __init__(self, db: Database, request: ExportRequest) -> None:
        self._db = db
        self._version_id = 0
        self._ids: Sequence[int] = ()
        if request.version:
            version = find_version(db, get_dataset(db, request.dataset), request.version)
            self._version_id, self.n_inputs = version.id, version.n_inputs
        else:
            self._ids = list_input_ids(db, request.wanted)
            self.n_inputs = len(self._ids)
        if not self.n_inputs:
            raise NothingToExportError
        self._names = {concept.id: concept.name for concept in list_concepts(db)}
        self.n_most_chars = find_most_chars(db)
        unused = () if has_targets(db) else ("target",)
        wanted = request.columns or tuple(c for c in EXPORT_COLUMNS if c not in unused)
        self.options = ExportOptions(
            request.format,
            tuple(column for column in columns_of(request.format) if column in wanted),
            tuple(list_metadata_names(db, most=-1)),
            n_most_concepts=find_most_labels(db),
            separator=find_free_separator(self._names.values())
            if request.format in ("csv", "xlsx")
            else "|",
        )

    def rows(self) -> Iterator[ExportRow]:
        """Yield what to write, one input after the other."""
        if self._version_id:
            yield from iterate_version(self._db, self._version_id)
            return
        for some in chunks(self._ids, READ_AT_ONCE):
            for found in get_inputs(self._db, some):
                yield ExportRow(
                    external_id=found.external_id,
                    text=found.text,
                    positive=tuple(self._names[i] for i in found.positive),
                    negative=tuple(self._names[i] for i in found.negative),
                    split=found.split,
                    source=found.source,
                    note=found.note,
                    metadata=found.metadata,
                    added=found.added,
                    target=found.target,
                )
