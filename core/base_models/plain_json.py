"""JSON of strangers: whatever is in it, either a value comes out or a plain sentence."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from core.base_models.errors import BaseModelRefusedError
from core.base_models.sources import Source
from core.base_models.words import shown
from core.i18n import _

MAX_BYTES = 8_000_000
MAX_DEPTH = 32
MAX_COUNT = 2**40
_DIGITS = re.compile("[0-9]{20}")
_HALVES = re.compile(rb"\\u[dD][89a-fA-F]")
# Keys by which a model asks for code of its own to be run.
CODE = ("auto_map", "trust_remote_code", "custom_pipelines", "custom_generate")


def read_object(source: Source, name: str, *, limit: int = MAX_BYTES) -> dict[str, Any]:
    """Return the object that a JSON file of the source holds.

    Raises:
        BaseModelRefusedError: the file is too large, or no plain JSON object.
    """
    value = read_value(source, name, limit=limit)
    if not isinstance(value, dict):
        raise _broken(name)
    return value


def read_value(source: Source, name: str, *, limit: int = MAX_BYTES) -> Any:  # noqa: ANN401
    """Return what a JSON file of the source holds.

    Raises:
        BaseModelRefusedError: the file is too large, or no plain JSON.
    """
    return parse(source.read(name, limit), name)


def parse(content: bytes, name: str) -> Any:  # noqa: ANN401  # whatever it holds
    """Return what JSON holds; of keys that come twice, NaN and deep nests nothing is made.

    Raises:
        BaseModelRefusedError: it is no plain JSON, or no text can hold what is in it.
    """
    try:
        value = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_no_twins,
            parse_constant=_no_constant,
            parse_int=_int,
        )
        if _HALVES.search(content):  # of characters, which no database and no file takes
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except (ValueError, RecursionError) as error:
        raise _broken(name) from error


def count_of(values: dict[str, Any], *keys: str) -> int | None:
    """Return the first of the keys' values that is a count, in [1, MAX_COUNT]; None without."""
    for key in keys:
        value = values.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_COUNT:
            return value
    return None


def asks_for_code(value: Any) -> bool:  # noqa: ANN401  # whatever JSON holds
    """Tell whether JSON asks, however deep inside, for code that came with the model."""
    return any(key in CODE and bool(inner) for key, inner in _pairs(value, MAX_DEPTH))


def _pairs(value: Any, depth: int) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if depth == 0:
        raise BaseModelRefusedError(_("A file of the model is nested far too deep."))
    if isinstance(value, dict):
        yield from value.items()
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict | list):
                yield from _pairs(inner, depth - 1)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key comes twice")
    return values


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _int(digits: str) -> int | float:
    return float(digits) if _DIGITS.search(digits) else int(digits)


def _broken(name: str) -> BaseModelRefusedError:
    return BaseModelRefusedError(
        _("“{file}” is damaged, or not what its name says.").format(file=shown(name)),
        next_step=_("Copy or download the model once more, then try again."),
    )
