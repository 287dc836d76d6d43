"""A window that was killed without a trace is told of at the next start, once."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from core.ends import MARK, last_saved, note_end, note_start, take_lost
from core.holder import began
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.paths import logs_folder
from tests.core.faults import ROOT

START = "import sys; from core.ends import *; note_start(); print('on', flush=True);"


def started(code=""):
    return subprocess.Popen(
        [sys.executable, "-c", f"{START} {code} sys.stdin.read()"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def ended(process):
    process.communicate()
    return process.returncode


def test_a_window_that_was_killed_is_told_of_once():
    process = started()
    assert process.stdout.readline() == b"on\n"
    process.kill()
    ended(process)
    (mark,) = logs_folder().iterdir()
    assert json.loads(mark.read_text()).keys() == {"began"}  # no name, no folder, no text
    assert take_lost()
    assert not take_lost()
    assert list(logs_folder().iterdir()) == []


def test_a_window_that_ends_as_it_should_is_not_told_of():
    process = started("note_end();")
    assert process.stdout.readline() == b"on\n"
    assert ended(process) == 0
    assert not take_lost()


def test_a_second_window_is_told_nothing_of_the_first_which_runs():
    note_start()
    assert not take_lost()
    assert not take_lost()
    note_end()
    assert list(logs_folder().iterdir()) == []


def test_a_process_that_has_the_number_of_one_that_is_gone_is_not_it():
    note_start()
    mark = logs_folder() / MARK.format(process=os.getpid())
    mark.write_text(json.dumps({"began": began(os.getpid()) - 60}))
    assert take_lost()


@pytest.mark.parametrize("words", ["", "{", "[1]", "null", '{"began": "x"}', "[" * 9_000])
def test_a_mark_that_cannot_be_read_is_cleared_away(words):
    logs_folder().mkdir(parents=True)
    (logs_folder() / MARK.format(process=999_999_999)).write_text(words)
    assert take_lost()
    assert not take_lost()


def test_a_home_that_cannot_be_written_to_keeps_no_window_from_starting(home):
    (home / "textwright" / "logs").write_text("in the way")
    note_start()
    note_end()
    assert not take_lost()


def test_when_something_was_saved_last_is_known_of_an_app(app, tmp_path):
    before = datetime.now(UTC)
    add_texts(app, AddTextsRequest(("a text",)), Job())
    assert abs((last_saved(app.path) - before).total_seconds()) < 60
    assert last_saved(tmp_path / "gone") is None
