"""A report as data: what it says, and in which order. How it looks is up to the two writers."""

import re
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum

from core.charts.scene import Scene
from core.i18n import LANGUAGE

REPLACED = "\ufffd"  # stands where a character cannot be shown
# What would end a file early, turn the order of letters about, or is half of a pair.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_CUT = "…"


class Tone(StrEnum):
    """How loud a paragraph is."""

    PLAIN = "plain"
    LEAD = "lead"
    QUIET = "quiet"
    WARNING = "warning"


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    words: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Points:
    """Sentences in a list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What is called what."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Figure:
    """One score.

    Attributes:
        value, interval: in words, as everywhere in the program.
        share, low, high: the same in [0, 1], to be drawn; None where it is undefined.
    """

    name: str
    value: str
    interval: str
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Figures:
    """Scores below each other, drawn on one scale that ends at 100 %."""

    rows: tuple[Figure, ...]
    start: float = 0.0  # of the scale


@dataclass(frozen=True)
class Column:
    """A column of a table; wide ones take a larger part of the page."""

    title: str
    is_number: bool = True
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table; `name` says what is in it."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A chart."""

    scene: Scene


@dataclass(frozen=True)
class Example:
    """Somebody's text, and what there is to say of it."""

    text: str
    note: str


@dataclass(frozen=True)
class Examples:
    """Texts below each other."""

    rows: tuple[Example, ...]


Part = Paragraph | Points | Facts | Figures | Table | Chart | Examples


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it; of level 2, or of level 3 within that before it."""

    title: str
    parts: tuple[Part, ...]
    level: int = 2


@dataclass(frozen=True)
class Document:
    """A whole report.

    Attributes:
        created: with its time zone.
        lines: what stands below the title.
    """

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    created: datetime
    author: str = ""
    language: str = field(default=LANGUAGE)


def legible(text: str) -> str:
    """Return somebody's text without characters that would harm what stands around it."""
    return _HARMFUL.sub(REPLACED, text)


def excerpt(text: str, most: int) -> str:
    """Return the beginning of somebody's text on one line, with a sign where it was cut."""
    line = " ".join(text[: most * 4].split())
    is_whole = len(line) <= most and len(text) <= most * 4
    return line if is_whole else f"{line[:most].rstrip()}{_CUT}"


def letters_of(value: object) -> set[str]:
    """Return all characters of a document, or of a part of it, as they will be shown."""
    if isinstance(value, str):
        return set(legible(value))
    if is_dataclass(value):
        return set().union(*(letters_of(getattr(value, f.name)) for f in fields(value)))
    if isinstance(value, tuple):
        return set().union(*map(letters_of, value))
    return set()
