"""More filters: all that a list can be narrowed by, and the filters that were saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QDate, QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QIntValidator
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Concept
from core.storage.filters import InputFilter
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.choices import LineEdit, Select, Switch, line_edit
from desktop.widgets.filter_words import LABELLINGS, ORIGINS, SPLITS, TARGETS
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.text import text
from desktop.widgets.wording import locale

WIDTH, GAP, SHORT = 620, 12, 118  # pixels
PAUSE_MS = 200  # of typing
LONGEST_TEXT = 10_000_000


@dataclass(frozen=True)
class Known:
    """What there is to choose from."""

    concepts: Sequence[Concept] = ()
    sources: Sequence[str] = ()
    names: Sequence[str] = ()  # of metadata
    saved: Mapping[str, InputFilter] = field(default_factory=dict)


class FilterPanel(QFrame):
    """A popup below its button; what is chosen counts at once, Esc closes."""

    opened = Signal()  # somebody has to `set_known`
    chosen = Signal(object)  # InputFilter
    save_asked = Signal()
    delete_asked = Signal(str)  # the name of a saved filter

    def __init__(self, parent: QWidget) -> None:
        """Belong to a window; `open_below` shows it."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("box", "line")
        self.setProperty("surface", "raised")
        self.setFixedWidth(WIDTH)
        self.wanted = InputFilter()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._take_typed)
        self._make_controls()
        self._saved = QWidget()
        saved_layout = QVBoxLayout(self._saved)
        saved_layout.setContentsMargins(0, 0, 0, 0)
        saved_layout.setSpacing(2)
        self.save = button(_("Save this filter…"), "link", "save")
        self.clear = button(_("Clear all"), "link")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(GAP)
        layout.addLayout(self._grid())
        layout.addWidget(Hairline())
        layout.addWidget(
            column(
                row(text(_("Saved filters"), "small_strong"), None, self.save, 12, self.clear),
                self._saved,
                gap=6,
            )
        )
        self._connect()

    def open_below(self, anchor: QWidget, wanted: InputFilter) -> None:
        """Open under a button, or beside it where there is no room."""
        self.opened.emit()
        self.show_filter(wanted)
        self.adjustSize()
        window = anchor.window()
        corner = anchor.mapToGlobal(QPoint(anchor.width() - WIDTH, anchor.height() + 4))
        left, bottom = window.mapToGlobal(QPoint(8, window.height() - 8)).toTuple()
        top = max(window.mapToGlobal(QPoint(0, 8)).y(), bottom - self.height())
        self.move(max(corner.x(), left), min(corner.y(), top))
        self.show()
        self.has.setFocus()

    def set_known(self, known: Known) -> None:
        """Offer what there is."""
        concepts = [(concept.name, concept.id) for concept in known.concepts]
        _offer(self.has, [(_("Add a concept…"), 0), *concepts])
        _offer(self.lacks, [(_("Add a concept…"), 0), *concepts])
        _offer(self.source, [(_("Any file"), ""), *((name, name) for name in known.sources)])
        _offer(self.name, [(_("Name…"), ""), *((name, name) for name in known.names)])
        self._show_saved(known.saved)

    def show_filter(self, wanted: InputFilter) -> None:
        """Have the controls say what is in use; what is being typed stays."""
        self.wanted = wanted
        for select, value in (
            (self.has, 0),
            (self.lacks, 0),
            (self.labelling, wanted.labelling),
            (self.origin, wanted.origin),
            (self.split, wanted.split),
            (self.source, wanted.source),
            (self.target, wanted.has_target),
            (self.name, wanted.metadata[0][0] if wanted.metadata else self.name.currentData()),
        ):
            with QSignalBlocker(select):
                select.setCurrentIndex(max(0, select.findData(value)))
            select.update()
        with QSignalBlocker(self.note):
            self.note.setChecked(wanted.has_note)
        self.note.update()
        _show(self.value, wanted.metadata[0][1] if wanted.metadata else "")
        _show(self.least, str(wanted.min_chars or ""))
        _show(self.most, str(wanted.max_chars or ""))
        _show(self.since, _day_shown(wanted.added_from))
        _show(self.until, _day_shown(wanted.added_to))
        self.save.setEnabled(replace(wanted, dataset_id=0).is_narrowing)
        self.clear.setEnabled(replace(wanted, dataset_id=0).is_narrowing)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._pause.isActive():
            self._take_typed()

    # -- parts ------------------------------------------------------------------------------------
    def _make_controls(self) -> None:
        self.has, self.lacks = (
            Select(name=_("Has the concept")),
            Select(name=_("Lacks the concept")),
        )
        self.labelling, self.origin = Select(name=_("Labelling")), Select(name=_("Label set by"))
        self.split, self.source = Select(name=_("Split")), Select(name=_("File it came from"))
        self.target = Select(name=_("Answer"))
        for select, offers in (
            (self.labelling, LABELLINGS),
            (self.origin, ORIGINS),
            (self.split, SPLITS),
            (self.target, TARGETS),
        ):
            _offer(select, [(_(words), value) for value, words in offers])
        self.name = Select(name=_("Name of metadata"))
        self.value = line_edit("", _("any value"))
        self.least, self.most = _short(_("from")), _short(_("to"))
        for field_ in (self.least, self.most):
            field_.setValidator(QIntValidator(0, LONGEST_TEXT, field_))
        example = _day_shown(QDate.currentDate().toString(Qt.DateFormat.ISODate))
        self.since, self.until = _short(example), _short(example)
        self.since.setAccessibleName(_("Added from, a day such as {day}").format(day=example))
        self.until.setAccessibleName(_("Added until, a day such as {day}").format(day=example))
        self.note = Switch(name=_("Has a note"))
        for select in self.findChildren(Select):
            select.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def _grid(self) -> QGridLayout:
        to = _("to")
        length = row((self.least, 1), text(to, "small", "ink_3"), (self.most, 1))
        added = row((self.since, 1), text(to, "small", "ink_3"), (self.until, 1))
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(GAP)
        cells = (
            *((_("Has the concept"), self.has), (_("Lacks the concept"), self.lacks)),
            *((_("Labelling"), self.labelling), (_("Label set by"), self.origin)),
            *((_("Split"), self.split), (_("File it came from"), self.source)),
            (_("Metadata"), row((self.name, 1), text("=", "small", "ink_3"), (self.value, 1))),
            (_("Length in characters"), length),
            (_("Day it was added"), added),
            (_("Note"), row(self.note, text(_("Has a note"), "small", "ink_2"), None, gap=6)),
            (_("Answer"), self.target),
        )
        for place, (label, control) in enumerate(cells):
            cell = column(text(label, "small", "ink_2"), control, gap=4)
            grid.addWidget(cell, place // 2, place % 2)
        for side in (0, 1):
            grid.setColumnStretch(side, 1)
        return grid

    def _connect(self) -> None:
        for select, name in (
            (self.labelling, "labelling"),
            (self.origin, "origin"),
            (self.split, "split"),
            (self.source, "source"),
            (self.target, "has_target"),
        ):
            select.activated.connect(
                lambda _place, select=select, name=name: self._take(**{name: select.currentData()})
            )
        self.has.activated.connect(lambda: self._add("has", self.has.currentData()))
        self.lacks.activated.connect(lambda: self._add("lacks", self.lacks.currentData()))
        self.name.activated.connect(self._take_typed)
        self.note.toggled.connect(lambda on: self._take(has_note=on))
        for field_ in (self.value, self.least, self.most, self.since, self.until):
            field_.textEdited.connect(lambda _words: self._pause.start())
            field_.returnPressed.connect(self._take_typed)
        self.save.clicked.connect(self.save_asked)
        self.clear.clicked.connect(self._clear)

    # -- what is chosen ---------------------------------------------------------------------------
    def _take(self, **narrowed: Any) -> None:  # noqa: ANN401  # fields of a filter
        self.chosen.emit(replace(self.wanted, **narrowed))

    def _clear(self) -> None:
        for edit in (self.since, self.until):
            edit.set_wrong(wrong=False)
        self.show_filter(InputFilter(dataset_id=self.wanted.dataset_id))
        self.chosen.emit(self.wanted)

    def _add(self, name: str, concept_id: int) -> None:
        ids = getattr(self.wanted, name)
        if concept_id and concept_id not in ids:
            self._take(**{name: (*ids, concept_id)})

    def _take_typed(self) -> None:
        """Take the fields that are typed into; a day that is none is marked and left out."""
        self._pause.stop()
        name, value = self.name.currentData(), self.value.text().strip()
        days = [_day_typed(edit) for edit in (self.since, self.until)]
        self._take(
            metadata=((name, value),) if name else (),
            min_chars=whole_number(self.least.text()),
            max_chars=whole_number(self.most.text()),
            added_from=days[0],
            added_to=days[1],
        )

    def _show_saved(self, saved: Mapping[str, InputFilter]) -> None:
        layout = self._saved.layout()
        assert isinstance(layout, QVBoxLayout)
        while item := layout.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for name, kept in saved.items():
            use = button(name, "link")
            use.clicked.connect(lambda _on=False, kept=kept: self.chosen.emit(kept))
            forget = icon_button("trash-2", _("Delete the saved filter “{name}”").format(name=name))
            forget.clicked.connect(lambda _on=False, name=name: self.delete_asked.emit(name))
            layout.addWidget(row(use, None, forget))
        if not saved:
            layout.addWidget(text(_("None yet"), "small", "ink_3"))
        self.adjustSize()


def whole_number(typed: str) -> int:
    """Return what was typed as a whole number, with digits grouped or not; 0 for nothing."""
    return int("".join(sign for sign in typed if sign.isdecimal()) or 0)


def _offer(select: Select, offers: Sequence[tuple[str, object]]) -> None:
    if offers != [(select.itemText(i), select.itemData(i)) for i in range(select.count())]:
        with QSignalBlocker(select):
            select.clear()
            for words, value in offers:
                select.addItem(words, value)


def _short(placeholder: str) -> LineEdit:
    edit = line_edit("", placeholder)
    edit.setMinimumWidth(60)
    return edit


def _show(edit: LineEdit, value: str) -> None:
    is_wrong = edit.property("wrong") == "true" and not value  # it stays to be mended
    if not edit.hasFocus() and not is_wrong and edit.text() != value:
        edit.setText(value)
        edit.set_wrong(wrong=False)


def _day_shown(day: str) -> str:
    return (
        locale().toString(QDate.fromString(day, Qt.DateFormat.ISODate), "yyyy-MM-dd") if day else ""
    )


def _day_typed(edit: LineEdit) -> str:
    """Return the day in ISO 8601, written so or as the system writes it; "" for none."""
    typed = edit.text().strip()
    day = QDate.fromString(typed, Qt.DateFormat.ISODate)
    if not day.isValid():
        day = locale().toDate(typed, locale().FormatType.ShortFormat)
    edit.set_wrong(wrong=bool(typed) and not day.isValid())
    return str(day.toString(Qt.DateFormat.ISODate)) if day.isValid() else ""
