"""Whether more texts would help: the score at some numbers of texts, and what may follow."""

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
    titles,
)
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
from core.wording import counted_texts, interval_words, percent

BAND, FORECAST_BAND, DOT = 0.16, 0.08, 4.5
LABEL_ROOM, TOP_LABEL = 22.0, 28.0


@dataclass(frozen=True)
class LearningPoint:
    """A score, with its 95 % interval, after learning from so many texts; None where undefined."""

    n_texts: int
    score: float | None
    low: float | None = None
    high: float | None = None


def learning_curve(
    points: Sequence[LearningPoint], forecast: LearningPoint | None, size: Size
) -> Scene:
    """Draw scores against numbers of texts, and dashed what is expected; the key is `n_texts`."""
    size = at_least(size)
    everything = [*points, forecast] if forecast else list(points)
    known = [v for p in everything for v in (p.score, p.low) if v is not None]
    most = max([1, *(p.n_texts for p in everything)])
    plot = plot_in(size, (0, most * 1.04), (scale_start(min(known, default=0.5)), 1.0))
    ticks = [(t, percent(t, 0)) for t in share_ticks(plot.y_ends, plot.area.height)]
    items = [*rows_of(plot, ticks), *counts_across(plot, size)]
    items += titles(plot, _("Score on texts not learned from"), _("Texts learned from"))
    for run in _runs(points):
        items += _run(plot, run, "accent", BAND)
    last = next((p for p in reversed(points) if p.score is not None), None)
    if forecast and forecast.score is not None:
        start = [last] if last else []
        items += _run(plot, [*start, forecast], "accent", FORECAST_BAND, is_forecast=True)
    items += [_dot(plot, p, is_forecast=p is forecast) for p in everything if p.score is not None]
    labelled = [p for p in (last, forecast) if p and p.score is not None]
    for point in labelled:
        items.append(_label(plot, point, is_forecast=point is forecast))
    marks = tuple(
        dot_mark(plot.point(p.n_texts, p.score), p.n_texts, _words(p, forecast))
        for p in everything
        if p.score is not None
    )
    return Scene(*size, _name(everything, forecast), tuple(items), marks, _table(points, forecast))


def _runs(points: Sequence[LearningPoint]) -> list[list[LearningPoint]]:
    runs: list[list[LearningPoint]] = [[]]
    for point in points:
        if point.score is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _run(
    plot: Plot,
    run: Sequence[LearningPoint],
    tone: str,
    opacity: float,
    *,
    is_forecast: bool = False,
) -> list[ChartItem]:
    highs = [plot.point(p.n_texts, p.high) for p in run if p.high is not None]
    lows = [plot.point(p.n_texts, p.low) for p in run if p.low is not None]
    line = tuple(plot.point(p.n_texts, p.score) for p in run if p.score is not None)
    items: list[ChartItem] = []
    if len(highs) > 1 and len(highs) == len(lows):
        items.append(Area((*highs, *reversed(lows)), tone, opacity))
    if len(line) > 1:
        items.append(Line(line, tone, dash=(6, 4) if is_forecast else ()))
    return items


def _dot(plot: Plot, point: LearningPoint, *, is_forecast: bool) -> Dot:
    at = plot.point(point.n_texts, point.score or 0.0)
    if is_forecast:
        return Dot(at, "accent", DOT + 0.5, "diamond", is_ringed=True)
    return Dot(at, "accent", DOT, is_ringed=True)


def _label(plot: Plot, point: LearningPoint, *, is_forecast: bool) -> ChartItem:
    x, y = plot.point(point.n_texts, point.score or 0.0)
    share = percent(point.score or 0.0)
    words = _("perhaps {share}").format(share=share) if is_forecast else share
    room = text_width(words, "caption_strong") + 4
    left = min(max(plot.area.x, x - room / 2), plot.area.right - room)
    below = y - TOP_LABEL < plot.area.y
    top = y + 8 if below else y - TOP_LABEL
    return Words(Box(left, top, room, LINE), words, "caption_strong", "ink", "centre")


def _words(point: LearningPoint, forecast: LearningPoint | None) -> str:
    score = percent(point.score or 0.0)
    if point.low is not None and point.high is not None:
        score = f"{score}, {interval_words(point.low, point.high)}"
    measured, expected = _("With {texts}: {score}"), _("With {texts}, perhaps {score}")
    words = expected if point is forecast else measured
    return words.format(texts=counted_texts(point.n_texts), score=score)


def _name(points: Sequence[LearningPoint], forecast: LearningPoint | None) -> str:
    told = ". ".join(_words(p, forecast) for p in points if p.score is not None)
    return f"{_('Learning curve')}. {told or _('No score yet')}"


def _table(points: Sequence[LearningPoint], forecast: LearningPoint | None) -> Table:
    heads = (_("Texts learned from"), _("Score"), _("Low"), _("High"), _("Kind"))
    measured, expected = _("measured"), _("forecast")
    rows = [(p.n_texts, p.score, p.low, p.high, measured) for p in points]
    if forecast:
        rows.append((forecast.n_texts, forecast.score, forecast.low, forecast.high, expected))
    return Table(heads, tuple(rows))
