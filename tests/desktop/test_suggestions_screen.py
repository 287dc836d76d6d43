import pytest
from PySide6.QtCore import Qt

from core.jobs import Job
from core.operations import suggest as suggesting
from core.operations.accept_suggestions import WithdrawRequest, withdraw_accepted
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.undo import undo
from core.storage.filters import InputFilter, count_inputs
from desktop.screens.suggestions.screen import (
    NO_MODEL,
    NOT_ASKED,
    SUGGESTED,
    SuggestionsScreen,
)
from desktop.theme.apply import apply_theme
from tests.core.fake_classifier import WordClassifier
from tests.desktop.fake_models import keep_model

TEXTS = [f"delivery 0.95 {i}" for i in range(4)] + [f"payment 0.60 {i}" for i in range(2)]


@pytest.fixture
def asked(labelled_session, monkeypatch):
    """60 labelled texts with a model, and 7 without a label: 4 sure, 2 unsure, 1 unlikely."""
    monkeypatch.setattr(suggesting, "load_model", lambda *_: WordClassifier())
    keep_model(labelled_session.app)
    add_texts(labelled_session.app, AddTextsRequest((*TEXTS, "praise 0.20"), ()), Job())
    return labelled_session


@pytest.fixture
def show(qtbot):
    def show(session):
        screen = SuggestionsScreen(session)
        qtbot.addWidget(screen)
        screen.resize(1064, 700)
        with qtbot.waitExposed(screen):
            screen.show()
        return screen

    return show


@pytest.fixture
def screen(qtbot, show, asked):
    screen = show(asked)
    screen.not_asked.ways[0].click()
    qtbot.waitUntil(lambda: screen.stack.currentIndex() == SUGGESTED)
    return screen


def figures(screen):
    panel = screen.panel
    return [part.value.text() for part in (panel.accepted, panel.to_read, panel.left)]


def unlabelled(screen):
    return count_inputs(screen.session.db, InputFilter(labelling="unlabelled"))


def row_of(screen, name):
    model = screen.table.rows
    row = model.names.index(name)
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_without_a_model_it_says_what_is_missing(qtbot, show, labelled_session):
    screen = show(labelled_session)
    assert screen.stack.currentIndex() == NO_MODEL
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.no_model.ways[1].click()
    assert asked.args == ["labelling"]


def test_before_a_model_was_asked_that_is_the_way_on(show, asked):
    screen = show(asked)
    assert screen.stack.currentIndex() == NOT_ASKED
    assert not screen.accept.isVisible()


def test_where_every_text_is_labelled_nothing_is_asked_and_that_is_said(qtbot, show, asked):
    annotate(asked.app, AnnotateRequest(InputFilter(), "delivery"), Job())
    screen = show(asked)
    way = screen.not_asked.ways[0]
    qtbot.waitUntil(lambda: not way.isEnabled())
    assert way.toolTip() == "Every one of these texts has a label or an answer."
    assert screen.footer.note() == way.toolTip()
    add_texts(asked.app, AddTextsRequest(("one more",)), Job())
    screen.look_again()
    qtbot.waitUntil(way.isEnabled)


def test_counts_are_shown_before_anything_is_written(screen):
    assert figures(screen) == ["4", "2", "1"]
    assert unlabelled(screen) == 7
    assert screen.accept.text() == "Accept 4 texts"
    assert screen.footer.note() == "Nothing is written before you accept."


def test_counts_follow_the_bounds_while_they_move(screen):
    screen.panel.accept.track.setValue(60)
    assert figures(screen) == ["6", "0", "1"]
    screen.panel.review.track.setValue(10)
    assert figures(screen) == ["6", "1", "0"]
    assert unlabelled(screen) == 7


def test_one_bound_pushes_the_other(screen):
    screen.panel.accept.track.setValue(30)
    assert (screen.panel.bounds.accept, screen.panel.bounds.review) == (0.3, 0.3)
    screen.panel.review.track.setValue(80)
    assert (screen.panel.bounds.accept, screen.panel.bounds.review) == (0.8, 0.8)


def test_a_concept_can_have_bounds_of_its_own_and_lose_them_again(qtbot, screen):
    screen.table.selectRow(screen.table.rows.names.index("payment"))
    assert screen.panel.concept == "payment"
    screen.panel.accept.track.setValue(55)
    assert figures(screen) == ["6", "0", "1"]
    assert row_of(screen, "payment")[1:4] == ["55\u202f%", "50\u202f%", "2"]
    assert row_of(screen, "delivery")[1] == "90\u202f%"
    screen.panel.like_all.click()
    assert figures(screen) == ["4", "2", "1"]


def test_accepting_labels_the_sure_ones_and_puts_up_the_others_for_reading(qtbot, screen):
    screen.accept.click()
    qtbot.waitUntil(lambda: screen.standing.n_to_read == 2)
    assert unlabelled(screen) == 3
    assert screen.read_on.text() == "Read 2 texts"
    qtbot.waitUntil(screen.read_on.isVisible)
    assert not screen.accept.isVisible()
    assert screen.read_words.text() == "Read: 0 of 2 (0\u202f%)"
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.read_on.click()
    assert asked.args == ["labelling"]
    assert len(screen.session.to_label.ids) == 2


def test_one_thing_is_begun_at_a_time(qtbot, screen):
    screen.ask.click()
    assert not screen.ask.isEnabled()
    assert screen.accept.toolTip() == screen.ask.toolTip() == "This is being done."
    qtbot.waitUntil(screen.ask.isEnabled)
    assert screen.accept.isEnabled()


def test_what_was_read_counts(qtbot, screen):
    screen.accept.click()
    qtbot.waitUntil(lambda: screen.standing.n_to_read == 2)
    annotate(screen.session.app, AnnotateRequest((65,), "payment"), Job())
    screen.look_again()
    qtbot.waitUntil(lambda: screen.standing.n_read == 1)
    assert screen.read_words.text() == "Read: 1 of 2 (50\u202f%)"


def test_accepted_labels_can_be_taken_back(qtbot, screen):
    screen.accept.click()
    qtbot.waitUntil(screen.take_back.isVisible)
    assert screen.take_back.text() == "Take back 4 texts"
    screen.take_back.click()
    qtbot.waitUntil(lambda: unlabelled(screen) == 7)
    qtbot.waitUntil(lambda: figures(screen) == ["4", "2", "1"])


def test_undo_takes_them_back_as_well(qtbot, screen):
    screen.accept.click()
    qtbot.waitUntil(screen.take_back.isVisible)
    undo(screen.session.app, Job())
    screen.look_again()
    qtbot.waitUntil(lambda: figures(screen) == ["4", "2", "1"])
    assert withdraw_accepted(screen.session.app, WithdrawRequest(), Job()).n_inputs == 0


def test_what_cannot_be_asked_is_said_above_the_page(qtbot, show, asked):
    annotate(asked.app, AnnotateRequest(InputFilter(), "praise"), Job())
    screen = show(asked)
    screen.ask_model()  # another window labelled the last text meanwhile
    qtbot.waitUntil(lambda: bool(screen.problem.text()))
    assert screen.problem.text().startswith("Every one of these texts has a label")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_drawn_in_both_themes(qapp, screen, theme):
    apply_theme(qapp, theme)
    assert not screen.grab().isNull()


def test_every_part_has_a_name(screen):
    assert screen.panel.accept.track.accessibleName() == "Accept from, 90\u202f%"
    assert screen.panel.accepted.accessibleName() == "4 texts are labelled"
    assert screen.table.accessibleName()
    assert screen.first_focus() is screen.panel.accept
    assert screen.table.focusPolicy() & Qt.FocusPolicy.TabFocus
