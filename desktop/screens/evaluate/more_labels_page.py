"""Is more labelling worth it? What to do next, and how the scores grew with the texts."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.charts.learning import LearningPoint, learning_curve
from core.errors import UserError
from core.i18n import _
from core.learning.extrapolation import Forecast
from core.learning.growth import SCORES, LearningCurve
from core.operations.learning_curve import (
    LearningCurveRequest,
    LearningCurveResult,
    measure_learning_curve,
    read_learning_curve,
)
from desktop.asking import Asking
from desktop.runner import Task
from desktop.screens.evaluate.advice_list import AdviceList
from desktop.screens.evaluate.page import Page
from desktop.screens.evaluate.state import EvaluationState
from desktop.theme.tokens import S2
from desktop.widgets.buttons import button
from desktop.widgets.chart_view import ChartView, no_chart, sized
from desktop.widgets.choices import Segmented
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.text import text, wrapped
from desktop.widgets.versions import version_name
from desktop.widgets.wording import counted_texts, duration

CHART_HEIGHT, WIDEST_CHART = 300, 760  # pixels
F1 = SCORES.index("f1")


class MoreLabelsPage(Page):
    """Advice with the texts behind it, and the learning curve with its forecast."""

    def __init__(self, state: EvaluationState) -> None:
        """Show nothing yet."""
        super().__init__(state)
        self._asking = Asking(state.session)
        self._task: Task | None = None
        self._curve: LearningCurve | None = None
        self.advice = AdviceList()
        self.score = Segmented((_("Macro F1"), _("Right answers")), name=_("Which score"))
        self.measure = button("", "secondary", "chart-no-axes-column")
        self.note = wrapped("", "small", "ink_2")
        self.chart = ChartView()
        self.chart.setFixedHeight(CHART_HEIGHT)
        self.chart.setMaximumWidth(WIDEST_CHART)
        self._lay_out()
        self.score.chosen.connect(lambda _score: self._draw())
        self.measure.clicked.connect(self._measure)
        self.advice.mark_chosen.connect(state.choose)

    def _lay_out(self) -> None:
        self._chart_part = column(row(self.score, None), 4, self.chart, gap=0)
        head = row(text(_("With more texts"), "heading"), None, self.measure)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        for part in (self.advice, Hairline(), head, self.note, self._chart_part):
            layout.addWidget(part)
        layout.addStretch(1)

    @override
    def first_focus(self) -> QWidget | None:
        return self.measure

    @override
    def look(self) -> None:
        if self.state.version is None:
            return
        self._asking.ask(
            self._show, read_learning_curve, self._request(), refused=self._show_problem
        )
        self._tell()

    @override
    def follow(self) -> None:
        """Thresholds that are tried change nothing here."""

    def _request(self) -> LearningCurveRequest:
        version = self.state.version
        assert version is not None
        return LearningCurveRequest(version.model, version.number)

    def _show(self, result: LearningCurveResult) -> None:
        self._curve = result.curve
        self.advice.set_advice(result.advice, self.state.names)
        self._draw()
        self._tell()

    # -- measuring -------------------------------------------------------------------------------
    def _measure(self) -> None:
        version = self.state.version
        if version is None:
            return
        title = _("Measuring “{model}”").format(model=version_name(version))
        task = self.state.session.start(measure_learning_curve, self._request(), title=title)
        task.succeeded.connect(lambda _result: self.look())
        task.failed.connect(self._show_problem)
        task.ended.connect(self._tell)
        self._task = task
        self._tell()

    def _show_problem(self, error: Exception) -> None:
        if isinstance(error, UserError):  # the window tells of the others
            self.note.setText(f"{error} {error.next_step}")

    @property
    def _is_measuring(self) -> bool:
        return self._task is not None and not self._task.is_over

    def _tell(self) -> None:
        """Say how the curve was found, or what measuring it takes."""
        is_known = self._curve is not None
        self.measure.setText(_("Measure again") if is_known else _("Measure"))
        why = _("It is being measured. You can go on working.")
        self.measure.set_enabled(enabled=not self._is_measuring, why_not=why)
        self._chart_part.setVisible(is_known)
        if self._is_measuring:
            self.note.setText(why)
        elif self._curve is None:
            self.note.setText(self._cost())
        else:
            self.note.setText(_found_words(self._curve))

    def _cost(self) -> str:
        words = _(
            "Models are trained anew from a quarter, half, three quarters and all of the texts. "
            "That takes a few times as long as the training"
        )
        version = self.state.version
        if version and (seconds := version.summary.get("seconds")):
            return _("{words} ({time}).").format(words=words, time=duration(max(1, seconds)))
        return f"{words}."

    # -- what is drawn ---------------------------------------------------------------------------
    def _draw(self) -> None:
        if self._curve is None:
            self.chart.set_chart(no_chart)
            return
        name = SCORES[self.score.value]
        points = [
            LearningPoint(p.n_texts, (e := getattr(p, name)).value, e.low, e.high)
            for p in self._curve.points
        ]
        forecast = _point_of(getattr(self._curve, name))
        self.chart.set_chart(sized(partial(learning_curve, points, forecast)), _("Learning curve"))


def _point_of(forecast: Forecast | None) -> LearningPoint | None:
    if forecast is None:
        return None
    score = forecast.score
    return LearningPoint(forecast.n_texts, score.value, score.low, score.high)


def _found_words(curve: LearningCurve) -> str:
    words = _("Every point was checked on {texts} that its models had not seen.")
    found = words.format(texts=counted_texts(curve.n_checked))
    if curve.f1 is None and curve.accuracy is None:
        return _("{found} What twice as many would bring cannot be told.").format(found=found)
    return _("{found} The dashed part is a forecast for twice the labels.").format(found=found)
