"""The name of an app as a title that can be rewritten in place."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.i18n import _
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.choices import line_edit
from desktop.widgets.layout import row
from desktop.widgets.message_panel import field_error
from desktop.widgets.painted import text_width
from desktop.widgets.text import Elided

WIDTH = 440


class NameField(QWidget):
    """Shows a name; its pencil, or F2, turns it into a field. Enter keeps, Esc takes back."""

    renamed = Signal(str)  # the wish; `set_name` makes it so, `show_error` says why not

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self._title = Elided("", "title", middle=True)
        self.pencil = icon_button("pencil", _("Rename app (F2)"))
        self.pencil.clicked.connect(self.edit)
        self.field = line_edit(width=WIDTH)
        self.field.setAccessibleName(_("Name of the app"))
        self.field.returnPressed.connect(self._keep)
        keep, cancel = button(_("Rename")), button(_("Cancel"), "quiet")
        keep.clicked.connect(self._keep)
        cancel.clicked.connect(self._leave)
        self._shown = row((self._title, 1), self.pencil, None, gap=8)
        self._edited = row(self.field, keep, cancel, None)
        self._error: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._shown)
        self._layout.addWidget(self._edited)
        self._edited.hide()

    def name(self) -> str:
        """Return the name that is shown."""
        return self._title.text()

    def set_name(self, name: str) -> None:
        """Show a name as a title."""
        self._title.setText(name)
        self._title.setMaximumWidth(math.ceil(text_width(name, "title")) + 4)
        self._leave()

    def edit(self) -> None:
        """Turn the title into a field."""
        self._clear_error()
        self.field.setText(self.name())
        self._shown.hide()
        self._edited.show()
        self.field.setFocus()
        self.field.selectAll()

    def show_error(self, error: UserError) -> None:
        """Say below the field why the name cannot stay."""
        self._clear_error()
        self.field.set_wrong(wrong=True)
        self._error = field_error(f"{error} {error.next_step}")
        self._layout.addWidget(self._error)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.edit()
        elif event.key() == Qt.Key.Key_Escape and self._edited.isVisible():
            self._leave()
        else:
            super().keyPressEvent(event)

    def _keep(self) -> None:
        self.renamed.emit(self.field.text())

    def _leave(self) -> None:
        had_focus = self.field.hasFocus()
        self._clear_error()
        self._edited.hide()
        self._shown.show()
        if had_focus:
            self.pencil.setFocus()

    def _clear_error(self) -> None:
        self.field.set_wrong(wrong=False)
        if self._error is not None:
            self._error.deleteLater()
            self._error = None
