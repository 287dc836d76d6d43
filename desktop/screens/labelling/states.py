"""What the screen says where there is no text to label: none yet, none found, or all done."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.storage.database import Database, TookTooLongError, within
from core.storage.filters import InputFilter, count_inputs
from desktop.screens.labelling.queue_filter import QueueFilter
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.layout import clip, column, row
from desktop.widgets.wording import counted_texts, number

PATIENCE_S = 0.2


class StatePage(QWidget):
    """Shows one of the states in the middle."""

    way_chosen = Signal(str)
    back_asked = Signal()

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.state: EmptyState | None = None
        self._holder = QVBoxLayout()
        self._holder.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        inner.setLayout(self._holder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(clip(column(None, row(None, inner, None), None, None)))

    def show_state(self, state: EmptyState) -> None:
        """Show another state."""
        if self.state is not None:
            self._holder.removeWidget(self.state)
            self.state.deleteLater()
        self.state = state
        self._holder.addWidget(state)
        state.way_chosen.connect(self.way_chosen)
        for way in state.ways:
            way.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_left = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Left
        if is_left and event.type() == QEvent.Type.KeyPress:
            self.back_asked.emit()  # a button would take it for itself
            return True
        return super().eventFilter(watched, event)

    def first_focus(self) -> QWidget | None:
        """Return the first way on."""
        return self.state.ways[0] if self.state and self.state.ways else None


def behind(db: Database, n_texts: int, n_queued: int, panel: QueueFilter) -> EmptyState:
    """Return what is shown where there is no text to label.

    The app has `n_texts`; `n_queued` of those that the panel asked for were gone through.
    """
    if not n_texts:
        return no_texts()
    return all_done(db, n_queued, panel.base) if n_queued else nothing_found(panel.wanted())


def no_texts() -> EmptyState:
    """Return what is shown where the app has no texts."""
    way = Way("dataset", "upload", _("Add texts"), _("From a file, or typed by hand."))
    return EmptyState(_("No texts yet"), _("Labelling begins with texts."), (way,))


def looking() -> EmptyState:
    """Return what is shown while the texts are looked for."""
    return EmptyState(_("Looking for texts…"), _("There are many; this takes a moment."), ())


def nothing_found(wanted: InputFilter) -> EmptyState:
    """Return what is shown where no text is as it was asked for."""
    ways = [_all()]
    if wanted == InputFilter(dataset_id=wanted.dataset_id, labelling="unlabelled"):
        lead = _("You can go through them again, or go on to training.")
        return EmptyState(_("Every text has a label"), lead, [_train(), *ways])
    lead = _("Nothing is lost; the other texts are only left out.")
    return EmptyState(_("No text is like that"), lead, ways)


def all_done(db: Database, n_texts: int, base: InputFilter) -> EmptyState:
    """Return what is shown behind the last text."""
    n_open = {kind: _count(db, replace(base, labelling=kind)) for kind in ("unsure", "skipped")}
    words = ngettext("That was the only text.", "You went through all {texts}.", n_texts).format(
        texts=counted_texts(n_texts)
    )
    ways: list[Way] = []
    if n := n_open["unsure"]:
        name = ngettext("Look at the one you are unsure of", "Look at the {n} unsure ones", n)
        note = _("You answered “unsure”; perhaps it is clearer now.")
        ways.append(Way("unsure", "circle-help", name.format(n=number(n)), note))
    if n := n_open["skipped"]:
        name = ngettext("Look at the one you skipped", "Look at the {n} skipped ones", n)
        note = _("Nothing was said there yet.")
        ways.append(Way("skipped", "circle-dashed", name.format(n=number(n)), note))
    return EmptyState(_("All done"), words, [*ways, _train()])


def _all() -> Way:
    return Way("all", "list", _("Go through all texts"), _("Whether they have a label or not."))


def _train() -> Way:
    return Way("train", "play", _("Train a model"), _("With the labels there are now."))


def _count(db: Database, wanted: InputFilter) -> int:
    try:
        with within(db, PATIENCE_S):
            return count_inputs(db, wanted)
    except TookTooLongError:
        return 0
