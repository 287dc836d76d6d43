"""The error budget in the window: asked in a sentence, answered honestly, kept and forgotten."""

import pytest
from PySide6.QtCore import Qt

from core.jobs import Job
from core.learning.marks import Outcome
from core.operations.error_budget import find_thresholds
from core.storage.models import get_model_version
from desktop.screens.evaluate.automatic_page import AutomaticPage
from desktop.screens.evaluate.concept_columns import DECIDED, NAME
from desktop.screens.evaluate.concepts_page import ConceptsPage
from desktop.screens.evaluate.state import EvaluationState
from tests.desktop.fake_models import keep_model, keep_scored_model

THIN = "\u202f"
PLACES = {column.key: place for place, column in enumerate(DECIDED)}
EASY, LAXER, HARD = 0.2, 0.3, 0.1  # what 60 texts can and cannot prove
HOW = {"n_wrong": 4, "doubt": 1.5}


@pytest.fixture
def opened(qtbot, labelled_session):
    def opened(version, evaluation, *, share=EASY):
        state = EvaluationState(labelled_session)
        page = AutomaticPage(state)
        page.form.set_tolerated(share)
        state.show(version, evaluation)
        qtbot.addWidget(page)
        page.resize(1100, 900)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        return page

    return opened


@pytest.fixture
def page(qtbot, labelled_session, opened):
    page = opened(*keep_scored_model(labelled_session.app, **HOW))
    qtbot.waitUntil(lambda: page.result is not None)
    return page


def kept(page):
    return get_model_version(page.state.session.db, page.state.version.id).thresholds


def answered(qtbot, page, act):
    """Do something that asks anew, and wait for the answer."""
    before = page.result
    act()
    qtbot.waitUntil(lambda: page.result is not before and page.result is not None)
    return page.result


def test_until_thresholds_are_found_no_sign_and_no_empty_figure_stands_there(
    qtbot, labelled_session
):
    page = AutomaticPage(EvaluationState(labelled_session))
    qtbot.addWidget(page)
    assert page._sign.isHidden()
    assert page.figures.isHidden()
    assert page._parts.isHidden()


def test_the_answer_is_the_engines_to_the_digit(page):
    request = page.form.request(page.state.version, page.state.evaluation)
    found = find_thresholds(page.state.session.app, request, Job())
    assert page.words.text() == found.words
    assert page.result.budget == found.budget
    assert found.budget.is_kept
    assert page.form.tolerated.text() == f"20{THIN}%"
    figures, budget = page.figures, found.budget
    assert figures.wrong.value == f"{100 * budget.wrong.value:.1f}{THIN}%"
    assert figures.wrong.interval.startswith(f"95{THIN}% interval ")
    assert "57 texts that the model had not seen" in page.found_on.text()


def test_counts_in_the_figures_are_those_of_the_sentence(page):
    for figure in (page.figures.decided, page.figures.left):
        assert figure.interval.removesuffix(" texts") in page.words.text()
    assert page.figures.time.value.removesuffix(" h") in page.words.text()


def test_every_field_asks_anew_and_only_a_newer_answer_counts(qtbot, page):
    page.form.n_texts.setValue(500)
    result = answered(qtbot, page, lambda: page.form.n_texts.setValue(2_000))
    assert result.n_texts == 2_000
    hours = result.hours
    assert answered(qtbot, page, lambda: page.form.seconds.setValue(60)).hours == 2 * hours
    result = answered(qtbot, page, lambda: page.form.set_tolerated(LAXER))
    assert result.budget.tolerated_share == LAXER


def test_a_budget_that_cannot_be_kept_says_how_many_texts_it_takes(qtbot, page):
    result = answered(qtbot, page, lambda: page.form.set_tolerated(HARD))
    assert not result.budget.is_kept
    assert page.words.text() == result.words
    assert "It would take about" in page.words.text()
    assert page.figures.isHidden()
    assert not page.use.isEnabled()
    assert page.in_use.text() == "Predictions give every text its most probable concept."
    assert page.chart.isVisible()


def test_nothing_is_kept_while_another_answer_is_on_its_way(qtbot, page):
    assert page.use.isEnabled()

    def tolerate_more():
        page.form.set_tolerated(LAXER)
        assert not page.use.isEnabled()
        assert page.in_use.text() == "Finding thresholds…"

    answered(qtbot, page, tolerate_more)
    assert page.use.isEnabled()


def test_thresholds_are_used_and_forgotten(qtbot, page):
    assert (page.use.isEnabled(), page.forget.isEnabled()) == (True, False)
    page.use.click()
    assert kept(page) == page.result.thresholds
    assert kept(page).tolerated_share == EASY
    assert page.in_use.text() == "Predictions use these thresholds."
    assert (page.use.isEnabled(), page.forget.isEnabled()) == (False, True)
    answered(qtbot, page, lambda: page.form.set_tolerated(LAXER))
    assert page.in_use.text() == f"Predictions use those found for at most 20{THIN}% wrong."
    page.forget.click()
    assert kept(page).concepts == {}
    assert page.in_use.text() == "Predictions give every text its most probable concept."


def test_the_page_begins_with_what_the_version_tolerates(qtbot, page, opened):
    answered(qtbot, page, lambda: page.form.set_tolerated(LAXER))
    page.use.click()
    again = opened(page.state.version, page.state.evaluation)
    assert again.form.tolerated_share == LAXER


def test_the_page_of_concepts_knows_what_is_in_use(qtbot, page):
    concepts = ConceptsPage(page.state)
    qtbot.addWidget(concepts)
    concepts.show()
    page.use.click()
    assert concepts.in_use.text() == f"Predictions use those found for at most 20{THIN}% wrong."
    page.state.try_thresholds(page.result.budget.thresholds)
    with qtbot.waitSignal(page.state.rescored):
        pass
    assert concepts.in_use.text() == "Predictions use these thresholds."
    assert not concepts.keep.isEnabled()


def test_thresholds_tried_by_hand_are_kept_and_the_usual_ones_as_none(qtbot, page):
    concepts = ConceptsPage(page.state)
    qtbot.addWidget(concepts)
    concepts.show()
    with qtbot.waitSignal(page.state.rescored):
        concepts.slider.track.setValue(70)
    concepts.keep.click()
    assert kept(page).concepts == dict.fromkeys(page.state.names, 0.7)
    assert kept(page).tolerated_share is None
    with qtbot.waitSignal(page.state.rescored):
        concepts.back.click()
    assert concepts.in_use.text() == "Predictions use those that were kept before."
    concepts.keep.click()
    assert kept(page).concepts == {}


def test_a_count_and_a_row_lead_to_texts_by_these_thresholds(qtbot, page):
    table, state = page.table, page.state
    index = table.rows.index(0, PLACES["n_missed"])
    assert index.data() != "0"
    at = table.visualRect(index).center()
    for press in (qtbot.mouseClick, qtbot.mouseDClick):
        press(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    name = table.rows.records[0]["name"]
    assert state.mark == Outcome(name, "missed")
    assert state.thresholds == page.result.budget.thresholds
    table.setCurrentIndex(table.rows.index(0, NAME))
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    kind = "wrong" if table.rows.records[0]["n_wrong"] else "found"
    assert state.mark == Outcome(name, kind)


def test_a_dot_of_the_chart_tolerates_what_it_takes(qtbot, page):
    step = page.result.budget.curve[-1]
    answered(qtbot, page, lambda: page.chart.mark_chosen.emit(step.strictness))
    assert page.form.tolerated_share >= round(step.wrong.high, 3)
    assert page.form.tolerated_share < step.wrong.high + 0.002


def test_without_kept_texts_it_says_what_to_do(labelled_session, opened):
    page = opened(*keep_model(labelled_session.app))
    assert page.words.text() == "Evaluate again: what was said of each text is not kept."
    assert not page.use.isEnabled()
    assert page.table.isHidden() or not page.table.isVisible()


def test_several_concepts_per_text_have_a_budget_too(qtbot, labelled_session, opened):
    page = opened(*keep_scored_model(labelled_session.app, **HOW, is_exclusive=False))
    qtbot.waitUntil(lambda: page.result is not None)
    assert not page.result.budget.is_exclusive
    assert page.words.text() == page.result.words
