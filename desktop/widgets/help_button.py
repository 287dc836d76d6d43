"""The sign for help, in the header and on the start screen; it opens a menu."""

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu

from core.i18n import _
from desktop.theme.tokens import font
from desktop.widgets.buttons import IconButton


class HelpButton(IconButton):
    """Help, and what shows that the program is as it should be."""

    help_asked = Signal()
    self_test_asked = Signal()

    def __init__(self) -> None:
        """Show the sign."""
        super().__init__("circle-help", _("Help (F1)"))
        self.choices = QMenu(self)
        self.choices.setFont(font("body"))
        self.help_action = self.choices.addAction(_("Help") + "\tF1")  # shown; the window listens
        self.self_test_action = self.choices.addAction(_("Offline self-test…"))
        self.help_action.triggered.connect(self.help_asked)
        self.self_test_action.triggered.connect(self.self_test_asked)
        self.clicked.connect(self._open)

    def _open(self) -> None:
        width = self.choices.sizeHint().width()
        below = QPoint(self.width() - width, self.height() + 2)
        self.choices.popup(self.mapToGlobal(below))
