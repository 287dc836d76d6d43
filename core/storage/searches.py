"""What is searched for, in parts that each count or count against; searches under a name."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core.errors import UserError
from core.i18n import _
from core.storage.database import Database, now, upsert
from core.storage.filters import InputFilter, filter_from
from core.storage.names import checked

MAX_NAME_LENGTH = 80


class SearchNameError(UserError):
    """The name is empty or too long."""


class SearchMissingError(UserError):
    """No search of that name is kept."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("No search is kept under the name “{name}”.").format(name=name),
            next_step=_("Choose one of the searches that are kept."),
        )


@dataclass(frozen=True)
class Words:
    """Texts that have these words; see `InputFilter.containing`."""

    words: str
    is_negated: bool = False


@dataclass(frozen=True)
class Meaning:
    """Texts that mean the same as this one; negated, those that are least like it.

    Attributes:
        input_id: the input whose text it is, which is not found itself; 0 if it was typed.
    """

    text: str
    is_negated: bool = False
    input_id: int = 0


@dataclass(frozen=True)
class Predicted:
    """Texts of which a model version says a concept with this probability or more.

    Negated, those of which it says it with less.
    """

    concept: str
    above: float
    model: str
    number: int = 0  # 0 for the newest version
    is_negated: bool = False


@dataclass(frozen=True)
class Narrowed:
    """Texts that a filter leaves; negated, those that it leaves out."""

    wanted: InputFilter
    is_negated: bool = False


Part = Words | Meaning | Predicted | Narrowed
_KINDS: dict[str, type[Part]] = {
    "words": Words,
    "meaning": Meaning,
    "predicted": Predicted,
    "narrowed": Narrowed,
}


@dataclass(frozen=True)
class Search:
    """Parts that all have to hold; what is alike in meaning decides the order."""

    parts: tuple[Part, ...] = ()

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """The parts that decide the order."""
        return tuple(part for part in self.parts if isinstance(part, Meaning))

    @property
    def predicted(self) -> tuple[Predicted, ...]:
        """The parts that a model is asked about."""
        return tuple(part for part in self.parts if isinstance(part, Predicted))

    @property
    def words(self) -> str:
        """All words that are looked for, to be marked in what was found."""
        found = (p.words for p in self.parts if isinstance(p, Words) and not p.is_negated)
        return " ".join(found)

    def filters(self, *, is_negated: bool) -> tuple[InputFilter, ...]:
        """Return what narrows, or what is left out, as filters."""
        found = []
        for part in self.parts:
            if isinstance(part, Words) and part.is_negated == is_negated:
                found.append(InputFilter(containing=part.words))
            elif isinstance(part, Narrowed) and part.is_negated == is_negated:
                found.append(part.wanted)
        return tuple(found)

    def filters_alone(self, *, is_negated: bool) -> tuple[InputFilter, ...]:
        """Return the filters without the words."""
        narrowed = (part for part in self.parts if isinstance(part, Narrowed))
        return tuple(part.wanted for part in narrowed if part.is_negated == is_negated)


@dataclass(frozen=True)
class SavedSearch:
    """A search under a name; a frozen one keeps what was found, with its scores."""

    name: str
    search: Search
    is_frozen: bool = False
    input_ids: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()


def add_saved_search(db: Database, saved: SavedSearch) -> None:
    """Keep a search under its name, in the place of one that had it.

    Raises:
        SearchNameError: the name is none.
    """
    what = _("A search's name has 1 to {most} characters.")
    row = {
        "name": checked(saved.name, MAX_NAME_LENGTH, SearchNameError, what),
        "search": json.dumps(search_as_json(saved.search)),
        "created": now(),
        "is_frozen": int(saved.is_frozen),
        "input_ids": np.array(saved.input_ids, np.int64).tobytes(),
        "scores": np.array(saved.scores, np.float32).tobytes(),
    }
    upsert(db, "saved_searches", "name", row)


def list_saved_searches(db: Database) -> list[SavedSearch]:
    """Return the searches that are kept, by name."""
    rows = db.execute(f"{_SAVED} ORDER BY name")
    return [_saved_of(row) for row in rows]


def get_saved_search(db: Database, name: str) -> SavedSearch:
    """Return the search of this name.

    Raises:
        SearchMissingError: there is none.
    """
    row = db.execute(f"{_SAVED} WHERE name = ?", [name]).fetchone()
    if row is None:
        raise SearchMissingError(name)
    return _saved_of(row)


def delete_saved_search(db: Database, name: str) -> None:
    """Forget a search; what it found stays in the app."""
    db.execute("DELETE FROM saved_searches WHERE name = ?", [name])


def search_as_json(search: Search) -> list[dict[str, Any]]:
    """Return a search as JSON keeps it."""
    names = {kind: name for name, kind in _KINDS.items()}
    return [{"kind": names[type(part)], **asdict(part)} for part in search.parts]


def search_from(kept: Sequence[dict[str, Any]]) -> Search:
    """Return the search that JSON keeps."""
    parts: list[Part] = []
    for one in kept:
        values = {name: value for name, value in one.items() if name != "kind"}
        if one["kind"] == "narrowed":
            values["wanted"] = filter_from(values["wanted"])
        parts.append(_KINDS[one["kind"]](**values))
    return Search(tuple(parts))


_SAVED = "SELECT name, search, is_frozen, input_ids, scores FROM saved_searches"


def _saved_of(row: tuple[Any, ...]) -> SavedSearch:
    name, search, is_frozen, input_ids, scores = row
    return SavedSearch(
        name,
        search_from(json.loads(search)),
        bool(is_frozen),
        tuple(np.frombuffer(input_ids, np.int64).tolist()),
        tuple(np.frombuffer(scores, np.float32).tolist()),
    )
