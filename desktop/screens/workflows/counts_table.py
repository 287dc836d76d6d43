"""How many texts came through each node, and with which concepts."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.i18n import _
from core.operations.run_workflow import NodeCount
from desktop.theme.tokens import ROW
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.table import Index, RowsModel, TextTable
from desktop.widgets.text import worded
from desktop.widgets.wording import number

ID, N_TEXTS, CONCEPTS = range(3)
SHOWN = 6


class CountsModel(RowsModel):
    """A row for each node."""

    def __init__(self, counts: Sequence[NodeCount], parent: QWidget | None = None) -> None:
        """Show counts."""
        super().__init__((_("Step"), _("Texts"), _("Texts with each concept")), parent)
        self._counts = counts

    @override
    def count(self) -> int:
        return len(self._counts)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if section == N_TEXTS else LEFT) | V_CENTRE

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(index.column())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        counts = self._counts[index.row()]
        if index.column() == ID:
            return worded(counts.id, role)
        if index.column() == N_TEXTS:
            return number(counts.n_texts)
        shown = [f"{concept} {number(n)}" for concept, n in counts.concepts[:SHOWN]]
        rest = len(counts.concepts) - SHOWN
        more = _(" and {n} more").format(n=number(rest)) if rest > 0 else ""
        return worded(", ".join(shown) + more, role)


def counts_table(counts: Sequence[NodeCount]) -> TextTable:
    """Return a table as high as its rows."""
    table = TextTable(_("What came through each step"))
    table.setModel(CountsModel(counts, table))
    table.set_columns({ID: 200, N_TEXTS: 90})
    table.setFixedHeight(ROW * (len(counts) + 1) + 4)
    return table
