"""Short of memory, and a computer that sleeps: the window goes on, and so does the work."""

import os
import signal
import sys

import pytest
from PySide6.QtCore import QTimer

from core.errors import OutOfMemoryError
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from desktop.runner import JobRunner
from desktop.saving import SavedSession
from desktop.workspace import Workspace
from tests.core import limits
from tests.desktop.inline_runner import InlineRunner

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_job_that_runs_out_of_memory_is_told_and_offered_again(qtbot, app):
    add_texts(app, AddTextsRequest(("A letter",)), Job())
    session = SavedSession(app, InlineRunner(), InlineRunner())
    workspace = Workspace(session)
    qtbot.addWidget(workspace)
    workspace.show()
    task = session.start(limits.ask_for_all_memory, title="Training “Letters”")
    with qtbot.waitSignal(task.failed) as failed:
        pass
    assert isinstance(failed.args[0], OutOfMemoryError)
    assert "too little memory" in workspace.job_bar.what.text()
    assert workspace.job_bar.link.text() == "Start it again"
    assert workspace.header.saved_words().startswith("All changes saved")
    workspace.job_bar.link.click()
    qtbot.waitUntil(lambda: session.jobs.current is None and not session.jobs.waiting)
    assert workspace.job_bar.link.text() == "Start it again"
    session.close()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows suspends otherwise")
def test_work_goes_on_after_the_computer_slept(qtbot):
    runner = JobRunner()
    task = runner.start(limits.count_slowly)
    qtbot.waitUntil(lambda: task.progress.done > 2, timeout=30_000)
    process = runner._worker.process.pid
    os.kill(process, signal.SIGSTOP)
    ticks = []
    timer = QTimer(interval=20)
    timer.timeout.connect(lambda: ticks.append(task.progress.done))
    timer.start()
    qtbot.waitUntil(lambda: len(ticks) > 30)
    assert ticks[-1] == ticks[-10]  # it stands still, and the window does not
    assert not task.is_over
    os.kill(process, signal.SIGCONT)
    with qtbot.waitSignal(task.succeeded, timeout=30_000) as done:
        pass
    assert done.args == [50]
    timer.stop()
    runner.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal on Windows")
def test_work_that_sleeps_can_be_stopped(qtbot):
    runner = JobRunner(patience_ms=200)
    task = runner.start(limits.count_slowly)
    qtbot.waitUntil(lambda: task.progress.done > 2, timeout=30_000)
    os.kill(runner._worker.process.pid, signal.SIGSTOP)
    with qtbot.waitSignal(task.stopped, timeout=10_000):
        task.stop()
    runner.close()
