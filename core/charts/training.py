"""How a training goes: what it measures, round by round; each line by its dash, mark and name."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.charts.axes import (
    LINE,
    Plot,
    counts_across,
    dot_mark,
    plot_in,
    rows_of,
    scale_start,
    share_ticks,
    title_below,
)
from core.charts.legend import SAMPLE, Look, look_of
from core.charts.lines import lines_of
from core.charts.scene import (
    CORNER,
    Box,
    ChartItem,
    Dot,
    Line,
    Mark,
    Scene,
    Size,
    Table,
    Words,
    at_least,
    text_width,
)
from core.i18n import _
from core.wording import decimal, percent

LABEL_TOP, DOT, LAST_DOT = 24.0, 3.0, 5.0
MOST_DOTS = 40  # of a line; more would hide it
TICKS = 4
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Series:
    """What was measured: `points` are rounds over the texts, each with its value.

    Attributes:
        is_share: whether the values are shares in [0, 1] of which more is better.
        look: its place among the lines of the training, so that it looks the same everywhere.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    is_share: bool = False
    look: int = 0


def training_curves(series: Sequence[Series], size: Size, n_rounds: float = 0.0) -> Scene:
    """Draw measures of one unit over the rounds; the key of a mark is (name, round).

    Args:
        series: all shares, or none of them.
        size: in pixels.
        n_rounds: that there may be at most; as many as there are, if that is more.
    """
    size = at_least(size)
    rounds = max([1.0, n_rounds, *(x for one in series for x, _y in one.points)])
    ends = _ends(series)
    plot = plot_in(size, (0.0, math.ceil(rounds)), ends)
    items = [*rows_of(plot, _ticks(plot, series)), *counts_across(plot, size)]
    items.append(title_below(plot.area, _("Rounds over the texts"), plot.area.bottom + 25))
    items += _legend(series, size)
    marks: list[Mark] = []
    for one in series:
        items += _drawn(plot, one)
        marks += [
            dot_mark(plot.point(x, y), (one.name, x), _words(one, x, y)) for x, y in thin(one)
        ]
    items += [_label(plot, one) for one in series if one.points]
    return Scene(*size, _name(series), tuple(items), tuple(marks), _table(series))


def thin(series: Series) -> list[tuple[float, float]]:
    """Return as many of the points as have room for a mark, the last one always."""
    points = series.points
    step = max(1, math.ceil(len(points) / MOST_DOTS))
    return [point for i, point in enumerate(points) if (len(points) - 1 - i) % step == 0]


def _ends(series: Sequence[Series]) -> tuple[float, float]:
    values = [y for one in series for _x, y in one.points]
    if all(one.is_share for one in series):
        return scale_start(min(values, default=0.5)), 1.0
    return 0.0, max(values, default=1.0) * 1.05 or 1.0


def _ticks(plot: Plot, series: Sequence[Series]) -> list[tuple[float, str]]:
    low, high = plot.y_ends
    if all(one.is_share for one in series):
        return [(t, percent(t, 0)) for t in share_ticks(plot.y_ends, plot.area.height)]
    power = 10 ** math.floor(math.log10((high - low) / TICKS))
    step = next(s * power for s in STEPS if s * power * TICKS >= high - low)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (step / power == 2.5))  # noqa: PLR2004
    values = [low + i * step for i in range(math.floor((high - low) / step) + 1)]
    return [(value, decimal(value, decimals)) for value in values]


def _legend(series: Sequence[Series], size: Size) -> list[ChartItem]:
    """Return the names of the lines, each beside a piece of it, over the chart."""
    items: list[ChartItem] = []
    x, y = 0.0, 2 + LINE / 2
    for one in series:
        look, room = _look(one), text_width(one.name, "caption_strong") + 4
        if x + SAMPLE + 8 + room > size[0] - CORNER[0]:
            break
        items.append(Line(((x, y), (x + SAMPLE, y)), look.tone, dash=look.dash))
        items.append(Dot((x + SAMPLE / 2, y), look.tone, DOT + 0.5, look.shape, is_ringed=True))
        box = Box(x + SAMPLE + 8, 2, room, LINE)
        items.append(Words(box, one.name, "caption_strong", "ink"))
        x = box.right + 20
    return items


def _look(series: Series) -> Look:
    return look_of(series.look, None)


def _drawn(plot: Plot, series: Series) -> list[ChartItem]:
    look = _look(series)
    x = tuple(point[0] for point in series.points)
    y = tuple(point[1] for point in series.points)
    lines = lines_of(plot, x, y) if len(x) > 1 else []
    items: list[ChartItem] = [Line(line, look.tone, dash=look.dash) for line in lines]
    if len(series.points) <= MOST_DOTS:
        items += [Dot(plot.point(a, b), look.tone, DOT, look.shape) for a, b in series.points]
    return items


def _label(plot: Plot, series: Series) -> Words:
    """Return the last value, over the end of its line."""
    at, value = series.points[-1]
    x, y = plot.point(at, value)
    words = _value(series, value)
    room = text_width(words, "caption_strong") + 4
    left = min(max(plot.area.x, x - room / 2), plot.area.right - room)
    top = y - LABEL_TOP if y - LABEL_TOP > plot.area.y - LINE / 2 else y + 6
    return Words(Box(left, top, room, LINE), words, "caption_strong", "ink", "centre")


def _value(series: Series, value: float) -> str:
    return percent(value) if series.is_share else decimal(value, 3 if value < 1 else 2)


def _words(series: Series, at: float, value: float) -> str:
    words = _("{name} after {n} rounds: {value}")
    return words.format(name=series.name, n=decimal(at), value=_value(series, value))


def _name(series: Sequence[Series]) -> str:
    told = [_words(one, *one.points[-1]) for one in series if one.points]
    return ". ".join(told) or _("Nothing is measured yet")


def _table(series: Sequence[Series]) -> Table:
    heads = (_("Round"), _("What is measured"), _("Value"))
    rows = sorted((x, one.name, _value(one, y)) for one in series for x, y in one.points)
    return Table(heads, tuple((decimal(x, 2), name, value) for x, name, value in rows))
