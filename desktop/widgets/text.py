"""Text by role: labels, wrapped paragraphs, one line of somebody's text."""

import math
from html import escape

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from core.charts.scene import is_right_to_left
from desktop.theme.tokens import LINE, colour, font
from desktop.widgets.layout import LEFT, TOP, V_CENTRE, Item, column, row
from desktop.widgets.painted import (
    painter_of,
    polish_again,
    reading_direction,
    shortened,
    text_width,
)

MEASURE = 720  # running text is never wider
LONG_TIP = 80  # letters from which a tooltip is broken into lines


class Text(QLabel):
    """A line of ours in a role and a tone of the theme."""

    def __init__(self, value: str, role: str, tone: str) -> None:
        """Show plain text; see `text`."""
        super().__init__()
        self.setFont(font(role))
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(value)

    def set_tone(self, tone: str) -> None:
        """Change the colour's role: ink, ink_2, ink_3, accent_text, good, warn, bad."""
        if tone != self.property("tone"):
            self.setProperty("tone", tone)
            polish_again(self)


class Wrapped(Text):
    """Running text that breaks into lines and is as high as its width makes it."""

    def __init__(self, value: str, role: str, tone: str, *, html: bool = False) -> None:
        """Show text, or markup of ours where `html`; see `wrapped`."""
        self._role, self._is_html, self._value = role, html, ""
        self._measure = MEASURE
        super().__init__("", role, tone)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAlignment(LEFT | TOP)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setText(value)

    @override
    def setText(self, value: str) -> None:
        self._value = value
        shown = value if self._is_html else escape(value).replace("\n", "<br>")
        rtl = ' dir="rtl"' if is_right_to_left(value) else ""
        # QSS has no line height, rich text has
        super().setText(f'<div{rtl} style="line-height:{LINE.get(self._role, 122)}%">{shown}</div>')
        self._fit_height()

    @override
    def text(self) -> str:
        return self._value

    @override
    def sizeHint(self) -> QSize:
        natural = max(text_width(line, self._role) for line in self._value.split("\n"))
        width = min(math.ceil(natural) + 2, self.maximumWidth(), self._measure)
        return QSize(width, self.heightForWidth(width))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(80, self.maximumWidth()), 0)

    def set_measure(self, measure: int) -> None:
        """Break lines at this width in pixels, however much room there is."""
        self._measure = measure
        self._fit_height()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        """Fix the height: nested layouts ask a wrapped label for it too late and cut it."""
        self.setContentsMargins(0, 0, max(0, self.width() - self._measure), 0)
        self.setMinimumHeight(0)  # Qt counts it in, so the label would never get lower again
        height = self.heightForWidth(self.width())
        if height > 0:
            self.setFixedHeight(height)


def text(
    value: str,
    role: str = "body",
    tone: str = "ink",
    *,
    align: Qt.AlignmentFlag = LEFT,
    width: int = 0,
    html: bool = False,
) -> Text:
    """Return a label of one line.

    Args:
        value: shown as it is; never read as markup unless `html`.
        role: one of `TYPE`.
        tone: a role of the theme's inks.
        align: across; it is always in the middle of its height.
        width: fixed, in pixels; 0 means as wide as the text.
        html: the value is markup of ours, with everything foreign in it escaped.
    """
    label = Text(value, role, tone)
    if html:
        label.setTextFormat(Qt.TextFormat.RichText)
    label.setAlignment(align | V_CENTRE)
    if width:
        label.setFixedWidth(width)
    return label


def wrapped(
    value: str,
    role: str = "body",
    tone: str = "ink",
    *,
    align: Qt.AlignmentFlag = LEFT,
    width: int = 0,
    html: bool = False,
) -> Wrapped:
    """Return running text that breaks into lines; see `text` for what the values mean."""
    label = Wrapped(value, role, tone, html=html)
    label.setAlignment(align | TOP)
    if width:
        label.setFixedWidth(width)
    return label


def heading(title: str, lead: str = "", *actions: QWidget) -> QWidget:
    """Return a step's title with its actions on the right and a sentence below."""
    top = row(text(title, "title"), None, *actions, gap=8)
    below: list[Item] = [wrapped(lead, "body", "ink_2")] if lead else []
    return column(top, *below, gap=4)


def tip(value: str) -> str:
    """Return a tooltip that shows the value as it is: Qt would read markup in it otherwise."""
    if len(value) < LONG_TIP and not {"<", "&"} & {*value}:
        return value
    shown = escape(value[:1000]).replace("\n", "<br>")
    return f'<div style="white-space: normal">{shown}</div>'


def worded(value: str, role: int) -> str:
    """Return a cell's words for what Qt asks: as they are, or as a tooltip that shows them so."""
    return tip(value) if role == Qt.ItemDataRole.ToolTipRole else value


class Elided(QWidget):
    """One line of somebody's text: in its own direction, shortened to the room there is."""

    def __init__(
        self, value: str, role: str = "body", tone: str = "ink", *, middle: bool = False
    ) -> None:
        """Shorten at the end, or in the middle, where concept names are alike."""
        super().__init__()
        self._role, self._tone = role, tone
        modes = Qt.TextElideMode
        self._mode = modes.ElideMiddle if middle else modes.ElideRight
        self._height = math.ceil(QFontMetricsF(font(role)).height()) + 2
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(value)

    def setText(self, value: str) -> None:  # noqa: N802  # as every label of Qt
        """Show another text."""
        self._value = value
        self.setAccessibleName(value)
        self._explain()
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """Return the whole text."""
        return self._value

    def set_tone(self, tone: str) -> None:
        """Change the colour's role."""
        self._tone = tone
        self.update()

    def is_elided(self) -> bool:
        """Say whether some of the text is not shown."""
        return self._shown() != self._value

    def _shown(self) -> str:
        return shortened(self._value, self._role, self.width(), self._mode)

    def _explain(self) -> None:
        self.setToolTip(tip(self._value) if self.is_elided() else "")

    @override
    def sizeHint(self) -> QSize:
        return QSize(
            min(math.ceil(text_width(self._value[:400], self._role)) + 1, 400), self._height
        )

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setFont(font(self._role))
        painter.setPen(colour(self._tone if self.isEnabled() else "ink_3"))
        direction = reading_direction(self._value, self._mode)
        painter.drawText(QRectF(self.rect()), self._shown(), direction)
