"""The texts of the app: drop zone, filters, list, and the selected text beside it."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.edit_inputs import InputDeletion, TextEdit, edit_inputs
from core.operations.freeze_dataset import FreezeRequest, FreezeResult, freeze_dataset
from core.records import Dataset
from core.storage.concepts import list_concepts
from core.storage.datasets import list_datasets, list_versions
from core.storage.inputs import list_input_ids
from desktop import boxes
from desktop.screens.dataset.filters import FilterBar
from desktop.screens.dataset.input_table import InputTable, InputTableModel
from desktop.screens.dataset.inspector import Inspector
from desktop.screens.dataset.page import Page
from desktop.session import Session
from desktop.theme.tokens import INSPECTOR, S2, S4
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.footer import FooterBar
from desktop.widgets.icon import Icon
from desktop.widgets.layout import Hairline, column, hide_below, row, surface
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import day, number

NARROW = 1160  # below, the inspector leaves the list its room
OVER_WIDTH = 360
MANY = 500  # inputs, from which a change is a job
GROW_MS = 400  # how often the list looks for more while an import runs


class ListPage(Page):
    """Every text can be found, read, labelled, corrected and deleted here."""

    dropped = Signal(list)  # of Path
    way_chosen = Signal(str)  # "file", "folder" or "text"
    next_asked = Signal()

    def __init__(self, session: Session) -> None:
        """Show nothing yet; `look_again` reads the app."""
        super().__init__()
        self.session = session
        self.datasets: list[Dataset] = []
        self.model = InputTableModel(session.db, self)
        self.table = InputTable(self.model)
        self.filters = FilterBar()
        self.inspector = Inspector()
        self.chooser = Select(name=_("Dataset"), width=200)
        self.version = text("", "small", "ink_3")
        self.freeze = button(_("New version"), tip=_("Keep the texts and labels as they are now"))
        self.label_them = button(_("Show them"))
        self.next = button(_("Next: Concepts"), "primary", "arrow-right", trailing=True)
        self._grow = QTimer(self, singleShot=True, interval=GROW_MS)
        self._build()
        self._connect()

    def look_again(self) -> None:
        """Show the app as it is now."""
        db = self.session.db
        self.datasets = list_datasets(db)
        self._show_datasets()
        self.filters.set_concepts(list_concepts(db))
        dataset = self.dataset
        self.filters.set_counts(dataset.n_inputs, dataset.n_unlabelled)
        self._show_version()
        self._show_footer()
        self.show_matches()

    @property
    def dataset(self) -> Dataset:
        """The dataset that is shown."""
        return self.datasets[max(0, self.chooser.currentIndex())]

    def show_matches(self) -> None:
        """Read the list anew: what the filters leave."""
        db = self.session.db
        dataset_id = self.dataset.id if len(self.datasets) > 1 else 0  # 0 is much quicker
        ids = list_input_ids(db, self.filters.wanted(dataset_id))
        concepts = {concept.id: concept for concept in list_concepts(db)}
        self.table.show_inputs(ids, concepts)
        narrowed = self.filters.is_narrowing()
        self._none.setText(
            _("No text matches. Search for less, or clear the filters.")
            if narrowed
            else _("No texts yet. They appear here as soon as they are added.")
        )
        self.clear.setVisible(narrowed)
        self.table.setVisible(bool(len(ids)))
        self._nothing.setVisible(not len(ids))
        self._show_selected()

    def grow_soon(self) -> None:
        """Look for more texts, but not more often than they can be read."""
        if self.isVisible() and not self._grow.isActive():
            self._grow.start()

    def show_unlabelled(self) -> None:
        """Show the texts that have no concept."""
        self.filters.clear()
        self.filters.unlabelled.setChecked(True)

    @override
    def first_focus(self) -> QWidget:
        return self.filters.search if self.table.isHidden() else self.table

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._over.isHidden():
            self._place_over()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._grow.stop()  # the app may be closed before it is due
        if not event.spontaneous():  # not when the window is only made small
            self.inspector.keep_edit()

    # -- parts ------------------------------------------------------------------------------------
    def _build(self) -> None:
        self.clear = button(_("Clear the filters"), "link")
        self._none = wrapped("", "body", "ink_2")
        self._nothing = column(32, self._none, row(self.clear, None), None, gap=4)
        title = row(
            *(text(_("Dataset"), "title"), self.chooser, self.version, None, self.freeze), gap=12
        )
        left = column(
            *(title, 12, self._drop_zone(), 12, self.filters, 6),
            *((self.table, 1), (self._nothing, 1)),
            gap=0,
            margins=(S4, 12, S2, 0),
        )
        self._dock = hide_below(QWidget(), NARROW)
        self._dock.setFixedWidth(INSPECTOR)
        self._dock_layout = QVBoxLayout(self._dock)
        self._dock_layout.setContentsMargins(0, 0, 0, 0)
        self._dock_layout.addWidget(self.inspector)
        line = hide_below(Hairline(vertical=True), NARROW)
        self.lay_out(row((left, 1), line, self._dock, gap=0), FooterBar(self.label_them, self.next))
        self._over = QWidget(self)
        surface(self._over, "page").hide()
        self._over_layout = QHBoxLayout(self._over)
        self._over_layout.setContentsMargins(0, 0, 0, 0)
        self._over_layout.setSpacing(0)
        self._over_layout.addWidget(Hairline(vertical=True))

    def _drop_zone(self) -> DropZone:
        file, folder = button(_("choose a file"), "link"), button(_("a folder"), "link")
        typed = button(_("type a text"), "link")
        for way, key in ((file, "file"), (folder, "folder"), (typed, "text")):
            way.clicked.connect(lambda _on=False, key=key: self.way_chosen.emit(key))
        self.ways = {"file": file, "folder": folder, "text": typed}
        zone = DropZone(
            row(
                *(Icon("file-plus-2", "ink_2", 18), 2),
                *(text(_("Drop a CSV, TSV or text file here, or"), "small", "ink_2"), file),
                *(text(_("or"), "small", "ink_2"), folder),
                *(text(_("or"), "small", "ink_2"), typed, None),
                gap=5,
            ),
            48,
        )
        zone.dropped.connect(self.dropped)
        return zone

    def _connect(self) -> None:
        self.filters.changed.connect(self.show_matches)
        self.clear.clicked.connect(self.filters.clear)
        self.chooser.currentIndexChanged.connect(self.look_again)
        self.freeze.clicked.connect(self._freeze)
        self.label_them.clicked.connect(self.show_unlabelled)
        self.next.clicked.connect(self.next_asked)
        self._grow.timeout.connect(self.show_matches)
        self.table.selectionModel().selectionChanged.connect(self._show_selected)
        self.table.row_opened.connect(self._open_row)
        self.inspector.concept_added.connect(self._label)
        self.inspector.concept_removed.connect(self._unlabel)
        self.inspector.text_changed.connect(self._change_text)
        self.inspector.delete_asked.connect(self._delete)
        self.inspector.closed.connect(self._close_over)
        for keys, act in (
            ("Ctrl+F", self.filters.search.setFocus),
            ("Ctrl+L", self.inspector.add_concept),
            ("F2", self._edit_text),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        delete = QShortcut(QKeySequence("Del"), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._delete)

    # -- what is shown ----------------------------------------------------------------------------
    def _show_datasets(self) -> None:
        names = [dataset.name for dataset in self.datasets]
        if names != [self.chooser.itemText(i) for i in range(self.chooser.count())]:
            chosen = self.chooser.currentText()
            with QSignalBlocker(self.chooser):
                self.chooser.clear()
                self.chooser.addItems(names)
                self.chooser.setCurrentIndex(max(0, self.chooser.findText(chosen)))
        self.chooser.setVisible(len(names) > 1)

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

    def _show_footer(self) -> None:
        n, n_unlabelled = self.dataset.n_inputs, self.dataset.n_unlabelled
        self.next.set_enabled(enabled=n > 0, why_not=_("Add at least one text first."))
        self.label_them.setVisible(n_unlabelled > 0)
        if not n:
            self.footer.set_note(_("No texts yet."))
        elif n_unlabelled:
            note = ngettext(
                "{n} text has no concept. It is left out of training.",
                "{n} texts have no concept. They are left out of training.",
                n_unlabelled,
            )
            self.footer.set_note(note.format(n=number(n_unlabelled)), "warn", "circle-alert")
        else:
            self.footer.set_note(_("Every text has a concept."))

    def _show_selected(self) -> None:
        ids = self.table.selected_ids()
        row_of_one = self.table.currentIndex().row() if len(ids) == 1 else -1
        one = self.model.input_at(row_of_one) if row_of_one >= 0 else None
        if one and one.id != ids[0]:  # the current row is not the selected one
            one = self.model.input_at(self.model.ids.index(ids[0]))
        self.inspector.show_input(one, self.model.concepts, len(ids))

    # -- the inspector over the list, where the window is narrow ----------------------------------
    def _open_row(self, _row: int) -> None:
        if not self._dock.isHidden():
            self.inspector.reading.setFocus()
            return
        self._over_layout.addWidget(self.inspector, 1)
        self.inspector.set_closable(closable=True)
        self._place_over()
        self._over.show()
        self._over.raise_()
        self.inspector.add.setFocus()

    def _place_over(self) -> None:
        if not self._dock.isHidden():
            self._close_over()
            return
        height = self.height() - self.footer.height() - 1
        self._over.setGeometry(self.width() - OVER_WIDTH, 0, OVER_WIDTH, height)

    def _close_over(self) -> None:
        self._dock_layout.addWidget(self.inspector)
        self.inspector.set_closable(closable=False)
        self._over.hide()
        self.table.setFocus()

    # -- what is done -----------------------------------------------------------------------------
    def _label(self, concept: str) -> None:
        self._annotate(AnnotateRequest(tuple(self.table.selected_ids()), concept))

    def _unlabel(self, concept: str) -> None:
        ids = tuple(self.table.selected_ids())
        self._annotate(AnnotateRequest(ids, concept, positive=None))

    def _annotate(self, request: AnnotateRequest) -> None:
        self._do(annotate, request, len(request.input_ids), _("Labelling texts"))

    def _change_text(self, input_id: int, value: str) -> None:
        is_shown = self.table.selected_ids() == [input_id]
        if self._do(edit_inputs, TextEdit(input_id, value), 1, ""):
            if is_shown:
                self.inspector.leave_editing()
        elif not is_shown and input_id in self.model.ids:  # back to what could not be kept
            self.table.selectRow(self.model.ids.index(input_id))
            self.inspector.edit_text(value)

    def _edit_text(self) -> None:
        self._open_row(self.table.currentIndex().row())
        self.inspector.edit_text()

    def _delete(self) -> None:
        ids = tuple(self.table.selected_ids())
        if not ids:
            return
        n = len(ids)
        act = ngettext("Delete {n} text", "Delete {n} texts", n).format(n=number(n))
        meaning = _("Their labels go with them. Versions that you made keep their copies.")
        if boxes.ask(self.window(), f"{act}?", meaning, act):
            self._do(edit_inputs, InputDeletion(ids), n, _("Deleting texts"))

    def _do(self, operation: Callable[..., object], request: object, n: int, title: str) -> bool:
        """Do a verb at once, or in the background where it concerns many texts.

        Returns:
            False if it was refused; the analyst has been told why.
        """
        if n > MANY:
            self.session.start(operation, request, title=title)
            return True
        try:
            self.session.do(operation, request)
        except UserError as error:
            boxes.show_error(self.window(), error)
            return False
        return True

    def _freeze(self) -> None:
        title = _("Making a new version")
        task = self.session.start(freeze_dataset, FreezeRequest(self.dataset.name), title=title)
        task.succeeded.connect(self._tell_version)
        self.freeze.setEnabled(False)
        task.ended.connect(self._show_version_button)

    def _show_version_button(self) -> None:
        self.freeze.setEnabled(True)

    def _tell_version(self, result: FreezeResult) -> None:
        if not result.is_new:
            words = _("Nothing has changed since version {n}.").format(n=result.version.number)
            self.version.setText(words)
