"""What every test may rely on: no network, a home of its own, no silent warnings."""

import logging
import os
import socket
import sys
from functools import partial
from pathlib import Path

import pytest

# One thread per process: pytest-xdist already uses the cores. Read when torch and Qt are loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")
os.environ["TOKENIZERS_PARALLELISM"] = "false"

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
FIGURE = "figure"  # as a test report carries it from the process that ran the test


def pytest_addoption(parser):
    parser.addoption(
        "--screenshots", type=Path, metavar="DIR", help="save a picture of every screen in DIR"
    )


def pytest_terminal_summary(terminalreporter):
    """Print what the tests told, wherever they ran."""
    reports = [one for some in terminalreporter.stats.values() for one in some]
    calls = [one for one in reports if getattr(one, "when", "") == "call"]
    if figures := [words for one in calls for key, words in one.user_properties if key == FIGURE]:
        terminalreporter.section("figures")
        terminalreporter.write("\n".join([*figures, ""]))


@pytest.fixture
def tell(record_property):
    """Return a function that takes lines of figures, which are printed when the run ends."""
    return partial(record_property, FIGURE)


@pytest.fixture(scope="session", autouse=True)
def _no_network():
    """Let no socket connect or send but those between processes of this computer."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _local_only(getattr(socket.socket, name)))
        yield


def _local_only(method):
    def guarded(self, *args):
        if self.family != getattr(socket, "AF_UNIX", None):
            self.close()
            pytest.fail(f"the network is forbidden, and {args[-1]} was asked for")
        return method(self, *args)

    return guarded


@pytest.fixture(scope="session", autouse=True)
def _session_home(tmp_path_factory):
    """Give what lives longer than a test a home that is not the developer's."""
    home = tmp_path_factory.mktemp("session-home")
    with pytest.MonkeyPatch.context() as patch:
        _move_home(patch, home)
        yield home


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch, _session_home):
    """Give the test a home of its own; apps and preferences go to `home / "textwright"`.

    Only the embedders that this computer prepares, which takes long, are shared by all tests.
    """
    home = tmp_path_factory.mktemp("home")
    _move_home(monkeypatch, home)
    if sys.platform != "win32":  # where links need a privilege
        shared = _session_home / "embedders"
        shared.mkdir(exist_ok=True)
        (home / "textwright").mkdir()
        (home / "textwright" / "embedders").symlink_to(shared)
    return home


def _move_home(patch, home):
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        patch.delenv(name, raising=False)
    patch.setenv("HOME", str(home))
    patch.setenv("USERPROFILE", str(home))
    patch.setenv("TEXTWRIGHT_HOME", str(home / "textwright"))


@pytest.fixture(autouse=True)
def _no_unexpected_log(caplog):
    """Fail on a logged warning or error; a test that expects one ends with `caplog.clear()`."""
    yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    lines = [record.getMessage() for record in records if record.levelno >= logging.WARNING]
    assert not lines, f"unexpected in the log: {lines}"


@pytest.fixture
def shared_data():
    """Return a function that finds a data set's folder, or skips the test where it is missing."""

    def find(name):
        folder = SHARED_DATA / name
        if not folder.is_dir():
            pytest.skip(f"the data set {name} is not beside this checkout")
        return folder

    return find


@pytest.fixture
def screenshots(request):
    """Return `save(widget, name)`, or None where no pictures are asked for."""
    folder = request.config.getoption("--screenshots")
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)

    def save(widget, name):
        path = folder / f"{name}.png"
        assert widget.grab().save(str(path)), f"{path} could not be written"
        return path

    return save
