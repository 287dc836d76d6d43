"""What painted widgets share: an even painter, words in a role, the focus ring."""

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPaintDevice, QPainter, QPen, QTextOption
from PySide6.QtWidgets import QWidget

from core.charts.scene import is_right_to_left
from desktop.theme.tokens import RADIUS, colour, font
from desktop.widgets.layout import LEFT, V_CENTRE

RING = 2.0

NO_PEN, NO_BRUSH = Qt.PenStyle.NoPen, Qt.BrushStyle.NoBrush


def painter_of(device: QPaintDevice) -> QPainter:
    """Return a painter with smooth edges."""
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def reading_direction(
    value: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
) -> QTextOption:
    """Return the option that sets a text on one line in the direction of its own letters.

    What is shortened in the middle is a name: in any script it stays beside its mark on the left.
    """
    option = QTextOption()
    directions = Qt.LayoutDirection
    rtl = is_right_to_left(value)
    option.setTextDirection(directions.RightToLeft if rtl else directions.LeftToRight)
    is_name = mode == Qt.TextElideMode.ElideMiddle
    side = LEFT | Qt.AlignmentFlag.AlignAbsolute if is_name else LEFT  # LEFT alone is "leading"
    option.setAlignment(side | V_CENTRE)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    return option


def put(
    painter: QPainter,
    area: QRectF,
    value: str,
    role: str = "caption",
    tone: str = "ink_3",
    align: Qt.AlignmentFlag = LEFT,
) -> None:
    """Write one line of ours into the area, in the middle of its height."""
    painter.setFont(font(role))
    painter.setPen(colour(tone))
    painter.drawText(area, align | V_CENTRE, value)


def put_text(
    painter: QPainter,
    area: QRectF,
    value: str,
    role: str = "body",
    tone: str = "ink",
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """Write one line of somebody's text: in its own direction, shortened to the area."""
    painter.setFont(font(role))
    painter.setPen(colour(tone))
    shown = shortened(value, role, area.width(), mode)
    painter.drawText(area, shown, reading_direction(value, mode))


def shortened(
    value: str,
    role: str,
    width: float,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
) -> str:
    """Return the value as it fits into `width` pixels; concept names differ at the end."""
    line = value[:1000].replace("\n", " ")  # a line never shows more, and some texts are huge
    return QFontMetricsF(font(role)).elidedText(line, mode, max(0.0, width))


def text_width(value: str, role: str) -> float:
    """Return how many pixels a line takes."""
    return QFontMetricsF(font(role)).horizontalAdvance(value)


def paint_ring(
    painter: QPainter, area: QRect | QRectF, *, radius: float = RADIUS, tone: str = "accent_text"
) -> None:
    """Draw the focus ring, two pixels inside the area, so that nothing moves."""
    inset = RING / 2
    painter.setPen(QPen(colour(tone), RING))
    painter.setBrush(NO_BRUSH)
    box = QRectF(area).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(box, radius - inset, radius - inset)


def inside_edge(area: QRect | QRectF) -> QRectF:
    """Return where an edge of one pixel is drawn sharply: half a pixel inside the area."""
    return QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5)


def repaints(event: QEvent) -> bool:
    """Say whether a change event makes a widget look different: theme or being enabled."""
    types = QEvent.Type
    return event.type() in {types.PaletteChange, types.StyleChange, types.EnabledChange}


def polish_again(widget: QWidget) -> None:
    """Let the style sheet look at a changed dynamic property."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
