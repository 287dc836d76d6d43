"""The texts of the app: drop zone, filters, list, and the selected text beside it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.operations.edit_inputs import TextEdits, edit_inputs
from core.operations.freeze_dataset import FreezeRequest, FreezeResult, freeze_dataset
from core.records import Dataset
from core.storage.annotations import list_label_events
from core.storage.concepts import list_concepts
from core.storage.datasets import list_datasets, list_datasets_of
from core.storage.filters import InputFilter, Sort, count_inputs
from core.storage.searches import Search
from core.storage.versions import list_versions
from desktop.finding import Finder
from desktop.screens.dataset.actions import InputActions
from desktop.screens.dataset.bulk_bar import BulkBar
from desktop.screens.dataset.counts_line import CountsLine
from desktop.screens.dataset.filters import FilterBar
from desktop.screens.dataset.input_table import InputTable, InputTableModel
from desktop.screens.dataset.inspector import Details, Inspector
from desktop.screens.dataset.list_layout import ListLayout
from desktop.screens.dataset.list_menu import ListMenu
from desktop.screens.dataset.page import Page
from desktop.screens.dataset.saved_filters import SavedFilters
from desktop.screens.dataset.target_stand import TargetStand, stand_of_targets, target_words
from desktop.session import Session
from desktop.widgets.buttons import Button, button
from desktop.widgets.choices import Select
from desktop.widgets.text import text
from desktop.widgets.wording import day, number

GROW_MS = 400  # how often the list looks for more while an import runs


class ListPage(Page):
    """Every text can be found, read, labelled, corrected and deleted here."""

    dropped = Signal(list)  # of Path
    way_chosen = Signal(str)  # "file", "folder" or "text"
    next_asked = Signal()
    screen_asked = Signal(str)  # the name of another screen
    bin_asked = Signal()
    export_asked = Signal(object)  # InputFilter

    def __init__(self, session: Session) -> None:
        """Show nothing yet; `look_again` reads the app."""
        super().__init__()
        self.session = session
        self.datasets: list[Dataset] = []
        self.n_all = 0  # inputs in the app
        self.targets = TargetStand()
        self.model = InputTableModel(session.db, self)
        self.table = InputTable(self.model)
        self.filters, self.inspector = FilterBar(), Inspector()
        self.finder, self.counts = Finder(session, self), CountsLine(session)
        self.verbs = InputActions(session, self.table, self)
        self.bulk, self.menu = BulkBar(self.verbs), ListMenu(session)
        self.saved = SavedFilters(session, self.filters)
        self.ways: dict[str, Button] = {}  # that texts come in
        self.chooser = Select(name=_("Dataset"), width=200)
        self.version = text("", "small", "ink_3")
        self.freeze = button(_("New version"), tip=_("Keep the texts and labels as they are now"))
        self.label_them = button(_("Label texts"), tip=_("Go through the unlabelled texts"))
        self.next = button(_("Next: Concepts"), "primary", "arrow-right", trailing=True)
        self._grow = QTimer(self, singleShot=True, interval=GROW_MS)
        self.parts = ListLayout(self)
        self._connect()

    def look_again(self) -> None:
        """Show the app as it is now."""
        db = self.session.db
        self.datasets = list_datasets(db)
        self.n_all = count_inputs(db)
        self._show_datasets()
        self.filters.set_concepts(list_concepts(db))
        self._show_targets()
        self.filters.set_counts(self.n_inputs, self._n_unlabelled())
        self.menu.look_again()
        self._show_version()
        self._show_footer()
        if self._take_to_show():
            return
        self.show_matches()

    @property
    def dataset(self) -> Dataset:
        """The dataset that is shown; the app's own where all texts are."""
        return self.shown_dataset or self.datasets[0]

    @property
    def shown_dataset(self) -> Dataset | None:
        """The dataset that the list is narrowed to."""
        chosen = self.chooser.currentData()
        return next((dataset for dataset in self.datasets if dataset.id == chosen), None)

    @property
    def n_inputs(self) -> int:
        """How many inputs there are to narrow: in the dataset that is shown, or in the app."""
        return self.shown_dataset.n_inputs if self.shown_dataset else self.n_all

    @property
    def has_anything(self) -> bool:
        """Whether there is anything to list, or to take out of the bin."""
        return bool(self.n_all or len(self.datasets) > 1 or self.menu.n_binned)

    @property
    def wanted(self) -> InputFilter:
        """What the list shows."""
        shown = self.shown_dataset
        return replace(self.filters.wanted, dataset_id=shown.id if shown else 0)

    def show_matches(self) -> None:
        """Read the list anew: what the filters leave."""
        self.verbs.wanted = self.wanted
        self.finder.look(self.wanted, self.model.order)

    def show_filter(self, wanted: InputFilter) -> None:
        """Show what another screen found."""
        with QSignalBlocker(self.chooser):
            self.chooser.setCurrentIndex(max(0, self.chooser.findData(wanted.dataset_id)))
        with QSignalBlocker(self.filters):
            self.filters.set_filter(replace(wanted, dataset_id=0))
        self._show_changed_filter()

    def grow_soon(self) -> None:
        """Look for more texts, but not more often than they can be read."""
        if self.isVisible() and not self._grow.isActive():
            self._grow.start()

    def ask_to_label(self, wanted: InputFilter) -> None:
        """Have the labelling screen go through these texts."""
        self.session.to_label = wanted
        self.screen_asked.emit("labelling")

    def _explore(self, wanted: Search) -> None:
        self.session.to_explore = wanted
        self.screen_asked.emit("explore")

    @override
    def first_focus(self) -> QWidget:
        return self.filters.search if self.table.isHidden() else self.table

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.datasets:
            self._take_to_show()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.parts.follow_size()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._grow.stop()  # the app may be closed before it is due
        if not event.spontaneous():  # not when the window is only made small
            self.inspector.keep_edit()

    # -- what leads where -------------------------------------------------------------------------
    def _connect(self) -> None:
        self.filters.changed.connect(self._show_changed_filter)
        self.parts.clear.clicked.connect(self.filters.clear)
        self.chooser.currentIndexChanged.connect(self._change_dataset)
        self.finder.found.connect(self._show_found)
        self.finder.waiting.connect(self._wait)
        self.freeze.clicked.connect(self._freeze)
        self.label_them.clicked.connect(self._label_unlabelled)
        self.next.clicked.connect(self.next_asked)
        self._grow.timeout.connect(self.show_matches)
        for part in (self.counts, self.bulk):
            part.all_asked.connect(self._select_all)
        self.bulk.left.connect(self.table.leave_several)
        for sorter in (self.counts.sort_chosen, self.table.sort_chosen):
            sorter.connect(self._sort)
        self.menu.bin_asked.connect(self.bin_asked)
        self.menu.export_asked.connect(lambda: self.export_asked.emit(self.wanted))
        self._connect_table()
        self._connect_inspector()

    def _connect_table(self) -> None:
        table, verbs = self.table, self.verbs
        table.chosen_changed.connect(self._show_selected)
        table.row_opened.connect(lambda _row: self.parts.open_inspector())
        table.customContextMenuRequested.connect(self._open_menu)
        verbs.anchor = self.parts.over_list
        verbs.done.connect(lambda words: self.footer.set_note(words, "good", "circle-check"))
        verbs.label_asked.connect(self.ask_to_label)
        verbs.export_asked.connect(self.export_asked)
        verbs.explore_asked.connect(self._explore)
        verbs.note_asked.connect(self._write_note)
        verbs.target_asked.connect(self._write_target)
        for keys, act in (
            ("Ctrl+F", self._search),
            ("Ctrl+L", lambda: self.ask_to_label(self.wanted)),
            ("F2", self._edit_text),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _connect_inspector(self) -> None:
        inspector, verbs = self.inspector, self.verbs
        inspector.concept_added.connect(verbs.label)
        inspector.concept_removed.connect(lambda name: verbs.label(name, positive=None))
        inspector.text_changed.connect(self._change_text)
        inspector.note_changed.connect(verbs.write_note)
        inspector.target_changed.connect(verbs.write_target)
        inspector.split_chosen.connect(verbs.split)
        inspector.delete_asked.connect(verbs.delete)
        inspector.closed.connect(self.parts.close_over)

    # -- what is shown ----------------------------------------------------------------------------
    def _show_datasets(self) -> None:
        """Offer the datasets where there is a choice: several, or texts that are in none."""
        known = [(_("All texts"), 0), *((dataset.name, dataset.id) for dataset in self.datasets)]
        chooser = self.chooser
        places = range(chooser.count())
        if known != [(chooser.itemText(i), chooser.itemData(i)) for i in places]:
            chosen = chooser.currentData()
            with QSignalBlocker(chooser):
                chooser.clear()
                for name, key in known:
                    chooser.addItem(name, key)
                chooser.setCurrentIndex(max(0, chooser.findData(chosen)))
        has_choice = len(self.datasets) > 1 or self.datasets[0].n_inputs < self.n_all
        if not has_choice:
            with QSignalBlocker(chooser):
                chooser.setCurrentIndex(0)  # asking for all is much quicker
        chooser.setVisible(has_choice)

    def _change_dataset(self) -> None:
        self.table.leave_all()
        self.look_again()

    def _show_changed_filter(self) -> None:
        self.table.leave_all()
        self.model.searched = self.filters.wanted.containing
        self.show_matches()

    def _take_to_show(self) -> bool:
        """Show what another screen asks for."""
        wanted, self.session.to_show = self.session.to_show, None
        if wanted is None:
            return False
        self.show_filter(wanted)
        return True

    def _show_found(self, ids: Sequence[int]) -> None:
        concepts = {concept.id: concept for concept in list_concepts(self.session.db)}
        self.table.show_inputs(ids, concepts)
        self.counts.show_counts(len(ids), max(self.n_inputs, len(ids)), self.wanted)
        self.parts.show_whether_empty(is_empty=not len(ids), is_narrowed=self.filters.is_narrowing)
        self._show_selected()

    def _wait(self) -> None:
        self.model.refresh()
        self.counts.show_searching()

    def _show_selected(self) -> None:
        table, n_selected = self.table, self.table.n_selected
        self.parts.show_bar(is_bulk=n_selected > 1)
        self.bulk.show_selected(n_selected, len(self.model.ids))
        one = table.selected_input()
        details = Details()
        if one:
            db = self.session.db
            details = Details(
                list_label_events(db, one.id),
                list_datasets_of(db, one.id),
                self.model.searched,
                self.targets.has_targets,
            )
        self.inspector.show_input(one, self.model.concepts, n_selected, details)

    def _show_version(self) -> None:
        versions = list_versions(self.session.db, self.dataset.id)
        words = _("No version yet")
        if versions:
            newest = versions[0]
            words = _("Version {n}, {day}").format(n=newest.number, day=day(newest.created))
        self.version.setText(words)
        self.freeze.set_enabled(
            enabled=self.dataset.n_inputs > 0, why_not=_("There are no texts to keep yet.")
        )

    def _n_unlabelled(self) -> int:
        """Return how many are not labelled yet, by the counters that the database keeps."""
        shown = self.shown_dataset
        if shown or (len(self.datasets) == 1 and self.datasets[0].n_inputs == self.n_inputs):
            return (shown or self.datasets[0]).n_unlabelled
        return count_inputs(self.session.db, InputFilter(labelling="unlabelled"))

    def _show_targets(self) -> None:
        """Give targets a line where there are any, and concepts their column where needed."""
        shown, n = self.shown_dataset, self.n_inputs
        is_whole = len(self.datasets) == 1 and self.datasets[0].n_inputs == n
        dataset_id = 0 if is_whole or not shown else shown.id  # asking for all is much quicker
        self.targets = stand_of_targets(self.session.db, dataset_id, n, self._n_unlabelled())
        has_concepts = not self.targets.is_all_there_is
        self.table.show_targets(has_targets=self.targets.has_targets, has_concepts=has_concepts)
        self.filters.unlabelled.setVisible(has_concepts)
        self.counts.tells_unlabelled = has_concepts

    def _show_footer(self) -> None:
        n, n_unlabelled = self.n_inputs, self._n_unlabelled()
        self.next.set_enabled(enabled=n > 0, why_not=_("Add at least one text first."))
        self.label_them.setVisible(n_unlabelled > 0 and not self.targets.is_all_there_is)
        if not n:
            self.footer.set_note(_("No texts yet."))
        elif self.targets.is_all_there_is:
            self.footer.set_note(*target_words(n - self.targets.n_targets))
        elif n_unlabelled:
            note = ngettext(
                "{n} text is not labelled yet. It is left out of training.",
                "{n} texts are not labelled yet. They are left out of training.",
                n_unlabelled,
            )
            self.footer.set_note(note.format(n=number(n_unlabelled)), "warn", "circle-alert")
        else:
            self.footer.set_note(_("Every text is labelled."))

    # -- what is done -----------------------------------------------------------------------------
    def _sort(self, sort: Sort) -> None:
        self.table.show_sort(sort)
        self.counts.show_sort(sort)
        if self.table.n_selected <= 1:  # most often nobody selected it
            self.table.go_to_top()
        self.show_matches()

    def _select_all(self) -> None:
        self.table.selectAll()
        self.table.setFocus()

    def _search(self) -> None:
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    def _label_unlabelled(self) -> None:
        self.ask_to_label(InputFilter(dataset_id=self.wanted.dataset_id, labelling="unlabelled"))

    def _open_menu(self, point: QPoint) -> None:
        self.verbs.open_menu(self.table.viewport().mapToGlobal(point))

    def _change_text(self, input_id: int, value: str) -> None:
        is_shown = self.table.selected_ids() == [input_id]
        if self.verbs.do(edit_inputs, TextEdits(((input_id, value),))):
            if is_shown:
                self.inspector.leave_editing()
        elif not is_shown and input_id in self.model.ids:  # back to what could not be kept
            self.table.selectRow(self.model.ids.index(input_id))
            self.inspector.edit_text(value)

    def _edit_text(self) -> None:
        self.parts.open_inspector()
        self.inspector.edit_text()

    def _write_target(self) -> None:
        self.parts.open_inspector()
        self.inspector.target.write()

    def _write_note(self) -> None:
        self.parts.open_inspector()
        self.inspector.facts.note.setFocus()

    def _freeze(self) -> None:
        title = _("Making a new version")
        task = self.session.start(freeze_dataset, FreezeRequest(self.dataset.name), title=title)
        task.succeeded.connect(self._tell_version)
        self.freeze.setEnabled(False)
        task.ended.connect(lambda: self.freeze.setEnabled(True))

    def _tell_version(self, result: FreezeResult) -> None:
        if not result.is_new:
            words = _("Nothing has changed since version {n}.").format(n=result.version.number)
            self.version.setText(words)
