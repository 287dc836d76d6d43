"""How an app behaves with 10,000, 100,000 and 1,000,000 texts.

    python -m tests.benchmarks.storage [n ...]

Each column is one size. The wait is how long another process, such as the window, has to wait for
one label to be written while the import runs: the median, and the longest.
"""

import random
import resource
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.app_folder import AppFolder, create_app_folder
from core.files import preview
from core.jobs import Job
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.export_inputs import ExportRequest, export_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.split_inputs import SplitRequest, split_inputs
from core.operations.undo import redo, undo
from core.storage.filters import InputFilter
from core.tables import table

SIZES = (10_000, 100_000, 1_000_000)
N_WORDS = 18  # about 120 characters
LABEL_MEANWHILE = """
import sys, time
from pathlib import Path
from core.app_folder import AppFolder
from core.jobs import Job
from core.operations.annotate import AnnotateRequest, annotate
app, waits, is_on = AppFolder(Path(sys.argv[1])), [], True
while not Path(sys.argv[2]).exists():
    began = time.perf_counter()
    annotate(app, AnnotateRequest((1,), "mine", is_on), Job())
    waits.append(time.perf_counter() - began)
    is_on = not is_on
    time.sleep(0.02)
waits.sort()
print(waits[len(waits) // 2], waits[int(len(waits) * 0.99)], waits[-1])
"""


def measure(n_texts: int) -> dict[str, str]:
    """Return the figures of one size."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "rows.csv"
        write_rows(path, n_texts)
        app = create_app_folder("Large", Path(place) / "app")
        seed = Path(place) / "seed.csv"
        seed.write_text("text,label\nthe first one,other\n", encoding="utf-8")
        bring_in(app, seed)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        alone, _ = timed(lambda: bring_in(app, path))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        figures = {
            "import, rows/s": f"{n_texts / alone:,.0f}",
            "import, seconds": f"{alone:.1f}",
            "memory it takes": f"{grown:.0f} MB",
            "undo the import": seconds(lambda: undo(app, Job())),
        }
        figures["wait for a label: half, 99 of 100, longest"] = wait_meanwhile(app, path)
        verbs: dict[str, Callable[[], Any]] = {
            "freeze a version": lambda: freeze_dataset(app, FreezeRequest(), Job()),
            "freeze again, unchanged": lambda: freeze_dataset(app, FreezeRequest(), Job()),
            "label all": lambda: annotate(app, AnnotateRequest(InputFilter(), "all"), Job()),
            "undo that": lambda: undo(app, Job()),
            "redo that": lambda: redo(app, Job()),
            "split all 80/10/10": lambda: split_inputs(app, SplitRequest(InputFilter()), Job()),
            "export as CSV": lambda: export_inputs(app, ExportRequest(path), Job()),
        }
        return figures | {name: seconds(verb) for name, verb in verbs.items()}


def wait_meanwhile(app: AppFolder, path: Path) -> str:
    """Import once more while another process labels one text again and again."""
    stop = app.path / "stop"
    other = subprocess.Popen(
        [sys.executable, "-c", LABEL_MEANWHILE, app.path, stop], stdout=subprocess.PIPE, text=True
    )
    bring_in(app, path)
    stop.touch()
    out, _ = other.communicate()
    return ", ".join(f"{float(s) * 1000:.0f}" for s in out.split()) + " ms"


def write_rows(path: Path, n_texts: int) -> None:
    """Write rows with id, text, label, split and one more column."""
    random.seed(1)
    words = ["".join(random.choices(string.ascii_lowercase, k=random.randint(3, 9))) for _ in range(30_000)]  # fmt: skip # noqa: E501
    with path.open("w", encoding="utf-8") as file:
        file.write("id,text,label,split,team\n")
        for i in range(n_texts):
            text = " ".join(random.choices(words, k=N_WORDS))
            split = "train" if i % 10 else "test"
            file.write(f"row-{i},{text},concept {i % 20},{split},team {i % 7}\n")


def bring_in(app: AppFolder, path: Path) -> Any:
    """Import a file as it is guessed."""
    return import_texts(app, ImportRequest(path, preview(path).mapping), Job())


def seconds(verb: Callable[[], Any]) -> str:
    """Return how long a verb takes."""
    return f"{timed(verb)[0]:.2f} s"


def timed(verb: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a verb takes, and what it returns."""
    began = time.perf_counter()
    result = verb()
    return time.perf_counter() - began, result


def main() -> None:
    """Print a table."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    columns = [measure(n_texts) for n_texts in sizes]
    heads = ("", *(f"{n:,}" for n in sizes))
    rows = [(name, *(column[name] for column in columns)) for name in columns[0]]
    sys.stdout.write(table(heads, rows) + "\n")


if __name__ == "__main__":
    main()
