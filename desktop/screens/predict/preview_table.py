"""The first rows of a file as they will be read, the text before everything else."""

from PySide6.QtCore import QObject, Qt
from typing_extensions import override

from core.files import Preview
from core.i18n import _
from desktop.theme.tokens import ROW
from desktop.widgets.table import TONE_ROLE, TYPE_ROLE, Index, RowsModel, TextTable

MOST_COLUMNS, MOST_ROWS, HEAD_HEIGHT = 5, 6, 36
OTHER_WIDTH = 150


class PreviewModel(RowsModel):
    """The text's column first, then the others as far as there is room."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty."""
        super().__init__(parent=parent)
        self._rows: list[list[str]] = []

    def set_preview(self, seen: Preview) -> None:
        """Show another file, or the same one with another column as the text."""
        self.beginResetModel()
        text = seen.columns.index(seen.mapping.text) if seen.mapping.text in seen.columns else 0
        others = [i for i in range(len(seen.columns)) if i != text]
        places = [text, *others][:MOST_COLUMNS]
        self.heads = [seen.columns[i] for i in places]
        self._rows = [[cells[i] for i in places] for cells in seen.rows]
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self._rows)

    @override
    def head(self, section: int) -> str:
        name = self.heads[section]
        return _("{column} (the text)").format(column=name) if section == 0 else name

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        value = self._rows[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole if not value and index.column() == 0:
                return _("No text")
            case Qt.ItemDataRole.DisplayRole:
                return value
            case _ if role == TYPE_ROLE:
                return "small"
            case _ if role == TONE_ROLE and index.column() == 0:
                return "ink" if value else "warn"
        return None


class PreviewTable(TextTable):
    """Shows the beginning of a file; it scrolls where there are more rows than fit."""

    def __init__(self) -> None:
        """Be empty."""
        super().__init__(_("First rows of the file"))
        self.rows = PreviewModel(self)
        self.setModel(self.rows)
        self.setSelectionMode(self.SelectionMode.NoSelection)

    def set_preview(self, seen: Preview) -> None:
        """Show another file."""
        self.rows.set_preview(seen)
        self.set_columns(dict.fromkeys(range(1, self.rows.columnCount()), OTHER_WIDTH))
        self.setFixedHeight(HEAD_HEIGHT + ROW * min(max(self.rows.rowCount(), 1), MOST_ROWS))
