"""A box with its words: chosen or not, among several that may be."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy
from typing_extensions import override

from desktop.theme.icons import pixmap
from desktop.theme.tokens import RADIUS_SMALL, colour
from desktop.widgets.painted import inside_edge, paint_ring, painter_of, put_text, text_width

HEIGHT, BOX, WORDS_X = 32, 18, 30


def paint_box(painter: QPainter, box: QRectF, *, is_ticked: bool) -> None:
    """Draw the box of a row in a list, `BOX` wide and high, with a tick in it or not."""
    painter.setPen(QPen(colour("accent" if is_ticked else "outline"), 1))
    painter.setBrush(colour("accent" if is_ticked else "raised"))
    painter.drawRoundedRect(inside_edge(box), RADIUS_SMALL, RADIUS_SMALL)
    if is_ticked:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(box.topLeft() + QPointF(3, 3), pixmap("check", "on_accent", 12, ratio))


class Tick(QAbstractButton):
    """Stands beside others that do not exclude it."""

    def __init__(self, words: str, *, on: bool = False) -> None:
        """Stand on or off."""
        super().__init__()
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setChecked(on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(math.ceil(text_width(self.text(), "body")) + WORDS_X + 8, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(WORDS_X + 40, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, on, enabled = painter_of(self), self.isChecked(), self.isEnabled()
        top = (self.height() - BOX) / 2
        painter.setPen(QPen(colour(("accent" if on else "outline") if enabled else "hairline"), 1))
        painter.setBrush(colour(("accent" if enabled else "hairline") if on else "page"))
        painter.drawRoundedRect(QRectF(3.5, top + 0.5, BOX - 1, BOX - 1), 4, 4)
        if on:
            tone = "on_accent" if enabled else "ink_2"
            check = pixmap("check", tone, 14, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(5, top + 2), check)
        area = QRectF(WORDS_X, 0, self.width() - WORDS_X - 4, self.height())
        put_text(painter, area, self.text(), "body", "ink" if enabled else "ink_2")
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=6)
