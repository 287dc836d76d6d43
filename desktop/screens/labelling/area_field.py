"""A field of several lines that Ctrl+Enter keeps and Esc leaves."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout
from typing_extensions import override

from desktop.theme.tokens import font
from desktop.widgets.long_edit import LongPlainEdit
from desktop.widgets.painted import polish_again

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class AreaField(QFrame):
    """A note, a definition, some examples."""

    kept = Signal()  # Ctrl+Enter
    left = Signal()  # Esc

    def __init__(self, name: str, height: int) -> None:
        """Be empty; the name is its placeholder, and what a screen reader says."""
        super().__init__()
        self.setProperty("box", "field")
        self.setFixedHeight(height)
        self.edit = LongPlainEdit()
        self.edit.setFont(font("body"))
        self.edit.setPlaceholderText(name)
        self.edit.setAccessibleName(name)
        self.edit.setTabChangesFocus(True)
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 4, 6)
        layout.addWidget(self.edit)

    def value(self) -> str:
        """Return what stands in the field."""
        return self.edit.toPlainText()

    def set_value(self, value: str) -> None:
        """Put a text into the field, with the cursor behind it."""
        self.edit.setPlainText(value)
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        types = QEvent.Type
        if event.type() in {types.FocusIn, types.FocusOut}:
            self.setProperty("focused", "true" if event.type() == types.FocusIn else "false")
            polish_again(self)
        if isinstance(event, QKeyEvent) and (told := self._told_by(event)):
            if event.type() == types.KeyPress:
                told.emit()
            event.accept()  # or the window's shortcut would press the primary
            return True
        return super().eventFilter(watched, event)

    def _told_by(self, event: QKeyEvent) -> SignalInstance | None:
        if event.type() not in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress}:
            return None
        is_held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if is_held and event.key() in ENTER:
            return self.kept
        return self.left if event.key() == Qt.Key.Key_Escape else None
