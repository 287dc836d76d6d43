"""What the card of a model, its README.md, says about languages and licence."""

import re
from typing import NamedTuple

from core.base_models.sources import Source
from core.base_models.words import shown

CARD = "README.md"
MAX_BYTES = 2_000_000
MAX_LANGUAGES = 200
_RULE = "---"
_LINES = 20_000
_KEY = re.compile(r"(\w+):\s*(.*)")


class Card(NamedTuple):
    """What a card says; empty where it says nothing."""

    languages: tuple[str, ...] = ()
    licence: str = ""


def read_card(source: Source) -> Card:
    """Return what the card says; a card that nobody can read says nothing.

    Only the two keys that are needed are read, line by line: the front matter of strangers is no
    YAML that should be trusted as a whole.
    """
    if not 0 < source.sizes.get(CARD, 0) <= MAX_BYTES:
        return Card()
    lines = source.read(CARD, MAX_BYTES).decode("utf-8", "replace").splitlines()[:_LINES]
    if not lines or lines[0].strip() != _RULE:
        return Card()
    values: dict[str, list[str]] = {}
    key = ""
    for line in lines[1:]:
        if line.strip() == _RULE:
            break
        if found := _KEY.match(line):
            key = found[1]
            values.setdefault(key, _items(found[2]))
        elif key in values and line.strip().startswith("- "):
            values[key] += _items(line.strip()[2:])
    languages = values.get("language", [])[:MAX_LANGUAGES]
    licence = values.get("license_name") or values.get("license") or [""]
    return Card(tuple(languages), licence[0])


def _items(words: str) -> list[str]:
    parts = (shown(part.strip().strip("\"'")) for part in words.strip().strip("[]").split(","))
    return [part for part in parts if part]
