"""A table whose rows are ticked by a click on the box or by Space, and opened by Enter."""

from collections.abc import Hashable

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from typing_extensions import override

from core.i18n import _
from desktop.widgets.painted import put_text
from desktop.widgets.sort_heads import SortedModel
from desktop.widgets.table import Index, RowDelegate, TextTable
from desktop.widgets.tick import BOX, paint_box

TICK = 0  # the column of the boxes
ROLES = Qt.ItemDataRole


class TickModel(SortedModel):
    """Rows with a box in the first column. A table says `key`, and gives the cells by `data`.

    Attributes:
        ticked: the keys of the chosen rows, also of those that a filter hides just now.
    """

    ticked_changed = Signal()

    def __init__(self, heads: list[str], parent: QObject | None = None) -> None:
        """Have these heads after that of the boxes, and nothing ticked."""
        super().__init__(["", *heads], parent)
        self.ticked: set[Hashable] = set()

    def key(self, row: int) -> Hashable:
        """Return what a row is known by; None where it cannot be ticked."""
        raise NotImplementedError

    def turn(self, row: int) -> None:
        """Tick a row, or take its tick away."""
        if self.key(row) is None:
            return
        self.ticked ^= {self.key(row)}
        self.dataChanged.emit(self.index(row, TICK), self.index(row, TICK))
        self.ticked_changed.emit()

    def is_ticked(self, row: int) -> bool:
        """Tell whether a row is chosen."""
        return self.key(row) in self.ticked

    def tick_data(self, row: int, role: int) -> object:
        """Return what the cell of a box holds."""
        states = Qt.CheckState
        if role == ROLES.CheckStateRole:
            return states.Checked if self.is_ticked(row) else states.Unchecked
        if role == ROLES.AccessibleTextRole:
            return _("chosen") if self.is_ticked(row) else _("not chosen")
        return None


class TickDelegate(RowDelegate):
    """Draws the box; the first words after it are the row's name."""

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        model = index.model()
        if index.column() == TICK and isinstance(model, TickModel):
            box = QRectF(area.x(), area.center().y() - BOX / 2, BOX, BOX)
            paint_box(painter, box, is_ticked=model.is_ticked(index.row()))
        elif index.column() == TICK + 1:
            paint_name(painter, area, index)
        else:
            super().paint_cell(painter, area, index)


def paint_name(painter: QPainter, area: QRectF, index: Index) -> None:
    """Write a name shortened in the middle: the numbers of versions stand at the end."""
    middle = Qt.TextElideMode.ElideMiddle
    put_text(painter, area, str(index.data() or ""), "body", "ink", middle)


class TickTable(TextTable):
    """Shows a `TickModel`."""

    def __init__(self, name: str, rows: TickModel) -> None:
        """Show the rows; `name` is what they are, for screen readers."""
        super().__init__(name)
        self.ticks = rows
        rows.setParent(self)
        self.setItemDelegate(TickDelegate(self))
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.setModel(rows)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and index.isValid() and index.column() == TICK:
            self.ticks.turn(index.row())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or index.column() != TICK:  # there it is two clicks
            super().mouseDoubleClickEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.ticks.turn(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
