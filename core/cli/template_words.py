"""A template with its settings, for people and for machines."""

import json
import textwrap
from typing import Any

from core.i18n import N_, _
from core.learning.settings import Kind, Setting
from core.templates import Template

WIDTH = 96
INDENT = " " * 4
_KINDS = {
    Kind.CHOICE: N_("choice"),
    Kind.NUMBER: N_("number"),
    Kind.SWITCH: N_("true or false"),
    Kind.LIST: N_("list"),
    Kind.TEXT: N_("words"),
    Kind.MAPPING: N_("keys with values"),
    Kind.BASE_MODEL: N_("base model"),
    Kind.VERSION: N_("version of a model"),
}


def template_value(template: Template) -> dict[str, Any]:
    """Return a template with all its settings, for machines."""
    title, purpose = template.words()
    return {
        "name": template.name,
        "type": template.type,
        "title": title,
        "purpose": purpose,
        "is_recommended": template.is_recommended,
        "is_custom": bool(template.base),
        "made_from": template.base,
        "settings": [_setting_value(setting) for setting in template.fields],
    }


def _setting_value(setting: Setting) -> dict[str, Any]:
    told = setting.declaration
    value: dict[str, Any] = {
        "name": setting.name,
        "title": _(told.title),
        "help": _(told.help),
        "kind": str(told.kind),
        "default": setting.default,
        "is_advanced": told.is_advanced,
    }
    if told.kind == Kind.NUMBER:
        value |= {"low": told.low, "high": told.high, "is_whole": told.is_whole}
    if told.choices:
        value["choices"] = [{"value": word, "title": _(title)} for word, title in told.choices]
        value |= {"is_open": told.is_open, "recommended": _recommended(setting)}
    if told.fits:
        value["fits"] = list(told.fits)
    return value


def _recommended(setting: Setting) -> str:
    return setting.declaration.recommended or str(setting.default)


def describe(template: Template) -> str:
    """Return a template with all its settings, for people: those that most change come first."""
    title, purpose = template.words()
    head = _("{title} ({name}), for models of the type “{type}”").format(
        title=title, name=template.name, type=template.type
    )
    fields = template.fields
    plain = [_setting_words(one) for one in fields if not one.declaration.is_advanced]
    advanced = [_setting_words(one) for one in fields if one.declaration.is_advanced]
    parts = [head, purpose, *plain, *([_("For special cases:"), *advanced] if advanced else [])]
    return "\n\n".join(part for part in parts if part)


def _setting_words(setting: Setting) -> str:
    told = setting.declaration
    lines = [
        f"{setting.name} = {_plain(setting.default)}",
        _("{kind}: {allowed}").format(kind=_(_KINDS[told.kind]), allowed=_allowed(setting))
        if _allowed(setting)
        else _(_KINDS[told.kind]),
        f"{_(told.title)}. {_(told.help)}",
    ]
    first, *others = (textwrap.wrap(line, WIDTH, break_long_words=False) for line in lines)
    indented = [f"{INDENT}{line}" for wrapped in others for line in wrapped]
    return "\n".join([" ".join(first), *indented])


def _allowed(setting: Setting) -> str:
    told = setting.declaration
    if told.kind == Kind.NUMBER:
        span = _("whole, from {low} to {high}") if told.is_whole else _("from {low} to {high}")
        return span.format(low=told.low, high=told.high)
    if told.choices:
        marked = _("{word} (recommended)").format(word=_recommended(setting))
        words = [marked if w == _recommended(setting) else w for w, _title in told.choices]
        others = [_("or a base model")] if told.is_open else []
        return ", ".join([*words, *others])
    return ", ".join(told.fits)


def _plain(value: object) -> str:
    """Return a default as it would be typed."""
    if isinstance(value, tuple | list):
        return "|".join(map(str, value))
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)[1:-1]
    return json.dumps(value, ensure_ascii=False)
