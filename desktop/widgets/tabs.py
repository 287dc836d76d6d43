"""Tabs: words in a row, the open one underlined; the arrow keys move."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget
from typing_extensions import override

from desktop.theme.tokens import CONTROL, colour
from desktop.widgets.layout import H_CENTRE
from desktop.widgets.painted import paint_ring, painter_of, put, text_width

PADDING, LINE = 12, 2
ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Tab(QAbstractButton):
    """One word."""

    def __init__(self, label: str) -> None:
        """Show the word."""
        super().__init__()
        self.setText(label)
        self.setCheckable(True)
        self.setAccessibleName(label)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.text(), "strong")) + 2 * PADDING, CONTROL + 4)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = painter_of(self), QRectF(self.rect())
        is_lit = self.isChecked() or self.underMouse()
        put(painter, area, self.text(), "strong", "ink" if is_lit else "ink_2", H_CENTRE)
        if self.isChecked():
            line = QRectF(PADDING, area.height() - LINE, area.width() - 2 * PADDING, LINE)
            painter.fillRect(line, colour("accent"))
        if self.hasFocus():
            paint_ring(painter, area.adjusted(2, 2, -2, -4))


class Tabs(QWidget):
    """A row of tabs above a hairline that the caller draws.

    Attributes:
        tabs: by their place.
    """

    chosen = Signal(int)

    def __init__(self, labels: Sequence[str], *, name: str) -> None:
        """Offer the labels, the first one open; `name` is for screen readers."""
        super().__init__()
        self.setAccessibleName(name)
        self.tabs = [Tab(label) for label in labels]
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for i, tab in enumerate(self.tabs):
            self._group.addButton(tab, i)
            layout.addWidget(tab)
        layout.addStretch(1)
        self.set_value(0)
        self._group.idToggled.connect(self._tell)

    @property
    def value(self) -> int:
        """The place of the open tab."""
        return self._group.checkedId()

    def set_value(self, place: int) -> None:
        """Open the tab at this place."""
        self._group.button(place).setChecked(True)
        for i, tab in enumerate(self.tabs):  # one stop of the Tab key, as everywhere
            tab.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if i == place else Qt.FocusPolicy.ClickFocus
            )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = ARROWS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        place = (self.value + step) % len(self.tabs)
        self.set_value(place)
        self.tabs[place].setFocus()

    def _tell(self, place: int, is_on: bool) -> None:  # noqa: FBT001  # Qt's signal
        if is_on:
            self.set_value(place)
            self.chosen.emit(place)
