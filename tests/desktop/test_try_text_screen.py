from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from core.changes import Changes
from core.errors import DiskFullError
from core.learning.explaining import Doubt, Explanation, WordSpan
from core.operations.explain import ExplainResult
from core.operations.neighbours import Neighbour
from core.operations.try_text import TryRequest, TryResult
from core.records import Prediction
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from desktop.screens.try_text.marks import marks_of
from desktop.screens.try_text.screen import ANSWER, HINT, PAUSE_MS, PROBLEM, TryTextScreen
from desktop.widgets.highlight_edit import HighlightEdit
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


def explained(text, *words, doubt=Doubt.NONE, left=0.04):
    """Return an explanation that names words of the text, the weightiest first."""
    top = tuple(
        WordSpan(text.index(word), text.index(word) + len(word), 4.0 - i)
        for i, word in enumerate(words)
    )
    return Explanation(top, top, doubt, doubt is Doubt.NONE, 0.96, left, 0.95, 5.0, 0.1)


@pytest.fixture(autouse=True)
def asked_why(monkeypatch):
    """Explain without a model; return the requests that came, and hold what is explained."""

    class Asked(list):
        words, doubt, error, left = ("Where",), Doubt.NONE, None, 0.04

    asked = Asked()

    def fake_explain(app, request, job):
        asked.append(request)
        job.report("Reading texts")
        if asked.error:
            raise asked.error
        text = request.text.strip()
        words = [word for word in asked.words if word in text]
        found = explained(text, *words, doubt=asked.doubt, left=asked.left)
        return ExplainResult(text, ("delivery",), Prediction(request.concept, 0.96), found, ())

    monkeypatch.setattr("desktop.screens.try_text.why.explain", fake_explain)
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


def test_no_empty_list_of_near_texts_is_shown_before_something_is_typed(qtbot, screen):
    assert screen.near.isHidden()
    ask(qtbot, screen, "Where is it?")
    screen.session.changed.emit(Changes.MODELS)
    assert not screen.near.isHidden()


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


def test_a_text_left_for_a_person_says_why_and_asks_what_it_is_about(
    qtbot, screen, labelled_session, asked
):
    kept = {"counts_from": (0.97, 0.01, 0.5), "needs_person": True}
    asked.result = replace(a_result(chosen=()), **kept)
    ask(qtbot, screen, "Where is it?")
    assert screen.answer.head.text() == "Not decided automatically"
    assert screen.answer.title.text() == "Left for a person"
    words = "“delivery” is the likeliest with 96.2\u202f%; to count it needs 97.0\u202f%."
    assert screen.answer.sure.text() == words
    assert [one.counts_from for one in screen.answer.bars.answers] == [0.97, 0.01, 0.5]
    assert screen.feedback.yes.isHidden()
    screen.feedback.no.click()
    qtbot.keyClicks(screen.feedback.picker.search, "pra")
    qtbot.keyClick(screen.feedback.picker.search, Qt.Key.Key_Return)
    assert added(labelled_session) == [("Where is it?", ["praise"], [])]
    asked.result = a_result()
    ask(qtbot, screen, "Where is it now?")
    qtbot.waitUntil(lambda: screen.answer.head.text() == "This text is about")
    assert not screen.feedback.yes.isHidden()


def test_a_text_of_another_kind_is_left_for_a_person_however_likely_a_concept(qtbot, screen, asked):
    kept = {"counts_from": (0.9, 0.9, 0.9), "needs_person": True}
    asked.result = replace(a_result(chosen=()), **kept)
    ask(qtbot, screen, "Where is it?")
    assert screen.answer.sure.text() == "It seems to be about none of your concepts."


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


def ask_why(qtbot, screen, text):
    ask(qtbot, screen, text)
    qtbot.waitUntil(lambda: screen.why.result is not None)


def marked(screen):
    """Return the words that are marked in the field, by Qt's own count of letters."""
    units = screen.well.value().encode("utf-16-le")
    marks = screen.well.edit.marks
    return [units[2 * m.start : 2 * (m.start + m.length)].decode("utf-16-le") for m in marks]


def test_the_words_that_decided_are_marked_and_said_to_have_been_borne_out(
    qtbot, screen, asked_why
):
    asked_why.words = ("arrived", "parcel")
    ask_why(qtbot, screen, "  My parcel never arrived")
    assert [(one.concept, one.number) for one in asked_why] == [("delivery", 1)]
    assert marked(screen) == ["arrived", "parcel"]
    assert [mark.weight for mark in screen.well.edit.marks] == [1.0, 0.75]
    assert (screen.well.edit._number, screen.well.edit._is_sure) == (0, True)
    assert screen.why.chip.name == screen.answer.bars.marked == "delivery"
    assert screen.why.words.text() == (
        "These words decided it: taking them out changes the answer more than taking out others. "
        "Without them: 4.0\u202f%. A thicker line means more."
    )


def test_words_that_leave_the_answer_standing_are_said_to_count_and_not_to_decide(
    qtbot, screen, asked_why
):
    asked_why.left = 0.9
    ask_why(qtbot, screen, "Where is it?")
    assert screen.why.words.text().startswith("These words counted most:")
    assert "Without them: 90.0\u202f%." in screen.why.words.text()


@pytest.mark.parametrize(
    ("doubt", "words"),
    [
        (Doubt.LIKE_OTHERS, "No single words decided it."),
        (Doubt.CLOSE_CALL, "The model hesitates here: no words decided it."),
        (Doubt.NO_OTHERS, "The text is too short to tell which words decided it."),
    ],
)
def test_words_that_were_not_borne_out_are_grey(qtbot, screen, asked_why, doubt, words):
    asked_why.doubt = doubt
    ask_why(qtbot, screen, "Where is it?")
    assert marked(screen) == ["Where"]
    assert not screen.well.edit._is_sure
    assert screen.why.words.text() == f"{words} Grey: those that may have spoken for it."


def test_where_no_word_moves_the_answer_none_is_marked(qtbot, screen, asked_why):
    asked_why.words, asked_why.doubt = (), Doubt.NOTHING_MOVES
    ask_why(qtbot, screen, "Where is it?")
    assert marked(screen) == []
    assert screen.why.words.text() == "No single words decided it."


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("🎉🎉 Where is it?", "Where"),
        ("أين الطرد الجديد", "الطرد"),
        ("das Cafe\u0301 🎉 schließt", "schließt"),
        ("one line\nand\n\nanother Where", "Where"),
    ],
)
def test_marks_stand_under_their_words_whatever_comes_before(qtbot, screen, asked_why, text, word):
    asked_why.words = (word,)
    ask_why(qtbot, screen, text)
    assert marked(screen) == [word]


def test_another_concept_is_explained_by_choosing_it_among_the_bars(qtbot, screen, asked_why):
    ask_why(qtbot, screen, "Where is it?")
    bars = screen.answer.bars
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.rect().topLeft() + QPoint(60, 60))
    qtbot.waitUntil(lambda: screen.why.result is not None)
    assert [one.concept for one in asked_why] == ["delivery", "payment"]
    assert screen.why.chip.name == bars.marked == "payment"
    assert screen.well.edit._number == 1
    assert screen.why.words.text().startswith("These words spoke for it most:")
    bars.setFocus()
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: screen.why.result is not None)
    assert screen.why.chip.name == bars.marked == "praise"
    qtbot.keyClick(bars, Qt.Key.Key_Up)
    assert bars.marked == "payment"


def test_typing_takes_the_marks_away_and_stops_the_question(qtbot, screen, asked_why):
    ask_why(qtbot, screen, "Where is it?")
    screen._explain("payment")
    older = screen.why._task
    qtbot.keyClicks(screen.well.edit, "W")
    assert older.is_over
    assert marked(screen) == []
    assert screen.why.graphicsEffect().opacity() == 0.6
    screen._explain("praise")  # the answer in sight is that of the older text
    assert screen.why._task is None
    qtbot.waitUntil(lambda: len(asked_why) == 2)
    assert asked_why[1].text == screen.well.value()
    assert screen.why.graphicsEffect() is None


def test_clearing_the_field_forgets_why(qtbot, screen):
    ask_why(qtbot, screen, "Where is it?")
    assert screen.why.isVisible()
    screen.well.clear.click()
    assert screen.why.isHidden()
    assert screen.why.result is None


def test_a_question_why_that_was_left_is_asked_again(qtbot, screen, asked_why):
    ask_why(qtbot, screen, "Where is it?")
    screen._explain("payment")
    screen.hide()
    assert not screen.why.is_asking
    screen.show()
    qtbot.waitUntil(lambda: screen.why.result is not None)
    assert [one.concept for one in asked_why] == ["delivery", "delivery"]


def test_why_that_cannot_be_told_leaves_the_answer_standing(qtbot, screen, asked_why):
    asked_why.error = DiskFullError()
    ask(qtbot, screen, "Where is it?")
    qtbot.waitUntil(lambda: screen.why._task.is_over)
    assert screen.side.currentIndex() == ANSWER
    assert screen.why.words.text().startswith(str(DiskFullError()))
    assert marked(screen) == []


def test_an_answer_without_likely_concepts_is_not_explained(qtbot, screen, asked, asked_why):
    asked.result = TryResult((), (), (), is_exclusive=False, elapsed_ms=3)
    ask(qtbot, screen, "Where is it?")
    assert screen.why.isHidden()
    assert asked_why == []


def test_words_that_spoke_for_a_concept_are_marked_by_how_much_they_did(qtbot):
    text = "🎉 My parcel never arrived"
    spans = (WordSpan(18, 25, 3.0), WordSpan(5, 11, 1.5), WordSpan(2, 4, -1.0))
    edit = HighlightEdit()
    qtbot.addWidget(edit)
    edit.set_value(text)
    edit.set_marks(marks_of(text, spans), 2, is_sure=True)
    assert [(mark.start, mark.length, mark.weight) for mark in edit.marks] == [
        (19, 7, 1.0),
        (6, 6, 0.5),
    ]
    coloured = edit.grab().toImage()
    edit.set_marks(marks_of(text, spans), 2, is_sure=False)
    assert edit.grab().toImage() != coloured
    assert marks_of("", ()) == []
