"""A line on what stands out, which leads to its texts."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy
from typing_extensions import override

from desktop.theme.icons import pixmap
from desktop.theme.tokens import RADIUS_SMALL, colour
from desktop.widgets.buttons import EnterButton
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.painted import NO_PEN, paint_ring, painter_of, put_text, text_width
from desktop.widgets.text import tip

HEIGHT, MARK, EDGE, BETWEEN, CHEVRON = 56, 9, 8, 34, 16


class FindingRow(EnterButton):
    """One or two concepts by name, and below a sentence; pressed anywhere or by Enter."""

    def __init__(self, names: Sequence[str], numbers: Sequence[int], words: str) -> None:
        """Show the concepts with their marks; two of them with an arrow between."""
        super().__init__()
        self._names, self._numbers = tuple(names), tuple(numbers)
        self.setText(words)
        self.setAccessibleName(f"{' → '.join(names)}: {words}")
        self.setToolTip(tip("\n".join((*names, words))))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = painter_of(self), QRectF(self.rect())
        if self.underMouse() and self.isEnabled():
            painter.setPen(NO_PEN)
            painter.setBrush(colour("hover"))
            painter.drawRoundedRect(area, RADIUS_SMALL, RADIUS_SMALL)
        painter.fillRect(QRectF(0, area.height() - 1, area.width(), 1), colour("hairline"))
        room = area.width() - 2 * EDGE - CHEVRON
        self._paint_names(painter, room)
        put_text(painter, QRectF(EDGE + 18, 29, room - 18, 20), self.text(), "small", "ink_2")
        if self.isEnabled():
            chevron = pixmap("chevron-right", "ink_3", CHEVRON, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(area.width() - CHEVRON - 4, 20), chevron)
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=RADIUS_SMALL)

    def _paint_names(self, painter: QPainter, room: float) -> None:
        each = (room - BETWEEN * (len(self._names) - 1)) / len(self._names)
        x = float(EDGE)
        for place, (name, number) in enumerate(zip(self._names, self._numbers, strict=True)):
            if place:
                arrow = pixmap("arrow-right", "ink_3", 14, self.devicePixelRatioF())
                painter.drawPixmap(QPointF(x, 11), arrow)
                x += 24
            paint_mark(painter, x, 18, number, MARK)
            width = min(text_width(name, "strong") + 2, each - 18)
            middle = Qt.TextElideMode.ElideMiddle
            put_text(painter, QRectF(x + 18, 8, width, 20), name, "strong", "ink", middle)
            x += 18 + width + 10
