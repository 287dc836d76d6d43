"""Models beside one another: all evaluations to choose from, then the comparison of some."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.compare_models import (
    CompareModelsRequest,
    DatasetComparison,
    ModelComparison,
    compare_datasets,
    compare_models,
)
from core.operations.leaderboard import LeaderboardRow
from desktop import boxes
from desktop.screens.evaluate.compare_board import CompareBoard
from desktop.screens.evaluate.compare_plan import Plan
from desktop.screens.evaluate.comparison import of_datasets, of_models
from desktop.screens.evaluate.comparison_view import ComparisonView
from desktop.screens.evaluate.page import Page
from desktop.screens.evaluate.state import EvaluationState


class ComparePage(Page):
    """Chooses what to compare, makes evaluations that are missing, and shows what came of it.

    Attributes:
        board: what there is to choose. view: the comparison.
    """

    def __init__(self, state: EvaluationState) -> None:
        """Show the board."""
        super().__init__(state)
        self.board, self.view = CompareBoard(state.session), ComparisonView(state.session)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.board)
        layout.addWidget(self.view)
        self.view.hide()
        self.board.opened.connect(self._open)
        self.board.choice.asked.connect(self._compare)
        self.view.left.connect(self.go_back)
        state.session.changed.connect(self._hear_changes)

    @override
    def first_focus(self) -> QWidget | None:
        return self.view.back if self.board.isHidden() else self.board.first_focus()

    @override
    def look(self) -> None:
        self.board.look()

    @override
    def follow(self) -> None:
        """Do nothing: thresholds that are only tried change no evaluation."""

    def _hear_changes(self, changes: Changes) -> None:
        if changes & (Changes.MODELS | Changes.DATASETS):
            self._hear()

    def _open(self, row: LeaderboardRow) -> None:
        self.state.evaluation_asked.emit(row.evaluation)

    # -- comparing -------------------------------------------------------------------------------
    def _compare(self, plan: Plan) -> None:
        """Compare at once where all is there, else as a job that makes what is missing."""
        session, request = self.state.session, plan.request
        if request is None:
            return
        is_models = isinstance(request, CompareModelsRequest)
        operation = compare_models if is_models else compare_datasets
        if plan.n_missing:
            task = session.start(operation, request, title=_("Comparing models"))
        else:
            task = session.ask(operation, request)
        task.succeeded.connect(self._show)
        task.failed.connect(self._show_failure)
        task.stopped.connect(self._show_stopped)
        task.ended.connect(lambda: self.board.choice.show_task(None))
        self.board.choice.show_task(task)

    def _show(self, found: ModelComparison | DatasetComparison) -> None:
        db = self.state.session.db
        match found:
            case ModelComparison():
                self.view.show_comparison(of_models(db, found))
            case DatasetComparison():
                self.view.show_comparison(of_datasets(db, found))
        had_focus = self.isAncestorOf(self.window().focusWidget() or self.window())
        self.board.hide()
        self.view.show()
        self._scroll_up()
        if had_focus:
            self.view.back.setFocus()

    def _show_failure(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.board.choice.show_problem(f"{error} {error.next_step}")
        else:
            boxes.show_error(self, error)

    def _show_stopped(self) -> None:
        words = _("Stopped. What was evaluated before that stays, and is not asked again.")
        self.board.choice.show_problem(words)

    def go_back(self) -> None:
        """Show what there is to choose again."""
        self.view.hide()
        self.board.show()
        self._scroll_up()
        self.board.first_focus().setFocus()

    def _scroll_up(self) -> None:
        part: QWidget | None = self
        while part and not isinstance(part, QScrollArea):
            part = part.parentWidget()
        if isinstance(part, QScrollArea):
            part.verticalScrollBar().setValue(0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.view.isHidden():
            self.go_back()
        else:
            super().keyPressEvent(event)
