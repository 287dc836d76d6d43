"""Paints a chart of the engine: its shapes in the theme's colours, its words in our type."""

from collections.abc import Callable
from functools import partial
from itertools import groupby, pairwise
from math import dist

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from core.charts.scene import Area, Box, ChartItem, Dot, Line, Point, Rect, Scene, Words
from desktop.theme.tokens import colour
from desktop.widgets.layout import H_CENTRE, LEFT, RIGHT
from desktop.widgets.painted import NO_BRUSH, NO_PEN, painter_of, put, shortened

SIDES = {"left": LEFT, "centre": H_CENTRE, "right": RIGHT}
HATCH, HATCH_LINE, RING = 5 * 2**0.5, 1.6, 2.0  # pixels: apart, thick; of a dot's edge

SMOOTH = QPainter.RenderHint.Antialiasing
PIECE = 24  # points

Tones = Callable[[str, float], QColor]


def paint_scene(painter: QPainter, scene: Scene) -> None:
    """Paint a scene in the theme in use; its ground is left as it is."""
    known: dict[tuple[str, float], QColor] = {}

    def tone_of(tone: str, opacity: float = 1.0) -> QColor:
        if (tone, opacity) not in known:
            known[tone, opacity] = colour(tone, opacity)
        return known[tone, opacity]

    for plain, items in groupby(scene.items, key=_plain_colour):
        if plain:
            boxes = [area_of(item.box) for item in items if isinstance(item, Rect)]
            painter.setPen(NO_PEN)
            painter.setBrush(tone_of(*plain))
            painter.setRenderHint(SMOOTH, on=False)  # neighbours meet without a seam
            painter.drawRects(boxes)
            painter.setRenderHint(SMOOTH)
            continue
        for item in items:
            PAINTERS[type(item)](painter, item, tone_of)


def _plain_colour(item: ChartItem) -> tuple[str, float] | None:
    """Return the colour of a plain rectangle: those in a row that share it are drawn at once."""
    if not isinstance(item, Rect) or item.radius or item.is_hatched:
        return None
    return item.tone, item.opacity


def scene_image(scene: Scene, ratio: float) -> QImage:
    """Return a scene as a picture on the page's ground, with `ratio` dots to a pixel."""
    size = QSize(round(scene.width * ratio), round(scene.height * ratio))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(colour("page"))
    painter = painter_of(image)
    paint_scene(painter, scene)
    painter.end()
    return image


def area_of(box: Box) -> QRectF:
    """Return a box as Qt has it."""
    return QRectF(box.x, box.y, box.width, box.height)


def _polygon(points: tuple[Point, ...]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


def _paint_line(painter: QPainter, item: Line, tone_of: Tones) -> None:
    pen = QPen(tone_of(item.tone, item.opacity), item.width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if item.dash:
        pen.setDashPattern([length / item.width for length in item.dash])
    painter.setBrush(NO_BRUSH)
    drawn = 0.0
    for first in range(0, len(item.points) - 1, PIECE):  # Qt is slow with many points at once
        piece = item.points[first : first + PIECE + 1]
        pen.setDashOffset(drawn / item.width)
        painter.setPen(pen)
        painter.drawPolyline(_polygon(piece))
        if item.dash:
            length = sum(dist(one, other) for one, other in pairwise(piece))
            drawn = (drawn + length) % sum(item.dash)


def _paint_area(painter: QPainter, item: Area, tone_of: Tones) -> None:
    painter.setPen(NO_PEN)
    painter.setBrush(tone_of(item.tone, item.opacity))
    painter.drawPolygon(_polygon(item.points))


def _paint_rect(painter: QPainter, item: Rect, tone_of: Tones) -> None:
    if item.is_hatched:
        _paint_hatching(painter, item, tone_of(item.tone, 1.0))
        return
    painter.setPen(NO_PEN)
    painter.setBrush(tone_of(item.tone, item.opacity))
    painter.drawRoundedRect(area_of(item.box), item.radius, item.radius)


def _paint_hatching(painter: QPainter, item: Rect, tone: QColor) -> None:
    """Paint lines of our own: those of Qt are as fine as the screen's dots."""
    area = area_of(item.box)
    painter.save()
    painter.setClipRect(area)
    painter.setPen(QPen(tone, HATCH_LINE))
    x = area.x() - area.height() - (area.x() + area.bottom()) % HATCH  # in step everywhere
    while x < area.right():
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x + area.height(), area.y()))
        x += HATCH
    painter.restore()
    painter.setPen(QPen(tone, 1))
    painter.setBrush(NO_BRUSH)
    painter.drawRect(area_of(item.box.inside(0.5)))


def _paint_dot(painter: QPainter, item: Dot, tone_of: Tones) -> None:
    draw = partial(painter.drawEllipse, QPointF(*item.at), item.radius, item.radius)
    if item.corners:
        draw = partial(painter.drawPolygon, _polygon(item.corners))
    painter.setBrush(tone_of(item.tone, 1.0))
    if item.is_ringed:
        painter.setPen(QPen(tone_of("page", 1.0), RING))
        draw()
    painter.setPen(NO_PEN)
    draw()


def _paint_words(painter: QPainter, item: Words, _tone_of: Tones) -> None:
    value = shortened(item.value, item.role, item.box.width) if item.is_name else item.value
    put(painter, area_of(item.box), value, item.role, item.tone, SIDES[item.side])


PAINTERS: dict[type[ChartItem], Callable[..., None]] = {
    Line: _paint_line,
    Area: _paint_area,
    Rect: _paint_rect,
    Dot: _paint_dot,
    Words: _paint_words,
}
