"""How fast everything is, each figure beside what it has to reach.

    python -m tests.benchmarks.speed [name ...]

Run it on a machine that does nothing else.
"""

import os
import random
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import create_app_folder
from core.files import preview
from core.jobs import Job
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.predict import PredictRequest, predict
from core.operations.train import TrainRequest, train
from core.operations.try_text import TryRequest, try_text
from core.tables import table

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
N_ROWS, ROW_CHARS = 200_000, 100


@dataclass(frozen=True)
class Figure:
    """One figure, and what it has to reach."""

    what: str
    value: str
    target: str = ""


def import_speed() -> list[Figure]:
    """Import 200,000 rows of 100 characters."""
    import resource

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "rows.csv"
        _write_rows(path)
        app = create_app_folder("Import", Path(place) / "app")
        mapping = preview(path).mapping
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds, _result = _timed(lambda: import_texts(app, ImportRequest(path, mapping), Job()))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return [
        Figure("import of 200,000 rows", f"{seconds:.1f} s", "under 5 s"),
        Figure("memory it took beyond that before", f"{grown:.0f} MB", "flat"),
    ]


def training_speed() -> list[Figure]:
    """Train on ten texts, and on all of banking77; then answer and predict."""
    ten = "text,concept\n" + "".join(
        f"{text},{name}\n"
        for name, texts in {
            "spam": ("Win a prize", "Claim your reward", "Free entry", "You won", "Cash prize"),
            "ham": ("See you at eight", "Running late", "Call mum", "Lunch today", "On my way"),
        }.items()
        for text in texts
    )
    with tempfile.TemporaryDirectory() as place:
        small = Path(place) / "ten.csv"
        small.write_text(ten)
        _app, first, again = _train_twice(small, Path(place) / "ten")
        path = DATA / "banking77" / "train.csv"
        app, large, large_again = _train_twice(path, Path(place) / "bank")
        asked = [
            _timed(lambda: try_text(app, TryRequest("m", "Where is my card"), Job()))
            for _ in range(9)
        ]
        test = DATA / "banking77" / "test.csv"
        request = PredictRequest("m", test, Path(place) / "out.csv", preview(test).mapping)
        predicted_s, predicted = _timed(lambda: predict(app, request, Job()))
    return [
        Figure("train on 10 texts, first time (loads and reads everything)", f"{first:.1f} s"),
        Figure("train on 10 texts again", f"{again:.2f} s", "under 2 s"),
        Figure("train on banking77, nothing read before", f"{large:.0f} s", "under 60 s"),
        Figure("train on banking77 again", f"{large_again:.0f} s"),
        Figure("answer for one text", f"{sorted(s for s, _r in asked)[4] * 1000:.0f} ms"),
        Figure("predict a file", f"{predicted.n_predicted / predicted_s:.0f} texts/s"),
    ]


def embedding_speed() -> list[Figure]:
    """Read texts, against sentence-transformers on the same texts in the same run."""
    from tests.benchmarks.speed_embedders import (
        accurate_against_sentence_transformers,
        fast_texts_per_second,
    )

    accurate, fast = accurate_against_sentence_transformers(), fast_texts_per_second()
    return [
        Figure(
            "accurate, times as fast as sentence-transformers",
            f"{accurate.times_as_fast:.2f}",
            "1.25; 3 with bf16 instructions",
        ),
        Figure("accurate", f"{accurate.ours:.0f} texts/s"),
        Figure("lowest cosine to its vectors", f"{accurate.lowest_cosine:.6f}", "0.9995"),
        Figure("fast", f"{fast.texts_per_s:,.0f} texts/s", "20,000"),
        Figure("preparing fast, once", f"{fast.prepared_s:.0f} s"),
    ]


def window_speed() -> list[Figure]:
    """Open the window; move it while a training runs; scroll a million rows."""
    code = (
        "import time, sys\nbegan = time.perf_counter()\n"
        "from desktop.application import make_application, make_window\n"
        "application = make_application(sys.argv[:1])\nwindow = make_window(application)\n"
        "window.show()\napplication.processEvents()\n"
        "print(time.perf_counter() - began, 'torch' in sys.modules)\n"
    )
    shown = [_python("-c", code).split() for _ in range(5)]
    from tests.benchmarks import frames, scrolling

    gaps = frames.frames_while_training()
    scrolled = scrolling.measure()
    return [
        Figure("window appears", f"{min(float(s) for s, _t in shown):.2f} s", "under 1 s"),
        Figure("torch is loaded with it", shown[0][1], "False"),
        Figure("frames while training, p99", f"{gaps.p99_ms:.0f} ms", "under 50 ms"),
        Figure("frames while training, longest", f"{gaps.max_ms:.0f} ms"),
        Figure("jump in a list of a million, p99", f"{scrolled['jump p99']:.0f} ms", "smooth"),
    ]


def _write_rows(path: Path) -> None:
    rng = random.Random(13)
    letters = string.ascii_lowercase + "      "
    with path.open("w", encoding="utf-8") as file:
        file.write("text,label\n")
        for i in range(N_ROWS):
            file.write("".join(rng.choices(letters, k=ROW_CHARS)).strip() + f",c{i % 20}\n")


def _train_twice(path: Path, place: Path):
    """Return the app, and the seconds of a first training and of one with everything read."""
    app = create_app_folder("Speed", place)
    import_texts(app, ImportRequest(path, preview(path).mapping), Job())
    first, _result = _timed(lambda: train(app, TrainRequest(model="m"), Job()))
    again, _result = _timed(lambda: train(app, TrainRequest(model="m"), Job()))
    return app, first, again


def _timed(work: Callable[[], object]):
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def _python(*arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return run.stdout


PARTS = {
    "import": import_speed,
    "embedding": embedding_speed,
    "training": training_speed,
    "window": window_speed,
}

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["TEXTWRIGHT_HOME"] = home
        figures = [f for name in sys.argv[1:] or PARTS for f in PARTS[name]()]
    print(table(("Figure", "Measured", "Target"), [(f.what, f.value, f.target) for f in figures]))
