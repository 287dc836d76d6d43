"""Tests of packaging/start.py, which sets the program up: its decisions, without installing."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import start
import system_libraries
from start import Order, Stamp, StartError

ROOT = Path(start.__file__).parent.parent


@pytest.fixture
def fake_checkout(tmp_path, monkeypatch):
    """A checkout with a made-up pyproject.toml, whose installations only note what was asked."""
    asked = []
    (tmp_path / "pyproject.toml").write_text('dependencies = ["torch==2.13.0"]')
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "make_environment", _make_fake_environment)
    monkeypatch.setattr(start, "install_torch", lambda _python, gpu: asked.append(("torch", gpu)))
    monkeypatch.setattr(start, "pip", lambda _python, *words: asked.append(words) or True)
    monkeypatch.setattr(start, "check_weights", lambda _venv: asked.append("weights"))
    return asked


def _make_fake_environment(venv):
    python = start.python_of(venv)
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()


@pytest.mark.parametrize(
    ("argv", "order"),
    [
        (["run"], Order("run")),
        (["run", "--gpu"], Order("run", gpu=True)),
        (["test", "tests/core", "-k", "x"], Order("test", rest=("tests/core", "-k", "x"))),
        (["check", "--gpu"], Order("check", gpu=True)),
        (["cli", "train", "--gpu", "--help"], Order("cli", rest=("train", "--gpu", "--help"))),
    ],
)
def test_words_that_are_not_its_own_go_on_to_the_program(argv, order):
    assert start.parse(argv) == order


@pytest.mark.parametrize(
    ("argv", "exit_code"), [([], 2), (["fly"], 2), (["setup", "now"], 2), (["--help"], 0)]
)
def test_what_it_does_not_know_is_answered_with_the_usage(argv, exit_code):
    with pytest.raises(StartError) as refused:
        start.parse(argv)
    assert refused.value.exit_code == exit_code


def test_every_command_is_explained_in_the_help():
    assert all(f"start.py {command}" in start.__doc__ for command in start.COMMANDS)


def test_a_python_that_is_too_old_is_refused_in_a_sentence():
    with pytest.raises(StartError, match=r"needs Python 3\.11 or newer, and this is 3\.9"):
        start.check_python((3, 9))
    start.check_python((3, 11))
    start.check_python((3, 14))


def test_a_failure_is_a_sentence_and_an_exit_code_and_no_traceback():
    ended = subprocess.run(
        [sys.executable, ROOT / "packaging" / "start.py", "setup", "now"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == start.EXIT_USAGE
    assert ended.stderr == "setup takes no 'now'; only --gpu may follow it.\n"


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_only_linux_can_be_without_a_screen(platform, environ, expected):
    assert start.has_display(platform, environ) is expected


def test_without_a_screen_run_says_so_and_loops_in_the_terminal(monkeypatch, capfd):
    called = []
    monkeypatch.setattr(start, "has_display", lambda *_: False)
    monkeypatch.setattr(start, "set_up", lambda *_, **__: None)
    monkeypatch.setattr(start, "bring_libraries", lambda **_: pytest.fail("Qt is not needed"))
    monkeypatch.setattr(start, "call", lambda command: called.append(command) or 7)
    assert start.obey(Order("run")) == 7
    assert capfd.readouterr().out == start.NO_DISPLAY + "\n"
    assert [word for command in called for word in command[-3:]] == ["-m", "core", "loop"]


@pytest.mark.parametrize(
    ("platform", "gpu", "has_local", "backend"),
    [
        ("linux", False, False, "cpu"),  # pip alone would fetch 2.7 GB
        ("linux", False, True, ""),
        ("linux", True, False, ""),
        ("linux", True, True, ""),
        ("win32", False, False, ""),
        ("win32", True, False, "auto"),
        ("darwin", False, False, ""),
    ],
)
def test_linux_gets_the_small_build_unless_the_cuda_one_is_asked_for(
    platform, gpu, has_local, backend
):
    assert start.uv_backend(platform, gpu=gpu, has_local=has_local) == backend


@pytest.mark.parametrize(
    ("installed", "wants_cuda", "expected"),
    [
        ("2.13.0+cpu", False, True),
        ("2.13.0+cpu", True, False),
        ("2.13.0", True, True),
        ("2.13.0+cu130", False, True),
        ("2.12.0", False, False),
        ("", False, False),
    ],
)
def test_pytorch_is_installed_again_only_where_the_build_is_wrong(installed, wants_cuda, expected):
    assert start.is_right_torch(installed, "2.13.0", wants_cuda=wants_cuda) is expected


def test_the_version_of_pytorch_is_written_once_in_pyproject():
    assert start.torch_version((ROOT / "pyproject.toml").read_text()) == "2.13.0"


def test_a_finished_set_up_is_not_repeated(fake_checkout, tmp_path):
    start.set_up(tmp_path / ".venv", dev=True, gpu=False)
    assert fake_checkout == [("torch", False), ("-e", ".[dev]"), "weights"]
    start.set_up(tmp_path / ".venv", dev=True, gpu=False)
    start.set_up(tmp_path / ".venv", dev=False, gpu=False)
    assert len(fake_checkout) == 3


def test_a_changed_pyproject_is_set_up_again_and_the_choices_are_remembered(
    fake_checkout, tmp_path
):
    start.set_up(tmp_path / ".venv", dev=True, gpu=True)
    fake_checkout.clear()
    (tmp_path / "pyproject.toml").write_text('dependencies = ["torch==2.14.0"]')
    start.set_up(tmp_path / ".venv", dev=False, gpu=False)
    assert fake_checkout == [("torch", True), ("-e", ".[dev]"), "weights"]


def test_tests_that_take_long_bring_what_they_need(fake_checkout, tmp_path, monkeypatch):
    monkeypatch.setenv("TEXTWRIGHT_VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(start, "bring_libraries", lambda **_: None)
    monkeypatch.setattr(start, "run_tests", lambda *_: 0)
    start.obey(Order("test", rest=("-m", "not slow")))
    start.obey(Order("test", rest=("-m", "slow")))
    start.obey(Order("test"))
    extras = [words[-1] for words in fake_checkout if words[0] == "-e"]
    assert extras == [".[dev]", ".[dev,slow]"]


def test_an_interrupted_set_up_is_taken_up_again(fake_checkout, tmp_path, monkeypatch):
    venv = tmp_path / ".venv"
    with monkeypatch.context() as patch:
        patch.setattr(start, "pip", lambda *_: False)
        with pytest.raises(StartError, match="Textwright could not be installed"):
            start.set_up(venv, dev=False, gpu=True)
    assert start.read_stamp(venv) == Stamp(gpu=True)
    start.set_up(venv, dev=False, gpu=False)
    assert fake_checkout[-2:] == [("-e", "."), "weights"]


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"colour": "red"}'])
def test_an_unreadable_stamp_counts_as_none(tmp_path, content):
    (tmp_path / "textwright.json").write_text(content)
    assert start.read_stamp(tmp_path) == Stamp()


def test_a_written_stamp_is_read_back(tmp_path):
    stamp = Stamp("abc", dev=True, gpu=True)
    start.write_stamp(tmp_path, stamp)
    assert start.read_stamp(tmp_path) == stamp
    assert json.loads((tmp_path / "textwright.json").read_text())["gpu"] is True


def test_a_folder_with_other_files_is_never_emptied(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(StartError, match="not empty"):
        start.make_environment(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_a_python_without_venv_is_refused_with_the_package_that_brings_it(tmp_path, monkeypatch):
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(StartError, match="apt-get install python3-venv"):
        start.make_environment(tmp_path / ".venv")


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path, monkeypatch):
    weights = tmp_path / "lib" / "python3.11" / "site-packages" / start.WEIGHTS
    weights.parent.mkdir(parents=True)
    with pytest.raises(StartError, match="not the published ones"):
        start.check_weights(tmp_path)
    weights.write_bytes(b"weights")
    with pytest.raises(StartError, match="not the published ones"):
        start.check_weights(tmp_path)
    monkeypatch.setattr(start, "WEIGHTS_SHA256", hashlib.sha256(b"weights").hexdigest())
    start.check_weights(tmp_path)


def test_missing_libraries_are_named_together_with_one_command(monkeypatch):
    monkeypatch.setattr(system_libraries, "current_names", lambda packages: packages)
    missing = ["libEGL.so.1", "libGL.so.1", "libxcb-shape.so.0", "libxcb-xkb.so.1"]
    message = start.libraries_message(missing, "apt-get")
    assert ", ".join(missing) in message
    packages = "libegl1 libgl1 libxcb-shape0 libxcb-xkb1"
    assert f"sudo apt-get install -y --no-install-recommends {packages}\n" in message
    assert "dnf install -y libglvnd-egl libglvnd-glx libxcb\n" in start.libraries_message(
        missing, "dnf"
    )
    assert "pacman -S --needed --noconfirm libglvnd libxcb\n" in start.libraries_message(
        missing, "pacman"
    )
    assert "package manager" in start.libraries_message(missing, "")


def test_glib_goes_by_its_newer_name_where_the_system_has_it(monkeypatch):
    for knows, name in ((True, "libglib2.0-0t64"), (False, "libglib2.0-0")):
        monkeypatch.setattr(system_libraries, "_apt_knows", lambda _package, knows=knows: knows)
        assert system_libraries.current_names(["libglib2.0-0", "libgl1"]) == [name, "libgl1"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bring Qt's libraries")
def test_libraries_that_nothing_installs_end_the_start_with_code_3(monkeypatch):
    monkeypatch.setattr(system_libraries, "missing_libraries", lambda: ["libEGL.so.1"])
    monkeypatch.setattr(system_libraries, "can_install", lambda: False)
    with pytest.raises(StartError, match=r"libEGL\.so\.1") as refused:
        start.bring_libraries(for_tests=False)
    assert refused.value.exit_code == start.EXIT_MISSING


@pytest.mark.skipif(sys.platform != "linux", reason="apt-get is Linux's")
def test_root_gets_the_libraries_and_the_x_server_for_the_tests(monkeypatch):
    installed = []
    monkeypatch.setattr(
        system_libraries, "missing_libraries", lambda: [] if installed else ["libEGL.so.1"]
    )
    monkeypatch.setattr(system_libraries, "can_install", lambda: True)
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "apt-get")
    monkeypatch.setattr(system_libraries, "install", installed.extend)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    start.bring_libraries(for_tests=True)
    assert installed == ["libegl1", "xvfb"]


def test_all_checks_run_even_after_one_has_failed(monkeypatch, capfd):
    codes = iter([0, 1, 0, 1])
    monkeypatch.setattr(start, "call", lambda *_, **__: next(codes))
    assert start.run_checks(Path("python")) == 1
    assert capfd.readouterr().out.endswith("== check: failed: ruff check, lint-imports\n")


def test_passing_tests_do_not_hide_failed_checks(monkeypatch, capfd):
    monkeypatch.setattr(start, "run_checks", lambda _python: 1)
    monkeypatch.setattr(start, "call", lambda *_, **__: 0)
    assert start.run_tests(Path("python"), ()) == 1
    assert "the checks above failed" in capfd.readouterr().err
