"""Commands about the types of model, and the templates that train them."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core import tables
from core.base_models import list_base_models
from core.cli.template_words import describe, template_value
from core.cli.terminal import Add, Answer, Arguments, UsageError, app_of
from core.i18n import _
from core.jobs import Job
from core.learning.settings import Settings
from core.records import ModelVersion
from core.storage.models import find_model_version
from core.templates import (
    MODEL_TYPES,
    Template,
    config_of,
    damaged_templates,
    delete_template,
    export_template,
    find_model_type,
    find_template,
    import_template,
    list_templates,
    read_config,
    save_template,
    settings_of_version,
    values_from_config,
    values_of,
)
from core.templates.config_errors import TemplateTypeError


def add_commands(add: Add) -> None:
    """Add them."""
    add("model-types", _run_types, "list what can be trained, and from which base models")
    command = add("templates", _run_templates, "list, show, save, export, import, delete templates")
    command.add_argument("--type", default="", metavar="TYPE", help="only those of this type")
    what = command.add_mutually_exclusive_group()
    what.add_argument("--show", metavar="NAME", help="every setting of a template")
    what.add_argument("--save", metavar="NAME", help="make one, of a model's settings or by --set")
    what.add_argument("--export", nargs=2, metavar=("NAME", "FILE"), help="write one as YAML")
    what.add_argument("--import", dest="file", type=Path, metavar="FILE", help="take one in")
    what.add_argument("--delete", metavar="NAME", help="one that you made")
    _add_details(command)


def _add_details(command: ArgumentParser) -> None:
    about = "with --save: the model whose settings are taken"
    command.add_argument("--from", dest="model", metavar="MODEL[:N]", help=about)
    command.add_argument("--app", metavar="APP", help="with --from: an app's name or its folder")
    about = "with --save or --import: the template that it is made from"
    command.add_argument("--template", default="", metavar="NAME", help=about)
    about = "with --save: what differs from there; may be repeated"
    command.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help=about)
    about = "with --save: as forms show it"
    command.add_argument("--title", default="", metavar="WORDS", help=about)
    about = "with --save: what it is good for"
    command.add_argument("--purpose", default="", metavar="WORDS", help=about)
    about = "with --import: what to call it, else as its file does"
    command.add_argument("--name", default="", metavar="NAME", help=about)


def settings_from_arguments(
    type: str,  # noqa: A002  # the field's word
    template: str,
    config: Path | None,
    assignments: Sequence[str],
) -> tuple[Template, Settings]:
    """Return the template and the settings that a training was asked for.

    The values of the file come first, those of the assignments over them.

    Args:
        type: of model; "" takes that of the file or the template, else the quick classifier.
        template: its name; "" takes that of the file, else the one that suits most.
        config: a file of settings, in YAML, JSON or Python; None for none.
        assignments: `key=value` words.

    Raises:
        TemplateTypeError: the file is for another type of model.
        UserError: there is no such type, template or setting, or a value is not allowed.
    """
    mapping = read_config(config) if config else {}
    said = config_of(mapping)
    if type and said.type and type != said.type:
        raise TemplateTypeError(
            _("The file is for models of the type “{type}”.").format(type=said.type),
            next_step=_("Choose that type, or another file."),
        )
    found = find_template(type or said.type, template or said.template)
    values = values_from_config(found, mapping)
    changed = replace(found, defaults={**found.defaults, **values})
    return found, changed.parse(assignments)


def _run_types(_arguments: Arguments, _job: Job) -> Answer:
    bases = list_base_models()
    value = [
        {
            "name": one.name,
            "title": _(one.title),
            "purpose": _(one.purpose),
            "templates": [template.name for template in list_templates(one.name)],
            "base_models": [base.name for base in bases if base.kind in one.fits],
        }
        for one in MODEL_TYPES
    ]
    return Answer(value, "\n\n".join(map(_type_words, value)))


def _type_words(one: dict[str, Any]) -> str:
    lines = (
        _("{title} ({name})").format(**one),
        one["purpose"],
        _("Templates: {names}").format(names=", ".join(one["templates"])),
        _("Base models: {names}").format(names=", ".join(one["base_models"]) or _("none yet")),
    )
    return "\n    ".join(lines)


def _check_details(arguments: Arguments) -> None:
    """Refuse what would say nothing, because it belongs to another verb."""
    belongs = dict.fromkeys(("set", "title", "purpose", "app"), ("save", arguments.save))
    belongs |= {"from": ("save", arguments.save), "name": ("import", arguments.file)}
    given = {**vars(arguments), "from": arguments.model}
    for name, (verb, is_asked) in belongs.items():
        if given[name] and not is_asked:
            raise UsageError(
                _("--{name} says nothing without --{verb}.").format(name=name, verb=verb),
                next_step=_("See `{command} --help`.").format(command="textwright-cli templates"),
            )


def _run_templates(arguments: Arguments, _job: Job) -> Answer:
    _check_details(arguments)
    if arguments.type:
        find_model_type(arguments.type)
    if arguments.show:
        template = find_template(arguments.type, arguments.show)
        return Answer(template_value(template), describe(template))
    if arguments.save:
        return _save(arguments)
    if arguments.export:
        return _export(arguments)
    if arguments.file:
        return _import(arguments)
    if arguments.delete:
        delete_template(arguments.delete)
        words = _("The template “{name}” is deleted; models made with it stay as they are.")
        return Answer({"deleted": arguments.delete}, words.format(name=arguments.delete))
    return _list(arguments.type)


def _save(arguments: Arguments) -> Answer:
    if arguments.model:
        base, settings, dropped = _of_version(_version(arguments))
        base = replace(base, defaults=values_of(settings))
    else:
        base, dropped = find_template(arguments.type, arguments.template), []
    values = values_of(base.parse(arguments.set))
    saved = save_template(arguments.save, arguments.title, arguments.purpose, base, values)
    text = _("The template “{name}” is saved.").format(name=saved.name)
    if dropped:
        told = _("Left out, as this version of Textwright does not know it: {names}.")
        text = f"{text}\n{told.format(names=', '.join(dropped))}"
    return Answer(template_value(saved) | {"left_out": dropped}, text)


def _of_version(version: ModelVersion) -> tuple[Template, Settings, list[str]]:
    kept = settings_of_version(version)
    return kept.template, kept.settings, kept.dropped


def _version(arguments: Arguments) -> ModelVersion:
    """Return the version that `--from` and `--app` name."""
    if not arguments.app:
        raise UsageError(
            _("--from needs to know which app the model is of."),
            next_step=_("Add --app with the app's name or its folder."),
        )
    name, colon, number = arguments.model.rpartition(":")
    if not (colon and number.isdecimal() and len(number) < 10):  # noqa: PLR2004  # digits
        name, number = arguments.model, "0"
    with app_of(arguments).database() as db:
        return find_model_version(db, name, int(number))


def _export(arguments: Arguments) -> Answer:
    name, path = arguments.export[0], Path(arguments.export[1])
    export_template(find_template(arguments.type, name), path)
    words = _("The template “{name}” is written into {path}.").format(name=name, path=path)
    return Answer({"template": name, "out": str(path)}, words)


def _import(arguments: Arguments) -> Answer:
    kept = import_template(
        arguments.file, name=arguments.name, type=arguments.type, template=arguments.template
    )
    words = _("The template “{name}” is there, for models of the type “{type}”.")
    return Answer(template_value(kept), words.format(name=kept.name, type=kept.type))


def _list(type: str) -> Answer:  # noqa: A002  # the field's word
    templates, damaged = list_templates(type), damaged_templates()
    heads = (_("Name"), _("Type"), _("Title"), _("Made by"), "")
    rows = [
        (
            one.name,
            one.type,
            one.words()[0],
            _("you") if one.base else _("Textwright"),
            _("recommended") if one.is_recommended else "",
        )
        for one in templates
    ]
    told = [_("{file} cannot be used: {what}").format(file=d.path, what=d.what) for d in damaged]
    value = {
        "templates": [template_value(one) for one in templates],
        "damaged": [
            {"file": str(one.path), "what": one.what, "next_step": one.next_step} for one in damaged
        ],
    }
    return Answer(value, "\n".join([tables.table(heads, rows), *told]))
