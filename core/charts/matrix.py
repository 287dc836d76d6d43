"""Concepts against concepts: what gets mixed up, and what stands together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from core.charts.scene import (
    CORNER,
    Box,
    Cell,
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
from core.wording import counted_texts, decimal, number, percent

TOP, BOTTOM, NUMBERS, NAMES, FEWEST_NAMES = 26.0, 30.0, 32.0, 176.0, 72.0
WITH_NUMBER, WITH_NAME, WITH_SHARE = 22.0, 14.0, 64.0  # pixels of a cell
LARGE, LARGEST, WHOLE = 44.0, 104.0, 352.0  # of a cell; few cells are larger; all of them
HALF, TWO_LINES, FAINT = 0.5, 34.0, 0.05
STEPS = (1, 5, 10, 20, 50, 100, 200, 500, 1000)
SLIP = "concept:1"  # ember

Mode = Literal["counts", "shares", "mean probability"]
Kind = Literal["confusion", "together"]
Counts = Sequence[Sequence[int]]
Key = tuple[int, int]


@dataclass(frozen=True)
class Matrix:
    """Counts of texts for every pair of concepts.

    Attributes:
        names: (n_concepts,)
        counts: (n_concepts, n_concepts) texts; the rows are what people said.
        mode: what stands in a cell.
        kind: "confusion": the columns are what the model said; "together": texts of the row's
            concept that carry the column's too.
        totals: (n_concepts,) texts that a share is of; the sums of the rows if None.
        means: (n_concepts, n_concepts) mean probabilities, for the mode that shows them; None
            where undefined.
        before: counts to compare with, shown as "12 → 9".
        shown: the places of the concepts to draw, in their order; all if None.
    """

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    mode: Mode = "counts"
    kind: Kind = "confusion"
    totals: tuple[int, ...] | None = None
    means: tuple[tuple[float | None, ...], ...] | None = None
    before: tuple[tuple[int, ...], ...] | None = None
    shown: tuple[int, ...] | None = None

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Return the places of the shown concepts."""
        return tuple(range(len(self.names))) if self.shown is None else self.shown

    @cached_property
    def row_totals(self) -> tuple[int, ...]:
        """Return the (n_concepts,) texts that shares are of."""
        return tuple(map(sum, self.counts)) if self.totals is None else self.totals

    def strength(self, row: int, column: int) -> float | None:
        """Return how strong a cell is, in [0, 1]: its share, or mean; None where undefined."""
        if self.mode == "mean probability":
            return self.means[row][column] if self.means else None
        total = self.row_totals[row]
        return self.counts[row][column] / total if total else None

    def has_mark(self, row: int, column: int) -> bool:
        """Say whether a cell has something to choose."""
        if self.mode == "mean probability":
            return self.strength(row, column) is not None
        return bool(self.counts[row][column] or (self.before and self.before[row][column]))

    @cached_property
    def sentences(self) -> dict[Key, str]:
        """Return the words of every shown cell that can be chosen; thousands are told once."""
        keys = ((row, column) for row in self.places for column in self.places)
        return {key: self.words(*key) for key in keys if self.has_mark(*key)}

    @cached_property
    def table(self) -> Table:
        """Return the cells that can be chosen as rows."""
        return _table(self)

    def words(self, row: int, column: int) -> str:
        """Return what a cell says, with both names in full."""
        names = {"row": self.names[row], "column": self.names[column]}
        texts = counted_texts(self.counts[row][column])
        if self.kind == "together":
            said = _("“{row}” and “{column}” together: {texts}").format(**names, texts=texts)
        else:
            said = _("People said {row}, the model said {column}: {texts}").format(
                **names, texts=texts
            )
        if self.before:
            earlier = number(self.before[row][column])
            said = _("{said} (before: {n})").format(said=said, n=earlier)
        strength = self.strength(row, column)
        if self.mode == "counts" or strength is None:
            return said
        if self.mode == "shares":
            return f"{said}, {percent(strength)}"
        return _("{said}, mean probability {share}").format(said=said, share=percent(strength))


@dataclass(frozen=True)
class _Grid:
    """Where the cells lie."""

    left: float
    cell: float
    n: int

    @property
    def is_large(self) -> bool:
        return self.cell >= WITH_NUMBER

    def box(self, row: int, column: int) -> Box:
        gap = 1.0 if self.is_large else 0.0
        edge = self.cell - 2 * gap
        return Box(self.left + column * self.cell + gap, TOP + row * self.cell + gap, edge, edge)


def matrix(of: Matrix, size: Size) -> Scene:
    """Draw a matrix; the key is (row, column), the places of both concepts in `names`.

    Cells hold numbers while they are large enough, and only colour below; right answers are in
    accent by their share, slips in ember.
    """
    size = at_least(size)
    grid = _grid(of, size)
    items = _heads(of, grid, size) if of.places else []
    if not grid.is_large:
        edge = grid.cell * grid.n
        items.append(Rect(Box(grid.left, TOP, edge, edge), "rail"))
    cells: list[ChartItem] = []
    marks: list[Mark] = []
    for i, row in enumerate(of.places):
        for j, column in enumerate(of.places):
            box, has_mark = grid.box(i, j), (row, column) in of.sentences
            if has_mark or grid.is_large:
                cells += _cell(of, grid, box, (row, column))
            if has_mark:
                marks.append(Mark(box, (row, column), of.sentences[row, column]))
    if not grid.is_large:  # thousands, and those of a colour are drawn at once
        cells.sort(key=_colour_of)
    return Scene(*size, _name(of), (*items, *cells), tuple(marks), of.table)


def matrix_height(n_concepts: int, width: int) -> int:
    """Return how high a matrix of so many concepts with long names would best be, in pixels."""
    n = max(1, n_concepts)
    return math.ceil(TOP + BOTTOM + n * _grid_of(n, NAMES, width, _largest(n)).cell)


def _largest(n: int) -> float:
    return max(LARGE, min(LARGEST, WHOLE / n))


def _grid(of: Matrix, size: Size) -> _Grid:
    n = max(1, len(of.places))
    longest = max([text_width(of.names[i]) for i in of.places], default=0.0)
    head = text_width(_axis_words(of)[0]) + 14 - NUMBERS
    most = min((size[1] - TOP - BOTTOM) / n, _largest(n))
    return _grid_of(n, min(NAMES, max(head, longest + 8)), size[0], most)


def _grid_of(n: int, names: float, width: float, most: float) -> _Grid:
    """Return the cells beside names that want so much room; numbers go before long names."""
    room = width - CORNER[0] - NUMBERS
    spare = min(max(room / 3, room - n * LARGE), room - n * WITH_NUMBER)
    names = min(names, max(FEWEST_NAMES, spare))
    cell = min(most, (room - names) / n)
    if cell < WITH_NAME:
        names, cell = 0.0, min(most, room / n)
    whole = math.floor(cell) if cell >= 1 else cell  # in whole pixels no seams show
    return _Grid(NUMBERS + names, whole, n)


def _cell(of: Matrix, grid: _Grid, box: Box, key: Key) -> list[ChartItem]:
    tone, opacity, ink = _look(of, *key)
    ground = Rect(box, tone, opacity, 3.0 if grid.is_large else 0.0)
    has_figures = grid.is_large and key in of.sentences
    return [ground, *(_figures(of, box, *key, ink) if has_figures else [])]


def _colour_of(item: ChartItem) -> tuple[str, float]:
    return (item.tone, item.opacity) if isinstance(item, Rect) else ("", 0.0)


def _look(of: Matrix, row: int, column: int) -> tuple[str, float, str]:
    """Return the tone of a cell, how strong it is, and the tone of the words on it."""
    strength = of.strength(row, column)
    if not strength:
        return "rail", 1.0, "ink"
    if row != column and of.kind == "confusion":
        least = 0.0 if of.mode == "mean probability" else 0.16  # a single text can be seen
        opacity = round(least + min(0.4, strength * 3), 2)
        return (SLIP, opacity, "ink") if opacity > FAINT else ("rail", 1.0, "ink")
    if row == column and of.kind == "together":
        return "hairline", 1.0, "ink_2"
    if strength >= HALF:  # in two bands, so that the number is readable on both
        return "accent", round(0.6 + 0.4 * min(1.0, strength), 2), "on_accent"
    return "accent", round(0.2 + 0.4 * strength, 2), "ink"


def _figures(of: Matrix, box: Box, row: int, column: int, ink: str) -> list[ChartItem]:
    """Return what stands in a cell: one line, or two where there is room and more to say."""
    above, value = "", _value(of, row, column)
    count, strength = of.counts[row][column], of.strength(row, column)
    if of.before and of.before[row][column] != count:
        above, longer = f"{number(of.before[row][column])} →", f"{of.before[row][column]} → {count}"
        if text_width(longer, "caption_strong") <= box.width - 2:
            above, value = "", longer
    x, middle = box.x, box.centre[1]
    upper, lower = Box(x, middle - 17, box.width, 18), Box(x, middle - 1, box.width, 18)
    if above and box.height >= TWO_LINES:
        return [
            Words(upper, above, "caption", ink, "centre"),
            Words(lower, value, "caption_strong", ink, "centre"),
        ]
    if box.width >= WITH_SHARE and of.mode == "counts" and strength is not None and not of.before:
        return [
            Words(upper, value, "small_strong", ink, "centre"),
            Words(lower, percent(strength), "caption", ink, "centre"),
        ]
    if text_width(value, "caption_strong") > box.width:
        return []  # colour and tooltip say it
    return [Words(box, value, "caption_strong", ink, "centre")]


def _value(of: Matrix, row: int, column: int) -> str:
    strength = of.strength(row, column)
    if of.mode == "counts":
        return number(of.counts[row][column])
    return "" if strength is None else decimal(strength * 100, 0)


def _heads(of: Matrix, grid: _Grid, size: Size) -> list[ChartItem]:
    down, down_briefly, across = _axis_words(of)
    bottom = TOP + grid.n * grid.cell
    room = size[0] - grid.left
    left = grid.left if text_width(across) <= room else 0.0
    items: list[ChartItem] = [Words(Box(left, bottom + 6, size[0] - left, 20), across)]
    names = grid.left - NUMBERS
    if names:
        corner = Box(0, 0, grid.left - 10, TOP - 4)
        shown = down if text_width(down) <= corner.width else down_briefly
        items.append(Words(corner, shown, side="right", is_name=True))
    room = text_width(str(grid.n)) + 5
    for i in _numbered(grid, room):
        x = grid.left + (i + 0.5) * grid.cell - room / 2
        items.append(Words(Box(x, 0, room, TOP - 4), str(i + 1), side="centre"))
    for i in _numbered(grid, WITH_NAME):
        y = TOP + (i + 0.5) * grid.cell - 10
        items.append(Words(Box(grid.left - NUMBERS, y, NUMBERS - 10, 20), str(i + 1), side="right"))
    for i, place in enumerate(of.places if names else ()):
        name = Box(0, TOP + i * grid.cell, names - 8, grid.cell)
        items.append(Words(name, of.names[place], "caption", "ink_2", "right", is_name=True))
    return items


def _numbered(grid: _Grid, room: float) -> list[int]:
    """Return the places whose numbers fit beside one another: all, or the first and round ones."""
    step = next((step for step in STEPS if step * grid.cell >= room), STEPS[-1])
    return [i for i in range(grid.n) if i == 0 or (i + 1) % step == 0]


def _axis_words(of: Matrix) -> tuple[str, str, str]:
    if of.kind == "together":
        as_well = _("Across: and this as well")
        return _("Down: texts that carry this"), _("Down: texts of"), as_well
    across = {
        "counts": _("Across: what the model said"),
        "shares": _("Across: what the model said, in % of the row"),
        "mean probability": _("Across: the mean probability that the model gave, in %"),
    }
    return _("Down: what people said"), _("Down: people"), across[of.mode]


def _name(of: Matrix) -> str:
    if not of.places:
        return _("Nothing to compare yet")
    n = number(len(of.places))
    if of.kind == "together":
        return _("Concepts that stand together, {n} of them").format(n=n)
    return _("What people said against what the model said, {n} concepts").format(n=n)


def _table(of: Matrix) -> Table:
    rows = tuple(_table_row(of, row, column) for row, column in of.sentences)
    heads = [_("People said"), _("The model said"), _("Texts"), _("Share of the row")]
    if of.kind == "together":
        heads[:2] = [_("Concept"), _("Together with")]
    if of.mode == "mean probability":
        heads[3] = _("Mean probability")
    return Table((*heads, *([_("Texts before")] if of.before else [])), rows)


def _table_row(of: Matrix, row: int, column: int) -> tuple[Cell, ...]:
    before = (of.before[row][column],) if of.before else ()
    count, strength = of.counts[row][column], of.strength(row, column)
    return (of.names[row], of.names[column], count, strength, *before)
