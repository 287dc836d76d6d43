"""The findings of a kind as rows: any of 100,000 is a page of 64 away."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QObject,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem
from typing_extensions import override

from core.i18n import _
from core.operations.finding_kinds import KINDS, FindingKind
from core.records import Concept, Input
from core.storage.data_checks import CONCEPT_KINDS, DataCheck, FindingGroup, get_groups
from core.storage.database import Database
from core.storage.inputs import get_inputs
from desktop.screens.data_check.sentences import head_words, short_words
from desktop.theme.tokens import ROW, ROW_TWO_LINES
from desktop.widgets.painted import put_text
from desktop.widgets.table import CHIPS_ROLE, TONE_ROLE, Index, RowDelegate, RowsModel, TextTable

LINES_ROLE = Qt.ItemDataRole.UserRole + 10
"""The two lines of a row that shows two texts."""

PAGE, KEPT_PAGES = 64, 32
TEXT, CONCEPTS, NOTE = range(3)
WIDTHS = {CONCEPTS: 140, NOTE: 112}
PAIRS = ("near-duplicate", "contradiction", "leak", "exact-duplicate")


@dataclass(frozen=True)
class ShownGroup:
    """A finding with its texts, those of them that are still there."""

    group: FindingGroup
    inputs: tuple[Input, ...]
    concept: Concept | None = None

    @property
    def ids(self) -> tuple[int, ...]:
        """The inputs that are still there."""
        return tuple(item.id for item in self.inputs)


def _heads(kind: FindingKind) -> list[str]:
    is_concept = kind.key in CONCEPT_KINDS
    heads = [_("Concept") if is_concept else _("Text"), "" if is_concept else _("Concepts")]
    return heads + [head_words(kind)] * bool(head_words(kind))


class GroupTableModel(RowsModel):
    """Findings by their numbers, read a page at a time as they come into view."""

    def __init__(self, db: Database, parent: QObject | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent=parent)
        self._db = db
        self._pages: OrderedDict[int, dict[int, ShownGroup]] = OrderedDict()
        self._check: DataCheck | None = None
        self.kind: FindingKind = next(iter(KINDS.values()))
        self.numbers: Sequence[int] = ()
        self.concepts: Mapping[int, Concept] = {}

    def show(
        self,
        check: DataCheck,
        kind: FindingKind,
        numbers: Sequence[int],
        concepts: Mapping[int, Concept],
    ) -> None:
        """Show these findings, read anew."""
        self.beginResetModel()
        self._pages.clear()
        self._check, self.kind = check, kind
        self.numbers, self.concepts = numbers, concepts
        self.heads = _heads(kind)
        self.endResetModel()

    def clear(self) -> None:
        """Show nothing until the findings are known."""
        self.beginResetModel()
        self._pages.clear()
        self.numbers = ()
        self.endResetModel()

    def group_at(self, row: int) -> ShownGroup | None:
        """Return the finding of a row; None if the check is gone."""
        page = row // PAGE
        if page not in self._pages:
            self._pages[page] = self._read(self.numbers[page * PAGE : (page + 1) * PAGE])
            if len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(page)
        return self._pages[page].get(self.numbers[row])

    def _read(self, numbers: Sequence[int]) -> dict[int, ShownGroup]:
        if self._check is None:
            return {}
        groups = get_groups(self._db, self._check, self.kind.key, numbers)
        if self.kind.key in CONCEPT_KINDS:
            return {
                group.number: ShownGroup(group, (), self.concepts.get(group.input_ids[0]))
                for group in groups
            }
        ids = sorted({i for group in groups for i in group.input_ids})
        inputs = {item.id: item for item in get_inputs(self._db, ids)}
        return {
            group.number: ShownGroup(
                group, tuple(inputs[i] for i in group.input_ids if i in inputs)
            )
            for group in groups
        }

    @override
    def count(self) -> int:
        return len(self.numbers)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        shown = self.group_at(index.row())
        if shown is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words(shown, index.column())
            case _ if role == CHIPS_ROLE:
                return self._chips(shown, index.column())
            case _ if role == TONE_ROLE and index.column() == TEXT:
                return None if shown.inputs or shown.concept else "ink_3"
            case _ if role == LINES_ROLE and index.column() == TEXT and len(shown.inputs) > 1:
                return [item.text for item in shown.inputs[:2]]
        return None

    def _words(self, shown: ShownGroup, column: int) -> str:
        if column == NOTE:
            return short_words(self.kind, shown.group, self.concepts)
        if column == CONCEPTS:
            return _("No concept yet") if shown.inputs else ""
        if shown.concept:
            return shown.concept.name
        if not shown.inputs:
            return _("In the bin")
        return shown.inputs[0].text[:1000].strip() or _("(nothing but spaces)")

    def _chips(self, shown: ShownGroup, column: int) -> list[tuple[str, int]] | None:
        if column == TEXT and shown.concept:
            return [(shown.concept.name, shown.concept.colour)]
        if column != CONCEPTS:
            return None
        ids = dict.fromkeys(i for item in shown.inputs for i in item.positive)
        found = [self.concepts[i] for i in ids if i in self.concepts]
        return [(concept.name, concept.colour) for concept in found]


class _GroupDelegate(RowDelegate):
    """Draws two texts one below the other."""

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        lines = index.data(LINES_ROLE)
        if not lines:
            super().paint_cell(painter, area, index)
            return
        height = area.height() / 2
        for place, line in enumerate(lines):
            inset = 7 if place == 0 else -7
            part = QRectF(area.x(), area.y() + place * height, area.width(), height)
            tone = "ink" if place == 0 else "ink_2"
            put_text(painter, part.translated(0, inset / 2), line.strip(), "body", tone)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW)


class GroupTable(TextTable):
    """Shows the findings of a kind; the place survives what changes around it."""

    def __init__(self, model: GroupTableModel) -> None:
        """Show the model."""
        super().__init__(_("Findings"))
        self.groups = model
        self.setModel(model)
        self.setItemDelegate(_GroupDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def show_groups(
        self,
        check: DataCheck,
        kind: FindingKind,
        numbers: Sequence[int],
        concepts: Mapping[int, Concept],
    ) -> None:
        """Show these findings; the row that was chosen, or what took its place, is chosen again."""
        row = self.currentIndex().row() if kind is self.groups.kind else 0
        self.groups.show(check, kind, numbers, concepts)
        height = ROW_TWO_LINES if kind.key in PAIRS else ROW
        self.verticalHeader().setDefaultSectionSize(height)
        self.setColumnHidden(CONCEPTS, kind.key in CONCEPT_KINDS)
        n_columns = self.groups.columnCount()
        self.set_columns({place: width for place, width in WIDTHS.items() if place < n_columns})
        if numbers:
            self.choose(min(max(row, 0), len(numbers) - 1))

    def choose(self, row: int) -> None:
        """Choose a row alone."""
        index = self.groups.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        chosen = QItemSelection(index, index)
        self.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)
        self.setCurrentIndex(index)

    def chosen_numbers(self) -> tuple[int, ...]:
        """Return the numbers of the chosen findings, in order."""
        selection = self.selectionModel().selection()
        parts = (selection.at(i) for i in range(selection.size()))
        rows = {row for part in parts for row in range(part.top(), part.bottom() + 1)}
        return tuple(self.groups.numbers[row] for row in sorted(rows))

    def current_group(self) -> ShownGroup | None:
        """Return the finding under the keyboard."""
        row = self.currentIndex().row()
        return self.groups.group_at(row) if 0 <= row < len(self.groups.numbers) else None
