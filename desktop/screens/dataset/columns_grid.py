"""The first rows of a file as they will be read, under what each column is."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QScrollArea, QWidget
from typing_extensions import override

from core.files import Preview, Row
from core.i18n import _
from desktop.screens.dataset.look import Look, concepts_in
from desktop.screens.dataset.roles import CHOICES, MEANINGS, Role
from desktop.widgets.choices import Select
from desktop.widgets.concept_chip import Chip
from desktop.widgets.layout import Hairline, Item, column, row
from desktop.widgets.text import Elided, text, tip

FIXED = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
CELL_HEIGHT, HEAD_HEIGHT = 39, 70
NAMING = (Role.CONCEPTS, Role.NOT_CONCEPTS, Role.YES_NO)
WIDTHS = {  # pixels, at least
    Role.TEXT: 220,
    Role.MORE_TEXT: 160,
    Role.TARGET: 220,
    Role.CONCEPTS: 250,
    Role.NOT_CONCEPTS: 200,
    Role.YES_NO: 176,
}
PLAIN_WIDTH, LIST_WIDTH = 140, 232
STRETCH = {Role.TEXT: 3, Role.MORE_TEXT: 1, Role.TARGET: 2, Role.CONCEPTS: 1}
SHOWN_CHIPS = 2
SHOWN_COLUMNS = 40
TONES = {
    Role.TEXT: "ink",
    Role.MORE_TEXT: "ink",
    Role.TARGET: "ink",
    Role.UNUSED: "ink_3",
}


class GridArea(QScrollArea):
    """Scrolls the grid sideways where the file has more columns than there is room for."""

    def __init__(self, grid: "ColumnsGrid") -> None:
        """Hold the grid."""
        super().__init__()
        self._grid = grid
        self.setWidget(grid)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid.changed.connect(self._fit)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_wider = self._grid.least_width > self.width()
        bar = self.horizontalScrollBar().sizeHint().height() if is_wider else 0
        self.setFixedHeight(self._grid.whole_height + bar)


class ColumnsGrid(QWidget):
    """One select per column, and below it the cells; concepts as chips.

    Attributes:
        least_width: pixels that the columns need. whole_height: of the heads and the rows.
    """

    changed = Signal()

    role_chosen = Signal(str, object)  # column, Role

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.selects: dict[str, Select] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._cells: list[QWidget] = []
        self.least_width = self.whole_height = 0

    def show_file(
        self, seen: Preview, roles: Mapping[str, Role], look: Look, colours: Mapping[str, int]
    ) -> None:
        """Show the columns with their roles and the first rows as they will be read."""
        columns = seen.columns[:SHOWN_COLUMNS]
        if tuple(self.selects) != columns:
            self._make_heads(columns)
        for i, name in enumerate(columns):
            self._show_role(name, roles[name])
            self._grid.setColumnMinimumWidth(i, WIDTHS.get(roles[name], PLAIN_WIDTH))
            self._grid.setColumnStretch(i, STRETCH.get(roles[name], 0))
        self.least_width = sum(WIDTHS.get(roles[name], PLAIN_WIDTH) for name in columns)
        self.whole_height = HEAD_HEIGHT + 1 + (CELL_HEIGHT + 1) * len(look.rows)
        self._forget_cells()
        for place, shown in enumerate(look.rows):
            for i, name in enumerate(columns):
                cell = _cell(seen, shown, (i, roles[name]), colours)
                cell.setFixedHeight(CELL_HEIGHT)
                self._put(cell, 2 + 2 * place, i)
            self._put(Hairline(), 3 + 2 * place, 0, span=len(columns))
        self.changed.emit()

    def show_roles(self, roles: Mapping[str, Role]) -> None:
        """Show other roles over the same cells."""
        for name in self.selects:
            self._show_role(name, roles[name])

    def _make_heads(self, columns: tuple[str, ...]) -> None:
        self._forget_cells()
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for i in range(len(self.selects)):
            self._grid.setColumnMinimumWidth(i, 0)
            self._grid.setColumnStretch(i, 0)
        self.selects = {}
        for i, name in enumerate(columns):
            select = Select(name=_("What the column “{name}” holds").format(name=name))
            select.activated.connect(lambda _i, name=name: self._tell(name))
            select.setSizeAdjustPolicy(FIXED)  # or its longest role would widen its column
            select.view().setMinimumWidth(LIST_WIDTH)
            self.selects[name] = select
            gap = 16 if i < len(columns) - 1 else 0
            title = Elided(name, "caption_strong", "ink_3", middle=True)
            head = column(title, select, gap=4, margins=(0, 0, gap, 10))
            head.setFixedHeight(HEAD_HEIGHT)
            self._grid.addWidget(head, 0, i)
        self._grid.addWidget(Hairline(), 1, 0, 1, max(1, len(columns)))

    def _show_role(self, name: str, role: Role) -> None:
        select = self.selects[name]
        choices = (Role.VALUE,) if role is Role.VALUE else CHOICES
        with QSignalBlocker(select):
            if select.count() != len(choices):
                select.clear()
                for i, choice in enumerate(choices):
                    select.addItem(_(choice), choice)
                    select.setItemData(i, tip(_(MEANINGS[choice])), Qt.ItemDataRole.ToolTipRole)
            select.setCurrentIndex(choices.index(role))
        select.setEnabled(role is not Role.VALUE)
        select.update()

    def _tell(self, name: str) -> None:
        self.role_chosen.emit(name, Role(self.selects[name].currentData()))

    def _put(self, widget: QWidget, place: int, i: int, *, span: int = 1) -> None:
        self._grid.addWidget(widget, place, i, 1, span)
        self._cells.append(widget)

    def _forget_cells(self) -> None:
        for cell in self._cells:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self._cells = []


def _cell(
    seen: Preview, shown: Row, place: tuple[int, Role], colours: Mapping[str, int]
) -> QWidget:
    i, role = place
    if role in NAMING:
        return _concepts(list(concepts_in(seen, shown, i, role)), colours)
    cell = shown.cells[i] if i < len(shown.cells) else ""
    value = shown.text if role is Role.TEXT else shown.split if role is Role.SPLIT else cell
    shortened = " ".join(value[:1000].split())
    return row((Elided(shortened, "body", TONES.get(role, "ink_2")), 1), 16, gap=0)


def _concepts(said: list[tuple[str, bool]], colours: Mapping[str, int]) -> QWidget:
    if not said:
        return row(text(_("No concept"), "small", "ink_3"), None)
    items: list[Item] = []
    width = 230 if len(said) == 1 else 110
    for name, is_positive in said[:SHOWN_CHIPS]:
        if not is_positive:
            items.append(text(_("not"), "small", "ink_3"))
        items.append(Chip(name, colours.get(name, 0), most=width))
    if len(said) > SHOWN_CHIPS:
        items.append(text(f"+{len(said) - SHOWN_CHIPS}", "caption_strong", "ink_2"))
    return row(*items, None, gap=6)
