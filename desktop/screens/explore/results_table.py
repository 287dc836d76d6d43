"""What was found: each text with its concepts, and how alike and how sure it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView
from typing_extensions import override

from core.i18n import _
from core.records import Concept, Input
from core.storage.search import hits_in
from core.wording import decimal
from desktop.widgets.hits import SEARCHED_CHARS, paint_hits
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.painted import put_text
from desktop.widgets.table import CHIPS_ROLE, TONE_ROLE, Index, RowDelegate, RowsModel, TextTable
from desktop.widgets.wording import percent

TEXT, CONCEPTS, ALIKE, MODEL = range(4)
WIDTHS = {CONCEPTS: 200, ALIKE: 72, MODEL: 72}
HITS_ROLE = Qt.ItemDataRole.UserRole + 10


@dataclass(frozen=True)
class Row:
    """A text that was found."""

    shown: Input
    score: float | None = None
    probability: float | None = None


class ResultsModel(RowsModel):
    """The texts that were found, best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Have found nothing."""
        super().__init__((_("Text"), _("Concepts"), _("Alike"), _("Model")), parent)
        self.rows: list[Row] = []
        self.concepts: Mapping[int, Concept] = {}
        self.searched = ""

    def show(self, rows: Sequence[Row], concepts: Mapping[int, Concept], searched: str) -> None:
        """Show other texts."""
        self.beginResetModel()
        self.rows, self.concepts, self.searched = list(rows), concepts, searched
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.rows)

    @override
    def alignment(self, _section: int) -> Qt.AlignmentFlag:
        return (RIGHT if _section in (ALIKE, MODEL) else LEFT) | V_CENTRE

    @override
    def hint(self, _section: int) -> str:
        return {
            ALIKE: _("How alike in meaning: 1 is the same, 0 is unlike"),
            MODEL: _("How sure the model is of the concept that was asked for"),
        }.get(_section, "")

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self.rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self.alignment(column)
            case _ if role == HITS_ROLE and column == TEXT and self.searched:
                return hits_in(row.shown.text[:SEARCHED_CHARS], self.searched)
            case _ if role == CHIPS_ROLE and column == CONCEPTS:
                return [(one.name, one.colour) for one in self._concepts_of(row)]
            case _ if role == TONE_ROLE and column == CONCEPTS and not row.shown.positive:
                return "ink_3"
        return None

    def _words(self, row: Row, column: int) -> str:
        if column == TEXT:
            return row.shown.text[:SEARCHED_CHARS]
        if column == CONCEPTS:
            names = ", ".join(one.name for one in self._concepts_of(row))
            return names or (_("None") if row.shown.is_labelled else _("Not labelled yet"))
        if column == ALIKE:
            return "" if row.score is None else decimal(row.score, 2)
        return "" if row.probability is None else percent(row.probability, 0)

    def _concepts_of(self, row: Row) -> list[Concept]:
        return [self.concepts[key] for key in row.shown.positive if key in self.concepts]


class _ResultDelegate(RowDelegate):
    """Marks the words that were searched for."""

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        if index.column() != TEXT:
            super().paint_cell(painter, area, index)
        elif hits := index.data(HITS_ROLE):
            paint_hits(painter, area, index.data() or "", hits)
        else:
            put_text(painter, area, index.data() or "")


class ResultsTable(TextTable):
    """Shows what was found; several can be selected."""

    def __init__(self, name: str) -> None:
        """Be empty."""
        super().__init__(name)
        self.results = ResultsModel(self)
        self.setItemDelegate(_ResultDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setModel(self.results)
        self.set_columns(WIDTHS)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    @override
    def selectAll(self) -> None:
        """Select all that were found: never many."""
        for row in range(self.results.count()):
            flags = self.selectionModel().SelectionFlag
            self.selectionModel().select(self.results.index(row, 0), flags.Select | flags.Rows)

    def show_rows(
        self, rows: Sequence[Row], concepts: Mapping[int, Concept], searched: str = ""
    ) -> None:
        """Show other texts; those that were selected stay selected."""
        before = {row.shown.id for row in self.selected()}
        place = self.currentIndex().row()
        self.results.show(rows, concepts, searched)
        self.setColumnHidden(ALIKE, all(row.score is None for row in rows))
        self.setColumnHidden(MODEL, all(row.probability is None for row in rows))
        again = [i for i, row in enumerate(rows) if row.shown.id in before]
        if rows:
            flags = self.selectionModel().SelectionFlag
            first = again[0] if again else min(max(place, 0), len(rows) - 1)
            self.setCurrentIndex(self.results.index(first, 0))
            for i in again:
                self.selectionModel().select(self.results.index(i, 0), flags.Select | flags.Rows)

    def selected(self) -> list[Row]:
        """Return the texts that are selected, in order."""
        return [self.results.rows[i] for i in self.selected_rows() if i < self.results.count()]
