"""Where the words of a text are, in any script."""

import re
import unicodedata
from functools import lru_cache

# Every character is given the letter of its kind, and words are found among the letters:
# w of words, m marks and joiners that belong to what is before them, a apostrophe or hyphen within
# a word, h and t of scripts without spaces, e signs such as emoji.
_WORD = re.compile(r"w[wm]*(?:aw[wm]*)*|hm*|(?:tm*){1,4}|e[em]*")
_ONE_BY_ONE = ("CJK", "HIRAGANA")
_UNSPACED = ("THAI", "LAO", "KHMER", "MYANMAR")
_WITHIN_WORDS = "'’-‐‑"  # noqa: RUF001
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")


def find_words(text: str) -> list[tuple[int, int]]:
    """Return where each word of a text begins and ends, in characters.

    Scripts without spaces give single characters (Chinese, hiragana) or runs of up to four
    (Thai, Lao, Khmer, Burmese); signs beside each other, such as emoji, are one word;
    punctuation is none.
    """
    return [found.span() for found in _WORD.finditer("".join(map(_kind, text)))]


@lru_cache(maxsize=10_000)
def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf" or _SKIN_TONES[0] <= character <= _SKIN_TONES[1]:
        return "m"
    if character in _WITHIN_WORDS:
        return "a"
    script = unicodedata.name(character, "").partition(" ")[0]
    if category[0] == "L" and script in (*_ONE_BY_ONE, *_UNSPACED):
        return "h" if script in _ONE_BY_ONE else "t"
    if category[0] in "LN" or category == "Sc" or character == "_":
        return "w"
    return "e" if category == "So" else " "
