"""From what a file or a kept version says to the settings of a template, and back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from core.errors import UserError
from core.i18n import _
from core.learning.settings import Kind, Setting, SettingNotAllowedError, Settings
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT, ModelVersion
from core.templates.config_errors import (
    ChosenWhenTrainingError,
    ConfigFileError,
    ConfigNamesUnknownError,
)
from core.templates.shipped import shipped_template
from core.templates.template import Template

OWN_KEYS = ("format", "name", "title", "purpose", "model_type", "template", "settings")
PORTAL_BLOCKS = ("train_params", "inference_params")
CHOSEN_WHEN_TRAINING = ("dataset_id", "dataset_version_id", "concepts")
_TYPE_OF_TASK = {
    "SEQ_CLS": TEXT_CLASSIFIER,
    "CAUSAL_LM": TEXT_TO_TEXT,
    "SEQ_2_SEQ_LM": TEXT_TO_TEXT,
}


@dataclass(frozen=True)
class Config:
    """What a file of settings says.

    Attributes:
        type: of model; "" if it does not say.
        template: its name; "" if it does not say.
        values: of settings, by name.
    """

    type: str = ""
    template: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


class KeptSettings(NamedTuple):
    """The settings of a kept version, as far as this Textwright knows them."""

    template: Template
    settings: Settings
    dropped: list[str]


def config_of(mapping: Mapping[str, Any]) -> Config:
    """Return what a file says, whichever of three forms it has.

    The forms are a template of ours (`settings` beneath its heading), the portal's (`train_params`
    and `inference_params`), and the bare settings, with `template` and `model_type` among them.

    Raises:
        ConfigFileError: a part of it is no mapping, or no words.
        ConfigNamesUnknownError: the heading of a template names what it does not have.
        ChosenWhenTrainingError: it names a dataset or concepts.
    """
    if "settings" in mapping or "format" in mapping:
        unknown = [name for name in mapping if name not in OWN_KEYS]
        if unknown:
            raise ConfigNamesUnknownError(unknown, OWN_KEYS)
        return Config(
            words_at(mapping, "model_type"),
            words_at(mapping, "template"),
            _block(mapping, "settings"),
        )
    values = {name: value for name, value in mapping.items() if name not in PORTAL_BLOCKS}
    for name in PORTAL_BLOCKS:
        values |= _block(mapping, name)
    for name in CHOSEN_WHEN_TRAINING:
        if values.pop(name, None):
            raise ChosenWhenTrainingError(name)
    stated, template = words_at(values, "model_type"), words_at(values, "template")
    values = {k: v for k, v in values.items() if k not in ("model_type", "template")}
    return Config(stated or _type_by(values, mapping), template, values)


def words_at(mapping: Mapping[str, Any], name: str) -> str:
    """Return the words under a name; "" if there are none.

    Raises:
        ConfigFileError: there is something else than words.
    """
    value = mapping.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ConfigFileError(
            _("“{name}” is not given as words.").format(name=name),
            next_step=_("Write words behind it, in quotes if they look like a number."),
        )
    return value


def _block(mapping: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = mapping.get(name)
    if value is not None and not isinstance(value, dict):
        raise ConfigFileError(
            _("“{name}” holds no settings.").format(name=name),
            next_step=_("Write one “name: value” on each line beneath it."),
        )
    return value or {}


def _type_by(values: Mapping[str, Any], mapping: Mapping[str, Any]) -> str:
    """Return the type of model that values of the portal's can only be for; else ""."""
    if not any(name in mapping for name in PORTAL_BLOCKS):
        return ""
    if "base_embed_model" in values or "enrich_dataset" in values:
        return EMBEDDING_CLASSIFIER
    model, peft = values.get("model_config"), values.get("peft_config")
    task = peft.get("task_type") if isinstance(peft, dict) else None
    if isinstance(task, str) and task in _TYPE_OF_TASK:
        return _TYPE_OF_TASK[task]
    is_classifier = isinstance(model, dict) and "problem_type" in model
    return TEXT_CLASSIFIER if is_classifier or "select_concepts" in values else ""


def values_from_config(template: Template, mapping: Mapping[str, Any]) -> dict[str, object]:
    """Return the values that a file gives to fields of a template, as its settings take them.

    Numbers that are whole stand for whole numbers, as the portal sends 1.0; true and false for the
    words of a choice. What is null keeps the template's default.

    Args:
        template: whose fields they are.
        mapping: what the file says, in one of the forms of `config_of`.

    Raises:
        ConfigNamesUnknownError: it names what the template does not have.
        SettingNotAllowedError: a list holds something else than words.
        ConfigFileError, ChosenWhenTrainingError: see `config_of`.
    """
    values = config_of(mapping).values
    fields = {setting.name: setting for setting in template.fields}
    unknown = [name for name in values if name not in fields]
    if unknown:
        raise ConfigNamesUnknownError(unknown, list(fields))
    given = {name: value for name, value in values.items() if value is not None}
    return {name: _fitted(fields[name], value) for name, value in given.items()}


def _fitted(setting: Setting, value: object) -> object:
    declaration = setting.declaration
    match declaration.kind, value:
        case Kind.NUMBER, float() if declaration.is_whole and value.is_integer():
            return int(value)
        case Kind.CHOICE, bool():
            return str(value).lower()
        case Kind.CHOICE, str():
            known = {word.casefold(): word for word, _title in declaration.choices}
            return known.get(value.casefold(), value or setting.default)
        case Kind.LIST, list() | tuple() if all(isinstance(one, str) for one in value):
            return tuple(value)
        case Kind.LIST, _:
            raise SettingNotAllowedError(setting.name, str(value)[:60], _("Give a list of names."))
        case _:
            return value


def values_of(settings: Settings) -> dict[str, Any]:
    """Return settings as values that JSON and YAML know."""
    values = asdict(settings)  # type: ignore[call-overload]  # subclasses are dataclasses
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}


def template_of_version(version: ModelVersion) -> Template:
    """Return the shipped template that a version was trained with."""
    return shipped_template(version.type, version.template)


def settings_of_version(version: ModelVersion) -> KeptSettings:
    """Return what a version was trained with; what only another Textwright knows is left out.

    What is left out, because its name or its value is unknown here, has the template's default,
    and is named.
    """
    template = template_of_version(version)
    kept: dict[str, object] = {}
    dropped = []
    for name, value in version.settings.items():
        try:
            template.with_values({name: value})
            kept[name] = value
        except UserError:
            dropped.append(name)
    return KeptSettings(template, template.with_values(kept), dropped)
