"""Naming a new app, in place: the name, and where it is kept for those who care."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.app_folder import AppExistsError, folder_name
from core.errors import UserError
from core.i18n import _
from core.operations.choose_workflow import BASES
from core.paths import apps_folder
from desktop import boxes
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select, line_edit
from desktop.widgets.layout import row
from desktop.widgets.message_panel import field_error
from desktop.widgets.text import Elided, text

WIDTH = 440


class CreateForm(QWidget):
    """A field for the name with Create and Cancel; Enter creates, Esc cancels."""

    create_asked = Signal(str, object, str)  # name, folder or None, base workflow
    cancelled = Signal()

    def __init__(self) -> None:
        """Be empty; the app goes among the other apps."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        self._parent_folder: Path | None = None
        self.name = line_edit("", _("For instance: Customer letters"))
        self.name.setAccessibleName(_("Name of the app"))
        self.name.textChanged.connect(self._look_again)
        self.name.returnPressed.connect(self._create)
        self.create_button = button(_("Create app"), "primary")
        self.create_button.clicked.connect(self._create)
        cancel = button(_("Cancel"))
        cancel.clicked.connect(self.cancelled)
        self.place = Elided("", "small", "ink_3", middle=True)
        self.change = button(_("Change…"), "link")
        self.change.clicked.connect(self._choose_folder)
        by_size = _("What suits their number")
        self.base = Select(by_size, *(_(title) for _name, title in BASES), name=_("Base workflow"))
        self._error: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(text(_("What shall the app be called?"), "strong"))
        self._layout.addWidget(row((self.name, 1), self.create_button, cancel))
        self._layout.addWidget(row((self.place, 1), self.change))
        words = text(_("Texts are read for search by"), "small", "ink_2")
        self._layout.addWidget(row(words, None, self.base))
        self._look_again()

    def begin(self) -> None:
        """Start with an empty field that has the keyboard."""
        self.name.clear()
        self._parent_folder = None
        self.base.setCurrentIndex(0)
        self._look_again()
        self.name.setFocus()

    def show_error(self, error: UserError) -> None:
        """Say at the field why the app cannot be made, and what to do."""
        self._forget_error()
        self.name.set_wrong(wrong=True)
        words = f"{error} {error.next_step}"
        if isinstance(error, AppExistsError):  # the place stands below
            words = _("This folder is taken. Choose another name.")
        self._error = field_error(words)
        self._layout.insertWidget(2, self._error)
        self.name.setFocus()
        self.name.selectAll()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _forget_error(self) -> None:
        self.name.set_wrong(wrong=False)
        if self._error is not None:
            self._layout.removeWidget(self._error)
            self._error.deleteLater()
            self._error = None

    def _look_again(self) -> None:
        self._forget_error()
        is_named = bool(self.name.text().strip())
        why_not = _("Give the app a name first.")
        self.create_button.set_enabled(enabled=is_named, why_not=why_not)
        where = self._parent_folder or apps_folder()
        place = where / folder_name(self.name.text()) if is_named else where
        self.place.setText(_("Kept in {folder}").format(folder=_short(place)))

    def _create(self) -> None:
        name = self.name.text().strip()
        if name:
            parent = self._parent_folder
            folder = parent / folder_name(name) if parent else None
            base = BASES[self.base.currentIndex() - 1][0] if self.base.currentIndex() else ""
            self.create_asked.emit(name, folder, base)

    def _choose_folder(self) -> None:
        folder = boxes.choose_folder(self.window(), _("Where shall the app be kept?"))
        if folder:
            self._parent_folder = folder
            self._look_again()


def _short(path: Path) -> str:
    """Return a path as people write it: "~" for the home folder."""
    return f"~/{path.relative_to(Path.home())}" if path.is_relative_to(Path.home()) else str(path)
