import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from core.errors import DiskFullError
from core.operations.neighbours import Neighbour
from core.operations.try_text import TryRequest, TryResult
from core.records import Prediction
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from desktop.screens.try_text.screen import ANSWER, HINT, PAUSE_MS, PROBLEM, TryTextScreen
from tests.desktop.fake_models import keep_model

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

NEAR = (
    Neighbour("parcel number 3 has not arrived, where is it?", ("delivery",), 0.91),
    Neighbour("لم تصل بطاقتي الجديدة حتى الآن", ("delivery", "praise"), 0.79),
)


def a_result(*probabilities, chosen=("delivery",), is_exclusive=True):
    names = ("delivery", "payment", "praise")
    predictions = tuple(map(Prediction, names, probabilities or (0.962, 0.036, 0.002)))
    return TryResult(predictions, chosen, NEAR, is_exclusive, elapsed_ms=21.3)


@pytest.fixture
def asked(monkeypatch):
    """Answer without a model; return the requests that came, and hold the next result."""

    class Asked(list):
        result = a_result()

    asked = Asked()

    def fake_try_text(app, request, job):
        asked.append(request)
        if isinstance(asked.result, Exception):
            raise asked.result
        return asked.result

    monkeypatch.setattr("desktop.screens.try_text.screen.try_text", fake_try_text)
    return asked


@pytest.fixture
def screen(qtbot, labelled_session, asked):
    keep_model(labelled_session.app)
    return shown(qtbot, labelled_session)


def shown(qtbot, session):
    screen = TryTextScreen(session)
    qtbot.addWidget(screen)
    screen.resize(1064, 748)
    screen.show()
    return screen


def ask(qtbot, screen, text):
    screen.well.set_value(text)
    qtbot.waitUntil(lambda: screen._task is not None and screen._task.is_over)


def added(session):
    """Return the texts that were added after the first 60, with the names of their concepts."""
    names = dict(session.db.execute("SELECT id, name FROM concepts").fetchall())
    ids = list_input_ids(session.db, InputFilter())[60:]
    return [
        (one.text, [names[i] for i in one.positive], [names[i] for i in one.negative])
        for one in get_inputs(session.db, ids)
    ]


def test_without_a_model_it_leads_to_train(qtbot, labelled_session):
    screen = shown(qtbot, labelled_session)
    assert not screen.next.isEnabled()
    with qtbot.waitSignal(screen.asked_for) as asked_for:
        screen.first_focus().click()
    assert asked_for.args == ["train"]


def test_the_field_has_the_first_focus_and_the_answer_comes_by_itself(qtbot, screen, asked):
    assert screen.first_focus() is screen.well.edit
    assert screen.side.currentIndex() == HINT
    qtbot.keyClicks(screen.well.edit, "Where is it?")
    qtbot.waitUntil(lambda: screen.side.currentIndex() == ANSWER)
    assert asked == [TryRequest("Letters 1", "Where is it?", 1)]
    assert screen.answer.title.text() == "delivery"
    assert screen.answer.sure.text() == "The model is 96.2\u202f% sure."
    assert screen.answer.time.text() == "Answered in 21 ms"
    assert [row.accessibleName() for row in screen.near.rows] == [
        "parcel number 3 has not arrived, where is it?, 91\u202f% alike",
        "لم تصل بطاقتي الجديدة حتى الآن, 79\u202f% alike",
    ]


def test_nothing_is_asked_before_a_pause(qtbot, screen, asked):
    screen.well.set_value("Wh")
    assert screen._pause.isActive()
    assert screen._pause.interval() == PAUSE_MS == 300
    assert asked == []


def test_the_old_answer_stays_fainter_until_the_new_one_comes(qtbot, screen, asked):
    ask(qtbot, screen, "Where is it?")
    screen.well.set_value("Where is my parcel?")
    assert screen.side.currentIndex() == ANSWER
    assert screen.answer.title.text() == "delivery"
    assert screen.answer._words.graphicsEffect().opacity() == 0.6
    assert not screen.feedback.isEnabled()
    asked.result = a_result(0.1, 0.9, 0.0, chosen=("payment",))
    qtbot.waitUntil(lambda: len(asked) == 2)
    qtbot.waitUntil(lambda: screen.answer.title.text() == "payment")
    assert screen.answer._words.graphicsEffect() is None
    assert screen.feedback.isEnabled()


def test_a_newer_text_stops_the_older_question(qtbot, screen, asked):
    screen.well.set_value("one")
    screen._ask()
    older = screen._task
    screen.well.set_value("two")
    screen._ask()
    assert older.is_over
    qtbot.waitUntil(lambda: screen._task.is_over)
    assert [request.text for request in asked] == ["two"]


def test_clearing_the_field_forgets_the_answer_and_offers_examples(qtbot, screen):
    ask(qtbot, screen, "Where is it?")
    assert screen.examples.isHidden()
    assert screen.well.count.text() == "12 characters"
    screen.well.clear.click()
    assert screen.side.currentIndex() == HINT
    assert screen.near.isHidden()
    assert len(screen.examples.rows) == 3


def test_an_example_is_tried_by_pressing_it(qtbot, screen, asked):
    assert {row.value.split()[0] for row in screen.examples.rows} == {"parcel", "I", "Thank"}
    value = screen.examples.rows[0].value
    screen.examples.rows[0].click()
    qtbot.waitUntil(lambda: screen.side.currentIndex() == ANSWER)
    assert screen.well.value() == asked[0].text == value


def test_a_copied_text_can_be_pasted(qtbot, screen, asked):
    QGuiApplication.clipboard().setText("Where is\nit?")
    screen.well.paste.click()
    assert screen.well.value() == "Where is\nit?"


def test_a_text_is_set_in_the_direction_of_its_own_letters(screen):
    directions = Qt.LayoutDirection
    for text, direction in (("Hello", directions.LeftToRight), ("مرحبا", directions.RightToLeft)):
        screen.well.set_value(text)
        assert screen.well.edit.document().firstBlock().textDirection() == direction


def test_none_of_the_concepts_is_said_in_words_with_the_bars_still_shown(qtbot, screen, asked):
    asked.result = a_result(0.3, 0.2, 0.1, chosen=(), is_exclusive=False)
    ask(qtbot, screen, "Good morning")
    assert screen.answer.title.text() == "None of your concepts"
    assert screen.answer.sure.text() == "The likeliest one has 30.0\u202f%."
    assert len(screen.answer.bars.answers) == 3
    assert screen.answer.bars.threshold == 0.5


def test_a_confirmed_answer_is_added_with_its_concept(qtbot, screen, labelled_session):
    ask(qtbot, screen, "Where is it?")
    screen.feedback.yes.click()
    assert added(labelled_session) == [("Where is it?", ["delivery"], [])]
    assert screen.feedback.thanks.isVisible()
    assert screen.feedback.question.isHidden()


def test_confirming_none_says_so_of_every_concept(qtbot, screen, labelled_session, asked):
    asked.result = a_result(0.3, 0.2, 0.1, chosen=())
    ask(qtbot, screen, "Good morning")
    screen.feedback.yes.click()
    assert added(labelled_session) == [("Good morning", [], ["delivery", "payment", "praise"])]


def test_a_wrong_answer_is_corrected_by_choosing_another_concept(qtbot, screen, labelled_session):
    ask(qtbot, screen, "Where is it?")
    screen.feedback.no.click()
    assert screen.feedback.picker.offered() == ["payment", "praise"]
    qtbot.keyClicks(screen.feedback.picker.search, "pra")
    qtbot.keyClick(screen.feedback.picker.search, Qt.Key.Key_Return)
    assert added(labelled_session) == [("Where is it?", ["praise"], [])]


def test_of_several_concepts_the_wrong_ones_are_taken_off(qtbot, screen, labelled_session, asked):
    asked.result = a_result(0.9, 0.7, 0.1, chosen=("delivery", "payment"), is_exclusive=False)
    ask(qtbot, screen, "Where is it?")
    assert screen.answer.sure.text() == "2 concepts count."
    screen.feedback.no.click()
    screen.feedback._take_off("payment")
    screen.feedback.picker.picked.emit("praise")
    screen.feedback.add.click()
    assert added(labelled_session) == [("Where is it?", ["delivery", "praise"], ["payment"])]


def test_an_older_version_can_be_asked(qtbot, screen, labelled_session, asked):
    keep_model(labelled_session.app)
    screen.look_again()
    ask(qtbot, screen, "Where is it?")
    screen.versions.setCurrentIndex(1)
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert [request.number for request in asked] == [2, 1]


def test_a_failure_is_said_where_the_answer_would_stand(qtbot, screen, asked):
    asked.result = DiskFullError()
    ask(qtbot, screen, "Where is it?")
    assert screen.side.currentIndex() == PROBLEM
    asked.result = a_result()
    ask(qtbot, screen, "Where is my parcel?")
    qtbot.waitUntil(lambda: screen.side.currentIndex() == ANSWER)


def test_only_the_likeliest_answers_are_shown_at_first(qtbot, screen, asked):
    predictions = tuple(Prediction(f"concept {i}", 0.9**i / 10) for i in range(20))
    asked.result = TryResult(predictions, ("concept 0",), (), is_exclusive=True, elapsed_ms=3)
    ask(qtbot, screen, "Where is it?")
    assert len(screen.answer.bars.answers) == 5
    screen.answer.more.click()
    assert len(screen.answer.bars.answers) == 20
