"""A score and how far it may be off."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

INTERVAL = (0.025, 0.975)  # quantiles that hold 95 %
NORMAL_95 = 1.959964  # standard deviations on either side that hold 95 % of a normal distribution
NO_WIDTH = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A score in [0, 1] and its 95 % interval; all None where it is undefined."""

    value: float | None
    low: float | None
    high: float | None


UNKNOWN = Estimate(None, None, None)


def estimate(value: float, interval: Doubles, n_texts: int) -> Estimate:
    """Return a score with its interval, (2,), or with Wilson's where that has no width.

    Ten right of ten resample to ten right every time, yet do not prove 100 %.
    """
    if interval[1] - interval[0] < NO_WIDTH:
        interval = wilson(value, n_texts)
    low, high = np.clip(interval, 0, 1).tolist()
    return Estimate(float(value), low, high)


def wilson(share: float, n: int) -> Doubles:
    """Return the 95 % interval of a share of n, (2,).

    References:
        Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference.
    """
    squared = NORMAL_95**2
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    spread = np.sqrt(share * (1 - share) / n + squared / (4 * n**2))
    reach = NORMAL_95 * spread / (1 + squared / n)
    return np.array([min(middle - reach, share), max(middle + reach, share)])  # despite rounding
