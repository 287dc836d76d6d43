"""The template at the head of the form, and what can be done with templates."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu
from typing_extensions import override

from core.errors import UserError
from core.i18n import _, ngettext
from core.templates import (
    DamagedTemplate,
    Template,
    damaged_templates,
    delete_template,
    export_template,
    find_template,
    import_template,
    list_templates,
    save_template,
)
from core.templates.config_errors import TemplateTypeError
from desktop import boxes
from desktop.screens.settings.draft import Draft
from desktop.theme.tokens import font
from desktop.widgets.buttons import icon_button
from desktop.widgets.choices import Select
from desktop.widgets.layout import row
from desktop.widgets.setting_controls import CONTROL_WIDTH, Control

MENU_WIDTH = 44
CONFIGS = "*.yaml *.yml *.json *.py"


class TemplateSelect(Select):
    """A list that marks what is recommended; closed, there is no room for that."""

    @override
    def currentText(self) -> str:
        return str(self.currentData() or "")


class TemplateControl(Control):
    """Chooses a template; a menu saves, imports, exports and deletes them.

    Attributes:
        draft: what would be saved as a template.
        damaged: the analyst's templates that cannot be used.
    """

    damaged_read = Signal()
    template_chosen = Signal(object)  # Template
    template_deleted = Signal(object)  # the Template that it was made from

    def __init__(self, name: str) -> None:
        """Offer nothing until a draft is shown."""
        self.select = TemplateSelect(width=CONTROL_WIDTH - MENU_WIDTH, name=name)
        self.more = icon_button("ellipsis", _("Save, import, export or delete a template"))
        super().__init__(row(self.select, self.more))
        self.setFocusProxy(self.select)
        self.draft: Draft | None = None
        self._suited = ""
        self.templates: list[Template] = []
        self.damaged: list[DamagedTemplate] = []
        self.select.activated.connect(self._tell)
        self.more.clicked.connect(self._open_menu)

    def show_draft(self, draft: Draft, suited: str = "") -> None:
        """Show the template of a draft among those of its type.

        Args:
            draft: what the form holds.
            suited: the name of the template that is recommended; "" for the same as before.
        """
        type_, is_other = draft.template.type, suited not in ("", self._suited)
        self._suited = suited or self._suited
        if is_other or self.draft is None or self.draft.template.type != type_:
            self._read(type_)
        self.draft = draft
        names = [template.name for template in self.templates]
        if draft.template.name in names:
            self.select.setCurrentIndex(names.index(draft.template.name))

    def _read(self, type_: str) -> None:
        self.templates, self.damaged = list_templates(type_), damaged_templates()
        self.damaged_read.emit()
        self.select.clear()
        for template in self.templates:
            is_suited = template.name == self._suited
            self.select.addItem(_title(template, is_suited=is_suited), template.words()[0])

    def _tell(self, place: int) -> None:
        self.template_chosen.emit(self.templates[place])

    # -- the menu --------------------------------------------------------------------------------
    def menu(self) -> QMenu:
        """Return what can be done with templates."""
        menu = QMenu(self)
        menu.setFont(font("body"))
        acts = (
            (_("Save as template…"), self.save),
            (_("Import template…"), self.import_file),
            (_("Export template…"), self.export),
            (_("Delete template"), self.delete),
        )
        for label, act in acts:
            menu.addAction(label).triggered.connect(lambda _on=False, act=act: act())
        menu.actions()[-1].setEnabled(bool(self.draft and self.draft.template.base))
        for one in self.damaged:
            label = _("Remove “{file}”, which cannot be used…").format(file=one.path.name)
            menu.addAction(label).triggered.connect(lambda _on=False, one=one: self.clear_away(one))
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def save(self) -> None:
        """Keep the values of the form as a template of one's own; one of the name may go."""
        draft = self.draft
        if draft is None:
            return
        title, field = _("Save as template"), _("Name of the template")
        base = draft.template
        name = boxes.ask_text(self.window(), title, field, base.name if base.base else "")
        if name is None:
            return
        replaces = name.casefold() in {one.name.casefold() for one in list_templates() if one.base}
        if replaces and not self._may_replace(name):
            return
        purpose = base.words()[1]
        self._keep(lambda: save_template(name, "", purpose, base, draft.values, replaces=replaces))

    def _may_replace(self, name: str) -> bool:
        return boxes.ask(
            self.window(),
            _("Replace the template “{name}”?").format(name=name),
            _("What it held before is gone then. Models that were trained with it stay."),
            _("Replace template"),
        )

    def import_file(self) -> None:
        """Keep the template that a file describes."""
        draft = self.draft
        kinds = f"{_('Templates')} ({CONFIGS})"
        path = boxes.choose_file(self.window(), _("Import template"), kinds)
        if path and draft:
            self._keep(lambda: _imported(path, draft.template))

    def export(self) -> None:
        """Write the template, as it is kept, to a file."""
        if self.draft is None:
            return
        template = self.draft.template
        name = f"{template.name}.yaml"
        path = boxes.choose_save_file(self.window(), _("Export template"), name, "*.yaml")
        if path is None:
            return
        try:
            export_template(template, path)
        except UserError as error:
            boxes.show_error(self.window(), error)

    def delete(self) -> None:
        """Delete a template of one's own; the form keeps its values."""
        if self.draft is None or not self.draft.template.base:
            return
        template = self.draft.template
        is_sure = boxes.ask(
            self.window(),
            _("Delete the template “{name}”?").format(name=template.name),
            _("Models that were trained with it stay, with all their settings."),
            _("Delete template"),
        )
        if not is_sure:
            return
        self._delete(template.name)
        self.template_deleted.emit(find_template(template.type, template.base))

    def clear_away(self, one: DamagedTemplate) -> None:
        """Delete a template that cannot be used, once the analyst has read why."""
        is_sure = boxes.ask(
            self.window(),
            _("Remove “{file}”?").format(file=one.path.name),
            f"{one.what} {one.next_step}",
            _("Remove file"),
        )
        if is_sure:
            self._delete(one.path.stem)

    def _delete(self, name: str) -> None:
        try:
            delete_template(name)
        except UserError as error:
            boxes.show_error(self.window(), error)
        if self.draft:
            self._read(self.draft.template.type)
            self.show_draft(self.draft)

    def _keep(self, make: Callable[[], Template]) -> None:
        """Make a template, or say why not, and choose it."""
        try:
            made = make()
        except UserError as error:
            boxes.show_error(self.window(), error)
            return
        if self.draft:
            self._read(self.draft.template.type)
        self.template_chosen.emit(made)


def _imported(path: Path, shown: Template) -> Template:
    """Import a file; where it does not say what it is for, it is for what is shown."""
    try:
        return import_template(path)
    except TemplateTypeError:
        return import_template(path, type=shown.type, template=shown.shipped_name)


def damaged_words(damaged: Sequence[DamagedTemplate]) -> str:
    """Return which of the analyst's templates cannot be used, and why; "" where all can."""
    if not damaged:
        return ""
    first = damaged[0]
    words = ngettext(
        "“{file}” among your templates cannot be used. {what}",
        "{n} files among your templates cannot be used, such as “{file}”. {what}",
        len(damaged),
    )
    return words.format(n=len(damaged), file=first.path.name, what=first.what)


def _title(template: Template, *, is_suited: bool) -> str:
    title = template.words()[0]
    return _("{title} (recommended)").format(title=title) if is_suited else title
