"""What the chosen node is called, what it takes from, and its settings."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.base_models import BaseModel
from core.i18n import _
from core.learning.settings import Kind, Setting, declared
from core.operations.workflows import model_key
from core.records import Concept, ModelVersion
from core.workflows.graph import IN, Node, Workflow
from core.workflows.nodes import KINDS
from desktop.screens.workflows.readers import offered_readers
from desktop.widgets.choices import line_edit
from desktop.widgets.concept_chooser import Offer
from desktop.widgets.control_of import control_of
from desktop.widgets.form_row import FormRow
from desktop.widgets.layout import Hairline, column
from desktop.widgets.mapping_control import MappingControl
from desktop.widgets.setting_controls import ListControl, PickControl
from desktop.widgets.text import text, wrapped
from desktop.widgets.tick import Tick
from desktop.widgets.versions import short_name

WIDTH = 306


class NodePanel(QWidget):
    """The form of one node.

    Attributes:
        name: the field of its name. takes: what it can take from, by id.
        shown: whether what it gives is shown and written into files.
        rows: of its settings, by name.
    """

    renamed = Signal(str)
    taken_from = Signal(tuple)  # of ids
    value_changed = Signal(str, object)
    silenced = Signal(bool)

    def __init__(self) -> None:
        """Show that nothing is chosen."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.rows: dict[str, FormRow] = {}
        self.takes: dict[str, Tick] = {}
        self.name = line_edit(width=WIDTH - 24)
        self.shown = Tick(_("Show what it gives"), on=True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._content = QWidget()
        self._layout.addWidget(self._content)
        self._layout.addStretch(1)
        self._bases: Sequence[BaseModel] = ()
        self._versions: Sequence[ModelVersion] = ()
        self._concepts: Sequence[Concept] = ()

    def offer(
        self,
        bases: Sequence[BaseModel],
        versions: Sequence[ModelVersion],
        concepts: Sequence[Concept],
    ) -> None:
        """Offer what the app and the computer have."""
        self._bases, self._versions, self._concepts = bases, versions, concepts

    def show_text(self) -> None:
        """Say what stands before all nodes."""
        self.rows, self.takes = {}, {}
        about = _("Every text begins here. Add a step to say what happens to it first.")
        self._put(column(text(_("The text"), "heading"), wrapped(about, "small", "ink_2"), gap=6))

    def show_node(self, workflow: Workflow, node: Node, refused: dict[str, str]) -> None:
        """Show a node with its settings; `refused` says by setting what cannot stay."""
        kind = KINDS[node.kind]
        self.name = line_edit(node.id, width=WIDTH - 24)
        self.name.setAccessibleName(_("Name of the step"))
        self.name.editingFinished.connect(self._rename)
        others = [IN, *(one.id for one in workflow.nodes if one.id != node.id)]
        self.takes = {one: self._tick(one, node) for one in others}
        self.shown = Tick(_("Show what it gives"), on=not node.is_silent)
        self.shown.clicked.connect(lambda: self.silenced.emit(not self.shown.isChecked()))
        self.rows = {s.name: self._row(s, node) for s in declared(kind.settings)}
        for setting, why in refused.items():
            self.rows[setting].set_problem(why)
        self._put(
            column(
                text(_(kind.title), "heading"),
                wrapped(_(kind.about), "small", "ink_2", width=WIDTH),
                8,
                text(_("Name"), "strong"),
                self.name,
                8,
                Hairline(),
                *self.rows.values(),
                8,
                text(_("Takes from"), "strong"),
                column(*self.takes.values(), gap=0),
                8,
                Hairline(),
                self.shown,
                gap=4,
            )
        )

    def _put(self, content: QWidget) -> None:
        self._layout.removeWidget(self._content)
        self._content.hide()
        self._content.deleteLater()
        self._content = content
        self._layout.insertWidget(0, content)

    def _tick(self, name: str, node: Node) -> Tick:
        tick = Tick(_("The text itself") if name == IN else name, on=name in node.inputs)
        tick.clicked.connect(self._tell_takes)
        return tick

    def _tell_takes(self) -> None:
        self.taken_from.emit(tuple(n for n, tick in self.takes.items() if tick.isChecked()))

    def _rename(self) -> None:
        self.renamed.emit(self.name.text().strip())

    def _row(self, setting: Setting, node: Node) -> FormRow:
        name, declaration = setting.name, setting.declaration
        control = control_of(setting)
        form_row = FormRow(_(declaration.title), _(declaration.help), control, is_wide=True)
        if isinstance(control, MappingControl):
            control.hold_concepts(are_words=name in ("words", "expressions"))
        elif isinstance(control, ListControl):
            control.offer([_offer_of(one) for one in self._concepts])
        elif isinstance(control, PickControl):
            control.offer(self._offers(setting))
        value = getattr(node.settings, name)
        control.set_value(value)
        form_row.reset.setVisible(value != setting.default)
        control.changed.connect(lambda now: self.value_changed.emit(name, now))
        form_row.reset_asked.connect(lambda: self._reset(form_row, setting))
        return form_row

    def _reset(self, form_row: FormRow, setting: Setting) -> None:
        form_row.control.set_value(setting.default)
        self.value_changed.emit(setting.name, setting.default)

    def _offers(self, setting: Setting) -> list[tuple[str, str]]:
        if setting.declaration.kind == Kind.VERSION:
            chosen = [(model_key(one), short_name(one)) for one in self._versions]
            return [("", _("Choose a model")), *chosen]
        return offered_readers(self._bases, self._versions)

    def set_problem(self, setting: str, why: str, *, is_default: bool) -> None:
        """Say below a setting why its value cannot stay; "" for nothing."""
        if setting in self.rows:
            self.rows[setting].set_problem(why)
            self.rows[setting].reset.setVisible(not is_default)


def _offer_of(concept: Concept) -> Offer:
    return Offer(concept.name, concept.colour, concept.n_positive)
