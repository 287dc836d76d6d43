"""How smoothly the window moves while a training runs: `python -m tests.benchmarks.frames`."""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, QTimer

from core.app_folder import create_app_folder
from core.files import preview
from core.jobs import Job
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.train import TrainRequest
from core.resources import folder

FRAME_MS = 16
DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "banking77" / "train.csv"


@dataclass(frozen=True)
class Frames:
    """Gaps between frames, in milliseconds, and how many there were."""

    p50_ms: float
    p99_ms: float
    max_ms: float
    n_frames: int
    training_s: float


def frames_while_training() -> Frames:
    """Scroll and repaint the list of inputs as fast as frames come while a model trains."""
    from desktop.application import make_application
    from desktop.main_window import MainWindow
    from desktop.theme.apply import apply_theme

    application = make_application(sys.argv[:1])
    apply_theme(application, "light")
    with tempfile.TemporaryDirectory() as place:
        os.environ["TEXTWRIGHT_HOME"] = place
        app = create_app_folder("Frames")
        path = DATA if DATA.exists() else folder("samples") / "bank-questions.csv"
        import_texts(app, ImportRequest(path, preview(path).mapping), Job())
        window = MainWindow()
        window.show()
        window.open_path(app.path)
        assert window.workspace
        screen = window.workspace.open("dataset")
        task = window.session.train(TrainRequest(model="Frames"))
        gaps = _gaps_until(application, screen, task)
        if not task.is_over:
            raise RuntimeError("The training did not end")
        seconds = task.seconds
        window.close()
    p50, p99 = np.percentile(gaps, [50, 99])
    return Frames(float(p50), float(p99), float(max(gaps)), len(gaps), seconds)


def _gaps_until(application, screen, task):
    """Return the gaps between ticks, in ms, until the task ends."""
    from PySide6.QtWidgets import QTableView

    table = screen.findChild(QTableView)
    gaps, last, row = [], None, 0
    timer = QTimer(interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)

    def tick():
        nonlocal last, row
        now = time.perf_counter()
        if last is not None:
            gaps.append((now - last) * 1000)
        last = now
        row = (row + 7) % max(1, table.model().rowCount())
        table.scrollTo(table.model().index(row, 0))
        table.viewport().repaint()

    timer.timeout.connect(tick)
    task.ended.connect(application.quit)
    timer.start()
    application.exec()
    timer.stop()
    return gaps


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(frames_while_training())
