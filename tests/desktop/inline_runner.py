"""A runner that runs operations in this process, on the event loop: no worker to wait for."""

from core.jobs import Job
from core.worker import Broken, _run
from desktop.runner import JobRunner


class InlineRunner(JobRunner):
    """Has the interface of `JobRunner`; a bug in an operation fails the test that met it."""

    def stop(self, task):
        if task is self.current:
            self._job.cancel()
        else:
            super().stop(task)

    def _next(self):
        if self.current or not self.waiting:
            return
        self.current = self.waiting.popleft()
        self._job = _InlineJob(self)
        self.current.begin()
        self.changed.emit()
        outcome = _run(self.current.request, self._job)
        assert not isinstance(outcome, Broken), outcome.report
        self._receive(outcome)


class _InlineJob(Job):
    """Tells the runner what the operation reports."""

    def __init__(self, runner):
        super().__init__()
        self._runner = runner

    def publish(self, event):
        super().publish(event)
        self._runner._receive(event)
