"""Texts typed or pasted, with concepts chosen or made on the spot."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.add_texts import AddTextsRequest, add_texts
from core.storage.concepts import list_concepts
from core.storage.filters import has_targets
from desktop.screens.dataset.page import Page
from desktop.screens.dataset.pasting import list_request
from desktop.screens.dataset.text_field import TextField
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.choices import Switch
from desktop.widgets.concept_chip import Chip
from desktop.widgets.concept_picker import ConceptPicker
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import column, row, step_body
from desktop.widgets.message_panel import field_error
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import number

CHIP_WIDTH, CHIPS_PER_LINE = 200, 3
MEASURE, FIELD_HEIGHTS, TARGET_HEIGHT = 760, (120, 420), 88
MANY = 2000  # texts, from which adding them is a job


class TypeTextPage(Page):
    """A field for one text, or for many with a line each; Ctrl+Enter adds."""

    left = Signal()
    import_asked = Signal(object)  # ImportRequest, where there are too many to wait for

    def __init__(self, session: Session, folder: Callable[[], Path]) -> None:
        """Be empty; `folder` returns where many texts are kept until they are added."""
        super().__init__()
        self.session = session
        self.folder = folder
        self.dataset = ""
        self.concepts: list[str] = []
        self.n_added = 0
        self._has_target = False  # somebody wants to write one
        self.back = button(_("Dataset"), "link")
        self.field = TextField(_("Text to add"), _("Type or paste a text…"))
        self.target = TextField(_("Answer"), _("What a model shall write for this text…"))
        self.with_target = button(_("Add an answer"), "link", "plus")
        self.with_target.setToolTip(_("A text that a model shall learn to write for this one"))
        self.lines = Switch(name=_("Each line is a text of its own"))
        self.keep_open = Switch(name=_("Stay here to add more"))
        self.plus = button(_("Add concept"), "secondary", "plus")
        self.plus.setToolTip(_("Choose or make a concept (Ctrl+L)"))
        self.picker = ConceptPicker(self)
        self.cancel, self.add = button(_("Back to the list")), button(_("Add text"), "primary")
        self._chips = QWidget()
        self._chip_layout = QVBoxLayout(self._chips)
        self._chip_layout.setContentsMargins(0, 0, 0, 0)
        self._chip_layout.setSpacing(8)
        self._error = column(gap=0)
        self._build()
        self._connect()

    def begin(self, dataset: str, pasted: str = "") -> None:
        """Start with an empty field, or with what was pasted; texts go to this dataset."""
        self.dataset, self.concepts, self.n_added = dataset, [], 0
        if pasted:
            self.lines.setChecked(len(pasted.strip().splitlines()) > 1)
        self.field.set_text(pasted)
        self.target.set_text("")
        self._has_target = has_targets(self.session.db)
        self._show_concepts()
        self._look_again()

    @override
    def first_focus(self) -> QWidget:
        return self.field.edit

    def texts(self) -> tuple[str, ...]:
        """Return the texts that stand in the field."""
        whole = self.field.text().strip()
        if not self.lines.isChecked():
            return (whole,) if whole else ()
        return tuple(line.strip() for line in whole.splitlines() if line.strip())

    def _build(self) -> None:
        crumbs = row(
            *(self.back, text("/", "small", "ink_3"), text(_("Type a text"), "small", "ink_2")),
            None,
            gap=6,
        )
        lead = _("One text, or many with a line each. The concepts below go to all of them.")
        switches = row(
            *(self.lines, text(_("Each line is a text of its own"), "small"), 16),
            *(self.keep_open, text(_("Stay here to add more"), "small"), None),
            gap=10,
        )
        self.field.setMinimumHeight(FIELD_HEIGHTS[0])
        self.field.setMaximumHeight(FIELD_HEIGHTS[1])
        self.target.setFixedHeight(TARGET_HEIGHT)
        self._target_part = column(
            text(_("Answer"), "strong"), self.target, gap=6, margins=(0, 0, 0, 16)
        )
        body = step_body(
            *(crumbs, 2, text(_("Add texts by hand"), "title"), 4, wrapped(lead, "body", "ink_2")),
            *(16, (self.field, 4), 6, self._error, switches, 16),
            *(self._target_part, row(self.with_target, None, margins=(0, 0, 0, 12))),
            *(text(_("Concepts"), "strong"), 6, self._chips, 8, None),
            gap=0,
            most=MEASURE + 64,
        )
        self.lay_out(body, FooterBar(self.cancel, self.add))

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.cancel.clicked.connect(self.left)
        self.add.clicked.connect(self._add)
        self.field.confirmed.connect(self._add)
        self.target.confirmed.connect(self._add)
        self.with_target.clicked.connect(self._write_target)
        self.field.edited.connect(self._look_again)
        self.lines.toggled.connect(self._look_again)
        self.plus.clicked.connect(self._pick)
        self.picker.picked.connect(self._take)
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self._pick)

    def _look_again(self) -> None:
        self._clear_error()
        n = len(self.texts())
        label = ngettext("Add {n} text", "Add {n} texts", n).format(n=number(n))
        self.add.setText(label if n > 1 else _("Add text"))
        self.add.set_enabled(enabled=n > 0, why_not=_("Type or paste a text first."))
        if not self.n_added:
            self.footer.set_note(_("Ctrl+Enter adds."))

        is_one = not self.lines.isChecked()
        self._target_part.setVisible(is_one and self._has_target)
        self.with_target.setVisible(is_one and not self._has_target)

    def _write_target(self) -> None:
        self._has_target = True
        self._look_again()
        self.target.setFocus()

    def _pick(self) -> None:
        self.picker.open_below(self.plus, list_concepts(self.session.db), self.concepts)

    def _take(self, name: str) -> None:
        if name not in self.concepts:
            self.concepts.append(name)
        self._show_concepts()
        self.plus.setFocus()

    def _drop(self, name: str) -> None:
        self.concepts.remove(name)
        self._show_concepts()
        self.plus.setFocus()

    def _show_concepts(self) -> None:
        self.plus.setParent(None)
        while item := self._chip_layout.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        known = list_concepts(self.session.db)
        colours = {concept.name: concept.colour for concept in known}
        next_colour = max(colours.values(), default=-1) + 1
        lines: list[list[QWidget]] = [[]]
        for name in self.concepts:
            if name not in colours:
                colours[name], next_colour = next_colour, next_colour + 1
            chip = Chip(name, colours[name], most=CHIP_WIDTH, removable=True)
            chip.removed.connect(lambda name=name: self._drop(name))
            if len(lines[-1]) == CHIPS_PER_LINE:
                lines.append([])
            lines[-1].append(chip)
        for line in (*lines[:-1], [*lines[-1], self.plus]):
            self._chip_layout.addWidget(row(*line, None))
        self.plus.show()

    def _add(self) -> None:
        texts = self.texts()
        if not texts:
            return
        try:
            self._add_texts(texts)
        except UserError as error:
            self._clear_error()
            layout = self._error.layout()
            if layout is not None:
                layout.addWidget(field_error(f"{error} {error.next_step}"))
            return
        self._go_on(len(texts))

    def _add_texts(self, texts: tuple[str, ...]) -> None:
        if len(texts) > MANY:
            request = list_request(texts, self.concepts, self.dataset, self.folder())
            self.import_asked.emit(request)
            return
        targets = (self.target.text(),) if self._has_target and not self.lines.isChecked() else ()
        concepts = tuple(self.concepts)
        self.session.do(
            add_texts, AddTextsRequest(texts, concepts, dataset=self.dataset, targets=targets)
        )

    def _go_on(self, n: int) -> None:
        self.n_added += n
        if not self.keep_open.isChecked():
            self.left.emit()
            return
        self.field.set_text("")
        self.target.set_text("")
        self._show_concepts()
        added = ngettext("{n} text added.", "{n} texts added.", self.n_added)
        self.footer.set_note(added.format(n=number(self.n_added)), "good", "circle-check")
        self.field.setFocus()

    def _clear_error(self) -> None:
        layout = self._error.layout()
        while layout is not None and (item := layout.takeAt(0)):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
