"""A chart as plain values: shapes in pixels with colours by role, marks to choose, a table."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Size = tuple[int, int]
Cell = str | int | float | None
Side = Literal["left", "centre", "right"]

SMALLEST: Size = (240, 160)  # pixels; nothing can be read in less
CORNER: Size = (34, 26)  # top right; kept free for the menu that the window puts there

# Pixels and weight of the roles of type that charts use; the window has the same by these names.
TYPE = {
    "caption": (12, 400),
    "caption_strong": (12, 500),
    "small": (13, 400),
    "small_strong": (13, 500),
}

# Widths of letters as shares of the size, rounded up from those of Inter.
NARROW, SLIM, WIDE, CAPITAL, USUAL, FULL = 0.31, 0.41, 0.94, 0.75, 0.62, 1.0
_WIDTHS = (
    *(dict.fromkeys(" .,:;'’‘|!iIjl·\u202f", NARROW).items()),
    *(dict.fromkeys("()[]/\\-frt“”", SLIM).items()),
    *(dict.fromkeys("mwMW@%—…", WIDE).items()),
)
WIDTHS = dict(_WIDTHS)
FIRST_FULL_WIDTH = "\u1100"  # Hangul; from here on scripts are set in squares, or nearly
RIGHT_TO_LEFT = ("\u0590", "\u08ff")  # Hebrew to Arabic Extended-A
READ_LETTERS = 40


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the y of the lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """Return the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def inside(self, by: float) -> "Box":
        """Return the box smaller by so many pixels on each side, larger if negative."""
        width, height = max(0.0, self.width - 2 * by), max(0.0, self.height - 2 * by)
        return Box(self.x + by, self.y + by, width, height)

    def holds(self, x: float, y: float) -> bool:
        """Say whether a point lies inside or on the left or upper edge."""
        return self.x <= x < self.right and self.y <= y < self.bottom


@dataclass(frozen=True)
class Line:
    """Straight pieces from point to point; `dash` in pixels drawn, left out, drawn again."""

    points: tuple[Point, ...]
    tone: str
    width: float = 2.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Area:
    """A filled shape between points."""

    points: tuple[Point, ...]
    tone: str
    opacity: float = 1.0


@dataclass(frozen=True)
class Rect:
    """A filled rectangle; a hatched one is only lines and edge, so that two kinds differ."""

    box: Box
    tone: str
    opacity: float = 1.0
    radius: float = 0.0
    is_hatched: bool = False


@dataclass(frozen=True)
class Dot:
    """A mark of a shape of `colours.MARKS`; a ringed one has an edge in the colour of the page."""

    at: Point
    tone: str
    radius: float = 3.5
    shape: str = "circle"
    is_ringed: bool = False

    @property
    def corners(self) -> tuple[Point, ...]:
        """Return the corners of the shape, as heavy to the eye as a circle; none for a circle."""
        (x, y), r = self.at, self.radius
        edge, reach, foot = r * 0.9, r * 1.2, r * 0.85
        corners = {
            "square": ((-edge, -edge), (edge, -edge), (edge, edge), (-edge, edge)),
            "diamond": ((0, -reach), (reach, 0), (0, reach), (-reach, 0)),
            "triangle": ((0, -reach), (reach, foot), (-reach, foot)),
        }
        return tuple((x + a, y + b) for a, b in corners.get(self.shape, ()))


@dataclass(frozen=True)
class Words:
    """One line of ours, in the middle of the height of its box.

    A name is somebody's text: it is shortened in its middle to the width of the box.
    """

    box: Box
    value: str
    role: str = "caption"
    tone: str = "ink_3"
    side: Side = "left"
    is_name: bool = False


ChartItem = Line | Area | Rect | Dot | Words


@dataclass(frozen=True)
class Mark:
    """A part of the chart that can be chosen.

    Attributes:
        box: where it can be hit, in pixels.
        key: what the caller knows it by.
        words: its sentence, as a tooltip and for a screen reader.
        is_round: whether it is a dot within the box.
    """

    box: Box
    key: Hashable
    words: str
    is_round: bool = False


@dataclass(frozen=True)
class Table:
    """The data of a chart: shares in [0, 1], None where a value is undefined."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Scene:
    """A drawn chart.

    Attributes:
        width: in pixels; at least what was asked for.
        height: in pixels; more than asked for where rows need it.
        name: what it shows, in a sentence that can be read aloud.
        items: what is drawn, back to front.
        marks: what can be chosen, in reading order.
        table: the same data.
    """

    width: int
    height: int
    name: str
    items: tuple[ChartItem, ...]
    marks: tuple[Mark, ...]
    table: Table

    def mark_at(self, x: float, y: float) -> Mark | None:
        """Return the mark at a point, the nearest where several overlap, or None."""
        hit = [mark for mark in self.marks if mark.box.holds(x, y)]
        return min(hit, key=lambda mark: _distance(mark.box.centre, (x, y)), default=None)


def _distance(one: Point, other: Point) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def at_least(size: Size) -> Size:
    """Return the size, not smaller than anything can be read in."""
    return max(size[0], SMALLEST[0]), max(size[1], SMALLEST[1])


def is_right_to_left(value: str) -> bool:
    """Say whether somebody's text begins with letters that are read from the right."""
    first, last = RIGHT_TO_LEFT
    return any(first <= letter <= last for letter in value[:READ_LETTERS])


def text_width(value: str, role: str = "caption") -> float:
    """Return about how many pixels a line takes, rather too many: no font is at hand here."""
    return TYPE[role][0] * sum(map(_letter_width, value))


def _letter_width(letter: str) -> float:
    if letter >= FIRST_FULL_WIDTH and letter not in WIDTHS:
        return FULL
    return WIDTHS.get(letter, CAPITAL if letter.isupper() else USUAL)


def shortened(value: str, role: str, width: float) -> str:
    """Return a name as it fits into `width` pixels, cut in its middle: names differ at the end."""
    line = value[:1000].replace("\n", " ")
    if text_width(line, role) <= width:
        return line
    most = max(0, len(line) - 1)
    while most and text_width(_cut(line, most), role) > width:
        most -= 1
    return _cut(line, most)


def _cut(line: str, most: int) -> str:
    head = (most + 1) // 2
    return f"{line[:head]}…{line[len(line) - most // 2 :]}"
