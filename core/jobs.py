"""What a long operation and its caller agree on: progress one way, cancelling the other."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


class JobCancelled(Exception):  # noqa: N818  # an outcome, no error
    """The analyst asked to stop."""


@dataclass(frozen=True)
class Progress:
    """How far one stage of a job has come, in steps; a total of 0 means "unknown"."""

    stage: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Note:
    """A line for the log that the analyst can read and save."""

    line: str


@dataclass(frozen=True)
class Trial:
    """One candidate that a training tried, with its score in [0, 1]; a point of the live curve."""

    name: str
    score: float


@dataclass(frozen=True)
class Measure:
    """A point of a curve that a training draws while it learns.

    Attributes:
        series: what is measured; translated where it is shown.
        step: how far the training was, in rounds over the texts.
        value: what was measured, in the series' own unit.
    """

    series: str
    step: float
    value: float


@dataclass(frozen=True)
class Piece:
    """The next piece of a text that is being written."""

    text: str


Event = Progress | Note | Trial | Measure | Piece


class Job:
    """Handed to every long operation; safe to read and to cancel from another thread.

    Attributes:
        progress: the stage that was reported last.
        log: the notes so far, oldest first.
        trials: the candidates tried so far, oldest first.
        measures: the points of its curves so far, oldest first.
        written: what was written so far.
    """

    def __init__(self) -> None:
        self.progress = Progress("")
        self.log: list[str] = []
        self.trials: list[Trial] = []
        self.measures: list[Measure] = []
        self.written = ""
        self._cancelled = threading.Event()
        self._finishing = threading.Event()

    def cancel(self) -> None:
        """Ask the operation to stop at its next report."""
        self._cancelled.set()

    def finish(self) -> None:
        """Ask a training to learn no more, and to keep the best that it has found."""
        self._finishing.set()

    @property
    def is_finishing(self) -> bool:
        """Tell whether the analyst asked to learn no more; fresh after each report."""
        return self._finishing.is_set()

    def report(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Publish progress; raise `JobCancelled` if the analyst asked to stop."""
        if self._cancelled.is_set():
            raise JobCancelled
        self.publish(Progress(stage, done, total))

    def note(self, line: str) -> None:
        """Add a line to the log."""
        self.publish(Note(line))

    def tried(self, name: str, score: float) -> None:
        """Publish one candidate with its score in [0, 1]."""
        self.publish(Trial(name, score))

    def measure(self, series: str, step: float, value: float) -> None:
        """Publish a point of a curve, `step` rounds into the training."""
        self.publish(Measure(series, step, value))

    def piece(self, text: str) -> None:
        """Publish the next piece of a text that is being written."""
        self.publish(Piece(text))

    def track(self, items: Sequence[T], stage: str) -> Iterator[T]:
        """Yield the items, reporting before each of them."""
        for done, item in enumerate(items):
            self.report(stage, done, len(items))
            yield item
        self.report(stage, len(items), len(items))

    def publish(self, event: Event) -> None:
        """Keep an event; a worker's job also sends it on."""
        match event:
            case Progress():
                self.progress = event
            case Note():
                self.log.append(event.line)
            case Trial():
                self.trials.append(event)
            case Measure():
                self.measures.append(event)
            case Piece():
                self.written += event.text


class PartOfJob(Job):
    """Hands the progress of a part on as progress of the whole.

    A stage of the part that has the whole's name counts from `start` to `end` of `total`; any
    other stage is passed on as it is.
    """

    def __init__(self, whole: Job, stage: str, *, start: int, end: int, total: int) -> None:
        super().__init__()
        self._whole, self._stage = whole, stage
        self._start, self._end, self._total = start, end, total

    @property
    def is_finishing(self) -> bool:
        """Tell whether the analyst asked the whole to learn no more."""
        return self._whole.is_finishing

    def report(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Publish progress of the whole; raise `JobCancelled` if the analyst asked to stop."""
        if stage == self._stage and total:
            done = self._start + (self._end - self._start) * done // total
            total = self._total
        self._whole.report(stage, done, total)

    def publish(self, event: Event) -> None:
        """Hand an event on."""
        self._whole.publish(event)


class Stretch(PartOfJob):
    """Hands on whatever a part reports as one stage, between two places of the whole."""

    def __init__(self, whole: Job, stage: str, *, start: int, end: int, total: int) -> None:
        super().__init__(whole, stage, start=start, end=end, total=total)
        self._place = start

    def report(self, _stage: str, done: int = 0, total: int = 0) -> None:
        """Publish progress of the whole; raise `JobCancelled` if the analyst asked to stop.

        It never goes back: what a part begins anew is not told.
        """
        if total:
            length = self._end - self._start
            self._place = max(self._place, self._start + length * min(done, total) // total)
        self._whole.report(self._stage, self._place, self._total)
