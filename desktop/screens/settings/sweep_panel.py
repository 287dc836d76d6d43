"""Several values of a setting, to train a version with each and rank them."""

import math
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import UserError
from core.i18n import N_, _
from core.learning.settings import Kind, Setting
from core.operations.sweep import parse_ranges
from core.templates import Template
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.choices import Select, line_edit
from desktop.widgets.fold import Fold
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, column, row
from desktop.widgets.text import wrapped
from desktop.widgets.tick import Tick

FIELD_WIDTH = 264
SWEPT = (Kind.NUMBER, Kind.CHOICE, Kind.SWITCH)
SWITCHED = (("true", N_("On")), ("false", N_("Off")))
Ranges = dict[str, tuple[object, ...]]


def sweepable(template: Template) -> list[Setting]:
    """Return the settings of which several values can be tried."""
    found = [s for s in template.fields if s.declaration.kind in SWEPT]
    return sorted(found, key=_rank)


def _rank(setting: Setting) -> tuple[bool, bool, bool]:
    """Return what is tried most first: numbers that are not folded away; the seed last."""
    declaration = setting.declaration
    is_number = declaration.kind == Kind.NUMBER
    return setting.name == "seed", not is_number, declaration.is_advanced


class ValuesRow(QWidget):
    """A setting, and the values of it that are tried.

    Attributes:
        field: which setting. words: the values of a number. ticks: those of a choice.
    """

    changed = Signal()
    removed = Signal(object)  # the row

    def __init__(self, settings: Sequence[Setting], place: int) -> None:
        """Begin with the setting at a place, and no values."""
        super().__init__()
        self._settings = list(settings)
        titles = [_(setting.declaration.title) for setting in settings]
        self.field = Select(*titles, width=FIELD_WIDTH, name=_("Setting to vary"))
        self.field.setCurrentIndex(place)
        self.words = line_edit("", _("2; 4; 8, or from, to and step as 2:8:2"))
        self.words.setAccessibleName(_("Values to try"))
        self.ticks: dict[str, Tick] = {}
        self._choices = QVBoxLayout()
        self._choices.setContentsMargins(0, 0, 0, 0)
        self._choices.setSpacing(0)
        self.remove = icon_button("x", _("Remove this row"))
        self.problem = wrapped("", "small", "bad")
        self.problem.hide()
        values = QWidget()
        values.setLayout(self._choices)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        beside = column(self.words, values, self.problem, gap=4)
        layout.addWidget(row((self.field, TOP), (beside, 1), (self.remove, TOP)))
        self.field.activated.connect(self._choose)
        self.words.textEdited.connect(self.changed)
        self.remove.clicked.connect(lambda: self.removed.emit(self))
        self._show_values()

    @property
    def setting(self) -> Setting:
        """The setting that is varied."""
        return self._settings[max(0, self.field.currentIndex())]

    def _choose(self) -> None:
        self._show_values()
        self.changed.emit()

    def _show_values(self) -> None:
        """Offer the words of a choice as ticks, a field for numbers."""
        for old in self.ticks.values():
            self._choices.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.ticks = {}
        declaration = self.setting.declaration
        is_number = declaration.kind == Kind.NUMBER
        self.words.setVisible(is_number)
        self.words.clear()
        if is_number:
            return
        choices = SWITCHED if declaration.kind == Kind.SWITCH else declaration.choices
        for value, title in choices:
            tick = Tick(_(title))
            tick.toggled.connect(self.changed)
            self.ticks[value] = tick
            self._choices.addWidget(tick)

    def range_words(self) -> str:
        """Return the values as the engine reads them: "name=1|2|3", or "" for none."""
        if self.ticks:
            values = [value for value, tick in self.ticks.items() if tick.isChecked()]
        else:
            words = self.words.text().strip()
            if ":" in words:
                return f"{self.setting.name}={words.replace(',', '.')}"
            parts = words.split(";") if ";" in words else words.split()
            values = [p.strip(" ,").replace(",", ".") for p in parts if p.strip(" ,")]
        return f"{self.setting.name}={'|'.join(values)}" if values else ""

    def show_problem(self, problem: str) -> None:
        """Say below the values what is wrong with them."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.words.set_wrong(wrong=bool(problem))


class SweepPanel(QWidget):
    """Rows of settings with their values.

    Attributes:
        rows: one for each setting that is varied. problem: what is wrong; "" for nothing.
        ranges: by setting the values to try; empty where nothing is varied.
    """

    changed = Signal()

    def __init__(self, template: Template) -> None:
        """Vary nothing."""
        super().__init__()
        self._template = template
        self.rows: list[ValuesRow] = []
        self.ranges: Ranges = {}
        self.problem = ""
        self.add = button(_("Vary a setting"), "link", "plus")
        self.add.clicked.connect(self._vary_another)
        words = _(
            "Each combination is trained one after the other; the best is found by its score."
        )
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(10)
        holder = QWidget()
        holder.setLayout(self._list)
        self.told = wrapped("", "small", "bad")
        self._told_row = row((Icon("circle-alert", "bad", 14), TOP), (self.told, 1), gap=6)
        self._told_row.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(26, 0, 0, 8)
        layout.setSpacing(8)
        for part in (wrapped(words, "small", "ink_2"), holder, self._told_row, row(self.add, None)):
            layout.addWidget(part)

    def add_row(self) -> ValuesRow:
        """Add a setting to vary, and return its row."""
        taken = {one.setting.name for one in self.rows}
        offered = sweepable(self._template)
        free = [i for i, setting in enumerate(offered) if setting.name not in taken]
        added = ValuesRow(offered, free[0] if free else 0)
        added.changed.connect(self._read)
        added.removed.connect(self._remove)
        self.rows.append(added)
        self._list.addWidget(added)
        self._read()
        return added

    def _vary_another(self) -> None:
        self.add_row().field.setFocus()

    def _remove(self, one: ValuesRow) -> None:
        self.rows.remove(one)
        self._list.removeWidget(one)
        one.hide()
        one.deleteLater()
        self.add.setFocus()
        self._read()

    def _read(self) -> None:
        """Read what the rows say; a setting that is there twice counts once, and says so."""
        self.ranges, self.problem = {}, ""
        for one in self.rows:
            problem = self._problem_of(one)
            one.show_problem(problem)
            self.problem = self.problem or problem
        self.changed.emit()

    def _problem_of(self, one: ValuesRow) -> str:
        words, name = one.range_words(), one.setting.name
        if name in self.ranges:
            return _("This setting is varied above already.")
        if not words:
            return ""
        try:
            found = parse_ranges(self._template.fields, [words])
            for value in found[name]:
                self._template.with_values({name: value})
        except UserError as error:
            return error.next_step
        self.ranges |= {name: tuple(dict.fromkeys(found[name]))}
        return ""

    def say(self, problem: str) -> None:
        """Say what is wrong with all of it together."""
        self.told.setText(problem)
        self._told_row.setVisible(bool(problem))


class SweepFold(Fold):
    """The panel, folded away; what is folded varies nothing.

    Attributes:
        panel: the rows.
    """

    def __init__(self, template: Template) -> None:
        """Be closed."""
        self.panel = SweepPanel(template)
        super().__init__(_("Try several values"), "", self.panel)

    @property
    def ranges(self) -> Ranges:
        """By setting the values to try; empty where nothing is varied."""
        return self.panel.ranges if self.is_open() else {}

    @property
    def n_runs(self) -> int:
        """How many trainings that makes."""
        return math.prod(map(len, self.ranges.values()))
