"""Concepts whose names are nearly the same, and so may be one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from core.records import Concept

SHORTEST = 5  # letters, from which one letter more or less may be a slip
NOT_LETTERS = re.compile(r"[\W_]+")


def alike(
    known: Sequence[Concept], synonyms: Mapping[int, Sequence[int]]
) -> list[tuple[Concept, Concept]]:
    """Return pairs whose names differ in case, spaces, signs or one letter; more texts come second.

    Those that are related already are left out, and so are names that differ in a number.
    """
    by_trace: dict[str, list[Concept]] = {}
    for concept in known:
        for trace in set(_traces(_plain(concept.name))):
            by_trace.setdefault(trace, []).append(concept)
    found: dict[tuple[int, int], tuple[Concept, Concept]] = {}
    for group in by_trace.values():
        for one, other in combinations(group, 2):
            if not _is_related(one, other, synonyms) and _digits(one) == _digits(other):
                pair = sorted((one, other), key=lambda c: (c.n_positive, -c.id))
                found[one.id, other.id] = (pair[0], pair[1])
    return [found[key] for key in sorted(found)]


def _plain(name: str) -> str:
    return NOT_LETTERS.sub("", name.casefold())


def _traces(plain: str) -> Iterator[str]:
    """Yield the name with and without each of its letters: those one letter apart share one."""
    yield plain or "?"
    if len(plain) >= SHORTEST:
        yield from (plain[:i] + plain[i + 1 :] for i in range(len(plain)))


def _digits(concept: Concept) -> str:
    return "".join(filter(str.isdigit, concept.name))


def _is_related(one: Concept, other: Concept, synonyms: Mapping[int, Sequence[int]]) -> bool:
    is_kind = one.broader_id == other.id or other.broader_id == one.id
    return is_kind or other.id in synonyms.get(one.id, ())
