"""Two at one app: one writes at a time, the other is told who; what a dead one left is no lock."""

import json
import os
import platform
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict

import pytest
from filelock import FileLock

from core.app_folder import AppFolder, AppInUseError, AppMissingError, HeldElsewhereError
from core.holder import NOTE, find_holder, this_process
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.storage.filters import count_inputs
from tests.core.faults import ROOT, state

WINDOW = """
import sys
from pathlib import Path
from core.app_folder import AppFolder
from core.holder import be_the_window
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts

be_the_window()
app = AppFolder(Path(sys.argv[1]))
with app.locked():
    print("open", flush=True)
    for line in sys.stdin:
        add_texts(app, AddTextsRequest((line.strip(),)), Job())
        print("saved", flush=True)
"""


@contextmanager
def window_of(app):
    """Have the app open in another process, which adds each line that it is given."""
    process = subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(app.path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        assert process.stdout.readline() == "open\n"
        yield process
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def say(process, line):
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    assert process.stdout.readline() == "saved\n"


def note(app, **changed):
    (app.path / NOTE).write_text(json.dumps(asdict(this_process()) | changed))


def test_the_second_is_told_who_has_it_on_which_computer_and_since_when(labelled_app):
    with window_of(labelled_app) as process:
        holder = find_holder(labelled_app.path)
        assert (holder.program, holder.process) == ("window", process.pid)
        assert holder.is_running
        with pytest.raises(AppInUseError) as refused, labelled_app.locked():
            pass
        said = str(refused.value)
        assert "already open: a window of " in said
        assert f" on {platform.node()}, since " in said
        assert said.endswith(".")
        assert refused.value.next_step == "Close it there, then try again."
        assert find_holder(labelled_app.path) == holder
    assert not (labelled_app.path / NOTE).exists()


def test_a_command_beside_a_window_reads_what_it_wrote_and_writes_when_it_is_closed(
    labelled_app, run, refused
):
    with window_of(labelled_app) as process:
        say(process, "written by the window")
        assert "written by the window" in run("inputs", labelled_app.path, "--search", "window")
        assert "a window of " in refused("add", labelled_app.path, "by the command")[0]
        say(process, "once more")
    run("add", labelled_app.path, "by the command")
    with labelled_app.locked(), labelled_app.database() as db:
        assert count_inputs(db) == 23


def test_a_window_sees_what_commands_did_while_it_was_closed_and_neither_loses_any(labelled_app):
    n = 20
    for turn in range(2):
        with window_of(labelled_app) as process:
            say(process, f"window {turn}")
        with labelled_app.locked():
            annotate(labelled_app, AnnotateRequest((turn + 1,), "seen"), Job())
            add_texts(labelled_app, AddTextsRequest((f"command {turn}",)), Job())
        n += 2
        with labelled_app.database() as db:
            assert count_inputs(db) == n
            (seen,) = db.execute("SELECT n_positive FROM concepts WHERE name = 'seen'").fetchone()
    assert seen == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal on Windows")
def test_the_lock_of_a_killed_window_is_none_and_its_note_goes(labelled_app):
    with window_of(labelled_app) as process:
        say(process, "the last that was saved")
        process.kill()
        process.wait()
        assert find_holder(labelled_app.path).process == process.pid
        assert not find_holder(labelled_app.path).is_running
        with labelled_app.locked(), labelled_app.database() as db:
            assert find_holder(labelled_app.path).process == os.getpid()
            assert count_inputs(db) == 21
        assert not (labelled_app.path / NOTE).exists()


def no_locks(*_words, **_named):
    raise NotImplementedError("FileSystem does not appear to support flock")


def test_where_a_folder_knows_no_locks_a_process_with_the_same_number_is_another(
    labelled_app, monkeypatch
):
    monkeypatch.setattr(FileLock, "acquire", no_locks)
    note(labelled_app)  # this process has it, and runs
    with pytest.raises(AppInUseError), labelled_app.locked():
        pass
    note(labelled_app, began=this_process().began - 3600)  # its number went to us
    with labelled_app.locked():
        assert find_holder(labelled_app.path) is not None
    note(labelled_app, process=2_000_000_000)
    with labelled_app.locked():
        pass
    assert not (labelled_app.path / NOTE).exists()


def test_a_computer_is_the_same_in_another_network_and_after_its_clock_was_set(labelled_app):
    name, ours = platform.node().partition(".")[0], this_process()
    note(labelled_app, computer=f"{name}.fritz.box", began=ours.began + 1)
    assert find_holder(labelled_app.path).is_running
    note(labelled_app, computer=f"{name}.local", process=2_000_000_000)  # it was killed there
    with labelled_app.locked():
        pass


def test_what_another_computer_has_open_is_asked_about_and_never_taken(labelled_app, run, refused):
    before = state(labelled_app)
    note(labelled_app, computer="desk-3", user="Ada", program="window")
    kept = (labelled_app.path / NOTE).read_bytes()
    ada = "a window of Ada on desk-3"
    with pytest.raises(HeldElsewhereError, match=ada) as told, labelled_app.locked():
        pass
    assert NOTE in told.value.next_step
    what, _next_step = refused("add", labelled_app.path, "from here")
    assert "Ada on desk-3" in what
    assert (labelled_app.path / NOTE).read_bytes() == kept
    assert state(labelled_app) == before
    (labelled_app.path / NOTE).unlink()
    run("add", labelled_app.path, "from here")


@pytest.mark.parametrize(
    "words", ["", "{", "[]", "null", '{"program": 1}', '"' + "x" * 9_000 + '"', "[" * 5_000]
)
def test_a_note_that_is_none_keeps_nobody_out(labelled_app, words):
    (labelled_app.path / NOTE).write_text(words)
    with labelled_app.locked():
        pass


def test_a_note_with_a_wrong_day_or_a_long_name_is_none(labelled_app):
    for changed in ({"since": "yesterday"}, {"user": "u" * 500}, {"process": "1"}):
        note(labelled_app, computer="desk-3", **changed)
        assert find_holder(labelled_app.path) is None


def test_a_folder_that_takes_no_note_can_still_be_opened(labelled_app):
    (labelled_app.path / NOTE).mkdir()  # nothing can be written there
    with labelled_app.locked():
        assert find_holder(labelled_app.path) is None


def test_what_is_locked_is_there(tmp_path):
    with pytest.raises(AppMissingError), AppFolder(tmp_path / "gone").locked():
        pass
    assert not (tmp_path / "gone").exists()
