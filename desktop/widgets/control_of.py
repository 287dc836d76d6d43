"""The control that the declaration of a setting asks for."""

from collections.abc import Callable

from core.i18n import _
from core.learning.settings import Kind, Setting
from desktop.widgets.mapping_control import MappingControl
from desktop.widgets.setting_controls import (
    ChoiceControl,
    Control,
    LinesControl,
    ListControl,
    NumberControl,
    OpenChoiceControl,
    PickControl,
    SwitchControl,
    WordsControl,
)

CONTROLS: dict[Kind, Callable[[Setting, str], Control]] = {
    Kind.CHOICE: lambda setting, name: (
        OpenChoiceControl(setting.declaration.choices, name)
        if setting.declaration.is_open
        else ChoiceControl(setting.declaration.choices, name)
    ),
    Kind.SWITCH: lambda _setting, name: SwitchControl(name),
    Kind.NUMBER: lambda s, name: NumberControl(name, is_whole=s.declaration.is_whole),
    Kind.LIST: lambda _setting, name: ListControl(name),
    Kind.MAPPING: lambda _setting, name: MappingControl(name),
    Kind.BASE_MODEL: lambda _setting, name: PickControl(name, _("Add a base model…")),
    Kind.VERSION: lambda _setting, name: PickControl(name),
    Kind.TEXT: lambda setting, name: (
        LinesControl(name) if "\n" in str(setting.default) else WordsControl(name)
    ),
}


def control_of(setting: Setting) -> Control:
    """Return the control for a setting; of several, what it offers is still to be told."""
    return CONTROLS[setting.declaration.kind](setting, _(setting.declaration.title))
