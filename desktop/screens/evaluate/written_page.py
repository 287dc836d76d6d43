"""Evaluate for a model that writes: its scores, and what it wrote text by text."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import UserError
from core.operations.written import written_rows
from core.records import Evaluation, ModelVersion
from desktop.screens.evaluate.written_texts import WrittenDetail, WrittenTextsTable
from desktop.session import Session
from desktop.theme.tokens import S2, S4
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.notice import Notice
from desktop.widgets.written_scores import WrittenScores


class WrittenPage(QWidget):
    """Shows an evaluation of what a model wrote."""

    def __init__(self, session: Session) -> None:
        """Show nothing yet."""
        super().__init__()
        self._session = session
        self.version: ModelVersion | None = None
        self.evaluation: Evaluation | None = None
        self.scores, self.detail = WrittenScores(reads_on=True), WrittenDetail()
        self.table = WrittenTextsTable()
        self.missing = Notice("warn")
        work = row((self.table, 1), Hairline(vertical=True), self.detail, gap=S2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S4, 0, S4, 0)
        layout.addWidget(column(self.scores, S2, self.missing, (work, 1), gap=0))
        self.table.row_chosen.connect(self.detail.show_row)

    def show_evaluation(self, version: ModelVersion, evaluation: Evaluation) -> None:
        """Show an evaluation of a version, and its worst answer."""
        self.version, self.evaluation = version, evaluation
        self.scores.show_evaluation(evaluation)
        try:
            rows = written_rows(self._session.app, evaluation)
            self.missing.say("")
        except UserError as error:
            rows = []
            self.missing.say(f"{error} {error.next_step}")
        self.detail.show_row(None)
        self.table.set_rows(rows)
