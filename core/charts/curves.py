"""Found against wrongly flagged, and found against right, from the strictest answer to the laxest.

References:
    Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006).
    Davis and Goadrich, "The relationship between precision-recall and ROC curves", ICML 2006.
"""

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from operator import neg

from core.charts.axes import (
    BOTTOM,
    Plot,
    as_threshold,
    dashed_legend,
    diagonal,
    dot_mark,
    plot_in,
    share_axes,
    titles,
)
from core.charts.axes import RIGHT as EDGE
from core.charts.legend import Entry, Look, legend, legend_room, look_of
from core.charts.lines import lines_of
from core.charts.scene import (
    CORNER,
    Box,
    Cell,
    ChartItem,
    Dot,
    Line,
    Mark,
    Point,
    Scene,
    Size,
    Table,
    Words,
    at_least,
    text_width,
)
from core.i18n import _
from core.wording import percent

STEPS = tuple(i / 10 for i in range(1, 10))  # the probabilities that are marked
MOST_WITH_DOTS = 4  # lines; with more of them the dots would hide the lines
CHOSEN_RADIUS, FINEST = 6.0, 0.0005

Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Curve:
    """One line: what happens when a concept is given from a probability on.

    Attributes:
        name: of the concept or the model.
        thresholds: (n_points,) probabilities, from high to low; empty for a mean over concepts.
        x: (n_points,) shares in [0, 1]; the shares wrongly flagged for `roc`, found for
            `precision_recall`. None where undefined.
        y: (n_points,) shares in [0, 1]; found for `roc`, right for `precision_recall`.
        score: the area under the curve or the average precision; None where undefined.
        concept: the number of its mark, or None for a look by its place.
        chosen: the probability in use, or None.
        key: what its marks are known by; its name if None.
    """

    name: str
    thresholds: tuple[float, ...]
    x: Values
    y: Values
    score: float | None = None
    concept: int | None = None
    chosen: float | None = None
    key: Hashable = None


@dataclass(frozen=True)
class _Kind:
    name: str
    across: str
    down: str
    words: str
    score: str


def roc(curves: Sequence[Curve], size: Size) -> Scene:
    """Draw the share found against the share wrongly flagged; the key is (curve, probability)."""
    kind = _Kind(
        _("ROC curve"),
        _("Wrongly flagged, of all other texts"),
        _("Found, of its texts"),
        _("“{name}” from {from_} on: finds {y} of its texts, and flags {x} of all others."),
        _("ROC AUC"),
    )
    return _scene(kind, curves, size, has_chance=True)


def precision_recall(curves: Sequence[Curve], size: Size) -> Scene:
    """Draw the share that is right against the share found; the key is (curve, probability)."""
    kind = _Kind(
        _("Precision and recall"),
        _("Found, of its texts (recall)"),
        _("Right, of what is flagged (precision)"),
        _("“{name}” from {from_} on: finds {x} of its texts, and {y} of what is flagged is right."),
        _("Average precision"),
    )
    return _scene(kind, curves, size, has_chance=False)


def _scene(kind: _Kind, curves: Sequence[Curve], size: Size, *, has_chance: bool) -> Scene:
    size = at_least(size)
    looks = [look_of(i, curve.concept) for i, curve in enumerate(curves)]
    right, below = legend_room(size, len(curves))
    plot = plot_in(size, right=right + EDGE, bottom=BOTTOM + below)
    items = [*share_axes(plot, size), *titles(plot, kind.down, kind.across)]
    if has_chance:
        end = min(size[0], plot.area.right + CORNER[0])
        items += [diagonal(plot), *dashed_legend(kind.down, _("by chance"), end)]
    marks: list[Mark] = []
    for curve, look in zip(curves, looks, strict=True):
        lines = lines_of(plot, curve.x, curve.y)
        items += [Line(points, look.tone, dash=look.dash) for points in lines if len(points) > 1]
        items += [Dot(points[0], look.tone) for points in lines if len(points) == 1]
    for curve, look in zip(curves, looks, strict=True):
        items += _dots(plot, curve, look, len(curves))
        marks += _marks(kind, plot, curve)
    entries = [Entry(c.name, c.score, look) for c, look in zip(curves, looks, strict=True)]
    items += legend(entries, kind.score, size)
    name = _name(kind, curves)
    return Scene(*size, name, tuple(items), tuple(marks), _table(kind, curves))


def _name(kind: _Kind, curves: Sequence[Curve]) -> str:
    parts = [
        f"{curve.name}, {_('not known') if curve.score is None else percent(curve.score)}"
        for curve in curves[:MOST_WITH_DOTS]
    ]
    told = "; ".join(parts) or _("nothing to draw yet")
    return f"{kind.name} ({kind.score}): {told}"


def _place_of(curve: Curve, threshold: float) -> int | None:
    """Return the last point at which what is flagged has at least this probability."""
    n_reached = bisect_right(curve.thresholds, -threshold, key=neg)
    return n_reached - 1 if n_reached else None


def _marked(curve: Curve) -> list[tuple[float, int]]:
    """Return the marked probabilities, ascending, with the points they stand at."""
    chosen = () if curve.chosen is None else (curve.chosen,)
    steps = [s for s in STEPS if all(abs(s - one) > FINEST for one in chosen)]
    places = [(value, _place_of(curve, value)) for value in sorted([*steps, *chosen])]
    return [(value, place) for value, place in places if place is not None]


def _at(plot: Plot, curve: Curve, place: int) -> Point | None:
    x, y = curve.x[place], curve.y[place]
    return None if x is None or y is None else plot.point(x, y)


def _dots(plot: Plot, curve: Curve, look: Look, n_curves: int) -> list[ChartItem]:
    items: list[ChartItem] = []
    for value, place in _marked(curve):
        is_chosen = value == curve.chosen
        at = _at(plot, curve, place)
        if at is None or not (is_chosen or n_curves <= MOST_WITH_DOTS):
            continue
        radius = CHOSEN_RADIUS if is_chosen else 3.5
        items.append(Dot(at, look.tone, radius, look.shape, is_ringed=True))
        if is_chosen and n_curves == 1:
            items.append(_label(plot, at, _("from {share} on").format(share=as_threshold(value))))
    return items


def _label(plot: Plot, at: Point, words: str) -> Words:
    """Return words beside a point: below it and on the right, or on the left near the edge."""
    room = text_width(words, "caption_strong") + 4
    fits = at[0] + 10 + room <= plot.area.right
    x = at[0] + 10 if fits else max(plot.area.x, at[0] - 10 - room)
    y = min(at[1] + 6, plot.area.bottom - 20)
    return Words(Box(x, y, room, 18), words, "caption_strong", "ink", "left" if fits else "right")


def _marks(kind: _Kind, plot: Plot, curve: Curve) -> list[Mark]:
    key = curve.name if curve.key is None else curve.key
    return [
        dot_mark(at, (key, value), _words(kind, curve, value, place))
        for value, place in _marked(curve)
        if (at := _at(plot, curve, place))
    ]


def _words(kind: _Kind, curve: Curve, value: float, place: int) -> str:
    x, y = curve.x[place] or 0.0, curve.y[place] or 0.0
    return kind.words.format(name=curve.name, from_=as_threshold(value), x=percent(x), y=percent(y))


def _tenths(curve: Curve) -> list[tuple[None, int]]:
    """Return points of a mean over concepts, which has no one probability at a point."""
    return [(None, i) for i in range(0, len(curve.x), max(1, len(curve.x) // 10))]


def _table(kind: _Kind, curves: Sequence[Curve]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for curve in curves:
        places = _marked(curve) if curve.thresholds else _tenths(curve)
        rows += [(curve.name, value, curve.x[i], curve.y[i], curve.score) for value, i in places]
    heads = (_("Curve"), _("From probability"), kind.across, kind.down, kind.score)
    return Table(heads, tuple(rows))
