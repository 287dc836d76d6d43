"""Where data is drawn: scales, hairline gridlines, captions, and how lines break at gaps."""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from core.charts.scene import (
    CORNER,
    Box,
    ChartItem,
    Line,
    Mark,
    Point,
    Rect,
    Size,
    Words,
    text_width,
)
from core.wording import number, percent

Ends = tuple[float, float]

LEFT, TOP, RIGHT, BOTTOM = 48.0, 30.0, 20.0, 46.0  # room around the data, in pixels
LINE = 18.0  # height of a line of captions
FEW_TICKS, TICK_ROOM = 2, 44.0
STEPS = (1, 2, 5, 10)
FINE_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
TOLERANCE = 1e-9
REACH = 10.0  # pixels around a dot in which it is hit


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
    return [title_above(plot.area, down), title_below(plot.area, across, plot.area.bottom + 25)]


def title_above(area: Box, words: str) -> Words:
    """Return what the scale on the left measures."""
    return Words(Box(0, 2, area.right, LINE), words)


def title_below(area: Box, words: str, top: float) -> Words:
    """Return what the lower scale measures, in the middle, or from the left where it is long."""
    if text_width(words) <= area.width:
        return Words(Box(area.x, top, area.width, LINE), words, side="centre")
    return Words(Box(0, top, area.right, LINE), words, side="right")


def dashed_legend(down: str, words: str, width: float) -> list[ChartItem]:
    """Return what a dashed line stands for, right of the title; nothing where there is no room."""
    room, sample = text_width(words) + 2, 26.0
    right = width - CORNER[0]
    if text_width(down) + room + sample + 24 > right:
        return []
    y = 2 + LINE / 2
    line = Line(((right - room - 8 - sample, y), (right - room - 8, y)), "outline", 1, dash=(4, 4))
    return [line, Words(Box(right - room, 2, room, LINE), words)]


def diagonal(plot: Plot) -> Line:
    """Return the line on which both values are the same."""
    return Line((plot.point(0, 0), plot.point(1, 1)), "outline", 1, dash=(4, 4))


def share_axes(plot: Plot, size: Size) -> list[ChartItem]:
    """Return gridlines and figures of a plot whose two scales are shares."""
    area = plot.area
    y_ticks = [(t, percent(t, 0)) for t in share_ticks(plot.y_ends, area.height)]
    x_ticks = [(t, percent(t, 0)) for t in share_ticks(plot.x_ends, area.width)]
    return [*rows_of(plot, y_ticks), *columns_of(plot, x_ticks, size[0])]


def counts_across(plot: Plot, size: Size) -> list[ChartItem]:
    """Return the words below a plot that counts from left to right."""
    ticks = count_ticks(plot.x_ends[1], plot.area.width * 0.75)
    return columns_of(plot, [(tick, number(tick)) for tick in ticks], size[0])


def as_threshold(share: float) -> str:
    """Return a probability from which on something holds: "70 %", or "72.5 %" if need be."""
    return percent(share, 0 if abs(share * 100 - round(share * 100)) < TOLERANCE else 1)


def dot_mark(at: Point, key: Hashable, words: str) -> Mark:
    """Return the mark of a dot, which can be hit a little way off too."""
    box = Box(at[0] - REACH, at[1] - REACH, 2 * REACH, 2 * REACH)
    return Mark(box, key, words, is_round=True)
