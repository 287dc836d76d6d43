"""The selected text beside the list: whole, with its concepts and the facts about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.records import Concept, Input, LabelEvent
from desktop.screens.dataset.history import setters_of
from desktop.screens.dataset.input_facts import Facts
from desktop.screens.dataset.input_table import standing_of
from desktop.screens.dataset.target_field import TargetField
from desktop.screens.dataset.text_field import ReadingText, TextField
from desktop.theme.tokens import INSPECTOR, S3
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.concept_chip import Chip
from desktop.widgets.concept_picker import ConceptPicker
from desktop.widgets.hits import mark_hits
from desktop.widgets.layout import Hairline, Item, clip, column, row, surface
from desktop.widgets.painted import repaints, text_width
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wording import number

SHOWN_CHARS = 100_000  # a longer text would hold up the window; its beginning is shown
CHIP_WIDTH = INSPECTOR - 2 * S3 - 14
LEAST_TEXT, NO_LIMIT = 72, 16777215  # pixels; QWIDGETSIZE_MAX


@dataclass(frozen=True)
class Details:
    """What is known of one input besides what its row shows."""

    events: Sequence[LabelEvent] = ()
    datasets: Sequence[str] = ()
    searched: str = ""
    has_targets: bool = False  # any text of the app


class Inspector(QWidget):
    """Shows one input, or says how many are selected; asks for what shall be changed.

    Its signals carry no ids: they are about what is selected in the list. Only an edited text
    or note carries one, for it is also kept when another row is selected meanwhile.
    """

    concept_added = Signal(str)  # its name
    concept_removed = Signal(str)
    text_changed = Signal(int, str)
    note_changed = Signal(int, str)
    target_changed = Signal(int, str)
    split_chosen = Signal(str)
    delete_asked = Signal()
    closed = Signal()

    def __init__(self) -> None:
        """Show that nothing is selected."""
        super().__init__()
        self.shown: Input | None = None
        self._known: Mapping[int, Concept] = {}
        self._details = Details()
        self._n_selected = 0
        self._make_parts()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S3, 12, S3, 12)
        layout.setSpacing(0)
        tools = row(self.pencil, self.bin, self.cross, gap=0)
        layout.addWidget(row((self._title, 1), tools, gap=0))
        for part, stretch in ((self._texts, 2), (self._below, 3)):
            layout.addSpacing(8)
            layout.addWidget(part, stretch)
        layout.addStretch(0)
        self.show_input(None, {}, 0)

    def _make_parts(self) -> None:
        self._title = Elided("", "heading")
        self.pencil = icon_button("pencil", _("Edit text (F2)"))
        self.bin = icon_button("trash-2", _("Delete (Del)"))
        self.cross = icon_button("x", _("Close (Esc)"))
        self.cross.hide()
        self.reading = ReadingText(_("Selected text"))
        self.editing = TextField(_("Edit text"))
        self.save, cancel = button(_("Save text"), "small"), button(_("Cancel"), "small")
        self.picker = ConceptPicker(self)
        self.add = button(_("Add"), "link", "plus")
        self.add.setAccessibleName(_("Add a concept"))
        self.add.setToolTip(_("L in the list"))
        self._nothing = wrapped("", "small", "ink_3")
        self._texts = QStackedWidget()
        surface(self._texts, "clear")
        editor = column((self.editing, 1), row(self.save, cancel, None, gap=8), gap=8)
        for page in (self.reading, editor, column(self._nothing, None)):
            self._texts.addWidget(page)
        self._concepts, self.facts, self.target = QWidget(), Facts(), TargetField()
        self._below = self._lower_part()
        self.pencil.clicked.connect(lambda _on: self.edit_text())
        self.bin.clicked.connect(self.delete_asked)
        self.cross.clicked.connect(self.closed)
        self.save.clicked.connect(self._save)
        self.editing.confirmed.connect(self._save)
        cancel.clicked.connect(self.leave_editing)
        self.add.clicked.connect(self.add_concept)
        self.picker.picked.connect(self.concept_added)
        self.facts.note_changed.connect(self.note_changed)
        self.target.target_changed.connect(self.target_changed)
        self.facts.split_chosen.connect(self.split_chosen)

    def _lower_part(self) -> QWidget:
        layout = QVBoxLayout(self._concepts)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        head = row(text(_("Concepts"), "small_strong"), None, self.add)
        inside = column(
            *(self.target, 12, head, 4, self._concepts, 12, self.facts, None),
            gap=0,
            margins=(0, 0, 6, 0),
        )
        return column(Hairline(), (clip(inside), 1), gap=0)

    def show_input(
        self,
        shown: Input | None,
        concepts: Mapping[int, Concept],
        n_selected: int,
        details: Details = Details(),  # frozen
    ) -> None:
        """Show the one selected input, or None and how many are selected."""
        is_same = shown is not None and self.shown is not None and shown.id == self.shown.id
        is_editing, unsaved = is_same and self._is_editing(), None if is_same else self._unsaved()
        note = None if is_same else self.facts.unsaved_note()
        target = None if is_same else self.target.unsaved()
        self.shown, self._known, self._n_selected = shown, concepts, n_selected
        self._details = details
        self._title.setText(_selected(n_selected) if n_selected > 1 else _("Selected text"))
        self.pencil.setVisible(shown is not None)
        self.bin.setVisible(n_selected > 0)
        self._below.setVisible(n_selected > 0)
        if not is_editing:
            self._show_text(shown)
        self._show_concepts()
        self.target.show_input(shown, has_targets=details.has_targets)
        self.facts.show_input(shown, details.events, details.datasets)
        if unsaved:
            self.text_changed.emit(*unsaved)
        if note:
            self.note_changed.emit(*note)
        if target:
            self.target_changed.emit(*target)

    def edit_text(self, value: str = "") -> None:
        """Turn the text into a field; `value` is what an earlier try to save it left."""
        if self.shown and len(self.shown.text) <= SHOWN_CHARS:
            self.editing.set_text(value or self.shown.text)
            self._texts.setCurrentIndex(1)
            self._texts.setMaximumHeight(NO_LIMIT)
            self.editing.setFocus()
            self.editing.edit.moveCursor(QTextCursor.MoveOperation.End)

    def keep_edit(self) -> None:
        """Keep a text, note or target that was edited and not saved yet."""
        if unsaved := self._unsaved():
            self.leave_editing()
            self.text_changed.emit(*unsaved)
        if note := self.facts.unsaved_note():
            self.note_changed.emit(*note)
        if target := self.target.unsaved():
            self.target_changed.emit(*target)

    def leave_editing(self) -> None:
        """Show the text again as it is kept."""
        self._show_text(self.shown)
        self.pencil.setFocus()

    def add_concept(self) -> None:
        """Offer the concepts that the text does not carry yet."""
        if self._n_selected:
            taken = [self._known[i].name for i in self._positive() if i in self._known]
            self.picker.open_below(self.add, list(self._known.values()), taken)

    def set_closable(self, *, closable: bool) -> None:
        """Have a cross where the inspector stands over the list."""
        self.cross.setVisible(closable)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_editing():
            self.leave_editing()
        elif event.key() == Qt.Key.Key_Escape and not self.cross.isHidden():
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_text()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if repaints(event) and self._n_selected:
            mark_hits(self.reading, self._details.searched)

    def _is_editing(self) -> bool:
        return self._texts.currentIndex() == 1

    def _unsaved(self) -> tuple[int, str] | None:
        """Return the id of the edited input with its new text, or None if nothing was changed."""
        value = self.editing.text().strip()
        if not self._is_editing() or self.shown is None or value in {"", self.shown.text.strip()}:
            return None
        return self.shown.id, value

    def _positive(self) -> tuple[int, ...]:
        return self.shown.positive if self.shown else ()

    def _show_text(self, shown: Input | None) -> None:
        if shown is None:
            several = _("What you do here is done to all of them.")
            self._nothing.setText(several if self._n_selected else _("Select a text in the list."))
            self._texts.setCurrentIndex(2)
            self._fit_text()
            return
        whole = shown.text
        self.reading.set_text(whole[:SHOWN_CHARS] + ("…" if len(whole) > SHOWN_CHARS else ""))
        mark_hits(self.reading, self._details.searched)
        self.pencil.setEnabled(len(whole) <= SHOWN_CHARS)
        self._texts.setCurrentIndex(0)
        self._fit_text()

    def _fit_text(self) -> None:
        """Give a short text only the room it needs; what is left is for the facts."""
        height = {0: self.reading.document().size().height() + 6, 2: 48.0}
        wanted = height.get(self._texts.currentIndex(), float(NO_LIMIT))
        self._texts.setMaximumHeight(max(LEAST_TEXT, min(NO_LIMIT, round(wanted))))

    def _show_concepts(self) -> None:
        setters = setters_of(self._details.events)
        items = [self._chip(c, setters) for c in self._found(self._positive())]
        if not items and self.shown:
            words, tone = standing_of(self.shown)
            items = [text(words, "small", tone)]
        if self.shown and self.shown.negative:
            items.append(text(_("Not about"), "small", "ink_3"))
            items += [self._chip(c, setters) for c in self._found(self.shown.negative)]
        layout = self._concepts.layout()
        assert isinstance(layout, QVBoxLayout)
        while item := layout.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for part in items:
            layout.addWidget(part)
            part.show()  # or it has no height before the next turn of the event loop

    def _found(self, ids: Sequence[int]) -> list[Concept]:
        return [self._known[i] for i in ids if i in self._known]

    def _chip(self, concept: Concept, setters: Mapping[str, str]) -> QWidget:
        setter = setters.get(concept.name, "")
        width = CHIP_WIDTH - (round(text_width(setter, "caption")) + 8 if setter else 0)
        chip = Chip(concept.name, concept.colour, most=width, removable=True)
        chip.removed.connect(lambda: self.concept_removed.emit(concept.name))
        items: list[Item] = [chip, None]
        return row(*items, *([text(setter, "caption", "ink_3")] if setter else []), gap=4)

    def _save(self) -> None:
        if self.shown and self.editing.text().strip() != self.shown.text:
            self.text_changed.emit(self.shown.id, self.editing.text())
        else:
            self.leave_editing()


def _selected(count: int) -> str:
    return ngettext("{n} text selected", "{n} texts selected", count).format(n=number(count))
