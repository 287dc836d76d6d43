"""How long the scores take to follow a threshold, from the move to the painted numbers.

python tests/benchmarks/thresholds.py [texts] [concepts]
"""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402  # the path comes first
from PySide6.QtCore import QEvent, QObject  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from typing_extensions import override  # noqa: E402

from core.app_folder import create_app_folder  # noqa: E402
from core.jobs import Job  # noqa: E402
from core.learning.scored import Scored  # noqa: E402
from core.operations.add_texts import AddTextsRequest, add_texts  # noqa: E402
from core.operations.evaluate import keep_evaluation  # noqa: E402
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset  # noqa: E402
from core.operations.scoring import Found, report_of  # noqa: E402
from core.records import EMBEDDING_CLASSIFIER, Evaluation, Method, ModelVersion  # noqa: E402
from core.storage.database import transaction  # noqa: E402
from core.storage.models import add_model_version  # noqa: E402
from desktop.runner import JobRunner  # noqa: E402
from desktop.screens.evaluate.concepts_page import ConceptsPage  # noqa: E402
from desktop.screens.evaluate.state import EvaluationState  # noqa: E402
from desktop.session import Session  # noqa: E402
from desktop.theme.apply import apply_theme  # noqa: E402

MOVES, PAUSE_MS = 60, 40


class LastPaint(QObject):
    """Notes when a widget was painted last."""

    at = 0.0

    @override
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.at = time.perf_counter()
        return False


def kept(app, n_texts, n_concepts):
    """Keep made-up answers to made-up texts; return the model version and its evaluation."""
    names = tuple(f"concept {i}" for i in range(n_concepts))
    add_texts(app, AddTextsRequest(tuple(f"text {i}" for i in range(n_texts)), names[:1]), Job())
    frozen = freeze_dataset(app, FreezeRequest(), Job()).version
    random = np.random.default_rng(13)
    targets = np.eye(n_concepts, dtype=np.int8)[random.integers(0, n_concepts, n_texts)]
    logits = random.gumbel(size=targets.shape) + 6 * targets
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    ids, seen = np.arange(1, n_texts + 1), np.zeros(n_texts, np.int64)
    scored = Scored(names, True, ids, targets, probabilities.astype(np.float32), seen, 13)
    now, summary = datetime.now(UTC), {"seconds": 1.0, "n_texts": n_texts, "is_exclusive": True}
    version = ModelVersion(
        0, "Made up", EMBEDDING_CLASSIFIER, 0, now, frozen.id, {}, names, summary, "none", ""
    )
    with app.database() as db:
        with transaction(db):
            version = add_model_version(db, version)
        found = Found(scored, report_of(scored, {}) | {"n_left_out": 0})
        evaluation = Evaluation(0, version.id, frozen.id, Method.STORED_MODEL, 0, now, found.report)
        return version, keep_evaluation(app, db, evaluation, found)


def measure(n_texts=2_000, n_concepts=77):
    """Return milliseconds from a move of the slider to the numbers that follow it, painted."""
    application = QApplication.instance() or QApplication([])
    apply_theme(application, "light")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TEXTWRIGHT_HOME"] = folder
        app = create_app_folder("Made up", Path(folder) / "app")
        shown = kept(app, n_texts, n_concepts)
        session = Session(app, JobRunner(), JobRunner())
        state = EvaluationState(session)
        page = ConceptsPage(state)
        state.show(*shown)
        page.resize(1000, 640)
        page.show()
        taken = _moves(application, state, page)
        session.close()
        session.jobs.close()
        session.answers.close()
    return taken


def _moves(application, state, page):
    paint, answered = LastPaint(), []
    page.table.viewport().installEventFilter(paint)
    state.rescored.connect(lambda: answered.append(time.perf_counter()))
    taken = []
    for i in range(MOVES):
        answered.clear()
        start = time.perf_counter()
        page.slider.track.setValue(30 + i % 60)
        while not answered or paint.at < answered[-1]:
            application.processEvents()
        taken.append((time.perf_counter() - start) * 1000)
        QTest.qWait(PAUSE_MS)
    return taken[5:]  # the first ones load what counts


if __name__ == "__main__":
    taken = measure(*map(int, sys.argv[1:]))
    half, most = np.percentile(taken, (50, 95))
    print(f"from a move to the painted numbers: half under {half:.0f} ms, 95 of 100 {most:.0f} ms")
