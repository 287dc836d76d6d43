"""Commands about the base models on this computer."""

import argparse
from pathlib import Path
from typing import Any

from core import tables
from core.base_models import BaseModel, find_base_model, kind_words, list_base_models
from core.cli.terminal import Add, Answer, Arguments, UsageError
from core.i18n import _
from core.jobs import Job
from core.operations.base_models import (
    AddBaseModelRequest,
    add_base_model,
    check_base_model,
    remove_base_model,
)
from core.wording import number, size

VERBS = ("list", "add", "check", "show", "remove")


def add_commands(add: Add) -> None:
    """Add them."""
    command = add("base-models", _run, "list, add, check, show or remove base models")
    command.add_argument("verb", nargs="?", choices=VERBS, default="list")
    about = "for add and check a folder or a ZIP, for show and remove a name"
    command.add_argument("what", nargs="?", metavar="PATH|NAME", default="", help=about)
    command.add_argument("--name", metavar="NAME", default="", help="what to call an added one")


def _run(arguments: Arguments, job: Job) -> Answer:
    if arguments.verb != "list" and not arguments.what:
        raise UsageError(
            _("`base-models {verb}` needs to know which.").format(verb=arguments.verb),
            next_step=_("See `{command} --help`.").format(command="textwright-cli base-models"),
        )
    return _RUNS[arguments.verb](arguments, job)


def _list(_arguments: argparse.Namespace, _job: Job) -> Answer:
    models = list_base_models()
    heads = (_("Name"), _("Kind"), _("Family"), _("Numbers learned"), _("Size"), _("Word pieces"))
    rows = [
        (
            m.name,
            kind_words(m.kind),
            m.family,
            number(m.n_parameters),
            size(m.n_bytes),
            m.max_tokens,
        )
        for m in models
    ]
    nothing = _("There is no base model on this computer.")
    return Answer([_value(model) for model in models], tables.table(heads, rows) or nothing)


def _add(arguments: Arguments, job: Job) -> Answer:
    added = add_base_model(AddBaseModelRequest(Path(arguments.what), arguments.name), job)
    words = _("“{name}” is added: {family}, {size}.").format(
        name=added.model.name, family=added.model.family, size=size(added.model.n_bytes)
    )
    text = f"{words}\n{added.warning}" if added.warning else words
    return Answer(_value(added.model) | {"warning": added.warning}, text)


def _check(arguments: Arguments, job: Job) -> Answer:
    model = check_base_model(Path(arguments.what), job)
    words = _("This base model can be added.")
    return Answer(_value(model), f"{words}\n\n{_describe(model)}")


def _show(arguments: Arguments, _job: Job) -> Answer:
    model = find_base_model(arguments.what)
    return Answer(_value(model), _describe(model))


def _remove(arguments: Arguments, job: Job) -> Answer:
    model = remove_base_model(arguments.what, job)
    text = _("“{name}” is removed.").format(name=model.name)
    return Answer({"name": model.name}, text)


_RUNS = {"list": _list, "add": _add, "check": _check, "show": _show, "remove": _remove}


def _describe(model: BaseModel) -> str:
    rows = (
        (_("Name"), model.name),
        (_("Kind"), kind_words(model.kind)),
        (_("Family"), model.family),
        (_("Numbers learned"), number(model.n_parameters)),
        (_("Precision"), model.precision),
        (_("Size"), size(model.n_bytes)),
        (_("Word pieces it reads at a time"), number(model.max_tokens)),
        (_("Word pieces it knows"), number(model.n_words)),
        (_("Layers"), number(model.n_layers)),
        (_("Width"), number(model.hidden_size)),
        (_("Languages"), ", ".join(model.languages) or _("not said")),
        (_("Licence"), model.licence or _("not said")),
        (_("Folder"), str(model.folder)),
        (_("Identity"), model.identity),
    )
    return tables.table(("", ""), rows)


def _value(model: BaseModel) -> dict[str, Any]:
    return {
        "name": model.name,
        "title": model.title,
        "kind": model.kind.value,
        "family": model.family,
        "folder": str(model.folder),
        "parameters": model.n_parameters,
        "bytes": model.n_bytes,
        "max_tokens": model.max_tokens,
        "hidden_size": model.hidden_size,
        "layers": model.n_layers,
        "words": model.n_words,
        "precision": model.precision,
        "languages": list(model.languages),
        "licence": model.licence,
        "is_built_in": model.is_built_in,
        "identity": model.identity,
    }
