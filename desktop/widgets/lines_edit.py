"""A field of several lines that can be marked as wrong, all of it or one of its lines."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QTextEdit, QVBoxLayout
from typing_extensions import override

from desktop.theme.tokens import colour, font
from desktop.widgets.long_edit import LongPlainEdit
from desktop.widgets.painted import polish_again

ROOM = 18  # pixels around the lines


class LinesEdit(QFrame):
    """Words on one line or more; Tab leaves the field."""

    changed = Signal(object)  # the words

    def __init__(self, name: str, n_lines: int, role: str = "body") -> None:
        """Be empty and `n_lines` high; `name` is for screen readers."""
        super().__init__()
        self.setProperty("box", "field")
        self.edit = LongPlainEdit()
        self.edit.setFont(font(role))
        self.edit.setAccessibleName(name)
        self.edit.setTabChangesFocus(True)
        self.edit.setAcceptDrops(False)  # or dropped files would come in as their addresses
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)
        self.setFixedHeight(n_lines * self.edit.fontMetrics().lineSpacing() + ROOM)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 4, 6)
        layout.addWidget(self.edit)
        self.edit.textChanged.connect(lambda: self.changed.emit(self.text()))

    def text(self) -> str:
        """Return what stands in the field."""
        return self.edit.toPlainText()

    def set_text(self, value: str) -> None:
        """Put words into the field; nothing is told, and what stands there already is left."""
        if value != self.text():
            self.edit.blockSignals(True)  # noqa: FBT003  # Qt's own signature
            self.edit.setPlainText(value)
            self.edit.blockSignals(False)  # noqa: FBT003

    def set_wrong(self, *, wrong: bool, line: int = 0) -> None:
        """Mark the value as one that cannot stay, and the line where that is, from 1."""
        self.setProperty("wrong", "true" if wrong else "false")
        polish_again(self)
        self.edit.setExtraSelections([self._marked(line)] if wrong and line else [])

    def _marked(self, line: int) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        block = self.edit.document().findBlockByNumber(line - 1)
        cursor = QTextCursor(block)
        selection.cursor = cursor
        mark = selection.format
        mark.setBackground(colour("bad_soft"))
        mark.setProperty(QTextFormat.Property.FullWidthSelection, True)  # noqa: FBT003
        return selection

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        types = QEvent.Type
        if event.type() in {types.FocusIn, types.FocusOut}:
            self.setProperty("focused", "true" if event.type() == types.FocusIn else "false")
            polish_again(self)
        return super().eventFilter(watched, event)
