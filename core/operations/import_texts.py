"""Bring the texts of a file or folder into an app."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from core.app_folder import MAIN_DATASET, AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files import Mapping, Problem, Reader, read
from core.i18n import _
from core.jobs import Job
from core.operations.back_up import BULK_IMPORT, back_up_before
from core.operations.importer import Batch, Importer, ImportPolicy, SameId, SameText, Tally
from core.records import Origin
from core.storage.database import Database, expect_many_writes, transaction
from core.storage.imports import (
    add_import,
    count_problems,
    delete_import,
    end_import,
    list_problems,
)
from core.storage.names import storable
from core.storage.search import index_all_texts
from core.storage.steps import end_step, recorded_in_parts
from core.storage.thinning import Reason
from core.wording import estimate

BATCH = 10_000  # rows a transaction, so that the window can write in between
SHOWN_PROBLEMS = 100


class NothingToImportError(UserError):
    """The file was read, but no row of it could be taken."""

    def __init__(self, path: Path, first: Problem | None) -> None:
        super().__init__(
            _("No text of “{file}” could be added.").format(file=path.name),
            next_step=_("Row {number}: {reason}").format(number=first.number, reason=first.reason)
            if first
            else _("Choose a file with at least one text below the column names."),
        )


@dataclass(frozen=True)
class ImportRequest:
    """Which file, how to read it, and the dataset that its texts go to.

    Attributes:
        same_id: what becomes of a row whose id is there already: "skip" reports it, "keep" adds
            it without its id, "merge" gives its labels and its target to the text that has the id.
        same_text: the same for a row whose text is there already.
    """

    path: Path
    mapping: Mapping
    dataset: str = MAIN_DATASET
    same_id: SameId = "skip"
    same_text: SameText = "keep"


@dataclass(frozen=True)
class ImportResult:
    """What an import did; all its problems are in the app under `import_id`.

    Attributes:
        n_repeated: rows added although their text was there already.
        n_merged: rows that gave their labels and targets to a text that was there already.
        n_same_id: rows whose id was there already; they were left out, added or merged.
        n_other_text: those of them with a text that is new; told before an import only.
        n_same_text: the same of their text; an import that keeps them does not count them.
        n_targets: rows, added or merged, that say what a model shall write.
        n_bare: rows added that say neither that nor a concept.
        concepts: the names that the rows say, sorted.
        columns: of the file, for the rows that are saved to be mended.
    """

    import_id: int
    n_added: int
    n_problems: int
    n_unlabelled: int
    problems: tuple[Problem, ...]  # the first ones
    n_repeated: int = 0
    n_merged: int = 0
    n_same_id: int = 0
    n_other_text: int = 0
    n_same_text: int = 0
    concepts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    n_targets: int = 0
    n_bare: int = 0
    changes: Changes = Changes.INPUTS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.DATASETS


def import_texts(app: AppFolder, request: ImportRequest, job: Job) -> ImportResult:
    """Add the texts of a file to an app: all that can be taken, or none if it is stopped.

    Rows that cannot be taken are kept with number and reason; the others go in, batch by batch.
    The whole import is one step of undo. Before a large one, the app is backed up.

    Raises:
        UserError: the file as a whole cannot be read (see `core.files`).
        NothingToImportError: not one row could be taken.
        DiskFullError: there is no room; nothing was added.
    """
    source = storable(request.path.name)
    name = _("import {file}").format(file=source)
    with app.database() as db:
        reader = read(request.path, request.mapping)
        policy = ImportPolicy(request.dataset, request.same_id, request.same_text)
        expect_many_writes(db)
        batches = reader.batches(BATCH)
        first = next(batches, [])
        if len(first) > BULK_IMPORT:
            back_up_before(app, db, Reason.IMPORT, job)
        with recorded_in_parts(db, name, job, Origin.IMPORT) as step_id:
            with transaction(db):
                import_id = add_import(db, source, step_id)
            try:
                importer = Importer(db, policy, source, import_id, step_id)
                for batch in chain([first] if first else [], batches):
                    n_read = importer.tally.n_read + len(batch)
                    n_all = estimate(n_read, reader.share_read)
                    job.report(_("Adding texts"), n_read, n_all)
                    with transaction(db):
                        importer.add(batch)
                job.report(_("Adding texts"), importer.tally.n_read, importer.tally.n_read)
                _index(db, job)
                return _end(db, importer, step_id, request.path, reader.columns)
            except BaseException:
                with suppress(UserError), transaction(db):  # else it is forgotten when opened
                    delete_import(db, import_id)
                raise


def preview_import(app: AppFolder, request: ImportRequest, job: Job) -> ImportResult:
    """Say what an import would do, row by row, and do nothing.

    Raises:
        UserError: as `import_texts`.
    """
    with app.database() as db:
        importer = _trial(db, request)
        reader, batches = dry_run(db, request, job, importer)
        problems: list[Problem] = []
        n_problems = 0
        for batch in batches:
            n_problems += len(batch.problems)
            problems += batch.problems[: SHOWN_PROBLEMS - len(problems)]
    return _result(0, importer.tally, n_problems, problems, reader.columns)


def dry_run(
    db: Database, request: ImportRequest, job: Job, importer: Importer | None = None
) -> tuple[Reader, Iterator[Batch]]:
    """Return the reader of the file, and what would become of its rows, batch by batch.

    Raises:
        UserError: as `import_texts`, also while the batches are asked for.
    """
    reader = read(request.path, request.mapping)
    trial = importer or _trial(db, request)

    def batches() -> Iterator[Batch]:
        for rows in reader.batches(BATCH):
            yield trial.sort_out(rows)
            n_all = estimate(trial.tally.n_read, reader.share_read)
            job.report(_("Reading texts"), trial.tally.n_read, n_all)

    return reader, batches()


def _trial(db: Database, request: ImportRequest) -> Importer:
    policy = ImportPolicy(request.dataset, request.same_id, request.same_text)
    return Importer(db, policy, request.path.name)


def _index(db: Database, job: Job) -> None:
    """Make the new texts searchable."""
    n_texts = 0
    for n_left in index_all_texts(db):
        n_texts = n_texts or n_left
        job.report(_("Making them searchable"), n_texts - n_left, n_texts)


def _end(
    db: Database, importer: Importer, step_id: int, path: Path, columns: tuple[str, ...]
) -> ImportResult:
    import_id, tally = importer.import_id, importer.tally
    problems = [Problem(*row) for row in list_problems(db, import_id, SHOWN_PROBLEMS)]
    if not tally.n_added + tally.n_merged:
        raise NothingToImportError(path, problems[0] if problems else None)
    with transaction(db):  # both or none: a step that is taken back leaves no import
        end_import(db, import_id, tally.n_added)
        end_step(db, step_id)
    return _result(import_id, tally, count_problems(db, import_id), problems, columns)


def _result(
    import_id: int,
    tally: Tally,
    n_problems: int,
    problems: list[Problem],
    columns: tuple[str, ...],
) -> ImportResult:
    return ImportResult(
        import_id,
        tally.n_added,
        n_problems,
        tally.n_unlabelled,
        tuple(problem._replace(cells=()) for problem in problems),
        tally.n_repeated,
        tally.n_merged,
        tally.n_same_id,
        tally.n_other_text,
        tally.n_same_text,
        tuple(sorted(tally.concepts)),
        columns,
        tally.n_targets,
        tally.n_bare,
    )
