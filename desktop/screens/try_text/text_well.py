"""The field of Try text: reading size, its own direction, how long it is, and Clear."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QVBoxLayout
from typing_extensions import override

from core.i18n import _, ngettext
from desktop.widgets.buttons import button
from desktop.widgets.highlight_edit import HighlightEdit
from desktop.widgets.layout import row
from desktop.widgets.painted import polish_again
from desktop.widgets.text import text
from desktop.widgets.wording import number

HEIGHT = 212


class TextWell(QFrame):
    """A text to try; every change is told."""

    changed = Signal(str)

    def __init__(self) -> None:
        """Be empty."""
        super().__init__()
        self.setProperty("box", "field")
        self.setMinimumHeight(HEIGHT)
        self.edit = HighlightEdit(_("Type or paste a text"))
        self.edit.installEventFilter(self)
        option = self.edit.document().defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.edit.document().setDefaultTextOption(option)
        self.count = text("", "caption", "ink_3")
        self.paste, self.clear = button(_("Paste"), "link"), button(_("Clear"), "link")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 12, 10)
        layout.addWidget(self.edit, 1)
        layout.addWidget(row(self.count, None, self.paste, self.clear, margins=(0, 0, 8, 0)))
        self.edit.textChanged.connect(self._tell)
        self.paste.clicked.connect(self._paste)
        self.clear.clicked.connect(self._empty)
        self._tell()

    def value(self) -> str:
        """Return the text."""
        return self.edit.value()

    def set_value(self, value: str) -> None:
        """Put another text into the field."""
        self.edit.set_value(value)

    def _empty(self) -> None:
        self.set_value("")
        self.edit.setFocus()

    def _paste(self) -> None:
        self.edit.paste()
        self.edit.setFocus()

    def _tell(self) -> None:
        n = len(self.value())
        words = ngettext("{n} character", "{n} characters", n).format(n=number(n))
        self.count.setText(words if n else "")
        self.clear.setVisible(n > 0)
        self.paste.setVisible(not n)
        self.changed.emit(self.value())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        types = QEvent.Type
        if event.type() in {types.FocusIn, types.FocusOut}:
            self.setProperty("focused", "true" if event.type() == types.FocusIn else "false")
            polish_again(self)
        return super().eventFilter(watched, event)
