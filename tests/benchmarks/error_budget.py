"""Whether an error budget keeps its promise on public texts, and how much it lets decide.

    python tests/benchmarks/error_budget.py [--cache FOLDER] [--splits N] [SET ...]

Sets are folders of ../shared/data. A model learns from one half of all their texts. The other half
is split anew for every seed: on one part the thresholds are found, on the other they are checked.
"kept" is the share of splits in which not more than the tolerated share was wrong in the part that
was checked; a part says this of itself and by chance may be worse than all texts are. "refuted" is
the share of splits in which it was so much more that the 95 % interval of the part lies above.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.jobs import Job  # noqa: E402  # the checkout, wherever this is started
from core.learning import embedding_classifier  # noqa: E402
from core.learning.classifier_settings import EmbeddingClassifierSettings  # noqa: E402
from core.learning.decisions import decide, thresholds_of  # noqa: E402
from core.learning.error_budget import find_budget  # noqa: E402
from core.learning.intervals import wilson  # noqa: E402
from core.learning.scored import NOT_SEEN, Scored  # noqa: E402
from core.learning.strictness import answers_of  # noqa: E402
from tests.benchmarks.accuracy import read_task  # noqa: E402

SETS = ("banking77", "airline_sentiment", "nlupp_intents", "trec")
TOLERATED = (0.01, 0.02, 0.05)
HEADS = ("tolerated", "found", "kept", "refuted", "wrong", "decided", "could be")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=SETS, metavar="SET")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="where embeddings are kept")
    parser.add_argument("--splits", type=int, default=100, metavar="N")
    arguments = parser.parse_args()
    print(f"{'set':20}{'texts':>8}", *(f"{head:>10}" for head in HEADS))
    for name in arguments.sets:
        held_out = _held_out(read_task(name, arguments.cache))
        for tolerated_share in TOLERATED:
            cells = _row(held_out, tolerated_share, arguments.splits)
            n_texts = len(held_out.input_ids) // 2
            print(
                f"{name:20}{n_texts:>8,}", *(f"{100 * cell:>10.1f}" for cell in cells), flush=True
            )


def _held_out(task):
    """Return what a model says of the half of all texts that it did not learn from."""
    texts = task.train.texts + task.test.texts
    embeddings = np.concatenate([task.train.embeddings, task.test.embeddings])
    targets = np.concatenate([task.train.targets, task.test.targets])
    learned, held_out = np.array_split(np.random.default_rng(0).permutation(len(texts)), 2)
    model = embedding_classifier.fit(
        [texts[i] for i in learned],
        embeddings[learned],
        targets[learned],
        concepts=task.concepts,
        settings=EmbeddingClassifierSettings(),
        job=Job(),
        negatives=task.negatives,
    )
    return Scored(
        concepts=tuple(task.concepts),
        is_exclusive=model.is_exclusive,
        input_ids=held_out,
        targets=targets[held_out],
        probabilities=model.probabilities(
            [texts[i] for i in held_out], embeddings[held_out], Job()
        ),
        seen=np.full(len(held_out), NOT_SEEN),
        seed=0,
    )


def _row(scored, tolerated_share, n_splits):
    found = [_checked(scored, tolerated_share, seed) for seed in range(n_splits)]
    n_given, n_wrong, decided_share = np.array(found).T
    shares = n_wrong / np.maximum(n_given, 1)
    refuted = [
        n > 0 and wilson(share, n)[0] > tolerated_share
        for share, n in zip(shares, n_given, strict=True)
    ]
    return (
        tolerated_share,
        (n_given > 0).mean(),
        (shares <= tolerated_share).mean(),
        np.mean(refuted),
        n_wrong.sum() / max(n_given.sum(), 1),
        decided_share.mean(),
        _could_be(scored, tolerated_share),
    )


def _checked(scored, tolerated_share, seed):
    """Find thresholds on one part; return what they give in the other, and how often wrongly."""
    order = np.random.default_rng(seed).permutation(len(scored.input_ids))
    for_finding, for_checking = map(scored.only, np.array_split(order, 2))
    budget = find_budget(replace(for_finding, seed=seed), tolerated_share)
    if not budget.is_kept:
        return 0, 0, 0.0
    return _given(for_checking, budget.thresholds)


def _given(scored, chosen):
    limits = thresholds_of(scored.concepts, chosen, is_exclusive=scored.is_exclusive)
    given = decide(scored.probabilities, limits, is_exclusive=scored.is_exclusive)
    return given.sum(), (given & (scored.targets == 0)).sum(), given.any(axis=1).mean()


def _could_be(scored, tolerated_share):
    """Return what one common threshold decides, chosen by whoever knows all the answers."""
    answers = answers_of(scored)
    order = np.argsort(-answers.probabilities, kind="stable")
    wrong = np.cumsum(~answers.is_right[order]) / np.arange(1, len(order) + 1)
    fitting = np.flatnonzero(wrong <= tolerated_share)
    if not len(fitting):
        return 0.0
    threshold = float(answers.probabilities[order[fitting[-1]]])
    return _given(scored, dict.fromkeys(scored.concepts, threshold))[2]


if __name__ == "__main__":
    main()
