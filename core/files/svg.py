"""A chart as an SVG file: complete in itself, readable aloud, in the colours of a theme.

References:
    Scalable Vector Graphics (SVG) 1.1, second edition; WAI-ARIA Graphics Module 1.0.
"""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from core.charts.colours import THEMES, Theme, hex_of
from core.charts.scene import (
    TYPE,
    Area,
    ChartItem,
    Dot,
    Line,
    Point,
    Rect,
    Scene,
    Words,
    is_right_to_left,
    shortened,
)

FAMILIES = "Inter, 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans Hebrew', 'Noto Sans CJK SC', "
FAMILIES += "'DejaVu Sans', Arial, sans-serif"
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ANCHORS = {"left": "start", "centre": "middle", "right": "end"}
BASELINE = 0.36  # of the size of the type: how far under the middle its line stands
HATCH, HATCH_LINE, RING = 5, 1.6, 2.0  # pixels: of a hatching, its lines, and a dot's ring


def write_svg(scene: Scene, theme: str = "light") -> str:
    """Return a scene as the text of an SVG file, in the theme "light" or "dark"."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg_element(scene, THEMES[theme])}\n'


def svg_element(scene: Scene, colours: Theme) -> str:
    """Return a scene as an element, for a file of its own or within a page."""
    drawn = "\n".join(_drawn(item, colours) for item in scene.items)
    size = f'width="{scene.width}" height="{scene.height}"'
    view = f'viewBox="0 0 {scene.width} {scene.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} role="img" '
        f'font-family="{FAMILIES}" font-feature-settings="\'tnum\'">\n'
        f"<title>{_text(scene.name)}</title>\n"
        f"<desc>{_text(_described(scene))}</desc>\n"
        f"{_patterns(scene.items, colours)}"
        f'<rect {size} fill="{colours.page}"/>\n{drawn}\n</svg>'
    )


def _described(scene: Scene) -> str:
    return "\n".join(mark.words for mark in scene.marks)


def _text(value: str) -> str:
    """Return somebody's words as XML has them; what no XML may hold becomes a replacement."""
    return escape(FORBIDDEN.sub("\ufffd", value))


def _patterns(items: Iterable[ChartItem], theme: Theme) -> str:
    tones = {item.tone for item in items if isinstance(item, Rect) and item.is_hatched}
    return "".join(
        f'<pattern id="{_hatch_id(tone)}" width="{HATCH}" height="{HATCH}" '
        f'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path '
        f'd="M{HATCH / 2} 0V{HATCH}" stroke="{hex_of(theme, tone)}" '
        f'stroke-width="{HATCH_LINE}"/></pattern>\n'
        for tone in sorted(tones)
    )


def _hatch_id(tone: str) -> str:
    return f"hatch-{tone.replace(':', '-')}"


def _drawn(item: ChartItem, theme: Theme) -> str:
    match item:
        case Line():
            return _line(item, theme)
        case Area():
            return f'<polygon points="{_points(item.points)}" {_fill(item, theme)}/>'
        case Rect():
            return _rect(item, theme)
        case Dot():
            return _dot(item, theme)
        case Words():
            return _words(item, theme)


def _n(value: float) -> str:
    """Return a length with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _fill(item: Area | Rect, theme: Theme) -> str:
    opacity = "" if item.opacity == 1 else f' fill-opacity="{_n(item.opacity)}"'
    return f'fill="{hex_of(theme, item.tone)}"{opacity}'


def _line(item: Line, theme: Theme) -> str:
    dash = f' stroke-dasharray="{" ".join(map(_n, item.dash))}"' if item.dash else ""
    opacity = "" if item.opacity == 1 else f' stroke-opacity="{_n(item.opacity)}"'
    look = f'stroke="{hex_of(theme, item.tone)}" stroke-width="{_n(item.width)}"'
    return (
        f'<polyline points="{_points(item.points)}" fill="none" {look}{dash}{opacity} '
        'stroke-linejoin="round"/>'
    )


def _rect(item: Rect, theme: Theme) -> str:
    if item.is_hatched:
        fill = f'fill="url(#{_hatch_id(item.tone)})" stroke="{hex_of(theme, item.tone)}"'
        box = item.box.inside(0.5)
    else:
        fill, box = _fill(item, theme), item.box
    radius = f' rx="{_n(item.radius)}"' if item.radius else ""
    place = f'x="{_n(box.x)}" y="{_n(box.y)}"'
    return f'<rect {place} width="{_n(box.width)}" height="{_n(box.height)}"{radius} {fill}/>'


def _dot(item: Dot, theme: Theme) -> str:
    ring = f' stroke="{theme.page}" stroke-width="{_n(RING)}"' if item.is_ringed else ""
    look = f'fill="{hex_of(theme, item.tone)}"{ring} paint-order="stroke"'
    (x, y), r = item.at, item.radius
    if not item.corners:
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" {look}/>'
    return f'<polygon points="{_points(item.corners)}" {look}/>'


def _words(item: Words, theme: Theme) -> str:
    size, weight = TYPE[item.role]
    box, anchor = item.box, ANCHORS[item.side]
    x = {"start": box.x, "middle": box.centre[0], "end": box.right}[anchor]
    y = box.centre[1] + size * BASELINE
    value = shortened(item.value, item.role, box.width) if item.is_name else item.value
    # No `direction`: with it readers of SVG disagree about which end of the text the anchor is.
    direction = ' unicode-bidi="plaintext"' if is_right_to_left(value) else ""
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    bold = "" if weight == TYPE["caption"][1] else f' font-weight="{weight}"'
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size}"{bold}{side}{direction} '
        f'fill="{hex_of(theme, item.tone)}">{_text(value)}</text>'
    )
