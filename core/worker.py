"""The worker process: receives an operation, runs it, sends progress and the outcome.

It never loads Qt, and it is the only place where torch is loaded beside a window. What crosses
the pipe is small; texts and vectors go through the app's database.
"""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from core.errors import UserError
from core.jobs import Event, Job, JobCancelled, Progress

INTERVAL_S = 0.1
NICENESS = 5  # the window comes first
OUT_OF_MEMORY_SCORE = 500  # Linux ends the worker before the window


@dataclass(frozen=True)
class Request:
    """An operation to run as `operation(*arguments, job)`."""

    operation: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Cancel:
    """The analyst asked to stop."""


@dataclass(frozen=True)
class Finish:
    """The analyst asked to learn no more, and to keep the best."""


@dataclass(frozen=True)
class Succeeded:
    """The operation returned."""

    result: Any


@dataclass(frozen=True)
class Refused:
    """The operation raised something that the analyst can put right."""

    error: UserError


@dataclass(frozen=True)
class Stopped:
    """The operation took notice of the cancel."""


@dataclass(frozen=True)
class Broken:
    """The operation met a bug of ours."""

    report: str


Outcome = Succeeded | Refused | Stopped | Broken


class PipeJob(Job):
    """A job whose caller sits at the other end of a pipe."""

    def __init__(self, pipe: "Connection[Any, Any]") -> None:
        super().__init__()
        self._pipe = pipe
        self._told_s = 0.0

    def report(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Look for a wish of the analyst, then publish progress."""
        while self._pipe.poll():
            match self._pipe.recv():
                case Cancel():
                    self.cancel()
                case Finish():
                    self.finish()
        super().report(stage, done, total)

    def publish(self, event: Event) -> None:
        """Keep the event and send it on; of the progress within a stage, ten times a second."""
        is_same = isinstance(event, Progress) and event.stage == self.progress.stage
        super().publish(event)
        now_s = time.monotonic()
        if is_same and now_s - self._told_s < INTERVAL_S:
            return
        self._told_s = now_s
        self._pipe.send(event)


def serve(pipe: "Connection[Any, Any]") -> None:
    """Run requests until the other end of the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is the window's to answer
    _step_back()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            request = pipe.recv()
            if isinstance(request, Request):  # a late cancel has nothing left to stop
                pipe.send(_run(request, PipeJob(pipe)))


def warm_up(_job: Job) -> None:
    """Load what learns, so that the first training or answer does not wait for it."""
    from core.learning import embedders  # torch, only in the worker

    embedders.load("accurate")


def _run(request: Request, job: Job) -> Outcome:
    try:
        return Succeeded(request.operation(*request.arguments, job))
    except JobCancelled:
        return Stopped()
    except UserError as error:
        return Refused(error)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception:  # noqa: BLE001  # the one place where a bug becomes a report
        return Broken(traceback.format_exc())


def _step_back() -> None:
    """Let the window go first, and be the one that a full memory ends."""
    if sys.platform != "win32":
        os.nice(NICENESS)
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(str(OUT_OF_MEMORY_SCORE))
