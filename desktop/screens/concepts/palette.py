"""The palette: every colour in every shape, one of them for a concept."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.charts.colours import CONCEPT_COLOURS, MARKS, mark_shape
from core.i18n import N_, _
from desktop.theme.tokens import RADIUS_SMALL, colour
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.layout import boxed, column
from desktop.widgets.painted import NO_PEN, paint_ring, painter_of
from desktop.widgets.text import text

CELL, MARK = 36, 14

COLOURS = (
    *(N_("azure"), N_("ember"), N_("pine"), N_("violet"), N_("umber"), N_("orchid")),
    *(N_("indigo"), N_("wine"), N_("sage"), N_("plum"), N_("olive"), N_("slate")),
)
SHAPES = {
    "circle": N_("circle"),
    "square": N_("square"),
    "diamond": N_("diamond"),
    "triangle": N_("triangle"),
}


def mark_number(column: int, row: int) -> int:
    """Return the number of the mark with this colour (0 to 11) and this shape (0 to 3)."""
    return column + CONCEPT_COLOURS * ((row - column) % len(MARKS))


def mark_place(number: int) -> tuple[int, int]:
    """Return the column (colour) and row (shape) of a mark in the palette."""
    return number % CONCEPT_COLOURS, MARKS.index(mark_shape(number))


def mark_name(number: int) -> str:
    """Return what a mark is called: "azure circle"."""
    shape = _(SHAPES[mark_shape(number)])
    return _("{colour} {shape}").format(colour=_(COLOURS[number % CONCEPT_COLOURS]), shape=shape)


class MarkGrid(QWidget):
    """Twelve colours across, four shapes down; the arrow keys move, Enter takes."""

    chosen = Signal(int)
    looked_at = Signal(int)

    def __init__(self, number: int) -> None:
        """Stand on the mark of a number."""
        super().__init__()
        self._chosen = self._at = mark_number(*mark_place(number))
        self.setFixedSize(self.sizeHint())
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._look_at(self._at)

    def _look_at(self, number: int) -> None:
        self._at = number
        self.setAccessibleName(mark_name(number))
        self.looked_at.emit(number)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(CELL * CONCEPT_COLOURS, CELL * len(MARKS))

    def _under(self, event: QMouseEvent) -> int:
        at = event.position()
        across = min(max(int(at.x() // CELL), 0), CONCEPT_COLOURS - 1)
        return mark_number(across, min(max(int(at.y() // CELL), 0), len(MARKS) - 1))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._look_at(self._under(event))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._under(event))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        steps = {
            keys.Key_Left: (-1, 0),
            keys.Key_Right: (1, 0),
            keys.Key_Up: (0, -1),
            keys.Key_Down: (0, 1),
        }
        key = keys(event.key())
        if key in steps:
            across, down = mark_place(self._at)
            right, below = steps[key]
            self._look_at(
                mark_number((across + right) % CONCEPT_COLOURS, (down + below) % len(MARKS))
            )
        elif key in {keys.Key_Return, keys.Key_Enter, keys.Key_Space}:
            self.chosen.emit(self._at)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        for number in range(CONCEPT_COLOURS * len(MARKS)):
            across, down = mark_place(number)
            cell = QRectF(across * CELL, down * CELL, CELL, CELL).adjusted(2, 2, -2, -2)
            if number == self._chosen:
                painter.setPen(NO_PEN)
                painter.setBrush(colour("accent_soft"))
                painter.drawRoundedRect(cell, RADIUS_SMALL, RADIUS_SMALL)
            paint_mark(painter, cell.center().x() - MARK / 2, cell.center().y(), number, MARK)
            if number == self._at:
                paint_ring(painter, cell, radius=RADIUS_SMALL)


class Palette(QWidget):
    """The popup that holds the grid, with the name of the mark that is looked at."""

    chosen = Signal(int)

    def __init__(self, number: int, parent: QWidget) -> None:
        """Offer all marks; the one of `number` is the present one."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # for its round corners
        self.grid = MarkGrid(number)
        name = text(mark_name(number), "small", "ink_2")
        self.grid.looked_at.connect(lambda at: name.setText(mark_name(at)))
        self.grid.chosen.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        title = text(_("Colour and shape"), "small_strong")
        content = column(title, self.grid, name, gap=8, margins=(14, 12, 14, 12))
        layout.addWidget(boxed("field", content))

    def open_at(self, point: QPoint) -> None:
        """Open below a point of the screen, kept whole where that is near an edge."""
        self.adjustSize()
        within = self.screen().availableGeometry()
        x = min(point.x(), within.right() - self.width())
        y = min(point.y(), within.bottom() - self.height())
        self.move(max(x, within.left()), max(y, within.top()))
        self.show()
        self.grid.setFocus()

    def _take(self, number: int) -> None:
        self.chosen.emit(number)
        self.close()
