"""The texts that a model may be checked on: datasets, their versions, their splits."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from typing_extensions import override

from core.evaluation_words import split_words
from core.i18n import N_, _
from core.records import SPLITS, Dataset
from core.storage.counts import count_positives
from core.storage.database import Database, TookTooLongError, within
from core.storage.datasets import list_datasets
from core.storage.versions import find_current_version, list_versions
from desktop.screens.evaluate.compare_choice import Place
from desktop.screens.evaluate.tick_table import TICK, TickModel, TickTable
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.table import Index
from desktop.widgets.text import tip
from desktop.widgets.wording import number, sentence

HEADS = (N_("Dataset"), N_("Version"), N_("Which of its texts"), N_("Texts"))
NAME, VERSION, WHICH, TEXTS = range(TICK + 1, TICK + 1 + len(HEADS))
WIDTHS = {TICK: 40, VERSION: 190, WHICH: 230, TEXTS: 80}
PATIENCE_S = 0.1
ROLES = Qt.ItemDataRole


@dataclass(frozen=True)
class Offer:
    """Texts to check on.

    Attributes:
        n_texts: how many they are; None where that is not counted.
        current: the number of the version that holds them as they are now; 0 for none.
    """

    place: Place
    n_texts: int | None
    current: int = 0

    def cell(self, column: int) -> str:
        """Return what stands in a column."""
        dataset, _number, split = self.place
        words = {
            NAME: dataset,
            VERSION: self._version(),
            WHICH: sentence(split_words(split)),
            TEXTS: "–" if self.n_texts is None else number(self.n_texts),
        }
        return words.get(column, "")

    def _version(self) -> str:
        if self.current:
            return _("As it is now, version {n}").format(n=number(self.current))
        version = self.place[1]
        return _("Version {n}").format(n=number(version)) if version else _("As it is now")


def list_offers(db: Database) -> list[Offer]:
    """Return the datasets as they are now, with the splits that have texts, and their versions."""
    offers = []
    for dataset in list_datasets(db):
        frozen = find_current_version(db, dataset)
        n = frozen.number if frozen else 0
        offers.append(Offer((dataset.name, 0, ""), dataset.n_inputs, n))
        offers += [Offer((dataset.name, 0, split), None, n) for split in _splits(db, dataset)]
        older = [one for one in list_versions(db, dataset.id) if one.number != n]
        offers += [Offer((dataset.name, one.number, ""), one.n_inputs) for one in older]
    return offers


def _splits(db: Database, dataset: Dataset) -> Sequence[str]:
    """Return the splits with labelled texts; all of them where counting takes too long."""
    try:
        with within(db, PATIENCE_S):
            return [split for split in SPLITS if count_positives(db, dataset.id, split)]
    except TookTooLongError:
        return SPLITS


class PlacesModel(TickModel):
    """The offers; what is ticked stays so while it is offered."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Offer nothing."""
        super().__init__([_(head) for head in HEADS], parent)
        self.offers: list[Offer] = []

    def set_offers(self, offers: Sequence[Offer]) -> None:
        """Offer other texts."""
        self.beginResetModel()
        self.offers = list(offers)
        self.ticked &= {offer.place for offer in offers}
        self.endResetModel()

    def places(self) -> list[Place]:
        """Return what is ticked, in the order of the table."""
        return [offer.place for offer in self.offers if offer.place in self.ticked]

    @override
    def key(self, row: int) -> Hashable:
        return self.offers[row].place

    @override
    def count(self) -> int:
        return len(self.offers)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return _alignment(section)

    @override
    def data(self, index: Index, role: int = ROLES.DisplayRole) -> object:
        if index.column() == TICK:
            return self.tick_data(index.row(), role)
        words = self.offers[index.row()].cell(index.column())
        match role:
            case ROLES.DisplayRole:
                return words
            case ROLES.ToolTipRole:
                return tip(words)
            case ROLES.TextAlignmentRole:
                return _alignment(index.column())
        return None


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (RIGHT if column == TEXTS else LEFT) | V_CENTRE


class PlacesTable(TickTable):
    """Ticks texts by a click on the box, by Space, or by Enter, as there is nothing to open."""

    def __init__(self) -> None:
        """Offer nothing."""
        self.places = PlacesModel()
        super().__init__(_("Datasets to check the model on"), self.places)
        self.set_columns(WIDTHS)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.row_opened.connect(self.places.turn)

    def set_offers(self, offers: Sequence[Offer]) -> None:
        """Offer other texts; the first is where the keys begin."""
        self.places.set_offers(offers)
        if offers:
            self.setCurrentIndex(self.places.index(0, NAME))
