"""What each line stands for: its dash and mark, its name, its score."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.charts.axes import LEFT, LINE, RIGHT, TOP
from core.charts.colours import mark_shape
from core.charts.scene import CORNER, Box, ChartItem, Dot, Line, Size, Words, text_width
from core.i18n import _
from core.wording import number, percent

BESIDE_FROM, BESIDE_SHARE, BESIDE_MOST = 480, 0.36, 280.0  # of the width, in pixels
BELOW_MOST = 320.0
ROW, SAMPLE, VALUE = 22.0, 26.0, 56.0
MOST_BELOW = 4
DASHES: tuple[tuple[float, ...], ...] = ((), (7, 3), (2, 3), (8, 3, 2, 3))
TONES = ("accent", "concept:1", "concept:2", "concept:3", "concept:4", "concept:5")


@dataclass(frozen=True)
class Look:
    """How a line differs from the others: never by its colour alone."""

    tone: str
    shape: str
    dash: tuple[float, ...]


@dataclass(frozen=True)
class Entry:
    """A line of the legend; the score is a share in [0, 1], None where it is undefined."""

    name: str
    score: float | None
    look: Look


def look_of(place: int, concept: int | None) -> Look:
    """Return the look of a line: the mark of its concept, or one by its place among the lines."""
    number_of_mark = place if concept is None else concept
    tone = TONES[place % len(TONES)] if concept is None else f"concept:{concept}"
    return Look(tone, mark_shape(number_of_mark), DASHES[place % len(DASHES)])


def legend_room(size: Size, n_lines: int) -> tuple[float, float]:
    """Return the pixels that a legend takes on the right and below, one of them 0.

    One line, and charts that are narrow, have it below.
    """
    if size[0] >= BESIDE_FROM and n_lines > 1:
        return min(BESIDE_MOST, size[0] * BESIDE_SHARE), 0.0
    fits = max(1, int((size[1] / 3) // ROW))
    return 0.0, ROW * min(n_lines, MOST_BELOW, fits)


def legend(entries: Sequence[Entry], score: str, size: Size) -> list[ChartItem]:
    """Return the legend of a scene of this size: on the right, or along the bottom.

    Args:
        entries: one per line.
        score: what the scores are, for instance "ROC AUC".
        size: of the scene.
    """
    right, below = legend_room(size, len(entries))
    items: list[ChartItem] = []
    if right:
        box = Box(size[0] - right, TOP, right, size[1] - TOP)
        name = box.x + SAMPLE + 8
        items.append(Words(Box(name, 2, size[0] - CORNER[0] - name, LINE), score))
    else:
        box = Box(LEFT, size[1] - below, min(BELOW_MOST, size[0] - LEFT - RIGHT), below)
        beside = Box(box.right + 8, box.y, size[0] - box.right - 8, ROW)
        if entries and text_width(score) <= beside.width:
            items.append(Words(beside, score))
    fitting = max(1, int(box.height // ROW))
    shown = entries if len(entries) <= fitting else entries[: fitting - 1]
    for i, entry in enumerate(shown):
        items += _row(entry, Box(box.x, box.y + i * ROW, box.width, ROW))
    if len(shown) < len(entries):
        more = _("and {n} more").format(n=number(len(entries) - len(shown)))
        line = Box(box.x + SAMPLE + 8, box.y + len(shown) * ROW, box.width - SAMPLE - 8, ROW)
        items.append(Words(line, more))
    return items


def _row(entry: Entry, box: Box) -> list[ChartItem]:
    y, look = box.centre[1], entry.look
    score = _("not known") if entry.score is None else percent(entry.score)
    value = VALUE if entry.score is not None else VALUE + 8
    name = Box(box.x + SAMPLE + 8, box.y, box.width - SAMPLE - 8 - value - 8, ROW)
    return [
        Line(((box.x, y), (box.x + SAMPLE, y)), look.tone, dash=look.dash),
        Dot((box.x + SAMPLE / 2, y), look.tone, shape=look.shape, is_ringed=True),
        Words(name, entry.name, tone="ink", is_name=True),
        Words(Box(box.right - value, box.y, value, ROW), score, "caption_strong", "ink", "right"),
    ]
