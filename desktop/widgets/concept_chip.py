"""A concept's sign: its mark (colour and shape) and its name in ink on a tint."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.charts.colours import mark_shape
from core.i18n import _
from desktop.theme.icons import pixmap
from desktop.theme.tokens import colour, concept_tint
from desktop.widgets.painted import NO_PEN, paint_ring, painter_of, put, shortened, text_width
from desktop.widgets.text import tip

HEIGHT = 24
BEFORE_NAME, AFTER_NAME = 23, 9  # pixels
REMOVE = 22  # room for the cross
LONGEST = 10_000.0  # pixels; nothing is shortened to it
REMOVE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Space)


def paint_mark(painter: QPainter, x: float, y: float, number: int, size: float = 9.0) -> None:
    """Draw a concept's mark from x on, centred on y: twelve colours times four shapes."""
    painter.setPen(NO_PEN)
    painter.setBrush(colour(f"concept:{number}"))
    half = size / 2
    match mark_shape(number):
        case "circle":
            painter.drawEllipse(QPointF(x + half, y), half, half)
        case "square":
            edge = size - 0.8
            painter.drawRoundedRect(QRectF(x + 0.4, y - half + 0.4, edge, edge), 2, 2)
        case "diamond":
            reach = half + 0.8  # as heavy to the eye as the others
            _paint_corners(painter, x + half, y, ((0, -reach), (reach, 0), (0, reach), (-reach, 0)))
        case _:
            foot, reach = half - 0.4, half + 0.4
            _paint_corners(painter, x + half, y, ((0, -half), (reach, foot), (-reach, foot)))


def _paint_corners(
    painter: QPainter, x: float, y: float, corners: tuple[tuple[float, float], ...]
) -> None:
    painter.drawPolygon(QPolygonF([QPointF(x + a, y + b) for a, b in corners]))


def chip_width(name: str, most: float = 220.0) -> float:
    """Return how wide a chip is; from `most` pixels on its name is shortened."""
    around = BEFORE_NAME + AFTER_NAME
    shown = shortened(name, "caption_strong", most - around)
    return math.ceil(text_width(shown, "caption_strong")) + around + 1


def paint_chip(
    painter: QPainter, x: float, y: float, name: str, number: int, *, most: float = 220.0
) -> float:
    """Draw a chip from x on, centred on y, and return its width in pixels."""
    width = chip_width(name, most)
    _paint_ground(painter, QRectF(x, y - HEIGHT / 2, width, HEIGHT), number)
    _paint_name(painter, QRectF(x, y - HEIGHT / 2, width, HEIGHT), name)
    return width


def _paint_ground(painter: QPainter, area: QRectF, number: int) -> None:
    painter.setPen(NO_PEN)
    painter.setBrush(concept_tint(number))
    painter.drawRoundedRect(area, HEIGHT / 2, HEIGHT / 2)
    paint_mark(painter, area.x() + 9, area.center().y(), number)


def _paint_name(painter: QPainter, area: QRectF, name: str) -> None:
    room = area.adjusted(BEFORE_NAME, 0, -AFTER_NAME, 0)
    shown = shortened(name, "caption_strong", room.width() + 1)
    put(painter, room.adjusted(0, 0, 2, 0), shown, "caption_strong", "ink")


class Mark(QWidget):
    """A concept's mark beside its name."""

    def __init__(self, number: int, size: int = 10) -> None:
        """Show the mark of a number, `size` pixels wide."""
        super().__init__()
        self._number, self._mark_size = number, size
        self.setFixedSize(size + 4, size + 6)

    def set_number(self, number: int) -> None:
        """Show the mark of another number."""
        self._number = number
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_mark(painter_of(self), 2, self.height() / 2, self._number, self._mark_size)


class Chip(QWidget):
    """A concept with its name; `removable` ones have a cross that asks to take it off."""

    removed = Signal()

    def __init__(
        self, name: str, number: int, *, most: float = 220.0, removable: bool = False
    ) -> None:
        """Show a concept at most `most` pixels wide, its name shortened in the middle."""
        super().__init__()
        self.name, self.number = name, number
        self._most, self._removable = most, removable
        self.setAccessibleName(
            _("{concept}, press Delete to take it off").format(concept=name) if removable else name
        )
        self._width = chip_width(name, most - self._cross)
        self.setFixedSize(math.ceil(self._width + self._cross), HEIGHT + 4)
        if self._width < chip_width(name, LONGEST):
            self.setToolTip(tip(name))
        if removable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def _cross(self) -> int:
        return REMOVE if self._removable else 0

    @override
    def sizeHint(self) -> QSize:
        return self.size()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._removable and event.key() in REMOVE_KEYS:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._removable and event.position().x() >= self._width - AFTER_NAME / 2:
            self.removed.emit()
        else:
            super().mouseReleaseEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, top = painter_of(self), (self.height() - HEIGHT) / 2
        area = QRectF(0, top, self._width + self._cross, HEIGHT)
        _paint_ground(painter, area, self.number)
        _paint_name(painter, area.adjusted(0, 0, -self._cross, 0), self.name)
        if self._removable:
            cross = pixmap("x", "ink_2", 14, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(area.right() - 20, top + 5), cross)
        if self.hasFocus():
            paint_ring(painter, area, radius=HEIGHT / 2)
