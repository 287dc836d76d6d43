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


Event = Progress | Note | Trial


class Job:
    """Handed to every long operation; safe to read and to cancel from another thread.

    Attributes:
        progress: the stage that was reported last.
        log: the notes so far, oldest first.
        trials: the candidates tried so far, oldest first.
    """

    def __init__(self) -> None:
        self.progress = Progress("")
        self.log: list[str] = []
        self.trials: list[Trial] = []
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the operation to stop at its next report."""
        self._cancelled.set()

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


class PartOfJob(Job):
    """Hands the progress of a part on as progress of the whole.

    A stage of the part that has the whole's name counts from `start` to `end` of `total`; any
    other stage is passed on as it is.
    """

    def __init__(self, whole: Job, stage: str, *, start: int, end: int, total: int) -> None:
        super().__init__()
        self._whole, self._stage = whole, stage
        self._start, self._end, self._total = start, end, total

    def report(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Publish progress of the whole; raise `JobCancelled` if the analyst asked to stop."""
        if stage == self._stage and total:
            done = self._start + (self._end - self._start) * done // total
            total = self._total
        self._whole.report(stage, done, total)

    def publish(self, event: Event) -> None:
        """Hand an event on."""
        self._whole.publish(event)
