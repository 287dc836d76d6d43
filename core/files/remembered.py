"""Which column is what, remembered for the next file with the same header."""

import hashlib
import json
from collections.abc import Mapping as Dict
from dataclasses import replace
from typing import Any, get_args

from core.errors import UserError
from core.files.previews import with_columns, with_options
from core.files.tables import Cut, Preview

ONE_COLUMN = ("text", "target", "id", "split", "note")
SEVERAL_COLUMNS = ("also_text", "concepts", "values", "not_concepts", "indicators", "metadata")
WORDS = ("separator", "yes_value")


def signature(seen: Preview) -> str:
    """Return what files of one kind with one header have in common, the same on any computer."""
    header = [" ".join(column.casefold().split()) for column in seen.columns]
    content = json.dumps([seen.kind, header]).encode()
    return hashlib.sha256(content).hexdigest()[:32]


def with_remembered(seen: Preview, kept: Dict[str, Any]) -> Preview:
    """Return the preview with the roles of an earlier mapping, if they still fit this file.

    How the bytes become cells is guessed anew for each file; what is kept may come from anywhere.

    Args:
        seen: as guessed.
        kept: `asdict` of the earlier mapping, as JSON gives it back.
    """
    roles = {name: kept[name] for name in (*ONE_COLUMN, *SEVERAL_COLUMNS, *WORDS) if name in kept}
    roles.setdefault("target", "")  # kept before there were any
    roles["as_sections"] = kept.get("as_sections") is True
    if kept.get("kind") != seen.kind or not _fits(roles, seen.columns):
        return seen
    try:
        cut = kept.get("cut")
        if cut in get_args(Cut) and cut != seen.mapping.cut:
            seen = with_options(seen, cut=cut)
        return with_columns(replace(seen, mapping=replace(seen.mapping, **roles)))
    except UserError:
        return seen


def _fits(roles: Dict[str, Any], columns: tuple[str, ...]) -> bool:
    words = [roles.get(name, "") for name in (*ONE_COLUMN, *WORDS)]
    lists = [roles.get(name, ()) for name in SEVERAL_COLUMNS]
    if not all(isinstance(held, list | tuple) for held in lists):
        return False
    names = [*words[: len(ONE_COLUMN)], *(name for held in lists for name in held)]
    return (
        all(isinstance(word, str) for word in (*words, *names))
        and roles.get("text") in columns
        and len(roles.get("values", ())) in (0, len(roles.get("concepts", ())))
        and {*names} - {""} <= {*columns}
    )
