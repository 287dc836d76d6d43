"""How long an answer takes from the key to the next text, with 100,000 texts in the app.

python tests/benchmarks/labelling.py [texts]

Last with "label next": eight thousand texts are read in the background meanwhile, and it learns.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402  # the path comes first
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from core.app_folder import create_app_folder  # noqa: E402
from desktop.runner import JobRunner  # noqa: E402
from desktop.saving import SavedSession  # noqa: E402
from desktop.theme.apply import apply_theme  # noqa: E402
from desktop.workspace import Workspace  # noqa: E402
from tests.benchmarks.scrolling import fill  # noqa: E402

ANSWERS = 200
KEYS = {"one key": ("1", "2"), "key and Enter": ("1", "2"), "two keys": ("q1", "q2")}

HELPED = "one key, with help"


def measure(n_texts=100_000):
    """Return milliseconds from a key to the next text drawn, and the answers a minute."""
    application = QApplication.instance() or QApplication([])
    apply_theme(application, "light")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TEXTWRIGHT_HOME"] = folder
        app = create_app_folder("Many", Path(folder) / "many")
        fill(app, n_texts)
        session = SavedSession(app, JobRunner(), JobRunner())
        window = Workspace(session)
        window.resize(1280, 800)
        window.show()
        start = time.perf_counter()
        screen = window.open("labelling")
        screen.top.filter.show_labelling("")
        while screen.queue.current() is None:  # the search may go on in the background
            application.processEvents()
        application.processEvents()
        figures = {"open": (time.perf_counter() - start) * 1000}
        for name, keys in KEYS.items():
            figures |= _answers(application, screen, name, keys)
        screen.top.filter.choose_order("mixed")
        screen.helping.begin()
        figures |= _answers(application, screen, HELPED, KEYS["one key"])
        window.close()
        session.close()
    return figures


def _answers(application, screen, name, keys):
    by_keys = {keys: concept_id for concept_id, keys in screen.shortcuts.items()}
    screen.options.one_concept = name != "key and Enter"
    enter = "" if screen.options.one_concept else "\r"
    taken = []
    for _n in range(ANSWERS):
        place, said = screen.queue.place, screen.queue.current().positive
        new = next(some for some in keys if by_keys[some] not in said)  # the same takes it back
        start = time.perf_counter()
        for key in new + enter:
            QTest.keyClick(application.focusWidget(), key)
        application.processEvents()
        screen.repaint()  # the whole screen is drawn, though less would do
        taken.append((time.perf_counter() - start) * 1000)
        assert screen.queue.place == place + 1, f"{name}: stuck at {place}"
    return {
        f"{name} p50": float(np.percentile(taken, 50)),
        f"{name} p99": float(np.percentile(taken, 99)),
        f"{name} answers a minute": 60_000 / float(np.mean(taken)),
    }


if __name__ == "__main__":
    for what, value in measure(*map(int, sys.argv[1:])).items():
        unit = "" if "minute" in what else " ms"
        print(f"{what:>30} {value:10.1f}{unit}")
