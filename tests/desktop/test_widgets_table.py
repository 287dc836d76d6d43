"""Tables of texts: opened with the keyboard, never all selected, drawn in every state."""

import pytest
from PySide6.QtCore import QAbstractTableModel, Qt
from typing_extensions import override

from desktop.widgets.layout import RIGHT
from desktop.widgets.table import CHIPS_ROLE, TONE_ROLE, TYPE_ROLE, TextTable

ROWS = [
    ("My card has not arrived", (("card_arrival", 0),), 12),
    ("لم تصل بطاقتي الجديدة حتى الآن", (("card_arrival", 0), ("late", 13)), 3),
    ("<b>no markup</b>\nsecond line " * 400, (), 0),
]


class Letters(QAbstractTableModel):
    """Three columns: a text, its concepts, a number."""

    @override
    def rowCount(self, parent=None):
        return len(ROWS)

    @override
    def columnCount(self, parent=None):
        return 3

    @override
    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        words, concepts, count = ROWS[index.row()]
        column = index.column()
        return {
            (Qt.ItemDataRole.DisplayRole, 0): words,
            (Qt.ItemDataRole.DisplayRole, 1): "No concept yet",
            (CHIPS_ROLE, 1): concepts,
            (TONE_ROLE, 1): "warn",
            (TYPE_ROLE, 0): "strong",
            (Qt.ItemDataRole.DisplayRole, 2): str(count),
            (Qt.ItemDataRole.TextAlignmentRole, 2): RIGHT,
        }.get((role, column))


@pytest.fixture
def table(qtbot):
    table = TextTable("Texts")
    model = Letters(table)
    table.setModel(model)
    table.set_columns({1: 208, 2: 60})
    qtbot.addWidget(table)
    table.resize(700, 300)
    with qtbot.waitActive(table):
        table.show()
        table.activateWindow()
    return table


def test_columns_keep_their_width_and_the_text_takes_the_rest(table):
    widths = [table.columnWidth(i) for i in range(3)]
    assert widths[1:] == [208, 60]
    assert widths[0] > 400
    assert table.rowHeight(0) == 40
    assert table.accessibleName() == "Texts"


def test_a_row_is_opened_by_enter_and_by_a_double_click(qtbot, table):
    table.selectRow(1)
    with qtbot.waitSignal(table.row_opened) as told:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert told.args == [1]
    with qtbot.waitSignal(table.row_opened) as told:
        table.doubleClicked.emit(table.model().index(2, 0))
    assert told.args == [2]


def test_selecting_everything_is_left_to_the_screen(table):
    table.selectAll()
    assert table.selected_rows() == []
    table.selectRow(2)
    assert table.selected_rows() == [2]


def test_the_selected_row_shows_whether_the_keyboard_is_here(table):
    table.selectRow(0)
    table.setFocus()
    focused = table.grab().toImage()
    table.clearFocus()
    assert table.grab().toImage() != focused
