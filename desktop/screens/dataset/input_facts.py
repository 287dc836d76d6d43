"""What is known of the selected text: split, note, where it came from, its history."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.records import Input, LabelEvent
from desktop.screens.dataset.history import history_fold
from desktop.screens.dataset.text_field import TextField
from desktop.widgets.choices import Select
from desktop.widgets.filter_words import SPLITS, day_words
from desktop.widgets.fold import Fold
from desktop.widgets.layout import Hairline, Item, column, row
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import number

FACT_NAME, NOTE_HEIGHT, SHOWN_METADATA = 76, 64, 40
DAY_LENGTH = 10  # of ISO 8601


class Facts(QWidget):
    """Split and note can be changed; a note is kept when the keyboard leaves it."""

    note_changed = Signal(int, str)
    split_chosen = Signal(str)

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self._shown: Input | None = None
        self.history: Fold | None = None
        self._is_open = False
        self.split = Select(name=_("Split"))
        for value, words in SPLITS[1:]:
            self.split.addItem(_(words), "" if value == "none" else value)
        self.split.activated.connect(lambda: self.split_chosen.emit(self.split.currentData()))
        self.note = TextField(_("Note"), _("Write a note…"))
        self.note.setFixedHeight(NOTE_HEIGHT)
        self.note.edit.installEventFilter(self)
        self.note.confirmed.connect(self._keep_note)
        self._note = column(text(_("Note"), "small", "ink_3"), self.note, gap=4)
        self._facts = QWidget()
        facts = QVBoxLayout(self._facts)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(5)
        label = text(_("Split"), "small", "ink_3", width=FACT_NAME)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._whole = column(
            Hairline(), row(label, (self.split, 1)), self._note, self._facts, gap=12
        )
        layout.addWidget(self._whole)

    def show_input(
        self, shown: Input | None, events: Sequence[LabelEvent], datasets: Sequence[str]
    ) -> None:
        """Show one input; None leaves only what can be done to several."""
        is_same = shown is not None and self._shown is not None and shown.id == self._shown.id
        if not (is_same and self.unsaved_note()):
            self.note.set_text(shown.note if shown else "")
        self._shown = shown
        with QSignalBlocker(self.split):
            self.split.setCurrentIndex(self.split.findData(shown.split) if shown else -1)
        self.split.update()
        self._whole.setVisible(shown is not None)
        layout = self._emptied()
        self.history = None
        if shown is None:
            return
        for name, value in _facts_of(shown, datasets).items():
            if value:
                layout.addWidget(_fact(name, value))
        self.history = history_fold(events, is_open=self._is_open)
        self.history.opened.connect(self._note_open)
        layout.addWidget(self.history)

    def unsaved_note(self) -> tuple[int, str] | None:
        """Return the input with the note that was typed and not kept yet."""
        typed = self.note.text().strip()
        if self._shown is None or typed == self._shown.note.strip():
            return None
        return self._shown.id, typed

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._keep_note()
        return super().eventFilter(watched, event)

    def _keep_note(self) -> None:
        if unsaved := self.unsaved_note():
            self.note_changed.emit(*unsaved)

    def _note_open(self, is_open: bool) -> None:  # noqa: FBT001  # Qt's signal
        self._is_open = is_open

    def _emptied(self) -> QVBoxLayout:
        layout = self._facts.layout()
        assert isinstance(layout, QVBoxLayout)
        while item := layout.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        return layout


def _facts_of(shown: Input, datasets: Sequence[str]) -> dict[str, str]:
    n_chars = len(shown.text)
    length = ngettext("{n} character", "{n} characters", n_chars).format(n=number(n_chars))
    return {
        _("Dataset"): ", ".join(datasets) or _("In no dataset"),
        _("Source"): shown.source,
        _("Length"): length,
        _("Id"): shown.external_id,
        _("Added"): day_words(shown.added[:DAY_LENGTH]),
        **dict(list(shown.metadata.items())[:SHOWN_METADATA]),
    }


def _fact(name: str, value: str) -> QWidget:
    label = Elided(name, "small", "ink_3")
    label.setFixedWidth(FACT_NAME)
    items: list[Item] = [label, (Elided(value, "small", "ink_2"), 1)]
    return row(*items)
