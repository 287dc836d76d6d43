"""In which language and script each text is written, and which are rare in a set of texts."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from core.i18n import _
from core.jobs import Job
from core.learning.splits import Ints

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN = ""  # too short or too mixed to tell
FEWEST_LETTERS = 20
SURELY = 0.9  # probability; on eight public sets all that passed was right
READ_CHARACTERS = 500  # of one text
SIGNS_PER_LETTER = {"cjk": 4, "hiragana": 3, "katakana": 3, "hangul": 3, "thai": 2}
TEXTS_PER_REPORT = 500
KANA = 0.2  # of Japanese and Chinese signs; some Chinese writers use single kana
RARE = 0.2  # share of the texts up to which a language or script is not one of the main ones
NO_SCRIPT = frozenset(
    [
        "combining",
        "double",
        "feminine",
        "fullwidth",
        "halfwidth",
        "masculine",
        "mathematical",
        "micro",
        "modifier",
        "superscript",
    ]
)  # first words of names of letters that borrow another script's


@dataclass(frozen=True)
class Languages:
    """What each text is written in.

    Attributes:
        languages: (n_texts,) ISO 639-1 codes; "" where it is too short or too mixed to tell.
        scripts: (n_texts,) as Unicode names them, in small letters ("latin", "cyrillic", "cjk");
            "" where there are no letters.
    """

    languages: tuple[str, ...]
    scripts: tuple[str, ...]


def languages_of(texts: Sequence[str], job: Job) -> Languages:
    """Tell the language and script of each text, from its first 500 characters."""
    languages, scripts = [], []
    for i, text in enumerate(texts):
        if i % TEXTS_PER_REPORT == 0:
            job.report(_("Telling languages"), i, len(texts))
        start = text[:READ_CHARACTERS]
        script = script_of(start)
        scripts.append(script)
        languages.append(_language_of(start, script))
    return Languages(tuple(languages), tuple(scripts))


def script_of(text: str) -> str:
    """Return the script of most of the letters, "" if there are none; Japanese counts as kana."""
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else UNKNOWN
    counts = Counter(script for letter in text if (script := _script_of_letter(letter)))
    kana = counts["hiragana"] + counts["katakana"]
    japanese = kana + counts["cjk"]
    if kana > KANA * japanese and japanese > counts.total() / 2:
        return "hiragana" if counts["hiragana"] >= counts["katakana"] else "katakana"
    return counts.most_common(1)[0][0] if counts else UNKNOWN


def minorities(kinds: Sequence[str], *, rare: float = RARE) -> dict[str, Ints]:
    """Return the texts of the rare languages or scripts, the rarest last.

    The most frequent one is never reported, nor is "" (not known).

    Args:
        kinds: (n_texts,) languages or scripts from `languages_of`.
        rare: the share of the texts, in [0, 1], above which a language is one of the main ones.
    """
    counts = Counter(kind for kind in kinds if kind)
    most = rare * counts.total()
    told = np.array(kinds, dtype=str)
    return {
        kind: np.flatnonzero(told == kind)
        for kind, count in counts.most_common()[1:]
        if count <= most
    }


@lru_cache(maxsize=20_000)
def _script_of_letter(letter: str) -> str:
    """Return the first word of a letter's Unicode name, which is its script."""
    if not letter.isalpha():
        return UNKNOWN
    script = unicodedata.name(letter, "").partition(" ")[0].lower()
    if script in NO_SCRIPT:  # full-width letters and the like
        plain = unicodedata.normalize("NFKC", letter)[0]
        return UNKNOWN if plain == letter else _script_of_letter(plain)
    return script.partition("-")[0]


def _language_of(text: str, script: str) -> str:
    n_letters = sum(map(str.isalpha, text)) * SIGNS_PER_LETTER.get(script, 1)
    if n_letters < FEWEST_LETTERS:
        return UNKNOWN
    language, probability = _identifier().classify(text)
    return str(language) if probability >= SURELY else UNKNOWN


def ranked_languages(text: str, most: int) -> list[tuple[str, float]]:
    """Return the likeliest languages of a text with their probabilities, the likeliest first.

    They are ISO 639-1 codes, told from its first 500 characters; none where it has no letters.
    """
    start = text[:READ_CHARACTERS]
    if not any(map(str.isalpha, start)):
        return []
    ranked = _identifier().rank(start)
    return [(str(language), float(probability)) for language, probability in ranked[:most]]


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
