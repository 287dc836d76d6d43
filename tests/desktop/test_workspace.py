"""The open app: rail, header, screens and job bar, as one."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from core.errors import DiskFullError, UserError
from core.files import Mapping
from core.jobs import Job, Progress
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.check_data import check_data
from core.operations.edit_concepts import NewConcept, edit_concepts
from core.operations.edit_inputs import InputDeletion, edit_inputs
from core.operations.freeze_dataset import FreezeRequest, FreezeResult, freeze_dataset
from core.operations.import_texts import ImportResult
from core.operations.predict import PredictRequest, PredictResult, predict
from core.operations.run_workflow import RunOnTextsRequest
from core.operations.train import TrainRequest, train
from core.records import EMBEDDING_CLASSIFIER
from core.storage.filters import InputFilter, count_inputs
from core.storage.inputs import get_inputs
from desktop import boxes
from desktop.runner import BugError, Task
from desktop.saving import SavedSession
from desktop.screens.dataset.list_page import ListPage
from desktop.screens.evaluate.finding_row import FindingRow
from desktop.session import Training
from desktop.steps import STEP_SCREENS
from desktop.workspace import SCREENS, Workspace
from tests.desktop.conftest import TEXTS
from tests.desktop.fake_models import keep_model, keep_scored_model
from tests.desktop.inline_runner import InlineRunner

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT_BUTTON = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NAMES = ("App", "Dataset", "Concepts", "Model type", "Settings", "Train", "Try text")


@pytest.fixture
def open_app(qtbot):
    """Return a function that shows the workspace of an app; all are closed afterwards."""
    opened = []

    def open_app(app, size=(1280, 800)):
        session = SavedSession(app, InlineRunner(), InlineRunner())
        workspace = Workspace(session)
        opened.append((workspace, session))
        qtbot.addWidget(workspace)
        workspace.resize(*size)
        with qtbot.waitActive(workspace):
            workspace.show()
            workspace.activateWindow()
        workspace.open_first()
        return workspace

    yield open_app
    for workspace, session in opened:
        workspace.hide()
        session.close()
        session.jobs.close()
        session.answers.close()


@pytest.fixture
def labelled_app(app):
    for concept, sentence in TEXTS.items():
        texts = tuple(sentence.format(i) for i in range(1, 21))
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    return app


@pytest.fixture
def workspace(open_app, labelled_app):
    return open_app(labelled_app)


class FakeJobs(QObject):
    """A runner that runs nothing, so that a test says how its tasks go."""

    changed = Signal()
    lost = Signal()

    def __init__(self):
        super().__init__()
        self.current, self.waiting = None, []

    def begin(self, title, operation=None):
        self.current = Task(title, Request(operation), None)
        self.changed.emit()
        return self.current

    def end(self, signal, *values):
        task, self.current = self.current, None
        task.end(getattr(task, signal), *values)
        self.changed.emit()

    def close(self):
        self.current = None


class Request:
    def __init__(self, operation):
        self.operation = operation


@pytest.fixture
def jobs(workspace, monkeypatch):
    """Return the workspace's runner, replaced by one that the test drives."""
    fake = FakeJobs()
    fake.changed.connect(workspace._show_task)
    fake.changed.connect(workspace._show_saved)
    fake.lost.connect(workspace.session._recover)
    monkeypatch.setattr(workspace.session, "jobs", fake)
    return fake


def press(qtbot, workspace, key, modifier=CTRL):
    qtbot.keyClick(QApplication.focusWidget() or workspace, key, modifier)
    qtbot.keyRelease(workspace, Qt.Key.Key_Control)  # or it is held down in the tests that follow


@pytest.mark.parametrize("place", range(7))
def test_ctrl_and_a_digit_open_a_step(qtbot, workspace, place):
    workspace.open("train" if place == 0 else "app")
    press(qtbot, workspace, Qt.Key(Qt.Key.Key_1 + place))
    assert workspace.current == STEP_SCREENS[place]
    assert workspace.rail.current == place


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_opens_with_the_keyboard_on_something_of_it(workspace, name):
    screen = workspace.open(name)
    focused = QApplication.focusWidget()
    assert screen.isAncestorOf(focused)
    assert focused.isVisible()
    assert focused.isEnabled()
    assert focused.accessibleName()


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("size", [(1024, 680), (1920, 1080)])
def test_every_screen_fits_a_small_and_a_wide_window(open_app, app, name, size):
    workspace = open_app(app, size)
    screen = workspace.open(name)
    assert screen.size().width() == size[0] - workspace.rail.width() - 1
    assert workspace.size().toTuple() == size


def test_tab_leads_through_the_work_the_footer_and_the_rail_and_back(workspace):
    screen, seen = workspace.open("model_type"), []
    for _step in range(40):
        workspace.focusNextPrevChild(True)
        seen.append(QApplication.focusWidget())
    assert screen.footer.primary in seen
    assert workspace.header.help_button in seen
    assert workspace.rail._rows[0] in seen
    assert all(widget.isVisible() for widget in seen)
    assert seen.count(screen.footer.primary) > 1  # and round again


def test_tab_leads_through_a_page_and_rows_that_were_made_later_before_the_footer(workspace):
    keep_scored_model(workspace.session.app)
    screen = workspace.open("evaluate")
    screen.pages.open("concepts")
    screen.pages.tabs.tabs[1].setFocus()
    workspace.focusNextPrevChild(True)
    assert screen.pages.page.isAncestorOf(QApplication.focusWidget())
    workspace.focusNextPrevChild(False)
    assert QApplication.focusWidget() is screen.pages.tabs.tabs[1]
    screen.pages.open("overview")
    QApplication.processEvents()  # rows that were just made are shown
    stops = [screen.pages.tabs.tabs[0]]
    for _step in range(12):
        workspace.focusNextPrevChild(True)
        stops.append(workspace.focusWidget())
    stops = stops[: stops.index(screen.report)]
    heights = [stop.mapTo(screen, QPoint()).y() for stop in stops]
    assert len([stop for stop in stops if isinstance(stop, FindingRow)]) > 2
    assert heights[:4] == sorted(heights[:4])


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_presses_the_primary(qtbot, workspace, key):
    workspace.open("concepts")
    press(qtbot, workspace, key)
    assert workspace.current == "model_type"


def test_ctrl_enter_presses_no_primary_that_is_not_possible(qtbot, open_app, app):
    workspace = open_app(app)
    workspace.open("concepts")
    press(qtbot, workspace, Qt.Key.Key_Return)
    assert workspace.current == "concepts"


@pytest.mark.parametrize("name", ["dataset", "concepts"])
def test_ctrl_f_searches_and_esc_clears(qtbot, workspace, name):
    workspace.open(name)
    press(qtbot, workspace, Qt.Key.Key_F)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "pay")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.text()


def test_f2_turns_the_selected_text_into_a_field_and_esc_leaves_it(qtbot, workspace):
    page = workspace.open("dataset").list
    assert isinstance(page, ListPage)
    press(qtbot, workspace, Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier)
    assert page.inspector.editing.edit.hasFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.inspector.pencil.hasFocus()


def test_f2_renames_the_selected_concept(qtbot, workspace):
    screen = workspace.open("concepts")
    press(qtbot, workspace, Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier)
    assert screen.field.edit.isVisible()


def test_the_rail_says_in_words_how_every_step_stands(workspace):
    notes = [(step.name, step.note, step.state) for step in workspace.rail.steps]
    assert notes == [
        ("App", "Letters", "done"),
        ("Dataset", "60 texts", "done"),
        ("Concepts", "3 need more texts", "needs"),
        ("Model type", "Not yet", "later"),
        ("Settings", "Not yet", "later"),
        ("Train", "Not yet", "later"),
        ("Try text", "After training", "later"),
    ]


def test_an_empty_app_opens_at_its_dataset_and_one_with_a_model_at_try_text(open_app, app):
    workspace = open_app(app)
    assert workspace.current == "dataset"
    assert [step.name for step in workspace.rail.steps] == list(NAMES)
    assert workspace.rail.steps[2].note == "After texts"


def test_an_app_with_a_model_opens_at_try_text_with_all_tools(open_app, labelled_app):
    keep_model(labelled_app)
    workspace = open_app(labelled_app)
    assert workspace.current == "try_text"
    assert [step.state for step in workspace.rail.steps[3:]] == ["done"] * 4
    assert all(tool.isEnabled() for tool in workspace.rail._tools.values())


def test_the_open_step_has_the_sign_of_now_while_it_is_not_done(workspace):
    workspace.open("train")
    assert workspace.rail._rows[5].accessibleName() == "Step 6, Train, now: Not yet"
    workspace.open("app")
    assert workspace.rail._rows[5].accessibleName() == "Step 6, Train, not yet: Not yet"


def test_what_is_kept_is_said_with_its_time(workspace):
    workspace.session.do(edit_concepts, NewConcept("returns"))
    assert workspace.header.saved_words().startswith("All changes saved ")
    assert workspace.rail.steps[2].note == "4 need more texts"


def test_a_change_that_is_not_kept_is_said_until_one_is(workspace):
    def full(_app, _request, _job):
        raise DiskFullError

    with pytest.raises(DiskFullError):
        workspace.session.do(full, None)
    assert workspace.header.saved_words() == "Not saved: the disk is full"
    workspace.session.do(edit_concepts, NewConcept("returns"))
    assert workspace.header.saved_words().startswith("All changes saved ")


def test_what_is_refused_for_its_content_is_no_matter_of_saving(workspace):
    with pytest.raises(UserError):
        workspace.session.do(edit_concepts, NewConcept("x" * 500))
    assert workspace.header.saved_words().startswith("All changes saved ")


def test_while_a_job_writes_saving_is_said_but_not_while_a_model_is_trained(workspace, jobs):
    jobs.begin("Adding texts from letters.csv", add_texts)
    assert workspace.header.saved_words() == "Saving…"
    jobs.end("stopped")
    jobs.begin("Training “Letters 1”", train)
    assert workspace.header.saved_words().startswith("All changes saved ")


def test_the_job_bar_shows_what_runs_and_how_far(workspace, jobs):
    workspace.open("concepts")
    task = jobs.begin("Adding texts from letters.csv")
    assert workspace.job_bar.isVisible()
    assert workspace.job_bar.what.text() == "Adding texts from letters.csv"
    task.keep(Progress("Adding texts", 50, 200))
    jobs.changed.emit()
    assert workspace.job_bar.counts.text() == "50 of 200"
    assert workspace.job_bar.share == 0.25


def test_what_was_added_is_said_with_the_way_to_it(qtbot, workspace, jobs):
    workspace.open("settings")
    jobs.begin("Adding texts from letters.csv")
    jobs.end("succeeded", ImportResult(1, 1203, 0, 0, ()))
    assert workspace.job_bar.what.text() == "Added 1,203 texts."
    assert workspace.job_bar.link.text() == "Show them"
    workspace.job_bar.link.click()
    assert workspace.current == "dataset"
    assert workspace.job_bar.isHidden()


def test_the_screen_that_shows_the_outcome_needs_no_bar_for_it(workspace, jobs, tmp_path):
    workspace.open("predict")
    jobs.begin("Predicting “new.csv”")
    jobs.end("succeeded", PredictResult(tmp_path, 2, 0, {}))
    assert workspace.job_bar.isHidden()


def test_a_job_without_a_screen_of_its_own_says_what_it_did(workspace, labelled_app, jobs):
    result = freeze_dataset(labelled_app, FreezeRequest(), Job())
    assert isinstance(result, FreezeResult)
    jobs.begin("Making a new version")
    jobs.end("succeeded", result)
    assert workspace.job_bar.what.text() == "Version 1 of the dataset is kept."


def test_a_stopped_job_says_that_nothing_was_changed(workspace, jobs):
    jobs.begin("Adding texts from letters.csv")
    jobs.end("stopped")
    assert workspace.job_bar.what.text() == "Stopped. Nothing was changed."


def test_a_stopped_prediction_says_that_it_can_go_on(workspace, jobs):
    jobs.begin("Predicting letters.csv", predict)
    jobs.end("stopped")
    assert workspace.job_bar.what.text() == "Stopped. What is written is kept; it can go on."


def test_a_failed_job_says_why_and_what_to_do(workspace, jobs):
    jobs.begin("Adding texts from letters.csv")
    jobs.end("failed", UserError("The file is gone.", next_step="Choose it again."))
    assert workspace.job_bar.what.text() == "The file is gone. Choose it again."


def test_a_mistake_of_ours_opens_the_box_for_it(workspace, jobs, monkeypatch):
    said = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: said.append(error))
    jobs.begin("Adding texts from letters.csv")
    jobs.end("failed", BugError("ZeroDivisionError"))
    assert isinstance(said[0], BugError)


@pytest.mark.parametrize("name", ["workflows", "predict", "suggestions"])
def test_a_mistake_of_ours_is_told_once_whichever_screen_began_it(
    workspace, jobs, monkeypatch, name
):
    said = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: said.append(error))
    task = jobs.begin("Reading")
    monkeypatch.setattr(workspace.session, "start", lambda *_words, **_named: task)
    screen = workspace.open(name)
    if name == "workflows":
        screen._start(RunOnTextsRequest(screen.draft.workflow))
        screen.default_page._read(everything=False)
    elif name == "predict":
        screen._start(PredictRequest("none", Path("a.csv"), Path("b.csv"), Mapping()))
    else:
        screen.withdraw()
    jobs.end("failed", BugError("ZeroDivisionError"))
    assert len(said) == 1


def test_a_training_has_no_bar_on_its_own_screen_and_one_elsewhere(workspace, jobs):
    task = jobs.begin("Training “Letters 1”")
    request = TrainRequest("Letters 1", EMBEDDING_CLASSIFIER)
    workspace.session.training = Training(request, task)
    workspace.session.plan_changed.emit()
    workspace.open("train")
    assert workspace.job_bar.isHidden()
    workspace.open("dataset")
    assert workspace.job_bar.isVisible()
    assert workspace.job_bar.what.text() == "Training “Letters 1”"
    assert workspace.rail.steps[5].state == "now"


def test_while_a_job_runs_every_step_can_be_opened(workspace, jobs):
    jobs.begin("Adding texts from letters.csv")
    for name in SCREENS:
        assert workspace.open(name).isVisible()


def test_ctrl_and_full_stop_stops_what_runs(qtbot, workspace, jobs, monkeypatch):
    stopped = []
    task = jobs.begin("Adding texts from letters.csv")
    monkeypatch.setattr(task, "stop", lambda: stopped.append(task))
    press(qtbot, workspace, Qt.Key.Key_Period)
    assert stopped == [task]


def test_a_button_that_goes_away_leaves_the_keyboard_with_the_primary(qtbot, workspace):
    screen = workspace.open("model_type")
    screen.back.setFocus()
    screen.back.hide()
    qtbot.waitUntil(screen.next.hasFocus)


def test_the_app_is_renamed_everywhere(workspace, monkeypatch, qtbot):
    monkeypatch.setattr(boxes, "ask_text", lambda *_a, **_k: "Kundenpost")
    with qtbot.waitSignal(workspace.renamed) as renamed:
        workspace.header.rename_asked.emit()
    assert renamed.args == ["Kundenpost"]
    assert workspace.header.app_button.text().strip() == "Kundenpost"
    assert workspace.rail.steps[0].note == "Kundenpost"


def test_a_name_that_cannot_be_is_refused_with_the_reason(workspace, monkeypatch):
    said = []
    monkeypatch.setattr(boxes, "ask_text", lambda *_a, **_k: "x" * 500)
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: said.append(error))
    workspace.header.rename_asked.emit()
    assert isinstance(said[0], UserError)
    assert workspace.session.name == "Letters"


def test_screens_that_are_not_open_look_again_when_they_come_up(workspace):
    workspace.open("concepts")
    workspace.open("app")
    workspace.session.do(edit_concepts, NewConcept("returns"))
    screen = workspace.open("concepts")
    assert screen.search.placeholderText() == "Search in 4 concepts"


def test_undo_is_named_in_the_header_and_takes_back_what_was_done(qtbot, open_app, labelled_app):
    workspace = open_app(labelled_app)
    session = workspace.session
    session.do(annotate, AnnotateRequest((1,), "Urgent"))
    assert workspace.header.undo_button.toolTip() == "Undo: label 1 text as Urgent (Ctrl+Z)"
    qtbot.keyClick(workspace, Qt.Key.Key_Z, CTRL)
    assert len(get_inputs(session.db, [1])[0].positive) == 1
    assert workspace.job_bar.what.text() == "Taken back: label 1 text as Urgent."
    assert workspace.header.redo_button.accessibleName() == "Redo: label 1 text as Urgent"
    qtbot.keyClick(workspace, Qt.Key.Key_Y, CTRL)
    assert len(get_inputs(session.db, [1])[0].positive) == 2
    assert not workspace.header.redo_button.isEnabled()


def test_a_long_step_is_taken_back_as_a_job(qtbot, open_app, labelled_app):
    workspace = open_app(labelled_app)
    workspace.session.do(edit_inputs, InputDeletion(InputFilter()))
    assert workspace.header.undo_button.accessibleName() == "Undo: delete 60 texts"
    with qtbot.waitSignal(workspace.undoing.done):
        workspace.header.undo_button.click()
    assert count_inputs(workspace.session.db) == 60
    assert workspace.job_bar.what.text() == "Taken back: delete 60 texts."


def test_files_dropped_on_any_screen_are_shown_as_texts_to_add(open_app, labelled_app, tmp_path):
    path = tmp_path / "more.csv"
    path.write_text("text,label\nOne,A\nTwo,B\n", encoding="utf-8")
    workspace = open_app(labelled_app)
    workspace.open("concepts")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    for kind in (QDragEnterEvent, QDropEvent):
        place = QPoint(5, 5) if kind is QDragEnterEvent else QPointF(5, 5)
        event = kind(place, Qt.DropAction.CopyAction, mime, LEFT_BUTTON, NO_KEYS)
        QApplication.sendEvent(workspace, event)
        assert event.isAccepted()
    assert workspace.current == "dataset"
    assert workspace.stack.currentWidget().importing.isVisible()


def test_a_check_is_shown_once_where_its_own_screen_is_open(qtbot, open_app, labelled_app):
    workspace = open_app(labelled_app)
    workspace.open("data_check")
    task = Task("Checking", Request(check_data), workspace.session.jobs)
    workspace.session.jobs.current = task
    workspace.session.jobs.changed.emit()
    assert workspace.job_bar.isHidden()
    assert workspace.header.saved_words().startswith("All changes saved")
    workspace.open("concepts")
    assert workspace.job_bar.isVisible()
    workspace.session.jobs.current = None


def test_pages_below_another_light_it_and_lead_back(workspace):
    for name in ("elsewhere", "keeping"):
        screen = workspace.open(name)
        assert workspace.rail.current == 0
        where = screen.where if name == "elsewhere" else screen.page.where
        where.back.click()
        assert workspace.current == "app"
    suggestions = workspace.open("suggestions")
    assert workspace.rail.current == -1
    assert workspace.rail._tools["labelling"].is_current
    suggestions.where.back.click()
    assert workspace.current == "labelling"


def test_labelling_many_says_what_was_done_and_how_to_take_it_back(qtbot, workspace):
    session = workspace.session
    request = AnnotateRequest(tuple(range(1, 41)), "urgent")
    session.start(annotate, request, title="Changing texts")
    said = "Done: label 40 texts as urgent. Ctrl+Z takes it back."
    qtbot.waitUntil(lambda: workspace.job_bar.what.text() == said)
