"""The list of inputs: any row of a million is a page of 64 away."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QObject,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem
from typing_extensions import override

from core.i18n import N_, _
from core.records import Concept, Input, Status
from core.storage.database import Database
from core.storage.filters import InputFilter, Selection, Sort, SortKey
from core.storage.inputs import get_inputs
from core.storage.search import hits_in
from desktop.screens.dataset.sorting import SortHeads
from desktop.screens.dataset.target_line import paint_two_lines, target_line
from desktop.theme.icons import pixmap
from desktop.theme.tokens import ROW, ROW_TWO_LINES
from desktop.widgets.hits import SEARCHED_CHARS, paint_hits
from desktop.widgets.table import (
    CHIPS_ROLE,
    ROOT,
    TONE_ROLE,
    Index,
    RowDelegate,
    RowsModel,
    TextTable,
)
from desktop.widgets.text import tip

PAGE = 64  # rows; a jump reads one or two of them
KEPT_PAGES = 64
TEXT, CONCEPTS, SPLIT, SIGNS = range(4)
WIDTHS = {CONCEPTS: 208, SPLIT: 84, SIGNS: 56}
SORT_KEYS: tuple[SortKey, ...] = ("text", "concepts", "split", "status")
SPLIT_NAMES = {"train": N_("Train"), "validation": N_("Validation"), "test": N_("Test")}
SIGN_ICONS = {Status.UNSURE: "circle-help", Status.SKIPPED: "circle-dashed"}
STATUS_NAMES = {Status.UNSURE: N_("Unsure"), Status.SKIPPED: N_("Skipped")}
NOTE_ICON, ICON_SIZE, ICON_STEP = "pencil-line", 15, 22
HITS_ROLE = Qt.ItemDataRole.UserRole + 10
ICONS_ROLE = Qt.ItemDataRole.UserRole + 11
TARGET_ROLE = Qt.ItemDataRole.UserRole + 12
SEARCHED_ROWS = 20_000  # ids that are looked for one by one to select them again
MANY = 500  # inputs, from which a change is a job


def split_name(split: str) -> str:
    """Return a split as it is shown; a dash where none was said."""
    return _(SPLIT_NAMES[split]) if split in SPLIT_NAMES else "–"


def standing_of(shown: Input) -> tuple[str, str]:
    """Return how an input without concepts stands, and the tone of these words."""
    if shown.is_labelled:
        return _("None of the concepts"), "ink_2"
    if shown.status:
        return _(STATUS_NAMES[shown.status]), "ink_2"
    if shown.target:
        return _("No concept"), "ink_3"
    return _("Not labelled yet"), "warn"


class InputTableModel(RowsModel):
    """Inputs by their ids, read from the app a page at a time as they come into view."""

    def __init__(self, db: Database, parent: QObject | None = None) -> None:
        """Show nothing yet."""
        super().__init__((_("Text"), _("Concepts"), _("Split"), ""), parent)
        self._db = db
        self._pages: OrderedDict[int, dict[int, Input]] = OrderedDict()
        self._hits: dict[int, list[tuple[int, int]]] = {}
        self.ids: Sequence[int] = range(0)
        self.concepts: Mapping[int, Concept] = {}
        self.searched, self.order = "", Sort()
        self.has_targets = False  # which are the second line of each row

    def show(self, ids: Sequence[int], concepts: Mapping[int, Concept]) -> None:
        """Show these inputs, read anew; rows that only follow leave the others where they are."""
        self.concepts = concepts
        n_before, n_now = len(self.ids), len(ids)
        if n_before and n_now >= n_before and ids[:n_before] == self.ids:
            if n_now > n_before:
                self.beginInsertRows(ROOT, n_before, n_now - 1)
                self.ids = ids
                self.endInsertRows()
            self.refresh()
        else:
            self.beginResetModel()
            self._pages.clear()
            self._hits.clear()
            self.ids = ids
            self.endResetModel()

    def refresh(self) -> None:
        """Read what is in view anew: labels changed, or what is searched."""
        self._pages.clear()
        self._hits.clear()
        if len(self.ids):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, SIGNS))

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
    def count(self) -> int:
        return len(self.ids)

    @override
    def head(self, section: int) -> str:
        is_sorted = self.order.key == SORT_KEYS[section]
        arrow = ("↓" if self.order.is_descending else "↑") if is_sorted else ""
        return f"{self.heads[section]} {arrow}".strip()

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in _ROLES:
            return None
        shown, column = self.input_at(index.row()), index.column()
        if shown is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(shown, column)
        if column == TEXT:
            return self._beside_text(shown, role)
        return self._standing(shown, role) if column == CONCEPTS else self._signs(shown, role)

    def _beside_text(self, shown: Input, role: int) -> object:
        if role == HITS_ROLE:
            return self._hits_in(shown) if self.searched else None
        if role == TARGET_ROLE:
            return target_line(shown, self.searched) if self.has_targets else None
        is_spoken = role == Qt.ItemDataRole.AccessibleTextRole and shown.target
        return f"{self._words(shown, TEXT)}\n{shown.target[:1000]}" if is_spoken else None

    def _signs(self, shown: Input, role: int) -> object:
        if role == ICONS_ROLE:
            return _icons_of(shown)
        return tip(self._words(shown, SIGNS)) if role == Qt.ItemDataRole.ToolTipRole else None

    def _standing(self, shown: Input, role: int) -> object:
        if role == CHIPS_ROLE:
            return [(concept.name, concept.colour) for concept in self.concepts_of(shown.positive)]
        return standing_of(shown)[1] if role == TONE_ROLE and not shown.positive else None

    def concepts_of(self, ids: Sequence[int]) -> list[Concept]:
        """Return the concepts of these ids; one that was deleted since is left out."""
        return [self.concepts[i] for i in ids if i in self.concepts]

    def _hits_in(self, shown: Input) -> list[tuple[int, int]]:
        if shown.id not in self._hits:
            self._hits[shown.id] = hits_in(shown.text[:SEARCHED_CHARS], self.searched)
        return self._hits[shown.id]

    def _words(self, shown: Input, column: int) -> str:
        if column == TEXT:
            return shown.text[: SEARCHED_CHARS if self.searched else 1000]  # a line shows no more
        if column == CONCEPTS:
            names = (concept.name for concept in self.concepts_of(shown.positive))
            return ", ".join(names) or standing_of(shown)[0]
        if column == SPLIT:
            return split_name(shown.split)
        said = [_(STATUS_NAMES[shown.status])] if shown.status else []
        said += [_("Note: {note}").format(note=shown.note)] if shown.note else []
        return "\n".join(said)


_ROLES = frozenset(
    {
        *(Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole),
        *(CHIPS_ROLE, TONE_ROLE, HITS_ROLE, ICONS_ROLE, TARGET_ROLE),
        Qt.ItemDataRole.AccessibleTextRole,
    }
)


def _icons_of(shown: Input) -> list[str]:
    status = [SIGN_ICONS[shown.status]] if shown.status else []
    return status + [NOTE_ICON] * bool(shown.note)


class InputDelegate(RowDelegate):
    """Marks search hits, draws quiet signs, and shows every row as selected where all are."""

    is_all = False

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if self.is_all:
            option.state |= QStyle.StateFlag.State_Selected
        super().paint(painter, option, index)

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        if index.column() == SIGNS:
            for n, name in enumerate(index.data(ICONS_ROLE) or ()):
                top = round(area.center().y() - ICON_SIZE / 2)
                picture = pixmap(name, "ink_3", ICON_SIZE)
                painter.drawPixmap(round(area.x()) + n * ICON_STEP, top, picture)
        elif (below := index.data(TARGET_ROLE)) is not None:
            words = index.data(Qt.ItemDataRole.DisplayRole) or ""
            paint_two_lines(painter, area, words, index.data(HITS_ROLE) or (), below)
        elif hits := index.data(HITS_ROLE):
            paint_hits(painter, area, index.data(Qt.ItemDataRole.DisplayRole) or "", hits)
        else:
            super().paint_cell(painter, area, index)


class InputTable(TextTable):
    """Shows the inputs; the selection survives what changes around it.

    That all of them are selected is a state of its own: Qt would take seconds over a million.
    """

    chosen_changed = Signal()
    sort_chosen = Signal(object)  # Sort

    def __init__(self, model: InputTableModel) -> None:
        """Show the model."""
        super().__init__(_("Texts"))
        self.inputs = model
        self._delegate = InputDelegate(self)
        self.setItemDelegate(self._delegate)
        heads = SortHeads(SORT_KEYS, self)
        heads.sort_chosen.connect(self.sort_chosen)
        self.heads = heads
        self.setHorizontalHeader(heads)
        self.setModel(model)
        self.set_columns(WIDTHS)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.selectionModel().selectionChanged.connect(self._leave_all)

    @property
    def is_all(self) -> bool:
        """Whether all that match are selected."""
        return self._delegate.is_all

    @property
    def n_selected(self) -> int:
        """How many inputs are selected."""
        if self.is_all:
            return len(self.inputs.ids)
        ranges = self.selectionModel().selection()
        return sum(ranges.at(i).height() for i in range(ranges.size()))

    def show_sort(self, sort: Sort) -> None:
        """Have an arrow at the head of the column that sorts."""
        self.heads.order = self.inputs.order = sort
        self.inputs.headerDataChanged.emit(Qt.Orientation.Horizontal, TEXT, SIGNS)

    def show_targets(self, *, has_targets: bool, has_concepts: bool) -> None:
        """Give each row a second line for its target; without concepts their column is hidden."""
        if has_targets != self.inputs.has_targets:
            self.inputs.has_targets = has_targets
            self.verticalHeader().setDefaultSectionSize(ROW_TWO_LINES if has_targets else ROW)
            self.viewport().update()
        self.setColumnHidden(CONCEPTS, has_targets and not has_concepts)

    def go_to_top(self) -> None:
        """Begin at the first row again, with nothing selected."""
        self.clearSelection()
        self.scrollToTop()
        self.setCurrentIndex(ROOT)

    def show_inputs(self, ids: Sequence[int], concepts: Mapping[int, Concept]) -> None:
        """Show these inputs, with those selected that were, or the one that took the place."""
        row, is_all = self.currentIndex().row(), self.is_all
        before = self.selected_ids() if self.n_selected <= 1 or len(ids) <= SEARCHED_ROWS else []
        self.inputs.show(ids, concepts)
        if is_all:
            self._set_all(is_all=len(ids) > 0)
        if not len(ids) or is_all or self.selectionModel().hasSelection():
            return
        if len(before) > 1 and self._select_again(before):
            return
        if len(before) == 1 and (place := self._place_of(before[0])) >= 0:
            row = place
        self.selectRow(min(max(row, 0), len(ids) - 1))

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected inputs, in order."""
        ids, selection = self.inputs.ids, self.selectionModel().selection()
        if self.is_all:
            return list(ids)
        parts = (selection.at(i) for i in range(selection.size()))
        rows = {row for part in parts for row in range(part.top(), part.bottom() + 1)}
        return [ids[row] for row in sorted(rows) if row < len(ids)]

    def selected_input(self) -> Input | None:
        """Return the selected input where it is only one."""
        if self.n_selected != 1:
            return None
        ranges = self.selectionModel().selection()
        row = ranges.at(0).top() if ranges.size() else 0
        return self.inputs.input_at(row) if row < len(self.inputs.ids) else None

    def selected(self, wanted: InputFilter) -> Selection:
        """Return what is selected, as operations take it; `wanted` is what is listed."""
        is_whole = self.is_all or MANY < self.n_selected == len(self.inputs.ids)
        return wanted if is_whole else tuple(self.selected_ids())

    @override
    def selectRow(self, row: int) -> None:
        """Select only this row, even while Ctrl is held, as in Ctrl+Z."""
        flags = QItemSelectionModel.SelectionFlag
        chosen = self.inputs.index(row, 0)
        if chosen.isValid():
            self.selectionModel().setCurrentIndex(chosen, flags.ClearAndSelect | flags.Rows)

    @override
    def selectAll(self) -> None:
        """Select all that match, however many."""
        if not self.inputs.rowCount():
            return
        current = self.currentIndex()
        self.clearSelection()
        self._set_all(is_all=True)
        if not current.isValid():
            keep = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self.inputs.index(0, 0), keep)

    def leave_all(self) -> None:
        """Select only one of all that were selected."""
        if self.is_all:
            self.leave_several()

    def leave_several(self) -> None:
        """Select only one of those that are selected."""
        if self.n_selected > 1:
            self.selectRow(max(0, self.currentIndex().row()))

    @override
    def keyboardSearch(self, search: str) -> None:
        """Do nothing: Qt would read a million texts for one that begins so."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.n_selected > 1:
            self.leave_several()
        else:
            super().keyPressEvent(event)

    def _place_of(self, input_id: int) -> int:
        """Return the row of an input, -1 for none; oldest first, without looking at all."""
        ids = self.inputs.ids
        if self.inputs.order == Sort():
            place = bisect_left(ids, input_id)
            return place if place < len(ids) and ids[place] == input_id else -1
        return ids.index(input_id) if input_id in ids else -1

    def _select_again(self, ids: Sequence[int]) -> bool:
        wanted, selection = set(ids), QItemSelection()
        rows = [row for row, input_id in enumerate(self.inputs.ids) if input_id in wanted]
        for row in rows:
            selection.select(self.inputs.index(row, 0), self.inputs.index(row, SIGNS))
        if rows:
            flags = QItemSelectionModel.SelectionFlag
            model = self.selectionModel()
            model.setCurrentIndex(self.inputs.index(rows[0], 0), flags.NoUpdate)
            model.select(selection, flags.ClearAndSelect)
        return bool(rows)

    def _leave_all(self, chosen: QItemSelection) -> None:
        if chosen.size():
            self._delegate.is_all = False
            self.viewport().update()
        self.chosen_changed.emit()

    def _set_all(self, *, is_all: bool) -> None:
        self._delegate.is_all = is_all
        self.viewport().update()
        self.chosen_changed.emit()
