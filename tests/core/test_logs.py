"""What ended a process is told at the next start, once, without names of folders."""

import subprocess
import sys

import pytest

from core.jobs import Job
from core.logs import stop_watching, take_last_end, watch_for_end
from core.paths import logs_folder
from core.worker import WorkerLostError, run_apart
from tests.core.test_house import ROOT
from tests.desktop import operations

CRASH = "from core.logs import watch_for_end; import faulthandler\nwatch_for_end()\n"


def ended(code):
    return subprocess.run(
        [sys.executable, "-c", CRASH + code], cwd=ROOT, capture_output=True, check=False
    )


def test_where_a_process_crashed_is_told_once():
    code = "def deep():\n    faulthandler._sigsegv()\ndeep()"
    assert ended(code).returncode != 0
    said = take_last_end()
    assert said.startswith("Textwright ")
    assert "Segmentation fault" in said
    assert "in deep" in said
    assert take_last_end() == ""
    assert list(logs_folder().iterdir()) == []


def test_a_process_that_ends_as_it_should_leaves_nothing():
    assert ended("from core.logs import stop_watching; stop_watching()").returncode == 0
    assert list(logs_folder().iterdir()) == []
    assert ended("import os; os._exit(1)").returncode == 1  # killed, with nothing to tell
    assert take_last_end() == ""
    assert list(logs_folder().iterdir()) == []


def test_traces_of_processes_that_go_on_are_left_alone():
    watch_for_end()
    try:
        (trace,) = logs_folder().iterdir()
        trace.write_text("still running", encoding="utf-8")
        assert take_last_end() == ""
        assert trace.exists()
    finally:
        stop_watching()
    assert not trace.exists()


def test_paths_of_a_trace_begin_at_the_program():
    logs_folder().mkdir(parents=True)
    trace = f'  File "{ROOT}/core/worker.py", line 7 in serve\n  File "/a/b/c/lib.py", line 1 in f'
    (logs_folder() / "ended-999999999.txt").write_text(trace, encoding="utf-8")
    said = take_last_end()
    assert 'File "core/worker.py", line 7 in serve' in said
    assert 'File "c/lib.py"' in said


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_worker_that_crashed_leaves_where_it_was():
    with pytest.raises(WorkerLostError) as lost:
        run_apart(operations.crash, job=Job())
    assert "memory" not in str(lost.value)
    assert "in crash" in take_last_end()
