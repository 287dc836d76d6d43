"""The order of the list: by a click on a column's head, by the keyboard, or from a menu."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from core.i18n import N_, _
from core.storage.filters import Sort, SortKey
from desktop.theme.tokens import font
from desktop.widgets.sort_heads import PressedHeads

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


class SortHeads(PressedHeads):
    """Heads that sort the list."""

    sort_chosen = Signal(object)  # Sort

    def __init__(self, keys: tuple[SortKey, ...], parent: QWidget) -> None:
        """Sort each column by its key."""
        super().__init__(parent)
        self._keys = keys
        self.order = Sort()
        self.sectionClicked.connect(self.press)

    def press(self, section: int) -> None:
        """Sort by a column; again, the other way round."""
        key = self._keys[section]
        again = self.order.key == key
        # many concepts, and what is unsure, are what one looks for
        downwards = not self.order.is_descending if again else key in {"concepts", "status"}
        self.sort_chosen.emit(Sort(key, downwards))
