"""One line that something needs care, with the one thing to do about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop.widgets.buttons import button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, column
from desktop.widgets.message_panel import SIGNS, Kind
from desktop.widgets.text import wrapped

MEASURE = 900


class Notice(QFrame):
    """Words on the kind's soft surface; hidden while there are none.

    Attributes:
        words: what there is to say. act: what can be done about it.
    """

    pressed = Signal()

    def __init__(self, kind: Kind, words: str = "", act: str = "") -> None:
        """Say it; `act` is the words of the link."""
        super().__init__()
        self.setProperty("box", kind)
        self.words, self.act = wrapped("", "small"), button("", "link")
        self.words.set_measure(MEASURE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(10)
        layout.addWidget(column(2, Icon(SIGNS[kind], kind, 16), gap=0), alignment=TOP)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.act)
        self.act.clicked.connect(self.pressed)
        self.say(words, act)

    def say(self, words: str, act: str = "") -> None:
        """Say something else; nothing hides it."""
        self.words.setText(words)
        self.act.setText(act)
        self.act.setVisible(bool(act))
        self.setAccessibleName(words)
        self.setVisible(bool(words))
