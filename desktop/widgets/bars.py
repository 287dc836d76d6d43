"""Thin bars on a track; each stands beside its number."""

from PySide6.QtCore import QEasingCurve, QRectF, QSize, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from desktop.theme.apply import motion_ms
from desktop.theme.tokens import colour
from desktop.widgets.painted import NO_PEN, painter_of
from desktop.widgets.wording import percent_aloud

THICK = 6
MOTION_MS = 200
TICK = 14  # pixels high
NEUTRAL = 0.75  # how strong the accent is where a bar is an amount and not a progress


def paint_bar(
    painter: QPainter, area: QRectF, share: float, role: str = "accent", alpha: float = 1.0
) -> None:
    """Draw a bar on its track; never shorter than thick, so that little is not nothing."""
    thick = area.height()
    painter.setPen(NO_PEN)
    painter.setBrush(colour("hairline"))
    painter.drawRoundedRect(area, thick / 2, thick / 2)
    if share > 0:
        length = max(thick, area.width() * min(share, 1.0))
        painter.setBrush(colour(role, alpha))
        painter.drawRoundedRect(QRectF(area.x(), area.y(), length, thick), thick / 2, thick / 2)


class Bar(QWidget):
    """A bar that moves to its value; `target` sets a tick, for instance at 50 texts."""

    def __init__(
        self,
        share: float,
        role: str = "accent",
        *,
        name: str = "",
        target: float = 0.0,
        thick: int = THICK,
    ) -> None:
        """Show a share in [0, 1].

        Args:
            share: how much of the track is filled.
            role: colour; "accent" is drawn weaker where there is a target, as a neutral amount.
            name: what is measured, for screen readers.
            target: place of the tick in [0, 1]; 0 means none.
            thick: pixels; 8 for the one progress of Train.
        """
        super().__init__()
        self._name, self._role, self._target, self._thick = name, role, target, thick
        self._shown = self.share = share
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(max(thick + 8, TICK + 2))
        self._motion = QVariantAnimation(self)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._show)
        self._tell()

    def set_share(self, share: float, role: str = "") -> None:
        """Move to another share, and take another colour if a role is given."""
        self.share, self._role = share, role or self._role
        self._tell()
        self._motion.stop()
        duration = motion_ms(self.style(), MOTION_MS) if self.isVisible() else 0
        if duration:
            self._motion.setDuration(duration)
            self._motion.setStartValue(self._shown)
            self._motion.setEndValue(share)
            self._motion.start()
        else:
            self._show(share)

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._name}, {percent_aloud(self.share)}".lstrip(", "))

    def _show(self, share: object) -> None:
        self._shown = share if isinstance(share, float) else self.share
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, self.height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, middle = painter_of(self), self.height() / 2
        alpha = NEUTRAL if self._target and self._role == "accent" else 1.0
        area = QRectF(0, middle - self._thick / 2, self.width(), self._thick)
        paint_bar(painter, area, self._shown, self._role, alpha)
        if self._target:
            x = self.width() * self._target
            painter.fillRect(QRectF(x, middle - TICK / 2, 1.5, TICK), colour("ink_2"))
