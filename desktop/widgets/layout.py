"""Layout in one line each, and the one place that knows how screens yield when room is short."""

from weakref import WeakSet

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from desktop.theme.tokens import S1, S2, S4, WINDOW_MINIMUM, colour

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
TOP, BOTTOM = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
H_CENTRE, V_CENTRE = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter

Item = QWidget | int | tuple[QWidget, int | Qt.AlignmentFlag] | None
Margins = tuple[int, int, int, int]

_yielding: WeakSet[QWidget] = WeakSet()  # widgets under the two rules of `Frame`


def row(*items: Item, gap: int = S1, margins: Margins = (0, 0, 0, 0)) -> QWidget:
    """Return the items side by side.

    Args:
        items: a widget; a number, that is space in pixels; None, that is a stretch; or a widget
            with its stretch factor or its alignment.
        gap: pixels between neighbours.
        margins: left, top, right, bottom in pixels.
    """
    return _fill(QHBoxLayout(), items, gap, margins)


def column(*items: Item, gap: int = S1, margins: Margins = (0, 0, 0, 0)) -> QWidget:
    """Return the items one below another; see `row` for what an item may be."""
    return _fill(QVBoxLayout(), items, gap, margins)


def _fill(layout: QBoxLayout, items: tuple[Item, ...], gap: int, margins: Margins) -> QWidget:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    for item in items:
        _add(layout, item)
    holder = QWidget()
    holder.setLayout(layout)
    return holder


def _add(layout: QBoxLayout, item: Item) -> None:
    match item:
        case None:
            layout.addStretch(1)
        case int():
            layout.addSpacing(item)
        case QWidget():
            layout.addWidget(item)
        case (widget, Qt.AlignmentFlag() as alignment):  # first: a flag also passes for a number
            layout.addWidget(widget, alignment=alignment)
        case (widget, stretch):
            layout.addWidget(widget, stretch=stretch)


def boxed(kind: str, content: QWidget) -> QFrame:
    """Return the content on a soft, good, warn, bad, line or field surface."""
    frame = QFrame()
    frame.setProperty("box", kind)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(content)
    return frame


def surface(widget: QWidget, name: str) -> QWidget:
    """Give a widget the colour of "page", "rail" or "raised", or "clear" for none; return it."""
    widget.setProperty("surface", name)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return widget


def hide_below(widget: QWidget, width: int) -> QWidget:
    """Leave the widget out where the window is narrower than this; return it.

    Its visibility then belongs to `Frame`: what comes and goes for other reasons goes inside.
    """
    widget.setProperty("hide_below", width)
    _yielding.add(widget)
    return widget


def stack_below(widget: QWidget, width: int) -> QWidget:
    """Put a row's parts below one another where the window is narrower than this; return it."""
    widget.setProperty("stack_below", width)
    _yielding.add(widget)
    return widget


def clip(content: QWidget) -> QScrollArea:
    """Return the content in a scroll area without a frame; it scrolls only downwards."""
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def step_body(*items: Item, gap: int = S2, most: int = 1240) -> QWidget:
    """Return the work of a step with its margins, anchored left and at most `most` wide."""
    inner = column(*items, gap=gap, margins=(S4, 12, S4, S2))
    inner.setMaximumWidth(most)
    return row((inner, most), (QWidget(), 1), gap=0)


def tabbed_body(title: QWidget, tabs: QWidget, *below: Item, gap: int, inset: int) -> QWidget:
    """Return the work of a step whose tabs' words begin where its title does.

    Args:
        title: what stands above the tabs.
        tabs: the row of tabs.
        below: as `row` takes them.
        gap: pixels between all parts.
        inset: pixels that a tab keeps beside its word.
    """
    above = column(title, margins=(S4, 12, S4, gap))
    lines = row((tabs, 1), margins=(S4 - inset, 0, S4, 0))
    return column(above, lines, (column(*below, gap=gap, margins=(S4, 0, S4, S2)), 1), gap=0)


class Frame(QWidget):
    """The window's content: it hides and stacks what yields to a narrow window."""

    def __init__(self, *items: QWidget) -> None:
        """Put the items one below another; the first takes the room there is."""
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for i, item in enumerate(items):
            layout.addWidget(item, 1 if i == 0 else 0)
        self.setMinimumSize(*WINDOW_MINIMUM)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a screen was added
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        for widget in list(_yielding):
            if isValid(widget) and self.isAncestorOf(widget):
                _fit_to(widget, self.width())


def _fit_to(widget: QWidget, width: int) -> None:
    limit = widget.property("hide_below")
    if limit is not None and widget.isHidden() == (width >= limit):
        widget.setVisible(width >= limit)
    limit, layout = widget.property("stack_below"), widget.layout()
    if limit is not None and isinstance(layout, QBoxLayout):
        directions = QBoxLayout.Direction
        layout.setDirection(directions.LeftToRight if width >= limit else directions.TopToBottom)


class Hairline(QWidget):
    """A line of one logical pixel, drawn aligned; QFrame's lines are two grey pixels."""

    def __init__(self, *, vertical: bool = False) -> None:
        """Lie, or stand where `vertical`."""
        super().__init__()
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("hairline"))
