"""How many texts got which score: those that should be flagged, and those that should not."""

from dataclasses import dataclass
from typing import Literal

from core.charts.axes import (
    BOTTOM,
    LINE,
    Plot,
    as_threshold,
    columns_of,
    count_ticks,
    plot_in,
    rows_of,
    share_ticks,
    titles,
)
from core.charts.scene import (
    Box,
    ChartItem,
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
from core.wording import counted_texts, number, percent

HEAD = 42.0  # pixels over the plot, for the legend and the words of the threshold
SWATCH, LEAST_BAR = 12.0, 2.0
RIGHT_TONE, WRONG_TONE = "accent", "concept:1"

Kind = Literal["right", "wrong"]


@dataclass(frozen=True)
class Scores:
    """Texts by their score, in two kinds.

    Attributes:
        edges: (n_bins + 1,) where the bins begin and end, ascending, in [0, 1].
        right: (n_bins,) texts of the first kind, for instance those that carry the concept.
        wrong: (n_bins,) texts of the second kind.
        names: of the two kinds, "" for the usual ones.
        threshold: the probability from which on texts are flagged, or None.
    """

    edges: tuple[float, ...]
    right: tuple[int, ...]
    wrong: tuple[int, ...]
    names: tuple[str, str] = ("", "")
    threshold: float | None = None

    @property
    def kinds(self) -> tuple[str, str]:
        """Return the names of the two kinds."""
        first, second = self.names
        return first or _("carries it"), second or _("does not")


def histogram(scores: Scores, size: Size) -> Scene:
    """Draw the second kind stacked on the first; the key is ("right" or "wrong", place of bin)."""
    size = at_least(size)
    most = max([1, *(sum(pair) for pair in zip(scores.right, scores.wrong, strict=True))])
    whole = plot_in(size, (scores.edges[0], scores.edges[-1]), (0, most), bottom=BOTTOM)
    area = whole.area
    lowered = Box(area.x, area.y + HEAD, area.width, area.height - HEAD)
    plot = Plot(lowered, whole.x_ends, whole.y_ends)
    y_ticks = [(tick, number(tick)) for tick in count_ticks(most, lowered.height)]
    x_ticks = [(tick, percent(tick, 0)) for tick in share_ticks(plot.x_ends, lowered.width)]
    items = [*rows_of(plot, y_ticks), *columns_of(plot, x_ticks, size[0])]
    items += titles(plot, _("Texts"), _("Probability that the model gave"))
    bars = _bars(plot, scores)
    items += [_rect(box, kind) for box, kind, _place in bars]
    items += _legend(scores, plot)
    if scores.threshold is not None:
        items += _threshold(plot, scores.threshold)
    marks = tuple(Mark(box, (kind, i), _words(scores, kind, i)) for box, kind, i in bars)
    return Scene(*size, _name(scores), tuple(items), marks, _table(scores))


def _bars(plot: Plot, scores: Scores) -> list[tuple[Box, Kind, int]]:
    bars: list[tuple[Box, Kind, int]] = []
    for i, counts in enumerate(zip(scores.right, scores.wrong, strict=True)):
        left, right = plot.x(scores.edges[i]), plot.x(scores.edges[i + 1])
        bottom, kinds = plot.area.bottom, ("right", "wrong")
        for kind, count in zip(kinds, counts, strict=True):
            if count:
                height = max(LEAST_BAR, plot.area.bottom - plot.y(count))
                top = max(plot.area.y, bottom - height)
                box = Box(left + 1, top, max(1.0, right - left - 2), bottom - top)
                bars.append((box, "right" if kind == "right" else "wrong", i))
                bottom = top
    return bars


def _rect(box: Box, kind: Kind) -> Rect:
    tone = RIGHT_TONE if kind == "right" else WRONG_TONE
    return Rect(box, tone, 0.75 if kind == "right" else 1.0, is_hatched=kind == "wrong")


def _legend(scores: Scores, plot: Plot) -> list[ChartItem]:
    items: list[ChartItem] = []
    x, room = plot.area.x, plot.area.width / 2
    kinds: tuple[Kind, Kind] = ("right", "wrong")
    for kind, name in zip(kinds, scores.kinds, strict=True):
        y = plot.area.y - HEAD
        items.append(_rect(Box(x, y, SWATCH, SWATCH), kind))
        width = min(text_width(name) + 4, room - SWATCH - 16)
        words = Box(x + SWATCH + 6, y + SWATCH / 2 - LINE / 2, width, LINE)
        items.append(Words(words, name, tone="ink_2", is_name=True))
        x += SWATCH + 6 + width + 16
    return items


def _threshold(plot: Plot, threshold: float) -> list[ChartItem]:
    x, area = plot.x(threshold), plot.area
    words = _("from {share} on").format(share=as_threshold(threshold))
    room = text_width(words, "caption_strong") + 6
    left = min(max(area.x, x - room / 2), area.right - room)
    label = Box(left, area.y - LINE - 4, room, LINE)
    line = Rect(Box(x - 1, area.y - 2, 2, area.height + 2), "ink")
    return [line, Words(label, words, "caption_strong", "ink", "centre")]


def _words(scores: Scores, kind: Kind, place: int) -> str:
    count = (scores.right if kind == "right" else scores.wrong)[place]
    return _("{low} to {high}, {kind}: {texts}").format(
        low=percent(scores.edges[place], 0),
        high=percent(scores.edges[place + 1], 0),
        kind=scores.kinds[0 if kind == "right" else 1],
        texts=counted_texts(count),
    )


def _name(scores: Scores) -> str:
    told = _("Texts by probability. {right}: {n_right}; {wrong}: {n_wrong}")
    return told.format(
        right=scores.kinds[0],
        n_right=number(sum(scores.right)),
        wrong=scores.kinds[1],
        n_wrong=number(sum(scores.wrong)),
    )


def _table(scores: Scores) -> Table:
    heads = (_("From"), _("To"), *scores.kinds)
    lows, highs = scores.edges[:-1], scores.edges[1:]
    return Table(heads, tuple(zip(lows, highs, scores.right, scores.wrong, strict=True)))
