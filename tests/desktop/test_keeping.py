"""Backups by themselves, the screen of backups and repair, and an app that cannot be opened."""

from datetime import UTC, datetime, timedelta

import pytest

from core.app_folder import app_name
from core.errors import DiskFullError
from core.jobs import Job, Progress
from core.learning import embedders
from core.operations import annotate as labelling
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.back_up import BackUpRequest, back_up
from core.operations.draw_map import draw_map
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.find_topics import find_topics
from core.operations.index_texts import index_texts
from core.operations.suggest import suggest
from core.operations.train import train
from core.operations.undo import redo, undo
from core.operations.write_report import write_report
from core.storage import backups as stored
from core.storage.backups import list_backups
from core.storage.database import transaction
from core.storage.filters import count_inputs
from core.storage.thinning import Reason
from desktop import boxes, main_window
from desktop.keeping import BackingUp
from desktop.main_window import MainWindow
from desktop.saving import SavedSession
from desktop.screens.keeping.screen import KeepingScreen
from tests.core.conftest import FakeEmbedder
from tests.core.damage import damage_table
from tests.core.faults import TRAIN
from tests.desktop.inline_runner import InlineRunner

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def saved_session(app, qapp):
    add_texts(app, AddTextsRequest(("win a prize", "see you"), ("spam",)), Job())
    session = SavedSession(app, InlineRunner(), InlineRunner())
    yield session
    session.close()
    session.jobs.close()
    session.answers.close()


@pytest.fixture
def screen(qtbot, saved_session):
    screen = KeepingScreen(saved_session)
    qtbot.addWidget(screen)
    screen.resize(1064, 748)
    screen.show()
    return screen


@pytest.fixture
def yes(monkeypatch):
    """Say yes to every question, and keep what was asked."""
    asked = []
    monkeypatch.setattr(boxes, "ask", lambda *words: bool(asked.append(words[1:])) or True)
    return asked


def reasons(app):
    return [backup.reason for backup in list_backups(app.backups)]


def press(qtbot, screen, part):
    """Press a button and wait until what it started is over."""
    part.click()
    qtbot.waitUntil(lambda: screen.task is not None and screen.task.is_over)


# By itself


def test_an_app_is_backed_up_when_it_opens_and_then_only_if_it_changed(
    qtbot, saved_session, monkeypatch
):
    keeper = BackingUp(saved_session)
    qtbot.waitUntil(lambda: keeper.task.is_over)
    assert reasons(saved_session.app) == [Reason.TIME]
    saved_session.do(add_texts, AddTextsRequest(("one more",)))
    keeper.back_up()
    qtbot.waitUntil(lambda: keeper.task.is_over)
    assert len(reasons(saved_session.app)) == 1  # half an hour is not over
    later = datetime.now(UTC) + timedelta(minutes=31)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return later

    monkeypatch.setattr("core.operations.back_up.datetime", Later)
    for _again in range(2):
        keeper.back_up()
        qtbot.waitUntil(lambda: keeper.task.is_over)
    assert len(reasons(saved_session.app)) == 2


def test_a_backup_gives_way_to_what_the_analyst_starts_once_it_can_hear(qtbot, saved_session):
    keeper, jobs = BackingUp(saved_session), saved_session.jobs
    jobs.current = keeper.task
    jobs.waiting.clear()
    stopped = []
    keeper.task.stop = lambda: stopped.append(True)
    task = saved_session.start(add_texts, AddTextsRequest(("new",)), title="Adding")
    jobs.changed.emit()
    assert stopped == []  # its process is still starting, and would be ended
    keeper.task.progress = Progress("Copying texts and labels")
    for _again in range(2):
        jobs.changed.emit()
    assert stopped == [True]
    jobs.current = None
    jobs._next()
    qtbot.waitUntil(lambda: task.is_over)


def test_while_a_job_runs_a_backup_does_not_wait_for_it(qtbot, saved_session):
    busy = saved_session.jobs.start(add_texts, saved_session.app, title="Training")
    saved_session.jobs.waiting.clear()
    saved_session.jobs.current = busy
    task = saved_session.back_up_by_itself()
    qtbot.waitUntil(lambda: task.is_over)
    assert reasons(saved_session.app) == [Reason.TIME]
    saved_session.jobs.current = None


@pytest.mark.parametrize("operation", [find_topics, draw_map, index_texts, suggest, write_report])
def test_while_only_reading_goes_on_all_is_said_to_be_saved(saved_session, operation):
    busy = saved_session.jobs.start(operation, saved_session.app, title="Long")
    saved_session.jobs.waiting.clear()
    saved_session.jobs.current = busy
    assert saved_session.saved()[1] == "saved"
    saved_session.jobs.current = saved_session.jobs.start(add_texts, saved_session.app, title="Add")
    saved_session.jobs.waiting.clear()
    assert saved_session.saved() == ("Saving…", "saving")
    saved_session.jobs.current = None


def test_the_header_says_what_was_not_backed_up_until_it_is(qtbot, saved_session, monkeypatch):
    assert saved_session.saved()[0].startswith("All changes saved")
    with monkeypatch.context() as patch:

        def full(*_arguments):
            raise DiskFullError

        patch.setattr(stored, "copy_database", full)
        task = saved_session.back_up_by_itself()
        qtbot.waitUntil(lambda: task.is_over)
    words, state = saved_session.saved()
    assert state == "failed"
    assert "not backed up: the disk is full" in words
    saved_session.do(add_texts, AddTextsRequest(("one more",)))
    assert saved_session.saved()[1] == "failed"
    task = saved_session.back_up_by_itself()
    qtbot.waitUntil(lambda: task.is_over)
    assert saved_session.saved()[1] == "saved"


def test_a_change_that_was_not_kept_stays_said_until_one_is(qtbot, saved_session, monkeypatch):
    monkeypatch.setattr(embedders, "load", lambda _name: FakeEmbedder())
    session = saved_session
    session.do(add_texts, AddTextsRequest(("see you later", "at eight"), ("ham",)))
    with monkeypatch.context() as patch:

        def full(*_arguments):
            raise DiskFullError

        patch.setattr(labelling, "add_concepts", full)
        with pytest.raises(DiskFullError):
            session.do(annotate, AnnotateRequest((1,), "ham"))
    assert session.saved()[1] == "failed"
    for ends in (
        lambda: session.start(train, TRAIN, title="Training"),
        lambda: session.start(evaluate, EvaluateRequest("first", n_folds=2), title="Evaluating"),
        session.back_up_by_itself,
    ):
        task = ends()
        qtbot.waitUntil(lambda task=task: task.is_over)
        assert session.saved()[0].startswith("Not saved: ")
    session.do(annotate, AnnotateRequest((1,), "ham"))
    assert session.saved()[1] == "saved"


def test_what_is_undone_is_saved_at_once(saved_session):
    saved_session.do(add_texts, AddTextsRequest(("one more",)))
    saved_session.do(undo)
    assert saved_session.saved()[1] == "saved"
    with saved_session.app.database() as db:  # another program's view of the file
        assert count_inputs(db) == 2
    saved_session.do(redo)
    assert saved_session.saved()[1] == "saved"
    with saved_session.app.database() as db:
        assert count_inputs(db) == 3


# The screen


def test_the_screen_backs_up_now_and_lists_when_why_and_how_much(qtbot, screen):
    assert not screen.page.table.isVisible()
    assert not screen.page.go_back.isEnabled()
    press(qtbot, screen, screen.back_up)
    (row,) = ([screen.page.backups.index(0, column).data() for column in range(7)] for _once in "1")
    assert row[0].startswith("Today, ")
    assert row[1:6] == ["You asked for it", "2", "2", "1", "0"]
    assert screen.page.chosen.number == 1
    assert screen.page.go_back.isEnabled()
    assert "Backed up and checked" in screen.page.done.words.text()
    assert "Last backup: today" in screen.footer.note()


def test_going_back_asks_first_and_keeps_what_was_there(qtbot, screen, yes):
    press(qtbot, screen, screen.back_up)
    app = screen.session.app
    screen.session.do(add_texts, AddTextsRequest(("one more",)))
    press(qtbot, screen, screen.page.go_back)
    ((question, meaning, _act),) = yes
    assert question.startswith("Go back to the backup of today")
    assert "3 texts now and had 2 texts then" in meaning
    assert count_inputs(screen.session.db) == 2
    assert reasons(app) == [Reason.RESTORE, Reason.ASKED]
    assert "kept as backup 2" in screen.page.done.words.text()


def test_an_older_backup_is_deleted_after_a_question_and_the_newest_stays(qtbot, screen, yes):
    press(qtbot, screen, screen.back_up)
    assert not screen.page.delete.isEnabled()
    press(qtbot, screen, screen.back_up)
    screen.page.table.selectRow(1)
    screen.page.delete.click()
    assert "This is final." in yes[0][1]
    assert [backup.number for backup in screen.page.backups.backups] == [2]


def test_a_copy_of_a_backup_is_made_under_a_name(qtbot, screen, monkeypatch, home):
    press(qtbot, screen, screen.back_up)
    monkeypatch.setattr(boxes, "ask_text", lambda *_words, **_more: "As it was")
    press(qtbot, screen, screen.page.copy)
    assert app_name(home / "textwright" / "apps" / "As-it-was") == "As it was"
    assert "“As it was” is among your apps" in screen.page.done.words.text()


def test_a_sound_app_is_said_to_be_sound(qtbot, screen):
    press(qtbot, screen, screen.check)
    assert screen.page.done.words.text() == "Everything is as it should be."
    assert screen.page.found is None


def test_what_is_wrong_is_said_with_a_way_to_mend_it(qtbot, screen):
    with screen.session.app.database() as db, transaction(db):
        db.execute("UPDATE concepts SET n_positive = 9")
    press(qtbot, screen, screen.check)
    assert screen.page.found.heading.text() == "1 count is wrong."
    repair = screen.page._ways(screen.page.result)[0]
    assert repair.text() == "Repair"
    screen.page.repair_asked.emit()
    qtbot.waitUntil(lambda: screen.task.is_over)
    assert screen.page.found is None
    assert "Mended." in screen.page.done.words.text()


def test_a_damaged_database_offers_the_backup_and_what_can_be_read(qtbot, screen, yes):
    press(qtbot, screen, screen.back_up)
    screen.session.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damage_table(screen.session.app)
    press(qtbot, screen, screen.check)
    assert screen.page.found.heading.text() == "The database itself is damaged."
    labels = [way.text() for way in screen.page._ways(screen.page.result)]
    assert labels == ["Go back to the newest whole backup…", "Keep what can be read…"]
    with qtbot.waitSignal(screen.session.replaced):
        screen.page.salvage_asked.emit()
    assert "2 texts with 0 labels" in screen.page.done.words.text()


def test_what_goes_wrong_is_said_on_the_page(qtbot, screen, monkeypatch):
    def full(*_arguments):
        raise DiskFullError

    monkeypatch.setattr(stored, "copy_database", full)
    press(qtbot, screen, screen.back_up)
    assert "The disk is full" in screen.page.failed.words.text()
    assert screen.back_up.isEnabled()


# An app that cannot be opened


@pytest.fixture
def window(qtbot, monkeypatch):
    monkeypatch.setattr(main_window, "JobRunner", InlineRunner)
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def test_an_app_that_cannot_be_opened_goes_back_to_its_backup(qtbot, window, app, yes):
    add_texts(app, AddTextsRequest(("win a prize", "see you")), Job())
    back_up(app, BackUpRequest(), Job())
    app.file.write_text("no database")
    window.open_path(app.path)
    qtbot.waitUntil(lambda: window.session is not None)
    assert "2 texts" in yes[0][1]
    assert count_inputs(window.session.db) == 2


def test_without_a_backup_it_is_only_said(window, app, monkeypatch):
    said = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: said.append(error.next_step))
    app.file.write_text("no database")
    window.open_path(app.path)
    assert window.session is None
    assert said == ["Check and repair the app, or go back to one of its backups."]


def test_an_app_whose_file_was_put_in_place_is_opened_anew(qtbot, window, app):
    window.open_path(app.path)
    before = window.session
    before.replaced.emit()
    assert window.session is not before
    assert window.workspace.current == "keeping"
