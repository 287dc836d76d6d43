"""How long the list of texts takes to show another place, with a million texts in the app.

python tests/benchmarks/scrolling.py [rows]
"""

import os
import random
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import Qt  # noqa: E402  # the path comes first
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from core.app_folder import create_app_folder  # noqa: E402
from core.storage.concepts import add_concepts  # noqa: E402
from core.storage.database import transaction  # noqa: E402
from core.storage.inputs import NewInput, add_inputs  # noqa: E402
from desktop.runner import JobRunner  # noqa: E402
from desktop.screens.dataset.screen import DatasetScreen  # noqa: E402
from desktop.session import Session  # noqa: E402
from desktop.theme.apply import apply_theme  # noqa: E402
from desktop.widgets.layout import Frame  # noqa: E402

BATCH = 20_000
MOVES = 200
N_CONCEPTS = 20


def measure(n_rows=1_000_000):
    """Return milliseconds by name: opening the screen, and p50, p99 and the worst of each move."""
    application = QApplication.instance() or QApplication([])
    apply_theme(application, "light")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TEXTWRIGHT_HOME"] = folder
        app = create_app_folder("Many", Path(folder) / "many")
        fill(app, n_rows)
        session = Session(app, JobRunner(), JobRunner())
        screen = DatasetScreen(session)
        window = Frame(screen)
        window.resize(1280, 800)
        figures = {"open": timed(lambda: (window.show(), application.processEvents()))}
        for name, move in moves(screen.list.table, n_rows).items():
            figures |= spread(name, [timed(move, application) for _ in range(MOVES)])
        window.close()
        session.close()
    return figures


def fill(app, n_rows):
    with app.database() as db:
        with transaction(db):
            ids = list(add_concepts(db, [f"concept {i}" for i in range(N_CONCEPTS)]).values())
        for start in range(0, n_rows, BATCH):
            new = [
                NewInput(
                    text=f"Text number {i}, " + "about a parcel that has not arrived. " * 3,
                    source="many.csv",
                    split="train" if i % 5 else "test",
                    concepts=((ids[i % N_CONCEPTS], True),) if i % 3 else (),
                )
                for i in range(start, min(start + BATCH, n_rows))
            ]
            with transaction(db):
                add_inputs(db, new, 1)


def moves(table, n_rows):
    bar, chance = table.verticalScrollBar(), random.Random(13)
    return {
        "jump": lambda: bar.setValue(chance.randrange(bar.maximum() + 1)),
        "page down": lambda: QTest.keyClick(table, Qt.Key.Key_PageDown),
        "select": lambda: table.selectRow(chance.randrange(n_rows)),
    }


def timed(act, application=None):
    start = time.perf_counter()
    act()
    if application:
        application.processEvents()
    return (time.perf_counter() - start) * 1000


def spread(name, times):
    times = sorted(times)
    places = {"p50": len(times) // 2, "p99": len(times) * 99 // 100, "max": -1}
    return {f"{name} {label}": times[place] for label, place in places.items()}


if __name__ == "__main__":
    for key, milliseconds in measure(int(sys.argv[1]) if sys.argv[1:] else 1_000_000).items():
        print(f"{key:16} {milliseconds:8.1f} ms")
