"""The order of the list: by a click on a column's head, by the keyboard, or from a menu."""

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QActionGroup, QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget
from typing_extensions import override

from core.i18n import N_, _
from core.storage.filters import Sort, SortKey
from desktop.theme.tokens import font
from desktop.widgets.layout import V_CENTRE
from desktop.widgets.painted import paint_ring

ORDERS: tuple[tuple[str, Sort], ...] = (
    (N_("Oldest first"), Sort()),
    (N_("Newest first"), Sort("added", is_descending=True)),
    (N_("Text, A to Z"), Sort("text")),
    (N_("Text, Z to A"), Sort("text", is_descending=True)),
    (N_("Shortest first"), Sort("length")),
    (N_("Longest first"), Sort("length", is_descending=True)),
    (N_("Most concepts first"), Sort("concepts", is_descending=True)),
    (N_("Fewest concepts first"), Sort("concepts")),
    (N_("Split, A to Z"), Sort("split")),
    (N_("Split, Z to A"), Sort("split", is_descending=True)),
    (N_("Unsure and skipped first"), Sort("status", is_descending=True)),
    (N_("Unsure and skipped last"), Sort("status")),
    (N_("Id, ascending"), Sort("id")),
    (N_("Id, descending"), Sort("id", is_descending=True)),
)
PRESS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def name_of(sort: Sort) -> str:
    """Return an order in words."""
    return next(_(words) for words, known in ORDERS if known == sort)


def sort_menu(parent: QWidget, chosen: Sort) -> QMenu:
    """Return the menu of all orders; an action's data is its `Sort`."""
    menu = QMenu(parent)
    menu.setFont(font("body"))
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    group = QActionGroup(menu)
    for words, sort in ORDERS:
        action = menu.addAction(_(words))
        action.setData(sort)
        action.setCheckable(True)
        action.setChecked(sort == chosen)
        group.addAction(action)
    return menu


class SortHeads(QHeaderView):
    """Heads that are pressed to sort, by the pointer or with the arrow keys and Space."""

    sort_chosen = Signal(object)  # Sort

    def __init__(self, keys: tuple[SortKey, ...], parent: QWidget) -> None:
        """Sort each column by its key."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._keys, self._place = keys, 0
        self.order = Sort()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Columns: arrow keys choose one, Space sorts by it"))
        self.setFont(font("caption_strong"))
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | V_CENTRE)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setSectionsClickable(True)
        self.sectionClicked.connect(self.press)

    def press(self, section: int) -> None:
        """Sort by a column; again, the other way round."""
        key = self._keys[section]
        again = self.order.key == key
        # many concepts, and what is unsure, are what one looks for
        downwards = not self.order.is_descending if again else key in {"concepts", "status"}
        self.sort_chosen.emit(Sort(key, downwards))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self._place = (self._place + step) % self.count()
            self.viewport().update()
        elif event.key() in PRESS:
            self.press(self._place)
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
