"""Type and spacing by role, and colours as Qt has them. Nothing else in the window names a size.

The values of the colours stand in `core.charts.colours`, where files are drawn with them too.
"""

from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QFontDatabase

from core.charts.colours import DARK, LIGHT, THEMES, Theme, hex_of

DARKEST = 0.04045  # sRGB below this is linear

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
LINE = {"figure": 100, "reading": 128, "body": 122, "strong": 122, "small": 119, "caption": 116}

S1, S2, S3, S4, S5, S6 = 8, 16, 24, 32, 40, 48  # the 8-px grid; 4 and 12 only inside a group
RADIUS, RADIUS_SMALL, RADIUS_LARGE = 8, 5, 10
ROW, ROW_TWO_LINES, CONTROL, CONTROL_SMALL = 40, 56, 36, 28
RAIL, INSPECTOR, HEADER, FOOTER, JOB_BAR = 216, 296, 52, 68, 44
WINDOW_MINIMUM = (1024, 680)

_in_use = [LIGHT]


def theme() -> Theme:
    """Return the theme in use; painted widgets ask in paintEvent, so a switch is a repaint."""
    return _in_use[0]


def use_theme(name: str) -> Theme:
    """Make "light" or "dark" the theme in use; see `apply_theme` for what Qt has to be told."""
    _in_use[0] = THEMES[name]
    return theme()


def is_dark() -> bool:
    """Say whether the dark theme is in use; tints are stronger there."""
    return theme() is DARK


def colour(role: str, alpha: float = 1.0) -> QColor:
    """Return the colour of a role, or of `concept:<number>`; alpha in [0, 1]."""
    result = QColor(hex_of(theme(), role))
    result.setAlphaF(alpha)
    return result


def concept_tint(number: int) -> QColor:
    """Return the surface of a chip: strong enough to see, weak enough for ink text."""
    return colour(f"concept:{number}", 0.20 if is_dark() else 0.12)


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
