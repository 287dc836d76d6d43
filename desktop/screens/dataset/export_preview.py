"""The first rows of a file as it would be written."""

from PySide6.QtCore import QObject, Qt
from typing_extensions import override

from core.i18n import _, ngettext
from core.operations.export_inputs import ExportPreview
from desktop.widgets.table import TYPE_ROLE, Index, RowsModel, TextTable
from desktop.widgets.text import tip
from desktop.widgets.wording import number

SHOWN_COLUMNS = 9
ROW_HEIGHT, HEAD_HEIGHT = 40, 38
SHORT_CHARS, SHORT_WIDTH = 9, 88


class ExportTableModel(RowsModel):
    """Cells as they will stand in the file."""

    def __init__(self, shown: ExportPreview, parent: QObject | None = None) -> None:
        """Show the first columns of the first rows."""
        super().__init__(shown.header[:SHOWN_COLUMNS], parent)
        self._rows = shown.rows

    @override
    def count(self) -> int:
        return len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == TYPE_ROLE:
            return "small"
        cell = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(cell[:500].split())
        return tip(cell) if role == Qt.ItemDataRole.ToolTipRole else None


def preview_table(shown: ExportPreview) -> TextTable:
    """Return the first rows as a table that is as high as they are."""
    table = TextTable(_("The first rows of the file"))
    table.setModel(ExportTableModel(shown, table))
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    header, rows = shown.header[:SHOWN_COLUMNS], shown.rows
    longest = [max(len(cells[i]) for cells in (header, *rows)) for i in range(len(header))]
    short = {i: SHORT_WIDTH for i, n_chars in enumerate(longest) if n_chars <= SHORT_CHARS}
    table.set_columns(short if len(short) < len(header) else {})
    table.setFixedHeight(HEAD_HEIGHT + ROW_HEIGHT * len(shown.rows))
    return table


def hidden_words(shown: ExportPreview) -> str:
    """Return how many columns there are besides; "" if all are shown."""
    n = len(shown.header) - SHOWN_COLUMNS
    if n <= 0:
        return ""
    return ngettext("and {n} more column", "and {n} more columns", n).format(n=number(n))
