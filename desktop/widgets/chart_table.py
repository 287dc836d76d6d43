"""The data of a chart as rows: what cannot be seen can be read."""

from PySide6.QtCore import Qt
from typing_extensions import override

from core.charts.scene import Cell, Table
from core.i18n import _
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.painted import text_width
from desktop.widgets.table import Index, RowsModel, TextTable
from desktop.widgets.text import worded
from desktop.widgets.wording import number, percent

NUMBER_WIDTH, PADDING = 84, 26  # pixels


def cell_words(cell: Cell) -> str:
    """Return a cell as it is read: shares in per cent, what is undefined in words."""
    if cell is None:
        return _("Not known")
    if isinstance(cell, str):
        return cell
    return number(cell) if isinstance(cell, int) else percent(cell)


class ChartTableModel(RowsModel):
    """The rows of a chart's table."""

    def __init__(self) -> None:
        """Have no rows yet."""
        super().__init__()
        self._rows: tuple[tuple[Cell, ...], ...] = ()

    def set_table(self, table: Table) -> None:
        """Show another table."""
        self.beginResetModel()
        self.heads, self._rows = list(table.heads), table.rows
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self._rows)

    def is_number(self, section: int) -> bool:
        """Say whether a column holds numbers."""
        return any(isinstance(row[section], (int, float)) for row in self._rows)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if self.is_number(section) else LEFT) | V_CENTRE

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        cell = self._rows[index.row()][index.column()]
        roles = Qt.ItemDataRole
        if role in (roles.DisplayRole, roles.ToolTipRole, roles.AccessibleTextRole):
            return worded(cell_words(cell), role)
        if role == roles.TextAlignmentRole:
            return self.alignment(index.column())
        return None


class ChartTable(TextTable):
    """A chart as a table."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__(_("The chart as a table"))
        self.rows = ChartTableModel()
        self.setModel(self.rows)

    def set_table(self, table: Table) -> None:
        """Show another table."""
        self.rows.set_table(table)
        numbers = [i for i in range(len(table.heads)) if self.rows.is_number(i)]
        widths = {i: self._width_of(table.heads[i]) for i in numbers}
        self.set_columns(widths if len(numbers) < len(table.heads) else {})

    @staticmethod
    def _width_of(head: str) -> int:
        return max(NUMBER_WIDTH, round(text_width(head, "caption_strong")) + PADDING)
