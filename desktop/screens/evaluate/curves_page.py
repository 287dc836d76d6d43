"""The curves behind the scores: of all concepts together, or of one."""

from functools import partial

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.charts import curves as lines
from core.charts.histogram import Scores, histogram
from core.charts.reliability import Bin, reliability
from core.errors import UserError
from core.i18n import _
from core.learning.curves import Curve
from core.learning.marks import Range
from core.operations.look_into import CurvesRequest, CurvesResult, draw_curves
from desktop.asking import Asking
from desktop.screens.evaluate.page import Page
from desktop.screens.evaluate.state import EvaluationState
from desktop.theme.tokens import S2, S3
from desktop.widgets.chart_view import ChartView, no_chart, sized
from desktop.widgets.choices import Select
from desktop.widgets.layout import column, row
from desktop.widgets.text import text, wrapped

SIDE_BY_SIDE, CHART_HEIGHT, SELECT_WIDTH = 720, 300, 280  # pixels


class CurvesPage(Page):
    """Four charts; every dot and bar leads to its texts."""

    def __init__(self, state: EvaluationState) -> None:
        """Show all concepts together first."""
        super().__init__(state)
        self._asking = Asking(state.session)
        self._result: CurvesResult | None = None
        self.concept = Select(width=SELECT_WIDTH, name=_("Concept"))
        self.problem = wrapped("", "body", "ink_2")
        self.roc, self.precision, self.reliability, self.histogram = (
            ChartView() for _chart in range(4)
        )
        self.charts = (self.reliability, self.histogram, self.precision, self.roc)
        for chart in self.charts:
            chart.setFixedHeight(CHART_HEIGHT)
        self._grid = QGridLayout()
        self._blocks = [
            _block(_("Can its percentages be believed?"), _meanings()[0], self.reliability),
            _block(_("How sure it is"), _meanings()[1], self.histogram),
            _block(_("Found against right"), _meanings()[2], self.precision),
            _block(_("Found against wrongly flagged"), _meanings()[3], self.roc),
        ]
        self._n_columns = 0
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._grid.setHorizontalSpacing(40)
        self._grid.setVerticalSpacing(S3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addWidget(row(self.concept, None))
        layout.addWidget(self.problem)
        layout.addLayout(self._grid)
        layout.addStretch(1)
        self._arrange()

    def _connect(self) -> None:
        self.concept.currentIndexChanged.connect(lambda _place: self._ask())
        self.reliability.mark_chosen.connect(lambda key: self._choose(*key))
        self.histogram.mark_chosen.connect(self._choose_bar)
        for chart in (self.roc, self.precision):
            chart.mark_chosen.connect(lambda key: self._choose(key[1], 1.0))

    @property
    def name(self) -> str:
        """The chosen concept; "" for all of them together."""
        return self.concept.currentText() if self.concept.currentIndex() > 0 else ""

    @override
    def first_focus(self) -> QWidget | None:
        return self.concept

    @override
    def look(self) -> None:
        before = self.name
        with QSignalBlocker(self.concept):
            self.concept.clear()
            self.concept.addItems([_("All concepts together"), *self.state.names])
            places = [i for i, name in enumerate(self.state.names, 1) if name == before]
            self.concept.setCurrentIndex((places or [0])[0])
        self._ask()

    @override
    def follow(self) -> None:
        self._draw()

    def _ask(self) -> None:
        self._result = None
        self.problem.hide()
        if self.state.evaluation is None:
            return
        request = CurvesRequest(self.state.evaluation.id, self.name)
        self._asking.ask(self._show, draw_curves, request, refused=self._show_problem)

    def _show(self, result: CurvesResult) -> None:
        self._result = result
        self._draw()

    def _show_problem(self, error: UserError) -> None:
        self.problem.setText(f"{error} {error.next_step}")
        self.problem.show()
        for chart in self.charts:
            chart.set_chart(no_chart)

    # -- what is drawn ---------------------------------------------------------------------------
    def _draw(self) -> None:
        found = self._result
        if found is None:
            return
        bins = [
            Bin(b.low, b.high, b.n, b.stated, b.right, b.right_low, b.right_high)
            for b in found.reliability
        ]
        bars, threshold = found.histogram, self.state.thresholds.get(self.name)
        kinds = ("", "") if self.name else (_("right"), _("wrong"))
        scores = Scores(bars.edges, bars.right, bars.wrong, kinds, threshold or None)
        self.reliability.set_chart(sized(partial(reliability, bins)), _("Reliability"))
        self.histogram.set_chart(sized(partial(histogram, scores)), _("Probabilities"))
        recall = self._curve(found.precision_recall)
        self.precision.set_chart(
            sized(partial(lines.precision_recall, recall)), _("Precision and recall")
        )
        self.roc.set_chart(sized(partial(lines.roc, self._curve(found.roc))), _("ROC"))

    def _curve(self, found: Curve | None) -> list[lines.Curve]:
        if found is None:
            return []
        name = self.name or _("All concepts together")
        number = self.state.numbers.get(self.name)
        chosen = self.state.thresholds.get(self.name) or None
        return [lines.Curve(name, found.thresholds, found.x, found.y, found.area, number, chosen)]

    # -- what is chosen --------------------------------------------------------------------------
    def _choose(self, low: float, high: float) -> None:
        self.state.choose(Range(self.name, low, high))

    def _choose_bar(self, key: tuple[str, int]) -> None:
        kind, place = key
        if self._result:
            low, high = self._result.histogram.edges[place : place + 2]
            self.state.choose(Range(self.name, low, high, is_right=kind == "right"))

    # -- how it is laid out ----------------------------------------------------------------------
    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        n_columns = 2 if self.width() >= SIDE_BY_SIDE else 1
        if n_columns == self._n_columns:
            return
        self._n_columns = n_columns
        for place, block in enumerate(self._blocks):
            self._grid.addWidget(block, place // n_columns, place % n_columns)
        for place in (0, 1):
            self._grid.setColumnStretch(place, int(place < n_columns))


def _block(title: str, meaning: str, chart: ChartView) -> QWidget:
    return column(text(title, "heading"), wrapped(meaning, "small", "ink_2"), None, chart, gap=4)


def _meanings() -> tuple[str, ...]:
    return (
        _("Of the answers that are 80 % sure, about 80 in 100 should be right."),
        _("The percentages that it gives, right answers and wrong ones."),
        _("The more texts are found, the more of what is flagged may be wrong."),
        _("The nearer to the upper left corner, the better it tells them apart."),
    )
