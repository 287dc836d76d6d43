"""A field of several lines, and a long text to read."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.theme.tokens import LINE, colour, font
from desktop.widgets.long_edit import LongEdit, LongPlainEdit
from desktop.widgets.painted import polish_again

FADE = 56  # pixels
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TextField(QFrame):
    """A field for texts of several lines; Tab leaves it, Ctrl+Enter is `confirmed`."""

    confirmed = Signal()
    edited = Signal()

    def __init__(self, name: str, placeholder: str = "") -> None:
        """Be empty; `name` is for screen readers."""
        super().__init__()
        self.setProperty("box", "field")
        self.edit = LongPlainEdit()
        self.edit.setFont(font("body"))
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(name)
        self.edit.setTabChangesFocus(True)
        self.edit.setAcceptDrops(False)  # or dropped files would come in as their addresses
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self.edited)
        self.setFocusProxy(self.edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 4, 6)
        layout.addWidget(self.edit)

    def text(self) -> str:
        """Return what stands in the field."""
        return self.edit.toPlainText()

    def set_text(self, value: str) -> None:
        """Put a text into the field."""
        self.edit.setPlainText(value)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        types = QEvent.Type
        if event.type() in {types.FocusIn, types.FocusOut}:
            self.setProperty("focused", "true" if event.type() == types.FocusIn else "false")
            polish_again(self)
        if isinstance(event, QKeyEvent) and _confirms(event):
            if event.type() == types.KeyPress:
                self.confirmed.emit()
            event.accept()  # or the window's shortcut would press the primary
            return True
        return super().eventFilter(watched, event)


def _confirms(event: QKeyEvent) -> bool:
    is_held = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    is_pressed = event.type() in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress}
    return is_pressed and is_held and event.key() in ENTER


class ReadingText(LongEdit):
    """A long text to read: lines with room between them, and a fade where it goes on."""

    def __init__(self, name: str) -> None:
        """Be empty; `name` is for screen readers."""
        super().__init__()
        self.setFont(font("body"))
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.document().setDocumentMargin(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fade = _Fade(self)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._place_fade)
        bar.rangeChanged.connect(self._place_fade)

    def set_text(self, value: str) -> None:
        """Show a text from its beginning, as it is."""
        self.setPlainText(value)
        cursor = self.textCursor()
        cursor.select(cursor.SelectionType.Document)
        block = QTextBlockFormat()
        kind = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        block.setLineHeight(LINE["body"], kind)
        cursor.mergeBlockFormat(block)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_fade()

    def _place_fade(self) -> None:
        bar, area = self.verticalScrollBar(), self.viewport().geometry()
        area.setTop(area.bottom() - FADE + 1)
        self._fade.setGeometry(area)
        self._fade.setVisible(bar.value() < bar.maximum())


class _Fade(QWidget):
    """Lies over the last lines where a text goes on below them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        fade = QLinearGradient(0, 0, 0, self.height())
        fade.setColorAt(0, colour("page", 0))
        fade.setColorAt(1, colour("page"))
        QPainter(self).fillRect(self.rect(), fade)
