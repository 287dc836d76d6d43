"""The bar over the list while several texts are selected."""

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from core.i18n import _, ngettext
from desktop.screens.dataset.actions import LABEL_AS, NOT_AS, InputActions
from desktop.theme.tokens import CONTROL
from desktop.widgets.buttons import Button, button, icon_button
from desktop.widgets.layout import hide_below, surface
from desktop.widgets.text import text
from desktop.widgets.wording import number

DATASET_FROM, IS_NOT_FROM = 1320, 1400  # pixels of the window; below, “More” has them


class BulkBar(QWidget):
    """How many are selected, and what can be done to all of them."""

    all_asked = Signal()
    left = Signal()

    def __init__(self, actions: InputActions) -> None:
        """Offer the actions."""
        super().__init__()
        self._actions = actions
        surface(self, "clear")
        self.setFixedHeight(CONTROL)
        self.count = text("", "small_strong")
        self.select_all = button("", "link", tip=_("Ctrl+A in the list"))
        self.label = button(_("Label as…"), "small", "tag", tip=_("L in the list"))
        self.is_not = button(_("Is not…"), "small", tip=_("N in the list"))
        self.split, self.dataset = _menu_button(_("Split")), _menu_button(_("Dataset"))
        self.more = _menu_button(_("More"))
        self.delete = icon_button("trash-2", _("Delete (Del)"))
        self.leave = icon_button("x", _("Select only one (Esc)"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.count)
        layout.addSpacing(4)
        layout.addWidget(self.select_all)
        layout.addStretch(1)
        for part in (self.label, self.is_not, self.split, self.dataset, self.more):
            layout.addWidget(part)
        hide_below(self.dataset, DATASET_FROM)
        hide_below(self.is_not, IS_NOT_FROM)
        layout.addWidget(self.delete)
        layout.addWidget(self.leave)
        self._connect()

    def show_selected(self, n_selected: int, n_shown: int) -> None:
        """Say how many are selected, and offer all."""
        words = ngettext("{n} selected", "{n} selected", n_selected)
        self.count.setText(words.format(n=number(n_selected)))
        self.select_all.setText(_("Select all {n}").format(n=number(n_shown)))
        self.select_all.setVisible(n_selected < n_shown)

    def _connect(self) -> None:
        actions = self._actions
        self.select_all.clicked.connect(self.all_asked)
        self.leave.clicked.connect(self.left)
        self.delete.clicked.connect(actions.delete)
        self.label.clicked.connect(lambda: actions.pick_concept(LABEL_AS, self.label))
        self.is_not.clicked.connect(lambda: actions.pick_concept(NOT_AS, self.is_not))
        self.split.clicked.connect(lambda: _open(actions.split_menu(self), self.split))
        self.dataset.clicked.connect(lambda: _open(actions.dataset_menu(self), self.dataset))
        self.more.clicked.connect(lambda: _open(actions.more_menu(self), self.more))


def _menu_button(label: str) -> Button:
    return button(label, "small", "chevron-down", trailing=True)


def _open(menu: QMenu, below: QWidget) -> None:
    menu.popup(below.mapToGlobal(QPoint(0, below.height() + 2)))
