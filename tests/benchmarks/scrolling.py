"""How long the list of texts takes to show another place, to search, and to filter.

python tests/benchmarks/scrolling.py [rows]…    # 10,000 100,000 1,000,000 without any

To reach: scroll and jump under 20 ms in 99 of 100 moves. Of a search and a filter it prints how
long the window stood still, and how long it took until the answer was shown.
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
from core.storage.filters import InputFilter  # noqa: E402
from core.storage.inputs import NewInput, add_inputs  # noqa: E402
from desktop.runner import JobRunner  # noqa: E402
from desktop.screens.dataset.screen import DatasetScreen  # noqa: E402
from desktop.session import Session  # noqa: E402
from desktop.theme.apply import apply_theme  # noqa: E402
from desktop.widgets.layout import Frame  # noqa: E402

BATCH = 20_000
MOVES, QUESTIONS = 300, 40
SIZES = (10_000, 100_000, 1_000_000)
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
        for name, ask in questions(screen.list, n_rows).items():
            asked = [answered(ask, screen.list, application) for _ in range(QUESTIONS)]
            figures |= spread(f"{name}: stands still", [still for still, _shown in asked])
            figures |= spread(f"{name}: shown after", [shown for _still, shown in asked])
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
        "scroll": lambda: bar.setValue((bar.value() + 3 * 40) % bar.maximum()),
        "page down": lambda: QTest.keyClick(table, Qt.Key.Key_PageDown),
        "select": lambda: table.selectRow(chance.randrange(n_rows)),
    }


def questions(page, n_rows):
    """Return what is asked of the list, each time a little different."""
    chance, filters = random.Random(17), page.filters
    concepts = list(filters.concepts)

    def typed(words):
        filters.wanted = InputFilter()  # or the same question twice would not be asked again
        filters.search.setText(words)
        filters._search_now()

    def narrowed(**to):
        filters.wanted = InputFilter()
        filters.set_filter(InputFilter(**to))

    return {
        "search a number": lambda: typed(str(chance.randrange(n_rows))),
        "search a letter": lambda: typed(chance.choice("abceimnoprstw")),
        "search two words": lambda: typed(f"parcel {chance.randrange(1000)}"),
        "filter a concept": lambda: narrowed(has=(chance.choice(concepts),)),
        "filter combined": lambda: narrowed(
            has=(chance.choice(concepts),), split="test", min_chars=chance.randrange(130)
        ),
        "filter unlabelled": lambda: narrowed(
            labelling="unlabelled", max_chars=chance.randrange(999)
        ),
    }


def answered(ask, page, application):
    """Return for how many milliseconds the window stood still, and when the answer was shown."""
    answers = []
    keep = page.finder.found.connect(lambda _ids: answers.append(1))
    start = time.perf_counter()
    longest = timed(ask, application)
    while not answers:
        longest = max(longest, timed(application.processEvents))
        time.sleep(0.0005)
    page.finder.found.disconnect(keep)
    return longest, (time.perf_counter() - start) * 1000


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
    for size in [int(given) for given in sys.argv[1:]] or SIZES:
        print(f"{size:,} texts")
        for key, milliseconds in measure(size).items():
            print(f"  {key:38} {milliseconds:8.1f} ms")
