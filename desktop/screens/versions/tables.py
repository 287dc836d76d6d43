"""The tables of the screen: versions, texts as they were frozen, and concepts before and after."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import Qt
from typing_extensions import override

from core.i18n import N_, _
from core.records import DatasetVersion, FrozenInput
from core.storage.database import Database
from core.storage.version_reports import VersionCounts, VersionDiff
from core.storage.versions import load_version_page
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.table import CHIPS_ROLE, TONE_ROLE, Index, RowsModel
from desktop.widgets.text import tip
from desktop.widgets.wording import moment, number

Roles = Qt.ItemDataRole

PAGE, KEPT_PAGES = 128, 64
SPLIT_NAMES = {
    "train": N_("Train"),
    "validation": N_("Validation"),
    "test": N_("Test"),
    "": N_("No split"),
}


class Table(RowsModel):
    """A table of ours: its heads, which of its columns hold numbers, and the words of its cells."""

    def __init__(self, heads: Sequence[str], numbers: Sequence[int] = ()) -> None:
        """Be empty."""
        super().__init__(heads)
        self._numbers = numbers
        self.n_rows = 0

    def begin_anew(self, n_rows: int) -> None:
        """Show as many rows, all of them new."""
        self.beginResetModel()
        self.n_rows = n_rows
        self.endResetModel()

    def words(self, row: int, column: int) -> str:
        """Return what stands in a cell."""
        raise NotImplementedError

    def tone(self, row: int, column: int) -> str | None:
        """Return the colour role of a cell; None for the usual one."""

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if section in self._numbers else LEFT) | V_CENTRE

    @override
    def count(self) -> int:
        return self.n_rows

    @override
    def data(self, index: Index, role: int = Roles.DisplayRole) -> object:
        match role:
            case Roles.DisplayRole:
                return self.words(index.row(), index.column())
            case Roles.ToolTipRole if index.column() not in self._numbers:
                return tip(self.words(index.row(), index.column()))
            case Roles.TextAlignmentRole:
                return self.alignment(index.column())
            case _ if role == TONE_ROLE:
                return self.tone(index.row(), index.column())
        return None


class VersionTable(Table):
    """The versions of a dataset, newest first."""

    WIDTHS: ClassVar[Mapping[int, int]] = {0: 76, 1: 130, 3: 90, 4: 104, 5: 84}

    def __init__(self) -> None:
        """Be empty."""
        heads = _("Version"), _("When"), _("Description"), _("Texts"), _("With a label")
        super().__init__((*heads, _("Concepts")), (3, 4, 5))
        self.versions: Sequence[DatasetVersion] = ()

    def show(self, versions: Sequence[DatasetVersion]) -> None:
        """Show these versions."""
        self.versions = versions
        self.begin_anew(len(versions))

    @override
    def words(self, row: int, column: int) -> str:
        version = self.versions[row]
        counts = (version.n_inputs, version.n_labelled, version.n_concepts)
        about = (number(version.number), moment(version.created), version.description or "–")
        return (*about, *map(number, counts))[column]


class CountsTable(Table):
    """The concepts of a version with how many texts carried each."""

    WIDTHS: ClassVar[Mapping[int, int]] = {1: 72, 2: 60}
    NOT = 2

    def __init__(self) -> None:
        """Be empty."""
        super().__init__((_("Concept"), _("Texts"), _("Not")), (1, 2))
        self._rows: list[tuple[str, tuple[int, int]]] = []

    def show(self, counts: VersionCounts) -> None:
        """Show these, most texts first."""
        self._rows = sorted(counts.concepts.items(), key=lambda item: -item[1][0])
        self.begin_anew(len(self._rows))

    @override
    def words(self, row: int, column: int) -> str:
        name, counts = self._rows[row]
        return name if column == 0 else number(counts[column - 1])


class DiffTable(Table):
    """The concepts of two versions: how many texts before and now, labels added and taken."""

    WIDTHS: ClassVar[Mapping[int, int]] = {1: 90, 2: 90, 3: 120, 4: 120}
    ADDED, TAKEN = 3, 4

    def __init__(self) -> None:
        """Be empty."""
        heads = _("Concept"), _("Before"), _("Now"), _("Labels added"), _("Labels taken")
        super().__init__(heads, (1, 2, 3, 4))
        self.rows: list[tuple[str, tuple[int, int, int, int]]] = []

    def show(self, diff: VersionDiff) -> None:
        """Show the concepts, those that changed most first."""
        rows = [
            (name, (*counts, diff.labelled.get(name, 0), diff.unlabelled.get(name, 0)))
            for name, counts in diff.concepts.items()
        ]
        self.rows = sorted(rows, key=lambda item: (-sum(item[1][2:]), item[0].casefold()))
        self.begin_anew(len(rows))

    @override
    def words(self, row: int, column: int) -> str:
        name, counts = self.rows[row]
        return name if column == 0 else number(counts[column - 1])

    @override
    def tone(self, row: int, column: int) -> str | None:
        is_link = column in {self.ADDED, self.TAKEN} and self.rows[row][1][column - 1]
        return "accent_text" if is_link else None


class FrozenTable(Table):
    """Texts as they were frozen, read a page at a time as they come into view."""

    WIDTHS: ClassVar[Mapping[int, int]] = {1: 240, 2: 100}

    def __init__(self, db: Database) -> None:
        """Be empty."""
        super().__init__((_("Text"), _("Concepts"), _("Split")))
        self._db, self._version_id = db, 0
        self._ids: Sequence[int] = ()
        self._colours: Mapping[str, int] = {}
        self._pages: OrderedDict[int, dict[int, FrozenInput]] = OrderedDict()

    def show(self, version_id: int, ids: Sequence[int], colours: Mapping[str, int]) -> None:
        """Show these inputs of a version."""
        self._version_id, self._ids, self._colours = version_id, ids, colours
        self._pages.clear()
        self.begin_anew(len(ids))

    def frozen_at(self, row: int) -> FrozenInput | None:
        """Return the input of a row; None if the version was deleted meanwhile."""
        page = row // PAGE
        if page not in self._pages:
            some = self._ids[page * PAGE : (page + 1) * PAGE]
            self._pages[page] = load_version_page(self._db, self._version_id, some)
            if len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(page)
        return self._pages[page].get(self._ids[row])

    @override
    def data(self, index: Index, role: int = Roles.DisplayRole) -> object:
        if role != CHIPS_ROLE or index.column() != 1:
            return super().data(index, role)
        frozen = self.frozen_at(index.row())
        return [(name, self._colours.get(name, 0)) for name in frozen.positive] if frozen else None

    @override
    def words(self, row: int, column: int) -> str:
        frozen = self.frozen_at(row)
        if frozen is None:
            return ""
        named = ", ".join(frozen.positive) or _("No concept")
        split = _(SPLIT_NAMES[frozen.split]) if frozen.split in SPLIT_NAMES else frozen.split
        return (frozen.text[:1000], named, split)[column]
