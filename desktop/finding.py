"""Searching without making anybody wait: at once where it is quick, else in the background."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from core.operations.find_inputs import FindRequest, FoundInputs, find_inputs
from core.storage.database import TookTooLongError, within
from core.storage.filters import InputFilter, Sort, list_input_ids
from desktop.runner import Task
from desktop.session import Session

PATIENCE_S = 0.04


class Finder(QObject):
    """Finds inputs; the answer to the newest question comes by `found`, older ones are dropped."""

    found = Signal(object)  # Sequence[int]: a range or an array
    waiting = Signal()  # it takes longer

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._task: Task | None = None

    def look(self, wanted: InputFilter, sort: Sort = Sort()) -> None:  # noqa: B008  # frozen
        """Ask; a small app answers before this returns."""
        self.forget()
        try:
            with within(self._session.db, PATIENCE_S):
                ids: Sequence[int] = list_input_ids(self._session.db, wanted, sort)
        except TookTooLongError:
            self._ask(FindRequest(wanted, sort))
            return
        self.found.emit(ids)

    def forget(self) -> None:
        """Do not wait for an answer any more."""
        if self._task:
            self._task.blockSignals(True)  # noqa: FBT003  # Qt's own signature
            self._task.stop()
            self._task = None

    def _ask(self, request: FindRequest) -> None:
        self._task = self._session.ask(find_inputs, request)
        self._task.succeeded.connect(self._tell)
        self.waiting.emit()

    def _tell(self, result: FoundInputs) -> None:
        self._task = None
        self.found.emit(result.ids)
