"""The bar over a step: which app, is it saved, light or dark, help."""

from typing import Literal

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.tokens import HEADER, S3, S4, font, is_dark
from desktop.widgets.buttons import Button, icon_button
from desktop.widgets.help_button import HelpButton
from desktop.widgets.icon import Icon
from desktop.widgets.painted import repaints, shortened
from desktop.widgets.text import Elided, tip

Saved = Literal["saved", "saving", "failed"]
SIGNS = {
    "saved": ("check", "ink_3"),
    "saving": ("loader-circle", "ink_3"),
    "failed": ("circle-x", "bad"),
}
NAME_WIDTH = 320  # pixels; a longer name is shortened in the middle


class HeaderBar(QWidget):
    """The app's name is a menu; on the right, light or dark and help."""

    rename_asked = Signal()
    open_asked = Signal()
    folder_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    theme_asked = Signal()
    help_asked = Signal()
    self_test_asked = Signal()

    def __init__(self, app_name: str = "") -> None:
        """Show the app's name."""
        super().__init__()
        self.setFixedHeight(HEADER)
        self.app_menu = self._menu()
        self.app_button = Button("", "quiet", "chevrons-up-down", trailing=True)
        self.app_button.setFont(font("small_strong"))
        self.app_button.clicked.connect(self._open_menu)
        self._sign, self._saved = Icon("check", "ink_3", 14), Elided("", "small", "ink_3")
        self.undo_button = icon_button("undo-2", _("Undo (Ctrl+Z)"))
        self.undo_button.clicked.connect(self.undo_asked)
        self.redo_button = icon_button("redo-2", _("Redo (Ctrl+Shift+Z)"))
        self.redo_button.clicked.connect(self.redo_asked)
        self.theme_button = icon_button("moon", _("Change between light and dark"))
        self.theme_button.clicked.connect(self.theme_asked)
        self.help_button = HelpButton()
        self.help_button.help_asked.connect(self.help_asked)
        self.help_button.self_test_asked.connect(self.self_test_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(S4 - 15, 0, S3 + 1, 0)
        layout.setSpacing(5)
        for part in (self.app_button, self._sign):
            layout.addWidget(part)
        layout.addWidget(self._saved, 1)
        for each in (self.undo_button, self.redo_button, self.theme_button, self.help_button):
            layout.addWidget(each)
        self.set_app(app_name)
        self.set_saved("")
        self.set_undo("", "")
        self._draw_theme()

    def set_app(self, name: str) -> None:
        """Show another app's name."""
        shown = shortened(name, "small_strong", NAME_WIDTH)
        self.app_button.setText(shown)
        self.app_button.setToolTip(tip(name) if shown != name else "")
        self.app_button.setAccessibleName(_("App “{name}”, menu").format(name=name))
        self.app_button.setVisible(bool(name))

    def set_saved(self, words: str, state: Saved = "saved") -> None:
        """Say whether everything is kept: "All changes saved 12:04", "Saving…", or why not."""
        sign, tone = SIGNS[state]
        self._sign.set_icon(sign, tone)
        self._sign.setVisible(bool(words))
        self._saved.setText(words)
        self._saved.set_tone(tone)

    def set_undo(self, undo: str, redo: str) -> None:
        """Name what undo and redo would do; "" where there is nothing to do."""
        for part, words, nothing, keys in (
            (self.undo_button, undo, _("Nothing to undo"), "Ctrl+Z"),
            (self.redo_button, redo, _("Nothing to redo"), "Ctrl+Shift+Z"),
        ):
            part.setEnabled(bool(words))
            part.setToolTip(tip(f"{words} ({keys})" if words else nothing))
            part.setAccessibleName(words or nothing)

    def saved_words(self) -> str:
        """Return what is said about saving."""
        return self._saved.text()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if repaints(event):
            self._draw_theme()

    def _draw_theme(self) -> None:
        self.theme_button.set_icon("sun" if is_dark() else "moon")

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setFont(font("body"))
        for label, signal in (
            (_("Rename app…"), self.rename_asked),
            (_("Open another app…"), self.open_asked),
            (_("Show folder"), self.folder_asked),
        ):
            menu.addAction(label).triggered.connect(signal)
        return menu

    def _open_menu(self) -> None:
        below = QPoint(0, self.app_button.height() + 2)
        self.app_menu.popup(self.app_button.mapToGlobal(below))
