"""The list of inputs: any row of a million is a page of 128 away."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from core.i18n import N_, _
from core.records import Concept, Input
from core.storage.database import Database
from core.storage.inputs import get_inputs
from desktop.widgets.table import CHIPS_ROLE, TONE_ROLE, TextTable

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()

PAGE = 128  # rows
KEPT_PAGES = 64
TEXT, CONCEPTS, SPLIT, SOURCE = range(4)
WIDTHS = {CONCEPTS: 208, SPLIT: 80, SOURCE: 116}
SPLIT_NAMES = {"train": N_("Train"), "validation": N_("Validation"), "test": N_("Test")}


def split_name(split: str) -> str:
    """Return a split as it is shown; a dash where none was said."""
    return _(SPLIT_NAMES[split]) if split in SPLIT_NAMES else "–"


class InputTableModel(QAbstractTableModel):
    """Inputs by their ids, read from the app a page at a time as they come into view."""

    def __init__(self, db: Database, parent: QObject | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._db = db
        self._pages: OrderedDict[int, dict[int, Input]] = OrderedDict()
        self._heads = (_("Text"), _("Concepts"), _("Split"), _("Source"))
        self.ids: Sequence[int] = range(0)
        self.concepts: Mapping[int, Concept] = {}

    def show(self, ids: Sequence[int], concepts: Mapping[int, Concept]) -> None:
        """Show these inputs, read anew; rows that only follow leave the others where they are."""
        self._pages.clear()
        self.concepts = concepts
        n_before, n_now = len(self.ids), len(ids)
        if n_before and ids[:n_before] == self.ids:
            if n_now > n_before:
                self.beginInsertRows(ROOT, n_before, n_now - 1)
                self.ids = ids
                self.endInsertRows()
            self.dataChanged.emit(self.index(0, 0), self.index(n_before - 1, SOURCE))
        else:
            self.beginResetModel()
            self.ids = ids
            self.endResetModel()

    def input_at(self, row: int) -> Input | None:
        """Return the input of a row; None if it was deleted since."""
        number = row // PAGE
        if number not in self._pages:
            start = number * PAGE
            found = get_inputs(self._db, self.ids[start : start + PAGE])
            self._pages[number] = {item.id: item for item in found}
            if len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return self._pages[number].get(self.ids[row])

    @override
    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.ids)

    @override
    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._heads)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in {Qt.ItemDataRole.DisplayRole, CHIPS_ROLE, TONE_ROLE}:
            return None
        shown = self.input_at(index.row())
        if shown is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(shown, index.column())
        if index.column() != CONCEPTS:
            return None
        if role == TONE_ROLE:
            return None if shown.positive else "warn"
        return [(concept.name, concept.colour) for concept in self.concepts_of(shown.positive)]

    def concepts_of(self, ids: Sequence[int]) -> list[Concept]:
        """Return the concepts of these ids; one that was deleted since is left out."""
        return [self.concepts[i] for i in ids if i in self.concepts]

    def _words(self, shown: Input, column: int) -> str:
        match column:
            case 0:
                return shown.text[:1000]  # a line never shows more
            case 1:
                names = (concept.name for concept in self.concepts_of(shown.positive))
                return ", ".join(names) or _("No concept yet")
            case 2:
                return split_name(shown.split)
            case _:
                return shown.source


class InputTable(TextTable):
    """Shows the inputs; the selection survives what changes around it."""

    def __init__(self, model: InputTableModel) -> None:
        """Show the model."""
        super().__init__(_("Texts"))
        self.inputs = model
        self.setModel(model)
        self.set_columns(WIDTHS)

    def show_inputs(self, ids: Sequence[int], concepts: Mapping[int, Concept]) -> None:
        """Show these inputs, with the row selected that was, or the one that took its place."""
        row, selected = self.currentIndex().row(), self.selected_ids()
        chosen = selected[0] if len(selected) == 1 else 0
        self.inputs.show(ids, concepts)
        if not len(ids) or self.selectionModel().hasSelection():
            return
        if chosen in ids:
            row = ids.index(chosen)
        self.selectRow(min(max(row, 0), len(ids) - 1))

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected inputs, in order."""
        ids, selection = self.inputs.ids, self.selectionModel().selection()
        parts = (selection.at(i) for i in range(selection.size()))
        rows = {row for part in parts for row in range(part.top(), part.bottom() + 1)}
        return [ids[row] for row in sorted(rows) if row < len(ids)]
