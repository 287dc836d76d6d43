"""The concepts of an evaluation, sorted by any column; counts lead to their texts."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QResizeEvent
from typing_extensions import override

from core.i18n import _
from core.learning.marks import Outcome
from desktop.screens.evaluate.concept_columns import (
    COLUMNS,
    NAME,
    OUTCOMES,
    Column,
    Record,
    aloud,
    below,
    cell,
    ordered,
    why_unknown,
)
from desktop.theme.tokens import RADIUS_SMALL
from desktop.widgets.concept_scores import paint_concept, paint_f1
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.painted import paint_ring, put
from desktop.widgets.sort_heads import SortedModel, put_heads
from desktop.widgets.table import Index, RowDelegate, TextTable, fitting
from desktop.widgets.text import tip
from desktop.widgets.wording import sentence

LEAST_NAME = 140  # pixels
SCROLL_BAR = 12
ROLES = Qt.ItemDataRole


class ConceptTableModel(SortedModel):
    """The records of the concepts in the order in which they are shown.

    Attributes:
        columns: what is shown of them.
        records: as a report has them.
        numbers: of the concepts' marks, by name.
        leads_on: whether counts lead to their texts.
    """

    def __init__(
        self, columns: Sequence[Column], sorted_by: str, parent: QObject | None = None
    ) -> None:
        """Be empty; sort by the column of this key."""
        super().__init__([_(column.head) for column in columns], parent)
        self.columns = columns
        self.records: list[Record] = []
        self.numbers: Mapping[str, int] = {}
        self.leads_on = True
        self.sorted_by = [column.key for column in columns].index(sorted_by)
        self.is_descending = self.falls(self.sorted_by)

    def set_records(self, records: Sequence[Record], numbers: Mapping[str, int]) -> None:
        """Hold the concepts of another report."""
        self.beginResetModel()
        self.records, self.numbers = self._ordered(records), numbers
        self.endResetModel()

    def follow(self, records: Sequence[Record], *, is_at_rest: bool) -> None:
        """Show other values of the same concepts; rows change their places only at rest."""
        by_name = {record["name"]: record for record in records}
        self.records = [by_name[record["name"]] for record in self.records]
        if is_at_rest:
            self._reorder()
        if self.records:
            self.dataChanged.emit(
                self.index(0, 0), self.index(self.count() - 1, len(self.columns) - 1)
            )

    def place_of(self, name: str) -> int:
        """Return the row of a concept; -1 where it is not here."""
        return next((i for i, r in enumerate(self.records) if r["name"] == name), -1)

    @override
    def falls(self, column: int) -> bool:
        """Tell whether one looks for the highest first: many are, low scores are."""
        return self.columns[column].kind in {"count", "outcome", "threshold"}

    @override
    def arrange(self) -> None:
        self._reorder()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def _ordered(self, records: Sequence[Record]) -> list[Record]:
        column = self.columns[self.sorted_by]
        return ordered(list(records), column, is_descending=self.is_descending)

    def _reorder(self) -> None:
        """Move the rows, and what is chosen with them."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        names = [self.records[index.row()]["name"] for index in before]
        self.records = self._ordered(self.records)
        after = [
            self.index(self.place_of(name), index.column())
            for name, index in zip(names, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return _alignment(section)

    @override
    def hint(self, section: int) -> str:
        words = self.columns[section].hint
        return _(words) if words else ""

    @override
    def count(self) -> int:
        return len(self.records)

    @override
    def data(self, index: Index, role: int = ROLES.DisplayRole) -> object:
        record, column = self.records[index.row()], self.columns[index.column()]
        match role:
            case ROLES.DisplayRole:
                return cell(record, column)
            case ROLES.TextAlignmentRole:
                return _alignment(index.column())
            case ROLES.AccessibleTextRole:
                return aloud(record, column)
            case ROLES.ToolTipRole:
                words = record["name"] if column.kind == "name" else why_unknown(record, column)
                return tip(sentence(words)) if words else None
        return None

    def outcome(self, index: Index) -> Outcome | None:
        """Return what a cell leads to: the texts that it counts."""
        column = self.columns[index.column()] if index.isValid() else self.columns[NAME]
        if not self.leads_on or column.kind != "outcome":
            return None
        record = self.records[index.row()]
        return Outcome(record["name"], OUTCOMES[column.key]) if record[column.key] else None


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (LEFT if column == NAME else RIGHT) | V_CENTRE


class _Delegate(RowDelegate):
    """Draws the mark before the name, the bar before F1, and a ring around a count to open.

    It asks the model once for a cell and not for each role of it: a slider has all cells of the
    page drawn anew many times a second.
    """

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        model, view = index.model(), self.parent()
        if not isinstance(model, ConceptTableModel) or not isinstance(view, ConceptTable):
            return
        record, column = model.records[index.row()], model.columns[index.column()]
        leads = model.outcome(index) is not None
        if column.kind == "name":
            number = model.numbers.get(record["name"], 0)
            paint_concept(painter, area, record["name"], number, below(record))
        elif column.key == "f1" and record["f1"] is not None:
            paint_f1(painter, area, record["f1"])
        else:
            tone = "accent_text" if leads else "ink_2"
            put(painter, area, cell(record, column), "small", tone, RIGHT)
        if leads and view.hasFocus() and index == view.currentIndex():
            paint_ring(painter, area.adjusted(-4, 5, 4, -5), radius=RADIUS_SMALL)


class ConceptTable(TextTable):
    """Chooses a concept; a count is opened by a click or by Enter.

    The arrow keys left and right go from column to column, the heads are one stop of Tab before.
    """

    concept_chosen = Signal(str)
    outcome_chosen = Signal(object)  # Outcome
    concept_opened = Signal()  # by Enter or a double click on what leads to no texts itself

    def __init__(
        self, columns: Sequence[Column] = COLUMNS, sorted_by: str = "f1", *, name: str = ""
    ) -> None:
        """Be empty.

        Args:
            columns: what is shown of each concept; its name first.
            sorted_by: the key of a column, to begin with.
            name: what the rows are, for screen readers.
        """
        super().__init__(name or _("Scores by concept"))
        self.rows = ConceptTableModel(columns, sorted_by, self)
        heads = put_heads(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self))
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.set_columns({i: column.width for i, column in enumerate(columns) if column.width})
        heads.sectionClicked.connect(self.rows.press)
        self.selectionModel().currentRowChanged.connect(self._tell)
        self.clicked.connect(self._open)
        self.row_opened.connect(lambda _row: self._open_current())

    @property
    def concept(self) -> str:
        """The chosen concept; "" for none."""
        place = self.currentIndex().row()
        return str(self.rows.records[place]["name"]) if place >= 0 else ""

    def set_records(self, records: Sequence[Record], numbers: Mapping[str, int]) -> None:
        """Show other concepts; the choice stays, or is the first one."""
        chosen = self.concept
        self.rows.set_records(records, numbers)
        if self.rows.count():
            self.setCurrentIndex(self.rows.index(max(self.rows.place_of(chosen), 0), NAME))

    def _tell(self, current: Index) -> None:
        if current.isValid():
            self.concept_chosen.emit(self.concept)

    def _open(self, index: Index) -> None:
        if outcome := self.rows.outcome(index):
            self.outcome_chosen.emit(outcome)

    def _open_current(self) -> None:
        if self.rows.outcome(self.currentIndex()):
            self._open(self.currentIndex())
        else:
            self.concept_opened.emit()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        leads = self.rows.outcome(self.indexAt(QPointF(event.position()).toPoint()))
        shapes = Qt.CursorShape
        self.viewport().setCursor(shapes.PointingHandCursor if leads else shapes.ArrowCursor)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        columns = self.rows.columns
        shown = fitting(columns, self.width() - SCROLL_BAR - LEAST_NAME)
        for column in range(len(columns)):
            self.setColumnHidden(column, column not in shown)
        super().resizeEvent(event)
