"""A comparison to look at: the verdict first, then scores, concepts, curves and settings."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.charts import curves as lines
from core.charts.intervals import ROW as SCORE_ROW
from core.charts.intervals import TICKS, ScoreRow, intervals
from core.charts.scene import Scene
from core.i18n import N_, _
from core.learning.curves import Curve
from core.operations.compare_models import Compared, Overlay, OverlayRequest
from desktop.asking import Asking
from desktop.screens.evaluate.comparison import Comparison
from desktop.screens.evaluate.concept_changes import KINDS, ConceptChangesTable
from desktop.screens.evaluate.tick_table import paint_name
from desktop.session import Session
from desktop.theme.tokens import ROW, S2, S3
from desktop.widgets.buttons import Button, button
from desktop.widgets.chart_files import save_table
from desktop.widgets.chart_table import ChartTable
from desktop.widgets.chart_view import ChartView, sized
from desktop.widgets.choices import Select
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.painted import text_width
from desktop.widgets.table import Index, RowDelegate
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.versions import concept_numbers

SCORES = (
    ("top1_accuracy", N_("Right answers")),
    ("macro_avg_f1_score", N_("Macro F1")),
    ("macro_avg_precision", N_("Macro precision")),
    ("macro_avg_recall", N_("Macro recall")),
    ("macro_avg_roc_auc", N_("Macro ROC AUC")),
    ("macro_avg_average_precision", N_("Macro average precision")),
)
SCALE_WIDTH, LONGEST_NAME, MOST_ACROSS = 230, 208, 3  # pixels, and charts beside one another
CURVE_WIDTH, CURVE_HEIGHT, HEAD, SELECT_WIDTH = 440, 320, 36, 240
VERDICT_WIDTHS = {1: 136, 2: 104, 3: 136, 4: 170}
LEAST_SETTING, MEASURE = 140, 960


class _NamesDelegate(RowDelegate):
    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        if index.column() == 0:
            paint_name(painter, area, index)
        else:
            super().paint_cell(painter, area, index)


class ComparisonView(QWidget):
    """Shows one comparison.

    Attributes:
        title, minor, verdicts, basis: who is better, and what that stands on.
        scores: a chart each.
        score, concepts: the score and its table. concept, roc, precision: the curves.
        settings: what differs.
    """

    left = Signal()

    def __init__(self, session: Session) -> None:
        """Show nothing yet."""
        super().__init__()
        self._session, self._asking = session, Asking(session)
        self._shown: Comparison | None = None
        self.back = button(_("Back"), "secondary", "arrow-left")
        self.title, self.minor = wrapped("", "title"), wrapped("", "body")
        self.basis, self.verdicts = wrapped("", "small", "ink_2"), ChartTable()
        self.scores = [ChartView() for _score in SCORES]
        self.score = Select(*(_(head) for _key, head in KINDS), width=190, name=_("Score"))
        self.concepts, self.settings = ConceptChangesTable(), ChartTable()
        for table, name in ((self.verdicts, _("Verdicts")), (self.settings, _("Settings"))):
            table.setAccessibleName(name)
            table.setItemDelegate(_NamesDelegate(table))
            table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.settings.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.settings.horizontalHeader().setMinimumSectionSize(LEAST_SETTING)
        self.concept = Select(width=SELECT_WIDTH, name=_("Curves of"))
        self.roc, self.precision = ChartView(), ChartView()
        self._score_grid, self._curve_grid = QGridLayout(), QGridLayout()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        for label in (self.title, self.minor, self.basis):
            label.set_measure(MEASURE)
        self.save_verdicts = button(_("Save verdicts as CSV…"), "link")
        self.save_concepts = button(_("Save as CSV…"), "link")
        self.save_settings = button(_("Save as CSV…"), "link")
        titles = [text(_(words), "small_strong", "ink_2") for _key, words in SCORES]
        self._score_blocks = [
            column(title, chart, gap=2) for title, chart in zip(titles, self.scores, strict=True)
        ]
        self._curve_blocks: list[QWidget] = [self.roc, self.precision]
        for grid in (self._score_grid, self._curve_grid):
            grid.setHorizontalSpacing(S3)
            grid.setVerticalSpacing(S2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addWidget(row(self.back, None, self.save_verdicts))
        layout.addWidget(column(self.title, self.minor, self.verdicts, self.basis, gap=6))
        self._add_part(_("Scores"), Elided(_meaning(), "small", "ink_3"), self._score_grid)
        beside = row(self.score, (Elided(_hint(), "small", "ink_3"), 1))
        self._add_part(_("By concept"), beside, self.concepts, self.save_concepts)
        self._add_part(_("Curves"), row(self.concept, None), self._curve_grid)
        self._add_part(_("Settings and tests"), QWidget(), self.settings, self.save_settings)
        layout.addStretch(1)

    def _add_part(
        self,
        title: str,
        beside: QWidget,
        content: QWidget | QGridLayout,
        save: Button | None = None,
    ) -> None:
        layout = self.layout()
        if not isinstance(layout, QVBoxLayout):
            return
        layout.addWidget(Hairline())
        layout.addWidget(row(text(title, "heading"), (beside, 1), *([save] if save else [])))
        if isinstance(content, QGridLayout):
            layout.addLayout(content)
        else:
            layout.addWidget(content)

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.score.currentIndexChanged.connect(lambda _place: self._show_concepts())
        self.concepts.concept_chosen.connect(self.concept.setCurrentText)
        self.concept.currentIndexChanged.connect(lambda _place: self._ask_curves())
        self.save_concepts.clicked.connect(self._save_concepts)
        self.save_settings.clicked.connect(self._save_settings)
        self.save_verdicts.clicked.connect(self._save_verdicts)

    # -- what is shown ---------------------------------------------------------------------------
    def show_comparison(self, shown: Comparison) -> None:
        """Show another comparison."""
        self._shown = shown
        self.title.setText(shown.title)
        self.minor.setText(shown.minor)
        self.minor.setVisible(bool(shown.minor))
        self.verdicts.set_table(shown.verdicts)
        for part in (self.verdicts, self.save_verdicts):
            part.setVisible(bool(shown.verdicts.rows))
        self.verdicts.set_columns(VERDICT_WIDTHS if shown.verdicts.rows else {})
        self.verdicts.setFixedHeight(HEAD + ROW * len(shown.verdicts.rows) + 2)
        self.basis.setText("\n".join(shown.basis))
        for chart, (key, words) in zip(self.scores, SCORES, strict=True):
            self._show_score(chart, key, _(words))
        self._show_concepts()
        self._offer_curves()
        self.settings.set_table(shown.settings)
        self._arrange()

    def _show_score(self, chart: ChartView, key: str, words: str) -> None:
        if self._shown is None:
            return
        height = round(TICKS + SCORE_ROW * len(self._shown.names)) + 2
        rows = [
            _score_row(name, one, key, i)
            for i, (name, one) in enumerate(
                zip(self._shown.names, self._shown.columns, strict=True)
            )
        ]

        def draw(width: int, _height: int) -> Scene:
            return replace(intervals(rows, (width, height)), height=height)

        chart.set_chart(draw, words)
        chart.setFixedHeight(height)

    def _show_concepts(self) -> None:
        if self._shown is None:
            return
        reports = [one.report for one in self._shown.columns]
        names = [record["name"] for record in reports[0]["concepts"]]
        self.concepts.rows.numbers = concept_numbers(self._session.db, names)
        key = KINDS[self.score.currentIndex()][0]
        self.concepts.rows.compare(self._shown.names, reports, key, one=self._shown.same_texts)
        self.concepts.fit()

    # -- curves ----------------------------------------------------------------------------------
    def _offer_curves(self) -> None:
        names = sorted((one.name for one in self.concepts.rows.rows), key=str.casefold)
        with QSignalBlocker(self.concept):
            self.concept.clear()
            self.concept.addItems([_("All concepts together"), *names])
        self._ask_curves()

    def _ask_curves(self) -> None:
        shown = self._shown
        if shown is None:
            return
        if self.concept.currentIndex() <= 0:
            self._asking.forget()
            rocs = [one.roc for one in shown.columns]
            self._draw_curves(rocs, [one.precision_recall for one in shown.columns])
            return
        ids = tuple(one.evaluation.id for one in shown.columns)
        request = OverlayRequest(ids, self.concept.currentText())
        self._asking.ask(self._show_overlay, shown.overlay, request)

    def _show_overlay(self, found: Overlay) -> None:
        self._draw_curves(found.roc, found.precision_recall)

    def _draw_curves(
        self, rocs: Sequence[Curve | None], precisions: Sequence[Curve | None]
    ) -> None:
        if self._shown is None:
            return
        names, of = self._shown.names, self.concept.currentText()
        for chart, draw, words, found in (
            (self.roc, lines.roc, _("ROC"), rocs),
            (self.precision, lines.precision_recall, _("Precision and recall"), precisions),
        ):
            shown = [_line(name, curve) for name, curve in zip(names, found, strict=True)]
            chart.set_chart(sized(partial(draw, shown)), f"{words}, {of}")
            chart.setFixedHeight(CURVE_HEIGHT)

    # -- files -----------------------------------------------------------------------------------
    def _save_concepts(self) -> None:
        title = _("Concepts compared, {score}").format(score=self.score.currentText())
        save_table(self.window(), title, self.concepts.rows.table())

    def _save_verdicts(self) -> None:
        if self._shown:
            save_table(self.window(), _("Verdicts"), self._shown.verdicts)

    def _save_settings(self) -> None:
        if self._shown:
            save_table(self.window(), _("Settings compared"), self._shown.settings)

    # -- how it is laid out ----------------------------------------------------------------------
    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if self._shown is None:
            return
        longest = max(text_width(name, "small_strong") for name in self._shown.names)
        room = SCALE_WIDTH + round(min(longest, LONGEST_NAME))
        _arrange(self._score_grid, self._score_blocks, min(MOST_ACROSS, self.width() // room))
        _arrange(self._curve_grid, self._curve_blocks, min(2, self.width() // CURVE_WIDTH))
        self.concepts.fit()
        scrolls = LEAST_SETTING * len(self._shown.settings.heads) > self.width()
        bar = self.settings.horizontalScrollBar().sizeHint().height() if scrolls else 0
        self.settings.setFixedHeight(HEAD + ROW * len(self._shown.settings.rows) + bar + 2)


def _meaning() -> str:
    return _(
        "A dot is the score, the band its 95 % interval; the diamond is what others are held to."
    )


def _hint() -> str:
    return _("Few texts each, so much is chance. A click shows the curves below.")


def _score_row(name: str, one: Compared, key: str, place: int) -> ScoreRow:
    value, low, high = (one.report.get(f"{key}{end}") for end in ("", "_low", "_high"))
    return ScoreRow(name, value, low, high, key=place, is_chosen=place == 0)


def _line(name: str, found: Curve | None) -> lines.Curve:
    if found is None:
        return lines.Curve(name, (), (), ())
    return lines.Curve(name, found.thresholds, found.x, found.y, found.area)


def _arrange(grid: QGridLayout, blocks: Sequence[QWidget], n_across: int) -> None:
    n_across = max(1, n_across)
    if grid.property("across") == n_across:
        return
    grid.setProperty("across", n_across)
    for place, block in enumerate(blocks):
        grid.addWidget(block, place // n_across, place % n_across)
    for i in range(MOST_ACROSS):
        grid.setColumnStretch(i, int(i < n_across))
