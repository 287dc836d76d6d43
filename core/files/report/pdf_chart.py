"""Draws a chart on a page of a PDF as lines, areas and words."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from core.charts.scene import TYPE, Area, Box, Dot, Line, Point, Rect, Scene, Words, shortened
from core.files.report.page import FOOT, MARGIN, Page, Side, tone_of
from core.files.svg import HATCH, HATCH_LINE, RING

POINTS = 0.75  # of a pixel
_SIDES: dict[str, Side] = {"left": "L", "centre": "C", "right": "R"}
_STRONG = 500  # from this weight on letters are bold


def draw_chart(page: Page, scene: Scene) -> None:
    """Draw a chart below what stands there, smaller where the page is not as large."""
    most = page.h - MARGIN - FOOT
    scale = min(POINTS, page.epw / scene.width, most / scene.height)
    if page.will_page_break(scene.height * scale):
        page.add_page()
    top, drawn = page.y, _Drawn(page, MARGIN, page.y, scale)
    page.set_auto_page_break(auto=False)
    for item in scene.items:
        _DRAWN[type(item)](drawn, item)
    page.set_auto_page_break(auto=True, margin=FOOT)
    page.set_xy(MARGIN, top + scene.height * scale)


class _Drawn:
    """A chart as it stands on a page: pixels become points, roles colours."""

    def __init__(self, page: Page, x: float, y: float, scale: float) -> None:
        self._page, self._x, self._y, self._scale = page, x, y, scale

    def _point(self, at: Point) -> Point:
        return self._x + at[0] * self._scale, self._y + at[1] * self._scale

    def line(self, item: Line) -> None:
        """Draw straight pieces."""
        page, scale = self._page, self._scale
        with page.local_context(stroke_opacity=item.opacity, draw_color=tone_of(item.tone)):
            page.set_line_width(item.width * scale)
            if item.dash:
                drawn, left_out = item.dash[0], item.dash[-1]
                page.set_dash_pattern(drawn * scale, left_out * scale)
            page.polyline([self._point(at) for at in item.points])

    def area(self, item: Area) -> None:
        """Fill a shape."""
        with self._filled(item.tone, item.opacity):
            self._page.polygon([self._point(at) for at in item.points], style="F")

    def rect(self, item: Rect) -> None:
        """Fill a rectangle, or hatch it."""
        if item.is_hatched:
            self._hatched(item)
            return
        box = self._placed(item.box)
        radius = min(item.radius * self._scale, box.width / 2, box.height / 2)
        with self._filled(item.tone, item.opacity):
            self._page.rect(
                *(box.x, box.y, box.width, box.height),
                style="F",
                round_corners=radius > 0,
                corner_radius=radius,
            )

    def _hatched(self, item: Rect) -> None:
        page, box = self._page, self._placed(item.box)
        with page.local_context(stroke_opacity=item.opacity, draw_color=tone_of(item.tone)):
            page.set_line_width(HATCH_LINE * self._scale)
            page.rect(box.x, box.y, box.width, box.height)
            with page.rect_clip(box.x, box.y, box.width, box.height):
                n_lines = math.ceil((box.width + box.height) / (HATCH * self._scale))
                for i in range(1, n_lines):
                    x = box.x + i * HATCH * self._scale
                    page.line(x, box.y, x - box.height, box.bottom)

    def dot(self, item: Dot) -> None:
        """Draw a mark of its shape."""
        if item.is_ringed:
            self._shape(replace(item, radius=item.radius + RING / 2), "page")
        self._shape(item, item.tone)

    def _shape(self, item: Dot, tone: str) -> None:
        with self._filled(tone):
            if item.corners:
                self._page.polygon([self._point(at) for at in item.corners], style="F")
            else:
                self._page.circle(*self._point(item.at), item.radius * self._scale, style="F")

    def words(self, item: Words) -> None:
        """Set one line in its box; a name is shortened to it."""
        size, weight = TYPE[item.role]
        box, page = self._placed(item.box), self._page
        page.set_font("Inter", "B" if weight >= _STRONG else "", size * self._scale)
        page.set_text_color(tone_of(item.tone))
        value = shortened(item.value, item.role, item.box.width) if item.is_name else item.value
        page.line_at(box.x, box.y, box.width, value, side=_SIDES[item.side], height=box.height)

    def _placed(self, box: Box) -> Box:
        x, y = self._point((box.x, box.y))
        return Box(x, y, box.width * self._scale, box.height * self._scale)

    def _filled(self, tone: str, opacity: float = 1.0) -> AbstractContextManager[None]:
        return self._page.local_context(fill_opacity=opacity, fill_color=tone_of(tone))


_DRAWN: dict[type[Any], Callable[[_Drawn, Any], None]] = {
    Line: _Drawn.line,
    Area: _Drawn.area,
    Rect: _Drawn.rect,
    Dot: _Drawn.dot,
    Words: _Drawn.words,
}
