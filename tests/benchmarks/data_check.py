"""How long the data check takes for 100,000 texts of 100 characters, embeddings in place.

    python -m tests.benchmarks.data_check [number of texts]

Run it on a machine that does nothing else.
"""

import random
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from core.app_folder import MAIN_DATASET, create_app_folder
from core.jobs import Job
from core.learning import embedders
from core.learning.data_check.balance import balance
from core.learning.data_check.contradictions import contradictions
from core.learning.data_check.doubtful_labels import doubtful_labels
from core.learning.data_check.duplicates import (
    first_of_equal,
    near_in_meaning,
    near_in_wording,
    numbers_of_texts,
)
from core.learning.data_check.languages import languages_of
from core.learning.data_check.leaks import leaks
from core.learning.data_check.lengths import lengths
from core.learning.data_check.neighbours import nearest
from core.learning.data_check.out_of_fold import out_of_fold
from core.learning.data_check.outliers import outliers
from core.learning.data_check.pairs import groups_of_similar
from core.learning.data_check.personal_data import personal_data
from core.operations.check_data import CheckRequest, check_data
from core.operations.remedy import RemedyRequest, remedy
from core.operations.review_findings import ReviewRequest, review
from core.storage.concepts import add_concepts
from core.storage.database import transaction
from core.storage.datasets import get_dataset
from core.storage.embeddings import add_embeddings
from core.storage.inputs import NewInput, add_inputs
from core.tables import table

N_CONCEPTS, DIM = 20, 384


def measure(n_texts: int) -> list[tuple[str, str, str]]:  # one line per part
    """Check made-up texts; return each part with its seconds and how much it found."""
    import resource

    texts, vectors, labels, splits = _made_up(n_texts)
    rows = []

    def timed(what, work):
        began = time.perf_counter()
        result = work()
        size = len(getattr(result, "texts", result)) if hasattr(result, "__len__") else ""
        rows.append((what, f"{time.perf_counter() - began:.1f} s", str(size)))
        return result

    job, began = Job(), time.perf_counter()
    numbers = timed("equal texts", lambda: numbers_of_texts(texts, job))
    firsts = first_of_equal(numbers)
    wording = timed("near in wording", lambda: near_in_wording(texts, firsts, job))
    near = timed("neighbours", lambda: nearest(vectors[firsts], job))
    meaning = timed("near in meaning", lambda: near_in_meaning(near, firsts)).at_least(0.9)
    timed("groups", lambda: groups_of_similar(numbers, meaning))
    timed("off-topic", lambda: outliers(near).texts)
    find = partial(contradictions, labels, numbers, wording, is_exclusive=True)
    timed("contradictions", find)
    timed("leaks", lambda: leaks(splits, numbers, wording))
    learn = partial(out_of_fold, vectors, labels, numbers, job, is_exclusive=True)
    probabilities = timed("out of fold", learn)
    timed("doubts", lambda: doubtful_labels(probabilities, labels, is_exclusive=True).texts)
    timed("balance", lambda: balance(labels))
    timed("lengths", lambda: lengths(texts, job, most_tokens=256))
    timed("languages", lambda: languages_of(texts, job))
    timed("personal data", lambda: personal_data(texts, job))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows.append(("all together (to reach: 120 s)", f"{time.perf_counter() - began:.1f} s", ""))
    rows.append(("highest memory, everything included", f"{peak / 1024:,.0f} MB", ""))
    return rows


def _made_up(n_texts: int):
    """Return texts, float16 unit vectors, labels (5 % wrong) and splits, with defects in them."""
    rng, random_numbers = random.Random(13), np.random.default_rng(13)
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(5_000)]
    often = [1 / (i + 10) for i in range(len(words))]
    texts = [" ".join(rng.choices(words, often, k=16)) for _ in range(n_texts)]
    for i in range(n_texts // 20):
        texts[-i - 1] = texts[i] if i % 2 else f"{texts[i]} {rng.choice(words)}"
    for i in range(0, n_texts, 50):
        texts[i] += f" order 2024-{i:06} a{i}@example.com +49 30 9018{i % 90 + 10}"
    centres = random_numbers.normal(size=(N_CONCEPTS * 5, DIM)).astype(np.float32)
    topics = random_numbers.integers(0, len(centres), n_texts)
    vectors = centres[topics]
    vectors += 0.8 * random_numbers.normal(size=(n_texts, DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    is_wrong = random_numbers.random(n_texts) < 0.05
    carried = (topics + is_wrong * random_numbers.integers(1, N_CONCEPTS, n_texts)) % N_CONCEPTS
    splits = rng.choices(["train", "test", "validation"], [8, 1, 1], k=n_texts)
    return texts, vectors.astype(np.float16), np.eye(N_CONCEPTS, dtype=np.int8)[carried], splits


class _Planted:
    """Stands for an embedder whose vectors are all in place."""

    name, identity, dim = "fast", "planted-1", DIM


class _Clock(Job):
    """Notes how long each stage takes."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: dict[str, float] = {}
        self._began, self._stage = time.perf_counter(), ""

    def report(self, stage, done=0, total=0):
        now = time.perf_counter()
        self.seconds[self._stage] = self.seconds.get(self._stage, 0) + now - self._began
        self._began, self._stage = now, stage
        super().report(stage, done, total)


def measure_whole(n_texts: int, folder: Path) -> list[tuple[str, str, str]]:
    """Check an app with made-up texts, their embeddings in place; return the operation's stages."""
    texts, vectors, labels, splits = _made_up(n_texts)
    app = create_app_folder("Speed", folder / "speed")
    with app.database() as db:
        _fill(db, texts, vectors, labels, splits)
    embedders.load = lambda _name: _Planted()
    job, began = _Clock(), time.perf_counter()
    result = check_data(app, CheckRequest(), job)
    seconds = time.perf_counter() - began
    rows = [(stage or "Start", f"{s:.1f} s", "") for stage, s in job.seconds.items()]
    rows.append(("the operation (to reach: 120 s)", f"{seconds:.1f} s", ""))
    rows += [(kind.title, "", str(kind.n_found)) for kind in result.kinds]
    for kind in ("near-duplicate", "unlabelled"):
        began = time.perf_counter()
        with app.database() as db:
            found = review(db, ReviewRequest(result.check_id, kind))
        took = time.perf_counter() - began
        rows.append((f"listing: {kind}", f"{took * 1000:.0f} ms", str(len(found.numbers))))
    began = time.perf_counter()
    cured = remedy(app, RemedyRequest(result.check_id, "exact-duplicate", "keep-one"), Job())
    took = time.perf_counter() - began
    rows.append(("keeping one of each duplicate", f"{took:.1f} s", str(cured.n_inputs)))
    return rows


def _fill(db, texts, vectors, labels, splits):
    """Add texts with their labels, splits and embeddings to an app."""
    columns = labels.argmax(axis=1)
    dataset_id = get_dataset(db, MAIN_DATASET).id
    for start in range(0, len(texts), 5_000):
        with transaction(db):
            ids = list(add_concepts(db, [f"concept {i}" for i in range(N_CONCEPTS)]).values())
            some = range(start, min(start + 5_000, len(texts)))
            new = [
                NewInput(texts[i], "", split=splits[i], concepts=((ids[columns[i]], True),))
                for i in some
            ]
            add_inputs(db, new, dataset_id, import_id=1)
            some_vectors = vectors[some.start : some.stop].astype(np.float32)
            add_embeddings(db, _Planted.identity, texts[some.start : some.stop], some_vectors)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if sys.argv[1:] else 100_000
    print(table(("Part", "Measured", "Found"), measure(wanted)))
    with TemporaryDirectory() as made:
        print(table(("Stage", "Measured", "Found"), measure_whole(wanted, Path(made))))
