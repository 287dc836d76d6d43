"""The real window with its real worker, and a person who clicks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from desktop import boxes
from desktop.main_window import MainWindow
from desktop.theme.apply import apply_theme

PATIENCE_MS = 120_000  # for a training on a slow machine


class Person:
    """Sees what is on the window, clicks buttons by their words, and types."""

    def __init__(self, window, qtbot, screenshots):
        self.window = window
        self.n_clicks = 0
        self._qtbot = qtbot
        self._screenshots = screenshots

    def buttons(self, words):
        """Return the buttons with these words that can be seen and pressed."""
        return [
            button
            for button in self.window.findChildren(QAbstractButton)
            if words in (button.text().strip(), button.accessibleName())
            and button.isVisible()
            and button.isEnabled()
        ]

    def click(self, words):
        """Wait until a button with these words can be pressed, then press it."""
        self._qtbot.waitUntil(lambda: bool(self.buttons(words)), timeout=PATIENCE_MS)
        self._qtbot.mouseClick(self.buttons(words)[0], Qt.MouseButton.LeftButton)
        self.n_clicks += 1

    def type(self, field, words):
        """Type into a field."""
        field.setFocus()
        self._qtbot.keyClicks(field, words)

    def press(self, key):
        """Press a key where the keyboard is."""
        self._qtbot.keyClick(QApplication.focusWidget() or self.window, key)

    def wait_for(self, is_so):
        """Wait until something is so."""
        self._qtbot.waitUntil(is_so, timeout=PATIENCE_MS)

    def look(self, name):
        """Save a picture of the window, in both themes, if somebody wants to see it."""
        if not self._screenshots:
            return
        for theme in ("light", "dark"):
            apply_theme(QApplication.instance(), theme)
            QApplication.processEvents()
            self._screenshots(self.window, f"{name}-{theme}")
        apply_theme(QApplication.instance(), "light")


@pytest.fixture
def person(qtbot, qapp, screenshots, monkeypatch):
    """Return somebody in front of a window that was just opened for the first time."""
    apply_theme(qapp, "light")
    window = MainWindow()
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield Person(window, qtbot, screenshots)
    monkeypatch.setattr(boxes, "ask", lambda *_a: True)  # a failed test may leave work running
    window.close()
    window.deleteLater()
