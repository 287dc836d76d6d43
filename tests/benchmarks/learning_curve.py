"""Whether forecasts for twice the labels come true: from half of public sets to all of them.

    python tests/benchmarks/learning_curve.py [--cache FOLDER] [SET ...]

Sets are folders of ../shared/data, cut to at most 5,000 texts. Three times a fifth of them is dealt
out to check on, and a model learns from half of the others. Its learning curve, once on the fifth
and once by cross-validation, forecasts the scores of models of all the others; one that is trained
on all of them says what these really are. Embeddings are kept in the cache folder, as by
accuracy.py.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.jobs import Job  # noqa: E402  # the checkout, wherever this is started
from core.learning import embedding_classifier, metrics  # noqa: E402
from core.learning.classifier_settings import EmbeddingClassifierSettings  # noqa: E402
from core.learning.splits import groups_of, stratified_folds  # noqa: E402
from tests.benchmarks.accuracy import Texts, read_task  # noqa: E402

SETS = ("banking77", "trec", "airline_sentiment", "nlupp_intents", "customer_reviews")
MOST_TEXTS = 5_000
N_DRAWS = 3
CHECKED_FOLDS = 5  # of which one is checked on
NEAR = 3.0  # points
TARGET = 80  # per cent of forecasts that are to be so near
HEADS = ("set", "half", "checked by", "score", "now", "forecast", "interval", "real", "seconds")
WIDTHS = (18, 6, 17, 9, 6, 9, 14, 6, 8)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=SETS, metavar="SET")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="where embeddings are kept")
    arguments = parser.parse_args()
    _say(HEADS)
    tally, began = Counter(), time.perf_counter()
    for name in arguments.sets:
        _measure(name, arguments.cache, tally)
    print(f"\n{time.perf_counter() - began:.0f} s in all")
    for way in ("held-out texts", "cross-validation"):
        n, told = tally[way, "all"], tally[way, "told"]
        near, inside = tally[way, "near"], tally[way, "inside"]
        print(
            f"{way}: {told} of {n} forecasts told; of these {100 * near / told:.0f} % within"
            f" {NEAR:.0f} points (target {TARGET}), {100 * inside / told:.0f} % within their"
            " 95 % interval"
        )


def _measure(name, cache, tally):
    task = read_task(name, cache)
    everything = _joined([task.train, task.test])
    everything = _part(everything, _dealt(everything, -(-len(everything.texts) // MOST_TEXTS), 0))
    for seed in range(1, N_DRAWS + 1):
        is_checked = _dealt(everything, CHECKED_FOLDS, seed)
        checked, learned = _part(everything, is_checked), _part(everything, ~is_checked)
        real = _real(task, _fitted(task, learned), checked)
        half = _part(learned, _dealt(learned, 2, seed))
        model = _fitted(task, half)
        for way, held_out in (("held-out texts", [checked]), ("cross-validation", [])):
            began = time.perf_counter()
            curve = _curve(model, [half, *held_out], task.negatives)
            seconds = time.perf_counter() - began
            for score in ("f1", "accuracy"):
                cells = (name, f"{len(half.texts):,}", way, score)
                now = getattr(curve.points[-1], score).value
                found = _judge(tally, way, getattr(curve, score), getattr(real, score).value)
                _say((*cells, f"{100 * now:.1f}", *found, f"{seconds:.1f}"))


def _judge(tally, way, forecast, real):
    tally[way, "all"] += 1
    if forecast is None:
        return "untold", "", f"{100 * real:.1f}"
    score = forecast.score
    tally[way, "told"] += 1
    tally[way, "near"] += abs(score.value - real) * 100 <= NEAR
    tally[way, "inside"] += score.low <= real <= score.high
    interval = f"{100 * score.low:.1f} to {100 * score.high:.1f}"
    return f"{100 * score.value:.1f}", interval, f"{100 * real:.1f}"


def _fitted(task, texts):
    return embedding_classifier.fit(
        texts.texts,
        texts.embeddings,
        texts.targets,
        concepts=task.concepts,
        settings=EmbeddingClassifierSettings(),
        job=Job(),
        negatives=task.negatives,
    )


def _real(task, model, checked):
    return metrics.report(
        checked.targets,
        model.probabilities(checked.texts, checked.embeddings, Job()),
        exclusive=model.is_exclusive,
        names=task.concepts,
        seed=0,
        has_intervals=False,
    )


def _curve(model, parts, negatives):
    joined = _joined(parts)
    return embedding_classifier.measure_learning_curve(
        model,
        joined.texts,
        joined.embeddings,
        joined.targets,
        n_learned=len(parts[0].texts),
        job=Job(),
        negatives=negatives,
    )


def _joined(parts):
    return Texts(
        [text for part in parts for text in part.texts],
        np.concatenate([part.embeddings for part in parts]),
        np.concatenate([part.targets for part in parts]),
    )


def _dealt(texts, n_folds, seed):
    """Return which texts are in the first of so many stratified folds, (n_texts,)."""
    return stratified_folds(texts.targets, groups_of(texts.texts), n_folds, seed) == 0


def _part(texts, is_in):
    return texts.take(np.flatnonzero(is_in))


def _say(cells):
    line = [
        f"{cell:{'<' if i < 4 else '>'}{w}}"
        for i, (cell, w) in enumerate(zip(cells, WIDTHS, strict=True))
    ]
    print(*line, flush=True)


if __name__ == "__main__":
    main()
