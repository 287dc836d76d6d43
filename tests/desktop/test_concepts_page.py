"""Concepts by thresholds that are tried: numbers that follow, counts that lead to their texts."""

import pytest
from PySide6.QtCore import Qt

from core.learning.marks import Outcome
from core.operations import scoring
from desktop.screens.evaluate.concept_columns import COLUMNS, NAME
from desktop.screens.evaluate.concepts_page import ConceptsPage
from desktop.screens.evaluate.state import EvaluationState
from tests.desktop.fake_models import (
    NAMES,
    a_report,
    keep_evaluation,
    keep_model,
    keep_scored_model,
)

THIN = "\u202f"
PLACES = {column.key: place for place, column in enumerate(COLUMNS)}


@pytest.fixture
def opened(qtbot, labelled_session):
    def opened(version, evaluation):
        state = EvaluationState(labelled_session)
        page = ConceptsPage(state)
        state.show(version, evaluation)
        qtbot.addWidget(page)
        page.resize(1100, 700)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        return page

    return opened


@pytest.fixture
def page(labelled_session, opened):
    return opened(*keep_scored_model(labelled_session.app))


@pytest.fixture
def several(labelled_session, opened):
    return opened(*keep_scored_model(labelled_session.app, is_exclusive=False))


def shown(page, key):
    """Return a column of the table as it is shown."""
    rows = page.table.rows
    return [rows.index(row, PLACES[key]).data() for row in range(rows.count())]


def names(page):
    return shown(page, "name")


def follow(qtbot, page, act):
    """Do something that moves thresholds, and wait until the numbers have followed."""
    with qtbot.waitSignal(page.state.rescored):
        act()


def test_the_usual_threshold_is_told_in_words(page):
    words = "Every text gets its most probable concept; none is left to a person."
    assert page.meaning.text() == words
    assert [figure.value for figure in page.figures.figures[:2]] == [
        f"80.0{THIN}%",
        f"100.0{THIN}%",
    ]
    assert page.figures.figures[0].interval.startswith(f"95{THIN}% interval ")


def test_every_number_follows_the_slider(qtbot, page):
    follow(qtbot, page, lambda: page.slider.track.setValue(80))
    report = page.state.report
    n_left = 60 - round(report["decided_share"] * 60)
    assert 0 < n_left < 60
    words = f"An answer below 80{THIN}% is left to a person: {n_left} of 60 texts."
    assert page.meaning.text() == words
    assert page.figures.figures[0].interval == ""  # while it moves
    assert set(shown(page, "threshold")) == {f"80{THIN}%"}
    told = {record["name"]: record for record in report["concepts"]}
    assert shown(page, "fn") == [str(told[name]["fn"]) for name in names(page)]
    follow(qtbot, page, lambda: None)  # at rest
    assert page.figures.figures[0].interval != ""


def test_rows_stay_while_the_slider_moves_and_are_sorted_again_at_rest(qtbot, page):
    page.table.horizontalHeader().sectionClicked.emit(PLACES["fn"])
    before = names(page)
    moved = before[-1]  # from nothing missed to everything
    page.table.setCurrentIndex(page.table.rows.index(2, NAME))
    follow(qtbot, page, lambda: page.state.try_thresholds({moved: 0.99}))
    assert names(page) == before
    follow(qtbot, page, lambda: None)
    assert names(page)[0] == moved
    assert page.table.concept == moved
    assert page.table.selected_rows() == [0]


def test_a_concept_has_a_threshold_of_its_own(qtbot, page):
    page.table.setCurrentIndex(page.table.rows.index(1, NAME))
    concept = page.table.concept
    assert page.own.name.text() == concept
    follow(qtbot, page, lambda: page.own.slider.track.setValue(99))
    assert page.state.thresholds[concept] == 0.99
    assert page.own.words.text() == "Never the answer: all its 20 texts are missed."
    assert page.slider.track.accessibleName() == "An answer counts from, different values"
    assert page.meaning.text().startswith(
        "An answer below its concept's own threshold is left to a person: "
    )
    assert page.silent.text() == f"1 concept is never the answer: {concept}"
    follow(qtbot, page, page.back.click)
    assert set(page.state.thresholds.values()) == {0.0}
    assert page.silent.text() == ""


def test_several_concepts_per_text_count_from_a_half_on(qtbot, several):
    assert several.slider.share == 0.5
    assert several.title.text() == "A concept counts from"
    assert several.meaning.text().startswith(f"A concept counts from 50{THIN}% on. Without any ")
    follow(qtbot, several, lambda: several.slider.track.setValue(0))
    assert several.meaning.text() == "Every concept counts for every text."
    follow(qtbot, several, several.back.click)
    assert set(several.state.thresholds.values()) == {0.5}


def test_any_column_sorts_either_way_by_pointer_and_by_keys(qtbot, page):
    heads = page.table.horizontalHeader()
    for place, column in enumerate(COLUMNS):
        heads.sectionClicked.emit(place)
        one = shown(page, column.key)
        heads.sectionClicked.emit(place)
        assert shown(page, column.key) == one[::-1] or len(set(one)) < len(one)
    heads.sectionClicked.emit(NAME)
    heads.setFocus()
    qtbot.keyClick(heads, Qt.Key.Key_Left)  # the last one
    qtbot.keyClick(heads, Qt.Key.Key_Right)
    qtbot.keyClick(heads, Qt.Key.Key_Space)
    assert names(page) == sorted(NAMES, reverse=True)
    assert page.table.rows.headerData(NAME, Qt.Orientation.Horizontal) == "Concept ↓"


def test_a_count_leads_to_its_texts_by_pointer_and_by_keys(qtbot, page):
    table, state = page.table, page.state
    index = table.rows.index(0, PLACES["fn"])
    concept = names(page)[0]
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center()
    )
    assert state.mark == Outcome(concept, "missed")
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert state.mark == Outcome(concept, "wrong")
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == f"Missed {index.data()}"


def test_enter_on_a_name_leads_to_its_own_slider(qtbot, page):
    page.table.setFocus()
    page.table.setCurrentIndex(page.table.rows.index(0, NAME))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.own.slider.track.hasFocus()


def test_a_count_of_nothing_leads_nowhere(qtbot, page):
    follow(qtbot, page, lambda: page.slider.track.setValue(100))
    index = page.table.rows.index(0, PLACES["tp"])
    assert index.data() == "0"
    page.table.clicked.emit(index)
    assert page.state.mark is None


def test_what_is_not_known_says_why_and_stands_last(labelled_session, opened):
    version, _evaluation = keep_model(labelled_session.app)
    report = a_report([[20, 0, 0], [0, 20, 0], [20, 0, 0]])
    page = opened(version, keep_evaluation(labelled_session.app, version, report))
    heads = page.table.horizontalHeader()
    for _way in range(2):
        heads.sectionClicked.emit(PLACES["precision"])
        assert shown(page, "precision")[-1] == "–"
    index = page.table.rows.index(2, PLACES["precision"])
    aloud = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert aloud == "Precision: not known, as no text got it"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Not known, as no text got it"
    assert page.silent.text() == "1 concept is never the answer: praise"


def test_without_kept_texts_nothing_can_be_tried(labelled_session, opened):
    page = opened(*keep_model(labelled_session.app))
    assert page.meaning.text() == (
        "Evaluate again to try other thresholds: what was said is not kept."
    )
    assert not page.slider.isEnabled()
    assert not page.keep.isEnabled()
    index = page.table.rows.index(0, PLACES["tp"])
    page.table.clicked.emit(index)
    assert page.state.mark is None


def test_texts_that_were_lost_are_told_of(qtbot, page):
    for file in (page.state.session.app.evaluations / page.state.evaluation.folder).iterdir():
        file.unlink()
    scoring._scored.cache_clear()
    with qtbot.waitSignal(page.state.refused):
        page.slider.track.setValue(70)
    assert page.meaning.text() == (
        "What the model said of each text is not kept for this evaluation. "
        "Evaluate again to see the texts behind the numbers."
    )


@pytest.mark.parametrize(
    ("width", "left_out"),
    [
        (1300, set()),
        (1000, {"average_precision"}),
        (620, {"average_precision", "roc_auc", "n_predicted", "n_positive", "threshold"}),
    ],
)
def test_narrow_windows_leave_out_the_least_important(qtbot, page, width, left_out):
    page.resize(width, 700)
    hidden = {c.key for i, c in enumerate(COLUMNS) if page.table.isColumnHidden(i)}
    assert hidden == left_out
    assert not page.table.isColumnHidden(PLACES["f1"])


def test_keys_skip_heads_that_are_left_out(qtbot, page):
    page.resize(620, 700)
    heads = page.table.horizontalHeader()
    heads.setFocus()
    qtbot.keyClick(heads, Qt.Key.Key_Right)  # found, next to the name
    qtbot.keyClick(heads, Qt.Key.Key_Space)
    assert page.table.rows.sorted_by == PLACES["tp"]
