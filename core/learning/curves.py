"""What stands behind scores: how they change with the threshold, and whether to believe them."""

from dataclasses import dataclass

import numpy as np

from core.learning.decisions import Bools
from core.learning.intervals import Doubles, wilson
from core.learning.scored import Scored
from core.learning.splits import Floats, Ints

N_BINS = 10  # of a reliability curve
N_BARS = 20  # of a histogram
FAINT = 0.1  # a probability that nobody would take for an answer; an edge of bins and bars
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
    return both(actual, probabilities)[0]


def precision_recall(actual: Bools, probabilities: Floats) -> Curve | None:
    """Return the precision-recall curve of one concept; None if no text carries it."""
    return both(actual, probabilities)[1]


def both(actual: Bools, probabilities: Floats) -> tuple[Curve | None, Curve | None]:
    """Return the ROC and the precision-recall curve of one concept, see `roc`."""
    thresholds, tp, fp = _counts(actual, probabilities)
    n_positive, n_negative = int(tp[-1]), int(fp[-1])
    if not n_positive:
        return None, None
    recall, precision = tp / n_positive, tp / (tp + fp)
    area = float((np.diff(recall, prepend=0.0) * precision).sum())
    found = _thinned(thresholds, recall, precision, area)
    if not n_negative:
        return None, found
    x, y = np.append(0.0, fp / n_negative), np.append(0.0, recall)
    return _thinned(np.append(np.inf, thresholds), x, y, float(np.trapezoid(y, x))), found


def reliability(scored: Scored, column: int | None = None) -> tuple[Bin, ...]:
    """Return how often predictions of each probability are right; empty bins are left out.

    Args:
        scored: the predictions.
        column: of one concept; None means the best answer of each text where concepts exclude
            each other, and where they do not all concepts together, from `FAINT` on: nearly
            every concept of nearly every text is less probable, and would hide all others.

    References:
        Niculescu-Mizil and Caruana 2005, Predicting Good Probabilities with Supervised Learning.
    """
    stated, is_right = _worth_showing(scored, column)
    place = _places(stated, N_BINS)
    n, sums, right = (np.bincount(place, weights, N_BINS) for weights in (None, stated, is_right))
    return tuple(
        _bin(i, int(n[i]), sums[i] / n[i], right[i] / n[i]) for i in np.flatnonzero(n).tolist()
    )


def histogram(scored: Scored, column: int | None = None) -> Histogram:
    """Return how the probabilities are spread; `column` as in `reliability`.

    Of one concept, "right" are the texts that carry it.
    """
    stated, is_right = _worth_showing(scored, column)
    place = _places(stated, N_BARS)
    right, n = (np.bincount(place[which], minlength=N_BARS) for which in (is_right, slice(None)))
    return Histogram(
        tuple(i / N_BARS for i in range(N_BARS + 1)),
        tuple(right.tolist()),
        tuple((n - right).tolist()),
    )


def _worth_showing(scored: Scored, column: int | None) -> tuple[Floats, Bools]:
    stated, is_right = judged(scored, column)
    if column is not None or scored.is_exclusive:
        return stated, is_right
    is_shown = stated >= np.float32(FAINT)
    return stated[is_shown], is_right[is_shown]


def _places(stated: Floats, n: int) -> Ints:
    """Return in which of n equal parts of [0, 1] each lies, as `marks.Range` tells it."""
    edges = (np.arange(1, n) / n).astype(stated.dtype)
    return np.searchsorted(edges, stated, side="right")


def judged(scored: Scored, column: int | None) -> tuple[Floats, Bools]:
    """Return what was stated and whether it is so, as far as a curve is about it."""
    if column is not None:
        return scored.probabilities[:, column], scored.targets[:, column] == 1
    if not scored.is_exclusive:
        return scored.probabilities.ravel(), (scored.targets == 1).ravel()
    best = scored.probabilities.argmax(axis=1)[:, None]
    stated = np.take_along_axis(scored.probabilities, best, axis=1)[:, 0]
    return stated, np.take_along_axis(scored.targets, best, axis=1)[:, 0] == 1


def matrices(scored: Scored) -> Matrices:
    """Return the mean probabilities and how often concepts occur together."""
    means: list[tuple[float | None, ...]] = []
    together: list[tuple[int, ...]] = []
    columns = np.ascontiguousarray(scored.targets.T)
    for column in columns:  # a product of the arrays would mostly multiply by 0
        texts = np.flatnonzero(column)
        shares = scored.probabilities[texts].mean(axis=0).tolist() if len(texts) else None
        means.append(tuple(shares) if shares else (None,) * len(columns))
        together.append(tuple(scored.targets[texts].sum(axis=0, dtype=np.int64).tolist()))
    return Matrices(tuple(means), tuple(together))


def _counts(actual: Bools, probabilities: Floats) -> tuple[Doubles, Ints, Ints]:
    """Return the different probabilities, falling, and the true and false positives from each."""
    ordered = np.sort(probabilities)
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))[::-1]
    rising = ordered[begins[::-1]]
    n_found = np.bincount(np.searchsorted(rising, probabilities[actual]), minlength=len(rising))
    tp = np.cumsum(n_found[::-1])
    return ordered[begins].astype(np.float64), tp, len(ordered) - begins - tp


def _thinned(thresholds: Doubles, x: Doubles, y: Doubles, area: float) -> Curve:
    """Keep the first and last point of every step that could be seen."""
    place = (x * FINE + 0.5).astype(np.int32) * (FINE + 1) + (y * FINE + 0.5).astype(np.int32)
    moves = place[1:] != place[:-1]
    is_kept = np.ones(len(x), bool)
    is_kept[1:-1] = moves[:-1] | moves[1:]
    kept = np.flatnonzero(is_kept)
    return Curve(
        tuple(thresholds[kept].tolist()), tuple(x[kept].tolist()), tuple(y[kept].tolist()), area
    )


def _bin(i: int, n: int, stated: float, right: float) -> Bin:
    low, high = wilson(right, n).tolist()
    return Bin(
        low=i / N_BINS,
        high=(i + 1) / N_BINS,
        n=n,
        stated=float(stated),
        right=float(right),
        right_low=max(0.0, low),
        right_high=min(1.0, high),
    )
