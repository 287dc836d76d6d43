"""Topics: what the texts are about without anybody having said so."""

from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _, ngettext
from core.operations.look_at_topics import TopicStand, TopicsView
from core.records import Concept
from core.storage.database import Database
from core.storage.inputs import get_inputs
from core.storage.topics import find_topic_run
from desktop.screens.explore.results_table import ResultsTable, Row
from desktop.screens.explore.topics_table import TopicsTable
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.layout import column, row
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import number

TYPICAL_HEIGHT = 164  # pixels
SINCE_WIDTH, NUMBER_WIDTH = 168, 156
NUMBERS = (0, 5, 10, 20, 40)
DAYS = (0, 7, 30, 90)


class TopicsPage(QWidget):
    """Lists the topics; below them stand the typical texts of the chosen one."""

    sort_asked = Signal(int)  # the number of topics; 0 finds it
    look_asked = Signal()
    open_asked = Signal()

    def __init__(self) -> None:
        """Know no topics."""
        super().__init__()
        self.view = TopicsView(None)
        self._doing = ""  # in words; "" for nothing
        self._rest = QWidget()  # keeps the words above it where they are
        self._db: Database | None = None
        self._concepts: Mapping[int, Concept] = {}
        self.count = Elided("", "small_strong")
        self.since = Select(name=_("Compare with before"), width=SINCE_WIDTH)
        self.number = Select(name=_("Topics"), width=NUMBER_WIDTH)
        for days in DAYS:
            words = ngettext("New in {n} day", "New in {n} days", days).format(n=days)
            self.since.addItem(words if days else _("All texts"), days)
        for n in NUMBERS:
            words = ngettext("{n} topic", "{n} topics", n).format(n=n)
            self.number.addItem(words if n else _("Number found"), n)
        self.sort = button(_("Sort into topics"), "secondary", "shapes")
        self.table, self.texts = TopicsTable(), ResultsTable(_("Typical texts of the topic"))
        self.texts.setFixedHeight(TYPICAL_HEIGHT)
        self.texts.horizontalHeader().hide()
        self.about = text("", "small_strong")
        self.empty = EmptyState(
            _("What are the texts about?"),
            _("Texts that mean alike are put together and named by their words."),
            [Way("sort", "shapes", _("Sort into topics"), _("Nothing has to be labelled for it"))],
        )
        self._begin = column(None, row(None, self.empty, None), None, None)
        self._lay_out()
        self.since.currentIndexChanged.connect(self._compare)
        self.empty.way_chosen.connect(lambda _key: self.sort.click())
        self.sort.clicked.connect(lambda: self.sort_asked.emit(self.number.currentData()))
        self.table.selectionModel().selectionChanged.connect(lambda *_a: self._show_typical())
        self.table.row_opened.connect(lambda _row: self.open_asked.emit())
        self.show_view(self.view, None, {})

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(row((self.count, 1), self.since, self.number, self.sort, gap=8))
        layout.addWidget(self._begin, 1)
        layout.addWidget(self._rest, 1)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.about)
        layout.addWidget(self.texts)

    @property
    def since_day(self) -> str:
        """The day from which on texts are new, in ISO 8601; "" for none."""
        days = self.since.currentData()
        return (date.today() - timedelta(days=days)).isoformat() if days else ""

    def _compare(self) -> None:
        """Begin at the topic that grew most."""
        self.table.clearSelection()
        self.table.scrollToTop()
        self.look_asked.emit()

    def show_view(
        self, view: TopicsView, db: Database | None, concepts: Mapping[int, Concept]
    ) -> None:
        """Show how the topics stand."""
        self.view, self._db, self._concepts = view, db, concepts
        self.table.show_stands(view.stands or (), compares=bool(self.since.currentData()))
        for part in (self.table, self.about, self.texts, self.since):
            part.setVisible(bool(view.stands))
        self.show_words(self._doing)
        self._show_typical()

    def show_words(self, words: str) -> None:
        """Say what is being done; "" for nothing any more."""
        self._doing = words
        self.count.setText(words or _told(self.view))
        self._begin.setVisible(not self.view.stands and not words)
        self._rest.setVisible(not self.view.stands and bool(words))

    def ids(self) -> tuple[int, ...]:
        """Return the inputs of the chosen topic."""
        run = find_topic_run(self._db) if self._db and self.table.chosen else None
        if run is None or self.table.chosen is None:
            return ()
        return tuple(run.of(self.table.chosen.topic.number).tolist())

    def _show_typical(self) -> None:
        one: TopicStand | None = self.table.chosen
        if one is None or self._db is None:
            self.texts.show_rows((), {})
            return
        words = _("Typical of “{topic}”").format(topic=one.topic.name)
        self.about.setText(words)
        rows = [Row(shown) for shown in get_inputs(self._db, one.topic.typical)]
        self.texts.show_rows(rows, self._concepts)


def _told(view: TopicsView) -> str:
    if view.stands is None:
        return _("The texts have not been sorted into topics yet.")
    n = len(view.stands)
    parts = [ngettext("{n} topic", "{n} topics", n).format(n=number(n))]
    if view.n_without:
        words = ngettext("{n} text belongs to none", "{n} texts belong to none", view.n_without)
        parts.append(words.format(n=number(view.n_without)))
    if view.n_unsorted:
        words = ngettext(
            "{n} text is not sorted yet", "{n} texts are not sorted yet", view.n_unsorted
        )
        parts.append(words.format(n=number(view.n_unsorted)))
    if view.n_since:
        words = ngettext("{n} text is new", "{n} texts are new", view.n_since)
        parts.append(words.format(n=number(view.n_since)))
    return " · ".join(parts)
