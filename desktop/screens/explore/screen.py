"""Explore: search by meaning and more, see the topics of the texts, and their map."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.draw_map import MapRequest, draw_map
from core.operations.find_topics import TopicsRequest, find_topics
from core.operations.index_texts import IndexRequest, IndexState, index_texts, look_at_index
from core.operations.keep_search import FreezeSearchRequest, frozen_search, keep_search
from core.operations.look_at_map import MapStand, look_at_map
from core.operations.look_at_topics import LookRequest, TopicsView, look_at_topics
from core.operations.search_texts import SearchRequest, SearchResult, search_texts
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter
from core.storage.searches import SavedSearch, Search
from core.storage.steps import find_undoable
from desktop import boxes
from desktop.asking import Asking
from desktop.runner import Task
from desktop.screens.explore.map_page import MapPage
from desktop.screens.explore.query_bar import QueryBar
from desktop.screens.explore.results_page import ResultsPage, frozen_result
from desktop.screens.explore.topics_page import TopicsPage
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.concept_picker import ConceptPicker
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import column, tabbed_body
from desktop.widgets.notice import Notice
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.tabs import PADDING, Tabs
from desktop.widgets.text import heading
from desktop.widgets.wording import number

RESULTS, TOPICS, MAP = range(3)
MANY = 500  # inputs, from which on labelling is a job


class ExploreScreen(StepScreen):
    """Search on top; what it found, the topics and the map below.

    What the texts lack for it is read first, in the background; the search then goes on by itself.
    """

    SHOWS = Changes.INPUTS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.MODELS

    def __init__(self, session: Session) -> None:
        """Search for nothing yet."""
        super().__init__(session)
        self.query, self.tabs = QueryBar(session), Tabs(_names(), name=_("Explore"))
        self.results, self.topics, self.map = ResultsPage(), TopicsPage(), MapPage()
        self.problem = Notice("bad")
        self.open = button(_("Open in the dataset"), tip=_("O in the list"))
        self.label = button(_("Label as…"), "primary", "tag", tip=_("L in the list"))
        self.picker = ConceptPicker(self)
        self._searching, self._looking = Asking(session), Asking(session)
        self._reading: Task | None = None
        self._is_frozen = False
        self.stack = QStackedWidget()
        for page in (self.results, self.topics, self.map):
            self.stack.addWidget(page)
        lead = _("Find texts by what they mean, see what they are about, and label many at once.")
        above = column(heading(_("Explore"), lead), self.query, self.problem, gap=12)
        body = tabbed_body(above, self.tabs, 12, (self.stack, 1), gap=12, inset=PADDING)
        self.lay_out(body, FooterBar(self.open, self.label))
        self._connect()

    # -- what leads where -------------------------------------------------------------------------
    def _connect(self) -> None:
        self.query.changed.connect(self._search)
        self.query.frozen_chosen.connect(self._show_frozen)
        self.tabs.chosen.connect(self._show_tab)
        self.results.parts_asked.connect(lambda parts: self.query.add(*parts))
        places = {"topics": TOPICS, "map": MAP}
        self.results.empty.way_chosen.connect(lambda key: self.tabs.set_value(places[key]))
        self.results.label_asked.connect(self.pick_concept)
        self.results.stop.clicked.connect(self._stop)
        self.results.save_asked.connect(self._save)
        self.results.freeze_asked.connect(self._freeze)
        for page in (self.results, self.topics, self.map):
            page.open_asked.connect(self.open_in_dataset)
        self.topics.sort_asked.connect(self._sort)
        self.topics.look_asked.connect(self._look_at_topics)
        self.map.draw_asked.connect(self._draw)
        self.map.look_asked.connect(self._look_at_map)
        self.label.clicked.connect(self.pick_concept)
        self.open.clicked.connect(self.open_in_dataset)
        self.picker.picked.connect(self.label_as)
        selections = (self.results.table, self.topics.table)
        for table in selections:
            table.selectionModel().selectionChanged.connect(lambda *_a: self._show_footer())
        self.map.view.selected_changed.connect(self._show_footer)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.query.field.setFocus)

    @override
    def first_focus(self) -> QWidget:
        return self.query.field

    @override
    def look_again(self) -> None:
        self.query.look_again()
        self._show_tab(self.tabs.value)
        if self.query.search.parts and not self._is_frozen:
            self._ask_search()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if wanted := self.session.to_explore:
            self.session.to_explore = None
            self.tabs.set_value(RESULTS)
            self.query.set_search(wanted)

    def _show_tab(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        if place == TOPICS:
            self._look_at_topics()
        elif place == MAP:
            self._look_at_map()
        self._show_footer()

    # -- searching --------------------------------------------------------------------------------
    def _search(self) -> None:
        """Answer what is asked now; by meaning, only once every text was read."""
        self._is_frozen = False
        self.problem.say("")
        self.tabs.set_value(RESULTS)
        if not self.query.search.parts:
            self._searching.forget()
            self._show_result(SearchResult((), None), is_asked=False)
        elif self.query.search.meanings:
            self.results.show_words(_("Searching…"))
            self._searching.ask(
                self._read_or_search, look_at_index, IndexRequest(), refused=self._refuse_search
            )
        else:
            self._ask_search()

    def _read_or_search(self, state: IndexState) -> None:
        if not state.n_unread:
            self._ask_search()
            return
        words = ngettext(
            "Reading {n} text first; then the search goes on by itself.",
            "Reading {n} texts first; then the search goes on by itself.",
            state.n_unread,
        )
        self.results.show_words(words.format(n=number(state.n_unread)))
        if self._reading is None:
            title = _("Reading texts for the search")
            self._reading = self.session.start(index_texts, IndexRequest(), title=title)
            self._reading.ended.connect(self._end_reading)

    def _end_reading(self) -> None:
        self._reading = None
        if not self._is_frozen:
            self._ask_search()  # what was read before it was stopped can be found

    def _ask_search(self) -> None:
        if not self.query.search.parts:
            return
        self._searching.ask(
            self._show_result,
            search_texts,
            SearchRequest(self.query.search, reads_missing=False),
            refused=self._refuse_search,
            progressed=self.results.show_progress,
        )

    def _stop(self) -> None:
        """Let the search be; what the model said so far is kept for the next time."""
        self._searching.forget()
        self.results.show_words(_("Stopped. Search again to go on."))

    def _show_result(self, result: SearchResult, *, is_asked: bool = True) -> None:
        words = self.query.search.words
        db = self.session.db if is_asked else None
        self.results.show_result(result, db, self.query.concepts, words)
        self._show_footer()

    def _show_frozen(self, saved: SavedSearch) -> None:
        self._searching.forget()
        self._is_frozen = True
        self.tabs.set_value(RESULTS)
        self._show_result(frozen_result(saved.input_ids, saved.scores))

    def _refuse(self, error: UserError) -> None:
        self.problem.say(f"{error} {error.next_step}")

    def _refuse_search(self, error: UserError) -> None:
        self._refuse(error)
        self._show_result(SearchResult((), None), is_asked=False)

    # -- keeping ----------------------------------------------------------------------------------
    def _save(self) -> None:
        title = _("Save this search")
        name = boxes.ask_text(self.window(), title, _("Name"), act=_("Save"))
        if name and self._do(keep_search, SavedSearch(name, self.query.search)):
            self.footer.set_note(_("The search is kept under “Saved”."), "good", "circle-check")

    def _freeze(self) -> None:
        title = _("Keep these texts as a dataset")
        name = boxes.ask_text(self.window(), title, _("Name"), act=_("Freeze"))
        if not name:
            return
        search, result = self.query.search, self.results.result
        keep = partial(self._keep_found, name, search)
        if result.n_known == len(result.found):
            keep(result)
            return
        request = SearchRequest(search, result.n_known, reads_missing=False)
        self._searching.ask(keep, search_texts, request, refused=self._refuse)

    def _keep_found(self, name: str, search: Search, result: SearchResult) -> None:
        """Make a dataset of all that was found, not only of what is listed."""
        kept = frozen_search(name, search, result)
        if self._do(keep_search, FreezeSearchRequest(kept)):
            words = _("“{name}” is a dataset now. Ctrl+Z takes it back.")
            self.footer.set_note(words.format(name=name), "good", "circle-check")

    # -- topics and map ---------------------------------------------------------------------------
    def _sort(self, n_topics: int) -> None:
        request = TopicsRequest(self.query.wanted, n_topics)
        self._start(find_topics, request, self.topics, _("Sorting texts into topics"))

    def _look_at_topics(self) -> None:
        self._looking.ask(
            self._show_topics,
            look_at_topics,
            LookRequest(self.topics.since_day),
            refused=self._refuse,
        )

    def _show_topics(self, view: TopicsView) -> None:
        self.topics.show_view(view, self.session.db, self.query.concepts)
        self._show_footer()

    def _look_at_map(self) -> None:
        self._looking.ask(self._show_map, look_at_map, self.map.look, refused=self._refuse)

    def _show_map(self, view: MapStand) -> None:
        self.map.show_view(view, self.session.db, self.query.concepts)
        self._show_footer()

    def _draw(self) -> None:
        self._start(draw_map, MapRequest(self.query.wanted), self.map, _("Drawing the map"))

    def _start(
        self,
        operation: Callable[..., Any],
        request: object,
        page: TopicsPage | MapPage,
        title: str,
    ) -> None:
        """Start what takes long; its page shows what came of it."""
        self.problem.say("")
        page.show_words(_("{what}…").format(what=title))
        task = self.session.start(operation, request, title=title)
        task.failed.connect(
            lambda error: self._refuse(error) if isinstance(error, UserError) else None
        )
        begin = page.sort if isinstance(page, TopicsPage) else page.draw
        begin.set_enabled(enabled=False, why_not=_("This is being done."))
        task.ended.connect(lambda: begin.set_enabled(enabled=True))
        task.ended.connect(lambda: page.show_words(""))
        task.ended.connect(lambda: self._show_tab(self.tabs.value))

    # -- labelling --------------------------------------------------------------------------------
    def ids(self) -> tuple[int, ...]:
        """Return the inputs that are selected on the open page."""
        page = (self.results, self.topics, self.map)[self.tabs.value]
        return page.ids()

    def pick_concept(self) -> None:
        """Let a concept be chosen for the selected texts."""
        if self.ids():
            self.picker.open_below(self.label, list_concepts(self.session.db), ())

    def label_as(self, concept: str) -> None:
        """Say that the selected texts are about a concept: one step of undo."""
        ids = self.ids()
        request = AnnotateRequest(ids, concept)
        if len(ids) > MANY:
            self.session.start(annotate, request, title=_("Changing texts"))
            return
        before = find_undoable(self.session.db)
        if self._do(annotate, request):
            step = find_undoable(self.session.db)
            if step and step != before:
                words = _("Done: {what}. Ctrl+Z takes it back.").format(what=step.name)
                self.footer.set_note(words, "good", "circle-check")

    def open_in_dataset(self) -> None:
        """Show the selected texts in the dataset."""
        if ids := self.ids():
            self.session.to_show = InputFilter(ids=ids)
            self.asked_for.emit("dataset")

    def _do(self, operation: Callable[..., Any], request: object) -> bool:
        try:
            self.session.do(operation, request)
        except UserError as error:
            boxes.show_error(self.window(), error)
            return False
        return True

    def _show_footer(self) -> None:
        n = len(self.ids())
        why_not = _("Select texts first.")
        self.label.set_enabled(enabled=n > 0, why_not=why_not)
        self.open.set_enabled(enabled=n > 0, why_not=why_not)
        words = ngettext("{n} text is selected.", "{n} texts are selected.", n)
        self.footer.set_note(words.format(n=number(n)) if n else why_not)


def _names() -> tuple[str, ...]:
    return _("Results"), _("Topics"), _("Map")
