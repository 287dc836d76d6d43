"""Tells Qt which theme is in use, at start and at every switch."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QStyle, QToolTip

from core.charts.colours import Theme
from core.resources import folder
from desktop.theme.stylesheet import palette, stylesheet
from desktop.theme.tokens import font, forget_fonts, is_dark, use_theme


def apply_theme(application: QApplication, choice: str = "system") -> Theme:
    """Load our fonts once, then set style, palette, sheet and font; every window is repainted.

    Args:
        application: the one there is.
        choice: "light" or "dark"; anything else follows the system where it is known, else light.
    """
    load_fonts()
    theme = use_theme(_name(application, choice))
    sheet = stylesheet(theme)
    if application.styleSheet() == sheet:  # a new sheet makes Qt look at every widget again
        return theme
    if application.property("styled") is None:
        application.setStyle("Fusion")
        application.setProperty("styled", "Fusion")
        application.setFont(font("body"))
        QToolTip.setFont(font("small"))
    with _nothing_collected():
        application.setPalette(palette(theme))
        application.setStyleSheet(sheet)
    for window in application.topLevelWidgets():
        window.update()
    return theme


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keep Python from collecting: Qt goes through a list of all widgets, and tells each of them.

    One that nobody has any more, and that Python destroys in the middle of that, ends the program.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _name(application: QApplication, choice: str) -> str:
    if choice in {"light", "dark"}:
        return choice
    scheme = application.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"  # unknown on plain X: light


@lru_cache(maxsize=1)
def load_fonts() -> None:
    """Add the fonts that ship with the program to this process."""
    for file in sorted(folder("fonts").iterdir()):
        if file.suffix in {".otf", ".ttf"}:
            QFontDatabase.addApplicationFont(str(file))
    forget_fonts()


def motion_ms(style: QStyle, wanted_ms: int) -> int:
    """Return how long a motion may take: 0 where the system asks for less motion."""
    return wanted_ms if style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) else 0


class ThemeSwitch(QObject):
    """Holds the analyst's choice; with "system" it follows the system, also while running.

    Attributes:
        choice: "light", "dark" or "system".
    """

    switched = Signal(str)  # the name of the theme that is now in use

    def __init__(self, application: QApplication, choice: str = "system") -> None:
        """Apply the choice at once."""
        super().__init__(application)
        self._application = application
        self.choice = choice
        application.styleHints().colorSchemeChanged.connect(self._follow)
        self.choose(choice)

    def choose(self, choice: str) -> None:
        """Take a choice over and show it."""
        self.choice = choice
        self.switched.emit(apply_theme(self._application, choice).name)

    def toggle(self) -> None:
        """Change between light and dark; from then on the system is no longer followed."""
        self.choose("light" if is_dark() else "dark")

    def _follow(self) -> None:
        if self.choice == "system":
            self.choose("system")
