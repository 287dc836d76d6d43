"""How often answers are right, against how sure the model said it was.

References:
    Niculescu-Mizil and Caruana, "Predicting good probabilities with supervised learning",
    ICML 2005.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.charts.axes import BOTTOM, LEFT, LINE, RIGHT, TOP, Plot, share_axes
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
    text_width,
)
from core.i18n import _
from core.wording import counted_texts, interval_words, number, percent

BARS, GAP = 0.18, 26.0  # the bars' share of the height; pixels between them and the plot
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
    room = height - TOP - BOTTOM
    bars_height = round(room * BARS)
    area = Box(LEFT, TOP, width - LEFT - RIGHT, room - bars_height - GAP)
    plot = Plot(area)
    bars = Plot(
        Box(LEFT, area.bottom + GAP, area.width, bars_height),
        y_ends=(0, max([1, *(one.n_texts for one in bins)])),
    )
    items = share_axes(plot, size, _("How often right"), "")
    items += _diagonal(plot)
    items += _bars(bars, bins, size)
    items += _points(plot, bins)
    marks = tuple(_mark(plot, bars, one) for one in bins if one.n_texts)
    return Scene(width, height, _name(bins), tuple(items), marks, _table(bins))


def _name(bins: Sequence[Bin]) -> str:
    told = "; ".join(_words(one) for one in bins if one.n_texts)
    return f"{_('Stated probability against how often right')}. {told or _('No texts yet')}"


def _diagonal(plot: Plot) -> list[ChartItem]:
    words = _("as sure as right")
    at, room = plot.point(0.5, 0.5), text_width(words) + 2
    line = Line((plot.point(0, 0), plot.point(1, 1)), "outline", width=1, dash=(4, 4))
    x = min(at[0] + 14, plot.area.right - room)
    return [line, Words(Box(x, at[1] + 4, room, LINE), words)]


def _points(plot: Plot, bins: Sequence[Bin]) -> list[ChartItem]:
    items: list[ChartItem] = []
    run: list[tuple[float, float]] = []
    for one in bins:
        if one.stated is None or one.right is None:
            items += [Line(tuple(run), "accent")] if len(run) > 1 else []
            run = []
            continue
        run.append(plot.point(one.stated, one.right))
        if one.right_low is not None and one.right_high is not None:
            x, low, high = run[-1][0], plot.y(one.right_low), plot.y(one.right_high)
            items.append(Rect(Box(x - 4, high, 8, max(1.0, low - high)), "accent", 0.2, 4))
    items += [Line(tuple(run), "accent")] if len(run) > 1 else []
    dots = [
        Dot(plot.point(one.stated, one.right), "accent", DOT, is_ringed=True)
        for one in bins
        if one.stated is not None and one.right is not None
    ]
    return [*items, *dots]


def _bars(bars: Plot, bins: Sequence[Bin], size: Size) -> list[ChartItem]:
    area = bars.area
    items: list[ChartItem] = [Rect(Box(area.x, area.bottom, area.width, 1), "hairline")]
    for one in bins:
        if one.n_texts:
            items.append(Rect(_bar(bars, one), "outline", 0.75, 2))
    most = number(round(bars.y_ends[1]))
    items.append(Words(Box(0, area.y - LINE / 2, area.x - 8, LINE), most, side="right"))
    items.append(Words(Box(0, area.bottom - LINE / 2, area.x - 8, LINE), "0", side="right"))
    below = Box(0, area.bottom + 25, size[0] - RIGHT, LINE)
    words = _("Stated probability; the bars count texts")
    fits = text_width(words) <= area.width
    centred = Box(area.x, below.y, area.width, LINE)
    items.append(
        Words(centred, words, side="centre") if fits else Words(below, words, side="right")
    )
    return items


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
