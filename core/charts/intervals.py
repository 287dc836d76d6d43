"""Scores in their 95 % intervals, one under the other, to be compared."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from core.charts.axes import Plot, scale_start, share_ticks
from core.charts.scene import (
    CORNER,
    Box,
    ChartItem,
    Dot,
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
from core.wording import interval_words, percent

ROW, BAND, DOT, SIDE = 32.0, 10.0, 5.0, 8.0
NAMES, FEWEST_NAMES, VALUE, UNDEFINED = 208.0, 64.0, 60.0, 72.0
TICKS = 26.0


@dataclass(frozen=True)
class ScoreRow:
    """A score in [0, 1] with its bounds; None where undefined.

    Attributes:
        name: of the model, the dataset or the concept.
        score: the score itself.
        low: the lower bound of its 95 % interval.
        high: the upper bound.
        key: what its mark is known by; its name if None.
        is_chosen: whether it is the one that the others are compared with.
    """

    name: str
    score: float | None
    low: float | None = None
    high: float | None = None
    key: Hashable = None
    is_chosen: bool = False


def intervals(rows: Sequence[ScoreRow], size: Size) -> Scene:
    """Draw one row per score; the scene is as high as its rows need. The key is the row's."""
    width, height = at_least(size)
    height = max(height, round(TICKS + ROW * len(rows)) + 2)
    known = [v for r in rows for v in (r.score, r.low) if v is not None]
    longest = max([text_width(r.name, "small_strong") for r in rows], default=0.0)
    names = min(NAMES, max(FEWEST_NAMES, longest + 4), width * 0.38)
    values = [text_width(percent(r.score), "caption_strong") for r in rows if r.score is not None]
    room = max([UNDEFINED if len(values) < len(rows) else VALUE, *values])
    left = SIDE + names + 16
    area = Box(left, TICKS, width - left - room - 14 - SIDE, ROW * len(rows))
    plot = Plot(area, (scale_start(min(known, default=0.0)), 1.0))
    items = _scale(plot, width)
    marks: list[Mark] = []
    for i, row in enumerate(rows):
        y = TICKS + i * ROW
        items += _row(plot, row, y, names, width)
        box = Box(0, y, width, ROW)
        marks.append(Mark(box, row.name if row.key is None else row.key, _words(row)))
    name = ". ".join(map(_words, rows)) or _("No score yet")
    heads = (_("Name"), _("Score"), _("Low"), _("High"))
    table = Table(heads, tuple((r.name, r.score, r.low, r.high) for r in rows))
    return Scene(width, height, name, tuple(items), tuple(marks), table)


def _scale(plot: Plot, width: float) -> list[ChartItem]:
    items: list[ChartItem] = []
    for tick in share_ticks(plot.x_ends, plot.area.width):
        x, words = plot.x(tick), percent(tick, 0)
        room = text_width(words) + 4
        left = min(x - room / 2, width - CORNER[0] - room)
        items.append(Words(Box(left, 2, room, 18), words, side="centre"))
        items.append(Rect(Box(round(x), TICKS, 1, plot.area.height), "hairline"))
    return items


def _row(plot: Plot, row: ScoreRow, y: float, names: float, width: float) -> list[ChartItem]:
    middle = y + ROW / 2
    role = "small_strong" if row.is_chosen else "small"
    items: list[ChartItem] = [
        Words(Box(SIDE, y, names, ROW), row.name, role, "ink", "left", is_name=True)
    ]
    if row.score is None:
        items.append(_value(_("not known"), "caption", "ink_3", y, width))
        return items
    if row.low is not None and row.high is not None:
        left, right = plot.x(row.low), plot.x(row.high)
        band = Box(left - BAND / 2, middle - BAND / 2, right - left + BAND, BAND)
        items.append(Rect(band, "accent", 0.28, BAND / 2))
    shape = "diamond" if row.is_chosen else "circle"
    items.append(Dot((plot.x(row.score), middle), "accent", DOT, shape, is_ringed=True))
    items.append(_value(percent(row.score), "caption_strong", "ink", y, width))
    return items


def _value(words: str, role: str, tone: str, y: float, width: float) -> Words:
    room = text_width(words, role) + 2
    return Words(Box(width - room - SIDE, y, room, ROW), words, role, tone, "right")


def _words(row: ScoreRow) -> str:
    if row.score is None:
        return _("{name}: not known").format(name=row.name)
    words = f"{row.name}: {percent(row.score)}"
    if row.low is None or row.high is None:
        return words
    return f"{words}, {interval_words(row.low, row.high)}"
