"""Colours by role, for whatever draws: the window, and files that leave the program.

Concept `i` has colour `i % 12` and shape `(i + i // 12) % 4`: 48 marks before one repeats.
"""

from dataclasses import dataclass

CONCEPT_COLOURS = 12
MARKS = ("circle", "square", "diamond", "triangle")


@dataclass(frozen=True)
class Theme:
    """One colour per role; a widget asks for the role, never for the colour."""

    name: str
    page: str  # where the work happens
    rail: str  # quiet surround: rail, start panel, job bar
    raised: str  # menus, dialogs, fields
    hover: str  # a row under the pointer
    hairline: str  # separators and tracks, never the only edge of a field
    outline: str  # fields and toggles, 3:1 on every surface
    ink: str
    ink_2: str  # explanations
    ink_3: str  # captions, units, placeholders; still 4.5:1
    accent: str  # fills: primary button, progress
    accent_hover: str
    on_accent: str
    accent_text: str  # links and the focus ring
    accent_soft: str  # selection
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    concepts: tuple[str, ...]


LIGHT = Theme(
    name="light",
    page="#FFFFFF",
    rail="#F7F5F1",
    raised="#FFFFFF",
    hover="#FAF8F5",
    hairline="#E8E4DD",
    outline="#8E887D",
    ink="#1D1B18",
    ink_2="#57534C",
    ink_3="#6E6961",
    accent="#3344C4",
    accent_hover="#28369F",
    on_accent="#FFFFFF",
    accent_text="#3344C4",
    accent_soft="#EEF0FC",
    good="#1B7347",
    good_soft="#E8F4EC",
    warn="#8F5400",
    warn_soft="#FCF2E0",
    bad="#B3261E",
    bad_soft="#FCECEA",
    concepts=(
        *("#5785F1", "#E26416", "#01765B", "#7022B8", "#8C5400", "#BD47B0"),
        *("#25007B", "#850041", "#8D8B76", "#3C012C", "#3B3400", "#384B74"),
    ),
)
DARK = Theme(
    name="dark",
    page="#1C1B19",
    rail="#151412",
    raised="#262522",
    hover="#232220",
    hairline="#34322E",
    outline="#7F7A71",
    ink="#F3F1EC",
    ink_2="#BAB6AD",
    ink_3="#9B968D",
    accent="#A4AFFF",
    accent_hover="#BCC4FF",
    on_accent="#14163A",
    accent_text="#A9B3FF",
    accent_soft="#2A2C44",
    good="#6FCB97",
    good_soft="#1E3227",
    warn="#E9B455",
    warn_soft="#382C17",
    bad="#FF9A8F",
    bad_soft="#382220",
    concepts=(
        *("#51C2FF", "#FD6A0C", "#0FB3A3", "#948AFE", "#FCEA5B", "#FF81CD"),
        *("#0574F4", "#C1555F", "#ABD095", "#AC52BE", "#AE9668", "#CFEBFA"),
    ),
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def hex_of(theme: Theme, role: str) -> str:
    """Return the colour of a role, or of `concept:<number>`, as "#RRGGBB"."""
    if role.startswith("concept:"):
        return theme.concepts[int(role.removeprefix("concept:")) % CONCEPT_COLOURS]
    return str(getattr(theme, role))


def mark_shape(number: int) -> str:
    """Return the shape of a concept's mark; neighbours always differ."""
    return MARKS[(number + number // CONCEPT_COLOURS) % len(MARKS)]
