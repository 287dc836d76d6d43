"""Nothing leaves this computer: switched off, forbidden and counted, and no network at all."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core import SWITCHED_OFF, cli
from core.errors import UserError
from core.jobs import Job, JobCancelled
from core.offline import Attempt
from core.self_test import LoopStep, SelfTestResult
from core.worker import BrokenApartError, WorkerLostError, run_apart
from tests.core.test_house import ROOT, run_python
from tests.desktop import operations

LOOP = ("create", "import", "label", "train", "try", "predict", "export")
ASK = """
import json, socket, subprocess, sys, urllib.request
from core.offline import count_refused_by_system, forbid_network, leave_network
{before}
watch = forbid_network()
{ask}
print(json.dumps([[a.what, a.address, a.where] for a in watch.attempts] + watch.programs))
"""
TRY = "\ntry:\n    {}\nexcept OSError as error:\n    print(error, file=sys.stderr)"


def asked_for(*ways, before=""):
    """Return what was noted when a fresh Python asks for the network in some ways."""
    ended = run_python(ASK.format(before=before, ask="".join(TRY.format(way) for way in ways)))
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def alone():
    """Return the command that runs another one without a network, or skip."""
    command = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("this system allows no network namespaces")
    return command


def test_libraries_are_switched_off_whatever_the_environment_says():
    ended = run_python(
        "import core, os, huggingface_hub.constants as hub\n"
        "print(hub.HF_HUB_OFFLINE, hub.HF_HUB_DISABLE_TELEMETRY, os.environ['DO_NOT_TRACK'])",
        **dict.fromkeys(SWITCHED_OFF, "0"),
    )
    assert ended.stdout == "True True 1\n", ended.stderr


@pytest.mark.parametrize("door", ["core.cli", "core.worker", "desktop.application"])
def test_window_command_line_and_worker_switch_them_off_before_they_load_anything(door):
    ended = run_python(
        "import os, sys\n"
        "class Watch:\n"
        "    def find_spec(name, *_rest):\n"
        "        if name.split('.')[0] in ('huggingface_hub', 'transformers', 'torch'):\n"
        "            assert os.environ['HF_HUB_OFFLINE'] == '1', name\n"
        "sys.meta_path.insert(0, Watch)\n"
        f"import {door}\n"
        "print(os.environ['TRANSFORMERS_OFFLINE'])",
        TRANSFORMERS_OFFLINE="0",
    )
    assert ended.stdout == "1\n", ended.stderr


def test_every_way_to_the_network_is_refused_and_noted():
    noted = asked_for(
        "socket.create_connection(('192.0.2.1', 80))",
        "socket.getaddrinfo('example.org', 80)",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "urllib.request.urlopen('http:' + '//example.org')",
    )
    assert [what for what, *_rest in noted] == [
        "socket.getaddrinfo",  # create_connection asks for the address first
        "socket.getaddrinfo",
        "socket.__new__",
        "socket.getaddrinfo",
    ]
    assert [address for _what, address, _where in noted] == [
        "192.0.2.1", "example.org", "", "example.org",
    ]  # fmt: skip
    assert re.search(r"http/client\.py:\d+", noted[-1][2])


def test_a_socket_that_was_there_before_cannot_be_used_any_more():
    noted = asked_for(
        "old.connect(('192.0.2.1', 80))",
        "old.sendto(b'x', ('192.0.2.1', 53))",
        "old.bind(('127.0.0.1', 0))",
        before="old = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    )
    assert [row[:2] for row in noted] == [
        ["socket.connect", "('192.0.2.1', 80)"],
        ["socket.sendto", "('192.0.2.1', 53)"],
        ["socket.bind", "('127.0.0.1', 0)"],
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows' pipes are no sockets")
def test_processes_of_this_computer_may_talk_and_started_programs_are_named():
    assert asked_for(
        "socket.socketpair()",
        "subprocess.run([sys.executable, '-c', 'pass'])",
    ) == [Path(sys.executable).name]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes it from one process")
def test_the_system_counts_who_asks_past_python():
    ended = run_python(
        "import os, socket, subprocess, sys\n"
        "from core.offline import count_refused_by_system, forbid_network, leave_network\n"
        "if not leave_network():\n"
        "    sys.exit(77)\n"
        "forbid_network()\n"
        "print(count_refused_by_system(), os.getuid())\n"
        "ask = 'import socket; socket.socket().connect((\"192.0.2.1\", 80))'\n"
        "subprocess.run([sys.executable, '-c', ask], stderr=subprocess.DEVNULL)\n"
        "print(count_refused_by_system())\n"
    )
    if ended.returncode == 77:
        pytest.skip("this system allows no network namespaces")
    assert ended.stdout == f"0 {os.getuid()}\n1\n", ended.stderr


def result(attempts=(), n_refused=0, *, has_passed=True):
    steps = (LoopStep("Create an app", 0.1, "done"), LoopStep("Import texts", 0.2, "?", has_passed))
    return SelfTestResult(steps, True, True, tuple(attempts), n_refused, {"uname": 2})


def test_one_question_for_the_network_fails_the_self_test_and_is_told(monkeypatch, capsys):
    attempt = Attempt("socket.connect", "('192.0.2.1', 80)", "library/file.py:12")
    monkeypatch.setattr("core.cli.apps.run_apart", lambda *_a, **_k: result([attempt]))
    assert cli.main(["self-test", "--offline"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("Something asked for the network 1 time.\n")
    assert "socket.connect ('192.0.2.1', 80) in library/file.py:12" in out
    assert "Other programs that were started: uname (2)" in out
    assert result(n_refused=2).headline() == "Something asked for the network 2 times."
    assert not result(n_refused=2).has_passed


def test_a_step_that_fails_fails_the_self_test(monkeypatch, capsys):
    monkeypatch.setattr("core.cli.apps.run_apart", lambda *_a, **_k: result(has_passed=False))
    assert cli.main(["self-test", "--offline", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["has_passed"]
    assert [step["has_passed"] for step in said["steps"]] == [True, False]
    assert "✗ Import texts: ?" in "\n".join(result(has_passed=False).lines())


def test_an_operation_runs_in_a_process_of_its_own():
    job = Job()
    assert run_apart(operations.add, 2, 3, job=job) == 5
    assert job.log == ["a line for the log"]
    with pytest.raises(UserError, match="It cannot be done"):
        run_apart(operations.refuse, job=Job())
    with pytest.raises(BrokenApartError, match="ZeroDivisionError"):
        run_apart(operations.break_down, job=Job())
    job = Job()
    job.cancel()
    with pytest.raises(JobCancelled):
        run_apart(operations.count_forever, job=job)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_process_that_is_killed_is_told_in_words():
    with pytest.raises(WorkerLostError) as lost:
        run_apart(operations.die, job=Job())
    assert "memory" in str(lost.value)


@pytest.mark.slow
@pytest.mark.weights
def test_the_whole_loop_works_with_the_network_taken_away_and_asks_for_nothing():
    ended = subprocess.run(
        [sys.executable, "-m", "core", "self-test", "--offline", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)
    assert [step["what"].split()[0].lower() for step in said["steps"][:2]] == ["create", "import"]
    assert len(said["steps"]) == len(LOOP)
    assert (said["attempts"], said["n_refused"]) == ([], 0)


@pytest.mark.slow
@pytest.mark.weights
@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_the_window_goes_through_the_seven_steps_on_a_computer_without_a_network():
    journey = "tests/journeys/test_seven_steps.py::test_a_sample_is_trained_within_eight_clicks"
    ended = subprocess.run(
        [*alone(), sys.executable, "-m", "pytest", f"{journey}_of_the_first_start", "-q"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout


@pytest.mark.slow
@pytest.mark.weights
def test_no_system_call_of_the_whole_loop_opens_a_network_socket(tmp_path):
    trace = tmp_path / "calls"
    watched = ["strace", "-f", "-qq", "-e", "trace=socket,connect,bind,sendto,sendmsg", "-o", trace]
    if not shutil.which("strace") or subprocess.run([*watched, "true"], check=False).returncode:
        pytest.skip("strace is not installed, or may not watch here")
    ended = subprocess.run(
        [*watched, sys.executable, "-m", "core", "loop"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    calls = trace.read_text(encoding="utf-8").splitlines()
    assert [call for call in calls if re.search("AF_INET|AF_PACKET", call)] == []
