import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices

from core.files.predicted.growing import aside_of, journal_of
from core.jobs import Progress
from core.operations.predict import OutputIsInputError, PredictResult
from core.storage.database import transaction
from core.storage.datasets import list_datasets
from core.storage.predicted_files import note_predicted_file
from desktop import boxes
from desktop.screens.predict.file_form import free_place
from desktop.screens.predict.result_page import WrittenPage
from desktop.screens.predict.results_table import (
    ANSWER,
    NOTE,
    OTHER,
    SURE,
    TEXT,
    ResultsTable,
)
from desktop.screens.predict.screen import FORM, RESULT, USE, PredictScreen
from desktop.screens.predict.use_page import DATASET
from desktop.widgets.buttons import Button
from desktop.widgets.concept_chip import LONGEST, chip_width
from desktop.widgets.message_panel import MessagePanel
from desktop.widgets.text import Text
from tests.desktop.fake_models import keep_model


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "letters.csv"
    path.write_text("id,body,note\n1,Where is my parcel?,x\n2,,y\n3,Thank you for the visit,z\n")
    return path


PREDICTED = (
    "id,body,note,predicted_concepts,probability,runner_up,runner_up_probability,needs_person,"
    "unlike_training,p:delivery,p:payment\n"
    "1,Where is my parcel?,x,delivery,0.910000,payment,0.090000,no,no,0.910000,0.090000\n"
    "2,,y,,,,,,,,\n"
    "3,Thank you for the visit,z,,0.520000,delivery,0.520000,yes,yes,0.520000,0.480000\n"
    "4,I was charged twice,z,payment,0.970000,delivery,0.030000,no,no,0.030000,0.970000\n"
)


@pytest.fixture
def requests(monkeypatch):
    """Predict without a model; return the requests that came."""
    requests = []

    def fake_predict(app, request, job):
        requests.append(request)
        job.report("Predicting", 1, 2)
        if request.out == request.path:
            raise OutputIsInputError(request.path)
        request.out.write_text(PREDICTED)
        return PredictResult(request.out, 3, 1, {"delivery": 1, "payment": 1})

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


@pytest.fixture
def results(qtbot, screen, letters):
    """Return the page that shows what came of predicting."""
    screen.form.open(letters)
    with qtbot.waitSignal(screen.results.table.rows.modelReset):
        screen.start.click()
    return screen.results


def shown(results):
    return [row.text for row in results.table.rows.rows]


def choose(qtbot, results, select, place):
    with qtbot.waitSignal(results.table.rows.modelReset):
        select.setCurrentIndex(place)


def test_the_result_is_shown_in_numbers_and_found_in_its_folder(
    screen, letters, requests, results, monkeypatch
):
    assert (requests[0].model, requests[0].number) == ("Letters 1", 1)
    assert requests[0].out == letters.with_name("letters-predicted.csv")
    assert screen.stack.currentIndex() == RESULT
    assert results.head.text() == "3 texts predicted"
    assert results.lead.text() == (
        "In “letters-predicted.csv”, beside the columns that it had. "
        "1 row could not be read. It stands in the file without an answer."
    )
    assert shown(results)[0] == "Where is my parcel?"
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    screen.folder.click()
    assert opened == [str(letters.parent)]


def test_rows_say_the_answer_how_sure_and_what_else_to_know(results):
    rows = results.table.rows
    assert [rows.index(0, place).data() for place in range(1, 5)] == [
        "delivery",
        "91.0\u202f%",
        "payment, 9.0\u202f%",
        "",
    ]
    assert rows.index(1, 1).data() == "No answer"
    assert rows.index(1, 4).data() == "For a person, Unlike training"
    spoken = rows.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Thank you for the visit. No answer")


def test_filters_narrow_the_texts_and_can_be_left(qtbot, results):
    filters = results.filters
    offered = [filters.concept.itemText(i) for i in range(filters.concept.count())]
    assert offered == ["All answers", "delivery (1)", "payment (1)", "No answer (1)"]
    choose(qtbot, results, filters.concept, 2)
    assert shown(results) == ["I was charged twice"]
    assert filters.count.text() == "1 of 3 texts"
    choose(qtbot, results, filters.concept, 3)
    assert shown(results) == ["Thank you for the visit"]
    with qtbot.waitSignal(results.table.rows.modelReset):
        filters.all.click()
    choose(qtbot, results, filters.which, 2)
    assert shown(results) == ["Thank you for the visit"]
    choose(qtbot, results, filters.which, 0)
    choose(qtbot, results, filters.low, 18)
    assert shown(results) == ["Where is my parcel?", "I was charged twice"]
    choose(qtbot, results, filters._order, 2)
    assert shown(results) == ["I was charged twice", "Where is my parcel?"]


def test_a_chosen_text_can_be_read_as_a_whole(results):
    assert results._reading.isHidden()
    results.table.selectRow(1)
    assert results.whole.text() == "Thank you for the visit"
    assert results.known.text() == (
        "Runner-up: delivery, 52.0\u202f% · For a person, Unlike training"
    )
    assert not results._reading.isHidden()


def test_a_bar_of_the_histogram_leads_to_its_texts(qtbot, results):
    assert results.found.decided[19] == 1
    with qtbot.waitSignal(results.table.rows.modelReset):
        results.chart.mark_chosen.emit(("right", 19))
    assert shown(results) == ["I was charged twice"]


def test_texts_that_the_filters_leave_become_a_dataset(qtbot, screen, results, labelled_session):
    choose(qtbot, results, results.filters.concept, 2)
    assert screen.use.text().strip() == "Use 1 text…"
    screen.use.click()
    assert screen.stack.currentIndex() == USE
    assert screen.use_page.what.value == DATASET
    screen.use_page.name.clear()
    assert not screen.accept.isEnabled()
    screen.use_page.name.setText("charges")
    screen.accept.click()
    with qtbot.waitSignal(screen._using.succeeded) as used:
        pass
    assert (used.args[0].n_added, used.args[0].n_labelled) == (1, 1)
    names = [one.name for one in list_datasets(labelled_session.db)]
    assert "charges" in names
    qtbot.waitUntil(lambda: screen.stack.currentIndex() == RESULT)


def test_texts_that_the_filters_leave_are_saved_by_themselves(
    qtbot, screen, results, tmp_path, monkeypatch
):
    choose(qtbot, results, results.filters.concept, 2)
    out = tmp_path / "payments.csv"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_args: out)
    results.save.click()
    qtbot.waitUntil(out.exists)
    assert "charged twice" in out.read_text(encoding="utf-8-sig")
    assert "parcel" not in out.read_text(encoding="utf-8-sig")


def test_a_dataset_of_the_app_is_predicted(qtbot, screen, requests, tmp_path, monkeypatch):
    screen.form.source.set_value(1)
    assert screen.start.text().strip() == "Predict 60 texts"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_args: tmp_path / "all.xlsx")
    screen.form.change.click()
    screen.form._set_place(tmp_path / "all.csv")
    predict(qtbot, screen)
    assert (requests[0].dataset, requests[0].out.name) == ("texts", "all.csv")


def test_a_frozen_version_is_offered_behind_its_dataset_and_predicted(
    qtbot, screen, requests, tmp_path
):
    screen.form.source.set_value(1)
    offered = [screen.form.dataset.itemText(i) for i in range(screen.form.dataset.count())]
    assert offered == ["texts (60 texts)", "texts, version 1 (60 texts)"]
    screen.form.dataset.setCurrentIndex(1)
    screen.form.dataset.activated.emit(1)
    assert screen.form.out.name.startswith("Letters-texts-1-predicted")
    screen.form._set_place(tmp_path / "frozen.csv")
    screen.look_again()  # what was chosen stays chosen
    predict(qtbot, screen)
    assert (requests[0].dataset, requests[0].version) == ("texts", 1)
    assert requests[0].source == "texts, version 1"


def test_a_file_predicted_earlier_is_opened_again(qtbot, screen, letters, tmp_path, monkeypatch):
    old = tmp_path / "old.csv"
    old.write_text(PREDICTED)
    monkeypatch.setattr(boxes, "choose_file", lambda *_args: old)
    with qtbot.waitSignal(screen.results.table.rows.modelReset):
        screen.earlier.other.click()
    assert screen.results.head.text() == "3 texts predicted"
    monkeypatch.setattr(boxes, "choose_file", lambda *_args: letters)
    with qtbot.waitSignal(screen.results.changed):
        screen.earlier.other.click()
    panel = screen.results.findChild(MessagePanel)
    assert panel.heading.text() == "“letters.csv” holds no predictions with concepts."
    assert not screen.use.isEnabled()


def test_what_was_begun_is_offered_and_goes_on(qtbot, screen, requests, labelled_session, tmp_path):
    done, stopped = tmp_path / "done.csv", tmp_path / "stopped.csv"
    done.write_text(PREDICTED)
    about = {"prediction": 1, "model": "Letters 1", "number": 1, "rows": {"path": "in.csv"}}
    lines = [about, {"rows": 4096, "bytes": 10}]
    journal_of(stopped).write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    aside_of(stopped).write_text("id,body,no")
    with transaction(labelled_session.db):
        for path in (stopped, done):
            note_predicted_file(
                labelled_session.db, path=path, source="in.csv", text_column="body",
                model_version_id=1,
            )  # fmt: skip
    screen.look_again()
    assert [one.file.path.name for one in screen.earlier.rows] == ["stopped.csv", "done.csv"]
    buttons = {one.accessibleName(): one for one in screen.earlier.findChildren(Button)}
    with qtbot.waitSignal(screen.results.table.rows.modelReset):
        buttons["Look into it: done.csv"].click()
    screen.another.click()
    buttons["Go on: stopped.csv"].click()
    with qtbot.waitSignal(screen._task.ended):
        pass
    assert requests[-1].resume
    assert (requests[-1].out, requests[-1].path) == (stopped, Path("in.csv"))


def test_after_a_result_another_file_can_be_predicted(qtbot, screen, results):
    screen.another.click()
    assert screen.stack.currentIndex() == FORM
    predict(qtbot, screen)
    assert screen.stack.currentIndex() == RESULT


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


def test_a_model_that_writes_tells_where_its_answers_are(qtbot):
    page = WrittenPage(PredictResult(Path("out.csv"), 4, 1, {}))
    qtbot.addWidget(page)
    told = [one.text() for one in page.findChildren(Text)]
    assert "4 texts answered" in told
    assert any("column “answer”" in words for words in told)
    assert "1 row could not be read. It stands in the file without an answer." in told


def shown_columns(table):
    return [i for i in range(table.rows.columnCount()) if not table.isColumnHidden(i)]


def test_a_wide_table_of_results_has_room_for_whole_answers_and_leaves_out_empty_columns(qtbot):
    table = ResultsTable()
    qtbot.addWidget(table)
    table.resize(1300, 400)
    table.show()
    long, rare = "transfer_not_received_by_recipient", "x" * 200
    table.make_room([(long, 60), ("fee", 39), (rare, 1)], has_several=False, has_notes=False)
    assert shown_columns(table) == [TEXT, ANSWER, SURE, OTHER]
    assert table.columnWidth(ANSWER) >= chip_width(long, LONGEST) + 16
    assert table.columnWidth(TEXT) > table.columnWidth(ANSWER)
    short = table.columnWidth(ANSWER)
    table.make_room([("fee", 5)], has_several=False, has_notes=True)
    assert table.columnWidth(ANSWER) < short
    assert NOTE in shown_columns(table)


def test_in_a_narrow_table_of_results_the_text_stays_readable(qtbot):
    table = ResultsTable()
    qtbot.addWidget(table)
    table.resize(460, 400)
    table.show()
    table.make_room([("card_delivery_estimate", 5)], has_several=False, has_notes=True)
    assert shown_columns(table) == [TEXT, ANSWER, SURE]
    assert table.columnWidth(TEXT) >= 200


def test_how_sure_the_model_is_stays_in_sight_in_a_narrow_window(qtbot, screen, letters):
    screen.form.open(letters)
    screen.resize(808, 600)  # what a window of 1024 pixels leaves
    with qtbot.waitSignal(screen.results.changed):
        predict(qtbot, screen)
    assert screen.results.chart.isVisible()
    assert screen.results.chart.width() >= 240


def test_a_long_file_says_how_far_its_reading_is_and_can_be_let_be(qtbot, screen, tmp_path):
    old = tmp_path / "old.csv"
    old.write_text(PREDICTED)
    screen._look_into(old, "")
    page = screen.results
    assert page.stop.isVisible()
    assert screen.use.toolTip() == "The file is being read."
    page._show_progress(Progress("Reading predictions", 24_000, 100_000))
    assert page.head.text() == "Reading predictions: 24,000 of 100,000"
    page.stop.click()
    assert screen.stack.currentIndex() == FORM
    assert not page._asking.is_waiting
    with qtbot.waitSignal(page.changed):
        screen._look_into(old, "")
    assert not page.stop.isVisible()
    assert page.head.text() == "3 texts predicted"
