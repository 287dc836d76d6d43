"""Runs operations in a worker process; the only file that knows a thread or a process."""

import multiprocessing
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal
from typing_extensions import override

from core.jobs import Measure, Note, Piece, Progress, Trial
from core.logs import take_last_end
from core.worker import (
    Broken,
    Cancel,
    Finish,
    Refused,
    Request,
    Stopped,
    Succeeded,
    WorkerLostError,
    serve,
)

PATIENCE_MS = 3_000  # after which a worker that does not notice a cancel is ended
LOADING_MS = 30_000  # the same for answers, of which the first has much to load
ENDING_S = 1.0  # for a process whose pipe has closed
ENOUGH_SHARE = 0.1  # of a stage, before the time left is told


class BugError(Exception):
    """Something is broken on our side.

    Attributes:
        report: where it happened; no texts of the analyst.
        doing: what was being done, in words for the analyst.
    """

    def __init__(self, report: str, doing: str = "") -> None:
        super().__init__(report.strip().rpartition("\n")[2])
        self.report = report
        self.doing = doing


class Task(QObject):
    """One operation on its way; its signals arrive on the GUI thread.

    Attributes:
        title: what is being done, as the job bar says it.
        progress: the stage reported last.
        stages: the stages begun so far, each with the moment it began.
        log: the notes so far. trials: the candidates tried so far.
        measures: the points of its curves so far. written: the text written so far.
        is_finishing: it was asked to learn no more, and to keep the best.
        is_waiting: it has not begun. is_over: it has ended, however.
    """

    updated = Signal()
    succeeded = Signal(object)
    failed = Signal(object)  # a UserError or a BugError
    stopped = Signal()
    ended = Signal()  # after one of the three

    def __init__(self, title: str, request: Request, runner: "JobRunner") -> None:
        super().__init__(runner)
        self.title = title
        self.request = request
        self.progress = Progress("")
        self.stages: list[tuple[str, float]] = []
        self.log: list[str] = []
        self.trials: list[Trial] = []
        self.measures: list[Measure] = []
        self.written = ""
        self.is_finishing = False
        self.is_waiting = True
        self.is_over = False
        self.began = self.finished = time.monotonic()
        self._runner = runner

    def stop(self) -> None:
        """Ask the operation to stop; a task that waits goes at once."""
        self._runner.stop(self)

    def finish(self) -> None:
        """Ask a training to learn no more, and to keep the best that it has found."""
        self.is_finishing = True
        self._runner.finish(self)
        self.updated.emit()

    @property
    def seconds(self) -> float:
        """How long it has run, or did run."""
        return (self.finished if self.is_over else time.monotonic()) - self.began

    @property
    def seconds_left(self) -> float | None:
        """How long the stage still takes; unknown before a tenth of it is done."""
        done, total = self.progress.done, self.progress.total
        if not total or done < total * ENOUGH_SHARE or not self.stages:
            return None
        return (time.monotonic() - self.stages[-1][1]) * (total - done) / max(done, 1)

    def keep(self, event: object) -> None:
        """Take in what the operation published."""
        match event:
            case Progress():
                if event.stage != self.progress.stage:
                    self.stages.append((event.stage, time.monotonic()))
                self.progress = event
            case Note():
                self.log.append(event.line)
            case Trial():
                self.trials.append(event)
            case Measure():
                self.measures.append(event)
            case Piece():
                self.written += event.text
        self.updated.emit()

    def begin(self) -> None:
        """Note that it has left the queue."""
        self.is_waiting, self.began = False, time.monotonic()
        self.updated.emit()

    def end(self, signal: Any, *values: object) -> None:  # noqa: ANN401  # a bound signal
        """Note that it is over, and tell how."""
        self.is_over, self.finished = True, time.monotonic()
        signal.emit(*values)
        self.ended.emit()


class JobRunner(QObject):
    """Runs tasks one after the other in one warm process.

    `changed` is emitted whenever a task is added, begins, reports or ends; `lost` when the
    process ended in the middle of a task.
    """

    changed = Signal()
    lost = Signal()

    def __init__(self, parent: QObject | None = None, patience_ms: int = PATIENCE_MS) -> None:
        super().__init__(parent)
        self.current: Task | None = None
        self.waiting: deque[Task] = deque()
        self._worker: _Worker | None = None
        self._patience = QTimer(self, interval=patience_ms, singleShot=True)
        self._patience.timeout.connect(self._lose_patience)

    def start(self, operation: Callable[..., Any], *arguments: object, title: str = "") -> Task:
        """Run `operation(*arguments, job)` when the tasks before it are over."""
        task = Task(title, Request(operation, arguments), self)
        self.waiting.append(task)
        QTimer.singleShot(0, self._next)  # so that the caller can connect first
        return task

    def stop(self, task: Task) -> None:
        """Stop a task, wherever it is."""
        if task in self.waiting:
            self.waiting.remove(task)
            task.end(task.stopped)
            self.changed.emit()
        elif task is self.current and self._worker:
            self._worker.send(Cancel())
            self._patience.start()

    def finish(self, task: Task) -> None:
        """Let a task that runs learn no more."""
        if task is self.current and self._worker:
            self._worker.send(Finish())

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.waiting.clear()
        self._end_worker()

    def warm_up(self, operation: Callable[..., Any]) -> None:
        """Start the process and let it load what it needs."""
        self.start(operation)

    def _next(self) -> None:
        if self.current or not self.waiting:
            return
        self.current = self.waiting.popleft()
        self.current.begin()
        if self._worker is None:
            self._worker = _Worker(self)
            self._worker.received.connect(self._receive)
            self._worker.died.connect(self._mourn)
        self._worker.send(self.current.request)
        self.changed.emit()

    def _receive(self, message: object) -> None:
        task = self.current
        if task is None:
            return
        match message:
            case Succeeded(result):
                self._settle(task.succeeded, result)
            case Refused(error):
                self._settle(task.failed, error)
            case Broken(report):
                self._settle(task.failed, BugError(report, task.title))
            case Stopped():
                self._settle(task.stopped)
            case _:
                if self._patience.isActive():
                    self._patience.start()  # it still reports, so it will notice
                task.keep(message)
                self.changed.emit()

    def _settle(self, signal: Any, *values: object) -> None:  # noqa: ANN401  # a bound signal
        self._patience.stop()
        task, self.current = self.current, None
        if task:
            task.end(signal, *values)
        self.changed.emit()
        self._next()

    def _lose_patience(self) -> None:
        self._end_worker()
        self.lost.emit()
        if self.current:
            self._settle(self.current.stopped)

    def _mourn(self) -> None:
        exit_code = self._worker.exit_code() if self._worker else None
        self._end_worker()
        self.lost.emit()
        if self.current:
            self._settle(self.current.failed, WorkerLostError(exit_code, take_last_end()))

    def _end_worker(self) -> None:
        if self._worker:
            self._worker.blockSignals(True)  # noqa: FBT003  # what it said last is on its way
            self._worker.close()
            self._worker = None


class _Worker(QObject):
    """The process, and the thread that only waits for what it says and for its end."""

    received = Signal(object)
    died = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()  # so that our end notices theirs closing
        self._listener = _Listener(self._pipe, self.process.sentinel, self)
        self._listener.heard.connect(self.received)
        self._listener.lost.connect(self.died)
        self._listener.start()

    def send(self, message: object) -> None:
        """Send a message; a process that is gone is noticed by the listener."""
        try:
            self._pipe.send(message)
        except (BrokenPipeError, OSError):
            return

    def exit_code(self) -> int | None:
        """Return how the process ended, negative for a signal; None while it goes on."""
        self.process.join(ENDING_S)
        return self.process.exitcode

    def close(self) -> None:
        """End the process and the thread; nothing is heard of them any more."""
        self._listener.heard.disconnect()
        self._listener.lost.disconnect()
        self.process.kill()
        self.process.join()
        self._listener.wait()
        self._pipe.close()
        self.process.close()
        self.deleteLater()


class _Listener(QThread):
    heard = Signal(object)
    lost = Signal()

    def __init__(self, pipe: "Connection[Any, Any]", sentinel: int, parent: QObject) -> None:
        super().__init__(parent)
        self._pipe, self._sentinel = pipe, sentinel

    @override
    def run(self) -> None:
        while True:
            ready = wait([self._pipe, self._sentinel])
            if self._pipe in ready:
                try:
                    self.heard.emit(self._pipe.recv())
                    continue
                except (EOFError, OSError):
                    pass
            self.lost.emit()
            return
