"""How many labels "label next" takes where labelling at random takes N: simulated on public sets.

    python tests/benchmarks/label_next.py [--cache FOLDER] [--seeds N] [--share S] [SET ...]

Sets are folders of ../shared/data with a budget of labels, as `banking77:1000`. People who label
are played by the labels of the train file; nothing is labelled at the beginning. Both orders get
the same model, `steering.steer`, the same batches and the same beginning of chance, and are
checked on the test file twenty times. Said is the score of all labels at random, and the
first check from which on the other order has reached it.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.jobs import Job  # noqa: E402  # the checkout, wherever this is started
from core.learning.embedding_classifier.classifier import centred  # noqa: E402
from core.learning.embedding_classifier.ngrams import fit_ngrams  # noqa: E402
from core.learning.embedding_classifier.steering import Features, Labels, steer  # noqa: E402
from core.learning.sampling import mixed  # noqa: E402
from core.learning.sampling import random_order as by_chance  # noqa: E402
from core.learning.splits import groups_of  # noqa: E402
from core.learning.strategies import choose  # noqa: E402
from tests.benchmarks.accuracy import read_task  # noqa: E402

BUDGETS = {"banking77": 2_000, "sms_spam": 400, "trec": 600}
BATCH = 20
CHECKS = 20  # of a run
TARGET = 0.5  # of the labels


@dataclass(frozen=True)
class Set:
    pool: Features
    test: Features
    targets: np.ndarray
    truth: np.ndarray


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=list(BUDGETS), metavar="SET")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="where embeddings are kept")
    parser.add_argument("--seeds", type=int, default=3, metavar="N")
    parser.add_argument("--share", type=float, default=0.2, help="drawn at random")
    parser.add_argument("--strategies", default="mixed", help="several with commas")
    arguments = parser.parse_args()
    print("set  strategy  labels  score at random  reached after  share of the labels  seconds")
    for one in arguments.sets:
        name, _, budget = one.partition(":")
        _measure(name, int(budget or BUDGETS[name]), arguments)


def _measure(name, budget, arguments):
    texts = _read(name, arguments.cache)
    seeds = range(arguments.seeds)
    at_random = [_simulate(texts, "random", budget, seed, 1.0) for seed in seeds]
    for which in range(2):
        _curve(name, "random", at_random, which)
    for strategy in arguments.strategies.split(","):
        began = time.perf_counter()
        helped = [_simulate(texts, strategy, budget, seed, arguments.share) for seed in seeds]
        seconds = time.perf_counter() - began
        for which, score in enumerate(("accuracy", "macro F1")):
            _curve(name, strategy, helped, which)
            goal = np.mean([run[-1][which + 1] for run in at_random])
            mean = np.mean([[at[which + 1] for at in run] for run in helped], axis=0)
            reached = next(
                (run[0] for run, value in zip(helped[0], mean, strict=True) if value >= goal), None
            )
            share = f"{reached / budget:.2f}" if reached else "not reached"
            print(
                f"{name}  {strategy}  {budget}  {score} {goal:.1f}  {reached or '-'}  {share}"
                f"  {seconds:.0f}",
                flush=True,
            )


def _curve(name, strategy, runs, which):
    mean = np.mean([[at[which + 1] for at in run] for run in runs], axis=0)
    points = [f"{at[0]}: {value:.1f}" for at, value in zip(runs[0], mean, strict=True)]
    print(f"    {name} {strategy}", *points[:: max(1, len(points) // 12)], flush=True)


def _simulate(texts, strategy, budget, seed, share):
    """Return (labels, accuracy, macro F1) after each batch."""
    rng = np.random.default_rng(seed)
    n_texts = len(texts.targets)
    order = by_chance(np.arange(n_texts), seed)
    labelled, curve = np.zeros(n_texts, bool), []
    given: list[int] = []
    while len(given) < budget:
        drawn = [int(i) for i in order if not labelled[i]][:BATCH]
        chosen = []
        if strategy != "random":
            rows = np.array(given, np.int64)
            labels = Labels(rows, texts.targets[rows], is_exclusive=True)
            chosen = choose(strategy, texts.pool, labels, BATCH, rng, Job()).places
        new = [place for place, _is_random in mixed(list(chosen), drawn, share, BATCH)]
        labelled[new] = True
        given += new
        if len(given) % (budget // CHECKS) == 0:
            curve.append((len(given), *_score(texts, np.array(given, np.int64), seed)))
    return curve


def _score(texts, rows, seed):
    said = texts.targets[rows]
    known = np.flatnonzero(said.any(axis=0))
    if len(known) < 2:
        return 0.0, 0.0
    labels = Labels(rows, said[:, known], is_exclusive=True)
    model = steer(texts.pool, labels, seed, Job())
    answers = known[model.logits(texts.test).argmax(axis=1)]
    n_concepts = said.shape[1]
    hits = np.bincount(texts.truth[answers == texts.truth], minlength=n_concepts)
    marked = np.bincount(texts.truth, minlength=n_concepts)
    there = marked > 0
    f1 = 2 * hits / np.maximum(marked + np.bincount(answers, minlength=n_concepts), 1)
    return 100 * np.mean(answers == texts.truth), 100 * np.mean(f1[there])


def _read(name, cache):
    task = read_task(name, cache)
    train, test = task.train, task.test
    centre = train.embeddings.mean(axis=0)
    space, ngrams = fit_ngrams(train.texts, Job())
    return Set(
        Features(centre, centred(train.embeddings, centre), ngrams, groups_of(train.texts)),
        Features(
            centre,
            centred(test.embeddings, centre),
            space.weigh(test.texts, Job(), "test"),
            groups_of(test.texts),
        ),
        train.targets,
        test.targets.argmax(axis=1),
    )


if __name__ == "__main__":
    main()
