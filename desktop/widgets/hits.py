"""Search hits in a text: a tint and a line under the words that were looked for."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QTextLine,
)
from PySide6.QtWidgets import QTextEdit

from core.storage.search import hits_in
from desktop.theme.tokens import colour, font
from desktop.widgets.painted import reading_direction, shortened

SEARCHED_CHARS = 4_000  # of a text in the list; what is hit later is seen beside it
SEARCHED_WHOLE = 100_000
BEFORE_HIT = 24  # characters that are shown before the first hit of a long text
TINT, LINE_HEIGHT = 0.20, 2.0
ELLIPSIS = "…"

Hits = Sequence[tuple[int, int]]


def around_hit(
    text: str, hits: Hits, width: float, role: str = "body"
) -> tuple[str, list[tuple[int, int]]]:
    """Return what a line shows of a text, and where the hits are in it.

    A line that would end before the first hit begins a few words before it.
    """
    line = text[:SEARCHED_CHARS].replace("\n", " ")
    shown = shortened_end(line, width, role)
    start = 0
    if hits and hits[0][1] > len(shown) - 1 and shown != line:
        start = max(0, hits[0][0] - BEFORE_HIT)
        start = line.find(" ", start, hits[0][0]) + 1 or start
        shown = shortened_end(ELLIPSIS + line[start:], width, role)
        start -= len(ELLIPSIS)
    end = len(shown) - (shown[-1:] == ELLIPSIS)
    return shown, [
        (first - start, min(last - start, end))
        for first, last in hits
        if start <= first < start + end
    ]


def shortened_end(line: str, width: float, role: str = "body") -> str:
    """Return a line shortened at its end."""
    return shortened(line, role, width, Qt.TextElideMode.ElideRight)


def paint_hits(
    painter: QPainter,
    area: QRectF,
    text: str,
    hits: Hits,
    look: tuple[str, str] = ("body", "ink"),
) -> None:
    """Draw a line of a text with its hits, in the text's own direction; `look` is type and tone."""
    role, tone = look
    shown, marks = around_hit(text, hits, area.width(), role)
    layout = QTextLayout(shown, font(role))
    layout.setTextOption(reading_direction(text))
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(area.width())
    layout.endLayout()
    height = QFontMetricsF(font(role)).height()
    top = area.y() + (area.height() - height) / 2
    for first, last in marks:
        x, end = (_x_of(line, utf16(shown, place)) for place in (first, last))
        ground = QRectF(area.x() + min(x, end) - 1, top - 1, abs(end - x) + 2, height + 3)
        painter.fillRect(ground, colour("accent", TINT))
        ground.setTop(ground.bottom() - LINE_HEIGHT)
        painter.fillRect(ground, colour("accent"))
    painter.setPen(colour(tone))
    layout.draw(painter, QPointF(area.x(), top))


def mark_hits(edit: QTextEdit, typed: str) -> None:
    """Mark the hits in a text to read."""
    text = edit.toPlainText()
    marks = []
    for first, last in hits_in(text[:SEARCHED_WHOLE], typed) if typed else ():
        mark = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setBackground(colour("accent", TINT))
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        look.setUnderlineColor(colour("accent"))
        mark.format = look
        cursor = QTextCursor(edit.document())
        cursor.setPosition(utf16(text, first))
        cursor.setPosition(utf16(text, last), QTextCursor.MoveMode.KeepAnchor)
        mark.cursor = cursor
        marks.append(mark)
    edit.setExtraSelections(marks)


def utf16(text: str, place: int) -> int:
    """Return a place in a text as Qt counts it: an emoji is two."""
    return place + sum(letter > "\uffff" for letter in text[:place])


def _x_of(line: QTextLine, place: int) -> float:
    x, _place = cast("tuple[float, int]", line.cursorToX(place))
    return x
