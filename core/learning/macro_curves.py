"""The curves of all concepts as one: every concept counts the same, as in a macro average."""

from collections.abc import Sequence

import numpy as np

from core.learning.curves import Curve, both
from core.learning.decisions import Bools
from core.learning.intervals import Doubles
from core.learning.splits import Floats

GRID = np.linspace(0, 1, 101)


def macro_average(actual: Bools, probabilities: Floats) -> tuple[Curve | None, Curve | None]:
    """Return the mean ROC and the mean precision-recall curve over the concepts.

    Averaged is what lies above each place of the horizontal axis; the area is the mean of the
    areas, so that it equals the macro average of a report. The thresholds are left out: at one
    place they differ from concept to concept. None where no concept has the curve.

    Args:
        actual: (n_texts, n_concepts) whether a text carries a concept.
        probabilities: (n_texts, n_concepts).

    References:
        Fawcett 2006, An Introduction to ROC Analysis, section 8.2 (vertical averaging).
    """
    columns = [both(actual[:, i], probabilities[:, i]) for i in range(actual.shape[1])]
    rocs = [roc for roc, _found in columns if roc]
    found = [one for _roc, one in columns if one]
    return _mean(rocs, [_highest(one) for one in rocs]), _mean(found, [_next(one) for one in found])


def _highest(curve: Curve) -> Doubles:
    """Return the true positive rate at each place, the highest where the curve is upright."""
    x, y = np.append(0.0, curve.x), np.append(0.0, curve.y)
    heights: Doubles = np.interp(GRID, x, y)
    return heights


def _next(curve: Curve) -> Doubles:
    """Return the precision of the first threshold that finds at least each share."""
    places = np.minimum(np.searchsorted(curve.x, GRID - 1e-9), len(curve.x) - 1)
    return np.asarray(curve.y)[places]


def _mean(curves: Sequence[Curve], heights: Sequence[Doubles]) -> Curve | None:
    if not curves:
        return None
    y = np.mean(heights, axis=0)
    area = float(np.mean([curve.area for curve in curves]))
    return Curve((), tuple(GRID.tolist()), tuple(y.tolist()), area)
