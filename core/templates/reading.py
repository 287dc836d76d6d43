"""Reads a file of settings as data: YAML, JSON, or Python that is never run."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from core.i18n import _
from core.templates.config_errors import ConfigFileError
from core.templates.file_words import read_words
from core.templates.python_config import read_python_config
from core.templates.yaml_text import MAX_DEPTH, parse_yaml


def read_config(path: Path) -> dict[str, Any]:
    """Return what a file of settings says, by name; `core.templates.config_of` tells its form.

    A dictionary in it is the whole dictionary: nothing of the template's own remains in it.

    Args:
        path: a file in YAML, JSON or, with assignments alone, Python.

    Raises:
        ConfigFileError: there is no such file, or it is none that can be read.
    """
    name = path.name
    match path.suffix.lower():
        case ".py":
            return read_python_config(path)
        case ".json":
            found = _parse_json(read_words(path), name)
        case ".yaml" | ".yml":
            found = parse_yaml(read_words(path), name)
        case _:
            raise ConfigFileError(
                _("“{file}” is no file of settings.").format(file=name),
                next_step=_("Choose a file that ends in .yaml, .json or .py."),
            )
    if not isinstance(found, dict):
        raise ConfigFileError(
            _("“{file}” names no settings.").format(file=name),
            next_step=_("Write one “name: value” on each line."),
        )
    return found


def _parse_json(text: str, name: str) -> object:
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _no_json(_("Line {line} of “{file}” is no JSON."), name, error.lineno) from error
    except (ValueError, RecursionError) as error:
        what = _("“{file}” is no JSON that can be read, or names something twice.")
        raise _no_json(what, name, 0) from error
    if _is_deep(found, MAX_DEPTH):
        raise _no_json(_("“{file}” is nested too deeply."), name, 0)
    return found


def _no_json(what: str, name: str, line: int) -> ConfigFileError:
    return ConfigFileError(
        what.format(file=name, line=line),
        next_step=_('Write names with plain values there, each once, as “"name": value”.'),
        line=line,
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _is_deep(value: object, depth: int) -> bool:
    inner: Iterable[object] = ()
    if isinstance(value, dict):
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    return depth < 0 or any(_is_deep(one, depth - 1) for one in inner)
