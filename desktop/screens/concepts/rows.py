"""The concepts as rows of a list: in two groups, searched, sorted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from core.i18n import N_, _, ngettext
from core.records import Concept
from desktop.steps import ENOUGH_TEXTS
from desktop.widgets.text import tip
from desktop.widgets.wording import concepts, number, texts

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The row itself: a `Group` or a `Concept`."""

LONG_NAME = 28  # letters from which a name may be shortened, and has a tooltip

ORDERS: tuple[tuple[str, Callable[[Concept], Any]], ...] = (
    (N_("Fewest texts first"), lambda concept: (concept.n_positive, concept.id)),
    (N_("Most texts first"), lambda concept: (-concept.n_positive, concept.id)),
    (N_("By name"), lambda concept: (concept.name.casefold(), concept.id)),
    (N_("Newest first"), lambda concept: -concept.id),
)


@dataclass(frozen=True)
class Group:
    """The head of a group of concepts; the first one names the column of the bars."""

    title: str
    note: str
    is_first: bool


Row = Group | Concept


def needs_more(concept: Concept) -> bool:
    """Return whether a concept has too few texts to be learned well."""
    return concept.n_positive < ENOUGH_TEXTS


def advice(concept: Concept) -> str:
    """Return what would be better for a concept; nothing where it has enough texts."""
    if not needs_more(concept):
        return ""
    if not concept.n_positive:
        return _("No texts yet; left out of training")
    words = ngettext(
        "{n} text; {enough} would be better", "{n} texts; {enough} would be better",
        concept.n_positive,
    )  # fmt: skip
    return words.format(n=number(concept.n_positive), enough=ENOUGH_TEXTS)


def arranged(known: Sequence[Concept], containing: str = "", order: int = 0) -> list[Row]:
    """Return the concepts whose name or definition contains some words, below their heads."""
    words = containing.casefold().strip()
    found = [c for c in known if words in c.name.casefold() or words in c.definition.casefold()]
    found.sort(key=ORDERS[order][1])
    rows: list[Row] = []
    for title, is_low in ((_("Need more texts"), True), (_("Have enough texts"), False)):
        members = [concept for concept in found if needs_more(concept) == is_low]
        if members:
            rows += [Group(title, concepts(len(members)), is_first=not rows), *members]
    return rows


class ConceptModel(QAbstractListModel):
    """The rows of the list, replaced as a whole."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty."""
        super().__init__(parent)
        self.rows: list[Row] = []

    def set_rows(self, rows: list[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def place_of(self, concept_id: int) -> int:
        """Return the place of a concept, or -1 where it is not shown."""
        for place, row in enumerate(self.rows):
            if isinstance(row, Concept) and row.id == concept_id:
                return place
        return -1

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt has it
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, roles = self.rows[index.row()], Qt.ItemDataRole
        match role:
            case _ if role == ROW_ROLE:
                return row
            case roles.DisplayRole:
                return row.name if isinstance(row, Concept) else row.title
            case roles.AccessibleTextRole:
                return spoken(row)
            case roles.ToolTipRole if isinstance(row, Concept) and len(row.name) > LONG_NAME:
                return tip(row.name)
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag
        if not index.isValid() or isinstance(self.rows[index.row()], Group):
            return flags.NoItemFlags  # so that the arrow keys pass it by
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemNeverHasChildren


def spoken(row: Row) -> str:
    """Return a row as a screen reader says it."""
    if isinstance(row, Group):
        return f"{row.title}, {row.note}"
    return ". ".join(filter(None, (row.name, texts(row.n_positive), advice(row), row.definition)))
