"""Try text with a model that writes."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.errors import UserError
from core.operations.generate import GenerateResult
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from desktop.screens.try_text.screen import HINT, HOW, TryTextScreen
from tests.desktop.fake_models import keep_model, keep_writer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def asked(monkeypatch):
    """Write without a model; return the requests that came, and hold what is written."""

    class Asked(list):
        answer, error, ending = "Dear Ida, it is on its way.", None, ""

    asked = Asked()

    def fake_generate(app, request, job):
        asked.append(request)
        if asked.error:
            raise asked.error
        for word in asked.answer.split(" "):
            job.piece(f"{word} ")
        before = "it it it" if request.asks_untrained else ""
        return GenerateResult(
            asked.answer, f"### Input:\n{request.text}\n", before, 812.0, asked.ending
        )

    monkeypatch.setattr("desktop.screens.try_text.written_answer.generate", fake_generate)
    return asked


@pytest.fixture
def screen(qtbot, labelled_session, asked):
    keep_writer(labelled_session.app)
    screen = TryTextScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    screen.show()
    return screen


def write(qtbot, screen, text):
    screen.well.set_value(text)
    with qtbot.waitSignal(screen.session.answers.changed):
        screen._ask()
    qtbot.waitUntil(lambda: not screen.written.is_asking)


def test_an_answer_that_was_cut_off_says_so(qtbot, screen, asked):
    asked.ending = "longest"
    write(qtbot, screen, "Where is my parcel?")
    assert screen.written.state.text().endswith("· Cut off: an answer may not be longer.")


def test_what_is_written_appears_beside_how_it_is_written(qtbot, screen, asked):
    assert screen.side.currentIndex() == HOW
    write(qtbot, screen, "Where is my parcel?")
    assert screen.written.answer.text() == asked.answer
    assert screen.written.state.text() == "Written in 812 ms"
    assert screen.written.seen.text() == "### Input:\nWhere is my parcel?\n"
    assert not screen.written.before.isVisible()
    (request,) = asked
    assert (request.model, request.number, request.how) == ("Replies", 1, {})


def test_what_differs_from_the_version_goes_with_the_request(qtbot, screen, asked):
    screen.how.fields["temperature"].setText("0,7")
    screen.how.fields["stop_text"].setText("END")
    write(qtbot, screen, "Where is my parcel?")
    assert asked[-1].how == {"temperature": 0.7, "stop_text": "END"}
    screen.how.reset.click()
    assert screen.how.how() == {}


def test_a_value_that_cannot_be_is_marked_and_nothing_is_asked(qtbot, screen, asked):
    screen.well.set_value("Where is my parcel?")
    screen.how.fields["top_p"].setText("7")
    screen._ask()
    assert "from 0.01 to 1" in screen.how.problem.text()
    assert asked == []


def test_the_base_model_answers_beside_it_on_request(qtbot, screen, asked):
    screen.how.compares.setChecked(True)
    write(qtbot, screen, "Where is my parcel?")
    assert asked[-1].asks_untrained
    assert screen.written.before.isVisible()
    assert screen.written.untrained.text() == "it it it"


def test_a_mended_answer_is_added_to_the_dataset(qtbot, screen, labelled_session):
    write(qtbot, screen, "Where is my parcel?")
    screen.written.answer.edit.setPlainText("It comes tomorrow.")
    screen.written.add.click()
    with labelled_session.app.database() as db:
        newest = get_inputs(db, list_input_ids(db, InputFilter())[-1:])[0]
    assert (newest.text, newest.target) == ("Where is my parcel?", "It comes tomorrow.")
    assert "next training" in screen.written.thanks.text()
    assert not screen.written.add.isVisible()


def test_an_error_is_said_where_the_answer_would_stand(qtbot, screen, asked):
    asked.error = UserError("The base model is gone.", next_step="Add it again.")
    write(qtbot, screen, "Where is my parcel?")
    assert screen.written.answer.text() == ""
    assert screen.written._problem.findChildren(QWidget)


def test_the_answer_can_be_copied(qtbot, screen, asked):
    write(qtbot, screen, "Where is my parcel?")
    screen.written.copy.click()
    assert QGuiApplication.clipboard().text() == asked.answer


def test_a_classifier_beside_it_is_asked_for_concepts(qtbot, labelled_session, asked):
    keep_writer(labelled_session.app)
    keep_model(labelled_session.app)
    screen = TryTextScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.show()
    assert screen.side.currentIndex() == HINT
    assert not screen.written.isVisible()
    screen.versions.setCurrentIndex(1)
    assert screen.side.currentIndex() == HOW
    assert screen.written.isVisible()
    screen.versions.setCurrentIndex(0)
    assert screen.side.currentIndex() == HINT


def test_pictures(qtbot, screen, asked, screenshots, request):
    screen.how.compares.setChecked(True)
    write(qtbot, screen, "Where is my parcel? It should have come on Monday.")
    if screenshots:
        screenshots(screen, "try-writing")
    assert screen.written.isVisible()
