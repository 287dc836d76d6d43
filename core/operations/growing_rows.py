"""Writing a file row by row so that it can be stopped, killed or without power, and go on."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from core.errors import DiskFullError, UserError
from core.files import Problem, Row
from core.files.predicted.growing import read_journal
from core.files.predicted.lines import Lines
from core.files.predicted.writer import PredictionsFile
from core.i18n import _, ngettext
from core.jobs import Job, JobCancelled
from core.operations.predict_rows import Rows, batches
from core.wording import Estimate, estimate

KEPT_AFTER_S = 1.0  # at most so much work is lost with the power, beside the batch that was in work


class NothingToResumeError(UserError):
    """There is no beginning of this file that could be gone on from."""

    def __init__(self, path: Path, *, is_other: bool) -> None:
        changed = _("What “{file}” was begun from has changed since: the texts, the model or how.")
        none = _("No beginning of “{file}” was kept.")
        words, next_step = changed if is_other else none, _("Write it from the beginning.")
        if not is_other and path.is_file():
            words = _("“{file}” is finished: nothing of it is left to go on with.")
            next_step = _("Use it as it is, or write it from the beginning to replace it.")
        super().__init__(words.format(file=path.name), next_step=next_step)


class StoppedByDiskError(DiskFullError):
    """The disk is full; what was written before is kept."""

    def __init__(self, n_kept: int) -> None:
        words = ngettext(
            "The disk is full. {n} row is kept.", "The disk is full. {n} rows are kept.", n_kept
        )
        UserError.__init__(
            self, words.format(n=f"{n_kept:,}"), next_step=_("Free some room, then go on with it.")
        )


class Span(NamedTuple):
    """Which rows of all that are to be written a batch is: from `start` to `end` of `total`."""

    start: int
    end: int
    total: int


class Filling(Protocol):
    """Says what stands behind rows, and counts what it said.

    Attributes:
        most_rows: that are read, judged and written together.
    """

    most_rows: int

    @property
    def n_rows(self) -> int:
        """Return how many rows are counted."""
        ...

    def tails(
        self, batch: Sequence[Row | Problem], lines: Lines, job: Job, span: Span
    ) -> list[str]:
        """Return what stands behind each row, and count it."""
        ...

    def counted(self) -> dict[str, Any]:
        """Return what was counted, as JSON can hold it."""
        ...

    def take_up(self, counted: dict[str, Any]) -> None:
        """Go on counting.

        Raises:
            KeyError, TypeError, ValueError: `counted` is not what `counted` returned.
        """
        ...


def write_rows(
    file: PredictionsFile,
    rows: Rows,
    filling: Filling,
    job: Job,
    *,
    resume: bool,
    begun: Callable[[], None] = lambda: None,
) -> None:
    """Write all rows, each with what is said of it; the file appears when it is whole.

    Until then it grows aside. Stopped, killed or without power it can go on with `resume`, and
    then becomes the same, byte for byte.

    Args:
        file: not begun yet.
        rows: the same as before, where it goes on.
        filling: that has counted nothing yet.
        job: told of every batch.
        resume: whether it goes on with what was begun.
        begun: called when nothing was in the way.

    Raises:
        NothingToResumeError: nothing was begun, or what it was begun from has changed.
        StoppedByDiskError: the disk is full; it can go on.
        JobCancelled: it was stopped, and can go on if the message says so.
    """
    try:
        _begin(file, filling, resume=resume)
        begun()
        _write(file, rows, filling, job)
        file.keep(tally=filling.counted())
        file.finish(lambda n: job.report(_("Making the workbook"), n, filling.n_rows))
    except (JobCancelled, DiskFullError) as error:
        if isinstance(error, JobCancelled) and filling.n_rows:
            file.keep(tally=filling.counted())
        raise _with_what_is_kept(error, file.n_kept) from error
    finally:
        file.leave()


def count_kept(out: Path) -> int:
    """Return how many rows of a file that is not whole are kept."""
    notes = read_journal(out)
    return int(notes[-1].get("rows", 0)) if len(notes) > 1 else 0


def begun_from(out: Path) -> dict[str, Any]:
    """Return what a file that is not whole was begun from; empty if no row of it was kept."""
    notes = read_journal(out)
    return notes[0] if len(notes) > 1 else {}


def _begin(file: PredictionsFile, filling: Filling, *, resume: bool) -> None:
    """Begin anew, or take up what was kept."""
    if not resume:
        file.begin()
        return
    state = file.go_on()
    if state is None:
        raise NothingToResumeError(file.path, is_other=bool(read_journal(file.path)))
    try:
        filling.take_up(state["tally"])
    except (KeyError, TypeError, ValueError) as error:  # it is not one of ours
        raise NothingToResumeError(file.path, is_other=True) from error


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


def _write(file: PredictionsFile, rows: Rows, filling: Filling, job: Job) -> None:
    """Write all rows that are left, batch by batch."""
    n_kept, kept_s = file.n_kept, time.monotonic()
    for n_before, batch in _left(batches(rows, filling.most_rows), n_kept, job):
        n_after = n_before + len(batch)
        n_all = estimate(n_after, rows.share_read)
        span = Span(n_before - n_kept, n_after - n_kept, Estimate(n_all - n_kept))
        tails = filling.tails(batch, file.lines, job, span)
        file.write(list(zip(batch, tails, strict=True)))
        if time.monotonic() - kept_s > KEPT_AFTER_S:
            file.keep(tally=filling.counted())
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
