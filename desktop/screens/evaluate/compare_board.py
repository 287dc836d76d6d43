"""What can be compared: all evaluations of all versions, or the texts for one version."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from core.operations.leaderboard import LeaderboardFilter, LeaderboardRow, list_leaderboard
from core.storage.models import list_model_versions
from desktop.screens.evaluate.compare_choice import CompareChoice
from desktop.screens.evaluate.leaderboard_table import LeaderboardTable
from desktop.screens.evaluate.places_table import PlacesTable, list_offers
from desktop.session import Session
from desktop.theme.tokens import ROW
from desktop.widgets.buttons import button
from desktop.widgets.chart_files import save_table
from desktop.widgets.choices import Segmented, Select
from desktop.widgets.layout import LEFT, column, row, stack_below
from desktop.widgets.table import TextTable
from desktop.widgets.text import text, tip, wrapped
from desktop.widgets.versions import VersionSelect

MODELS, DATASETS = range(2)
FILTER_WIDTH, HEAD, FEWEST_ROWS, MOST_ROOM = 200, 36, 3, 1000
SIDE_BY_SIDE = 1200  # pixels of the window, below which the filters go below the ways


class CompareBoard(QWidget):
    """The two ways to compare, each with its table, and below what that takes.

    Attributes:
        way: which of the two. table: the evaluations. version, places: the one version and texts.
        dataset, concept: what the evaluations are filtered by. choice: how to compare.
    """

    opened = Signal(object)  # LeaderboardRow

    def __init__(self, session: Session) -> None:
        """Show nothing yet."""
        super().__init__()
        self._session = session
        self._every: Sequence[LeaderboardRow] = ()
        ways = (_("Models on the same texts"), _("One model on several datasets"))
        self.way = Segmented(ways, name=_("What to compare"))
        self.dataset = Select(width=FILTER_WIDTH, kind="filter", name=_("Dataset"))
        self.concept = Select(width=FILTER_WIDTH, kind="filter", name=_("Concept"))
        self.save = button(_("Save as CSV…"), "link")
        self.version, self.note = VersionSelect(), wrapped("", "small", "ink_2")
        self.table, self.places = LeaderboardTable(), PlacesTable()
        self.choice = CompareChoice(session)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._filters = row(self.dataset, self.concept, gap=8)
        self._model = row(text(_("Model"), "body", "ink_2"), self.version, None, gap=8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        asked = row(self._filters, self._model, None, self.save, gap=0)
        layout.addWidget(stack_below(row((self.way, LEFT), (asked, 1), gap=8), SIDE_BY_SIDE))
        layout.addWidget(self.note)
        tables = column((self.table, MOST_ROOM), (self.places, MOST_ROOM), self.choice, None)
        layout.addWidget(tables, 1)

    def _connect(self) -> None:
        self.way.chosen.connect(lambda _way: self.look())
        for one in (self.dataset, self.concept):
            one.currentIndexChanged.connect(lambda _place: self._show_board())
        self.save.clicked.connect(self._save)
        self.table.opened.connect(self.opened)
        self.table.ticks.ticked_changed.connect(self._tell_choice)
        self.version.version_chosen.connect(self._tell_choice)
        self.places.ticks.ticked_changed.connect(self._tell_choice)

    def first_focus(self) -> QWidget:
        """Return what takes the keyboard when this opens."""
        return self.table if self.way.value == MODELS else self.places

    def look(self) -> None:
        """Read what there is to compare."""
        is_models, db = self.way.value == MODELS, self._session.db
        for part in (self._filters, self.table, self.save):
            part.setVisible(is_models)
        for part in (self._model, self.places):
            part.setVisible(not is_models)
        versions = list_model_versions(db)
        with QSignalBlocker(self.version):
            self.version.set_versions(versions)
        self._every = list_leaderboard(db)
        self.choice.setVisible(not is_models or len(versions) > 1)
        if is_models:
            self._offer_filters()
            self._show_board()
        else:
            self.places.set_offers(list_offers(db))
            _fit(self.places)
            self._say(_("Choose the texts that the model is to be checked on."))
            self._tell_choice()

    # -- the evaluations -------------------------------------------------------------------------
    def _offer_filters(self) -> None:
        datasets = dict.fromkeys(one.evaluation.dataset for one in self._every)
        concepts = dict.fromkeys(name for one in self._every for name in one.version.concepts)
        _offer(self.dataset, _("All datasets"), list(datasets))
        _offer(self.concept, _("All concepts together"), list(concepts))

    def _show_board(self) -> None:
        concept = _chosen(self.concept)
        wanted = LeaderboardFilter(dataset=_chosen(self.dataset), concept=concept)
        is_all = wanted == LeaderboardFilter()
        rows = self._every if is_all else list_leaderboard(self._session.db, wanted)
        self.table.ticks.ticked &= {one.evaluation.id for one in self._every}
        self.table.set_rows(rows, self._own(), by_concept=bool(concept))
        _fit(self.table)
        self._say(self._note(rows, concept))
        self._tell_choice()

    def _own(self) -> set[int]:
        """Return the evaluations that trainings made: of each version, the first one."""
        newest_first = sorted(self._every, key=lambda one: -one.evaluation.id)
        return set({one.version.id: one.evaluation.id for one in newest_first}.values())

    def _say(self, words: str) -> None:
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _note(self, rows: Sequence[LeaderboardRow], concept: str) -> str:
        if self.choice.isHidden():
            return _("There is one version so far. Train another to compare.")
        if not rows:
            return _("No evaluation fits. Choose another dataset or concept.")
        lines = []
        if len({one.same_texts for one in rows}) > 1:
            lines.append(
                _(
                    "Ranked only among those checked on the same texts: scores found on "
                    "different texts cannot be compared."
                )
            )
        if concept:
            lines.append(_("The scores are those of “{concept}” alone.").format(concept=concept))
        return " ".join(lines)

    def _save(self) -> None:
        save_table(self.window(), _("Leaderboard"), self.table.board.table())

    # -- what is ticked --------------------------------------------------------------------------
    def _tell_choice(self) -> None:
        if self.way.value == MODELS:
            ticked = self.table.ticks.ticked
            self.choice.set_models([one for one in self._every if one.evaluation.id in ticked])
        else:
            self.choice.set_places(self.version.version, self.places.places.places())


def _fit(table: TextTable) -> None:
    """Let a table be as high as its rows, or as the room there is."""
    n_rows = max(1, table.model().rowCount())
    table.setMinimumHeight(HEAD + min(n_rows, FEWEST_ROWS) * ROW)
    table.setMaximumHeight(HEAD + n_rows * ROW)


def _offer(select: Select, everything: str, names: Sequence[str]) -> None:
    """Offer names after the choice of all; what was chosen stays so."""
    before = _chosen(select)
    with QSignalBlocker(select):
        select.clear()
        select.addItems([everything, *names])
        select.setCurrentIndex(names.index(before) + 1 if before in names else 0)
    for place, name in enumerate(names, 1):
        select.setItemData(place, tip(name), Qt.ItemDataRole.ToolTipRole)


def _chosen(select: Select) -> str:
    return select.currentText() if select.currentIndex() > 0 else ""
