"""Fields for texts of any make: a word without end does not hold up the window.

Qt looks for the end of a word anew on every line that it fills, so that a word of a million
letters takes minutes. Where there is one, lines break between any two letters.
"""

import re

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit
from typing_extensions import override

_ENDLESS = re.compile(r"\S{2000}")
_MODES = QTextOption.WrapMode


class LongEdit(QTextEdit):
    """A `QTextEdit` of plain text."""

    @override
    def setPlainText(self, text: str) -> None:
        _break_lines(self, text)
        super().setPlainText(text)

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        _break_lines(self, source.text(), is_added=True)
        super().insertFromMimeData(source)


class LongPlainEdit(QPlainTextEdit):
    """A `QPlainTextEdit`."""

    @override
    def setPlainText(self, text: str) -> None:
        _break_lines(self, text)
        super().setPlainText(text)

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        _break_lines(self, source.text(), is_added=True)
        super().insertFromMimeData(source)


def _break_lines(edit: QTextEdit | QPlainTextEdit, text: str, *, is_added: bool = False) -> None:
    """Choose how lines break before a text is shown; what is added leaves what was chosen."""
    is_endless = bool(_ENDLESS.search(text))
    mode = _MODES.WrapAnywhere if is_endless else _MODES.WrapAtWordBoundaryOrAnywhere
    if mode != edit.wordWrapMode() and (is_endless or not is_added):
        edit.setWordWrapMode(mode)
