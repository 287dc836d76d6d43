"""How long an evaluation takes for 100,000 texts of 150 concepts, beside scikit-learn.

    python -m tests.benchmarks.evaluation [number of texts] [number of concepts]

Run it on a machine that does nothing else; the seconds of the processor say what it takes where
that cannot be had. scikit-learn computes the same values without
intervals; the ratio says how many times as long it takes for them as we do.
"""

import random
import sys
import time
import warnings
from functools import partial

import numpy as np
from sklearn import metrics as reference

from core.jobs import Job
from core.learning import curves, leakage, marks
from core.learning.decisions import usual_thresholds
from core.learning.ranking import rank_scores
from core.learning.scored import Scored
from core.operations.scoring import report_of
from core.tables import table

ALL_AT_MOST_S = 10


def measure(n_texts: int, n_concepts: int, *, is_exclusive: bool) -> list[tuple[str, str, str]]:
    """Evaluate made-up predictions; return each part with its seconds."""
    scored = _made_up(n_texts, n_concepts, is_exclusive=is_exclusive)
    rows = []

    def timed(what, work):
        began, busy = time.perf_counter(), time.process_time()
        work()
        seconds = np.array([time.perf_counter() - began, time.process_time() - busy])
        rows.append((what, *(f"{one:.2f} s" for one in seconds)))
        return seconds

    whole = timed("report with intervals", lambda: report_of(scored, {}))
    whole += timed("all curves", lambda: _all_curves(scored))
    whole += timed("matrices", lambda: curves.matrices(scored))
    together = f"all together (to reach: {ALL_AT_MOST_S} s)"
    rows.append((together, *(f"{one:.2f} s" for one in whole)))
    known = rank_scores(scored.targets == 1, scored.probabilities)
    live = partial(report_of, scored, {}, has_intervals=False, ranked=known)
    timed("the same by other thresholds", live)
    ours = timed("report without intervals", lambda: report_of(scored, {}, has_intervals=False))
    theirs = timed("scikit-learn, the same values", lambda: _scikit_learn(scored))
    rows.append(("scikit-learn takes", *(f"{one:.1f} times" for one in theirs / ours)))
    thresholds = usual_thresholds(n_concepts, is_exclusive=is_exclusive)
    timed("texts behind a field", lambda: marks.texts_behind(scored, FIELD, thresholds))
    return rows


FIELD = marks.Cell("concept 0", "concept 1")


def _all_curves(scored: Scored) -> None:
    actual = scored.targets == 1
    for column in (None, *range(len(scored.concepts))):
        which = slice(None) if column is None else column
        ranked = actual[:, which].ravel(), scored.probabilities[:, which].ravel()
        curves.both(*ranked)
        curves.reliability(scored, column)
        curves.histogram(scored, column)


def _scikit_learn(scored: Scored) -> None:
    """Compute what a report without intervals holds."""
    actual, said = scored.targets, scored.probabilities
    predicted = (said >= 0.5).astype(np.int8)
    if scored.is_exclusive:
        predicted = np.eye(said.shape[1], dtype=np.int8)[said.argmax(axis=1)]
        reference.confusion_matrix(actual.argmax(axis=1), said.argmax(axis=1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of concepts without texts
        for average in (None, "macro", "weighted"):
            reference.precision_recall_fscore_support(
                actual, predicted, average=average, zero_division=0
            )
        reference.accuracy_score(actual, predicted)
        for score in (reference.roc_auc_score, reference.average_precision_score):
            score(actual, said, average=None)


def _made_up(n_texts: int, n_concepts: int, *, is_exclusive: bool) -> Scored:
    """Return predictions that are right about four times in five, of concepts of all sizes."""
    numbers = np.random.default_rng(13)
    shares = 1 / np.arange(3, n_concepts + 3)
    targets = np.zeros((n_texts, n_concepts), np.int8)
    for _label in range(1 if is_exclusive else 3):
        targets[
            np.arange(n_texts), numbers.choice(n_concepts, n_texts, p=shares / shares.sum())
        ] = 1
    logits = numbers.normal(size=targets.shape).astype(np.float32) + 3.5 * targets
    if is_exclusive:
        probabilities = np.exp(2 * logits)
        probabilities /= probabilities.sum(axis=1, keepdims=True)
    else:
        probabilities = 1 / (1 + np.exp(-3 * (logits - 2)))
    return Scored(
        concepts=tuple(f"concept {i}" for i in range(n_concepts)),
        is_exclusive=is_exclusive,
        input_ids=np.arange(n_texts),
        targets=targets,
        probabilities=probabilities.astype(np.float32),
        seen=np.zeros(n_texts, np.int64),
        seed=13,
    )


def leak_check(n_texts: int) -> tuple[str, str]:
    """Look for texts among as many others; 7 % of them are there."""
    words = random.Random(13)
    known = ["".join(words.choices("etaoinshrdlu", k=words.randint(2, 9))) for _ in range(5_000)]
    learned = [" ".join(words.choices(known, k=16)) for _ in range(n_texts)]
    checked = [" ".join(words.choices(known, k=16)) for _ in range(n_texts)]
    planted = n_texts * 7 // 100
    checked[:planted] = learned[:planted]
    began = time.perf_counter()
    seen = leakage.seen_among(checked, learned, Job())
    found = int((seen[:planted] == leakage.SEEN).sum())
    words_found = f"{time.perf_counter() - began:.1f} s, {found:,} of {planted:,} copies found"
    return f"leak check against {n_texts:,} texts", words_found


def main() -> None:
    """Measure and print."""
    n_texts, n_concepts = (*map(int, sys.argv[1:]), *(100_000, 150)[len(sys.argv) - 1 :])
    for is_exclusive in (True, False):
        kind = "one concept per text" if is_exclusive else "several concepts per text"
        rows = measure(n_texts, n_concepts, is_exclusive=is_exclusive)
        print(
            table((f"{n_texts:,} × {n_concepts}, {kind}", "takes", "processor"), rows), end="\n\n"
        )
    print(table(("Leaks", ""), [leak_check(n_texts)]))


if __name__ == "__main__":
    main()
