"""What the window says when it did not end properly the last time."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from core.ends import take_lost
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.paths import logs_folder
from desktop import main_window
from desktop.main_window import MainWindow
from desktop.theme.apply import apply_theme
from desktop.widgets.wording import clock
from tests.core.faults import ROOT
from tests.desktop.inline_runner import InlineRunner

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot, monkeypatch, app):
    monkeypatch.setattr(main_window, "JobRunner", InlineRunner)
    add_texts(app, AddTextsRequest(("win a prize", "see you")), Job())
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def test_until_when_the_work_is_there_is_said_and_the_check_is_one_click_away(qtbot, window, app):
    saved = datetime.fromtimestamp(app.file.stat().st_mtime)
    window.start.tell_of_lost(app.path)
    said = window.start.ended.words.text()
    assert said == (
        f"Textwright did not end properly last time. Your work up to {clock(saved)} is there."
    )
    window.start.ended.act.click()
    assert window.workspace.current == "keeping"
    qtbot.waitUntil(window.workspace._screens["keeping"].page.done.isVisible)
    assert "Everything is as it should be." in (
        window.workspace._screens["keeping"].page.done.words.text()
    )
    assert not window.start.ended.isVisible()


def test_work_of_another_day_says_the_day(window, app):
    yesterday = datetime.now() - timedelta(days=1)
    for path in app.path.glob("app.db*"):
        os.utime(path, (yesterday.timestamp(), yesterday.timestamp()))
    window.start.tell_of_lost(app.path)
    assert f"Your work up to yesterday, {clock(yesterday)} is" in window.start.ended.words.text()


def test_without_an_app_it_is_only_said(window):
    window.start.tell_of_lost(None)
    assert "What was saved is there." in window.start.ended.words.text()
    assert not window.start.ended.act.isVisible()


def test_the_notice_fits_in_both_themes(qtbot, qapp, window, app, screenshots):
    window.resize(1280, 800)
    window.start.tell_of_lost(app.path)
    qtbot.wait(50)
    for theme in ("light", "dark") if screenshots else ():
        apply_theme(qapp, theme)
        qtbot.wait(100)
        screenshots(window, f"start-lost-{theme}")


RUN = """
import sys
from PySide6.QtCore import QTimer
from desktop import application

show = application.MainWindow.show
def shown(window):
    show(window)
    print("shown", window.start.ended.words.text(), flush=True)
    if sys.argv[1] == "close":
        QTimer.singleShot(200, window.close)
application.MainWindow.show = shown
sys.exit(application.start(["textwright"]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal on Windows")
def test_a_real_window_that_is_killed_says_so_at_its_next_start_and_never_again():
    def start(how):
        command = [sys.executable, "-c", RUN, how]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    process = start("stay")
    assert process.stdout.readline() == "shown \n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    for said in (True, False):
        process = start("close")
        assert ("did not end properly" in process.stdout.readline()) == said
        process.communicate()
        assert process.returncode == 0
    assert not take_lost()
    assert [path.name for path in logs_folder().glob("running-*")] == []
