"""What stands behind scores: how they change with the threshold, and whether to believe them."""

from dataclasses import dataclass

import numpy as np

from core.learning.decisions import Bools
from core.learning.intervals import Doubles, wilson
from core.learning.scored import Scored
from core.learning.splits import Floats, Ints

N_BINS = 10  # of a reliability curve
N_BARS = 20  # of a histogram
FINE = 250  # steps per axis, beyond which a curve's corners cannot be told apart


@dataclass(frozen=True)
class Curve:
    """A curve over the thresholds, from the highest to the lowest.

    Attributes:
        thresholds, x, y: (n_points,) each; of a ROC curve x is the false and y the true positive
            rate, of a precision-recall curve x is recall and y precision.
        area: under it, as scikit-learn defines ROC AUC or average precision.
    """

    thresholds: tuple[float, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    area: float


@dataclass(frozen=True)
class Bin:
    """Predictions whose probability lies between two bounds.

    Attributes:
        stated: their mean probability. right: the share that is right, with its 95 % interval.
    """

    low: float
    high: float
    n: int
    stated: float
    right: float
    right_low: float
    right_high: float


@dataclass(frozen=True)
class Histogram:
    """How many predictions lie in each bar, right and wrong ones.

    Attributes:
        edges: (n_bars + 1,) of the bars, over [0, 1].
    """

    edges: tuple[float, ...]
    right: tuple[int, ...]
    wrong: tuple[int, ...]


@dataclass(frozen=True)
class Matrices:
    """Concepts against each other, (n_concepts, n_concepts).

    Attributes:
        mean_probability: of the column's concept over the texts that carry the row's; None where
            no text does.
        together: texts that carry both; on the diagonal, texts that carry the one.
    """

    mean_probability: tuple[tuple[float | None, ...], ...]
    together: tuple[tuple[int, ...], ...]


def roc(actual: Bools, probabilities: Floats) -> Curve | None:
    """Return the ROC curve of one concept; None unless some texts carry it and some do not."""
    thresholds, tp, fp = _counts(actual, probabilities)
    n_positive, n_negative = int(actual.sum()), int((~actual).sum())
    if not (n_positive and n_negative):
        return None
    x, y = np.append(0.0, fp / n_negative), np.append(0.0, tp / n_positive)
    area = float(np.trapezoid(y, x))
    return _thinned(np.append(np.inf, thresholds), x, y, area)


def precision_recall(actual: Bools, probabilities: Floats) -> Curve | None:
    """Return the precision-recall curve of one concept; None if no text carries it."""
    thresholds, tp, fp = _counts(actual, probabilities)
    n_positive = int(actual.sum())
    if not n_positive:
        return None
    recall, precision = tp / n_positive, tp / (tp + fp)
    area = float((np.diff(np.append(0.0, recall)) * precision).sum())
    return _thinned(thresholds, recall, precision, area)


def reliability(scored: Scored, column: int | None = None) -> tuple[Bin, ...]:
    """Return how often predictions of each probability are right; empty bins are left out.

    Args:
        scored: the predictions.
        column: of one concept; None means the best answer of each text where concepts exclude
            each other, and all concepts together where they do not.

    References:
        Niculescu-Mizil and Caruana 2005, Predicting Good Probabilities with Supervised Learning.
    """
    stated, is_right = judged(scored, column)
    place = np.clip((stated * N_BINS).astype(int), 0, N_BINS - 1)
    return tuple(_bin(i, stated[place == i], is_right[place == i]) for i in np.unique(place))


def histogram(scored: Scored, column: int | None = None) -> Histogram:
    """Return how the probabilities are spread; `column` as in `reliability`.

    Of one concept, "right" are the texts that carry it.
    """
    stated, is_right = judged(scored, column)
    edges = np.linspace(0, 1, N_BARS + 1)
    right, wrong = (np.histogram(stated[which], edges)[0] for which in (is_right, ~is_right))
    return Histogram(tuple(edges.tolist()), tuple(right.tolist()), tuple(wrong.tolist()))


def judged(scored: Scored, column: int | None) -> tuple[Floats, Bools]:
    """Return what was stated and whether it is so, as far as a curve is about it."""
    actual = scored.targets == 1
    if column is not None:
        return scored.probabilities[:, column], actual[:, column]
    if not scored.is_exclusive:
        return scored.probabilities.ravel(), actual.ravel()
    best = scored.probabilities.argmax(axis=1)[:, None]
    stated = np.take_along_axis(scored.probabilities, best, axis=1)[:, 0]
    return stated, np.take_along_axis(actual, best, axis=1)[:, 0]


def matrices(scored: Scored) -> Matrices:
    """Return the mean probabilities and how often concepts occur together."""
    carries = scored.targets.astype(np.float32)
    n_positive = carries.sum(axis=0)[:, None]
    means = (carries.T @ scored.probabilities) / np.maximum(n_positive, 1)
    together = (carries.T @ carries).astype(np.int64)
    return Matrices(
        tuple(
            tuple(row) if n else (None,) * len(row)
            for row, n in zip(means.tolist(), n_positive[:, 0], strict=True)
        ),
        tuple(tuple(row) for row in together.tolist()),
    )


def _counts(actual: Bools, probabilities: Floats) -> tuple[Doubles, Ints, Ints]:
    """Return the different probabilities, falling, and the true and false positives from each."""
    order = np.argsort(-probabilities, kind="stable")
    ordered = probabilities[order]
    last = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
    tp = np.cumsum(actual[order])[last]
    return ordered[last].astype(np.float64), tp, last + 1 - tp


def _thinned(thresholds: Doubles, x: Doubles, y: Doubles, area: float) -> Curve:
    """Keep the first and last point of every step that could be seen."""
    place = np.round(x * FINE).astype(int) * (FINE + 1) + np.round(y * FINE).astype(int)
    changes = np.flatnonzero(np.diff(place))
    kept = np.unique(np.concatenate([[0], changes, changes + 1, [len(x) - 1]]))
    shown = [tuple(row[kept].tolist()) for row in (thresholds, x, y)]
    return Curve(*shown, area=area)


def _bin(i: int, stated: Floats, is_right: Bools) -> Bin:
    share = float(is_right.mean())
    low, high = wilson(share, len(stated)).tolist()
    return Bin(
        low=i / N_BINS,
        high=(i + 1) / N_BINS,
        n=len(stated),
        stated=float(stated.mean()),
        right=share,
        right_low=max(0.0, low),
        right_high=min(1.0, high),
    )
