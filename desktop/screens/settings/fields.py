"""The fields of one template: the usual ones, and the rest folded away."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.base_models import BaseModel, ModelKind, kind_words
from core.errors import UserError
from core.i18n import _
from core.learning.hugging_face_settings import doubt_in
from core.learning.settings import Kind, Setting
from core.records import ModelVersion
from core.templates import Template
from desktop.screens.settings.draft import Draft, changed, find_base
from desktop.widgets.concept_chooser import Offer
from desktop.widgets.control_of import control_of
from desktop.widgets.fold import Fold
from desktop.widgets.form_row import FormRow
from desktop.widgets.layout import Hairline, column
from desktop.widgets.mapping_control import MappingControl
from desktop.widgets.setting_controls import ListControl, PickControl
from desktop.widgets.versions import version_name
from desktop.widgets.wording import number, size

MILLION = 1_000_000
PREPARED = "fast:"  # before the name of an added reader, of which a fast one is made


class TemplateFields(QWidget):
    """Shows the settings of a template, and tells what the analyst makes of them.

    Attributes:
        rows: by the name of the setting. more: the fold with those that are rarely changed.
    """

    value_changed = Signal(str, object)
    base_asked = Signal()  # one that is not here yet

    def __init__(self, template: Template, extras: Mapping[str, QWidget]) -> None:
        """Show the defaults; `extras` stand below the rows of these settings."""
        super().__init__()
        self.template = template
        self.rows = {setting.name: self._row(setting) for setting in template.fields}
        usual = [s for s in template.fields if not s.declaration.is_advanced]
        self.advanced = [s for s in template.fields if s.declaration.is_advanced]
        parts: list[QWidget] = []
        for setting in usual:
            parts.append(self.rows[setting.name])
            if setting.name in extras:
                parts.append(extras[setting.name])
        folded = column(*(self.rows[s.name] for s in self.advanced), gap=0)
        self.more = Fold(_("More settings"), "", folded)
        end = Hairline()  # open, the last row has its own
        self.more.opened.connect(lambda is_open: end.setVisible(not is_open))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(column(*parts, column(10, self.more, 10, gap=0), end, gap=0))

    def _row(self, setting: Setting) -> FormRow:
        name, declaration = setting.name, setting.declaration
        is_wide = declaration.kind == Kind.MAPPING
        form_row = FormRow(
            _(declaration.title), _(declaration.help), control_of(setting), is_wide=is_wide
        )
        control = form_row.control
        control.changed.connect(lambda value: self.value_changed.emit(name, value))
        form_row.reset_asked.connect(lambda: self.value_changed.emit(name, setting.default))
        if isinstance(control, PickControl):
            control.asked.connect(self.base_asked)
        return form_row

    def offer_concepts(self, offers: Sequence[Offer]) -> None:
        """Offer concepts where some of them are chosen."""
        for form_row in self.rows.values():
            if isinstance(form_row.control, ListControl):
                form_row.control.offer(offers)

    def offer_models(self, bases: Sequence[BaseModel], past: Sequence[ModelVersion]) -> None:
        """Offer the base models of this computer, and what was trained before."""
        for setting in self.template.fields:
            control = self.rows[setting.name].control
            if isinstance(control, PickControl):
                control.offer(_offers(setting, bases, past, self.template.type))

    def show_values(self, draft: Draft, bases: Sequence[BaseModel]) -> None:
        """Show what a draft of this template holds."""
        for setting in self.template.fields:
            form_row, value = self.rows[setting.name], draft.values[setting.name]
            form_row.control.set_value(value)
            form_row.reset.setVisible(value != setting.default)
            form_row.set_doubt(doubt_in(setting, value))
            if setting.declaration.kind == Kind.BASE_MODEL:
                base = find_base(bases, str(value))
                form_row.set_note(_about(base) if base else "")
        self.more.set_note(_note_of(changed(draft, self.advanced), len(self.advanced)))
        self.more.setVisible(bool(self.advanced))

    def show_problems(self, found: Mapping[str, UserError]) -> None:
        """Say at each field what is wrong with its value; a folded one unfolds."""
        for name, form_row in self.rows.items():
            error = found.get(name)
            control = form_row.control
            problem = _problem_words(error) if error else ""
            if isinstance(control, MappingControl):
                control.mark(str(getattr(error, "key", "")))
                problem = "" if control.said.text() else problem
            form_row.set_problem(problem)


def _problem_words(error: UserError) -> str:
    """Return what is wrong; of a setting its row already says the name."""
    return error.next_step if hasattr(error, "name") else f"{error} {error.next_step}"


def _offers(
    setting: Setting,
    bases: Sequence[BaseModel],
    past: Sequence[ModelVersion],
    type: str,  # noqa: A002  # the field's word
) -> list[tuple[str, str]]:
    declaration = setting.declaration
    match declaration.kind:
        case Kind.BASE_MODEL:
            fitting = [base for base in bases if base.kind in declaration.fits]
            return [(base.name, f"{base.name} · {size(base.n_bytes)}") for base in fitting]
        case Kind.VERSION:
            earlier = [version for version in past if version.type == type]
            named = [(f"{v.model}:{v.number}", version_name(v)) for v in earlier]
            return [("", _("Nothing, start afresh")), *named]
        case _:
            shipped = [(value, _(title)) for value, title in declaration.choices]
            return [*shipped, *_readers(bases)]


def _readers(bases: Sequence[BaseModel]) -> list[tuple[str, str]]:
    """Return the added base models that read texts, and the fast readers made of them."""
    fit = (ModelKind.SENTENCE_ENCODER, ModelKind.ENCODER)
    added = [base.name for base in bases if base.kind in fit and not base.is_built_in]
    fast = [(PREPARED + name, _("Fast, made of {name}").format(name=name)) for name in added]
    return [*((name, name) for name in added), *fast]


def _about(base: BaseModel) -> str:
    """Return what a base model is, in a line."""
    millions = max(1, round(base.n_parameters / MILLION))
    size_words = _("{n} million numbers").format(n=number(millions))
    parts = [base.family, kind_words(base.kind), size_words]
    if base.max_tokens:
        parts.append(_("up to {n} tokens").format(n=number(base.max_tokens)))
    return "\N{NO-BREAK SPACE}· ".join(parts)  # no line begins with the dot


def _note_of(different: Sequence[Setting], total: int) -> str:
    if not different:
        return _("{n} settings, all at their defaults").format(n=total)
    titles = ", ".join(_(setting.declaration.title) for setting in different)
    return _("Changed: {titles}").format(titles=titles)
