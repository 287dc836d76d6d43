"""Undo and redo for the open app: what would be taken back, and doing it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from core.errors import UserError
from core.i18n import _
from core.operations.undo import UndoResult, redo, undo
from core.records import Step
from core.storage.steps import find_redoable, find_undoable, is_long
from desktop.runner import Task
from desktop.session import Session


class Undoing(QObject):
    """Knows the next step each way; quick steps are reversed at once, long ones as a job."""

    done = Signal(str)  # what was taken back or done again, in a sentence
    refused = Signal(object)  # a UserError

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._task: Task | None = None

    def undo_words(self) -> str:
        """Return "Undo: {step}", or "" where there is nothing to undo."""
        step = find_undoable(self._session.db)
        return _("Undo: {step}").format(step=step.name) if step else ""

    def redo_words(self) -> str:
        """Return "Redo: {step}", or "" where there is nothing to do again."""
        step = find_redoable(self._session.db)
        return _("Redo: {step}").format(step=step.name) if step else ""

    def undo(self) -> None:
        """Take back the newest step."""
        if step := find_undoable(self._session.db):
            self._reverse(undo, step, self.undo_words())

    def redo(self) -> None:
        """Do again what was taken back last."""
        if step := find_redoable(self._session.db):
            self._reverse(redo, step, self.redo_words())

    def _reverse(self, operation: Callable[..., UndoResult], step: Step, title: str) -> None:
        if self._task and not self._task.is_over:
            return  # pressed again while a long one is still being reversed

        def tell(result: UndoResult) -> None:
            self.done.emit(f"{result.words}.")

        if is_long(self._session.db, step):
            self._task = self._session.start(operation, title=title)
            self._task.succeeded.connect(tell)
            return
        try:
            tell(self._session.do(operation))
        except UserError as error:
            self.refused.emit(error)
