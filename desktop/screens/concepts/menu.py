"""The menu of a concept."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.theme.tokens import font

Verb = tuple[str, str, Callable[[], object]]  # its words, its key, what it does


def concept_menu(parent: QWidget, *groups: tuple[Verb, ...]) -> QMenu:
    """Return a menu with a line between the groups of verbs."""
    menu = QMenu(parent)
    menu.setFont(font("body"))
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for group in groups:
        if not menu.isEmpty():
            menu.addSeparator()
        for words, keys, act in group:
            menu.addAction(words, QKeySequence(keys)).triggered.connect(act)
    return menu
