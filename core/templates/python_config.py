"""Reads a Python configuration file, `training_config.py` style, as data: it is never run.

A file holds assignments of plain values. `_base_` names one or more files that it begins with;
dictionaries are then merged name by name, and one with `_delete_=True` replaces what was there,
as in MMEngine.
"""

import ast
import warnings
from pathlib import Path
from typing import Any

from core.i18n import _
from core.templates.config_errors import ConfigFileError
from core.templates.file_words import read_words
from core.templates.python_values import Evaluator

BASE, DELETE = "_base_", "_delete_"
MAX_BYTES = 200_000
MAX_DEPTH = 8
MAX_FILES = 50


def read_python_config(path: Path) -> dict[str, Any]:
    """Return what the file assigns, by name; names that begin with “_” only help and are left out.

    Raises:
        ConfigFileError: it cannot be read, does more than assign plain values, or one of its
            bases is missing, outside its folder, or based on itself.
    """
    return _Files(path).merged(path, ())


class _Files:
    """Reads a file with those that it is based on, all in the folder of the first."""

    def __init__(self, first: Path) -> None:
        self._folder = first.parent
        self._left = MAX_FILES

    def merged(self, path: Path, above: tuple[Path, ...]) -> dict[str, Any]:
        self._left -= 1
        if self._left < 0 or len(above) > MAX_DEPTH:
            raise _refused(_("“{file}” is based on too many files."), path)
        own = _assigned(path)
        bases = _names_of_bases(own.pop(BASE, []), path)
        merged: dict[str, Any] = {}
        for name in bases:
            base = self._found(path, name)
            if base.resolve() in {one.resolve() for one in (*above, path)}:
                raise _refused(_("“{file}” is based on itself."), base)
            merged = _merge(merged, self.merged(base, (*above, path)))
        own = {name: value for name, value in own.items() if not name.startswith("_")}
        return _merge(merged, own)

    def _found(self, path: Path, name: str) -> Path:
        try:
            found = path.parent / name
            is_inside = found.resolve().is_relative_to(self._folder.resolve())
        except (OSError, ValueError, RuntimeError):  # links that lead in circles, NUL
            is_inside = False
        if not is_inside or Path(name).is_absolute() or found.suffix.lower() != ".py":
            raise ConfigFileError(
                _("“{file}” is based on a file that is not read.").format(file=path.name),
                next_step=_("Name a .py file in the same folder, or in one inside it."),
            )
        return found


def _refused(words: str, path: Path) -> ConfigFileError:
    return ConfigFileError(
        words.format(file=path.name),
        next_step=_("Put the values into one file, and take “_base_” out."),
    )


def _names_of_bases(value: object, path: Path) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigFileError(
            _("“_base_” in “{file}” names no file.").format(file=path.name),
            next_step=_("Write the name of a file in quotes, or a list of them."),
        )
    return names


def _assigned(path: Path) -> dict[str, Any]:
    """Return what the statements of one file assign, from the first to the last."""
    values: dict[str, Any] = {}
    evaluator = Evaluator(path.name)
    for statement in _statements(path):
        match statement:
            case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
                continue
            case ast.Expr(value=value):
                evaluator.refuse(value)
        targets, value = _assignment(statement, evaluator)
        found = evaluator.value(value, values)
        for target in targets:
            if not isinstance(target, ast.Name):
                evaluator.refuse(target)
            values[target.id] = found
    return values


def _assignment(statement: ast.stmt, evaluator: Evaluator) -> tuple[list[ast.expr], ast.expr]:
    """Return what a statement gives a value to, and the value; its types are no part of it."""
    if isinstance(statement, ast.Assign):
        return statement.targets, statement.value
    if not isinstance(statement, ast.AnnAssign) or statement.value is None:
        evaluator.refuse(statement)
    return [statement.target], statement.value


def _statements(path: Path) -> list[ast.stmt]:
    words = read_words(path, MAX_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about strange escapes in its words
            return ast.parse(words).body
    except SyntaxError as error:
        raise _no_python(path, error.lineno or 0) from error
    except (ValueError, RecursionError, MemoryError) as error:  # NUL; what is nested too deeply
        raise _no_python(path, 0) from error


def _no_python(path: Path, line: int) -> ConfigFileError:
    words = _("Line {line} of “{file}” is no Python.") if line else _("“{file}” is no Python.")
    return ConfigFileError(
        words.format(line=line, file=path.name),
        next_step=_("Write one assignment on each line, as “name = value”."),
        line=line,
    )


def _merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return a dictionary laid over another, name by name; marks of deletion are gone."""
    merged = dict(below)
    for name, value in above.items():
        if not isinstance(value, dict):
            merged[name] = value
            continue
        under = merged.get(name)
        keeps = isinstance(under, dict) and value.get(DELETE) is not True
        inner = {k: v for k, v in value.items() if k != DELETE}
        merged[name] = _merge(under if keeps and under else {}, inner)
    return merged
