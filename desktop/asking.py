"""One question at a time: a newer one takes the place of the one before it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication

from core.errors import UserError
from core.jobs import Progress
from desktop import boxes
from desktop.runner import Task
from desktop.session import Session


class Asking:
    """Asks what only reads, in the background, and forgets the question before it."""

    def __init__(self, session: Session) -> None:
        """Have nothing to ask yet."""
        self._session = session
        self._task: Task | None = None

    @property
    def is_waiting(self) -> bool:
        """Tell whether an answer is still to come."""
        return self._task is not None and not self._task.is_over

    @property
    def is_answering(self) -> bool:
        """Tell whether the question has left the queue: its answer cannot be hurried any more."""
        return self.is_waiting and not (self._task and self._task.is_waiting)

    def ask(
        self,
        then: Callable[[Any], object],
        operation: Callable[..., Any],
        *arguments: object,
        refused: Callable[[UserError], object] | None = None,
        progressed: Callable[[Progress], object] | None = None,
    ) -> None:
        """Run `operation(app, *arguments, job)` and hand on its answer, unless it was forgotten."""
        self.forget()
        task = self._task = self._session.ask(operation, *arguments)
        task.succeeded.connect(then)
        task.failed.connect(lambda error: _tell(error, refused))
        if progressed:
            task.updated.connect(lambda: progressed(task.progress))

    def forget(self) -> None:
        """Let the question be: nobody hears its answer."""
        if self._task and not self._task.is_over:
            self._task.blockSignals(True)  # noqa: FBT003  # Qt's own signature
            self._task.stop()
        self._task = None


def _tell(error: Exception, refused: Callable[[UserError], object] | None) -> None:
    if isinstance(error, UserError) and refused:
        refused(error)
    else:
        boxes.show_error(QApplication.activeWindow(), error)
