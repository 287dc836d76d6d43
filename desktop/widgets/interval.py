"""A score as a dot within its 95 % interval."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.tokens import colour
from desktop.widgets.layout import column
from desktop.widgets.painted import NO_PEN, painter_of
from desktop.widgets.text import text
from desktop.widgets.wording import interval_words, percent

HEIGHT, DOT = 16, 4.0
USUAL_START = 0.8


def scale_start(low: float) -> float:
    """Return where the scale begins: at 80 %, or lower, in steps of 20, when a score is."""
    return max(0.0, min(USUAL_START, math.floor(low * 5 + 1e-9) / 5))


class Interval(QWidget):
    """A dot and its band on a scale that ends at 100 %, with three ticks."""

    def __init__(self, score: float, low: float, high: float, *, name: str = "") -> None:
        """Show a score and its bounds, all in [0, 1]; `name` is for screen readers."""
        super().__init__()
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.set_score(score, low, high)

    def set_score(self, score: float, low: float, high: float) -> None:
        """Show another score with its bounds."""
        self.score, self.low, self.high = score, low, high
        self._start = scale_start(low)
        words = f"{percent(score)}, {interval_words(low, high)}"
        self.setAccessibleName(f"{self._name} {words}".strip())
        ends = _("Scale from {start} to {end}")
        self.setToolTip(ends.format(start=percent(self._start, 0), end=percent(1.0, 0)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(60, HEIGHT)

    def _x(self, share: float) -> float:
        room = self.width() - DOT - 1
        return room * (share - self._start) / (1 - self._start)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, y = painter_of(self), self.height() / 2
        first, last = self._x(self._start), self._x(1.0)
        painter.fillRect(QRectF(first, y - 0.5, last - first, 1), colour("hairline"))
        for share in (self._start, (1 + self._start) / 2, 1.0):
            painter.fillRect(QRectF(self._x(share), y - 3, 1, 6), colour("outline"))
        painter.setPen(NO_PEN)
        painter.setBrush(colour("accent", 0.28))
        width = max(2 * DOT, self._x(self.high) - self._x(self.low))
        middle = max(width / 2, (self._x(self.high) + self._x(self.low)) / 2)
        painter.drawRoundedRect(QRectF(middle - width / 2, y - DOT, width, 2 * DOT), DOT, DOT)
        painter.setBrush(colour("accent"))
        painter.drawEllipse(QPointF(max(DOT, self._x(self.score)), y), DOT, DOT)


def score_block(name: str, score: float, low: float, high: float, *, hint: str = "") -> QWidget:
    """Return a score by its name: the figure, the dot in its interval, the interval in words."""
    label = text(name, "small", "ink_2")
    label.setToolTip(hint)
    return column(
        label,
        text(percent(score), "title"),
        Interval(score, low, high, name=name),
        text(interval_words(low, high), "caption", "ink_3"),
        None,
        gap=2,
    )
