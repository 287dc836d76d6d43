"""Operations in a real worker process."""

import os

import pytest

from core.errors import UserError
from core.jobs import Progress, Trial
from core.worker import WorkerLostError
from desktop.runner import BugError, JobRunner
from tests.desktop import operations


@pytest.fixture
def runner(qapp):
    runner = JobRunner()
    yield runner
    runner.close()


def test_a_result_and_what_was_reported_come_back(qtbot, runner):
    task = runner.start(operations.add, 2, 3, title="Adding numbers")
    with qtbot.waitSignal(task.succeeded, timeout=20_000) as done:
        pass
    assert done.args == [5]
    assert task.progress == Progress("Adding", 1, 2)
    assert task.log == ["a line for the log"]
    assert task.trials == [Trial("candidate", 0.5)]
    assert task.is_over
    assert [stage for stage, _when in task.stages] == ["Adding"]


def test_tasks_run_one_after_the_other(qtbot, runner):
    first, second = (runner.start(operations.add, i, 0, title=str(i)) for i in (1, 2))
    ended = []
    first.ended.connect(lambda: ended.append(1))
    second.ended.connect(lambda: ended.append(2))
    with qtbot.waitSignal(second.ended, timeout=20_000):
        pass
    assert ended == [1, 2]


def test_what_can_be_put_right_comes_back_with_its_next_step(qtbot, runner):
    with qtbot.waitSignal(runner.start(operations.refuse).failed, timeout=20_000) as failed:
        pass
    (error,) = failed.args
    assert isinstance(error, UserError)
    assert (str(error), error.next_step) == ("It cannot be done.", "Do something else.")


def test_a_mistake_of_ours_comes_back_with_a_report(qtbot, runner):
    with qtbot.waitSignal(runner.start(operations.break_down).failed, timeout=20_000) as failed:
        pass
    (error,) = failed.args
    assert isinstance(error, BugError)
    assert "ZeroDivisionError: a mistake of ours" in error.report


def test_a_running_task_can_be_stopped(qtbot, runner):
    task = runner.start(operations.count_forever)
    with qtbot.waitSignal(task.updated, timeout=20_000):
        pass
    with qtbot.waitSignal(task.stopped, timeout=20_000):
        task.stop()
    with qtbot.waitSignal(runner.start(operations.add, 1, 1).succeeded, timeout=20_000):
        pass


def test_a_waiting_task_can_be_stopped(qtbot, runner):
    running = runner.start(operations.count_forever)
    waiting = runner.start(operations.add, 1, 1)
    with qtbot.waitSignal(waiting.stopped):
        waiting.stop()
    with qtbot.waitSignal(running.updated, timeout=20_000):
        pass
    assert waiting.is_over


def test_a_task_that_does_not_notice_is_ended(qtbot):
    impatient = JobRunner(patience_ms=50)
    task = impatient.start(operations.never_report)
    with qtbot.waitSignals([task.stopped, impatient.lost], timeout=20_000):
        with qtbot.waitSignal(task.updated, timeout=20_000):
            pass
        task.stop()
    impatient.close()


def test_a_killed_worker_is_noticed_and_the_next_task_runs(qtbot, runner):
    task = runner.start(operations.die)
    lost = []
    runner.lost.connect(lambda: lost.append(True))
    with qtbot.waitSignal(task.failed, timeout=20_000) as failed:
        pass
    (error,) = failed.args
    assert lost
    assert isinstance(error, WorkerLostError)
    with qtbot.waitSignal(runner.start(operations.add, 1, 1).succeeded, timeout=20_000):
        pass


def test_the_worker_never_loads_qt(qtbot, runner):
    task = runner.start(operations.says_what_is_loaded)
    with qtbot.waitSignal(task.succeeded, timeout=20_000) as done:
        pass
    assert done.args == [[]]


def test_closing_ends_the_process(qtbot, runner):
    task = runner.start(operations.count_forever)
    with qtbot.waitSignal(task.updated, timeout=20_000):
        pass
    with qtbot.waitSignal(task.updated, timeout=20_000):
        pass
    process = runner._worker.process
    pid = process.pid
    runner.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
