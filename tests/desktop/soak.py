"""Somebody who does anything at all in the window, the same for the same seed."""

import gc
from collections import deque
from random import Random

import psutil
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)

from desktop.workspace import SCREENS

KEYS = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space),
    *(Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Delete, Qt.Key.Key_Home),
    *(Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_U, Qt.Key.Key_S, Qt.Key.Key_L, Qt.Key.Key_K),
    *(Qt.Key.Key_Period, Qt.Key.Key_PageDown, Qt.Key.Key_F2, Qt.Key.Key_Backspace),
)
CTRL = (Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_A, Qt.Key.Key_F, Qt.Key.Key_L, Qt.Key.Key_Return)
WORDS = (
    "where is my parcel?",
    "a",
    "",
    "<b>x</b>",
    "\u202eabc",
    "0",
    "-1",
    "1e999",
    "x" * 3_000,
    "ß\u0301",
)
KEPT = 25  # actions that are told when something breaks


class Wanderer:
    """Does one thing after the other.

    Attributes:
        trail: what was done last.
    """

    def __init__(self, window, seed):
        self.window = window
        self.chance = Random(seed)
        self.trail = deque(maxlen=KEPT)
        self.n_done = 0

    def act(self):
        """Do something, and let the window catch up."""
        doing = self.chance.choices(
            (
                self._open,
                self._press_button,
                self._type,
                self._choose,
                self._key,
                self._row,
                self._size,
            ),
            weights=(3, 6, 2, 2, 6, 3, 1),
        )[0]
        self.trail.append(doing.__name__)
        doing()
        self.n_done += 1
        QTest.qWait(1)
        QApplication.sendPostedEvents()
        if self.n_done % 20 == 0:
            gc.collect()  # which the tests of the window leave to the time between them

    def memory(self):
        """Return the megabytes that the process takes."""
        gc.collect()
        return psutil.Process().memory_info().rss / 1e6

    def _note(self, words):
        self.trail[-1] += f" {words}"

    def _seen(self, kind):
        return [
            one
            for one in self.window.findChildren(kind)
            if one.isVisible() and one.isEnabled() and not one.visibleRegion().isEmpty()
        ]

    def _open(self):
        name = self.chance.choice(list(SCREENS))
        facts = self.window.workspace.facts
        if name in ("evaluate", "predict") and not facts.has_model:
            name = "dataset"
        if name in ("labelling", "explore", "data_check") and not facts.n_inputs:
            name = "dataset"
        self._note(name)
        self.window.workspace.open(name)

    def _press_button(self):
        buttons = [one for one in self._seen(QAbstractButton) if not self._leads_away(one)]
        if buttons:
            button = self.chance.choice(buttons)
            self._note(f"{button.text() or button.accessibleName()!r} of {type(button).__name__}")
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _leads_away(self, button):
        """Tell whether a button ends the walk, or starts what is no part of it."""
        return button.window() is not self.window or button.accessibleName() in self.left_alone

    left_alone = ()

    def _type(self):
        fields = [*self._seen(QLineEdit), *self._seen(QPlainTextEdit), *self._seen(QTextEdit)]
        fields = [one for one in fields if not one.isReadOnly()]
        if fields:
            field, words = self.chance.choice(fields), self.chance.choice(WORDS)
            self._note(f"{words[:20]!r} into {field.accessibleName()!r}")
            field.setFocus()
            if isinstance(field, QLineEdit):
                field.selectAll()
                field.insert(words)
            else:
                field.insertPlainText(words)

    def _choose(self):
        lists = [one for one in self._seen(QComboBox) if one.count()]
        if lists:
            chosen = self.chance.choice(lists)
            place = self.chance.randrange(chosen.count())
            self._note(f"{chosen.itemText(place)!r} of {chosen.accessibleName()!r}")
            chosen.setCurrentIndex(place)
            chosen.activated.emit(place)

    def _key(self):
        where = QApplication.focusWidget() or self.window
        if self.chance.randrange(5) == 0:
            key, modifier = self.chance.choice(CTRL), Qt.KeyboardModifier.ControlModifier
        else:
            key, modifier = self.chance.choice(KEYS), Qt.KeyboardModifier.NoModifier
        self._note(
            f"{key.name} {modifier.name} at {type(where).__name__} {where.accessibleName()!r}"
        )
        QTest.keyClick(where, key, modifier)
        if modifier != Qt.KeyboardModifier.NoModifier:
            QTest.keyRelease(self.window, Qt.Key.Key_Control)

    def _row(self):
        views = [
            one
            for one in self._seen(QAbstractItemView)
            if one.model() and one.window() is self.window
        ]
        if views:
            view = self.chance.choice(views)
            area = view.viewport().rect()
            place = QPoint(
                self.chance.randrange(max(1, area.width())),
                self.chance.randrange(max(1, area.height())),
            )
            self._note(f"of {type(view).__name__} at {place.toTuple()}")
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def _size(self):
        self.window.resize(self.chance.randrange(900, 1_920), self.chance.randrange(600, 1_200))
