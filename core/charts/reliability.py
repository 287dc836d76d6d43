"""How often answers are right, against how sure the model said it was.

References:
    Niculescu-Mizil and Caruana, "Predicting good probabilities with supervised learning",
    ICML 2005.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.charts.axes import (
    LEFT,
    LINE,
    RIGHT,
    TOP,
    Plot,
    dashed_legend,
    diagonal,
    share_axes,
    title_above,
    title_below,
)
from core.charts.lines import lines_of
from core.charts.scene import (
    Box,
    ChartItem,
    Dot,
    Line,
    Mark,
    Rect,
    Scene,
    Size,
    Table,
    Words,
    at_least,
)
from core.i18n import _
from core.wording import counted_texts, interval_words, number, percent

BARS, GAP, FOOT = 0.18, 32.0, 26.0  # share of the height; pixels over the bars and below
DOT = 4.5


@dataclass(frozen=True)
class Bin:
    """The answers whose stated probability lies in [low, high).

    Attributes:
        low: where the bin begins, in [0, 1].
        high: where it ends.
        n_texts: how many answers it holds.
        stated: their mean stated probability, None without answers.
        right: the share of them that is right, None without answers.
        right_low: the lower bound of that share, None if not known.
        right_high: the upper bound.
    """

    low: float
    high: float
    n_texts: int
    stated: float | None
    right: float | None
    right_low: float | None = None
    right_high: float | None = None


def reliability(bins: Sequence[Bin], size: Size) -> Scene:
    """Draw stated probability against how often right, counts beneath; the key is (low, high)."""
    size = at_least(size)
    width, height = size
    room = height - TOP - FOOT
    bars_height = round(room * BARS)
    area = Box(LEFT, TOP, width - LEFT - RIGHT, room - bars_height - GAP)
    plot, down = Plot(area), _("How often right")
    bars = Plot(
        Box(LEFT, area.bottom + GAP, area.width, bars_height),
        y_ends=(0, max([1, *(one.n_texts for one in bins)])),
    )
    items = [*share_axes(plot, size), title_above(area, down), diagonal(plot)]
    items += dashed_legend(down, _("as sure as right"), width)
    items += _bars(bars, bins)
    items += _points(plot, bins)
    marks = tuple(_mark(plot, bars, one) for one in bins if one.n_texts)
    return Scene(width, height, _name(bins), tuple(items), marks, _table(bins))


def _name(bins: Sequence[Bin]) -> str:
    told = "; ".join(_words(one) for one in bins if one.n_texts)
    return f"{_('Stated probability against how often right')}. {told or _('No texts yet')}"


def _points(plot: Plot, bins: Sequence[Bin]) -> list[ChartItem]:
    items: list[ChartItem] = []
    dots: list[ChartItem] = []
    for one in bins:
        if one.stated is None or one.right is None:
            continue
        at = plot.point(one.stated, one.right)
        dots.append(Dot(at, "accent", DOT, is_ringed=True))
        if one.right_low is not None and one.right_high is not None:
            low, high = plot.y(one.right_low), plot.y(one.right_high)
            items.append(Rect(Box(at[0] - 4, high, 8, max(1.0, low - high)), "accent", 0.2, 4))
    stated, right = tuple(one.stated for one in bins), tuple(one.right for one in bins)
    runs = lines_of(plot, stated, right)
    items += [Line(run, "accent") for run in runs if len(run) > 1]
    return [*items, *dots]


def _bars(bars: Plot, bins: Sequence[Bin]) -> list[ChartItem]:
    area = bars.area
    items: list[ChartItem] = [Rect(Box(area.x, area.bottom, area.width, 1), "hairline")]
    for one in bins:
        if one.n_texts:
            items.append(Rect(_bar(bars, one), "outline", 0.75, 2))
    most = number(round(bars.y_ends[1]))
    items.append(Words(Box(0, area.y - LINE / 2, area.x - 8, LINE), most, side="right"))
    items.append(Words(Box(0, area.bottom - LINE / 2, area.x - 8, LINE), "0", side="right"))
    across = _("Stated probability; the bars count texts")
    return [*items, title_below(area, across, area.bottom + 7)]


def _bar(bars: Plot, one: Bin) -> Box:
    left, right, top = bars.x(one.low), bars.x(one.high), bars.y(one.n_texts)
    top = min(top, bars.area.bottom - 2)  # what is there can be seen
    return Box(left + 1, top, max(1.0, right - left - 2), bars.area.bottom - top)


def _mark(plot: Plot, bars: Plot, one: Bin) -> Mark:
    """Return the bin as one mark: its whole column, from the top of the plot to its bar."""
    left, right = bars.x(one.low), bars.x(one.high)
    box = Box(left, plot.area.y, right - left, bars.area.bottom - plot.area.y)
    return Mark(box, (one.low, one.high), _words(one))


def _words(one: Bin) -> str:
    if one.stated is None or one.right is None:
        return _("{low} to {high}: no texts").format(
            low=percent(one.low, 0), high=percent(one.high, 0)
        )
    words = _("{texts} with {stated} stated on average: {right} right").format(
        texts=counted_texts(one.n_texts), stated=percent(one.stated), right=percent(one.right)
    )
    if one.right_low is None or one.right_high is None:
        return words
    return f"{words}, {interval_words(one.right_low, one.right_high)}"


def _table(bins: Sequence[Bin]) -> Table:
    heads = (_("From"), _("To"), _("Texts"), _("Stated"), _("Right"), _("Low"), _("High"))
    return Table(
        heads,
        tuple(
            (b.low, b.high, b.n_texts, b.stated, b.right, b.right_low, b.right_high) for b in bins
        ),
    )
