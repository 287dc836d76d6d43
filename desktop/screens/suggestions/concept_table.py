"""The concepts with their bounds, and how many suggestions each has by what becomes of them."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt
from typing_extensions import override

from core.i18n import _
from core.learning.bounds import Bounds, Sorted
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.table import CHIPS_ROLE, ROOT, TONE_ROLE, Index, RowsModel, TextTable
from desktop.widgets.wording import number, percent

CONCEPT, ACCEPT_FROM, READ_FROM, ACCEPTED, TO_READ, LEFT_OVER = range(6)
WIDTHS = {ACCEPT_FROM: 104, READ_FROM: 96, ACCEPTED: 96, TO_READ: 88, LEFT_OVER: 88}
ROLES = Qt.ItemDataRole


class ConceptModel(RowsModel):
    """A row for each concept with a suggestion, those with the most first."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Have no concepts yet."""
        heads = [_("Concept"), _("Accept from"), _("Read from")]
        super().__init__([*heads, _("Accepted"), _("To read"), _("Left")], parent)
        self.names: list[str] = []
        self._numbers: Mapping[str, int] = {}
        self._counts: dict[str, Sequence[int]] = {}
        self._bounds = Bounds()

    def show(
        self, names: Sequence[str], numbers: Mapping[str, int], fates: Sorted, bounds: Bounds
    ) -> None:
        """Show how the concepts stand; the order stays while only numbers change."""
        counts = dict(zip(names, fates.counts.tolist(), strict=True))
        there = {name for name in names if sum(counts[name])}
        is_same = there == set(self.names)
        if not is_same:
            self.beginResetModel()
            self.names = sorted(there, key=lambda name: (-sum(counts[name]), name))
        self._numbers, self._counts, self._bounds = numbers, counts, bounds
        if is_same:
            last = self.index(len(self.names) - 1, LEFT_OVER)
            self.dataChanged.emit(self.index(0, 0), last)
        else:
            self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.names)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (LEFT if section == CONCEPT else RIGHT) | V_CENTRE

    @override
    def data(self, index: Index, role: int = ROLES.DisplayRole) -> object:
        name, column = self.names[index.row()], index.column()
        if role == ROLES.DisplayRole:
            return self._words(name, column)
        if role == CHIPS_ROLE and column == CONCEPT:
            return ((name, self._numbers.get(name, index.row())),)
        if role == ROLES.TextAlignmentRole:
            return self.alignment(column)
        if role == TONE_ROLE and column in (ACCEPT_FROM, READ_FROM):
            return "ink" if name in self._bounds.concepts else "ink_3"
        return None

    def _words(self, name: str, column: int) -> str:
        accept, review = self._bounds.of(name)
        left, to_read, accepted = self._counts[name]
        return {
            CONCEPT: name,
            ACCEPT_FROM: percent(accept, 0),
            READ_FROM: percent(review, 0),
            ACCEPTED: number(accepted),
            TO_READ: number(to_read),
            LEFT_OVER: number(left),
        }[column]


class ConceptTable(TextTable):
    """Shows a `ConceptModel`; the chosen row is the concept that the sliders are about."""

    def __init__(self) -> None:
        """Show no concepts yet."""
        super().__init__(_("Concepts with suggestions"))
        self.rows = ConceptModel(self)
        self.setModel(self.rows)
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.set_columns(WIDTHS)

    def chosen(self) -> str:
        """Return the name of the chosen concept; "" for none."""
        rows = self.selected_rows()
        return self.rows.names[rows[0]] if rows else ""

    def choose(self, name: str) -> None:
        """Mark the row of a concept; "" marks none."""
        if name == self.chosen():
            return
        if name in self.rows.names:
            self.selectRow(self.rows.names.index(name))
        else:
            self.clearSelection()
            self.setCurrentIndex(ROOT)
