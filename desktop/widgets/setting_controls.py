"""One control per kind of setting; each says its value with the same signal."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.widgets.choices import PART_PADDING, Segmented, Select, Switch, line_edit
from desktop.widgets.concept_chooser import ConceptChooser, Offer
from desktop.widgets.lines_edit import LinesEdit
from desktop.widgets.painted import text_width

CONTROL_WIDTH = 288
NUMBER_WIDTH = 120
MOST_PARTS = 3
N_LINES = 5
AROUND_ITEM, MOST_WIDTH = 36, 480  # pixels of a line of a list
FRAME = 10  # pixels of a segmented control around and between its parts


class Control(QWidget):
    """Holds the value of a field; `changed` carries what the analyst made of it."""

    changed = Signal(object)

    def __init__(self, content: QWidget) -> None:
        """Stand around the widget that is used."""
        super().__init__()
        self.setFixedWidth(CONTROL_WIDTH)
        self.setFocusProxy(content)
        self.content = content
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(content)
        layout.addStretch(1)

    def set_value(self, value: object) -> None:
        """Show a value; nothing is told."""

    def set_wrong(self, *, wrong: bool) -> None:
        """Mark the value as one that cannot stay."""


class ChoiceControl(Control):
    """Some words, one of which is chosen: all visible where they fit, else in a list."""

    def __init__(self, choices: Sequence[tuple[str, str]], name: str) -> None:
        """Offer the choices, each a value with its title."""
        self._values = [value for value, _title in choices]
        titles = [_(title) for _value, title in choices]
        width = FRAME + sum(text_width(t, "small_strong") + PART_PADDING for t in titles)
        if len(choices) <= MOST_PARTS and width <= CONTROL_WIDTH:
            segmented = Segmented(titles, name=name)
            super().__init__(segmented)
            segmented.chosen.connect(self._tell)
            self._set_place: Callable[[int], None] = segmented.set_value
        else:
            select = Select(*titles, width=CONTROL_WIDTH, name=name)
            super().__init__(select)
            select.activated.connect(self._tell)
            self._set_place = select.setCurrentIndex

    def _tell(self, place: int) -> None:
        self.changed.emit(self._values[place])

    def set_value(self, value: object) -> None:
        """Show a value; nothing is told."""
        if value in self._values:
            with QSignalBlocker(self):
                self._set_place(self._values.index(str(value)))


class SwitchControl(Control):
    """On or off."""

    def __init__(self, name: str) -> None:
        """Stand off until a value is set."""
        self._switch = Switch(name=name)
        super().__init__(self._switch)
        self._switch.clicked.connect(lambda: self.changed.emit(self._switch.isChecked()))

    def set_value(self, value: object) -> None:
        """Show a value; nothing is told."""
        self._switch.setChecked(value is True)


class WordsControl(Control):
    """A line of words."""

    def __init__(self, name: str, width: int = CONTROL_WIDTH) -> None:
        """Be empty until a value is set."""
        self.edit = line_edit(width=width)
        self.edit.setAccessibleName(name)
        super().__init__(self.edit)
        self.edit.textEdited.connect(self._tell)

    def _tell(self, words: str) -> None:
        self.changed.emit(self.read(words))

    def read(self, words: str) -> object:
        """Return the value that words mean."""
        return words

    def set_value(self, value: object) -> None:
        """Show a value; nothing is told, and what means the same is left as it was typed."""
        if self.read(self.edit.text()) != value:
            self.edit.setText(f"{value:g}" if isinstance(value, float) else str(value))
            self.edit.setCursorPosition(0)  # of long words the beginning tells most

    def set_wrong(self, *, wrong: bool) -> None:
        """Mark the value as one that cannot stay."""
        self.edit.set_wrong(wrong=wrong)


class NumberControl(WordsControl):
    """A number; words that are none are told as they are, so that the setting refuses them."""

    def __init__(self, name: str, *, is_whole: bool) -> None:
        """Be empty until a value is set."""
        super().__init__(name, NUMBER_WIDTH)
        self._is_whole = is_whole

    def read(self, words: str) -> object:
        """Return the number, with a comma or a point, or else the words."""
        try:
            return int(words) if self._is_whole else float(words.replace(",", "."))
        except ValueError:
            return words


class LinesControl(Control):
    """Words on several lines."""

    def __init__(self, name: str) -> None:
        """Be empty until a value is set."""
        self.edit = LinesEdit(name, N_LINES)
        self.edit.setFixedWidth(CONTROL_WIDTH)
        super().__init__(self.edit)
        self.edit.changed.connect(self.changed)

    def set_value(self, value: object) -> None:
        """Show a value; nothing is told."""
        self.edit.set_text(str(value))

    def set_wrong(self, *, wrong: bool) -> None:
        """Mark the value as one that cannot stay."""
        self.edit.set_wrong(wrong=wrong)


class PickControl(Control):
    """One of some things that there are; they may become others.

    Attributes:
        select: the list.
    """

    asked = Signal()  # for what is not in the list yet

    def __init__(self, name: str, more: str = "") -> None:
        """Offer nothing; `more` is the last line of the list, which is `asked` for something."""
        self.select = Select(width=CONTROL_WIDTH, name=name)
        super().__init__(self.select)
        self._more = more
        self._offers: list[tuple[str, str]] = []
        self._value = ""
        self.select.activated.connect(self._tell)

    def offer(self, offers: Sequence[tuple[str, str]]) -> None:
        """Offer these, each a value with its title; the value stays."""
        self._offers = list(offers)
        self._show()

    def set_value(self, value: object) -> None:
        """Show a value; nothing is told."""
        self._value = str(value)
        self._show()

    def _show(self) -> None:
        offers = self._offers
        place = _place_of(self._value, offers)
        if place < 0:
            missing = _("{name} (not here)").format(name=self._value)
            offers, place = [*offers, (self._value, missing)], len(offers)
        titles = [title for _value, title in offers] + ([self._more] if self._more else [])
        if titles != [self.select.itemText(i) for i in range(self.select.count())]:
            self.select.clear()
            self.select.addItems(titles)
            widest = max(text_width(title, "body") for title in titles) + AROUND_ITEM
            self.select.view().setMinimumWidth(round(min(widest, MOST_WIDTH)))
        self.select.setCurrentIndex(place)

    def _tell(self, place: int) -> None:
        if place < len(self._offers):
            self._value = self._offers[place][0]
            self.changed.emit(self._value)
            return
        is_more = self._more and place == self.select.count() - 1
        self._show()
        if is_more:
            self.asked.emit()


class OpenChoiceControl(PickControl):
    """Some words that are all visible, as long as nothing else can be chosen."""

    def __init__(self, choices: Sequence[tuple[str, str]], name: str) -> None:
        """Offer the choices, each a value with its title; `offer` may add others."""
        super().__init__(name)
        self._choices = [(value, _(title)) for value, title in choices]
        self._words = ChoiceControl(choices, name)
        self._words.changed.connect(self._take)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(0, self._words)
        self.offer(self._choices)

    def _take(self, value: object) -> None:
        self._value = str(value)
        self.changed.emit(value)

    @override
    def _show(self) -> None:
        super()._show()
        values = [value for value, _title in self._choices]
        is_open = len(self._offers) > len(values) or self._value not in (*values, "")
        self.select.setVisible(is_open)
        self._words.setVisible(not is_open)
        self._words.set_value(self._value)
        self.content = self.select if is_open else self._words.content
        self.setFocusProxy(self.content)


def _place_of(value: str, offers: Sequence[tuple[str, str]]) -> int:
    asked = value.casefold()
    return next((i for i, (offer, _title) in enumerate(offers) if offer.casefold() == asked), -1)


class ConceptsControl(Control):
    """Some of the concepts, or all."""

    def __init__(self, name: str) -> None:
        """Offer nothing until `offer` is called."""
        self.chooser = ConceptChooser(name, CONTROL_WIDTH)
        super().__init__(self.chooser)
        self.chooser.chosen.connect(self.changed)

    def offer(self, offers: Sequence[Offer]) -> None:
        """Offer these concepts."""
        self.chooser.offer(offers)

    def set_value(self, value: object) -> None:
        """Show the names that are chosen; None means all."""
        self.chooser.choose(value if isinstance(value, tuple) else None)


class ListControl(ConceptsControl):
    """As `ConceptsControl`, where an empty list stands for all."""

    def __init__(self, name: str) -> None:
        """Offer nothing until `offer` is called."""
        super().__init__(name)
        self.chooser.chosen.disconnect(self.changed)
        self.chooser.chosen.connect(lambda names: self.changed.emit(names or ()))

    def set_value(self, value: object) -> None:
        """Show the names that are chosen; an empty list means all."""
        super().set_value(value or None)
