"""The app's folder goes away, cannot be written to, or is another one: said, and nothing hangs."""

import json
import os
import shutil
import sqlite3
import sys
from dataclasses import asdict

import pytest
from PySide6.QtWidgets import QApplication

from core.app_folder import AppFolder
from core.errors import NotWritableError
from core.files import preview
from core.holder import NOTE, this_process
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.undo import undo
from core.storage.database import AppUnreachableError
from desktop import boxes, main_window
from desktop.application import FaultHook
from desktop.main_window import MainWindow
from desktop.theme.apply import apply_theme
from tests.core.failing_writes import Faults, failing
from tests.core.faults import state
from tests.desktop.inline_runner import InlineRunner

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot, monkeypatch, app):
    monkeypatch.setattr(main_window, "JobRunner", InlineRunner)
    for texts, concept in ((("win a prize",), "spam"), (("see you", "so long"), "ham")):
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    add_texts(app, AddTextsRequest(("first unread", "second unread")), Job())
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.open_path(app.path)
    settle(qtbot, window)
    yield window
    window.close()


@pytest.fixture
def told(monkeypatch):
    told = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: told.append(error))
    return told


def settle(qtbot, window):
    jobs = window.session.jobs
    qtbot.waitUntil(lambda: jobs.current is None and not jobs.waiting)


def header(window):
    return window.workspace.header.saved_words()


def n_labels(app):
    with app.database() as db:
        return db.execute("SELECT COUNT(*) FROM annotations").fetchone()[0]


def label(window):
    """Label the text that the labelling screen shows, and return the screen."""
    screen = window.workspace.open("labelling")
    screen.choose(next(iter(screen.concepts)))
    return screen


def test_a_folder_that_is_taken_away_is_said_and_its_label_is_not_shown_as_saved(
    qtbot, window, app
):
    before, moment = n_labels(app), header(window)
    away = app.path.rename(app.path.with_name("pulled out"))
    screen = label(window)
    place = screen.queue.place
    assert "cannot be reached any more" in screen.footer.note()
    assert "put the folder back" in screen.footer.note()
    assert screen.queue.place == place == 0  # it does not go on
    assert screen.queue.current().positive == ()
    assert "connect its disk or put it back" in header(window)
    with pytest.raises(AppUnreachableError):
        window.session.do(freeze_dataset, FreezeRequest())
    away.rename(app.path)
    window.session.look_at_folder()
    assert header(window).startswith("Not saved: ")  # what failed was not done since
    screen.choose(next(iter(screen.concepts)))
    assert header(window).startswith(moment[:17])
    assert n_labels(app) == before + 1


def test_a_folder_that_goes_while_nobody_does_anything_is_said_until_it_is_back(qtbot, window, app):
    window.session.look_at_folder()
    assert header(window).startswith("All changes saved")
    away = app.path.rename(app.path.with_name("renamed"))
    window.session.look_at_folder()
    assert "cannot be reached any more" in header(window)
    task = window.session.start(freeze_dataset, FreezeRequest(), title="Freezing")
    qtbot.waitUntil(lambda: task.is_over)
    assert "cannot be reached any more" in window.workspace.job_bar.what.text()
    away.rename(app.path)
    window.session.look_at_folder()
    assert window.session.saved()[1] == "failed"  # the version that was asked for is not there
    window.session.do(freeze_dataset, FreezeRequest())
    assert header(window).startswith("All changes saved")


def test_a_folder_that_was_copied_back_is_opened_anew_on_the_same_screen(qtbot, window, app):
    screen, session = label(window), window.session
    n = n_labels(app)
    copy = shutil.copytree(app.path, app.path.with_name("copy"))
    shutil.rmtree(app.path)
    window.session.look_at_folder()
    assert "cannot be reached" in header(window)
    shutil.copytree(copy, app.path)
    window.session.look_at_folder()
    settle(qtbot, window)
    assert window.session is not session
    assert window.workspace.current == "labelling"
    assert label(window) is not screen
    assert n_labels(AppFolder(app.path)) == n + 1
    assert header(window).startswith("All changes saved")


def test_an_app_whose_folder_is_gone_can_be_left_and_the_window_closed(window, app):
    shutil.rmtree(app.path)
    window.leave()
    assert window.session is None
    assert not app.path.exists()
    window.close()


def test_an_app_that_did_not_come_back_whole_ends_at_the_start(qtbot, window, app, told):
    database = app.file.read_bytes()
    shutil.rmtree(app.path)
    app.path.mkdir()
    app.file.write_bytes(database[:3_000])
    window.session.look_at_folder()
    assert window.session is None
    assert window.centralWidget().currentWidget() is window.start
    assert told[0].next_step


@pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are POSIX's")
def test_a_folder_that_may_only_be_read_is_said_and_works_again(window, app, monkeypatch):
    def refuse(*_words, **_named):
        raise NotWritableError(str(app.path))

    before = n_labels(app)
    with monkeypatch.context() as patch:
        patch.setattr("core.operations.annotate.in_parts", refuse)
        screen = label(window)
        assert "cannot be written to" in screen.footer.note()
        assert "Allow writing there" in screen.footer.note()
        assert "cannot be written to" in header(window)
        assert n_labels(app) == before
    screen.choose(next(iter(screen.concepts)))
    assert n_labels(app) == before + 1
    assert header(window).startswith("All changes saved")


def test_a_disk_that_fails_while_it_is_read_is_no_mistake_of_ours(window, told):
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    hook = FaultHook(window)
    for _once in range(3):
        hook(type(error), error, error.__traceback__)
    assert [str(one).endswith("cannot be reached any more.") for one in told] == [True]


# Held by somebody else


def test_an_app_that_another_computer_did_not_close_is_asked_about(qtbot, window, app, monkeypatch):
    window.leave()
    note = app.path / NOTE
    note.write_text(json.dumps(asdict(this_process()) | {"computer": "desk-3", "user": "Ada"}))
    asked, answer = [], [False]
    monkeypatch.setattr(boxes, "ask", lambda *words: asked.append(words[1:]) or answer[0])
    window.open_path(app.path)
    assert window.session is None
    assert "Ada on desk-3" in asked[0][0]
    assert "can damage it" in asked[0][1]
    assert "desk-3" in note.read_text()
    answer[0] = True
    window.open_path(app.path)
    assert window.session is not None
    assert os.getpid() == json.loads(note.read_text())["process"]
    window.leave()
    assert not note.exists()


# Folders that others write to


def test_a_folder_that_is_synchronised_is_warned_of_once(
    qtbot, window, app, screenshots, monkeypatch
):
    assert window.workspace.place.isHidden()
    window.leave()
    moved = app.path.parent / "Dropbox" / "letters"
    moved.parent.mkdir()
    app.path.rename(moved)
    window.open_path(moved)
    settle(qtbot, window)
    notice = window.workspace.place
    assert notice.isVisible()
    assert "Dropbox synchronises" in notice.words.text()
    qtbot.wait(50)
    for theme in ("light", "dark") if screenshots else ():
        apply_theme(QApplication.instance(), theme)
        qtbot.wait(100)
        screenshots(window, f"place-{theme}")
    notice.act.click()
    assert notice.isHidden()
    window.leave()
    window.open_path(moved)
    settle(qtbot, window)
    assert window.workspace.place.isHidden()


# A disk that is full


def test_what_a_full_disk_left_half_done_is_taken_back_when_there_is_room_and_stays_marked(
    qtbot, window, app, tmp_path, monkeypatch
):
    monkeypatch.setattr("core.operations.import_texts.BATCH", 20)
    path = tmp_path / "many.csv"
    path.write_text("text,label\n" + "".join(f"text {i},c{i % 3}\n" for i in range(100)))
    request = ImportRequest(path, preview(path).mapping)
    with failing(Faults(app.path)) as counted:
        import_texts(app, request, Job())
    undo(app, Job())
    before = state(app)
    with failing(Faults(app.path, at=counted.n // 2, lasts=True)):
        task = window.session.start(import_texts, request, title="Adding texts")
        qtbot.waitUntil(lambda: task.is_over)
        window.session.look_at_folder()
        assert "disk is full" in header(window)
        n_open = "SELECT COUNT(*) FROM steps WHERE state = 'open'"
        assert window.session.db.execute(n_open).fetchone() == (1,)
    assert "has too little room (" in window.workspace.job_bar.what.text()
    assert "left). Free some room" in window.workspace.job_bar.what.text()
    window.session.look_at_folder()
    assert state(app) == before
    assert header(window) == "Not saved: the disk is full"
    task = window.session.start(import_texts, request, title="Adding texts")
    qtbot.waitUntil(lambda: task.is_over)
    assert header(window).startswith("All changes saved")
