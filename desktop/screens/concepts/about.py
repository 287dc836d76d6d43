"""What is known of a concept besides its texts: what it is a kind of, what it means, examples."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from core.records import Concept
from desktop.widgets.buttons import Button, button, icon_button
from desktop.widgets.choices import line_edit
from desktop.widgets.concept_chip import Chip
from desktop.widgets.layout import Hairline, Item, column, row
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import number

CHIP_WIDTH, MOST_CHIPS = 300.0, 8


class ConceptAbout(QWidget):
    """Relations and examples of one concept; what is asked for is done by the screen."""

    broader_asked = Signal(object, QWidget)  # Concept, where to open the choice
    synonym_asked = Signal(object, QWidget)
    broader_removed = Signal(object)
    synonym_removed = Signal(object, int)  # Concept, the key of the other
    examples_changed = Signal(object, tuple)

    def __init__(self) -> None:
        """Be empty."""
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._content = QWidget()
        self._layout.addWidget(self._content)
        self.example = line_edit("", _("A text that shows what it means; Enter adds it"))
        self.example.returnPressed.connect(self._add_example)
        self._concept: Concept | None = None

    def show_concept(
        self, concept: Concept, known: Sequence[Concept], synonyms: Mapping[int, Sequence[int]]
    ) -> None:
        """Show how a concept stands to the others, and its examples."""
        if self._concept is None or concept.id != self._concept.id:
            self.example.clear()
        self._concept = concept
        self.broader = [c for c in known if c.id == concept.broader_id]
        self.narrower = [c for c in known if c.broader_id == concept.id]
        self.same = [c for c in known if c.id in synonyms.get(concept.id, ())]
        had_focus = self.example.hasFocus()
        self.example.setParent(self)  # it outlives what stands around it
        old, self._content = self._content, column(*self._parts(concept), gap=6)
        self._layout.replaceWidget(old, self._content)
        old.hide()
        old.deleteLater()
        self.example.show()
        if had_focus:
            self.example.setFocus()

    def _parts(self, concept: Concept) -> list[Item]:
        choose, add = button(_("Choose…"), "link"), button(_("Add…"), "link")
        choose.setAccessibleName(_("Choose what it is a kind of"))
        add.setAccessibleName(_("Add a concept that means the same"))
        choose.clicked.connect(lambda: self.broader_asked.emit(concept, choose))
        add.clicked.connect(lambda: self.synonym_asked.emit(concept, add))
        return [
            *_part(_("Is a kind of"), None if self.broader else choose),
            *self._chips(self.broader, lambda _id: self.broader_removed.emit(concept)),
            *(_part(_("Kinds of it"), None) if self.narrower else []),
            *self._chips(self.narrower, None),
            *_part(_("Means the same as"), add),
            *self._chips(self.same, lambda other: self.synonym_removed.emit(concept, other)),
            *_part(_("Examples"), None),
            *(self._example_row(concept, place) for place in range(len(concept.examples))),
            *(self.example, 4, Hairline()),
        ]

    def _chips(self, shown: Sequence[Concept], remove: Callable[[int], None] | None) -> list[Item]:
        chips: list[Item] = []
        for other in shown[:MOST_CHIPS]:
            removable = remove is not None
            chip = Chip(other.name, other.colour, most=CHIP_WIDTH, removable=removable)
            if remove is not None:
                chip.removed.connect(lambda act=remove, key=other.id: act(key))
            chips.append(row(chip, None))
        if len(shown) > MOST_CHIPS:
            more = _("and {n} more").format(n=number(len(shown) - MOST_CHIPS))
            chips.append(text(more, "small", "ink_3"))
        return chips

    def _example_row(self, concept: Concept, place: int) -> QWidget:
        take_off = icon_button("x", _("Take this example off"))
        rest = concept.examples[:place] + concept.examples[place + 1 :]
        take_off.clicked.connect(lambda: self.examples_changed.emit(concept, rest))
        return row((Elided(concept.examples[place], "small"), 1), take_off)

    def _add_example(self) -> None:
        typed = self.example.text().strip()
        if typed and self._concept:
            self.example.clear()
            self.examples_changed.emit(self._concept, (*self._concept.examples, typed))


def _part(title: str, way: Button | None) -> list[Item]:
    return [4, row(text(title, "small_strong", "ink_2"), None, *([way] if way else []))]
