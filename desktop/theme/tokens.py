"""Colours, type and spacing by role. Nothing else in the program names a hex value or a size.

Concept `i` has colour `i % 12` and shape `(i + i // 12) % 4`: 48 marks before one repeats.
"""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QFontDatabase

CONCEPT_COLOURS = 12
DARKEST = 0.04045  # sRGB below this is linear
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

UI, DISPLAY, MONO = "Inter", "Inter Display", "JetBrains Mono"
FALLBACKS = (
    *("Inter", "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew"),
    *("Noto Sans CJK SC", "DejaVu Sans"),
)

# role: (pixels, weight, letter spacing in %, family)
TYPE = {
    "hero": (44, QFont.Weight.DemiBold, 98.0, DISPLAY),
    "figure": (40, QFont.Weight.DemiBold, 98.0, DISPLAY),
    "title": (26, QFont.Weight.DemiBold, 98.5, DISPLAY),
    "reading": (20, QFont.Weight.Normal, 99.5, DISPLAY),
    "heading": (16, QFont.Weight.DemiBold, 99.5, UI),
    "body": (14, QFont.Weight.Normal, 100.0, UI),
    "strong": (14, QFont.Weight.Medium, 100.0, UI),
    "small": (13, QFont.Weight.Normal, 100.0, UI),
    "small_strong": (13, QFont.Weight.Medium, 100.0, UI),
    "caption": (12, QFont.Weight.Normal, 100.5, UI),
    "caption_strong": (12, QFont.Weight.Medium, 100.5, UI),
    "mono": (12, QFont.Weight.Normal, 100.0, MONO),
}
# Line height in % of the font's own line (Inter: 1.21 em), because that is what Qt multiplies.
LINE = {"reading": 128, "body": 122, "strong": 122, "small": 119, "caption": 116}

S1, S2, S3, S4, S5, S6 = 8, 16, 24, 32, 40, 48  # the 8-px grid; 4 and 12 only inside a group
RADIUS, RADIUS_SMALL, RADIUS_LARGE = 8, 5, 10
ROW, ROW_TWO_LINES, CONTROL, CONTROL_SMALL = 40, 56, 36, 28
RAIL, INSPECTOR, HEADER, FOOTER, JOB_BAR = 216, 296, 52, 68, 44
WINDOW_MINIMUM = (1024, 680)

_THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
_in_use = [LIGHT]


def theme() -> Theme:
    """Return the theme in use; painted widgets ask in paintEvent, so a switch is a repaint."""
    return _in_use[0]


def use_theme(name: str) -> Theme:
    """Make "light" or "dark" the theme in use; see `apply_theme` for what Qt has to be told."""
    _in_use[0] = _THEMES[name]
    return theme()


def is_dark() -> bool:
    """Say whether the dark theme is in use; tints are stronger there."""
    return theme() is DARK


def colour(role: str, alpha: float = 1.0) -> QColor:
    """Return the colour of a role, or of `concept:<number>`; alpha in [0, 1]."""
    result = QColor(_hex(theme(), role))
    result.setAlphaF(alpha)
    return result


def _hex(of: Theme, role: str) -> str:
    if role.startswith("concept:"):
        return of.concepts[int(role.removeprefix("concept:")) % CONCEPT_COLOURS]
    return str(getattr(of, role))


def concept_tint(number: int) -> QColor:
    """Return the surface of a chip: strong enough to see, weak enough for ink text."""
    return colour(f"concept:{number}", 0.20 if is_dark() else 0.12)


def mark_shape(number: int) -> str:
    """Return the shape of a concept's mark; neighbours always differ."""
    return MARKS[(number + number // CONCEPT_COLOURS) % len(MARKS)]


@lru_cache(maxsize=1)
def _known_families() -> frozenset[str]:
    return frozenset(QFontDatabase.families())


@lru_cache(maxsize=len(TYPE))
def _font(role: str) -> QFont:
    size, weight, spacing, family = TYPE[role]
    result = QFont([name for name in (family, *FALLBACKS) if name in _known_families()])
    result.setPixelSize(size)
    result.setWeight(weight)
    result.setLetterSpacing(QFont.SpacingType.PercentageSpacing, spacing)
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if family != MONO:
        result.setFeature(QFont.Tag("tnum"), 1)  # digits of one width
        result.setFeature(QFont.Tag("cv11"), 1)  # single-storey a
    return result


def font(role: str) -> QFont:
    """Return the font of a role of `TYPE`, with fallbacks for scripts that Inter lacks."""
    return QFont(_font(role))


def forget_fonts() -> None:
    """Look the families up again; called once our own fonts are loaded."""
    _known_families.cache_clear()
    _font.cache_clear()


def contrast(one: str, other: str) -> float:
    """Return the contrast of two hex colours, 1 to 21.

    References:
        WCAG 2.2, "relative luminance" and "contrast ratio".
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(value: str) -> float:
    shares = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= DARKEST else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)
