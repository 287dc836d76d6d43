"""Tables: one hairline per row, chips for concepts, a tint and an edge for what is selected."""

from collections.abc import Mapping, Sequence, Set
from typing import Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from desktop.theme.tokens import ROW, colour, font
from desktop.widgets.concept_chip import paint_chip
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.painted import RING, put, put_text
from desktop.widgets.text import tip

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()  # the parent of every row

CHIPS_ROLE = Qt.ItemDataRole.UserRole + 1
"""Sequence of (name, number): the concepts of a cell, drawn as one chip and "+2"."""
TONE_ROLE = Qt.ItemDataRole.UserRole + 2
"""Colour role of the cell's words; ink in the first column and ink_2 elsewhere without it."""
TYPE_ROLE = Qt.ItemDataRole.UserRole + 3
"""Role of `TYPE` of the cell's words; body in the first column and small elsewhere without it."""

EDGE = 3
MORE_WIDTH = 30
OPEN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RowsModel(QAbstractTableModel):
    """What all tables of ours share: rows under heads. A table says `count`, and overrides `data`.

    Attributes:
        heads: the words over the columns.
    """

    def __init__(self, heads: Sequence[str] = (), parent: QObject | None = None) -> None:
        """Have these heads."""
        super().__init__(parent)
        self.heads = list(heads)

    def count(self) -> int:
        """Return how many rows there are."""
        raise NotImplementedError

    def head(self, section: int) -> str:
        """Return the words over a column."""
        return self.heads[section]

    def alignment(self, _section: int) -> Qt.AlignmentFlag:
        """Return where the words over a column stand: those over numbers on the right."""
        return LEFT | V_CENTRE

    def hint(self, _section: int) -> str:
        """Return what a column means; "" where it goes without saying."""
        return ""

    @override
    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self.count()

    @override
    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.heads)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.head(section)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self.alignment(section)
            case Qt.ItemDataRole.ToolTipRole:
                return tip(self.hint(section)) or None
        return None


class Yielding(Protocol):
    """A column that may be left out where room is short."""

    @property
    def width(self) -> int:
        """Its width in pixels; 0 takes what is left."""

    @property
    def yields(self) -> int:
        """The highest is left out first; 0 never."""


def fitting(columns: Sequence[Yielding], width: int, left_out: Set[int] = frozenset()) -> set[int]:
    """Return the places of the columns that fit into a width; `left_out` never do."""
    hidden = set(left_out)
    room = width - sum(column.width for i, column in enumerate(columns) if i not in hidden)
    for place in sorted(range(len(columns)), key=lambda i: -columns[i].yields):
        if room >= 0 or not columns[place].yields:
            break
        if place not in hidden:
            room += columns[place].width
            hidden.add(place)
    return set(range(len(columns))) - hidden


class RowDelegate(QStyledItemDelegate):
    """Draws the ground of a row and, in it, words in their own direction or chips.

    A table with a cell of its own kind overrides `paint_cell`.
    """

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        self._paint_ground(painter, area, option, index)
        left = 12 if index.column() == 0 else 8
        self.paint_cell(painter, area.adjusted(left, 0, -8, -1), index)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, area: QRectF, option: QStyleOptionViewItem, index: Index
    ) -> None:
        flags, state = QStyle.StateFlag, option.state
        if state & flags.State_Selected:
            painter.fillRect(area, colour("accent_soft"))
            if index.column() == 0:
                painter.fillRect(QRectF(area.x(), area.y(), EDGE, area.height()), colour("accent"))
        elif state & flags.State_MouseOver:
            painter.fillRect(area, colour("hover"))
        line = QRectF(area.x(), area.bottom() - 1, area.width(), 1)
        painter.fillRect(line, colour("hairline"))
        view = option.widget
        if isinstance(view, QAbstractItemView) and _has_focus(view, index):
            is_last = area.right() >= view.viewport().width() - 1  # others may be hidden
            _paint_ring_part(painter, area, index, is_last=is_last)

    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        """Draw the content of a cell into the area inside its padding."""
        if chips := index.data(CHIPS_ROLE):
            paint_chips(painter, area, chips)
            return
        is_first = index.column() == 0
        tone = index.data(TONE_ROLE) or ("ink" if is_first else "ink_2")
        role = index.data(TYPE_ROLE) or ("body" if is_first else "small")
        value = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        if _is_right(index):
            put(painter, area, value, role, tone, RIGHT)
        else:
            put_text(painter, area, value, role, tone)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW)


def _paint_ring_part(painter: QPainter, area: QRectF, index: Index, *, is_last: bool) -> None:
    """Draw what a cell has of the ring around its row."""
    top, side = QRectF(area.topLeft(), QSizeF(area.width(), RING)), QSizeF(RING, area.height())
    parts = [top, top.translated(0, area.height() - RING)]
    if index.column() == 0:
        parts.append(QRectF(area.topLeft(), side))
    if is_last or index.column() == index.model().columnCount() - 1:
        parts.append(QRectF(QPointF(area.right() - RING, area.y()), side))
    for part in parts:
        painter.fillRect(part, colour("accent_text"))


def _has_focus(view: QAbstractItemView, index: Index) -> bool:
    return view.hasFocus() and view.currentIndex().row() == index.row()


def _is_right(index: Index) -> bool:
    alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
    return alignment is not None and bool(Qt.AlignmentFlag(alignment) & RIGHT)


def paint_chips(painter: QPainter, area: QRectF, chips: Sequence[tuple[str, int]]) -> None:
    """Draw the first concept as a chip, and how many more there are."""
    more = len(chips) - 1
    room = area.width() - (MORE_WIDTH if more else 0)
    name, number = chips[0]
    width = paint_chip(painter, area.x(), area.center().y(), name, number, most=room)
    if more:
        rest = QRectF(area.x() + width + 8, area.y(), MORE_WIDTH, area.height())
        put(painter, rest, f"+{more}", "caption_strong", "ink_2")


def dress_heads(heads: QHeaderView) -> None:
    """Give the words over columns our type, and the columns a least width."""
    heads.setFont(font("caption_strong"))
    heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | V_CENTRE)
    heads.setHighlightSections(False)
    heads.setMinimumSectionSize(40)


class TextTable(QTableView):
    """A table of rows that can be opened; selecting everything at once is left to its screen."""

    row_opened = Signal(int)  # by Enter or a double click

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Be empty; `name` is what the rows are, for screen readers."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(RowDelegate(self))
        self.setFont(font("body"))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setCornerButtonEnabled(False)
        self.doubleClicked.connect(lambda index: self.row_opened.emit(index.row()))
        self._set_up_heads()

    def _set_up_heads(self) -> None:
        rows, heads = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # a million rows are not measured
        rows.setDefaultSectionSize(ROW)
        dress_heads(heads)
        heads.setSectionsClickable(False)

    def set_columns(self, widths: Mapping[int, int]) -> None:
        """Fix the width of these columns in pixels; the others share the room that is left."""
        heads, modes = self.horizontalHeader(), QHeaderView.ResizeMode
        for section in range(heads.count()):
            heads.setSectionResizeMode(section, modes.Fixed if section in widths else modes.Stretch)
        for section, width in widths.items():
            heads.resizeSection(section, width)

    def selected_rows(self) -> list[int]:
        """Return the places of the selected rows, in order."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    @override
    def selectAll(self) -> None:
        """Do nothing: over a million rows Qt stands still for seconds."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in OPEN_KEYS and self.currentIndex().isValid():
            self.row_opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
