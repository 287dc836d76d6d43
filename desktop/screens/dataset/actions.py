"""What can be done to the selected texts, from the bar, the menu, and the keyboard."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from core.errors import UserError
from core.i18n import N_, _
from core.operations.annotate import (
    AnnotateRequest,
    AnswerRequest,
    ClearRequest,
    NoteRequest,
    annotate,
)
from core.operations.edit_inputs import (
    InputDeletion,
    MembershipEdit,
    SplitEdit,
    TargetEdits,
    edit_inputs,
)
from core.operations.split_inputs import split_inputs
from core.records import Concept, Status
from core.storage.concepts import list_concepts
from core.storage.datasets import list_datasets, list_datasets_of
from core.storage.filters import InputFilter, Selection
from core.storage.searches import Meaning, Search
from core.storage.steps import find_undoable
from desktop import boxes
from desktop.screens.dataset.forms import MetadataForm, SplitForm
from desktop.screens.dataset.input_table import MANY, InputTable
from desktop.session import Session
from desktop.theme.tokens import font
from desktop.widgets.concept_picker import ConceptPicker
from desktop.widgets.filter_words import SPLITS

LABEL_AS, NOT_AS, TAKE_AWAY = True, False, None
KEYS = {
    "label": (N_("Label as…"), "L"),
    "not": (N_("Is not…"), "N"),
    "take": (N_("Take a label away…"), "T"),
    "clear": (N_("Clear all labels"), ""),
    "unsure": (N_("Mark as unsure"), "U"),
    "metadata": (N_("Metadata…"), "M"),
    "note": (N_("Note…"), "Ctrl+M"),
    "target": (N_("Write the answer…"), "W"),
    "like": (N_("Find texts like this"), "K"),
    "label_these": (N_("Go through them one by one"), ""),
    "export": (N_("Export them…"), ""),
    "delete": (N_("Delete"), "Del"),
}


class InputActions(QObject):
    """Verbs on what is selected: at once for a few texts, in the background for many."""

    done = Signal(str)  # a sentence on what was done, once it is
    label_asked = Signal(object)  # InputFilter to go through
    export_asked = Signal(object)  # InputFilter
    explore_asked = Signal(object)  # Search
    note_asked = Signal()
    target_asked = Signal()

    def __init__(self, session: Session, table: InputTable, parent: QWidget) -> None:
        """Act on what is selected in the table."""
        super().__init__(parent)
        self._session, self._table, self._holder = session, table, parent
        self.wanted = InputFilter()  # what the table lists
        self.picker = ConceptPicker(parent)
        self.split_form, self.metadata_form = SplitForm(parent), MetadataForm(parent)
        self._said: bool | None = LABEL_AS
        self.anchor: QWidget = table  # what a picker opens below
        self.actions = self._make_actions()
        self.picker.picked.connect(self._take_concept)
        self.split_form.asked.connect(
            lambda request: self.do(split_inputs, request, self._count(request.inputs))
        )
        self.metadata_form.asked.connect(
            lambda request: self.do(edit_inputs, request, self._count(request.inputs))
        )

    # -- verbs ------------------------------------------------------------------------------------
    def do(self, operation: Callable[..., Any], request: object, n_inputs: int = 1) -> bool:
        """Do a verb at once, or in the background where it concerns many texts.

        Returns:
            False if it was refused; the analyst has been told why.
        """
        if n_inputs > MANY:
            self._session.start(operation, request, title=_("Changing texts"))
            return True
        before = find_undoable(self._session.db)
        try:
            self._session.do(operation, request)
        except UserError as error:
            boxes.show_error(self._holder.window(), error)
            return False
        step = find_undoable(self._session.db)
        if step and step != before:
            self.done.emit(_("Done: {what}. Ctrl+Z takes it back.").format(what=step.name))
        return True

    def selection(self) -> Selection:
        """Return what is selected, as operations take it."""
        return self._table.selected(self.wanted)

    def selected_filter(self) -> InputFilter:
        """Return what is selected, as a filter."""
        selected = self.selection()
        return selected if isinstance(selected, InputFilter) else InputFilter(ids=selected)

    def label(self, concept: str, *, positive: bool | None = LABEL_AS) -> None:
        """Say that the selected texts are about a concept, are not, or say nothing of it."""
        known = {c.name for c in list_concepts(self._session.db)}
        if positive is not TAKE_AWAY or concept in known:
            self._do_to_selected(
                annotate, lambda inputs: AnnotateRequest(inputs, concept, positive=positive)
            )

    def delete(self) -> None:
        """Put the selected texts into the bin."""
        self._do_to_selected(edit_inputs, InputDeletion)

    def split(self, split: str) -> None:
        """Keep the selected texts for "train", "validation", "test" or "" for nothing."""
        self._do_to_selected(edit_inputs, lambda inputs: SplitEdit(inputs, split))

    def move(self, dataset: str, *, belongs: bool) -> None:
        """Put the selected texts into a dataset, or take them out."""
        self._do_to_selected(
            edit_inputs, lambda inputs: MembershipEdit(inputs, dataset, belongs=belongs)
        )

    def write_note(self, input_id: int, note: str) -> None:
        """Keep a note on a text."""
        self.do(annotate, NoteRequest(input_id, note))

    def write_target(self, input_id: int, target: str) -> None:
        """Keep a target for a text; "" takes it away."""
        self.do(edit_inputs, TargetEdits(((input_id, target),)))

    # -- ways to them -----------------------------------------------------------------------------
    def pick_concept(self, positive: bool | None, anchor: QWidget | None = None) -> None:  # noqa: FBT001
        """Let a concept be chosen for what is then said."""
        if not self._table.n_selected:
            return
        self._said = positive
        self.picker.open_below(anchor or self.anchor, self._offered(positive), ())

    def open_menu(self, point: QPoint) -> None:
        """Open everything that can be done as a menu, at a point of the screen."""
        if not self._table.n_selected:
            return
        menu = self._menu(self._holder)
        for name in ("label", "not", "take", "clear", "unsure"):
            menu.addAction(self.actions[name])
        menu.addSeparator()
        menu.addMenu(self.dataset_menu(menu))
        menu.addMenu(self.split_menu(menu))
        menu.addAction(self.actions["metadata"])
        if self._table.n_selected == 1:
            menu.addAction(self.actions["note"])
            menu.addAction(self.actions["target"])
            menu.addAction(self.actions["like"])
        menu.addSeparator()
        for name in ("label_these", "export", "delete"):
            menu.addAction(self.actions[name])
        menu.popup(point)

    def more_menu(self, parent: QWidget) -> QMenu:
        """Return what the bar has no button for."""
        menu = self._menu(parent)
        for name in ("not", "take", "clear", "unsure"):
            menu.addAction(self.actions[name])
        menu.addSeparator()
        menu.addMenu(self.dataset_menu(menu))
        for name in ("metadata", "label_these", "export"):
            menu.addAction(self.actions[name])
        return menu

    def dataset_menu(self, parent: QWidget) -> QMenu:
        """Return the datasets to put the selected texts into, or take them out of."""
        menu = self._menu(parent, _("Dataset"))
        ids = self._table.selected_ids() if self._table.n_selected == 1 else []
        held = set(list_datasets_of(self._session.db, ids[0])) if ids else None
        names = [dataset.name for dataset in list_datasets(self._session.db)]
        for name in names:
            if held is None or name not in held:
                action = menu.addAction(_("Add to {dataset}").format(dataset=_plain(name)))
                action.triggered.connect(lambda _on=False, n=name: self.move(n, belongs=True))
        menu.addAction(_("Add to a new dataset…")).triggered.connect(self._move_to_new)
        menu.addSeparator()
        for name in names:
            if held is None or name in held:
                action = menu.addAction(_("Take out of {dataset}").format(dataset=_plain(name)))
                action.triggered.connect(lambda _on=False, n=name: self.move(n, belongs=False))
        return menu

    def split_menu(self, parent: QWidget) -> QMenu:
        """Return what the selected texts can be kept for."""
        menu = self._menu(parent, _("Split"))
        for value, words in SPLITS[1:]:
            action = menu.addAction(_(words))
            kept = "" if value == "none" else value
            action.triggered.connect(lambda _on=False, kept=kept: self.split(kept))
        menu.addSeparator()
        menu.addAction(_("By percentages…")).triggered.connect(self._open_split_form)
        return menu

    # -- inside -----------------------------------------------------------------------------------
    def _make_actions(self) -> dict[str, QAction]:
        acts: dict[str, Callable[[], object]] = {
            "label": lambda: self.pick_concept(LABEL_AS),
            "not": lambda: self.pick_concept(NOT_AS),
            "take": lambda: self.pick_concept(TAKE_AWAY),
            "clear": lambda: self._do_to_selected(annotate, ClearRequest),
            "unsure": lambda: self._do_to_selected(
                annotate, lambda inputs: AnswerRequest(inputs, Status.UNSURE)
            ),
            "metadata": self._open_metadata_form,
            "note": self.note_asked.emit,
            "target": self.target_asked.emit,
            "like": self._ask_for_like,
            "label_these": lambda: self.label_asked.emit(self.selected_filter()),
            "export": lambda: self.export_asked.emit(self.selected_filter()),
            "delete": self.delete,
        }
        made = {}
        for name, (words, keys) in KEYS.items():
            action = QAction(_(words), self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _on=False, act=acts[name]: act())
            self._table.addAction(action)
            made[name] = action
        return made

    def _do_to_selected(
        self, operation: Callable[..., Any], request_for: Callable[[Selection], object]
    ) -> None:
        n = self._table.n_selected
        if n:
            self.do(operation, request_for(self.selection()), n)

    def _ask_for_like(self) -> None:
        """Search for texts that mean the same as the one that is selected."""
        if one := self._table.selected_input():
            self.explore_asked.emit(Search((Meaning(one.text, input_id=one.id),)))

    def _take_concept(self, concept: str) -> None:
        self.label(concept, positive=self._said)

    def _offered(self, positive: bool | None) -> list[Concept]:  # noqa: FBT001
        """Return the concepts that change something for the one selected text; else all."""
        concepts = list_concepts(self._session.db)
        one = self._table.selected_input()
        if one is None:
            return concepts
        said = {True: one.positive, False: one.negative, None: one.positive + one.negative}
        return [c for c in concepts if (c.id in said[positive]) is (positive is TAKE_AWAY)]

    def _move_to_new(self) -> None:
        title = _("New dataset")
        name = boxes.ask_text(self._holder.window(), title, _("Name"), act=_("Make the dataset"))
        if name:
            self.move(name, belongs=True)

    def _open_split_form(self) -> None:
        self.split_form.open_at(self._middle(), self.selection(), self._table.n_selected)

    def _open_metadata_form(self) -> None:
        if self._table.n_selected:
            self.metadata_form.open_at(self._middle(), self.selection(), self._table.n_selected)

    def _middle(self) -> QPoint:
        return self._table.mapToGlobal(QPoint(max(0, self._table.width() // 2 - 180), 40))

    def _count(self, inputs: Selection) -> int:
        return len(self._table.inputs.ids) if isinstance(inputs, InputFilter) else len(inputs)

    def _menu(self, parent: QWidget, title: str = "") -> QMenu:
        menu = QMenu(title, parent)
        menu.setFont(font("body"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu


def _plain(name: str) -> str:
    return name.replace("&", "&&")  # somebody's name, no key to press
