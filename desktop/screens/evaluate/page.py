"""What every page of Evaluate is."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.screens.evaluate.state import EvaluationState


class Page(QWidget):
    """A part of an evaluation; it looks again when it is shown, and while it is, at every news."""

    def __init__(self, state: EvaluationState) -> None:
        """Keep the state, and listen to it."""
        super().__init__()
        self.state = state
        self._is_stale = True
        state.shown.connect(self._hear)
        state.rescored.connect(self._hear_scores)

    def look(self) -> None:
        """Show the evaluation as it is; pages override this."""

    def follow(self) -> None:
        """Show the scores by other thresholds; `look` where a page makes no difference."""
        self.look()

    def first_focus(self) -> QWidget | None:
        """Return what takes the keyboard when the page opens."""
        return None

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._is_stale = False
            self.look()

    def _hear(self) -> None:
        if self.isVisible():
            self.look()
        else:
            self._is_stale = True

    def _hear_scores(self) -> None:
        if self.isVisible():
            self.follow()
        else:
            self._is_stale = True
