"""What a model thinks a text is about: mark, name, bar and per cent, the likeliest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.tokens import RADIUS_SMALL, colour
from desktop.widgets.bars import THICK, paint_bar
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.highlight_edit import paint_marked
from desktop.widgets.layout import RIGHT
from desktop.widgets.painted import paint_ring, painter_of, put, put_text, text_width
from desktop.widgets.text import tip
from desktop.widgets.wording import percent, percent_aloud

STEP = 46  # pixels from answer to answer
NAME_X, NUMBER_WIDTH = 22.0, 96.0
STALE = 0.6  # opacity of the old answer until the new one comes


@dataclass(frozen=True)
class Answer:
    """A concept with its number and the probability, in [0, 1], that the text is about it.

    Attributes:
        counts_from: the probability from which on it counts; None for that of all.
    """

    name: str
    number: int
    probability: float
    counts_from: float | None = None


class ProbabilityBars(QWidget):
    """Bars for the answers; a line shows from where an answer counts.

    Attributes:
        marked: the name of the answer whose words are marked in the text, or "".
    """

    chosen = Signal(str)  # the name of an answer

    def __init__(self, answers: Sequence[Answer] = (), *, threshold: float = 0.5) -> None:
        """Show the answers in the given order."""
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._is_stale = False
        self.marked = ""
        self.set_answers(answers, threshold)

    def set_answers(self, answers: Sequence[Answer], threshold: float) -> None:
        """Show other answers; a threshold of 0 has no line."""
        self.answers, self.threshold = list(answers), threshold
        told = [f"{one.name}, {percent_aloud(one.probability)}" for one in self.answers]
        self.setAccessibleName("; ".join(told) or _("No answer yet"))
        self._is_stale = False
        self.updateGeometry()
        self.update()

    def set_marked(self, name: str) -> None:
        """Mark an answer as the text's words are marked for it; "" marks none."""
        self.marked = name
        words = _("Marked in the text: {concept}").format(concept=name)
        self.setAccessibleDescription(words if name else "")
        self.update()

    def set_stale(self, *, is_stale: bool) -> None:
        """Fade the answers while a newer one is on its way; nothing jumps."""
        self._is_stale = is_stale
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(304, len(self.answers) * STEP)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, len(self.answers) * STEP)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = event.pos().y() // STEP
            if 0 <= place < len(self.answers):
                one = self.answers[place]
                words = f"{one.name}\n{percent(one.probability)}\n{_('Press to mark its words')}"
                QToolTip.showText(event.globalPos(), tip(words), self)
                return True
        return super().event(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y()) // STEP
        if self.rect().contains(event.position().toPoint()) and place < len(self.answers):
            self.chosen.emit(self.answers[place].name)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = [one.name for one in self.answers]
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or not names:
            super().keyPressEvent(event)
            return
        place = names.index(self.marked) + step if self.marked in names else 0
        if 0 <= place < len(names):
            self.chosen.emit(names[place])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setOpacity(STALE if self._is_stale else 1.0)
        for i, answer in enumerate(self.answers):
            self._paint_answer(painter, answer, i)

    def _paint_answer(self, painter: QPainter, answer: Answer, place: int) -> None:
        y, width = place * STEP, self.width()
        limit = self.threshold if answer.counts_from is None else answer.counts_from
        is_rival = self.threshold > 0 or place == 0  # without a common one only the first counts
        counts = is_rival and answer.probability >= limit
        role, tone = ("strong", "ink") if counts else ("body", "ink_2")
        paint_mark(painter, 1, y + 12, answer.number, 10)
        middle = Qt.TextElideMode.ElideMiddle
        room = QRectF(NAME_X, y, width - NAME_X - NUMBER_WIDTH, 24)
        if answer.name == self.marked:
            self._paint_marked(painter, room, answer, role)
        put_text(painter, room, answer.name, role, tone, middle)
        right = QRectF(width - NUMBER_WIDTH, y, NUMBER_WIDTH, 24)
        put(painter, right, percent(answer.probability), role, tone, RIGHT)
        track = QRectF(NAME_X, y + 27, width - NAME_X, THICK)
        bar = f"concept:{answer.number}" if counts else "outline"
        paint_bar(painter, track, answer.probability, bar)
        if limit:
            x = NAME_X + track.width() * limit
            painter.fillRect(QRectF(x, track.y() - 4, 1, THICK + 8), colour("ink_2"))

    def _paint_marked(self, painter: QPainter, room: QRectF, answer: Answer, role: str) -> None:
        width = min(text_width(answer.name, role), room.width())
        area = QRectF(room.x() - 3, room.y() + 1, width + 6, room.height() - 2)
        paint_marked(painter, area, answer.number, 0.5)
        if self.hasFocus():
            paint_ring(painter, area.adjusted(-3, -1, 3, 2), radius=RADIUS_SMALL)
