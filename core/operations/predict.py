"""Predict every text of a file, a folder or a dataset into a new file; stopped, it can go on."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import DiskFullError, UserError
from core.files import Mapping, Problem, Row
from core.files.predicted.growing import read_journal
from core.files.predicted.writer import PredictionsFile
from core.i18n import _, ngettext
from core.jobs import Job, JobCancelled
from core.operations.predict_rows import DatasetRows, FileRows, Rows, batches
from core.operations.predict_said import OfBatch, Predictor, Tail, predictor_of
from core.records import ModelVersion
from core.storage.database import transaction
from core.storage.models import find_model_version
from core.storage.predicted_files import note_predicted_file

KEPT_AFTER_S = 1.0  # at most so much work is lost with the power, beside the batch that was in work
FORMAT = 1  # of what is kept; counted up whenever the same rows come to make another file


class OutputIsInputError(UserError):
    """The new file would replace the one that is read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("“{file}” cannot be read and replaced at once.").format(file=path.name),
            next_step=_("Choose another name for the new file."),
        )


class NothingToResumeError(UserError):
    """There is no beginning of this file that could be gone on from."""

    def __init__(self, path: Path, *, is_other: bool) -> None:
        changed = _("What “{file}” was begun from has changed since: the texts, the model or how.")
        none = _("No beginning of “{file}” was kept.")
        super().__init__(
            (changed if is_other else none).format(file=path.name),
            next_step=_("Predict it from the beginning."),
        )


class StoppedByDiskError(DiskFullError):
    """The disk is full; what was written before is kept."""

    def __init__(self, n_kept: int) -> None:
        words = ngettext(
            "The disk is full. {n} row is kept.", "The disk is full. {n} rows are kept.", n_kept
        )
        UserError.__init__(
            self, words.format(n=f"{n_kept:,}"), next_step=_("Free some room, then go on with it.")
        )


@dataclass(frozen=True)
class PredictRequest:
    """Which model version (0 means the newest), which texts, and where to write.

    Attributes:
        path, mapping: the file or folder, and how it is read; only its text column matters.
        out: the new file; its ending says the format: CSV, TSV, XLSX or JSON Lines.
        dataset: a dataset of the app to predict instead of a file.
        resume: go on with what was begun, which must be the same in all else.
    """

    model: str
    path: Path
    out: Path
    mapping: Mapping
    number: int = 0
    dataset: str = ""
    resume: bool = False


@dataclass(frozen=True)
class PredictResult:
    """How many rows were predicted; rows without a text are written without a prediction."""

    out: Path
    n_predicted: int
    n_skipped: int
    counts: dict[str, int]  # how often each concept was the answer
    n_for_people: int = 0  # predicted, and left to people by the thresholds that are kept
    n_unlike: int | None = None  # unlike anything in training; None where the model cannot tell
    changes: Changes = Changes.NOTHING


@dataclass
class _Tally:
    """What has been written so far."""

    n_predicted: int = 0
    n_skipped: int = 0
    n_for_people: int = 0
    n_unlike: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def n_rows(self) -> int:
        return self.n_predicted + self.n_skipped

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "counts": dict(self.counts)}


def predict(app: AppFolder, request: PredictRequest, job: Job) -> PredictResult:
    """Write all own columns, then what the model says (see `core.files.predicted.columns`).

    That is `predicted_concepts`, `probability`, `runner_up`, `runner_up_probability` and one
    column `p:<concept>` for each concept; before these `needs_person` where thresholds are kept
    for the version, and `unlike_training` where the model can tell. A text-to-text model writes
    one column, `answer`. Equal texts that stand near each other are predicted once.

    The new file appears when it is whole. Until then it grows aside; stopped, killed or without
    power it can go on with `resume`, and then becomes the same, byte for byte.

    Raises:
        ModelMissingError, ColumnMissingError, DatasetMissingError: there is no such thing.
        OutputIsInputError: the new file would replace the one that is read.
        NothingToResumeError: nothing was begun, or what it was begun from has changed.
        StoppedByDiskError: the disk is full; it can go on.
        JobCancelled: it was stopped, and can go on if the message says so.
    """
    app.check_outside(request.out)
    if not request.dataset and request.out.resolve() == request.path.resolve():
        raise OutputIsInputError(request.path)
    with app.database() as db:
        version = find_model_version(db, request.model, request.number)
    rows = _rows(app, request)
    predictor = predictor_of(app, version)
    file = PredictionsFile(
        request.out, rows.columns, predictor.added, rows.mapping, _about(version, rows)
    )
    tally = _Tally()
    try:
        _begin(file, request, tally)
        _note(app, request, version)
        _write(file, rows, predictor, tally, job)
        file.keep(tally=tally.as_json())
        file.finish(lambda n: job.report(_("Making the workbook"), n, tally.n_rows))
    except (JobCancelled, DiskFullError) as error:
        if isinstance(error, JobCancelled) and tally.n_rows:
            file.keep(tally=tally.as_json())
        raise _with_what_is_kept(error, file.n_kept) from error
    finally:
        file.leave()
    counts = dict(tally.counts)
    n_unlike = tally.n_unlike if predictor.added.tells_unlike else None
    return PredictResult(
        request.out, tally.n_predicted, tally.n_skipped, counts, tally.n_for_people, n_unlike
    )


def unfinished(out: Path) -> PredictRequest | None:
    """Return the request that goes on with a file, if a beginning of it was kept."""
    notes = read_journal(out)
    if len(notes) < 2 or notes[0].get("prediction") != FORMAT:  # noqa: PLR2004  # what it is, and how far
        return None
    about = notes[0]
    try:
        rows = dict(about["rows"])
        return PredictRequest(
            str(about["model"]),
            Path(rows.get("path", "")),
            out,
            Mapping(**rows.get("mapping", {})),
            int(about["number"]),
            str(rows.get("dataset", "")),
            resume=True,
        )
    except (KeyError, TypeError, ValueError, OverflowError):  # it is not one of ours
        return None


def count_kept(out: Path) -> int:
    """Return how many rows of a file that is not whole are kept."""
    notes = read_journal(out)
    return int(notes[-1].get("rows", 0)) if len(notes) > 1 else 0


def _rows(app: AppFolder, request: PredictRequest) -> Rows:
    if request.dataset:
        return DatasetRows(app, request.dataset)
    return FileRows(request.path, request.mapping)


def _about(version: ModelVersion, rows: Rows) -> dict[str, Any]:
    """Return all that the new file depends on."""
    return {
        "prediction": FORMAT,
        "model": version.model,
        "number": version.number,
        "folder": version.folder,
        "thresholds": version.thresholds.concepts,
        "rows": rows.about,
    }


def _begin(file: PredictionsFile, request: PredictRequest, tally: _Tally) -> None:
    """Begin anew, or take up what was kept."""
    if not request.resume:
        file.begin()
        return
    state = file.go_on()
    if state is None:
        raise NothingToResumeError(request.out, is_other=bool(read_journal(request.out)))
    try:
        found = _Tally(**state["tally"])
        tally.__dict__.update(vars(found), counts=Counter(found.counts))
    except (KeyError, TypeError) as error:  # it is not one of ours
        raise NothingToResumeError(request.out, is_other=True) from error


def _note(app: AppFolder, request: PredictRequest, version: ModelVersion) -> None:
    """Remember where the file is, so that it is offered again; without room for it, go on."""
    source = request.dataset or request.path.name
    with suppress(UserError), app.database() as db, transaction(db):
        note_predicted_file(
            db,
            path=request.out.resolve(),
            source=source,
            text_column=request.mapping.text if not request.dataset else "text",
            model_version_id=version.id,
        )


def _with_what_is_kept(
    error: JobCancelled | DiskFullError, n_kept: int
) -> JobCancelled | DiskFullError:
    """Return the reason of a stop, which says how much is kept."""
    if not n_kept:
        return error
    if isinstance(error, DiskFullError):
        return StoppedByDiskError(n_kept)
    words = ngettext(
        "Stopped. {n} row is kept; it can go on from there.",
        "Stopped. {n} rows are kept; it can go on from there.",
        n_kept,
    )
    return JobCancelled(words.format(n=f"{n_kept:,}"))


def _write(
    file: PredictionsFile,
    rows: Rows,
    predictor: Predictor,
    tally: _Tally,
    job: Job,
) -> None:
    """Predict all rows that are left, batch by batch."""
    n_kept, kept_s = file.n_kept, time.monotonic()
    for n_before, batch in _left(batches(rows, predictor.most_rows), n_kept, job):
        n_after = n_before + len(batch)
        n_all = max(n_after, round(n_after / max(rows.share_read, 1e-6)))
        part = OfBatch(job, n_before - n_kept, n_after - n_kept, n_all - n_kept)
        texts = [row.text for row in batch if isinstance(row, Row)]
        said = predictor.say(texts, file.lines, part)
        _count(tally, said, n_skipped=len(batch) - len(texts))
        tails = iter(said)
        nothing = file.lines.nothing
        file.write([(r, next(tails).tail if isinstance(r, Row) else nothing) for r in batch])
        if time.monotonic() - kept_s > KEPT_AFTER_S:
            file.keep(tally=tally.as_json())
            kept_s = time.monotonic()


def _left(
    found: Iterator[Sequence[Row | Problem]], n_kept: int, job: Job
) -> Iterator[tuple[int, Sequence[Row | Problem]]]:
    """Yield the batches behind the rows that are kept, each with the number of rows before it."""
    n_before = 0
    for batch in found:
        n_kept_of_it = max(0, n_kept - n_before)  # all, unless a text of the app was edited since
        if n_kept_of_it < len(batch):
            yield n_before + n_kept_of_it, batch[n_kept_of_it:]
        else:
            job.report(_("Finding where it stopped"), n_before, n_kept)
        n_before += len(batch)


def _count(tally: _Tally, said: Sequence[Tail], *, n_skipped: int) -> None:
    tally.n_predicted += len(said)
    tally.n_skipped += n_skipped
    for one in said:
        tally.counts.update(one.chosen)
        tally.n_for_people += one.needs_person
        tally.n_unlike += one.is_unlike
