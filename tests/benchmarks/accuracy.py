"""Macro-F1 of the quick classifier on public test files, and of what one would pick instead.

    python tests/benchmarks/accuracy.py [--cache FOLDER] [--no-peers] [SET ...]

Sets are folders of ../shared/data; `banking77:8` learns from 8 texts per concept, drawn anew five
times. Embeddings are kept in the cache folder, so that a second run only measures learning.
"""

import argparse
import csv
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.jobs import Job  # noqa: E402  # the checkout, wherever this is started
from core.learning import embedders, embedding_classifier  # noqa: E402
from core.learning.calibration import expected_calibration_error  # noqa: E402
from core.learning.classifier_settings import EmbeddingClassifierSettings  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
NEGATIVES = ROOT / "resources" / "negatives" / "general.txt"
N_DRAWS = 5
TARGETS = {
    "banking77": 94.0,
    "sms_spam": 98.4,
    "ag_news": 89.8,
    "trec": 93.5,
    "airline_sentiment": 77.0,
    "banking77:8": 84.0,
}
OTHERS = (
    "germeval2018",
    "chn_hotel_reviews",
    "umsab_spanish",
    "customer_reviews",
    "citation_intent",
    "imdb_clarifai",
    "nlupp_intents",
)


@dataclass(frozen=True)
class Texts:
    """Texts with their embeddings and targets, (n_texts, n_concepts)."""

    texts: list[str]
    embeddings: np.ndarray
    targets: np.ndarray

    def take(self, rows):
        return Texts([self.texts[i] for i in rows], self.embeddings[rows], self.targets[rows])

    @property
    def is_exclusive(self):
        return bool((self.targets.sum(axis=1) == 1).all())


@dataclass(frozen=True)
class Task:
    """What to learn, what to check on, and the sentences that are about nothing of it."""

    train: Texts
    test: Texts
    concepts: list[str]
    negatives: tuple[list[str], np.ndarray]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=[*TARGETS, *OTHERS], metavar="SET")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="where embeddings are kept")
    parser.add_argument("--no-peers", action="store_true", help="measure Textwright alone")
    arguments = parser.parse_args()
    peers = {} if arguments.no_peers else PEERS
    heads = ["set", "texts", "ours", "target", "seconds", "ECE", *peers]
    print(*(f"{head:>19}" if i else f"{head:20}" for i, head in enumerate(heads)))
    for name in arguments.sets:
        print(*_row(name, arguments.cache, peers), flush=True)


def _row(name, cache, peers):
    folder, _, n_per_concept = name.partition(":")
    task = read_task(folder, cache)
    draws = [task]
    if n_per_concept:
        draws = [draw(task, int(n_per_concept), seed) for seed in range(N_DRAWS)]
    started = time.perf_counter()
    found = [ours(draw) for draw in draws]
    seconds = (time.perf_counter() - started) / len(draws)
    cells = [
        f"{len(draws[0].train.texts):,}",
        f"{mean(f1 for f1, _ in found):.2f}",
        f"{TARGETS[name]:.1f}" if name in TARGETS else "",
        f"{seconds:.1f}",
        f"{mean(error for _, error in found):.3f}",
        *(f"{mean(peer(draw) for draw in draws):.2f}" for peer in peers.values()),
    ]
    return [f"{name:20}", *(f"{cell:>19}" for cell in cells)]


def ours(task):
    model = embedding_classifier.fit(
        task.train.texts,
        task.train.embeddings,
        task.train.targets,
        concepts=task.concepts,
        settings=EmbeddingClassifierSettings(),
        job=Job(),
        negatives=task.negatives,
    )
    probabilities = model.probabilities(task.test.texts, task.test.embeddings, Job())
    if not model.is_exclusive:
        return macro_f1(task.test.targets, probabilities > 0.5), float("nan")
    error = expected_calibration_error(probabilities, task.test.targets.argmax(axis=1))
    return macro_f1(task.test.targets, _one_hot(probabilities)), error


def _tfidf_svm(task):
    return _peer(task, make_pipeline(TfidfVectorizer(), LinearSVC()), lambda texts: texts.texts)


def _tfidf_logistic(task):
    model = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    return _peer(task, model, lambda texts: texts.texts)


def _embeddings_logistic(task):
    model = LogisticRegression(max_iter=1000)
    return _peer(task, model, lambda texts: texts.embeddings)


PEERS: dict[str, Callable[[Task], float]] = {
    "TF-IDF + SVM": _tfidf_svm,
    "TF-IDF + logistic": _tfidf_logistic,
    "embed. + logistic": _embeddings_logistic,
}


def _peer(task, model, features):
    """Score a scikit-learn model with its defaults."""
    if task.train.is_exclusive:
        model.fit(features(task.train), task.train.targets.argmax(axis=1))
        predicted = np.eye(len(task.concepts))[model.predict(features(task.test))]
        return macro_f1(task.test.targets, predicted)
    model = OneVsRestClassifier(model).fit(features(task.train), task.train.targets)
    return macro_f1(task.test.targets, model.predict(features(task.test)))


def _one_hot(probabilities):
    return np.eye(probabilities.shape[1])[probabilities.argmax(axis=1)]


def macro_f1(targets, predicted):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        return 100 * f1_score(targets, predicted, average="macro", zero_division=0)


def draw(task, n_per_concept, seed):
    random = np.random.default_rng(seed)
    rows = [
        random.permutation(np.flatnonzero(column))[:n_per_concept]
        for column in task.train.targets.T
    ]
    return Task(task.train.take(np.concatenate(rows)), task.test, task.concepts, task.negatives)


def read_task(folder, cache, *, embeds=True):
    """Return all of a set; without embeddings, which take long, zeros stand in their place."""
    train, test = (_rows(DATA / folder / f"{split}.csv") for split in ("train", "test"))
    train = [row for row in train if row["concepts"]]
    concepts = sorted({concept for row in train for concept in _concepts(row)})
    sentences = NEGATIVES.read_text(encoding="utf-8").splitlines()
    return Task(
        _texts(train, concepts, cache and cache / f"{folder}-train.npy", embeds=embeds),
        _texts(test, concepts, cache and cache / f"{folder}-test.npy", embeds=embeds),
        concepts,
        (sentences, _embed(sentences, cache and cache / "negatives.npy")),
    )


def _rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _concepts(row):
    return row["concepts"].split("|") if row["concepts"] else []


def _texts(rows, concepts, cache, *, embeds):
    targets = np.array([[c in _concepts(row) for c in concepts] for row in rows], dtype=np.int8)
    texts = [row["text"] for row in rows]
    return Texts(texts, _embed(texts, cache) if embeds else np.zeros((len(texts), 1)), targets)


def embedded(texts):
    """Return texts with the embeddings that they lack."""
    return Texts(texts.texts, _embed(texts.texts, None), texts.targets)


def _embed(texts, cache):
    if cache and cache.exists():
        return np.load(cache)
    embeddings = embedders.load("accurate").encode(texts, Job())
    if cache:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.save(cache, embeddings)
    return embeddings


if __name__ == "__main__":
    main()
