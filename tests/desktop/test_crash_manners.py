"""What goes wrong unexpectedly is said once, with what was being done; the window goes on."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from core.app_folder import create_app_folder
from core.worker import WorkerLostError
from desktop import boxes, main_window
from desktop.application import FaultHook
from desktop.boxes import Box
from desktop.main_window import MainWindow
from desktop.runner import BugError, JobRunner
from desktop.theme.apply import apply_theme
from desktop.workspace import Workspace
from tests.desktop import operations
from tests.desktop.inline_runner import InlineRunner

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
MARKER = "zqxsecret"


@pytest.fixture
def window(qtbot, monkeypatch):
    monkeypatch.setattr(main_window, "JobRunner", InlineRunner)
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


@pytest.fixture
def told(monkeypatch):
    """Return what the boxes were asked to show."""
    told = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: told.append(error))
    return told


def mistake(words=MARKER):
    try:
        float(words)
    except ValueError as error:
        return error


def test_a_mistake_is_told_once_with_where_and_without_texts(window, told, app, caplog):
    hook = FaultHook(window)
    window.open_path(app.path)
    window.workspace.open("concepts")
    for _time in range(3):
        error = mistake()
        hook(type(error), error, error.__traceback__)
    (shown,) = told
    assert isinstance(shown, BugError)
    assert shown.doing == "Concepts"
    assert "Doing: concepts" in shown.report
    assert MARKER not in shown.report
    assert caplog.text.count("A mistake of ours") == 1
    assert window.workspace.isVisible()
    caplog.clear()


def test_a_mistake_while_another_is_told_waits_in_the_log_alone(window, monkeypatch, caplog):
    hook = FaultHook(window)
    seen = []

    def show(_parent, error):
        seen.append(error)
        other = ZeroDivisionError("another")
        hook(type(other), other, None)

    monkeypatch.setattr(boxes, "show_error", show)
    error = mistake()
    hook(type(error), error, error.__traceback__)
    assert len(seen) == 1
    assert caplog.text.count("A mistake of ours") == 2
    caplog.clear()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_mistake_in_a_slot_leaves_the_window_working(qtbot, qapp, window, told, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", FaultHook(window))
    with qtbot.captureExceptions() as caught:
        QTimer.singleShot(0, lambda: float(MARKER))
        qtbot.waitUntil(lambda: bool(caught))
    assert window.start.create_button.isEnabled()


def test_what_a_mistake_in_the_background_was_doing_is_told(qtbot):
    runner = JobRunner()
    task = runner.start(operations.break_down, title="Training “Letters”")
    with qtbot.waitSignal(task.failed, timeout=20_000) as failed:
        pass
    (error,) = failed.args
    assert error.doing == "Training “Letters”"
    assert "Doing: break_down" in error.report
    assert "Letters" not in error.report
    runner.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize(
    ("operation", "words", "reported"),
    [(operations.die, "its memory was full", ""), (operations.crash, "unexpectedly", "in crash")],
)
def test_how_a_worker_died_is_told_in_words_and_where(qtbot, operation, words, reported):
    runner = JobRunner()
    with qtbot.waitSignal(runner.start(operation).failed, timeout=20_000) as failed:
        pass
    (error,) = failed.args
    assert isinstance(error, WorkerLostError)
    assert words in str(error)
    assert reported in error.report
    runner.close()


class DyingRunner(InlineRunner):
    """Loses its process at the first task."""

    has_died = False

    def _next(self):
        if self.has_died:
            super()._next()
        elif self.waiting:
            self.has_died = True
            self.current = self.waiting.popleft()
            self.current.begin()
            self.changed.emit()
            self._settle(self.current.failed, WorkerLostError())


def test_a_job_whose_process_was_lost_is_offered_again(qtbot, tmp_path):
    from core.jobs import Job
    from core.operations.add_texts import AddTextsRequest, add_texts
    from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
    from desktop.saving import SavedSession

    app = create_app_folder("A", tmp_path / "a")
    add_texts(app, AddTextsRequest(("A letter",)), Job())
    session = SavedSession(app, DyingRunner(), InlineRunner())
    workspace = Workspace(session)
    qtbot.addWidget(workspace)
    workspace.show()
    task = session.start(freeze_dataset, FreezeRequest(), title="Freezing")
    with qtbot.waitSignal(task.ended):
        pass
    assert workspace.job_bar.link.text() == "Start it again"
    assert "ended unexpectedly" in workspace.job_bar.what.text()
    workspace.job_bar.link.click()
    qtbot.waitUntil(lambda: "is kept" in workspace.job_bar.what.text())
    session.close()


def test_what_ended_the_program_is_offered_at_the_next_start(qtbot, window, monkeypatch):
    shown = []
    monkeypatch.setattr(boxes, "show_last_end", lambda _parent, report: shown.append(report))
    window.start.tell_of_end("")
    assert not window.start.ended.isVisible()
    window.start.tell_of_end("Segmentation fault")
    assert window.start.ended.isVisible()
    window.start.ended.act.click()
    assert shown == ["Segmentation fault"]
    assert not window.start.ended.isVisible()


def test_the_report_can_be_read_and_copied(qtbot, screenshots):
    report = 'Textwright 0.4.0\n\n  File "core/worker.py", line 7, in serve\nSegmentation fault'
    for name, show in (
        ("fault", lambda: boxes.show_fault(None, report, "Training “Letters”")),
        ("last-end", lambda: boxes.show_last_end(None, report)),
    ):

        def act(name=name):
            box = QApplication.activeModalWidget()
            assert isinstance(box, Box)
            buttons = {one.text().strip(): one for one in box.findChildren(QPushButton)}
            for theme in ("light", "dark") if screenshots else ():
                apply_theme(QApplication.instance(), theme)
                screenshots(box, f"{name}-{theme}")
            buttons["Copy report"].click()
            buttons["Continue"].click()

        QTimer.singleShot(50, act)
        show()
        assert QApplication.clipboard().text() == report


def test_the_start_screen_tells_of_the_last_end_in_both_themes(qtbot, qapp, window, screenshots):
    window.resize(1280, 800)
    window.start.tell_of_end("Segmentation fault")
    qtbot.wait(50)
    for theme in ("light", "dark") if screenshots else ():
        apply_theme(qapp, theme)
        qtbot.wait(100)
        screenshots(window, f"start-ended-{theme}")


UNCAUGHT = """
import threading
from PySide6.QtCore import QTimer

def test_slot(qtbot):
    QTimer.singleShot(0, lambda: float("slot"))
    qtbot.wait(50)

def test_virtual_method(qtbot):
    from PySide6.QtWidgets import QWidget
    class Broken(QWidget):
        def paintEvent(self, event):
            float("paint")
    widget = Broken()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.wait(100)

def test_thread():
    thread = threading.Thread(target=float, args=("thread",))
    thread.start()
    thread.join()

def test_end():
    class Broken:
        def __del__(self):
            float("end")
    Broken()

def test_log():
    import logging
    logging.getLogger("core").warning("unexpected")
"""


def test_what_nobody_catches_in_a_slot_a_thread_or_at_an_end_fails_a_test(tmp_path):
    root = Path(__file__).resolve().parents[2]
    (tmp_path / "test_uncaught.py").write_text(UNCAUGHT)
    (tmp_path / "conftest.py").write_text((root / "tests" / "conftest.py").read_text())
    ours = ("-c", root / "pyproject.toml", "--rootdir", tmp_path, "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *ours, tmp_path / "test_uncaught.py"],
        capture_output=True, text=True, check=False, cwd=root,
    )  # fmt: skip
    failed = set(re.findall(r"^(?:FAILED|ERROR) \S+::(\w+)", done.stdout, re.MULTILINE))
    wanted = set(re.findall(r"def (test_\w+)", UNCAUGHT))
    assert failed == wanted, done.stdout[-2_000:]
