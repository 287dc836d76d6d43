"""Scores of an order: whether texts that carry a concept come before those that do not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.learning.decisions import Bools
from core.learning.splits import Floats, Ints

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class RankScores:
    """A rank score of every concept, their means, and how far the means may be off.

    Attributes:
        values: (n_concepts,) in [0, 1], NaN where undefined.
        mean: over the defined ones, with its standard error; both NaN if there are none.
        weighted: the same, weighted by the texts of each concept.
    """

    values: Doubles
    mean: tuple[float, float]
    weighted: tuple[float, float]


Ranked = dict[str, RankScores]


@dataclass(frozen=True)
class _Order:
    """Texts from the least to the most probable; equal ones share a place.

    Attributes:
        texts: (n_texts,) their positions, in this order.
        is_positive: whether they carry the concept, in this order.
        first: where the texts that share a text's place begin. end: just after their last.
    """

    texts: Ints
    is_positive: Bools
    first: Ints
    end: Ints

    def positives_before(self, place: Ints) -> Doubles:
        """Return how many of the texts in front of each place carry the concept."""
        return _before(self.is_positive.astype(np.float64), place)


def rank_scores(actual: Bools, probabilities: Floats) -> Ranked:
    """Return "roc_auc" and "average_precision" of each concept, as scikit-learn defines them.

    The standard error is that of the infinitesimal jackknife: the root of the summed squares of
    what each text adds to the mean. For ROC AUC of one concept that is DeLong's.

    Args:
        actual: (n_texts, n_concepts) whether a text carries a concept.
        probabilities: (n_texts, n_concepts).

    References:
        DeLong, DeLong and Clarke-Pearson 1988, Comparing the Areas under Two or More Correlated
        Receiver Operating Characteristic Curves. Efron 1982, The Jackknife, chapter 6.
    """
    n_positives = actual.sum(axis=0, dtype=np.float64)
    aucs, precisions = _Collected(n_positives, len(actual)), _Collected(n_positives, len(actual))
    carried, stated = np.ascontiguousarray(actual.T), np.ascontiguousarray(probabilities.T)
    for i in np.flatnonzero(n_positives).tolist():
        n_positive = int(n_positives[i])
        order = _order(carried[i], stated[i])
        precisions.add(i, order, *_average_precision(order, n_positive))
        if n_positive < len(actual):
            aucs.add(i, order, *_roc_auc(order, n_positive))
    return {"roc_auc": aucs.scores(), "average_precision": precisions.scores()}


def unranked(n_concepts: int) -> Ranked:
    """Return what stands for rank scores where nobody asks for them."""
    unknown = RankScores(np.full(n_concepts, np.nan), (np.nan, np.nan), (np.nan, np.nan))
    return {"roc_auc": unknown, "average_precision": unknown}


class _Collected:
    """Scores gathered concept by concept, and the sum of what each text adds to them."""

    def __init__(self, n_positives: Doubles, n_texts: int) -> None:
        self._values = np.full(len(n_positives), np.nan)
        self._weights = np.stack([np.ones(len(n_positives)), n_positives])
        self._added = np.zeros((2, n_texts))
        self._influence = np.empty(n_texts)  # of one concept, in the texts' own order

    def add(self, concept: int, order: _Order, value: float, influence: Doubles) -> None:
        self._values[concept] = value
        self._influence[order.texts] = influence
        self._added[0] += self._influence
        self._influence *= self._weights[1, concept]
        self._added[1] += self._influence

    def scores(self) -> RankScores:
        is_known = ~np.isnan(self._values)
        return RankScores(
            self._values,
            *(
                _mean(self._values[is_known], weights[is_known], added)
                for weights, added in zip(self._weights, self._added, strict=True)
            ),
        )


def _mean(values: Doubles, weights: Doubles, added: Doubles) -> tuple[float, float]:
    if not len(values):
        return np.nan, np.nan
    total = float(weights.sum())
    return float(values @ weights) / total, float(np.linalg.norm(added)) / total


def _order(actual: Bools, probabilities: Floats) -> _Order:
    texts = np.argsort(probabilities)
    ordered = probabilities[texts]
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    sizes = np.diff(np.append(begins, len(ordered)))
    first = np.repeat(begins, sizes)
    return _Order(texts, actual[texts], first, first + np.repeat(sizes, sizes))


def _roc_auc(order: _Order, n_positive: int) -> tuple[float, Doubles]:
    """Return the score and its derivative by the weight of each text, in this order."""
    n_negative = len(order.texts) - n_positive
    below = order.positives_before(order.first)
    upto = order.positives_before(order.end)
    level = upto - below
    negatives_won = order.first - below + 0.5 * (order.end - order.first - level)
    positives_won = n_positive - upto + 0.5 * level
    value = float(negatives_won[order.is_positive].mean() / n_negative)
    influence = np.where(
        order.is_positive,
        (negatives_won / n_negative - value) / n_positive,
        (positives_won / n_positive - value) / n_negative,
    )
    return value, influence


def _average_precision(order: _Order, n_positive: int) -> tuple[float, Doubles]:
    """Return the score and its derivative by the weight of each text, in this order."""
    hits = n_positive - order.positives_before(order.first)
    found = (len(order.texts) - order.first).astype(np.float64)
    precision = hits / found
    value = float(precision[order.is_positive].mean())
    gained = _before(order.is_positive / found, order.end)
    lost = _before(order.is_positive * precision / found, order.end)
    influence = order.is_positive * (precision - value + gained) - lost
    return value, influence / n_positive


def _before(values: Doubles, place: Ints) -> Doubles:
    sums: Doubles = np.append(0.0, np.cumsum(values))[place]
    return sums
