"""A long random walk through the window: nothing breaks, nothing is lost, memory stays."""

import os
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu

from core.app_folder import create_app_folder
from core.errors import UserError
from core.jobs import Job
from core.learning import embedders
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.check_app import CheckAppRequest, check_app
from core.records import EMBEDDING_CLASSIFIER
from desktop import boxes, main_window
from desktop.main_window import MainWindow
from tests.core.conftest import FakeEmbedder
from tests.desktop.conftest import TEXTS
from tests.desktop.inline_runner import InlineRunner
from tests.desktop.soak import WORDS, Wanderer

N_SAMPLE = 40
SECONDS = float(os.environ.get("TEXTWRIGHT_SOAK_SECONDS", "180"))
SEED = int(os.environ.get("TEXTWRIGHT_SOAK_SEED", "555"))
FEWEST_STEPS = 8
MOST_MB_PER_THOUSAND = 60  # that memory may grow by a thousand actions, once all screens are made

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class NotInTheWalkError(UserError):
    """It would take minutes, or leave this computer's window."""

    def __init__(self):
        super().__init__("This is not done here.", next_step="Do something else.")


class WalkedRunner(InlineRunner):
    """Runs in this process, and none of what takes minutes."""

    def start(self, operation, *arguments, title=""):
        kinds = {
            getattr(one, "type", "") or getattr(getattr(one, "training", None), "type", "")
            for one in arguments
        }
        if kinds - {"", EMBEDDING_CLASSIFIER} or operation.__name__ in (
            "sweep",
            "generate",
            "learning_curve",
        ):
            operation = refuse
        return super().start(operation, *arguments, title=title)


def refuse(*_arguments):
    raise NotInTheWalkError


@pytest.fixture
def walker(qtbot, tmp_path, monkeypatch):
    """Return a function that gives somebody in front of a window with an app of 60 texts."""
    opened = []

    def walker(seed):
        monkeypatch.setattr(main_window, "JobRunner", WalkedRunner)
        monkeypatch.setattr(embedders, "load", lambda _name: FakeEmbedder())
        app = create_app_folder("Letters", tmp_path / "app")
        for concept, sentence in TEXTS.items():
            texts = tuple(sentence.format(i) for i in range(1, 21))
            add_texts(app, AddTextsRequest(texts, (concept,)), Job())
        add_texts(app, AddTextsRequest(tuple(f"another text {i}" for i in range(20))), Job())
        window = MainWindow()
        opened.append(window)
        window.resize(1280, 800)
        window.show()
        window.open_path(app.path)
        walker = Wanderer(window, seed)
        answer_boxes(monkeypatch, walker.chance, tmp_path)
        return walker

    yield walker
    monkeypatch.setattr(boxes, "ask", lambda *_a: True)
    for window in opened:
        window.close()
        window.deleteLater()


def answer_boxes(monkeypatch, chance, folder: Path):
    """Answer every question by chance, with files that are there or not."""
    table = folder / "more.csv"
    table.write_text("text,label\nwhere is it?,delivery\nthanks,praise\n")
    files = [None, table, folder / "nothing.csv", folder]

    def chosen_folder(*_a, **_k):
        return chance.choice([None, folder / f"new {chance.randrange(1_000)}"])

    def told(_parent, error):
        if not isinstance(error, UserError):
            raise error

    monkeypatch.setattr(boxes, "ask", lambda *_a, **_k: chance.random() < 0.5)
    monkeypatch.setattr(boxes, "ask_text", lambda *_a, **_k: chance.choice([None, *WORDS]))
    monkeypatch.setattr(boxes, "choose_file", lambda *_a, **_k: chance.choice(files))
    monkeypatch.setattr(
        boxes, "choose_files", lambda *_a, **_k: [f for f in [chance.choice(files)] if f]
    )
    monkeypatch.setattr(boxes, "choose_folder", chosen_folder)
    monkeypatch.setattr(
        boxes,
        "choose_save_file",
        lambda *_a, **_k: chance.choice([None, folder / f"out {chance.randrange(99)}.csv"]),
    )
    monkeypatch.setattr(boxes, "show_error", told)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_a: True)
    monkeypatch.setattr(QMenu, "exec", lambda *_a: None)
    monkeypatch.setattr(QMenu, "popup", lambda *_a: None)


def walk(qtbot, walker, goes_on):
    """Go on until `goes_on()` says no; return how much memory there was, every 50 acts."""
    memory = []
    while goes_on():
        with qtbot.captureExceptions() as caught:
            walker.act()
        assert not caught, "\n".join([*walker.trail, repr(caught[0][1])])
        if walker.window.workspace is None:
            walker.window.open_path(walker.app)
        if walker.n_done % 50 == 0:
            memory.append(walker.memory())
    return memory


def is_clean(window):
    app = window.session.app
    window.leave()
    report = check_app(app, CheckAppRequest(), Job())
    return report.faults


def test_anything_done_in_any_order_breaks_nothing(qtbot, walker):
    somebody = walker(SEED)
    somebody.app = somebody.window.session.app.path
    walk(qtbot, somebody, lambda: somebody.n_done < N_SAMPLE)
    assert not is_clean(somebody.window)


@pytest.mark.slow
def test_minutes_of_anything_break_nothing_and_take_no_more_memory(qtbot, walker, tell):
    somebody = walker(SEED)
    somebody.app = somebody.window.session.app.path
    end = time.monotonic() + SECONDS
    memory = walk(qtbot, somebody, lambda: time.monotonic() < end)
    settled = memory[len(memory) // 2 :]
    steps = [after - before for before, after in pairwise(settled)]
    growth = median(steps or [0]) * 20  # a library that is loaded late is one step, not a leak
    tell(
        f"soak, seed {SEED}: {somebody.n_done} actions, 0 failed, {growth:+.0f} MB per 1,000 "
        f"actions, memory in MB every 50: {' '.join(f'{one:.0f}' for one in memory)}"
    )
    assert growth < MOST_MB_PER_THOUSAND or len(steps) < FEWEST_STEPS  # which tell nothing
    assert not is_clean(somebody.window)
