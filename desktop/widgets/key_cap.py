"""A key as it looks on the keyboard."""

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.theme.tokens import RADIUS_SMALL, colour
from desktop.widgets.layout import H_CENTRE
from desktop.widgets.painted import inside_edge, painter_of, put, text_width

EDGE = 22


def cap_width(label: str) -> int:
    """Return how many pixels a key cap takes."""
    return max(EDGE, math.ceil(text_width(label, "mono")) + 12)


def paint_cap(
    painter: QPainter, x: float, y: float, label: str, *, is_down: bool = False, tone: str = "ink_2"
) -> float:
    """Draw a key cap from x on, centred on y, and return its width; filled where it is down."""
    area = QRectF(x, y - EDGE / 2, cap_width(label), EDGE)
    painter.setPen(QPen(colour("accent" if is_down else "hairline"), 1))
    painter.setBrush(colour("accent" if is_down else "rail"))
    painter.drawRoundedRect(inside_edge(area), RADIUS_SMALL, RADIUS_SMALL)
    put(painter, area, label, "mono", "on_accent" if is_down else tone, H_CENTRE)
    return area.width()


class KeyCap(QWidget):
    """A key cap: 1, Enter, Ctrl Z."""

    def __init__(self, label: str) -> None:
        """Show what stands on the key."""
        super().__init__()
        self._label = label
        self.setAccessibleName(label)
        self.setFixedSize(cap_width(label), EDGE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_cap(painter_of(self), 0, self.height() / 2, self._label)
