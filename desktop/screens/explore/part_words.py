"""A search in words, part by part; and filters as parts of a search that can each be negated."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from core.i18n import _
from core.records import Concept
from core.storage.filters import InputFilter
from core.storage.searches import Meaning, Narrowed, Part, Predicted
from core.wording import percent
from desktop.widgets.filter_words import parts_of

LONGEST = 60  # characters of a text that a chip shows
ALL_OF = InputFilter()


def words_of(part: Part, concepts: Mapping[int, Concept]) -> str:
    """Return what a part looks for, in words."""
    if isinstance(part, Narrowed):
        said = ", ".join(one.words for one in parts_of(part.wanted, concepts)) or _("Any text")
        return _("Not: {what}").format(what=said) if part.is_negated else said
    if isinstance(part, Predicted):
        words = _("{concept} under {share}") if part.is_negated else _("{concept} from {share} on")
        return words.format(concept=part.concept, share=percent(part.above, 0))
    if isinstance(part, Meaning):
        words = _("Unlike: {text}") if part.is_negated else _("Like: {text}")
        return words.format(text=_short(part.text))
    words = _("Without: {words}") if part.is_negated else _("Has: {words}")
    return words.format(words=part.words)


def pieces_of(wanted: InputFilter) -> list[InputFilter]:
    """Return a filter as several, each of which says one thing."""
    pieces = []
    for part in parts_of(wanted, {}):
        piece = {f.name: _without(wanted, part.rest, f.name) for f in fields(InputFilter)}
        pieces.append(replace(ALL_OF, **{k: v for k, v in piece.items() if v is not None}))
    return pieces


def merged(pieces: Sequence[InputFilter]) -> InputFilter:
    """Return several filters as one that says all of it."""
    said: dict[str, Any] = {}
    for piece in pieces:
        for field in fields(InputFilter):
            value = getattr(piece, field.name)
            if isinstance(value, tuple):
                said[field.name] = (*said.get(field.name, ()), *value)
            elif value != getattr(ALL_OF, field.name):
                said[field.name] = value
    return replace(ALL_OF, **said)


def _without(wanted: InputFilter, rest: InputFilter, name: str) -> Any | None:  # noqa: ANN401
    """Return what a filter says beyond another one; None for nothing."""
    value, other = getattr(wanted, name), getattr(rest, name)
    if value == other:
        return None
    if isinstance(value, tuple):
        return tuple(one for one in value if one not in other)
    return value


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:LONGEST].rstrip()}…”" if len(line) > LONGEST else f"“{line}”"
