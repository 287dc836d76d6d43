"""How long a search by meaning takes, and how much of the true answer it finds.

python -m tests.benchmarks.search [--sizes 10000 200000 1000000] [--questions 20]

The vectors are made up: subjects with texts around them, as far apart as those of real texts. What
is measured is `search_texts` as the window asks it, but for reading the question itself. The time
that the processor worked is told beside the clock: on a busy machine only that says anything.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from core.app_folder import create_app_folder
from core.jobs import Job
from core.learning import embedders
from core.operations.search_texts import SearchRequest, search_texts
from core.storage.database import expect_many_writes, transaction
from core.storage.embeddings import add_embeddings
from core.storage.filters import InputFilter
from core.storage.inputs import NewInput, add_inputs
from core.storage.search import index_all_texts
from core.storage.searches import Meaning, Narrowed, Search, Words

DIM, SUBJECTS, PER_SUBJECT_NOISE = 384, 3_000, 1.1
CHUNK, WANTED = 20_000, 100
TARGET_MS = 200


class KnownVectors:
    """An embedder that knows the vector of every text, so that only the search is measured."""

    name, identity, dim = "fast", "made-up", DIM

    def __init__(self, vectors):
        self._vectors = vectors

    def encode(self, texts, _job):
        return np.stack([self._vectors[int(text.rpartition(" ")[2])] for text in texts])


def made_up(n):
    """Return unit vectors around subjects, (n, DIM), rounded as an app keeps them."""
    random = np.random.default_rng(7)
    middles = random.normal(size=(SUBJECTS, DIM)).astype(np.float32)
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    vectors = np.empty((n, DIM), np.float32)
    for start in range(0, n, CHUNK):
        size = min(CHUNK, n - start)
        noise = random.normal(size=(size, DIM)).astype(np.float32) * (PER_SUBJECT_NOISE / DIM**0.5)
        rows = middles[random.integers(0, SUBJECTS, size)] + noise
        vectors[start : start + size] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


def text_of(i):
    """Return the text with this number; every tenth has a word of its own."""
    return f"tenth text {i}" if i % 10 == 0 else f"text {i}"


def fill(app, vectors):
    """Put a text for each vector into an app."""
    with app.database() as db:
        expect_many_writes(db)
        for start in range(0, len(vectors), CHUNK):
            size = min(CHUNK, len(vectors) - start)
            texts = [text_of(i) for i in range(start, start + size)]
            with transaction(db):
                add_inputs(db, [NewInput(text, "made up") for text in texts], 1, import_id=0)
                add_embeddings(db, "made-up", texts, vectors[start : start + size])
        for _left in index_all_texts(db):
            pass


def asked(app, parts):
    """Return what a search finds, and the milliseconds that it takes: by the clock, of work."""
    began = np.array((time.perf_counter(), time.process_time()))
    found = search_texts(app, SearchRequest(Search(parts), WANTED, reads_missing=False), Job())
    ended = np.array((time.perf_counter(), time.process_time()))
    return found.input_ids, (ended - began) * 1_000


def measure(n, n_questions):
    """Print a line for an app of this size."""
    vectors = made_up(n)
    with tempfile.TemporaryDirectory() as folder, made_up_reader(vectors):
        app = create_app_folder("Search", Path(folder) / "app")
        fill(app, vectors)
        first = asked(app, (Meaning(text_of(0)),))[1]
        plain, filtered, recalls = [], [], []
        for i in np.random.default_rng(1).integers(1, n, n_questions).tolist():
            meaning = Meaning(text_of(i))
            ids, ms = asked(app, (meaning,))
            plain.append(ms)
            true = np.argsort(-(vectors @ vectors[i]), kind="stable")[:WANTED] + 1
            recalls.append(np.isin(true, ids).mean())
            filtered.append(asked(app, (meaning, Words("tenth")))[1])
            filtered.append(asked(app, (meaning, Narrowed(InputFilter(max_chars=9))))[1])
    cells = [*(first / 1_000), *np.median(plain, axis=0), *np.median(filtered, axis=0)]
    told = [f"{clock:.1f} s, {work:.1f} s" for clock, work in [cells[:2]]]
    told += [f"{clock:.0f} ms, {work:.0f} ms" for clock, work in (cells[2:4], cells[4:])]
    print(f"| {n:,} | {' | '.join(told)} | {np.mean(recalls):.4f} |", flush=True)


class made_up_reader:  # noqa: N801  # reads as what it is at its one place
    """Let the search read with made-up vectors."""

    def __init__(self, vectors):
        self._embedder = KnownVectors(vectors)

    def __enter__(self):
        self._load = embedders.load
        embedders.load = lambda _name: self._embedder

    def __exit__(self, *_error):
        embedders.load = self._load


def main():
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 200_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=20)
    arguments = parser.parse_args()
    print(f"to reach: under {TARGET_MS} ms for the nearest {WANTED} of 1,000,000 texts\n")
    print("| texts | first question: clock, work | the next | with a filter | recall |")
    print("|---|---|---|---|---|")
    for n in arguments.sizes:
        measure(n, arguments.questions)


if __name__ == "__main__":
    main()
