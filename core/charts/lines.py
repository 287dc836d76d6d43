"""From values to the few points in pixels that a line needs."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from core.charts.axes import Plot
from core.charts.scene import Point

Points = npt.NDArray[np.float64]

Values = tuple[float | None, ...]

STRAIGHT = 0.35  # pixels by which a line may miss a value
MOST_KEPT = 64  # lines that are not worked out again while a slider moves


@lru_cache(maxsize=MOST_KEPT)
def lines_of(plot: Plot, x: Values, y: Values) -> list[tuple[Point, ...]]:
    """Return the points of a line in pixels, in pieces where a value is undefined.

    Args:
        plot: where it is drawn.
        x: (n_points,) values from left to right, None where undefined.
        y: (n_points,) values upwards, None where undefined.
    """
    shares = np.array([x, y], dtype=np.float64)  # None becomes "not a number"
    lows, highs = np.array([plot.x_ends, plot.y_ends]).T[:, :, None]
    across, up = np.clip((shares - lows) / (highs - lows), 0.0, 1.0)
    area = plot.area
    points = np.stack([area.x + area.width * across, area.bottom - area.height * up], axis=1)
    is_gap = np.isnan(points).any(axis=1)
    pieces = np.split(points, np.flatnonzero(is_gap))
    runs = [piece[~np.isnan(piece).any(axis=1)] for piece in pieces]
    return [
        tuple((left, top) for left, top in _simplified(run).tolist()) for run in runs if len(run)
    ]


def _simplified(points: Points) -> Points:
    """Return the fewest of the (n, 2) points between which the line stays the same to the eye.

    References:
        Douglas and Peucker, "Algorithms for the reduction of the number of points required to
        represent a digitized line or its caricature", Cartographica 10 (1973).
    """
    keeps = np.zeros(len(points), dtype=bool)
    keeps[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first > 1:
            away = _away(points[first + 1 : last], points[first], points[last])
            farthest = int(away.argmax())
            if away[farthest] > STRAIGHT:
                middle = first + 1 + farthest
                keeps[middle] = True
                spans += [(first, middle), (middle, last)]
    kept: Points = points[keeps]
    return kept


def _away(points: Points, start: Points, end: Points) -> Points:
    """Return how far the (n, 2) points are from the line through two points."""
    way, rest = end - start, points - start
    length = float(np.hypot(*way))
    if not length:
        return np.hypot(rest[:, 0], rest[:, 1])
    away: Points = np.abs(rest @ np.array([-way[1], way[0]])) / length
    return away
