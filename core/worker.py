"""The worker process: receives an operation, runs it, sends progress and the outcome.

It never loads Qt, and it is the only place where torch is loaded beside a window. What crosses
the pipe is small; texts and vectors go through the app's database.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from core.errors import UserError, out_of_memory_of
from core.i18n import _
from core.jobs import Event, Job, JobCancelled, Progress
from core.logs import stop_watching, watch_for_end
from core.reports import describe

INTERVAL_S = 0.1
STOPPING_S = 20.0  # after which a process that was asked to stop is ended
NICENESS = 5  # the window comes first
OUT_OF_MEMORY_SCORE = 500  # Linux ends the worker before the window

prepare_for_frozen = multiprocessing.freeze_support  # without it a frozen program starts for ever


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


class WorkerLostError(UserError):
    """A process ended in the middle of its work.

    Attributes:
        report: where it was ended, as far as it could still tell.
    """

    def __init__(self, exit_code: int | None = None, report: str = "") -> None:
        what = _("The work in the background ended unexpectedly.")
        next_step = _("Start it again. Your texts and concepts are as they were before it.")
        if sys.platform == "linux" and exit_code == -signal.SIGKILL:
            what = _("The computer ended the work in the background: its memory was full.")
            next_step = _("Close other programs, then start it again; nothing of yours is lost.")
        super().__init__(what, next_step=next_step)
        self.report = report


class BrokenApartError(Exception):
    """A process of its own met a bug of ours; its report is the message."""


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
    watch_for_end()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            request = pipe.recv()
            if isinstance(request, Request):  # a late cancel has nothing left to stop
                pipe.send(_run(request, PipeJob(pipe)))
    stop_watching()


def run_apart(operation: Callable[..., Any], *arguments: object, job: Job) -> Any:  # noqa: ANN401
    """Run `operation(*arguments, job)` in a fresh process of its own; return its result.

    Raises:
        UserError: as the operation, or the process was lost.
        JobCancelled: the analyst asked to stop.
        BrokenApartError: the operation met a bug.
    """
    context = multiprocessing.get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,))
    process.start()
    theirs.close()
    try:
        pipe.send(Request(operation, arguments))
        return _listen(pipe, job)
    except EOFError as error:
        process.join()
        raise WorkerLostError(process.exitcode) from error
    except (JobCancelled, KeyboardInterrupt):
        pipe.send(Cancel())  # so that it clears away what it made
        while pipe.poll(STOPPING_S) and not isinstance(pipe.recv(), Outcome):
            pass
        raise
    finally:
        pipe.close()
        process.kill()
        process.join()


def _listen(pipe: "Connection[Any, Any]", job: Job) -> Any:  # noqa: ANN401  # what it returned
    while True:
        match pipe.recv():
            case Succeeded(result):
                return result
            case Refused(error):
                raise error
            case Broken(report):
                raise BrokenApartError(report)
            case Stopped():
                raise JobCancelled
            case Progress(stage, done, total):
                job.report(stage, done, total)
            case event:
                job.publish(event)


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
    except Exception as error:  # noqa: BLE001  # the one place where a bug becomes a report
        if reason := out_of_memory_of(error):
            return Refused(reason)
        return Broken(describe(error, getattr(request.operation, "__name__", "")))


def _step_back() -> None:
    """Let the window go first, and be the one that a full memory ends."""
    if sys.platform != "win32":
        os.nice(NICENESS)
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(str(OUT_OF_MEMORY_SCORE))
