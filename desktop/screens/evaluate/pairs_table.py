"""The pairs of concepts that are mixed up most."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from typing_extensions import override

from core.i18n import N_, _
from desktop.theme.tokens import ROW
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.painted import put_text
from desktop.widgets.table import Index, RowDelegate, RowsModel, TextTable
from desktop.widgets.text import tip
from desktop.widgets.wording import number

HEADS = (N_("People said"), N_("The model said"), N_("Texts"))
TEXTS, TEXTS_WIDTH = 2, 58
MOST_ROWS, HEAD_HEIGHT = 12, 36

Pair = tuple[str, str, int]  # people said, the model said, texts


class PairsModel(RowsModel):
    """The pairs, the most frequent first."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty."""
        super().__init__([_(head) for head in HEADS], parent)
        self.pairs: list[Pair] = []

    def set_pairs(self, pairs: Sequence[Pair]) -> None:
        """Hold other pairs."""
        self.beginResetModel()
        self.pairs = list(pairs)
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.pairs)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if section == TEXTS else LEFT) | V_CENTRE

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        value = self.pairs[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return number(value) if isinstance(value, int) else value
            case Qt.ItemDataRole.ToolTipRole if isinstance(value, str):
                return tip(value)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self.alignment(index.column())
        return None


class _PairDelegate(RowDelegate):
    """Draws names shortened in the middle: they differ at the end."""

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        if index.column() == TEXTS:
            super().paint_cell(painter, area, index)
            return
        middle = Qt.TextElideMode.ElideMiddle
        put_text(painter, area, str(index.data()), "small", "ink", middle)


class PairsTable(TextTable):
    """Chooses a pair by a click or Enter."""

    pair_chosen = Signal(str, str)  # people said, the model said

    def __init__(self) -> None:
        """Be empty."""
        super().__init__(_("Concepts that are mixed up most"))
        self.rows = PairsModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_PairDelegate(self))
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.set_columns({TEXTS: TEXTS_WIDTH})
        self.clicked.connect(lambda index: self._tell(index.row()))
        self.row_opened.connect(self._tell)

    def set_pairs(self, pairs: Sequence[Pair]) -> None:
        """Show other pairs, the most frequent first."""
        self.rows.set_pairs(pairs)
        self.setFixedHeight(HEAD_HEIGHT + ROW * min(max(len(pairs), 1), MOST_ROWS))

    def _tell(self, place: int) -> None:
        said, answered, _n = self.rows.pairs[place]
        self.pair_chosen.emit(said, answered)
