"""How much can be decided automatically, and how often that is wrong."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.charts.axes import LINE, Plot, as_threshold, dot_mark, plot_in, share_axes, titles
from core.charts.lines import lines_of
from core.charts.scene import (
    Area,
    Box,
    ChartItem,
    Dot,
    Line,
    Scene,
    Size,
    Table,
    Words,
    at_least,
    text_width,
)
from core.i18n import _
from core.wording import interval_words, percent

BAND, CHOSEN, OVER = 0.14, 6.0, 1.5
LEAST_TOP, STEP, APART = 0.02, 0.01, 14.0  # shares; pixels between dots


@dataclass(frozen=True)
class CoveragePoint:
    """What follows if the model decides from a probability on, and people the rest.

    Attributes:
        threshold: that probability, in [0, 1].
        share: of the texts that are decided automatically, in [0, 1].
        error: the share of these that is wrong; None if none are decided.
        low: the lower bound of the error, None if not known.
        high: the upper bound.
    """

    threshold: float
    share: float
    error: float | None
    low: float | None = None
    high: float | None = None


def coverage(
    points: Sequence[CoveragePoint], chosen: float | None, budget: float | None, size: Size
) -> Scene:
    """Draw the error rate against the share decided automatically; the key is the threshold.

    Args:
        points: in any order.
        chosen: the threshold in use, or None.
        budget: the error rate that is tolerated, in [0, 1], or None.
        size: width and height in pixels.
    """
    size = at_least(size)
    ordered = sorted(points, key=lambda point: (point.share, -point.threshold))
    plot = plot_in(size, y_ends=(0.0, _top(ordered, budget)))
    items = share_axes(plot, size)
    items += titles(plot, _("Wrong, of what is decided"), _("Decided automatically"))
    items += _band(plot, ordered)
    shares, errors = tuple(p.share for p in ordered), tuple(p.error for p in ordered)
    items += [Line(run, "accent") for run in lines_of(plot, shares, errors) if len(run) > 1]
    share = next((p.share for p in ordered if p.threshold == chosen), 1.0)
    items += _budget(plot, budget, share)
    shown = _spread(plot, ordered, chosen)
    items += [_dot(plot, p, chosen) for p in shown]
    items += [_label(plot, p) for p in shown if p.threshold == chosen]
    marks = tuple(
        dot_mark(plot.point(p.share, p.error or 0.0), p.threshold, _words(p)) for p in shown
    )
    return Scene(*size, _name(ordered, chosen, budget), tuple(items), marks, _table(ordered))


def _top(points: Sequence[CoveragePoint], budget: float | None) -> float:
    """Return where the scale ends: over every error and the budget, in whole per cent."""
    highest = max([LEAST_TOP, *(p.error for p in points if p.error is not None)])
    if budget is not None:
        highest = max(highest, budget * OVER)
    return min(1.0, math.ceil(highest / STEP - 1e-9) * STEP)


def _spread(
    plot: Plot, points: Sequence[CoveragePoint], chosen: float | None
) -> list[CoveragePoint]:
    """Return the points far enough apart to be hit, and the chosen one in any case."""
    shown: list[CoveragePoint] = []
    for point in points:
        if point.error is None:
            continue
        is_chosen = point.threshold == chosen
        near = bool(shown) and plot.x(point.share) - plot.x(shown[-1].share) < APART
        if near and is_chosen:
            shown[-1] = point
        elif not near:
            shown.append(point)
    return shown


def _band(plot: Plot, points: Sequence[CoveragePoint]) -> list[ChartItem]:
    known = [(p.share, p.low, p.high) for p in points if p.low is not None and p.high is not None]
    if len(known) <= 1:
        return []
    highs = [plot.point(share, high) for share, _low, high in known]
    lows = [plot.point(share, low) for share, low, _high in known]
    return [Area((*highs, *reversed(lows)), "accent", BAND)]


def _budget(plot: Plot, budget: float | None, chosen_share: float) -> list[ChartItem]:
    """Draw what is tolerated; its words stand left or right of the label of what is chosen."""
    if budget is None:
        return []
    y, words = plot.y(budget), _("at most {share} wrong").format(share=percent(budget))
    line = Line(((plot.area.x, y), (plot.area.right, y)), "ink_2", width=1.5, dash=(4, 4))
    room = text_width(words) + 4
    left = plot.area.right - room
    if plot.x(chosen_share) > left:
        left = plot.area.x + 4
    return [line, Words(Box(left, y - LINE - 1, room, LINE), words, tone="ink_2")]


def _dot(plot: Plot, point: CoveragePoint, chosen: float | None) -> Dot:
    is_chosen = point.threshold == chosen
    at = plot.point(point.share, point.error or 0.0)
    return Dot(at, "accent", CHOSEN if is_chosen else 3.0, is_ringed=True)


def _label(plot: Plot, point: CoveragePoint) -> Words:
    x, y = plot.point(point.share, point.error or 0.0)
    words = _("{share} decided").format(share=percent(point.share))
    room = text_width(words, "caption_strong") + 4
    left = min(max(plot.area.x, x - room - 4), plot.area.right - room)
    top = max(plot.area.y, y - LINE - 10)
    return Words(Box(left, top, room, LINE), words, "caption_strong", "ink", "right")


def _words(point: CoveragePoint) -> str:
    said = _("From {from_} on: {share} decided automatically, {error} of them wrong").format(
        from_=as_threshold(point.threshold),
        share=percent(point.share),
        error=percent(point.error or 0),
    )
    if point.low is None or point.high is None:
        return said
    return f"{said}, {interval_words(point.low, point.high)}"


def _name(points: Sequence[CoveragePoint], chosen: float | None, budget: float | None) -> str:
    parts = [_("Errors against the share decided automatically")]
    if budget is not None:
        parts.append(_("at most {share} wrong").format(share=percent(budget)))
    parts += [_words(p) for p in points if p.threshold == chosen and p.error is not None]
    return "; ".join(parts)


def _table(points: Sequence[CoveragePoint]) -> Table:
    heads = (_("From probability"), _("Decided automatically"), _("Wrong"), _("Low"), _("High"))
    return Table(heads, tuple((p.threshold, p.share, p.error, p.low, p.high) for p in points))
