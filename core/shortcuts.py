"""The keys that choose a concept when labelling: one or two, without holding anything down."""

from collections.abc import Iterable, Iterator, Sequence

from core.errors import UserError
from core.i18n import _
from core.records import Concept

MOST_KEYS = 2
FIRST = "1234567890"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
RESERVED_LETTERS = "cfnux"  # codebook, find, note, unsure, none of these
STARTERS = "qwertzy"


class ShortcutError(UserError):
    """Keys are in use already, or cannot be typed."""


def shortcuts_of(concepts: Sequence[Concept]) -> dict[int, str]:
    """Return the keys of every concept: those that it was given, or some that are free.

    The first ten have a digit; from the eleventh on two keys follow each other, a letter and a
    digit, so that no key is the beginning of another. A concept keeps the keys of its place
    whatever others are given; where there are too many concepts, the last ones have "".
    """
    given = [concept.shortcut for concept in concepts if concept.shortcut]
    free = {keys: None for keys in _candidates() if not any(_clash(keys, one) for one in given)}
    found = {concept.id: concept.shortcut for concept in concepts}
    for concept, keys in zip(concepts, _candidates(), strict=False):
        if not concept.shortcut and keys in free:
            found[concept.id] = keys
            del free[keys]
    left = iter(free)
    return {concept_id: keys or next(left, "") for concept_id, keys in found.items()}


def keys_from(typed: str) -> str:
    """Return keys as they are kept of what a person types for them: "Q 1" is "q1"."""
    return "".join(typed.split()).lower()


def check_shortcuts(concepts: Iterable[Concept]) -> None:
    """Refuse keys that cannot be told apart.

    Raises:
        ShortcutError: one is too long, reserved, or the beginning of another.
    """
    given = [concept for concept in concepts if concept.shortcut]
    for place, concept in enumerate(given):
        _check(concept.shortcut)
        for other in given[:place]:
            if _clash(concept.shortcut, other.shortcut):
                raise ShortcutError(_conflict(concept, other), next_step=_("Choose other keys."))


def _conflict(concept: Concept, other: Concept) -> str:
    if concept.shortcut == other.shortcut:
        words = _("“{keys}” chooses both “{concept}” and “{other_concept}”.")
    else:
        words = _("“{keys}” of “{concept}” and “{other}” of “{other_concept}” begin alike.")
    return words.format(
        keys=concept.shortcut,
        concept=concept.name,
        other=other.shortcut,
        other_concept=other.name,
    )


def _check(keys: str) -> None:
    is_typed = len(keys) <= MOST_KEYS and all(key.isalnum() and key == key.lower() for key in keys)
    if not is_typed or keys[0] in RESERVED_LETTERS:
        raise ShortcutError(
            _("“{keys}” cannot be used as keys.").format(keys=keys),
            next_step=_(
                "Choose one or two letters or digits, not beginning with {letters}."
            ).format(letters=", ".join(RESERVED_LETTERS)),
        )


def _clash(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _candidates() -> Iterator[str]:
    yield from FIRST
    for letter in (*STARTERS, *(k for k in LETTERS if k not in STARTERS + RESERVED_LETTERS)):
        yield from (letter + digit for digit in FIRST)
