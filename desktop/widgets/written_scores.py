"""The scores of a model that writes: beside its base model, and beside copying the text."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Evaluation
from core.written_words import MEASURES, written_headline, written_lead
from desktop.theme.tokens import ROW, S1, S2
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE, column
from desktop.widgets.notice import Notice
from desktop.widgets.table import TONE_ROLE, Index, RowsModel, TextTable
from desktop.widgets.text import text, worded, wrapped
from desktop.widgets.wording import decimal, percent

FIGURE_WIDTH, INTERVAL_WIDTH, HEAD_HEIGHT = 128, 140, 38
WIDEST = 1000
MODEL = 1  # the column of the model's own scores


class WrittenModel(RowsModel):
    """One row for each measure."""

    def __init__(self) -> None:
        """Have no scores yet."""
        heads = (_("How the answers compare"), _("This model"), _("95 % interval"))
        super().__init__([*heads, _("Before training"), _("Copying the text")])
        self.report: Mapping[str, Any] = {}
        self._shown: list[str] = []

    def set_report(self, report: Mapping[str, Any]) -> None:
        """Show the scores of a report."""
        self.beginResetModel()
        self.report = report
        self._shown = [name for name in MEASURES if report.get(name) is not None]
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self._shown)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if section else LEFT) | V_CENTRE

    def words(self, place: int, section: int) -> str:
        """Return what stands in a cell."""
        name, report = self._shown[place], self.report
        low, high = report.get(f"{name}_low"), report.get(f"{name}_high")
        interval = ""
        if low is not None and high is not None:
            interval = _("{low} to {high}").format(low=decimal(low * 100), high=decimal(high * 100))
        return (
            _(MEASURES[name]),
            _share(report[name]),
            interval,
            _share((report.get("untrained") or {}).get(name)),
            _share((report.get("copying") or {}).get(name)),
        )[section]

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return worded(self.words(index.row(), index.column()), role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(index.column())
        if role == TONE_ROLE:
            return "ink" if index.column() <= MODEL else "ink_2"
        return None


def _share(value: float | None) -> str:
    return _("Not known") if value is None else percent(value)


class WrittenScores(QWidget):
    """Shows an evaluation of written answers: the sentence first, then the table.

    Attributes:
        headline: the sentence. table: the measures.
    """

    def __init__(self, *, reads_on: bool = False) -> None:
        """Be empty until `show_evaluation` is called; `reads_on` where answers can be read, too."""
        super().__init__()
        self.headline, self.lead = text("", "figure"), wrapped("", "body", "ink_2")
        self.warning = Notice("warn")
        self.table, self.rows = TextTable(_("Scores of the written answers")), WrittenModel()
        self.table.setModel(self.rows)
        figures = dict.fromkeys((1, 3, 4), FIGURE_WIDTH)
        self.table.set_columns({**figures, 2: INTERVAL_WIDTH})
        self.table.setMaximumWidth(WIDEST)
        self.note = wrapped(
            _(
                "“Before training” is the base model on the same texts; “Copying the text” is what "
                "giving the text back would score. Read some answers under Evaluate, too: no "
                "figure tells whether a text is good."
            ),
            "small",
            "ink_2",
        )
        if reads_on:
            self.note.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        parts = (self.headline, self.lead, self.warning, S1, self.table, S1, self.note, None)
        layout.addWidget(column(*parts, gap=S2 // 2))

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Show the scores of an evaluation."""
        report = evaluation.report
        self.rows.set_report(report)
        self.table.setFixedHeight(HEAD_HEIGHT + ROW * self.rows.count())
        self.headline.setText(written_headline(report))
        self.lead.setText(written_lead(report))
        self.warning.say(str(report.get("warning") or ""))
