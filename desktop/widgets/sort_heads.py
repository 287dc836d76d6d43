"""Heads of columns that are pressed to sort, by the pointer or by the keyboard."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.widgets.painted import paint_ring
from desktop.widgets.table import RowsModel, TextTable, dress_heads

T = TypeVar("T")

PRESS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class PressedHeads(QHeaderView):
    """One stop of the Tab key; the arrow keys choose a head, Space emits `sectionClicked`."""

    def __init__(self, parent: QWidget) -> None:
        """Stand over the columns of a table."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._place = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Columns: arrow keys choose one, Space sorts by it"))
        dress_heads(self)
        self.setSectionsClickable(True)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if step := STEPS.get(Qt.Key(event.key())):
            shown = [i for i in range(self.count()) if not self.isSectionHidden(i)]
            near = min(range(len(shown)), key=lambda i: abs(shown[i] - self._place))
            self._place = shown[(near + step) % len(shown)]
            self.viewport().update()
        elif event.key() in PRESS:
            self.sectionClicked.emit(self._place)
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        if self.hasFocus() and logicalIndex == self._place:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_ring(painter, QRectF(rect).adjusted(1, 3, -1, -4))


def put_heads(table: TextTable) -> PressedHeads:
    """Let the heads of a table be pressed."""
    heads = PressedHeads(table)
    table.setHorizontalHeader(heads)
    heads.show()
    return heads


class SortedModel(RowsModel):
    """Rows in the order of a column. A table says `arrange`, and for which columns it `falls`.

    Attributes:
        sorted_by: the column whose head has an arrow; -1 for none.
        is_descending: the highest stands first.
    """

    sorted_by, is_descending = -1, True

    def arrange(self) -> None:
        """Bring the rows into their order."""
        raise NotImplementedError

    def falls(self, _column: int) -> bool:
        """Tell whether one looks for the highest of a column first."""
        return True

    def press(self, column: int) -> None:
        """Sort by a column, or turn the order round where it is sorted by that."""
        falls = not self.is_descending if column == self.sorted_by else self.falls(column)
        orders = Qt.SortOrder
        self.sort(column, orders.DescendingOrder if falls else orders.AscendingOrder)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sorted_by, self.is_descending = column, order == Qt.SortOrder.DescendingOrder
        self.arrange()

    @override
    def head(self, section: int) -> str:
        return self.title(section) + self._arrow(section)

    def title(self, section: int) -> str:
        """Return the words over a column, without the arrow."""
        return self.heads[section]

    def _arrow(self, section: int) -> str:
        if section != self.sorted_by:
            return ""
        return " ↓" if self.is_descending else " ↑"


def known_first(rows: Iterable[T], key: Callable[[T], Any], *, is_descending: bool) -> list[T]:
    """Return rows by a key; those whose key is None, as it is not known, stand last either way."""
    keyed = [(key(row), row) for row in rows]
    known = sorted(
        (one for one in keyed if one[0] is not None), key=lambda one: one[0], reverse=is_descending
    )
    return [row for _key, row in known] + [row for value, row in keyed if value is None]
