"""The scores of each concept side by side, with how they differ from those of the first column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from typing_extensions import override

from core.charts.scene import Cell, Table
from core.comparison_words import signed_points
from core.i18n import N_, _
from desktop.theme.tokens import ROW
from desktop.widgets.concept_scores import paint_concept
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.painted import shortened, text_width
from desktop.widgets.sort_heads import SortedModel, known_first, put_heads
from desktop.widgets.table import TYPE_ROLE, Index, RowDelegate, TextTable
from desktop.widgets.text import tip
from desktop.widgets.wording import decimal, number

Kind = Literal["name", "texts", "value", "change"]
KINDS = (
    ("f1", N_("F1")),
    ("precision", N_("Precision")),
    ("recall", N_("Recall")),
    ("roc_auc", N_("ROC AUC")),
    ("average_precision", N_("Average precision")),
)
NAME = 0
NAME_WIDTH, TEXTS_WIDTH, VALUE_WIDTH, CHANGE_WIDTH = 220, 70, 140, 104  # pixels
HEAD, MOST_ROWS, HUNDRED = 36, 10, 100
ROLES = Qt.ItemDataRole


@dataclass(frozen=True)
class Column:
    """A column: of the concepts, or of one of what is compared, by its place."""

    kind: Kind
    place: int = 0


@dataclass(frozen=True)
class Row:
    """A concept with one score in each column of the comparison; None where undefined."""

    name: str
    n_texts: tuple[int, ...]
    scores: tuple[float | None, ...]

    def change(self, place: int) -> float | None:
        """Return how much higher a score is than the first one; None where one is undefined."""
        one, first = self.scores[place], self.scores[0]
        return None if one is None or first is None else one - first

    @property
    def most(self) -> float:
        """The biggest change either way; -1 where none is known."""
        found = [self.change(i) for i in range(1, len(self.scores))]
        return max((abs(one) for one in found if one is not None), default=-1.0)


class ConceptChangesModel(SortedModel):
    """The concepts; the biggest change of all first, until a head is pressed.

    Attributes:
        columns: what stands in them. numbers: of the concepts' marks, by name.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty."""
        super().__init__((), parent)
        self.columns: list[Column] = []
        self.rows: list[Row] = []
        self.numbers: Mapping[str, int] = {}

    def compare(
        self, names: Sequence[str], reports: Sequence[Mapping[str, Any]], key: str, *, one: bool
    ) -> None:
        """Show another comparison, or another score of it.

        Args:
            names: of what is compared.
            reports: of each; only concepts that all have are shown.
            key: of the score.
            one: whether all were checked on the same texts, so that one count holds for all.
        """
        self.beginResetModel()
        columns = [Column("name"), *([Column("texts")] if one else []), Column("value")]
        for place in range(1, len(names)):
            columns += [Column("value", place), Column("change", place)]
        if columns != self.columns:
            self.sorted_by, self.is_descending = -1, True
        self.columns, self.rows = columns, _rows(reports, key)
        self.heads = [_head(column, names) for column in columns]
        self.rows = self._ordered()
        self.endResetModel()

    @override
    def falls(self, column: int) -> bool:
        return column != NAME

    @override
    def arrange(self) -> None:
        self.beginResetModel()
        self.rows = self._ordered()
        self.endResetModel()

    def _ordered(self) -> list[Row]:
        return known_first(self.rows, self._sort_key, is_descending=self.is_descending)

    def _sort_key(self, row: Row) -> Any:  # noqa: ANN401  # a name or a number
        if self.sorted_by < 0:
            return row.most
        column = self.columns[self.sorted_by]
        change = row.change(column.place)
        values = {
            "name": row.name.casefold(),
            "texts": row.n_texts[0],
            "value": row.scores[column.place],
            "change": None if change is None else abs(change),
        }
        return values[column.kind]

    def table(self) -> Table:
        """Return what is shown as values, for a file."""
        lines = [tuple(_value(row, column) for column in self.columns) for row in self.rows]
        return Table(tuple(self.heads), tuple(lines))

    @override
    def count(self) -> int:
        return len(self.rows)

    @override
    def title(self, section: int) -> str:
        column = self.columns[section]
        if column.kind == "value":
            return shortened(self.heads[section], "caption_strong", VALUE_WIDTH - 34)
        return _("Difference") if column.kind == "change" else self.heads[section]

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return _alignment(section)

    @override
    def hint(self, section: int) -> str:
        return self.heads[section]

    @override
    def data(self, index: Index, role: int = ROLES.DisplayRole) -> object:
        row, column = self.rows[index.row()], self.columns[index.column()]
        match role:
            case ROLES.DisplayRole:
                return _cell(row, column)
            case ROLES.TextAlignmentRole:
                return _alignment(index.column())
            case ROLES.AccessibleTextRole | ROLES.ToolTipRole:
                words = _aloud(row, column, self.heads[index.column()])
                return tip(words) if role == ROLES.ToolTipRole else words
        is_change = role == TYPE_ROLE and column.kind == "change"
        return "small_strong" if is_change else None


def _rows(reports: Sequence[Mapping[str, Any]], key: str) -> list[Row]:
    by_name = [{one["name"]: one for one in report["concepts"]} for report in reports]
    return [
        Row(
            name,
            tuple(records[name]["n_positive"] for records in by_name),
            tuple(records[name].get(key) for records in by_name),
        )
        for name in by_name[0]
        if all(name in records for records in by_name)
    ]


def _head(column: Column, names: Sequence[str]) -> str:
    words = {
        "name": _("Concept"),
        "texts": _("Texts"),
        "value": names[column.place],
        "change": _("{name}, difference from {first}").format(
            name=names[column.place], first=names[0]
        ),
    }
    return words[column.kind]


def _cell(row: Row, column: Column) -> str:
    if column.kind == "name":
        return row.name
    if column.kind == "texts":
        return number(row.n_texts[0])
    if column.kind == "change":
        change = row.change(column.place)
        return "–" if change is None else signed_points(change)
    score = row.scores[column.place]
    return "–" if score is None else decimal(score * HUNDRED)


def _aloud(row: Row, column: Column, head: str) -> str:
    if column.kind == "name":
        return row.name
    shown = _cell(row, column)
    words = f"{head}: {_('not known') if shown == '–' else shown}"
    if column.kind != "value":
        return words
    return _("{score}, found on {n} texts").format(score=words, n=number(row.n_texts[column.place]))


def _value(row: Row, column: Column) -> Cell:
    values: dict[str, Cell] = {
        "name": row.name,
        "texts": row.n_texts[0],
        "value": row.scores[column.place],
        "change": row.change(column.place),
    }
    return values[column.kind]


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (LEFT if column == NAME else RIGHT) | V_CENTRE


class _Delegate(RowDelegate):
    """Draws the mark of a concept before its name."""

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        model = index.model()
        if index.column() == NAME and isinstance(model, ConceptChangesModel):
            name = model.rows[index.row()].name
            paint_concept(painter, area, name, model.numbers.get(name, 0), "")
        else:
            super().paint_cell(painter, area, index)


class ConceptChangesTable(TextTable):
    """Chooses a concept by a click or by Enter; the heads are one stop of Tab before."""

    concept_chosen = Signal(str)

    def __init__(self) -> None:
        """Be empty."""
        super().__init__(_("Concepts side by side"))
        self.rows = ConceptChangesModel(self)
        heads = put_heads(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self))
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        heads.sectionClicked.connect(self.rows.press)
        self.clicked.connect(lambda index: self._tell(index.row()))
        self.row_opened.connect(self._tell)

    def fit(self) -> None:
        """Give the columns their widths, and be as high as the rows, at most ten."""
        widths = {"texts": TEXTS_WIDTH, "value": VALUE_WIDTH, "change": CHANGE_WIDTH}
        columns = {i: widths[c.kind] for i, c in enumerate(self.rows.columns) if c.kind in widths}
        self.set_columns(columns)
        total = sum(columns.values())
        names = [text_width(row.name, "body") for row in self.rows.rows]
        if self.width() - total < NAME_WIDTH:  # then it scrolls sideways
            room = round(min(NAME_WIDTH, max(names, default=0.0) + 60))
            self.set_columns({NAME: room, **columns})
        bar = self.horizontalScrollBar().sizeHint().height() if self._scrolls(total) else 0
        self.setFixedHeight(HEAD + ROW * min(max(1, self.rows.count()), MOST_ROWS) + bar + 2)

    def _scrolls(self, total: int) -> bool:
        return self.horizontalHeader().sectionSize(NAME) + total > self.width()

    def _tell(self, place: int) -> None:
        self.concept_chosen.emit(self.rows.rows[place].name)
