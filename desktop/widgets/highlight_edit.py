"""Text to type, with marked words; text to read, fading where it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPen,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextLine,
)
from typing_extensions import override

from desktop.theme.tokens import LINE, colour, font
from desktop.widgets.long_edit import LongEdit
from desktop.widgets.painted import NO_PEN, painter_of

FADE = 56  # pixels
WEAKEST, TINT = 0.12, 0.16
PROPORTIONAL = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value


@dataclass(frozen=True)
class TextMark:
    """Some letters of a text, and how much they spoke for the answer, in [0, 1]."""

    start: int
    length: int
    weight: float


def _x_of(line: QTextLine, place: int) -> float:
    x, _place = cast("tuple[float, int]", line.cursorToX(place))
    return x


class _SpacedEdit(LongEdit):
    """Plain text in a role, with the role's line height."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role
        self.setFont(font(role))
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.set_value("")

    def value(self) -> str:
        """Return the text."""
        return self.toPlainText()

    def set_value(self, value: str) -> None:
        """Show another text; it cannot be undone."""
        self.setPlainText(value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        spaced = QTextBlockFormat()
        spaced.setLineHeight(LINE.get(self._role, LINE["body"]), PROPORTIONAL)
        cursor.mergeBlockFormat(spaced)
        self.document().clearUndoRedoStacks()


class MarkedEdit(_SpacedEdit):
    """A text of which some words are marked; those of a concept have its tint and its line."""

    def __init__(self, role: str) -> None:
        """Mark nothing."""
        super().__init__(role)
        self.marks: list[TextMark] = []
        self._number, self._is_sure = 0, True

    def set_marks(self, marks: Sequence[TextMark], number: int, *, is_sure: bool = True) -> None:
        """Mark words in a concept's colour, or grey if unsure; a thicker line means more."""
        self.marks, self._number, self._is_sure = list(marks), number, is_sure
        self.viewport().update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self.viewport())
        block = self.document().begin()
        while block.isValid():
            for mark in self.marks:
                self._paint_mark(painter, block, mark)
            block = block.next()
        painter.end()
        super().paintEvent(event)

    def _paint_mark(self, painter: QPainter, block: QTextBlock, mark: TextMark) -> None:
        start = mark.start - block.position()
        layout = block.layout()
        origin = self.document().documentLayout().blockBoundingRect(block).topLeft()
        origin -= type(origin)(0, self.verticalScrollBar().value())
        for i in range(layout.lineCount()):
            line = layout.lineAt(i)
            first = max(start, line.textStart())
            last = min(start + mark.length, line.textStart() + line.textLength())
            if first < last:
                written = line.naturalTextRect()  # without the space at which a line breaks
                x, end = (_x_of(line, place) for place in (first, last))
                x, end = max(min(x, end), written.left()), min(max(x, end), written.right())
                base = origin.y() + line.y() + line.ascent()
                height = self.fontMetrics().height()
                area = QRectF(
                    origin.x() + x - 2,
                    base - self.fontMetrics().ascent() - 1,
                    end - x + 4,
                    height + 4,
                )
                paint_marked(painter, area, self._number, mark.weight, is_sure=self._is_sure)


def paint_marked(
    painter: QPainter, area: QRectF, number: int, weight: float, *, is_sure: bool = True
) -> None:
    """Draw the ground of marked words: a tint, and a line as thick as the weight in [0, 1].

    What is unsure is grey and its line is dashed, as some concepts are nearly grey themselves.
    """
    role, thick = f"concept:{number}" if is_sure else "outline", 1 + 2 * weight
    painter.setPen(NO_PEN)
    painter.setBrush(colour(role, WEAKEST + TINT * weight))
    painter.drawRoundedRect(area, 3, 3)
    y = area.bottom() - thick / 2
    style = Qt.PenStyle.SolidLine if is_sure else Qt.PenStyle.DashLine
    painter.setPen(QPen(colour(role), thick, style, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))


class HighlightEdit(MarkedEdit):
    """A field for a text; its marks go when it changes."""

    def __init__(self, placeholder: str = "", role: str = "reading") -> None:
        """Be empty; the placeholder says what to type."""
        super().__init__(role)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.textChanged.connect(self._forget)

    def _forget(self) -> None:
        self.set_marks((), 0)


class ReadingText(MarkedEdit):
    """A text to read, any length and script; it fades where it goes on below."""

    def __init__(self, value: str = "", role: str = "body", *, name: str = "") -> None:
        """Show a text; `name` says what it is, for screen readers."""
        super().__init__(role)
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.set_value(value)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        bar, area = self.verticalScrollBar(), self.viewport().rect()
        if bar.value() < bar.maximum():
            shade = QLinearGradient(0, area.bottom() - FADE, 0, area.bottom())
            shade.setColorAt(0, colour("page", 0))
            shade.setColorAt(1, colour("page"))
            painter = QPainter(self.viewport())
            painter.fillRect(area.adjusted(0, area.height() - FADE, 0, 0), shade)
