"""A slider from 0 to 100 %, with a field beside it for who would rather type."""

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QSpinBox, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.tokens import CONTROL, S1, colour, font
from desktop.widgets.bars import TICK
from desktop.widgets.layout import RIGHT
from desktop.widgets.painted import NO_PEN, paint_ring, painter_of
from desktop.widgets.wording import THIN, percent

KNOB, THICK, EDGE = 8.0, 4.0, 12.0  # radius, track, room at either end for the ring of the knob
WIDTH, LEAST_WIDTH, FIELD_WIDTH = 280, 120, 76
REST_MS = 300  # after which keys are taken to have come to rest
MOST, PAGE = 100, 10
NOT_ONE = -1  # of the field, where there are several values


class _Track(QSlider):
    """What is right of the knob is filled: that is what counts."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, MOST)
        self.setPageStep(PAGE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.usual: int | None = None
        self.is_mixed = False

    @override
    def sizeHint(self) -> QSize:
        return QSize(WIDTH, CONTROL)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, CONTROL)

    def x_of(self, value: int) -> float:
        """Return where a value lies, in pixels from the left."""
        return EDGE + (self.width() - 2 * EDGE) * value / MOST

    def _follow(self, event: QMouseEvent) -> None:
        share = (event.position().x() - EDGE) / max(self.width() - 2 * EDGE, 1)
        self.setValue(round(MOST * min(max(share, 0.0), 1.0)))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:  # the page scrolls
            event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, middle, x = painter_of(self), self.height() / 2, self.x_of(self.value())
        is_on = self.isEnabled()
        painter.setPen(NO_PEN)
        for start, tone in ((EDGE, "hairline"), (x, "accent" if is_on else "hairline")):
            painter.setBrush(colour(tone))
            area = QRectF(start, middle - THICK / 2, self.width() - EDGE - start, THICK)
            painter.drawRoundedRect(area, THICK / 2, THICK / 2)
        if self.usual is not None:
            tick = QRectF(self.x_of(self.usual) - 0.75, middle - TICK / 2, 1.5, TICK)
            painter.fillRect(tick, colour("ink_2" if is_on else "outline"))
        tone = "accent" if is_on else "outline"
        painter.setPen(QPen(colour(tone), 2.0))
        painter.setBrush(colour("page" if self.is_mixed or not is_on else tone))
        painter.drawEllipse(QPointF(x, middle), KNOB - 1, KNOB - 1)
        if self.hasFocus():
            ring = QRectF(x - EDGE, middle - EDGE, 2 * EDGE, 2 * EDGE)
            paint_ring(painter, ring, radius=EDGE)


class ShareSlider(QWidget):
    """A share in steps of 1 %: arrows move by 1, Page by 10, Home and End to the ends.

    Attributes:
        track: the slider. field: the number to type.
    """

    moved = Signal(float)  # by the analyst, while it moves
    rested = Signal(float)  # by the analyst, where it came to rest

    def __init__(self, name: str, share: float = 0.0, usual: float | None = None) -> None:
        """Show a share.

        Args:
            name: what it is a share of, for screen readers.
            share: in [0, 1].
            usual: where the tick is; None for none.
        """
        super().__init__()
        self._name = name
        self.track, self.field = _Track(), _field(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S1)
        layout.addWidget(self.track, 1)
        layout.addWidget(self.field)
        self.setFocusProxy(self.track)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(lambda: self.rested.emit(self.share))
        self.set_share(share)
        self.set_usual(usual)
        self.track.valueChanged.connect(self._move)
        self.track.sliderReleased.connect(self._let_go)
        self.field.valueChanged.connect(lambda value: self.track.setValue(max(value, 0)))

    @property
    def share(self) -> float:
        """Where it stands, in [0, 1]."""
        return self.track.value() / MOST

    def set_name(self, name: str) -> None:
        """Be about something else."""
        self._name = name
        self.field.setAccessibleName(_field_name(name))
        self._show()

    def set_share(self, share: float, *, is_mixed: bool = False) -> None:
        """Stand elsewhere, without a signal; `is_mixed` where it stands for several shares."""
        if self.track.isSliderDown():
            return  # the hand that holds it knows better
        with QSignalBlocker(self.track):
            self.track.setValue(round(share * MOST))
        self._rest.stop()
        self.track.is_mixed = is_mixed
        self._show()

    def set_usual(self, usual: float | None) -> None:
        """Put the tick at a share, or nowhere."""
        self.track.usual = None if usual is None else round(usual * MOST)
        words = _("The line is at the usual value, {share}.")
        self.track.setToolTip("" if usual is None else words.format(share=percent(usual, 0)))
        self.track.update()

    def _move(self) -> None:
        self.track.is_mixed = False
        self._show()
        self._rest.start()
        self.moved.emit(self.share)

    def _let_go(self) -> None:
        if self._rest.isActive():
            self._rest.stop()
            self.rested.emit(self.share)

    def _show(self) -> None:
        is_mixed = self.track.is_mixed
        with QSignalBlocker(self.field):
            self.field.setMinimum(NOT_ONE if is_mixed else 0)
            self.field.setValue(NOT_ONE if is_mixed else self.track.value())
        shown = _("different values") if is_mixed else percent(self.share, 0)
        self.track.setAccessibleName(f"{self._name}, {shown}")
        self.track.update()


def _field_name(name: str) -> str:
    return _("{name}, in per cent").format(name=name)


def _field(name: str) -> QSpinBox:
    field = QSpinBox()
    field.setFont(font("body"))
    field.setRange(0, MOST)
    field.setSuffix(f"{THIN}%")
    field.setSpecialValueText("–")
    field.setAlignment(RIGHT)
    field.setFixedSize(FIELD_WIDTH, CONTROL)
    field.setKeyboardTracking(False)  # a number is meant when it is typed to its end
    field.setAccessibleName(_field_name(name))
    return field
