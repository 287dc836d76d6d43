"""Chips on as many lines as they need, and a link behind them that clears them."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.tokens import CONTROL_SMALL
from desktop.widgets.buttons import button

GAP = 6


class ChipLines(QWidget):
    """Lays chips out line by line; whoever inherits it makes them, as its children."""

    chips: Sequence[QWidget]
    cleared = Signal()

    def __init__(self) -> None:
        """Show none."""
        super().__init__()
        self.chips = []
        self.clear = button(_("Clear all"), "link")
        self.clear.setParent(self)
        self.clear.clicked.connect(self.cleared)
        self.hide()

    def _drop(self) -> None:
        """Take the chips away that are shown."""
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()

    def _show_chips(self) -> None:
        """Show the chips that there are now; without any, nothing."""
        for chip in self.chips:
            chip.show()
        self.setVisible(bool(self.chips))
        self.clear.raise_()  # the last one for the Tab key
        self._place()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        x = y = 0
        self.clear.adjustSize()
        for item in (*self.chips, self.clear):
            if x and x + item.width() > self.width():
                x, y = 0, y + CONTROL_SMALL + GAP
            lead = (CONTROL_SMALL - item.height()) // 2
            item.setGeometry(QRect(x, y + lead, item.width(), item.height()))
            x += item.width() + GAP
        self.setFixedHeight(y + CONTROL_SMALL)
