"""A template of the analyst's as a file says it, and the name that it may have."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.i18n import _
from core.learning.settings import Kind, Setting
from core.storage.names import storable
from core.templates.config_errors import ConfigFileError, TemplateNameError
from core.templates.shipped import SHIPPED, TemplateMissingError, shipped_template
from core.templates.template import Template
from core.templates.types import find_model_type
from core.templates.values import config_of, values_from_config, words_at

FORMAT = 1
MAX_NAME_LENGTH = 60
MAX_TITLE_LENGTH = 100
MAX_PURPOSE_LENGTH = 1000
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|\Z)", re.IGNORECASE)
_OTHERS = "_-. "


def template_name(name: str) -> str:
    """Return a name as it is kept: one that every file system takes, in any script.

    Raises:
        TemplateNameError: it is empty, too long, that of a shipped template, or no such name.
    """
    kept = unicodedata.normalize("NFC", " ".join(storable(name).split()))
    next_step = _("Choose a name of letters, digits, spaces, “-” and “_”.")
    if not 1 <= len(kept) <= MAX_NAME_LENGTH:
        words = _("A template's name has 1 to {most} characters.")
        raise TemplateNameError(words.format(most=MAX_NAME_LENGTH), next_step=next_step)
    if not all(_is_fit(char) for char in kept) or kept[0] in ".-" or kept[-1] == ".":
        words = _("A template cannot be called “{name}”.")
        raise TemplateNameError(words.format(name=kept), next_step=next_step)
    if _RESERVED.match(kept):
        words = _("The computer keeps the name “{name}” for itself.")
        raise TemplateNameError(words.format(name=kept), next_step=_("Choose another name."))
    if kept.casefold() in {template.name.casefold() for template in SHIPPED}:
        words = _("“{name}” is the name of a template that came with Textwright.")
        raise TemplateNameError(words.format(name=kept), next_step=_("Choose another name."))
    return kept


def _is_fit(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN" or char in _OTHERS


def custom_template(
    name: str, title: str, purpose: str, base: Template, values: Mapping[str, object]
) -> Template:
    """Make a template of values; what is not named is as in the base.

    An earlier version to go on from is left out: it belongs to one app.

    Args:
        name: see `template_name`.
        title: as forms show it; empty means the name.
        purpose: what it is good for; may be empty.
        base: the template, shipped or not, that it is made from.
        values: of its settings, by name.

    Raises:
        TemplateNameError: it cannot have this name, title or purpose.
        SettingUnknownError, SettingNotAllowedError: a value is none that it can have.
    """
    kept_name = template_name(name)
    settings = base.with_values(values)
    shipped = shipped_template(base.type, base.shipped_name)
    kept = {setting.name for setting in shipped.fields if _is_kept(setting)}
    return Template(
        name=kept_name,
        title=_short(title, MAX_TITLE_LENGTH) or kept_name,
        purpose=_short(purpose, MAX_PURPOSE_LENGTH),
        settings=shipped.settings,
        type=shipped.type,
        defaults={
            key: value
            for key, value in asdict(settings).items()  # type: ignore[call-overload]  # dataclasses
            if key in kept
        },
        base=shipped.name,
    )


def _is_kept(setting: Setting) -> bool:
    return setting.declaration.kind != Kind.VERSION


def _short(words: str, most: int) -> str:
    kept = " ".join(storable(words).split())
    if len(kept) > most:
        what = _("A title has at most {most_title} characters, and a purpose {most_purpose}.")
        raise TemplateNameError(
            what.format(most_title=MAX_TITLE_LENGTH, most_purpose=MAX_PURPOSE_LENGTH),
            next_step=_("Write it shorter."),
        )
    return kept


def to_mapping(template: Template) -> dict[str, Any]:
    """Return a template, shipped or not, with all its settings, in values that YAML knows."""
    title, purpose = template.words()
    return {
        "format": FORMAT,
        "name": template.name,
        "title": title,
        "purpose": purpose,
        "model_type": template.type,
        "template": template.shipped_name,
        "settings": {
            setting.name: list(setting.default)
            if isinstance(setting.default, tuple)
            else setting.default
            for setting in template.fields
            if _is_kept(setting)
        },
    }


def from_mapping(mapping: Mapping[str, Any]) -> Template:
    """Return the template that a file of ours describes; its settings need not be complete.

    Raises:
        ConfigFileError: it is none of ours, or made by a newer Textwright.
        ModelTypeMissingError, TemplateMissingError: there is no such type, or shipped template.
        TemplateNameError, ConfigNamesUnknownError, SettingNotAllowedError: a part of it is not
            allowed.
    """
    form = mapping.get("format")
    if type(form) is not int or form != FORMAT:
        raise ConfigFileError(
            _("The file is no template in a format that is known here."),
            next_step=_("Write “format: {number}” in it, or update Textwright.").format(
                number=FORMAT
            ),
        )
    config = config_of(mapping)
    base = _shipped(find_model_type(config.type).name, config.template)
    values = values_from_config(base, mapping)
    name, title, purpose = (words_at(mapping, key) for key in ("name", "title", "purpose"))
    return custom_template(name, title, purpose, base, values)


def _shipped(type: str, name: str) -> Template:  # noqa: A002  # the field's word
    known = {template.name: template for template in SHIPPED if template.type == type}
    if name not in known:
        raise TemplateMissingError(name, list(known))
    return known[name]
