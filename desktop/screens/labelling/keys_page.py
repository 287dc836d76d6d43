"""Which keys choose which concept, each in a field; what cannot be told apart is refused there."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.i18n import _
from core.records import Concept
from core.shortcuts import check_shortcuts, keys_from, shortcuts_of
from desktop.theme.tokens import S2, S4
from desktop.widgets.buttons import button
from desktop.widgets.choices import line_edit
from desktop.widgets.concept_chip import Mark
from desktop.widgets.layout import Hairline, clip, column, row
from desktop.widgets.message_panel import field_error
from desktop.widgets.text import Elided, heading

FIELD, NAME = 96, 360


class KeysRow(QWidget):
    """A concept with the field for its keys, and below it why they cannot stay."""

    changed = Signal(int, str)

    def __init__(self, concept: Concept) -> None:
        """Show the keys that the concept was given; the others stand there in grey."""
        super().__init__()
        self.concept = concept
        self.field = line_edit("", "", width=FIELD)
        self.field.setAccessibleName(_("Keys of {concept}").format(concept=concept.name))
        self.field.editingFinished.connect(self._tell)
        name = Elided(concept.name, "strong", middle=True)
        name.setFixedWidth(NAME)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 6, 0, 6)
        self._layout.addWidget(row(Mark(concept.colour), name, self.field, None, gap=12))
        self._error: QWidget | None = None
        self.problem = ""

    def show_keys(self, concept: Concept, usual: str) -> None:
        """Show the keys as they are kept now."""
        self.concept = concept
        self.field.setPlaceholderText(" ".join(usual))
        self.field.setText(" ".join(concept.shortcut))
        self.show_problem(None)

    def show_problem(self, error: UserError | None) -> None:
        """Say why the keys cannot stay, or that they can."""
        self.field.set_wrong(wrong=error is not None)
        if self._error is not None:
            self._layout.removeWidget(self._error)
            self._error.deleteLater()
            self._error = None
        self.problem = f"{error} {error.next_step}" if error else ""
        if error is not None:
            self._error = row((field_error(self.problem), 1), margins=(26, 0, 0, 0))
            self._layout.addWidget(self._error)

    def _tell(self) -> None:
        keys = keys_from(self.field.text())
        if keys != self.concept.shortcut or self._error is not None:
            self.changed.emit(self.concept.id, keys)


class KeysPage(QWidget):
    """All concepts with their keys; every change is kept at once."""

    keys_given = Signal(object)  # ((concept_id, keys), …)
    left = Signal()

    def __init__(self) -> None:
        """Know no concepts yet."""
        super().__init__()
        self.rows: dict[int, KeysRow] = {}
        self.usual = button(_("Back to the usual keys"))
        lead = _(
            "One or two letters or digits for each concept. Where a field is empty, the keys in "
            "grey choose it. With Shift or Alt held, they say “is not”."
        )
        self._list = QWidget()
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S4, 12, S4, S2)
        head = heading(_("Keys"), lead, self.usual)
        layout.addWidget(column(head, 8, Hairline(), (clip(column(self._list, None)), 1), gap=4))
        self.usual.clicked.connect(self._take_back)

    def show_concepts(self, concepts: Sequence[Concept]) -> None:
        """Show the concepts with their keys as they are kept."""
        if list(self.rows) != [concept.id for concept in concepts]:
            self._make_rows(concepts)
        bare = shortcuts_of(concepts)
        for concept in concepts:
            self.rows[concept.id].show_keys(concept, bare[concept.id])
        self.usual.setEnabled(any(concept.shortcut for concept in concepts))

    def _make_rows(self, concepts: Sequence[Concept]) -> None:
        for old in self.rows.values():
            self._rows.removeWidget(old)
            old.deleteLater()
        self.rows = {concept.id: KeysRow(concept) for concept in concepts}
        for made in self.rows.values():
            made.changed.connect(self._give)
            self._rows.addWidget(made)

    def _give(self, concept_id: int, keys: str) -> None:
        known = [part.concept for part in self.rows.values()]
        try:
            check_shortcuts(_with_last(known, concept_id, keys))
        except UserError as error:
            self.rows[concept_id].show_problem(error)
            return
        self.keys_given.emit(((concept_id, keys),))

    def _take_back(self) -> None:
        given = (part.concept for part in self.rows.values() if part.concept.shortcut)
        self.keys_given.emit(tuple((concept.id, "") for concept in given))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()  # what is typed here chooses nothing
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()


def _with_last(concepts: Sequence[Concept], concept_id: int, keys: str) -> list[Concept]:
    """Return the concepts with one changed and moved to the end, where it is checked last."""
    others = [concept for concept in concepts if concept.id != concept_id]
    (changed,) = (concept for concept in concepts if concept.id == concept_id)
    return [*others, replace(changed, shortcut=keys)]
