"""Regular expressions of an analyst's: none may fill the memory, none may run for ever."""

import re
from functools import lru_cache

import regex

from core.errors import UserError
from core.i18n import _, ngettext

MAX_CHARACTERS = 1_000
MAX_SIZE = 20_000  # of an expression with all its counted repeats written out
MATCH_S = 0.5  # for one text
_COUNT = re.compile(r"\{(\d{0,9})(?:,(\d{0,9}))?\}")
_MAX_DEPTH = 50


class ExpressionError(UserError):
    """A regular expression is none, or could not be used safely."""


class ExpressionSlowError(ExpressionError):
    """Texts made an expression take too long.

    Attributes:
        expression: its beginning.
    """

    def __init__(self, expression: str, n_texts: int = 1) -> None:
        words = ngettext(
            "The pattern “{expression}” takes too long on a text.",
            "The pattern “{expression}” takes too long on many texts, {n} so far.",
            n_texts,
        )
        super().__init__(
            words.format(expression=expression, n=n_texts),
            next_step=_("Write it without repeats inside repeats, such as “(a+)+”."),
        )
        self.expression = expression


@lru_cache(maxsize=256)
def compiled(expression: str, *, ignores_case: bool) -> "regex.Pattern[str]":
    """Return an expression ready to be looked for.

    Raises:
        ExpressionError: it is none, too long, or would take too much memory.
    """
    shown = expression[:60]
    if len(expression) > MAX_CHARACTERS or _size(expression) > MAX_SIZE:
        raise ExpressionError(
            _("The pattern “{expression}” is too large.").format(expression=shown),
            next_step=_("Write it shorter, with smaller numbers of repeats."),
        )
    try:
        return regex.compile(expression, regex.IGNORECASE if ignores_case else 0)
    except (regex.error, RecursionError, MemoryError, OverflowError, ValueError) as error:
        raise ExpressionError(
            _("“{expression}” is no pattern that can be looked for.").format(expression=shown),
            next_step=_("Check its brackets and signs, and put “\\” before those meant as such."),
        ) from error


def matches(expression: str, text: str, *, ignores_case: bool) -> bool:
    """Tell whether an expression is found anywhere in a text.

    Raises:
        ExpressionError: as `compiled` does.
        ExpressionSlowError: it takes longer than half a second.
    """
    try:
        return (
            compiled(expression, ignores_case=ignores_case).search(text, timeout=MATCH_S)
            is not None
        )
    except (TimeoutError, MemoryError) as error:
        raise ExpressionSlowError(expression[:60]) from error


def _size(expression: str) -> int:
    """Return about how many parts an expression has once its counted repeats are written out."""
    sizes, last = [0], 1
    place = 0
    while place < len(expression):
        sign = expression[place]
        count = _COUNT.match(expression, place)
        if count and any(count.groups()):
            times = max(int(group or 0) for group in count.groups())
            sizes[-1] += last * max(times - 1, 0)
            last, place = last * max(times, 1), count.end()
            continue
        place += 2 if sign == "\\" else 1
        if sign == "(":
            sizes.append(0)
        elif sign == ")" and len(sizes) > 1:
            last = sizes.pop() + 1
            sizes[-1] += last
        else:
            last = 1
            sizes[-1] += 1
        if len(sizes) > _MAX_DEPTH:
            return MAX_SIZE + 1
    return sum(sizes)
