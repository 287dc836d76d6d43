"""Texts that are empty, too short to say anything, or longer than the model reads."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.i18n import _
from core.jobs import Job
from core.learning.splits import Ints

FEWEST_LETTERS = 5  # letters and digits
LETTERS_PER_SIGN = 3  # what a Chinese or Japanese sign says, in letters
LETTERS_PER_TOKEN = 4.0
TEXTS_PER_REPORT = 1_000

CountTokens = Callable[[Sequence[str]], Sequence[int]]


@dataclass(frozen=True)
class Lengths:
    """The texts of an awkward length, each in one of three kinds at most.

    Attributes:
        empty: texts without a single letter or digit.
        very_short: texts with very few of them.
        too_long: texts of which the model will not read the end.
    """

    empty: Ints
    very_short: Ints
    too_long: Ints


def lengths(
    texts: Sequence[str],
    job: Job,
    *,
    most_tokens: int,
    count_tokens: CountTokens | None = None,
    fewest_letters: int = FEWEST_LETTERS,
) -> Lengths:
    """Find the texts of an awkward length.

    Args:
        texts: (n_texts,) any texts.
        job: told every thousand texts.
        most_tokens: that the model reads.
        count_tokens: how many tokens each of some texts has; estimated where it is not given. It
            is asked only of texts with more characters than `most_tokens`: a token has one at
            least.
        fewest_letters: texts with fewer letters and digits are very short; a Chinese or Japanese
            sign counts three.
    """
    count = count_tokens or (lambda some: [estimated_tokens(text) for text in some])
    kinds: dict[str, list[int]] = {"empty": [], "very_short": [], "too_long": []}
    for start in range(0, len(texts), TEXTS_PER_REPORT):
        job.report(_("Measuring texts"), start, len(texts))
        some = range(start, min(start + TEXTS_PER_REPORT, len(texts)))
        long = [i for i in some if len(texts[i]) > most_tokens]
        tokens = count([texts[i] for i in long]) if long else ()
        kinds["too_long"] += [i for i, n in zip(long, tokens, strict=True) if n > most_tokens]
        for i in some:
            n_letters = _letters(texts[i], fewest_letters)
            if n_letters < fewest_letters:
                kinds["very_short" if n_letters else "empty"].append(i)
    return Lengths(**{kind: np.array(found, dtype=np.int64) for kind, found in kinds.items()})


def estimated_tokens(text: str) -> int:
    """Guess how many tokens a model makes of a text: four letters or one wide sign each."""
    n_wide = 0 if text.isascii() else sum(map(_is_wide, text))
    return n_wide + round((len(text) - n_wide) / LETTERS_PER_TOKEN)


def _letters(text: str, enough: int) -> int:
    """Count letters and digits, wide ones threefold, until there are enough."""
    n_letters = 0
    for letter in text:
        if letter.isalnum():
            n_letters += LETTERS_PER_SIGN if _is_wide(letter) else 1
            if n_letters >= enough:
                break
    return n_letters


def _is_wide(letter: str) -> bool:
    return ord(letter) > 0x1100 and unicodedata.east_asian_width(letter) in "WF"  # noqa: PLR2004
