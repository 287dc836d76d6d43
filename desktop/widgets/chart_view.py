"""A chart in the window: drawn by the engine's description, chosen from by mouse and keys."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from core.charts.scene import CORNER, SMALLEST, Mark, Scene, Size, Table
from core.i18n import _
from desktop.theme.tokens import colour, font
from desktop.widgets.buttons import icon_button
from desktop.widgets.chart_files import FORMATS, save_chart
from desktop.widgets.chart_table import ChartTable
from desktop.widgets.painted import NO_BRUSH, NO_PEN, RING, paint_ring, painter_of, put, repaints
from desktop.widgets.scene_painter import area_of, paint_scene
from desktop.widgets.text import tip

Draw = Callable[[int, int], Scene]  # of a width and a height in pixels

SMALL_MARK, OUTSIDE, RADIUS = 12.0, 3.0, 4.0  # pixels
ASIDE = 2.0  # a step aside counts so much more than one ahead
HOVER_OPACITY = 0.12
CHOOSE_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
DIRECTIONS = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}
STEPS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}


def sized(draw: Callable[[Size], Scene]) -> Draw:
    """Return a chart of `core.charts` as a view draws it."""
    return lambda width, height: draw((width, height))


def no_chart(width: int, height: int) -> Scene:
    """Return a chart of nothing."""
    return Scene(width, height, _("Nothing to draw yet"), (), (), Table((), ()))


class ChartView(QWidget):
    """Paints a chart. Arrows go to the next mark in their direction, Page Down to the next one."""

    mark_chosen = Signal(object)  # the key of the mark

    def __init__(self, draw: Draw = no_chart, title: str = "") -> None:
        """Show a chart; see `set_chart`."""
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.table = ChartTable()
        self.table.setParent(self)
        self.table.hide()
        self.more = icon_button("ellipsis", _("Show as table, save as a file"))
        self.more.setParent(self)
        self.more.clicked.connect(lambda: self._open_menu(self.more.geometry().bottomLeft()))
        self._scene: Scene | None = None
        self._chosen: Hashable = None
        self._focused: Hashable = None
        self.set_chart(draw, title)

    def set_chart(self, draw: Draw, title: str = "") -> None:
        """Show another chart.

        Args:
            draw: returns the scene for a width and a height in pixels.
            title: what files of it are called at first.
        """
        self._draw, self._title = draw, title or _("Chart")
        self.setMinimumHeight(SMALLEST[1])
        self._forget()
        self._tell()
        self.update()

    def set_chosen(self, key: Hashable) -> None:
        """Show that the mark with this key is chosen, and let the keys go on from it."""
        self._chosen = key
        if key is not None:
            self._focused = key
        self._tell()
        self.update()

    @property
    def scene(self) -> Scene:
        """The chart as it is drawn now."""
        if self._scene is None:
            scene = self._scene = self._draw(self.width(), self.height())
            if scene.height > self.height():
                self.setMinimumHeight(scene.height)
            return scene
        return self._scene

    @property
    def focused(self) -> Mark | None:
        """The mark that the keys are on: the first one until they were used."""
        first = self.scene.marks[0] if self.scene.marks else None
        return self._mark_of(self._focused) or first

    def _mark_of(self, key: Hashable) -> Mark | None:
        return next((mark for mark in self.scene.marks if mark.key == key), None)

    def _forget(self) -> None:
        self._scene = None
        self._drawn = QPixmap()
        self._hovered: Mark | None = None

    def _tell(self) -> None:
        self.setAccessibleDescription(self.scene.name)
        mark = self._mark_of(self._focused)
        self.setAccessibleName(mark.words if mark else self.scene.name)
        self.more.setVisible(bool(self.scene.table.rows))
        if self.shows_table:
            self.table.set_table(self.scene.table)

    @property
    def shows_table(self) -> bool:
        """Whether the table stands in place of the chart."""
        return not self.table.isHidden()

    def show_table(self, *, shows_table: bool) -> None:
        """Show the data as a table, or the chart again."""
        self.table.setVisible(shows_table)
        self._tell()
        (self.table if shows_table else self).setFocus()
        self.update()

    def menu(self) -> QMenu:
        """Return what can be done with the chart."""
        menu = QMenu(self)
        menu.setFont(font("body"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shows_table = not self.shows_table
        words = _("Show as table") if shows_table else _("Show as chart")
        shown = menu.addAction(words)
        shown.triggered.connect(lambda: self.show_table(shows_table=shows_table))
        menu.addSeparator()
        for ending in FORMATS:
            action = menu.addAction(_("Save as {format}…").format(format=ending.upper()))
            action.triggered.connect(lambda _on, e=ending: save_chart(self, self._title, e))
        return menu

    def _open_menu(self, at: QPoint) -> None:
        if self.scene.table.rows:
            self.menu().popup(self.mapToGlobal(at))

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu(event.pos())

    @override
    def sizeHint(self) -> QSize:
        return QSize(520, 340)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(*SMALLEST)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget()
        width, height = CORNER
        self.more.setGeometry(self.width() - width + 2, 0, width - 2, height)
        self.table.setGeometry(0, height, self.width(), self.height() - height)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if repaints(event):
            self._drawn = QPixmap()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            if mark := self.scene.mark_at(event.pos().x(), event.pos().y()):
                QToolTip.showText(event.globalPos(), tip(mark.words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.scene.mark_at(event.position().x(), event.position().y()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, mark: Mark | None) -> None:
        if mark is not self._hovered:
            self._hovered = mark
            shapes = Qt.CursorShape
            self.setCursor(shapes.PointingHandCursor if mark else shapes.ArrowCursor)
            self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        mark = self.scene.mark_at(event.position().x(), event.position().y())
        if mark and event.button() == Qt.MouseButton.LeftButton:
            self._choose(mark)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused, key = self.focused, Qt.Key(event.key())
        if focused and key in CHOOSE_KEYS:
            self._choose(focused)
        elif focused and key in {*DIRECTIONS, *STEPS, *ENDS}:
            self._focused = next_mark(self.scene, focused, key).key
            self._tell()
            self.update()
        else:
            super().keyPressEvent(event)

    def _choose(self, mark: Mark) -> None:
        self.set_chosen(mark.key)
        self.mark_chosen.emit(mark.key)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.shows_table:
            return
        painter = painter_of(self)
        painter.drawPixmap(0, 0, self._picture())
        if not self.scene.items:
            put(painter, QRectF(4, 0, self.width() - 8, 32), self.scene.name, "small", "ink_3")
        if self._hovered:
            _paint_hover(painter, self._hovered)
        if chosen := self._mark_of(self._chosen):
            self._paint_edge(painter, chosen, "ink", 0.0)
        if self.hasFocus() and (focused := self.focused):
            self._paint_edge(painter, focused, "accent_text", OUTSIDE)
        elif self.hasFocus():
            paint_ring(painter, self.rect())

    def _paint_edge(self, painter: QPainter, mark: Mark, tone: str, outside: float) -> None:
        """Paint a ring around a mark, on an edge of the page's colour, so that it stands out."""
        if not mark.is_round and mark.box.width < SMALL_MARK:
            outside += OUTSIDE
        room = QRectF(self.rect()).adjusted(RING, RING, -RING, -RING)
        area = area_of(mark.box.inside(RING / 2 - outside)).intersected(room)
        radius = area.width() / 2 if mark.is_round else RADIUS
        painter.setBrush(NO_BRUSH)
        for edge, width in (("page", 2 * RING), (tone, RING)):
            painter.setPen(QPen(colour(edge), width))
            painter.drawRoundedRect(area, radius, radius)

    def _picture(self) -> QPixmap:
        """Return the chart as it was last painted: the mouse moves more often than it changes."""
        scene, ratio = self.scene, self.devicePixelRatioF()  # a scene may make this higher
        if self._drawn.isNull() or self._drawn.devicePixelRatio() != ratio:
            drawn = QPixmap(self.size() * ratio)
            drawn.setDevicePixelRatio(ratio)
            drawn.fill(Qt.GlobalColor.transparent)
            painter = painter_of(drawn)
            paint_scene(painter, scene)
            painter.end()
            self._drawn = drawn
        return self._drawn


def next_mark(scene: Scene, start: Mark, key: Qt.Key) -> Mark:
    """Return the mark that a key leads to; the same one where there is no other that way."""
    marks = scene.marks
    if key in ENDS:
        return marks[ENDS[key]]
    if key in STEPS:
        place = marks.index(start) + STEPS[key]
        return marks[min(max(place, 0), len(marks) - 1)]
    (x, y), (right, down) = start.box.centre, DIRECTIONS[key]
    best, least = start, float("inf")
    for mark in marks:
        across, along = mark.box.centre[0] - x, mark.box.centre[1] - y
        ahead = across * right + along * down
        way = ahead + ASIDE * abs(across * down + along * right)
        if ahead > 1 and way < least:  # a pixel, so that nothing beside it counts as ahead
            best, least = mark, way
    return best


def _paint_hover(painter: QPainter, mark: Mark) -> None:
    painter.setPen(NO_PEN)
    painter.setBrush(colour("ink", HOVER_OPACITY))
    radius = mark.box.width / 2 if mark.is_round else RADIUS
    painter.drawRoundedRect(area_of(mark.box), radius, radius)
