"""All evaluations of all versions, those on the same texts together."""

from collections.abc import Hashable, Sequence, Set

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from typing_extensions import override

from core.charts.scene import Table
from core.i18n import _
from core.operations.leaderboard import LeaderboardRow
from desktop.screens.evaluate.leaderboard_rows import (
    COLUMNS,
    F1,
    RIGHT_ANSWERS,
    Group,
    cell,
    everything,
    grouped,
    table_of,
)
from desktop.screens.evaluate.tick_table import TICK, TickDelegate, TickModel, TickTable
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.painted import put_text
from desktop.widgets.sort_heads import put_heads
from desktop.widgets.table import TONE_ROLE, TYPE_ROLE, Index, fitting
from desktop.widgets.text import tip

LEAST_NAME, SCROLL_BAR = 150, 12  # pixels
RIGHTS = {"score", "count", "rank"}
ROLES = Qt.ItemDataRole
Line = tuple[LeaderboardRow, int | None]  # with its rank


class LeaderboardModel(TickModel):
    """Groups of evaluations, each under a line that says on which texts they were made.

    Attributes:
        groups: as they are shown. by_concept: whether the scores are those of one concept.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty; the best will stand first."""
        super().__init__([_(column.head) for column in COLUMNS[1:]], parent)
        self.groups: tuple[Group, ...] = ()
        self.by_concept = False
        self.sorted_by = F1
        self._found: Sequence[LeaderboardRow] = ()
        self._own: Set[int] = frozenset()
        self._lines: list[Group | Line] = []

    def set_rows(self, rows: Sequence[LeaderboardRow], own: Set[int], *, by_concept: bool) -> None:
        """Show other evaluations, in the order as it is; `own` are those that trainings made."""
        self._found, self._own, self.by_concept = rows, own, by_concept
        self.arrange()

    def place_of(self, evaluation_id: int) -> int:
        """Return the line of an evaluation; -1 where it is not here."""
        lines = range(len(self._lines))
        return next((i for i in lines if self.key(i) == evaluation_id), -1)

    def row_at(self, line: int) -> LeaderboardRow | None:
        """Return the evaluation in a line; None where it begins a group, or there is no line."""
        one = self._lines[line] if 0 <= line < len(self._lines) else None
        return one[0] if isinstance(one, tuple) else None

    def group_lines(self) -> list[int]:
        """Return the lines that begin a group."""
        return [i for i, one in enumerate(self._lines) if isinstance(one, Group)]

    def rows(self) -> list[LeaderboardRow]:
        """Return the evaluations as they are shown."""
        return [row for group in self.groups for row in group.rows]

    def table(self) -> Table:
        """Return what is shown as values, for a file."""
        return table_of(self.groups)

    @override
    def falls(self, column: int) -> bool:
        return COLUMNS[column].kind in {"score", "count", "moment"}

    @override
    def arrange(self) -> None:
        self.beginResetModel()
        column = COLUMNS[self.sorted_by]
        self.groups = grouped(self._found, column, self._own, is_descending=self.is_descending)
        self._lines = []
        for group in self.groups:
            self._lines += [group, *zip(group.rows, group.ranks, strict=True)]
        self.endResetModel()

    @override
    def key(self, row: int) -> Hashable:
        found = self.row_at(row)
        return found.evaluation.id if found else None

    @override
    def count(self) -> int:
        return len(self._lines)

    @override
    def title(self, section: int) -> str:
        is_macro = section == F1 and not self.by_concept
        return _("Macro F1") if is_macro else super().title(section)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return _alignment(section)

    @override
    def hint(self, section: int) -> str:
        words = COLUMNS[section].hint
        return _(words) if words else ""

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        is_group = self.row_at(index.row()) is None
        return Qt.ItemFlag.NoItemFlags if is_group else super().flags(index)

    @override
    def data(self, index: Index, role: int = ROLES.DisplayRole) -> object:
        one = self._lines[index.row()]
        if isinstance(one, Group):
            return _group_data(one, role)
        if index.column() == TICK:
            return self.tick_data(index.row(), role)
        return _row_data(*one, index.column(), role)


def _group_data(group: Group, role: int) -> object:
    match role:
        case ROLES.DisplayRole | ROLES.AccessibleTextRole:
            return group.words
        case ROLES.ToolTipRole:
            return tip(group.words)
    return None


def _row_data(row: LeaderboardRow, rank: int | None, place: int, role: int) -> object:
    column = COLUMNS[place]
    match role:
        case ROLES.DisplayRole:
            return cell(row, rank, column)
        case ROLES.TextAlignmentRole:
            return _alignment(place)
        case ROLES.ToolTipRole:
            return tip(everything(row, rank))
        case ROLES.AccessibleTextRole:
            words = everything(row, rank) if column.key == "model" else cell(row, rank, column)
            return words.replace("\n", ", ")
    if role == TONE_ROLE and column.key == "how" and row.n_seen:
        return "warn"
    return "small_strong" if role == TYPE_ROLE and rank == 1 and column.key == "f1" else None


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (RIGHT if COLUMNS[column].kind in RIGHTS else LEFT) | V_CENTRE


class _Delegate(TickDelegate):
    """Writes the words of a group across the row."""

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        model = index.model()
        if isinstance(model, LeaderboardModel) and model.row_at(index.row()) is None:
            area = area.adjusted(0, 8, 0, 0)
            put_text(painter, area, str(index.data()), "caption_strong", "ink_3")
        else:
            super().paint_cell(painter, area, index)


class LeaderboardTable(TickTable):
    """Ticks evaluations, and opens one by Enter or a double click."""

    opened = Signal(object)  # LeaderboardRow

    def __init__(self) -> None:
        """Be empty."""
        self.board = LeaderboardModel()
        super().__init__(_("Evaluations of all model versions"), self.board)
        heads = put_heads(self)
        self.setItemDelegate(_Delegate(self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.set_columns({i: column.width for i, column in enumerate(COLUMNS) if column.width})
        heads.sectionClicked.connect(self._sort)
        self.board.modelReset.connect(self._span)
        self.row_opened.connect(self._open)

    def set_rows(self, rows: Sequence[LeaderboardRow], own: Set[int], *, by_concept: bool) -> None:
        """Show other evaluations; the one that is chosen stays so."""
        chosen = self.board.row_at(self.currentIndex().row())
        self.board.set_rows(rows, own, by_concept=by_concept)
        self._hide_columns()
        self._choose(chosen)

    def _choose(self, chosen: LeaderboardRow | None) -> None:
        place = self.board.place_of(chosen.evaluation.id) if chosen else -1
        if self.board.count():
            self.setCurrentIndex(self.board.index(place if place > 0 else 1, TICK + 1))

    def _sort(self, column: int) -> None:
        if column == TICK:
            return
        chosen = self.board.row_at(self.currentIndex().row())
        self.board.press(column)
        self._choose(chosen)

    def _span(self) -> None:
        self.clearSpans()
        for line in self.board.group_lines():
            self.setSpan(line, 0, 1, len(COLUMNS))

    def _open(self, line: int) -> None:
        if row := self.board.row_at(line):
            self.opened.emit(row)

    def _hide_columns(self) -> None:
        left_out = {RIGHT_ANSWERS} if self.board.by_concept else set()
        shown = fitting(COLUMNS, self.width() - SCROLL_BAR - LEAST_NAME, left_out)
        for column in range(len(COLUMNS)):
            self.setColumnHidden(column, column not in shown)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._hide_columns()
        super().resizeEvent(event)
