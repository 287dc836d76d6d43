"""The line that folds rarely needed things away."""

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.apply import motion_ms
from desktop.theme.icons import pixmap
from desktop.theme.tokens import CONTROL, RADIUS_SMALL
from desktop.widgets.buttons import EnterButton
from desktop.widgets.painted import paint_ring, painter_of, put, put_text, text_width
from desktop.widgets.text import tip

MOTION_MS = 120
NO_LIMIT = 16777215  # QWIDGETSIZE_MAX, which PySide does not name
GAP = 10


class _FoldLine(EnterButton):
    """Chevron, label and a note; pressing it opens or closes."""

    def __init__(self, label: str, note: str) -> None:
        super().__init__()
        self.setText(label)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(CONTROL)
        self.set_note(note)

    def set_note(self, note: str) -> None:
        self.note = note
        self.setToolTip(tip(note))
        self._name_state()
        self.update()

    def _name_state(self) -> None:
        state = _("open") if self.isChecked() else _("closed")
        self.setAccessibleName(f"{self.text()}, {state}. {self.note}".strip())

    @override
    def nextCheckState(self) -> None:
        super().nextCheckState()
        self._name_state()

    @override
    def sizeHint(self) -> QSize:
        width = 34 + text_width(self.text(), "strong") + GAP + text_width(self.note, "small")
        return QSize(round(width), CONTROL)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(round(40 + text_width(self.text(), "strong")), CONTROL)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, height = painter_of(self), self.height()
        name = "chevron-down" if self.isChecked() else "chevron-right"
        chevron = pixmap(name, "ink_3", 16, self.devicePixelRatioF())
        painter.drawPixmap(2, (height - 16) // 2, chevron)
        width = text_width(self.text(), "strong")
        put(painter, QRectF(26, 0, width + 2, height), self.text(), "strong", "ink")
        x = 26 + width + GAP
        put_text(painter, QRectF(x, 0, self.width() - x, height), self.note, "small", "ink_3")
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=RADIUS_SMALL)


class Fold(QWidget):
    """A line with a label and a note of what it hides; open, the content stands below."""

    opened = Signal(bool)

    def __init__(
        self, label: str, note: str = "", content: QWidget | None = None, *, is_open: bool = False
    ) -> None:
        """Hide the content below the line, or show it where `is_open`."""
        super().__init__()
        self._line = _FoldLine(label, note)
        self._content = content or QWidget()
        self._content.setVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._line)
        layout.addWidget(self._content)
        self._motion = QPropertyAnimation(self._content, b"maximumHeight", self)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.finished.connect(self._settle)
        self._line.toggled.connect(self._move)
        if is_open:
            self.set_open(is_open=True)

    def is_open(self) -> bool:
        """Say whether the content is shown."""
        return self._line.isChecked()

    def set_open(self, *, is_open: bool) -> None:
        """Show or hide the content."""
        self._line.setChecked(is_open)
        self._line.set_note(self._line.note)

    def set_note(self, note: str) -> None:
        """Say beside the label what is hidden, for instance the last line of a log."""
        self._line.set_note(note)

    def _move(self, is_open: bool) -> None:  # noqa: FBT001  # Qt's signal
        duration = motion_ms(self.style(), MOTION_MS) if self.isVisible() else 0
        if duration:
            self._content.setVisible(True)
            height = self._content.sizeHint().height()
            self._motion.stop()
            self._motion.setDuration(duration)
            self._motion.setStartValue(0 if is_open else height)
            self._motion.setEndValue(height if is_open else 0)
            self._motion.start()
        else:
            self._settle()
        self.opened.emit(is_open)

    def _settle(self) -> None:
        self._content.setMaximumHeight(NO_LIMIT)
        self._content.setVisible(self.is_open())
