"""“Is that right?”: keeps a tried text with its concepts, or with those that the analyst says."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.operations.try_text import TryResult
from core.records import Concept
from desktop.widgets.buttons import button
from desktop.widgets.concept_chip import Chip
from desktop.widgets.concept_picker import ConceptPicker
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, column, row
from desktop.widgets.text import text, wrapped

WIDTH = 304


class Feedback(QWidget):
    """Asks whether an answer is right; where a text may have several concepts, all are corrected.

    Attributes:
        said: the concepts that a correction has so far.
    """

    told = Signal(tuple, tuple)  # names of the concepts it has, and of those it has not

    def __init__(self) -> None:
        """Ask about no answer yet."""
        super().__init__()
        self._result: TryResult | None = None
        self._concepts: list[Concept] = []
        self.said: list[str] = []
        self.yes = button(_("Yes, add to dataset"), "small", "check")
        self.no = button(_("No, correct it"), "small")
        self.more = button(_("Concept"), "small", "plus")
        self.add = button(_("Add to dataset"), "small", "check")
        self.picker = ConceptPicker(self)
        self.asks = text(_("Is that right?"), "small_strong")
        self.question = column(self.asks, row(self.yes, self.no, None), gap=8)
        self.chips = QVBoxLayout()
        self.chips.setSpacing(4)
        chips = QWidget()
        chips.setLayout(self.chips)
        self.chips.setContentsMargins(0, 0, 0, 0)
        self.correction = column(
            text(_("What is it about?"), "small_strong"), chips, row(self.more, self.add, None)
        )
        self._words = wrapped("", "small", "good")
        self.thanks = row((Icon("circle-check", "good", 16), TOP), (self._words, 1))
        self.thanks.setMaximumWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.question, self.correction, self.thanks):
            layout.addWidget(part)
        self.yes.clicked.connect(self._confirm)
        self.no.clicked.connect(self._begin)
        self.more.clicked.connect(lambda: self._pick(self.more))
        self.add.clicked.connect(self._tell_said)
        self.picker.picked.connect(self._take)
        self._show(self.question)

    def ask(self, result: TryResult, concepts: Sequence[Concept]) -> None:
        """Ask about an answer; the concepts are those of the app."""
        self._result, self._concepts = result, list(concepts)
        is_open = result.needs_person  # there is no answer that could be right
        self.asks.setText(_("What is it about?") if is_open else _("Is that right?"))
        self.no.setText(_("Choose concepts") if is_open else _("No, correct it"))
        self.yes.setVisible(not is_open)
        self._show(self.question)

    def thank(self, words: str) -> None:
        """Say what was kept."""
        self._words.setText(words)
        self._show(self.thanks)

    def _show(self, part: QWidget) -> None:
        for one in (self.question, self.correction, self.thanks):
            one.setVisible(one is part)

    def _confirm(self) -> None:
        if self._result is None:
            return
        chosen = self._result.chosen
        listed = tuple(p.concept for p in self._result.predictions)
        self.told.emit(chosen, () if chosen else listed)

    def _begin(self) -> None:
        if self._result is None:
            return
        if self._result.is_exclusive:
            self.said = []
            self._pick(self.no)
            return
        self.said = list(self._result.chosen)
        self._show_said()
        self._show(self.correction)
        self.more.setFocus()

    def _pick(self, anchor: QWidget) -> None:
        is_exclusive = self._result is not None and self._result.is_exclusive
        taken = self._result.chosen if self._result and is_exclusive else self.said
        self.picker.open_below(anchor, self._concepts, taken)

    def _take(self, name: str) -> None:
        if self._result and self._result.is_exclusive:
            self.told.emit((name,), ())
            return
        self.said.append(name)
        self._show_said()

    def _show_said(self) -> None:
        numbers = {concept.name: concept.colour for concept in self._concepts}
        while item := self.chips.takeAt(0):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        for name in self.said:
            chip = Chip(name, numbers.get(name, len(numbers)), most=WIDTH, removable=True)
            chip.removed.connect(lambda name=name: self._take_off(name))
            self.chips.addWidget(chip)
        if not self.said:
            self.chips.addWidget(text(_("None of your concepts"), "small", "ink_2"))

    def _take_off(self, name: str) -> None:
        self.said.remove(name)
        self._show_said()

    def _tell_said(self) -> None:
        if self._result is None:
            return
        listed = [p.concept for p in self._result.predictions]
        wrong = self._result.chosen if self.said else listed
        self.told.emit(tuple(self.said), tuple(name for name in wrong if name not in self.said))

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.picker.close()
