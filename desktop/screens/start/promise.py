"""What the program does, as a picture: three texts, their telling words marked, and concepts."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.tokens import colour, is_dark
from desktop.widgets.concept_chip import paint_chip
from desktop.widgets.painted import NO_PEN, painter_of, put, text_width

LINE = 48
ARROW_WIDTH = 20


class MarkedTexts(QWidget):
    """Three texts on their way to their concepts; the parts in braces are marked."""

    def __init__(self) -> None:
        """Be 150 pixels high."""
        super().__init__()
        self.setFixedHeight(3 * LINE + 6)
        self._texts = (
            (_("Order today and {win} a {prize worth £900}"), _("spam"), 1),
            (_("{Running late}, see you at 8 {x}"), _("ham"), 2),
            (_("My {new card} still {hasn’t arrived}"), _("card_arrival"), 0),
        )

    @override
    def sizeHint(self) -> QSize:
        return QSize(440, self.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        for i, (line, concept, number) in enumerate(self._texts):
            y = i * LINE + 22.0
            x = _paint_marked(painter, y, line, number) + 14
            _paint_arrow(painter, x, y)
            paint_chip(painter, x + ARROW_WIDTH + 10, y, concept, number)


def _paint_marked(painter: QPainter, y: float, line: str, number: int) -> float:
    x = 2.0 if line.startswith("{") else 0.0  # a marked part reaches to its left
    for i, part in enumerate(line.replace("}", "{").split("{")):
        width = text_width(part, "body")
        if i % 2:
            painter.setPen(NO_PEN)
            painter.setBrush(colour(f"concept:{number}", 0.26 if is_dark() else 0.16))
            painter.drawRoundedRect(QRectF(x - 2, y - 13, width + 4, 26), 3, 3)
            painter.setBrush(colour(f"concept:{number}"))
            painter.drawRect(QRectF(x - 2, y + 11, width + 4, 2))
        put(painter, QRectF(x, y - 14, width + 4, 28), part, "body", "ink")
        x += width
    return x


def _paint_arrow(painter: QPainter, x: float, y: float) -> None:
    painter.setPen(QPen(colour("outline"), 1.25))
    tip = QPointF(x + ARROW_WIDTH, y)
    painter.drawLine(QPointF(x, y), tip)
    for rise in (-4, 4):
        painter.drawLine(tip + QPointF(-4, rise), tip)
