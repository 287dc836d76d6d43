"""Write the rows that an import cannot take, or could not, to a file: to be mended and imported."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import AppFolder
from core.changes import Changes
from core.files import Problem, write_problems
from core.i18n import _
from core.jobs import Job
from core.operations.import_texts import ImportRequest, dry_run
from core.storage.database import Database
from core.storage.imports import count_problems, list_problems

REPORTED_ROWS = 1000


@dataclass(frozen=True)
class RejectedRequest:
    """Where the rows go, and which they are.

    Attributes:
        path: of the new CSV; one that is there is replaced.
        source: an import to come, or the key of one that was.
        columns: of the file that was imported; an import to come knows its own.
    """

    path: Path
    source: ImportRequest | int
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class RejectedResult:
    """Where the file is."""

    path: Path
    changes: Changes = Changes.NOTHING


def save_rejected(app: AppFolder, request: RejectedRequest, job: Job) -> RejectedResult:
    """Write the rows with number, reason, and their own cells under the file's own columns.

    Raises:
        UserError: the file cannot be read, or the place not be written to.
    """
    app.check_outside(request.path)
    with app.database() as db:
        if isinstance(request.source, int):
            rows = _kept(db, request.source, job)
            write_problems(request.path, rows, request.columns)
        else:
            reader, batches = dry_run(db, request.source, job)
            problems = (problem for batch in batches for problem in batch.problems)
            write_problems(request.path, problems, reader.columns)
    return RejectedResult(request.path)


def _kept(db: Database, import_id: int, job: Job) -> Iterator[Problem]:
    n_rows = count_problems(db, import_id)
    for i, row in enumerate(list_problems(db, import_id)):
        if i % REPORTED_ROWS == 0:
            job.report(_("Writing the file"), i, n_rows)
        yield Problem(*row)
