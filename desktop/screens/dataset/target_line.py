"""A text over its target: two lines of one row in the list."""

from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from core.i18n import _
from core.records import Input
from core.storage.search import hits_in
from desktop.theme.icons import pixmap
from desktop.widgets.hits import SEARCHED_CHARS, Hits, paint_hits
from desktop.widgets.painted import put_text

ARROW, ARROW_ROOM = 13, 20  # pixels
EDGE = 5  # above the first line and below the second
LOOK = ("small", "ink_2")


class TargetLine(NamedTuple):
    """The second line of a row; no words where there is no target."""

    words: str
    hits: Hits = ()


def target_line(shown: Input, searched: str) -> TargetLine:
    """Return what the second line says."""
    words = shown.target[:SEARCHED_CHARS]
    return TargetLine(words, hits_in(words, searched) if searched else ())


def paint_two_lines(
    painter: QPainter, area: QRectF, text: str, hits: Hits, below: TargetLine
) -> None:
    """Draw a text, and under it the arrow and the target, or that there is none."""
    half = area.height() / 2
    upper = area.adjusted(0, EDGE, 0, -half)
    lower = area.adjusted(ARROW_ROOM, half, 0, -EDGE)
    _paint(painter, upper, text, hits, ("body", "ink"))
    top = round(lower.center().y() - ARROW / 2)
    painter.drawPixmap(round(area.x()), top, pixmap("arrow-right", "ink_3", ARROW))
    if below.words:
        _paint(painter, lower, below.words, below.hits, LOOK)
    else:
        put_text(painter, lower, _("No answer yet"), "small", "ink_3")


def _paint(painter: QPainter, area: QRectF, words: str, hits: Hits, look: tuple[str, str]) -> None:
    if hits:
        paint_hits(painter, area, words, hits, look)
    else:
        put_text(painter, area, words, *look)
