"""The concepts as rows of a list: in two groups, searched, sorted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from core.i18n import N_, _, ngettext
from core.records import Concept
from desktop.screens.concepts.merge_bar import kept_by_versions
from desktop.steps import ENOUGH_TEXTS
from desktop.widgets.painted import shortened
from desktop.widgets.text import tip
from desktop.widgets.wording import alphabetical, concepts, number, texts

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The row itself: a `Group` or a `Concept`."""

DEPTH_ROLE, KEYS_ROLE = Qt.ItemDataRole.UserRole + 2, Qt.ItemDataRole.UserRole + 3
"""How deep a concept stands in the tree, and the keys that choose it when labelling."""

SHOWN_NAME = 380  # pixels of a name in a sentence
LONG_NAME = 28  # letters from which a name may be shortened, and has a tooltip

ORDERS: tuple[tuple[str, Callable[[Concept], Any]], ...] = (
    (N_("Fewest texts first"), lambda concept: (concept.n_positive, concept.id)),
    (N_("Most texts first"), lambda concept: (-concept.n_positive, concept.id)),
    (N_("By name"), lambda concept: (concept.name.casefold(), concept.id)),
    (N_("Newest first"), lambda concept: -concept.id),
    (N_("In the order made"), lambda concept: concept.id),
)
TREE = len(ORDERS)  # the order in which kinds stand below what they are kinds of


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


def as_tree(known: Sequence[Concept], containing: str = "") -> tuple[list[Row], dict[int, int]]:
    """Return the concepts below what they are kinds of, by name, and by key how deep each stands.

    Above what contains the words stands what it is a kind of, whatever its name.
    """
    words = containing.casefold().strip()
    by_id = {concept.id: concept for concept in known}
    shown = set[int]()
    for concept in known:
        if words in concept.name.casefold() or words in concept.definition.casefold():
            place = concept.id
            while place and place not in shown:
                shown.add(place)
                place = by_id[place].broader_id
    below: dict[int, list[Concept]] = {}
    for concept in sorted(known, key=lambda c: (alphabetical(c.name), c.id)):
        if concept.id in shown:
            below.setdefault(concept.broader_id, []).append(concept)
    rows: list[Row] = []
    depths: dict[int, int] = {}

    def add(broader_id: int, depth: int) -> None:
        for concept in below.get(broader_id, ()):
            rows.append(concept)
            depths[concept.id] = depth
            add(concept.id, depth + 1)

    add(0, 0)
    head = Group(_("All concepts"), concepts(len(rows)), is_first=True)
    return [head, *rows] if rows else [], depths


class ConceptModel(QAbstractListModel):
    """The rows of the list, replaced as a whole."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty."""
        super().__init__(parent)
        self.rows: list[Row] = []
        self.depths: Mapping[int, int] = {}  # by key; empty where it is no tree
        self.keys: Mapping[int, str] = {}

    def set_rows(self, rows: list[Row], depths: Mapping[int, int] = MappingProxyType({})) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows, self.depths = rows, depths
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
        if role in {DEPTH_ROLE, KEYS_ROLE}:
            values: Mapping[int, object] = self.depths if role == DEPTH_ROLE else self.keys
            empty = 0 if role == DEPTH_ROLE else ""
            return values.get(row.id, empty) if isinstance(row, Concept) else empty
        if role == ROW_ROLE:
            return row
        words: Mapping[int, Callable[[Row], str | None]] = {
            roles.DisplayRole: _title,
            roles.AccessibleTextRole: spoken,
            roles.ToolTipRole: _long_name,
        }
        return words[role](row) if role in words else None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag
        if not index.isValid() or isinstance(self.rows[index.row()], Group):
            return flags.NoItemFlags  # so that the arrow keys pass it by
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemNeverHasChildren


def _title(row: Row) -> str:
    return row.name if isinstance(row, Concept) else row.title


def _long_name(row: Row) -> str | None:
    if isinstance(row, Concept) and len(row.name) > LONG_NAME:
        return tip(row.name)
    return None


def spoken(row: Row) -> str:
    """Return a row as a screen reader says it."""
    if isinstance(row, Group):
        return f"{row.title}, {row.note}"
    return ". ".join(filter(None, (row.name, texts(row.n_positive), advice(row), row.definition)))


def deleted(concept: Concept, n_versions: int) -> str:
    """Return what deleting a concept took away, and what stays."""
    name = shortened(concept.name, "small", SHOWN_NAME)
    told = _("Deleted “{concept}”.")
    if concept.n_positive:
        told = _("Deleted “{concept}”; {texts} had it.")
    words = told.format(concept=name, texts=texts(concept.n_positive))
    back = _("Ctrl+Z takes it back.")
    return " ".join(filter(None, (words, kept_by_versions(n_versions), back)))
