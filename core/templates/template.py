"""What a template is: a ready-made recipe for training, as data.

The form, the command line, the checks and the help are all made from its settings.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from core.i18n import _
from core.learning.settings import (
    Setting,
    Settings,
    declared,
    parse_values,
    settings_from_values,
)


@dataclass(frozen=True, kw_only=True)
class Template:
    """A way to train a model of a type.

    Attributes:
        name: as the command line and files call it.
        title: as the form shows it; translated where it is shown.
        purpose: one or two sentences: what it is good for, and what it needs.
        settings: its fields with their declarations.
        type: of the models that it trains.
        defaults: those of its fields that differ from the declarations.
        is_recommended: whether it is what suits most analysts of this type.
        base: of a custom template, the name of the shipped one that it is made from; else "".
    """

    name: str
    title: str
    purpose: str
    settings: type[Settings]
    type: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    is_recommended: bool = False
    base: str = ""

    @property
    def fields(self) -> tuple[Setting, ...]:
        """Return the settings with the defaults of this template, in the order of a form."""
        return tuple(
            replace(setting, default=self.defaults.get(setting.name, setting.default))
            for setting in declared(self.settings)
        )

    @property
    def shipped_name(self) -> str:
        """Return the name of the shipped template behind it; its own if it is shipped itself."""
        return self.base or self.name

    def with_values(self, values: Mapping[str, object]) -> Settings:
        """Make settings of values; what is not named has this template's default.

        Raises:
            SettingUnknownError, SettingNotAllowedError: a value is none that it can have.
        """
        own = deepcopy(dict(self.defaults))  # no training may change what the next begins with
        return settings_from_values(self.settings, {**own, **values})

    def parse(self, assignments: Sequence[str]) -> Settings:
        """Make settings of `key=value` words, as `core.learning.settings.parse_settings` does.

        Raises:
            SettingUnknownError, SettingNotAllowedError: a value is none that it can have.
        """
        return self.with_values(parse_values(self.fields, assignments))

    def words(self) -> tuple[str, str]:
        """Return title and purpose, translated where they are ours."""
        return (self.title, self.purpose) if self.base else (_(self.title), _(self.purpose))
