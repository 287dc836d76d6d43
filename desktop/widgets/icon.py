"""Icons as widgets: still, and the one that turns while something works."""

from PySide6.QtCore import QPoint, QRectF, QVariantAnimation
from PySide6.QtGui import QHideEvent, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.theme.apply import motion_ms
from desktop.theme.icons import pixmap
from desktop.theme.tokens import colour
from desktop.widgets.painted import NO_BRUSH, painter_of

TURN_MS = 1000
ARC = 270  # degrees


class Icon(QWidget):
    """A picture beside words that say the same; it has no name of its own."""

    def __init__(self, name: str, tone: str = "ink_2", size: int = 18) -> None:
        """Show an icon of `resources/icons`, `size` pixels wide, in a role's colour."""
        super().__init__()
        self._name, self._tone, self._size = name, tone, size
        self.setFixedSize(size, size)

    def set_icon(self, name: str, tone: str) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tone = self._tone if self.isEnabled() else "ink_3"
        picture = pixmap(self._name, tone, self._size, self.devicePixelRatioF())
        painter_of(self).drawPixmap(QPoint(0, 0), picture)


class Spinner(QWidget):
    """Turns once a second while it is shown; stands still where the system asks for that."""

    def __init__(self, size: int = 16) -> None:
        """Be `size` pixels wide."""
        super().__init__()
        self.setFixedSize(size, size)
        self._turn = QVariantAnimation(self, startValue=360.0, endValue=0.0)
        self._turn.setLoopCount(-1)
        self._turn.valueChanged.connect(self.update)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if duration := motion_ms(self.style(), TURN_MS):
            self._turn.setDuration(duration)
            self._turn.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._turn.stop()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setPen(QPen(colour("accent_text"), 1.5))
        painter.setBrush(NO_BRUSH)
        ring = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        start = float(self._turn.currentValue() or 0.0)
        painter.drawArc(ring, round(start * 16), ARC * 16)
