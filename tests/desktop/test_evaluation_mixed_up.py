import pytest
from PySide6.QtCore import Qt

from core.learning.marks import Cell, Outcome, Range, Together
from core.learning.scored import FILE
from desktop.screens.evaluate.curves_page import CurvesPage
from desktop.screens.evaluate.mixed_up_page import COUNTS, MEANS, SHARES, MixedUpPage
from desktop.screens.evaluate.state import EvaluationState
from tests.desktop.fake_models import a_report, keep_model, keep_scored_model


def shown(qtbot, session, page_class, **model):
    state = EvaluationState(session)
    state.show(*keep_scored_model(session.app, **model))
    page = page_class(state)
    qtbot.addWidget(page)
    page.resize(1064, 640)
    page.show()
    return page


@pytest.fixture
def mixed_up(qtbot, labelled_session):
    return shown(qtbot, labelled_session, MixedUpPage)


@pytest.fixture
def curves(qtbot, labelled_session):
    page = shown(qtbot, labelled_session, CurvesPage)
    qtbot.waitUntil(lambda: page._result is not None)
    return page


def values(view):
    return {mark.key: mark.words for mark in view.scene.marks}


def test_every_field_with_texts_can_be_chosen_and_leads_to_them(qtbot, mixed_up):
    confusion = mixed_up.state.report["confusion"]
    counted = {(i, j) for i, line in enumerate(confusion) for j, n in enumerate(line) if n}
    assert set(values(mixed_up.view)) == counted
    mixed_up.view.setFocus()
    with qtbot.waitSignal(mixed_up.state.mark_chosen) as told:
        qtbot.keyClick(mixed_up.view, Qt.Key.Key_Return)
    first = mixed_up.view.scene.marks[0].key
    assert told.args == [Cell(*(mixed_up.state.names[place] for place in first))]


def test_the_pairs_that_are_mixed_up_most_come_first_and_open_their_texts(qtbot, mixed_up):
    counts = [n for _said, _answered, n in mixed_up.pairs.rows.pairs]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == sum(
        n for i, line in enumerate(mixed_up.state.report["confusion"]) for j, n in enumerate(line)
        if i != j
    )  # fmt: skip
    said, answered, _n = mixed_up.pairs.rows.pairs[0]
    with qtbot.waitSignal(mixed_up.state.mark_chosen) as told:
        mixed_up.pairs.row_opened.emit(0)
    assert told.args == [Cell(said, answered)]


def test_shares_and_mean_probabilities_can_stand_in_the_fields(qtbot, mixed_up):
    mixed_up.mode.set_value(SHARES)
    assert "80.0\u202f%" in values(mixed_up.view)[0, 0]
    mixed_up.mode.set_value(MEANS)
    qtbot.waitUntil(lambda: len(values(mixed_up.view)) == 9)
    assert "mean probability" in values(mixed_up.view)[0, 2]
    mixed_up.mode.set_value(COUNTS)
    assert "16 texts" in values(mixed_up.view)[0, 0]


def test_the_matrix_before_stands_beside_the_one_of_now(qtbot, mixed_up):
    before = keep_model(
        mixed_up.state.session.app, a_report(((10, 10, 0), (0, 20, 0), (0, 0, 20)))
    )[1]
    mixed_up.state.show(mixed_up.state.version, mixed_up.state.evaluation, before)
    assert values(mixed_up.view)[0, 1].endswith("(before: 10)")


def test_where_texts_have_several_concepts_it_tells_which_occur_together(qtbot, labelled_session):
    page = shown(qtbot, labelled_session, MixedUpPage, is_exclusive=False)
    qtbot.waitUntil(lambda: bool(page.view.scene.marks))
    assert "together: 20 texts" in values(page.view)[0, 0]
    assert page._side.isHidden()
    with qtbot.waitSignal(page.state.mark_chosen) as told:
        page._choose((0, 0))
    assert told.args == [Together("delivery", "delivery")]


def test_without_kept_texts_it_says_why_there_is_no_matrix(qtbot, labelled_session):
    page = shown(qtbot, labelled_session, MixedUpPage)
    page.state.show(*keep_model(labelled_session.app, model="Old"))
    page.mode.set_value(MEANS)
    page.look()
    assert "Evaluate again" in page.meaning.text()


def test_a_damaged_file_is_told_on_the_page_and_not_in_a_box(qtbot, labelled_session):
    version, evaluation = keep_scored_model(labelled_session.app, is_exclusive=False)
    (labelled_session.app.evaluations / evaluation.folder / FILE).write_bytes(b"")
    state = EvaluationState(labelled_session)
    state.show(version, evaluation)
    page = MixedUpPage(state)
    qtbot.addWidget(page)
    page.look()
    qtbot.waitUntil(lambda: "Evaluate again" in page.meaning.text())


def test_a_mark_chosen_elsewhere_is_shown_in_the_matrix(mixed_up):
    mixed_up.state.choose(Cell("payment", "praise"))
    assert mixed_up.view._chosen == (1, 2)
    mixed_up.state.choose(Outcome("payment", "wrong"))
    assert mixed_up.view._chosen is None


def test_the_four_curves_are_of_all_concepts_and_then_of_one(qtbot, curves):
    assert all(chart.scene.marks for chart in curves.charts)
    curves.concept.setCurrentText("payment")
    qtbot.waitUntil(lambda: "payment" in curves.roc.scene.name)
    n_carrying = sum(curves._result.histogram.right)
    assert n_carrying == 20


def test_bars_bins_and_dots_lead_to_their_texts(qtbot, curves):
    curves.concept.setCurrentText("payment")
    qtbot.waitUntil(lambda: "payment" in curves.roc.scene.name)
    for chart, is_right in ((curves.histogram, {True, False}), (curves.reliability, {None})):
        found = set()
        for mark in chart.scene.marks:
            with qtbot.waitSignal(curves.state.mark_chosen) as told:
                chart.mark_chosen.emit(mark.key)
            assert isinstance(told.args[0], Range)
            assert told.args[0].concept == "payment"
            found.add(told.args[0].is_right)
        assert found <= is_right
    mark = curves.precision.scene.marks[0]
    with qtbot.waitSignal(curves.state.mark_chosen) as told:
        curves.precision.mark_chosen.emit(mark.key)
    assert told.args[0].high == 1.0


def test_an_evaluation_without_kept_texts_says_what_to_do(qtbot, curves):
    curves.state.show(*keep_model(curves.state.session.app, model="Old"))
    qtbot.waitUntil(lambda: not curves.problem.isHidden())
    assert "Evaluate again" in curves.problem.text()


def test_narrow_windows_set_the_curves_below_one_another(curves):
    curves.resize(600, 900)
    places = [curves._grid.getItemPosition(curves._grid.indexOf(b))[:2] for b in curves._blocks]
    assert places == [(0, 0), (1, 0), (2, 0), (3, 0)]
