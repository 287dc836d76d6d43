import pytest

from core.changes import Changes
from core.learning.advice import Advice, Kind
from core.learning.extrapolation import Forecast
from core.learning.growth import CurvePoint, LearningCurve
from core.learning.intervals import Estimate
from core.learning.marks import Cell, Outcome
from core.operations.learning_curve import LearningCurveResult
from core.storage.database import transaction
from core.storage.learning_curves import add_learning_curve
from desktop.screens.evaluate.advice_list import AdviceList
from desktop.screens.evaluate.more_labels_page import MoreLabelsPage
from desktop.screens.evaluate.state import EvaluationState
from tests.desktop.fake_models import keep_scored_model


def a_curve(*, is_told=True):
    def at(value):
        return Estimate(value, value - 0.03, value + 0.02)

    points = tuple(
        CurvePoint(i / 4, 15 * i, 3, at(0.6 + 0.05 * i), at(0.65 + 0.05 * i)) for i in range(1, 5)
    )
    told = Forecast(120, at(0.85), at(0.05)) if is_told else None
    return LearningCurve(points, 60, 60, 5, told, told)


@pytest.fixture
def page(qtbot, labelled_session, monkeypatch):
    def measure(app, request, job):
        job.report("Learning from parts of the texts", 1, 4)
        with app.database() as db, transaction(db):
            add_learning_curve(db, 1, a_curve().to_json())
        return LearningCurveResult(a_curve(), (), Changes.MODELS)

    monkeypatch.setattr("desktop.screens.evaluate.more_labels_page.measure_learning_curve", measure)
    state = EvaluationState(labelled_session)
    state.show(*keep_scored_model(labelled_session.app))
    page = MoreLabelsPage(state)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    qtbot.waitUntil(lambda: not page._asking.is_waiting)
    return page


def test_before_anything_is_measured_it_says_what_measuring_takes(page):
    assert page.measure.text() == "Measure"
    assert "(49\u202fs)" in page.note.text() or "(49 s)" in page.note.text()
    assert page._chart_part.isHidden()


def test_a_measured_curve_is_drawn_with_its_forecast(qtbot, page):
    page.measure.click()
    assert not page.measure.isEnabled()
    qtbot.waitUntil(lambda: page._curve is not None)
    assert [mark.key for mark in page.chart.scene.marks] == [15, 30, 45, 60, 120]
    assert "forecast for twice the labels" in page.note.text()
    assert (page.measure.text(), page.measure.isEnabled()) == ("Measure again", True)
    f1 = page.chart.scene.table.rows
    page.score.set_value(1)
    assert page.chart.scene.table.rows != f1


def test_where_nothing_can_be_told_it_says_so(page):
    page._show(LearningCurveResult(a_curve(is_told=False), ()))
    assert "cannot be told" in page.note.text()
    assert [mark.key for mark in page.chart.scene.marks] == [15, 30, 45, 60]


def test_advice_leads_to_the_texts_behind_it(qtbot):
    advice = AdviceList()
    qtbot.addWidget(advice)
    advice.set_advice(
        (
            Advice(Kind.NEEDS_TEXTS, "“a” needs texts.", ("a",), {}, (("a", ""), ("", "a"))),
            Advice(Kind.MIXED_UP, "Mixed up.", ("a", "b"), {}, (("a", "b"), ("b", "gone"))),
        ),
        ("a", "b"),
    )
    marks = [mark for mark, _link in advice.links]
    assert marks == [Outcome("a", "missed"), Outcome("a", "wrong"), Cell("a", "b")]
    for mark, link in advice.links:
        with qtbot.waitSignal(advice.mark_chosen) as told:
            link.click()
        assert told.args == [mark]


def test_without_advice_it_says_that_nothing_stands_out(qtbot, page):
    page._show(LearningCurveResult(None, ()))
    assert page.advice.links == []
    assert page._chart_part.isHidden()
