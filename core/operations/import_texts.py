"""Bring the texts of a file or folder into an app."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import MAIN_DATASET, AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files import Mapping, Problem, Row, read
from core.i18n import _
from core.jobs import Job
from core.storage.concepts import add_concepts
from core.storage.database import Database, transaction
from core.storage.datasets import add_dataset
from core.storage.imports import (
    add_import,
    add_problems,
    count_problems,
    end_import,
    list_problems,
    undo_import,
)
from core.storage.inputs import NewInput, add_inputs, find_external_ids
from core.storage.names import storable

BATCH = 5_000  # rows a transaction, so that the window can write in between
SHOWN_PROBLEMS = 100


class NothingToImportError(UserError):
    """The file was read, but no row of it could be taken."""


@dataclass(frozen=True)
class ImportRequest:
    """Which file, how to read it, and the dataset that its texts go to."""

    path: Path
    mapping: Mapping
    dataset: str = MAIN_DATASET


@dataclass(frozen=True)
class ImportResult:
    """What an import did; all its problems are in the app under `import_id`."""

    import_id: int
    n_added: int
    n_problems: int
    n_unlabelled: int
    problems: tuple[Problem, ...]  # the first ones
    changes: Changes = Changes.INPUTS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.DATASETS


@dataclass
class _Tally:
    """What has come in so far."""

    n_added: int = 0
    n_unlabelled: int = 0


def import_texts(app: AppFolder, request: ImportRequest, job: Job) -> ImportResult:
    """Add the texts of a file to an app: all that can be taken, or none if it is stopped.

    Rows that cannot be taken are kept with number and reason; the others go in, batch by batch.

    Raises:
        UserError: the file as a whole cannot be read (see `core.files`).
        NothingToImportError: not one row could be taken.
        DiskFullError: there is no room; nothing was added.
    """
    reader = read(request.path, request.mapping)
    source = storable(request.path.name)
    tally = _Tally()
    with app.database() as db:
        with transaction(db):
            import_id = add_import(db, source)
            dataset_id = add_dataset(db, request.dataset, import_id)
        try:
            for batch in reader.batches(BATCH):
                n_read = tally.n_added + len(batch)
                job.report(_("Adding texts"), n_read, round(n_read / max(reader.share_read, 0.01)))
                with transaction(db):
                    _add(db, batch, tally, (import_id, dataset_id, source))
            job.report(_("Adding texts"), tally.n_added, tally.n_added)
            problems = [Problem(*row, ()) for row in list_problems(db, import_id, SHOWN_PROBLEMS)]
            n_problems = count_problems(db, import_id)
            _check_any(tally, problems, request.path)
            with transaction(db):
                end_import(db, import_id, tally.n_added)
        except BaseException:
            with suppress(UserError):  # a full disk stays the reason; it is undone when opened
                undo_import(db, import_id)
            raise
    return ImportResult(import_id, tally.n_added, n_problems, tally.n_unlabelled, tuple(problems))


def _add(
    db: Database, batch: list[Row | Problem], tally: _Tally, place: tuple[int, int, str]
) -> None:
    """Add the rows of a batch that can be taken; keep the others as problems."""
    import_id, dataset_id, source = place
    problems = [row for row in batch if isinstance(row, Problem)]
    rows = list(_without_known_ids(db, (r for r in batch if isinstance(r, Row)), problems))
    said = {row.concepts for row in rows}
    names = {name for concepts in said for name, _positive in concepts}
    ids = add_concepts(db, sorted(names), import_id)  # anew: the window may have changed them
    by_id = {c: tuple({ids[name]: p for name, p in c}.items()) for c in said}
    new = [
        NewInput(
            text=row.text,
            source=source,
            external_id=row.external_id,
            split=row.split,
            metadata=row.metadata,
            concepts=by_id[row.concepts],
        )
        for row in rows
    ]
    add_inputs(db, new, dataset_id, import_id)
    add_problems(db, import_id, ((p.number, p.reason, p.row) for p in sorted(problems)))
    tally.n_added += len(new)
    tally.n_unlabelled += sum(not any(p for _concept, p in item.concepts) for item in new)


def _without_known_ids(db: Database, rows: Iterable[Row], problems: list[Problem]) -> Iterator[Row]:
    """Yield the rows whose ids are new; the others become problems."""
    rows = list(rows)
    known = find_external_ids(db, [row.external_id for row in rows if row.external_id])
    for row in rows:
        if row.external_id in known:
            reason = _("The id “{id}” is already in this app; give it another one.").format(
                id=row.external_id
            )
            problems.append(Problem(row.number, reason, " | ".join(row.cells)[:500], row.cells))
        else:
            yield row
        if row.external_id:
            known.add(row.external_id)


def _check_any(tally: _Tally, problems: list[Problem], path: Path) -> None:
    if tally.n_added:
        return
    first = problems[0] if problems else None
    raise NothingToImportError(
        _("No text of “{file}” could be added.").format(file=path.name),
        next_step=_("Row {number}: {reason}").format(number=first.number, reason=first.reason)
        if first
        else _("Choose a file with at least one text below the column names."),
    )
