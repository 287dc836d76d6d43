"""Results: the list of what was found, the text that is read, and what can be done with it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from core.i18n import _, ngettext
from core.jobs import Progress
from core.operations.search_texts import Found, SearchResult
from core.records import Concept
from core.storage.database import Database
from core.storage.inputs import get_inputs
from core.storage.searches import Meaning
from desktop.screens.explore.results_table import ResultsTable, Row
from desktop.theme.tokens import font
from desktop.widgets.buttons import button
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.hits import mark_hits
from desktop.widgets.layout import column, row
from desktop.widgets.long_edit import LongEdit
from desktop.widgets.text import Elided
from desktop.widgets.wording import number

READING_HEIGHT = 84  # pixels


class ResultsPage(QWidget):
    """Shows what was found. K looks for more like the selected texts, U for what is unlike them."""

    parts_asked = Signal(object)  # tuple of Meaning
    label_asked = Signal()
    open_asked = Signal()
    save_asked = Signal()
    freeze_asked = Signal()

    def __init__(self) -> None:
        """Have found nothing."""
        super().__init__()
        self.result = SearchResult((), None)
        self.count = Elided("", "small_strong")
        self.stop = button(_("Stop"), "small", "square", tip=_("Let this search be"))
        self.like = button(_("Like this"), "small", "plus", tip=_("Texts like the selected (K)"))
        self.unlike = button(_("Unlike this"), "small", "minus", tip=_("Unlike the selected (U)"))
        self.save = button(_("Save search…"), "small", "save", tip=_("Keep what is searched for"))
        self.freeze = button(
            _("Freeze…"), "small", "layers", tip=_("Keep these texts as a dataset of their own")
        )
        self.table = ResultsTable(_("What was found"))
        self.reading = LongEdit()
        self.reading.setReadOnly(True)
        self.reading.setTabChangesFocus(True)
        self.reading.setFont(font("body"))
        self.reading.setFixedHeight(READING_HEIGHT)
        self.reading.document().setDocumentMargin(0)  # it begins where the list does
        self.reading.setAccessibleName(_("The selected text"))
        self.empty = EmptyState(
            _("What do you look for?"),
            _("Type a sentence that means it and press Enter; narrow it as you like."),
            [
                Way("topics", "shapes", _("Topics"), _("See what the texts are about")),
                Way("map", "eye", _("Map"), _("See which texts stand together")),
            ],
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.acts = row(
            (self.count, 1), self.stop, self.like, self.unlike, self.save, self.freeze, gap=6
        )
        self._begin = column(None, row(None, self.empty, None), None, None)
        for part, stretch in ((self.acts, 0), (self._begin, 1), (self.table, 1), (self.reading, 0)):
            layout.addWidget(part, stretch)
        self._connect()
        self.show_result(self.result, None, {}, "")

    def show_result(
        self,
        result: SearchResult,
        db: Database | None,
        concepts: Mapping[int, Concept],
        searched: str,
    ) -> None:
        """Show what a search found, with its texts as they are now."""
        self.result = result
        self.stop.hide()
        known = {one.id: one for one in get_inputs(db, result.input_ids)} if db else {}
        rows = [
            Row(known[one.input_id], one.score, one.probability)
            for one in result.found
            if one.input_id in known
        ]
        self.table.show_rows(rows, concepts, searched)
        self.count.setText(_told(len(rows), result) if db else "")
        for part in (self.save, self.freeze):
            part.setEnabled(bool(db))
        self.freeze.setEnabled(bool(rows))
        self._begin.setVisible(db is None)
        self.acts.setVisible(db is not None)
        self.table.setVisible(db is not None)
        self._read()

    def show_words(self, words: str) -> None:
        """Say what happens, over the list of before."""
        self.count.setText(words)
        self.stop.hide()
        self._begin.hide()
        self.acts.show()
        self.table.show()

    def show_progress(self, progress: Progress) -> None:
        """Say how far a search is that takes its time, and offer to stop it."""
        if progress.total:
            words = _("{stage}: {done} of {all}")
            done, total = number(progress.done), number(progress.total)
            self.count.setText(words.format(stage=progress.stage, done=done, all=total))
            self.stop.show()

    def ids(self) -> tuple[int, ...]:
        """Return the inputs that are selected."""
        return tuple(one.shown.id for one in self.table.selected())

    def _connect(self) -> None:
        self.table.selectionModel().selectionChanged.connect(lambda *_a: self._read())
        self.table.row_opened.connect(lambda _row: self.open_asked.emit())
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.like.clicked.connect(lambda: self._ask(is_negated=False))
        self.unlike.clicked.connect(lambda: self._ask(is_negated=True))
        self.save.clicked.connect(self.save_asked)
        self.freeze.clicked.connect(self.freeze_asked)
        for keys, act in (
            ("K", lambda: self._ask(is_negated=False)),
            ("U", lambda: self._ask(is_negated=True)),
            ("L", self.label_asked.emit),
            ("O", self.open_asked.emit),
        ):
            action = self.table.addAction("", QKeySequence(keys), act)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def _read(self) -> None:
        """Show the whole text that is selected."""
        chosen = self.table.selected()
        for part in (self.like, self.unlike):
            part.setEnabled(bool(chosen))
        self.reading.setVisible(bool(chosen))
        if chosen:
            self.reading.setPlainText(chosen[-1].shown.text)
            mark_hits(self.reading, self.table.results.searched)

    def _ask(self, *, is_negated: bool) -> None:
        chosen = self.table.selected()
        if chosen:
            parts = (Meaning(one.shown.text, is_negated, one.shown.id) for one in chosen)
            self.parts_asked.emit(tuple(parts))

    def _open_menu(self, point: QPoint) -> None:
        if not self.table.selected():
            return
        menu = QMenu(self)
        menu.setFont(font("body"))
        menu.addAction(_("Label as…")).triggered.connect(self.label_asked)
        menu.addAction(_("Find texts like this")).triggered.connect(
            lambda: self._ask(is_negated=False)
        )
        menu.addAction(_("Find texts unlike this")).triggered.connect(
            lambda: self._ask(is_negated=True)
        )
        menu.addAction(_("Open in the dataset")).triggered.connect(self.open_asked)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.table.viewport().mapToGlobal(point))


def frozen_result(input_ids: Sequence[int], scores: Sequence[float]) -> SearchResult:
    """Return what a frozen search had found, as a result."""
    known: Sequence[float | None] = scores or [None] * len(input_ids)
    found = tuple(Found(*both) for both in zip(input_ids, known, strict=True))
    return SearchResult(found, len(found))


def _told(n_shown: int, result: SearchResult) -> str:
    if not n_shown:
        return _("No text matches.")
    if result.n_matching is None:
        words = ngettext("The best {n} text", "The best {n} texts", n_shown)
        return words.format(n=number(n_shown))
    if result.n_matching > n_shown:
        words = _("The first {n} of {all} texts that match")
        return words.format(n=number(n_shown), all=number(result.n_matching))
    words = ngettext("{n} text matches", "{n} texts match", n_shown)
    return words.format(n=number(n_shown))
