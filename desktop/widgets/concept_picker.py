"""Choosing a concept by typing a part of its name, or making a new one of what was typed."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.errors import UserError
from core.i18n import _
from core.records import Concept
from core.storage.concepts import checked_name
from desktop.theme.icons import pixmap
from desktop.theme.tokens import RADIUS_SMALL, colour
from desktop.widgets.choices import line_edit
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.message_panel import field_error
from desktop.widgets.painted import NO_PEN, put_text
from desktop.widgets.table import Index
from desktop.widgets.text import tip

WIDTH, ROW_HEIGHT, SHOWN_ROWS = 296, 34, 8
MOST = 200  # matches shown; typing on narrows them
NUMBER_ROLE = Qt.ItemDataRole.UserRole
NAME_ROLE = Qt.ItemDataRole.UserRole + 1
NEW = -1  # the number of the row that makes a concept


class ConceptPicker(QFrame):
    """A popup below the button that opened it; Enter picks, the arrow keys move, Esc closes."""

    picked = Signal(str)  # the name; the concept may not be there yet

    def __init__(self, parent: QWidget) -> None:
        """Belong to a window; `open_below` shows it."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("box", "line")
        self.setProperty("surface", "raised")
        self.setFixedWidth(WIDTH)
        self._concepts: list[tuple[str, int]] = []
        self.search = line_edit("", _("Find or make a concept"), "search")
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Concepts that match"))
        self.list.setItemDelegate(_PickDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps the keyboard
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._pick)
        self.list.setProperty("surface", "raised")
        self._error: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 8, 8, 8)
        self._layout.setSpacing(6)
        self._layout.addWidget(self.search)
        self._layout.addWidget(self.list)

    def open_below(
        self, anchor: QWidget, concepts: Sequence[Concept], taken: Sequence[str]
    ) -> None:
        """Offer the concepts that are not taken yet."""
        self._concepts = [(c.name, c.colour) for c in concepts if c.name not in taken]
        self.search.clear()
        self._filter("")
        corner = anchor.mapToGlobal(QPoint(anchor.width() - WIDTH, anchor.height() + 4))
        left = anchor.window().mapToGlobal(QPoint(8, 0)).x()
        self.move(max(corner.x(), left), corner.y())
        self.show()
        self.search.setFocus()

    def offered(self) -> list[str]:
        """Return the names that are offered now; the last may be one to make."""
        return [self.list.item(i).data(NAME_ROLE) for i in range(self.list.count())]

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step and self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._pick(self.list.currentItem())
        else:
            super().keyPressEvent(event)

    def _filter(self, words: str) -> None:
        self._clear_error()
        typed, part = " ".join(words.split()), words.strip().casefold()
        matches = [(name, i) for name, i in self._concepts if part in name.casefold()]
        matches.sort(key=lambda found: not found[0].casefold().startswith(part))
        self.list.clear()
        for name, colour_number in matches[:MOST]:
            self._add(name, name, colour_number)
        if typed and typed not in (name for name, _number in matches):
            self._add(typed, _("Make “{name}”").format(name=typed), NEW)
        self.list.setCurrentRow(0)
        n_rows = min(max(self.list.count(), 1), SHOWN_ROWS)
        self.list.setFixedHeight(n_rows * ROW_HEIGHT + 4)
        self.adjustSize()

    def _add(self, name: str, label: str, colour_number: int) -> None:
        item = QListWidgetItem(label)
        item.setData(NUMBER_ROLE, colour_number)
        item.setData(NAME_ROLE, name)
        item.setToolTip(tip(name))
        self.list.addItem(item)

    def _pick(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        try:
            name = checked_name(item.data(NAME_ROLE))
        except UserError as error:
            self._clear_error()
            self._error = field_error(f"{error} {error.next_step}")
            self._layout.addWidget(self._error)
            self.adjustSize()
            return
        self.close()
        self.picked.emit(name)

    def _clear_error(self) -> None:
        if self._error is not None:
            self._layout.removeWidget(self._error)
            self._error.deleteLater()
            self._error = None


class _PickDelegate(QStyledItemDelegate):
    """Draws a concept's mark and name, or a plus before the one to make."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, flags, state = QRectF(option.rect), QStyle.StateFlag, option.state
        if state & (flags.State_Selected | flags.State_MouseOver):
            painter.setPen(NO_PEN)
            painter.setBrush(colour("accent_soft" if state & flags.State_Selected else "hover"))
            painter.drawRoundedRect(area, RADIUS_SMALL, RADIUS_SMALL)
        number = index.data(NUMBER_ROLE)
        if number == NEW:
            top = round(area.y() + (area.height() - 16) / 2)
            painter.drawPixmap(round(area.x() + 7), top, pixmap("plus", "accent_text", 16))
        else:
            paint_mark(painter, area.x() + 10, area.center().y(), number, 10)
        words = area.adjusted(32, 0, -8, 0)
        label = index.data(Qt.ItemDataRole.DisplayRole)
        put_text(painter, words, label, "body", "ink", Qt.TextElideMode.ElideMiddle)
        painter.restore()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_HEIGHT)
