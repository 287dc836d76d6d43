"""The line over the list: how many texts it shows, what they are kept for, in which order."""

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.i18n import _
from core.operations.count_inputs import Counts, count_listed, read_counts
from core.storage.database import TookTooLongError, within
from core.storage.filters import InputFilter, Sort
from desktop.runner import Task
from desktop.screens.dataset.sorting import name_of, sort_menu
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.filter_words import SPLITS
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import counted_texts, number

PATIENCE_S = 0.02
HEIGHT = 36


class CountsLine(QWidget):
    """Counts that never make anybody wait: what takes longer is counted in the background."""

    sort_chosen = Signal(object)  # Sort
    all_asked = Signal()

    def __init__(self, session: Session) -> None:
        """Count nothing yet."""
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self._session = session
        self._task: Task | None = None
        self._sort = Sort()
        self.tells_unlabelled = True
        self._is_slow = False  # the list took its time, and counting will
        self.shown, self.details = text("", "small_strong"), Elided("", "small", "ink_3")
        self.select_all = button("", "link", tip=_("Ctrl+A in the list"))
        self.order = button(name_of(self._sort), "quiet", "chevron-down", trailing=True)
        self.order.clicked.connect(self._open_menu)
        self.select_all.clicked.connect(self.all_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.shown)
        layout.addWidget(self.select_all)
        layout.addWidget(self.details, 1)
        layout.addWidget(self.order)

    def show_searching(self) -> None:
        """Say that the answer takes a moment."""
        self._is_slow = True
        self.shown.setText(_("Searching…"))
        self.details.setText("")
        self.select_all.hide()

    def show_counts(self, n_shown: int, n_all: int, wanted: InputFilter) -> None:
        """Say how many of all are shown; how they are labelled and split follows."""
        of_all = _("{n} of {texts}").format(n=number(n_shown), texts=counted_texts(n_all))
        self.shown.setText(of_all if n_shown != n_all else counted_texts(n_all))
        self.select_all.setText(_("Select all {n}").format(n=number(n_shown)))
        self.select_all.setVisible(n_shown > 1)
        self._forget()
        if not n_shown:
            self.details.setText("")
            return
        patience_s, self._is_slow = 0.0 if self._is_slow else PATIENCE_S, False
        try:
            with within(self._session.db, patience_s):
                self._show(read_counts(self._session.db, wanted))
        except TookTooLongError:
            self.details.setText("")  # those of another list
            self._task = self._session.ask(count_listed, wanted)
            self._task.succeeded.connect(self._show)

    def show_sort(self, sort: Sort) -> None:
        """Say in which order the list is."""
        self._sort = sort
        self.order.setText(name_of(sort))

    def _show(self, counts: Counts) -> None:
        self._task = None
        parts = []
        if counts.n_unlabelled and self.tells_unlabelled:
            parts.append(_("{n} unlabelled").format(n=number(counts.n_unlabelled)))
        if counts.splits.keys() - {""}:  # who uses no splits is not told about them
            parts += [
                f"{_(words)} {number(counts.splits[key])}"
                for value, words in SPLITS[1:]
                if counts.splits.get(key := "" if value == "none" else value)
            ]
        self.details.setText(" · ".join(parts))

    def _forget(self) -> None:
        if self._task:
            self._task.blockSignals(True)  # noqa: FBT003  # Qt's own signature
            self._task.stop()
            self._task = None

    def _open_menu(self) -> None:
        menu = sort_menu(self, self._sort)
        menu.triggered.connect(self._choose)
        menu.popup(self.order.mapToGlobal(QPoint(0, self.order.height() + 2)))

    def _choose(self, action: QAction) -> None:
        self.sort_chosen.emit(action.data())
