from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices

from core.operations.predict import OutputIsInputError, PredictResult
from desktop import boxes
from desktop.screens.predict.file_form import free_place
from desktop.screens.predict.result_page import ResultPage
from desktop.screens.predict.screen import FORM, RESULT, PredictScreen
from desktop.widgets.message_panel import MessagePanel
from desktop.widgets.text import Elided, Text
from tests.desktop.fake_models import keep_model


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "letters.csv"
    path.write_text("id,body,note\n1,Where is my parcel?,x\n2,,y\n3,Thank you for the visit,z\n")
    return path


@pytest.fixture
def requests(monkeypatch):
    """Predict without a model; return the requests that came."""
    requests = []

    def fake_predict(app, request, job):
        requests.append(request)
        job.report("Predicting", 1, 2)
        if request.out == request.path:
            raise OutputIsInputError(request.path)
        return PredictResult(request.out, 2, 1, {"delivery": 1})

    monkeypatch.setattr("desktop.screens.predict.screen.predict", fake_predict)
    return requests


@pytest.fixture
def screen(qtbot, labelled_session, requests):
    keep_model(labelled_session.app)
    screen = PredictScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.show()
    return screen


def predict(qtbot, screen):
    screen.start.click()
    with qtbot.waitSignal(screen._task.ended):
        pass


def test_without_a_model_it_leads_to_train(qtbot, labelled_session):
    screen = PredictScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.show()
    assert not screen.start.isEnabled()
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.first_focus().click()
    assert asked.args == ["train"]


def test_without_a_file_it_says_what_is_missing(screen):
    assert not screen.start.isEnabled()
    assert screen.footer.note() == "Choose a file with a text in every row."


def test_a_chosen_file_is_shown_as_it_will_be_read(screen, letters, monkeypatch):
    monkeypatch.setattr(boxes, "choose_file", lambda *_args: letters)
    screen.form.choose.click()
    assert screen.form.name.text() == "letters.csv"
    assert screen.form.column.currentText() == "body"
    table = screen.form.table.rows
    assert table.headerData(0, screen.form.table.horizontalHeader().orientation()) == (
        "body (the text)"
    )
    assert [table.index(i, 0).data() for i in range(3)] == [
        "Where is my parcel?",
        "No text",
        "Thank you for the visit",
    ]
    assert screen.start.text() == "Predict 3 texts"


def test_another_column_can_hold_the_texts(qtbot, screen, letters, requests):
    screen.form.open(letters)
    screen.form.column.setCurrentText("note")
    screen.form.column.activated.emit(screen.form.column.currentIndex())
    assert screen.form.table.rows.index(0, 0).data() == "x"
    predict(qtbot, screen)
    assert requests[0].mapping.text == "note"


def test_the_answers_go_beside_the_file_and_replace_nothing(letters):
    assert free_place(letters).name == "letters-predicted.csv"
    letters.with_name("letters-predicted.csv").touch()
    assert free_place(letters).name == "letters-predicted-2.csv"


def test_the_result_is_told_in_numbers_and_shown_in_its_folder(
    qtbot, screen, letters, requests, monkeypatch
):
    screen.form.open(letters)
    predict(qtbot, screen)
    assert (requests[0].model, requests[0].number) == ("Letters 1", 1)
    assert requests[0].out == letters.with_name("letters-predicted.csv")
    assert screen.stack.currentIndex() == RESULT
    page = screen.stack.currentWidget()
    told = [one.text() for one in page.findChildren(Text)]
    assert "2 texts predicted" in told
    assert "1 row could not be read. It stands in the file without an answer." in told
    named = [one.text() for one in page.findChildren(Elided)]
    assert named == ["delivery", "None of your concepts"]
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    screen.footer.primary.click()
    assert opened == [str(letters.parent)]


def test_after_a_result_another_file_can_be_predicted(qtbot, screen, letters):
    screen.form.open(letters)
    predict(qtbot, screen)
    screen.another.click()
    assert screen.stack.currentIndex() == FORM
    predict(qtbot, screen)
    assert screen.stack.count() == 3


def test_a_file_that_is_no_text_is_refused_with_a_next_step(screen, tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(bytes(range(256)) * 8)
    screen.form.open(picture)
    panel = screen.findChild(MessagePanel)
    assert panel.heading.text() == "“picture.png” is not a text file."
    assert panel.meaning.text()
    assert not screen.start.isEnabled()


def test_a_place_that_is_the_file_itself_is_refused(qtbot, screen, letters, monkeypatch):
    screen.form.open(letters)
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_args: letters)
    screen.form.change.click()
    predict(qtbot, screen)
    panel = screen.findChild(MessagePanel)
    assert panel.heading.text() == "“letters.csv” cannot be read and replaced at once."
    assert screen.start.isEnabled()


@pytest.mark.parametrize("is_exclusive", [True, False])
def test_texts_left_for_people_are_told_apart_from_those_about_none(qtbot, is_exclusive):
    result = PredictResult(Path("out.csv"), 4, 0, {"delivery": 1}, n_for_people=3)
    page = ResultPage(result, {"delivery": 0}, is_exclusive=is_exclusive)
    qtbot.addWidget(page)
    named = [one.text() for one in page.findChildren(Elided)]
    assert named == ["delivery", "Left for people"]
