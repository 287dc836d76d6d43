"""The program's name with its sign: a line of text of which one part is marked."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.theme.tokens import colour
from desktop.widgets.painted import NO_PEN, painter_of, put

NAME = "Textwright"
LINES = ((0, 6, 20, "ink"), (0, 12.5, 8, "ink"), (10, 12.5, 10, "accent"), (0, 19, 14, "ink"))


class Wordmark(QWidget):
    """The sign and the name, 150 by 28 pixels at scale 1."""

    def __init__(self, scale: float = 1.0) -> None:
        """Be drawn larger or smaller."""
        super().__init__()
        self._scale = scale
        self.setAccessibleName(NAME)
        self.setFixedSize(round(150 * scale), round(28 * scale))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.scale(self._scale, self._scale)
        painter.setPen(NO_PEN)
        for x, y, width, role in LINES:
            painter.setBrush(colour(role))
            painter.drawRoundedRect(QRectF(x, y, width, 3.5), 1.75, 1.75)
        put(painter, QRectF(30, 0, 120, 28), NAME, "heading", "ink")
