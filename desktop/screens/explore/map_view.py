"""The map: a point for each text. Draw an outline around some, or move a circle with the keys."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.operations.look_at_map import NO_GROUP
from desktop.screens.explore.map_points import NO_POINTS, Ids, Points
from desktop.theme.tokens import colour
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.painted import NO_BRUSH, NO_PEN, paint_ring, painter_of, repaints
from desktop.widgets.wording import number

MARGIN, MARK, SMALL_MARK = 16.0, 8.0, 4.0  # pixels
STEP, RADIUS, GROW = 0.02, 0.04, 1.25  # of the map's width
SMALLEST, LARGEST = 0.01, 0.5
NEAR = 10.0  # pixels around the pointer in which a text is met
MOST_RINGS = 4_000
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class MapView(QWidget):
    """Shows points; those inside the last outline are selected.

    With the keys: arrows move a circle, + and - change it, Space selects what is in it, Shift
    adds to what is selected, Esc selects nothing, Enter opens the texts.
    """

    selected_changed = Signal()
    opened = Signal()
    met = Signal(int)  # the input under the pointer; 0 for none

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.points = NO_POINTS
        self.selected: Ids = np.empty(0, np.int64)  # places in the list of points
        self._circle, self._radius = (0.5, 0.5), RADIUS
        self._shows_circle = False  # once the keys are used
        self._outline: list[tuple[float, float]] = []
        self._drawn = QPixmap()
        self._tell()

    def show_points(self, points: Points) -> None:
        """Show other points; inputs that were selected stay selected where they still are."""
        kept = np.isin(points.input_ids, self.ids()) if len(self.selected) else None
        self.points = points
        self.selected = np.flatnonzero(kept) if kept is not None else np.empty(0, np.int64)
        self._forget_drawing()

    def ids(self) -> tuple[int, ...]:
        """Return the inputs that are selected."""
        return tuple(self.points.input_ids[self.selected].tolist())

    def select(self, places: Ids, *, adds: bool = False) -> None:
        """Select these points, or add them to those that are."""
        self.selected = np.union1d(self.selected, places) if adds else np.unique(places)
        self._tell()
        self.update()
        self.selected_changed.emit()

    # -- where things are -------------------------------------------------------------------------
    def _area(self) -> QRectF:
        side = max(1.0, min(self.width(), self.height()) - 2 * MARGIN)
        wide = max(1.0, self.width() - 2 * MARGIN)
        width = min(wide, side * 1.6)  # a little wider than high where there is room
        return QRectF((self.width() - width) / 2, (self.height() - side) / 2, width, side)

    def _pixel(self, place: Sequence[float]) -> QPointF:
        area = self._area()
        return QPointF(area.x() + place[0] * area.width(), area.y() + place[1] * area.height())

    def _place(self, pixel: QPointF) -> tuple[float, float]:
        area = self._area()
        return (pixel.x() - area.x()) / area.width(), (pixel.y() - area.y()) / area.height()

    # -- mouse ------------------------------------------------------------------------------------
    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._shows_circle = False
        if event.button() == Qt.MouseButton.LeftButton:
            self._outline = [self._place(event.position())]

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._outline:
            self._outline.append(self._place(event.position()))
            self.update()
            return
        self.met.emit(self._input_at(event.position()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        outline, self._outline = self._outline, []
        adds = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if len(outline) > 1:
            outline.append(self._place(event.position()))
        if len(outline) > 2:  # noqa: PLR2004  # it was drawn, not only pressed
            self.select(self.points.inside(outline), adds=adds)
        elif outline:
            self._circle = outline[0]
            near = self._near(event.position())
            self.select(near[:1], adds=adds)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.met.emit(0)

    def _near(self, pixel: QPointF) -> Ids:
        radius = NEAR / self._area().width()
        return self.points.around(self._place(pixel), radius)

    def _input_at(self, pixel: QPointF) -> int:
        near = self._near(pixel)
        return int(self.points.input_ids[near[0]]) if len(near) else 0

    # -- keys -------------------------------------------------------------------------------------
    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        adds = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in ARROWS:
            x, y = ARROWS[key]
            self._circle = (
                min(1.0, max(0.0, self._circle[0] + x * STEP)),
                min(1.0, max(0.0, self._circle[1] + y * STEP)),
            )
            self._meet()
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus}:
            factor = 1 / GROW if key == Qt.Key.Key_Minus else GROW
            self._radius = min(LARGEST, max(SMALLEST, self._radius * factor))
            self._meet()
        elif key == Qt.Key.Key_Space:
            self._shows_circle = True
            self.select(self.points.around(self._circle, self._radius), adds=adds)
        elif key == Qt.Key.Key_Escape and len(self.selected):
            self.select(np.empty(0, np.int64))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and len(self.selected):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        reasons = Qt.FocusReason
        if event.reason() in {reasons.TabFocusReason, reasons.BacktabFocusReason}:
            self._shows_circle = True
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _meet(self) -> None:
        self._shows_circle = True
        inside = self.points.around(self._circle, self._radius)
        self.met.emit(int(self.points.input_ids[inside[0]]) if len(inside) else 0)
        self._tell(len(inside))
        self.update()

    def _tell(self, n_inside: int | None = None) -> None:
        """Say aloud what the map shows, and what the circle holds."""
        n = len(self.points)
        words = ngettext("Map of {n} text", "Map of {n} texts", n).format(n=number(n))
        if n_inside is not None:
            words += ", " + _("{n} in the circle").format(n=number(n_inside))
        words += ", " + _("{n} selected").format(n=number(len(self.selected)))
        self.setAccessibleName(words)

    # -- painting ---------------------------------------------------------------------------------
    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget_drawing()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if repaints(event):
            self._forget_drawing()

    def _forget_drawing(self) -> None:
        self._drawn = QPixmap()
        self._tell()
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        if self._drawn.isNull():
            self._drawn = self._drawing()
        painter.drawPixmap(0, 0, self._drawn)
        self._paint_selected(painter)
        if len(self._outline) > 1:
            painter.setPen(QPen(colour("accent"), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(colour("accent", 0.08))
            painter.drawPolygon(QPolygonF([self._pixel(place) for place in self._outline]))
        if self.hasFocus():
            self._paint_circle(painter)
            paint_ring(painter, self.rect())

    def _drawing(self) -> QPixmap:
        """Return all points drawn, those that belong to nothing named below the others."""
        ratio = self.devicePixelRatioF()
        drawing = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        drawing.setDevicePixelRatio(ratio)
        drawing.fill(colour("page"))
        painter = painter_of(drawing)
        shown, area = self.points.shown(), self._area()
        if len(shown):
            groups = self.points.of_groups[shown]
            pixels = self.points.places[shown] * (area.width(), area.height())
            pixels += np.array((area.x(), area.y()), np.float32)
            for group in (NO_GROUP, *range(len(self.points.groups))):
                mark = self._mark(group, ratio)
                half = mark.width() / ratio / 2
                for x, y in (pixels[groups == group] - half).tolist():
                    painter.drawPixmap(QPointF(x, y), mark)
        painter.end()
        return drawing

    def _mark(self, group: int, ratio: float) -> QPixmap:
        size = (SMALL_MARK if group == NO_GROUP else MARK) + 4
        mark = QPixmap(round(size * ratio), round(size * ratio))
        mark.setDevicePixelRatio(ratio)
        mark.fill(Qt.GlobalColor.transparent)
        painter = painter_of(mark)
        if group == NO_GROUP:
            painter.setPen(NO_PEN)
            painter.setBrush(colour("outline", 0.55))
            painter.drawEllipse(QPointF(size / 2, size / 2), SMALL_MARK / 2, SMALL_MARK / 2)
        else:
            painter.setOpacity(0.85)
            paint_mark(painter, 2, size / 2, self.points.groups[group].number, MARK)
        painter.end()
        return mark

    def _paint_circle(self, painter: QPainter) -> None:
        if self._shows_circle:
            area, radius = self._area(), self._radius
            painter.setPen(QPen(colour("accent_text"), 2))
            painter.setBrush(NO_BRUSH)
            centre = self._pixel(self._circle)
            painter.drawEllipse(centre, radius * area.width(), radius * area.height())

    def _paint_selected(self, painter: QPainter) -> None:
        chosen = self.selected
        if len(chosen) > MOST_RINGS:
            chosen = chosen[np.linspace(0, len(chosen) - 1, MOST_RINGS).astype(np.int64)]
        painter.setPen(QPen(colour("ink"), 1.25))
        painter.setBrush(NO_BRUSH)
        for place in self.points.places[chosen].tolist():
            painter.drawEllipse(self._pixel(place), MARK * 0.75, MARK * 0.75)
