"""Where data is drawn: scales, hairline gridlines, captions, and how lines break at gaps."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.charts.scene import Box, ChartItem, Point, Rect, Side, Size, Words, text_width
from core.wording import number, percent

Ends = tuple[float, float]

LEFT, TOP, RIGHT, BOTTOM = 48.0, 30.0, 20.0, 46.0  # room around the data, in pixels
LINE = 18.0  # height of a line of captions
FEW_TICKS, TICK_ROOM = 2, 44.0
STEPS = (1, 2, 5, 10)
FINE_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
TOLERANCE = 1e-9
NEAR = 0.5  # pixels; nearer points of a line cannot be told apart


@dataclass(frozen=True)
class Plot:
    """An area of pixels and the ends of its two scales."""

    area: Box
    x_ends: Ends = (0.0, 1.0)
    y_ends: Ends = (0.0, 1.0)

    def x(self, value: float) -> float:
        """Return where a value stands from left to right, in pixels."""
        return self.area.x + self.area.width * _share(value, self.x_ends)

    def y(self, value: float) -> float:
        """Return where a value stands from top to bottom, in pixels."""
        return self.area.bottom - self.area.height * _share(value, self.y_ends)

    def point(self, x: float, y: float) -> Point:
        """Return where a pair of values stands."""
        return self.x(x), self.y(y)


def _share(value: float, ends: Ends) -> float:
    low, high = ends
    return min(1.0, max(0.0, (value - low) / (high - low)))


def plot_in(
    size: Size,
    x_ends: Ends = (0.0, 1.0),
    y_ends: Ends = (0.0, 1.0),
    *,
    right: float = RIGHT,
    bottom: float = BOTTOM,
) -> Plot:
    """Return a plot that leaves room for captions, and for what stands right and below."""
    width, height = size
    return Plot(Box(LEFT, TOP, width - LEFT - right, height - TOP - bottom), x_ends, y_ends)


def share_ticks(ends: Ends, room: float) -> list[float]:
    """Return round shares between two ends, as many as have room in so many pixels."""
    low, high = ends
    most = max(FEW_TICKS, room / TICK_ROOM)
    step = next((s for s in FINE_STEPS if (high - low) / s <= most), 1.0)
    first = math.ceil(low / step - TOLERANCE)
    return [i * step for i in range(first, math.floor(high / step + TOLERANCE) + 1)]


def count_ticks(top: float, room: float) -> list[int]:
    """Return round whole numbers from 0 to `top`, as many as have room in so many pixels."""
    step = round_up(max(1.0, top / max(FEW_TICKS, room / TICK_ROOM)))
    return list(range(0, math.floor(top + TOLERANCE) + 1, step))


def round_up(value: float) -> int:
    """Return the next of 1, 2, 5, 10, 20, 50 and so on."""
    power = 10 ** math.floor(math.log10(max(value, 1.0)))
    return int(next(step * power for step in STEPS if step * power >= value - TOLERANCE))


def scale_start(lowest: float) -> float:
    """Return where a scale that ends at 100 % begins: at a ten below the lowest share."""
    return max(0.0, math.floor(lowest * 10 - TOLERANCE) / 10)


def rows_of(plot: Plot, ticks: Iterable[tuple[float, str]]) -> list[ChartItem]:
    """Return gridlines across, each with its words on the left."""
    items: list[ChartItem] = []
    for value, words in ticks:
        y = plot.y(value)
        items.append(Rect(Box(plot.area.x, round(y - 1), plot.area.width, 1), "hairline"))
        items.append(Words(Box(0, y - LINE / 2, plot.area.x - 8, LINE), words, side="right"))
    return items


def columns_of(plot: Plot, ticks: Iterable[tuple[float, str]], width: float) -> list[ChartItem]:
    """Return the words below the plot, kept within a scene of this width."""
    items: list[ChartItem] = []
    for value, words in ticks:
        room = text_width(words) + 4
        x = min(max(0.0, plot.x(value) - room / 2), width - room)
        items.append(Words(Box(x, plot.area.bottom + 6, room, LINE), words, side="centre"))
    return items


def titles(plot: Plot, down: str, across: str) -> list[ChartItem]:
    """Return what the scales measure: over the left edge, and in the middle below."""
    above = Box(0, 2, plot.area.right, LINE)
    below = Box(plot.area.x, plot.area.bottom + 25, plot.area.width, LINE)
    side: Side = "centre" if text_width(across) <= plot.area.width else "right"
    if side == "right":
        below = Box(0, below.y, plot.area.right, LINE)
    return [Words(above, down), Words(below, across, side=side)]


def share_axes(plot: Plot, size: Size, down: str, across: str) -> list[ChartItem]:
    """Return gridlines and captions of a plot whose two scales are shares."""
    area = plot.area
    y_ticks = [(t, percent(t, 0)) for t in share_ticks(plot.y_ends, area.height)]
    x_ticks = [(t, percent(t, 0)) for t in share_ticks(plot.x_ends, area.width)]
    return [
        *rows_of(plot, y_ticks),
        *columns_of(plot, x_ticks, size[0]),
        *titles(plot, down, across),
    ]


def counts_across(plot: Plot, size: Size) -> list[ChartItem]:
    """Return the words below a plot that counts from left to right."""
    ticks = count_ticks(plot.x_ends[1], plot.area.width * 0.75)
    return columns_of(plot, [(tick, number(tick)) for tick in ticks], size[0])


def lines_of(
    plot: Plot, x: Sequence[float | None], y: Sequence[float | None]
) -> list[tuple[Point, ...]]:
    """Return the points of a line in pixels, broken where a value is undefined."""
    shares = np.array([x, y], dtype=np.float64)  # None becomes "not a number"
    (x_low, x_high), (y_low, y_high) = plot.x_ends, plot.y_ends
    across, up = np.clip(
        (shares - [[x_low], [y_low]]) / [[x_high - x_low], [y_high - y_low]], 0.0, 1.0
    )
    area = plot.area
    points = np.stack([area.x + area.width * across, area.bottom - area.height * up], axis=1)
    gaps = np.flatnonzero(np.isnan(points).any(axis=1))
    runs = [run[~np.isnan(run).any(axis=1)] for run in np.split(points, gaps)]
    return [tuple(map(tuple, _thinned(run).tolist())) for run in runs if len(run)]


def _thinned(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the (n, 2) points without those that lie on the same half pixel as the one before."""
    moved = (np.diff(np.round(points / NEAR), axis=0) != 0).any(axis=1)
    keeps = np.concatenate([[True], moved])
    keeps[-1] = True
    kept: npt.NDArray[np.float64] = points[keeps]
    return kept


def around(at: Point, reach: float = 10.0) -> Box:
    """Return the box in which a small mark can be hit."""
    return Box(at[0] - reach, at[1] - reach, 2 * reach, 2 * reach)
