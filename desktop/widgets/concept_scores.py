"""How well each concept is recognised; sorted by any column, weakest first to begin with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from typing_extensions import override

from core.i18n import N_, _
from desktop.theme.tokens import ROW
from desktop.widgets.bars import NEUTRAL, paint_bar
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.painted import put, put_text
from desktop.widgets.sort_heads import SortedModel
from desktop.widgets.table import Index, RowDelegate, TextTable
from desktop.widgets.text import tip
from desktop.widgets.wording import decimal, number, percent_aloud

WEAK = 0.85  # a lower F1 is drawn in warn
WIDE = 640  # from this width on, all columns are shown
SCORE_ROLE = Qt.ItemDataRole.UserRole + 10
NAME, TEXTS, PRECISION, RECALL, ROC_AUC, F1 = range(6)
WIDTHS = {TEXTS: 68, PRECISION: 88, RECALL: 70, ROC_AUC: 92, F1: 116}
ONLY_WIDE = (TEXTS, ROC_AUC)


@dataclass(frozen=True)
class ConceptScore:
    """A concept's scores in [0, 1]; None where there is nothing to know them from."""

    name: str
    number: int
    precision: float | None
    recall: float | None
    f1: float
    roc_auc: float | None = None
    n_texts: int = 0
    never_predicted: bool = False


HEADS = (
    (N_("Concept"), ""),
    (N_("Texts"), N_("How many texts of this concept were checked")),
    (N_("Precision"), N_("How many of the texts that the model gave this concept are right")),
    (N_("Recall"), N_("How many of the texts of this concept the model has found")),
    (N_("ROC AUC"), N_("How well the concept's texts come before all others; 50 is chance")),
    (N_("F1"), N_("Precision and recall in one number")),
)
SORT_KEYS: tuple[Callable[[ConceptScore], Any], ...] = (
    lambda score: score.name.casefold(),
    lambda score: score.n_texts,
    lambda score: score.precision or 0.0,
    lambda score: score.recall or 0.0,
    lambda score: score.roc_auc or 0.0,
    lambda score: score.f1,
)


class ConceptScoreModel(SortedModel):
    """The scores in the order in which they are shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty."""
        super().__init__([_(name) for name, _hint in HEADS], parent)
        self.scores: list[ConceptScore] = []
        self.sorted_by, self.is_descending = F1, False

    def set_scores(self, scores: Sequence[ConceptScore]) -> None:
        """Hold other scores, in the same order of columns."""
        self.beginResetModel()
        key = SORT_KEYS[self.sorted_by]
        self.scores = sorted(scores, key=key, reverse=self.is_descending)
        self.endResetModel()

    @override
    def arrange(self) -> None:
        self.set_scores(self.scores)

    @override
    def falls(self, _column: int) -> bool:
        return False  # the weakest are looked for

    @override
    def hint(self, section: int) -> str:
        words = HEADS[section][1]
        return _(words) if words else ""

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (LEFT if section == NAME else RIGHT) | V_CENTRE

    @override
    def count(self) -> int:
        return len(self.scores)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        score = self.scores[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _cell(score, index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                return self.alignment(index.column())
            case Qt.ItemDataRole.AccessibleTextRole:
                return _aloud(score, index.column())
            case Qt.ItemDataRole.ToolTipRole if index.column() == NAME:
                return tip(score.name)
        return score if role == SCORE_ROLE else None


def _cell(score: ConceptScore, column: int) -> str:
    if column == NAME:
        return score.name
    if column == TEXTS:
        return number(score.n_texts)
    values = {
        PRECISION: score.precision,
        RECALL: score.recall,
        ROC_AUC: score.roc_auc,
        F1: score.f1,
    }
    value = values[column]
    return "–" if value is None else decimal(value * 100)


def _aloud(score: ConceptScore, column: int) -> str:
    if column == NAME:
        return f"{score.name}, {_('Never the answer')}" if score.never_predicted else score.name
    if column == F1:
        return f"F1 {percent_aloud(score.f1)}"
    return f"{_(HEADS[column][0])} {_cell(score, column)}"


class _ScoreDelegate(RowDelegate):
    """Draws the mark before the name and the bar before F1."""

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        score = index.data(SCORE_ROLE)
        if index.column() == NAME:
            below = _("Never the answer") if score.never_predicted else ""
            paint_concept(painter, area, score.name, score.number, below)
        elif index.column() == F1:
            paint_f1(painter, area, score.f1)
        else:
            super().paint_cell(painter, area, index)


def paint_concept(painter: QPainter, area: QRectF, name: str, mark: int, below: str = "") -> None:
    """Draw a concept by its mark and name, with what is amiss in small below it."""
    paint_mark(painter, area.x() - 8, area.center().y(), mark, 9)
    words = area.adjusted(12, 0, 0, 0)
    if below:
        low = QRectF(words.x(), words.center().y(), words.width(), ROW / 2 - 3)
        put_text(painter, low, below, "caption", "warn")
        words = QRectF(words.x(), words.y() + 3, words.width(), ROW / 2 - 3)
    put_text(painter, words, name, "small", "ink", Qt.TextElideMode.ElideMiddle)


def paint_f1(painter: QPainter, area: QRectF, f1: float) -> None:
    """Draw an F1 in [0, 1] with its bar."""
    track = QRectF(area.x(), area.center().y() - 2.5, 56, 5)
    paint_bar(painter, track, f1, *(("warn", 1.0) if f1 < WEAK else ("accent", NEUTRAL)))
    put(painter, area, decimal(f1 * 100), "small_strong", "ink", RIGHT)


class ConceptScores(TextTable):
    """The table of concepts; narrow ones leave out the count of texts and ROC AUC."""

    concept_chosen = Signal(str)  # by Enter or a double click

    def __init__(self) -> None:
        """Be empty."""
        super().__init__(_("Scores by concept"))
        self.scores = ConceptScoreModel(self)
        self.setModel(self.scores)
        self.setItemDelegate(_ScoreDelegate(self))
        self.set_columns(WIDTHS)
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().sectionClicked.connect(self.scores.press)
        self.row_opened.connect(self._tell)

    def set_scores(self, scores: Sequence[ConceptScore]) -> None:
        """Show other scores, sorted as they were."""
        self.scores.set_scores(scores)

    def _tell(self, row: int) -> None:
        self.concept_chosen.emit(self.scores.scores[row].name)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        for column in ONLY_WIDE:
            self.setColumnHidden(column, self.width() < WIDE)
        super().resizeEvent(event)
