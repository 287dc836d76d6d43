"""A key as it looks on the keyboard."""

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.theme.tokens import RADIUS_SMALL, colour
from desktop.widgets.layout import H_CENTRE
from desktop.widgets.painted import inside_edge, painter_of, put, text_width

EDGE = 22


class KeyCap(QWidget):
    """A key cap: 1, Enter, Ctrl Z."""

    def __init__(self, label: str) -> None:
        """Show what stands on the key."""
        super().__init__()
        self._label = label
        self.setAccessibleName(label)
        self.setFixedSize(max(EDGE, math.ceil(text_width(label, "mono")) + 12), EDGE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setPen(QPen(colour("hairline"), 1))
        painter.setBrush(colour("rail"))
        painter.drawRoundedRect(inside_edge(self.rect()), RADIUS_SMALL, RADIUS_SMALL)
        put(painter, QRectF(self.rect()), self._label, "mono", "ink_2", H_CENTRE)
