"""What to do next, each with a click to the texts behind it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from core.learning.advice import Advice, Kind
from core.learning.marks import Cell, Mark, Outcome
from desktop.widgets.buttons import Button, button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, Hairline, Item, column, row
from desktop.widgets.painted import shortened
from desktop.widgets.text import text, wrapped

SIGNS = {
    Kind.LABELS_PAY: ("arrow-up-right", "good"),
    Kind.LABELS_BRING_LITTLE: ("info", "ink_2"),
    Kind.CANNOT_BE_TOLD: ("info", "ink_2"),
    Kind.NEVER_PREDICTED: ("triangle-alert", "warn"),
    Kind.NEEDS_TEXTS: ("triangle-alert", "warn"),
    Kind.MIXED_UP: ("triangle-alert", "warn"),
}
NAME_WIDTH, MEASURE = 150.0, 640


class AdviceList(QWidget):
    """A line for each advice; with none, a sentence that says so."""

    mark_chosen = Signal(object)  # Mark

    def __init__(self) -> None:
        """Be empty."""
        super().__init__()
        self.links: list[tuple[Mark, Button]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._content = QWidget()
        self._layout.addWidget(self._content)

    def set_advice(self, advice: Sequence[Advice], known: Sequence[str]) -> None:
        """Show advice; of concepts that are not known here the texts cannot be shown."""
        self.links = []
        items: list[Item] = [text(_("What would help"), "heading"), 8]
        for one in advice:
            items += [Hairline(), self._line(one, set(known))]
        if not advice:
            nothing = _("No concept stands out as weak, and no two are mixed up often.")
            items.append(wrapped(nothing, "body", "ink_2"))
        content = column(*items, gap=0)
        self._layout.replaceWidget(self._content, content)
        self._content.deleteLater()
        self._content = content

    def _line(self, advice: Advice, known: set[str]) -> QWidget:
        sign, tone = SIGNS[advice.kind]
        words = wrapped(advice.words)
        words.set_measure(MEASURE)
        links = [self._link(mark) for mark in _marks(advice, known)]
        below: list[Item] = [row(*links, None, gap=16)] if links else []
        lines = column(words, *below, gap=2)
        return row((Icon(sign, tone, 18), TOP), (lines, 1), gap=12, margins=(0, 10, 0, 8))

    def _link(self, mark: Mark) -> Button:
        link = button(_words(mark), "link")
        link.clicked.connect(lambda: self.mark_chosen.emit(mark))
        self.links.append((mark, link))
        return link


def _marks(advice: Advice, known: set[str]) -> list[Mark]:
    marks: list[Mark] = []
    for person, model in advice.cells:
        if {name for name in (person, model) if name} <= known:
            if not model:
                marks.append(Outcome(person, "missed"))
            elif not person:
                marks.append(Outcome(model, "wrong"))
            else:
                marks.append(Cell(person, model))
    return marks


def _words(mark: Mark) -> str:
    match mark:
        case Outcome(_concept, "missed"):
            return _("Show what was missed")
        case Cell(person, model):
            names = (shortened(name, "small_strong", NAME_WIDTH) for name in (person, model))
            return " → ".join(names)
        case _:
            return _("Show what was given wrongly")
