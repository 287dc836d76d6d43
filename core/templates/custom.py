"""Templates that the analyst made: one YAML file each, in a folder of this computer."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import UserError, writing_to
from core.files.csv_writer import text_aside
from core.i18n import _
from core.paths import templates_folder
from core.templates.config_errors import ConfigFileError, TemplateNameError, TemplateTypeError
from core.templates.file_words import read_words
from core.templates.reading import read_config
from core.templates.shipped import SHIPPED, TemplateMissingError
from core.templates.template import Template
from core.templates.template_file import custom_template, from_mapping, template_name, to_mapping
from core.templates.types import MODEL_TYPES, find_model_type
from core.templates.values import Config, config_of, values_from_config
from core.templates.yaml_text import parse_yaml, write_yaml

ENDING = ".yaml"


@dataclass(frozen=True)
class DamagedTemplate:
    """A file among the analyst's templates that cannot be used.

    Attributes:
        path: where it lies.
        what: what is wrong with it, one sentence.
        next_step: what to do now.
    """

    path: Path
    what: str
    next_step: str


class TemplateExistsError(TemplateNameError):
    """The analyst has a template of that name already."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is a template “{name}” already.").format(name=name),
            next_step=_("Choose another name, or delete that one first."),
        )


def save_template(
    name: str,
    title: str,
    purpose: str,
    base: Template,
    values: Mapping[str, object],
    *,
    replaces: bool = False,
) -> Template:
    """Keep a template of values on this computer, for every app.

    Args:
        name: as files and commands call it.
        title: as forms show it; empty means the name.
        purpose: what it is good for; may be empty.
        base: the template, shipped or not, that it is made from.
        values: of its settings, by name; the others are as in the base.
        replaces: whether a template of the same name, made before, is overwritten.

    Raises:
        TemplateExistsError: the analyst has one of that name.
        TemplateNameError: it cannot have this name, title or purpose.
        SettingUnknownError, SettingNotAllowedError: a value is none that it can have.
        DiskFullError, NotWritableError: it cannot be kept.
    """
    return _keep(custom_template(name, title, purpose, base, values), replaces=replaces)


def delete_template(name: str) -> None:
    """Remove a template that the analyst made, also a damaged one, by the name of its file.

    Raises:
        TemplateMissingError: there is none; those that ship stay.
        NotWritableError: its file cannot be removed.
    """
    path = _path_of(name)
    if path is None:
        raise TemplateMissingError(name, [template.name for template in list_custom()])
    with writing_to(path):
        path.unlink()


def list_custom(type: str = "") -> list[Template]:  # noqa: A002  # the field's word
    """Return the analyst's templates in the order of their names, those of one type or all."""
    readable = [found for found in map(_read, _paths()) if isinstance(found, Template)]
    return [template for template in readable if type in ("", template.type)]


def damaged_templates() -> list[DamagedTemplate]:
    """Return the files among the analyst's templates that cannot be used, with the reasons."""
    return [found for found in map(_read, _paths()) if isinstance(found, DamagedTemplate)]


def import_template(
    path: Path,
    *,
    name: str = "",
    type: str = "",  # noqa: A002  # the field's word
    template: str = "",
) -> Template:
    """Keep the template that a file describes: one of ours, the portal's, or bare settings.

    Args:
        path: a YAML, JSON or Python file, see `core.templates.reading.read_config`.
        name: what to call it; empty means as the file does, or else like the file.
        type: of model, where the file does not say.
        template: the shipped one behind it, where the file does not say.

    Raises:
        TemplateTypeError: neither the file nor the caller says for which type of model it is.
        TemplateExistsError: the analyst has one of that name.
        UserError: the file cannot be read, or a part of it is not allowed.
    """
    mapping = read_config(path)
    if "format" in mapping:
        given = {"name": path.stem, **mapping}
        return _keep(from_mapping({**given, "name": name} if name else given))
    config = config_of(mapping)
    base = _base(config, type, template)
    values = values_from_config(base, mapping)
    return _keep(custom_template(name or path.stem, "", "", base, values))


def export_template(template: Template, path: Path) -> None:
    """Write a template, shipped or not, with all its settings to a YAML file, to edit or to share.

    Raises:
        ConfigFileError: the file would not end in .yaml.
        DiskFullError, NotWritableError: it cannot be written.
    """
    if path.suffix.lower() not in (ENDING, ".yml"):
        raise ConfigFileError(
            _("“{file}” does not end in .yaml.").format(file=path.name),
            next_step=_("Choose a name that ends in .yaml."),
        )
    with text_aside(path, encoding="utf-8") as file:
        file.write(write_yaml(to_mapping(template)))


def _base(config: Config, type: str, template: str) -> Template:  # noqa: A002
    """Return the shipped template that bare settings belong to."""
    known = ", ".join(one.name for one in MODEL_TYPES)
    stated, name = type or config.type, template or config.template
    if stated:
        find_model_type(stated)
    fits = [one for one in SHIPPED if stated in ("", one.type)]
    fits = [one for one in fits if (one.name == name if name else stated and one.is_recommended)]
    if len(fits) == 1:
        return fits[0]
    if fits or not name:
        raise TemplateTypeError(
            _("The file does not say for which type of model it is."),
            next_step=_("Name one of these with it: {names}.").format(names=known),
        )
    raise TemplateMissingError(name, [one.name for one in SHIPPED if stated in ("", one.type)])


def _keep(template: Template, *, replaces: bool = False) -> Template:
    older = _path_of(template.name)
    if older and not replaces:
        raise TemplateExistsError(template.name)
    folder = templates_folder()
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    export_template(template, older or folder / f"{template.name}{ENDING}")
    return template


def _path_of(name: str) -> Path | None:
    """Return the file of a template, whatever the case of its letters."""
    return next((path for path in _paths() if _folded(path.stem) == _folded(name)), None)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _paths() -> list[Path]:
    folder = templates_folder()
    try:
        found = [path for path in folder.iterdir() if path.suffix == ENDING]
    except OSError:  # there are none yet, or none that may be read
        return []
    return sorted(path for path in found if not path.name.startswith("."))


def _read(path: Path) -> Template | DamagedTemplate:
    try:
        mapping: Any = parse_yaml(read_words(path), path.name)
        template = from_mapping(mapping if isinstance(mapping, dict) else {})
        if _folded(template.name) != _folded(path.stem):
            raise TemplateNameError(
                _("“{file}” is called “{name}” inside.").format(file=path.name, name=template.name),
                next_step=_("Give the file the name that is written in it."),
            )
    except UserError as error:
        return DamagedTemplate(path, str(error), error.next_step)
    return replace(template, name=template_name(path.stem))
