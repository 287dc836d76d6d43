"""What a model thinks a text is about: mark, name, bar and per cent, the likeliest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.tokens import colour
from desktop.widgets.bars import THICK, paint_bar
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.layout import RIGHT
from desktop.widgets.painted import painter_of, put, put_text
from desktop.widgets.text import tip
from desktop.widgets.wording import percent, percent_aloud

STEP = 46  # pixels from answer to answer
NAME_X, NUMBER_WIDTH = 22.0, 96.0
STALE = 0.6  # opacity of the old answer until the new one comes


@dataclass(frozen=True)
class Answer:
    """A concept with its number and the probability, in [0, 1], that the text is about it."""

    name: str
    number: int
    probability: float


class ProbabilityBars(QWidget):
    """Bars for the answers; a line shows from where an answer counts."""

    def __init__(self, answers: Sequence[Answer] = (), *, threshold: float = 0.5) -> None:
        """Show the answers in the given order."""
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._is_stale = False
        self.set_answers(answers, threshold)

    def set_answers(self, answers: Sequence[Answer], threshold: float) -> None:
        """Show other answers; a threshold of 0 has no line."""
        self.answers, self.threshold = list(answers), threshold
        told = [f"{one.name}, {percent_aloud(one.probability)}" for one in self.answers]
        self.setAccessibleName("; ".join(told) or _("No answer yet"))
        self._is_stale = False
        self.updateGeometry()
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
                words = f"{one.name}\n{percent(one.probability)}"
                QToolTip.showText(event.globalPos(), tip(words), self)
                return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setOpacity(STALE if self._is_stale else 1.0)
        for i, answer in enumerate(self.answers):
            self._paint_answer(painter, answer, i)

    def _paint_answer(self, painter: QPainter, answer: Answer, place: int) -> None:
        y, width = place * STEP, self.width()
        counts = answer.probability >= self.threshold if self.threshold else place == 0
        role, tone = ("strong", "ink") if counts else ("body", "ink_2")
        paint_mark(painter, 1, y + 12, answer.number, 10)
        middle = Qt.TextElideMode.ElideMiddle
        room = QRectF(NAME_X, y, width - NAME_X - NUMBER_WIDTH, 24)
        put_text(painter, room, answer.name, role, tone, middle)
        right = QRectF(width - NUMBER_WIDTH, y, NUMBER_WIDTH, 24)
        put(painter, right, percent(answer.probability), role, tone, RIGHT)
        track = QRectF(NAME_X, y + 27, width - NAME_X, THICK)
        bar = f"concept:{answer.number}" if counts else "outline"
        paint_bar(painter, track, answer.probability, bar)
        if self.threshold:
            x = NAME_X + track.width() * self.threshold
            painter.fillRect(QRectF(x, track.y() - 4, 1, THICK + 8), colour("ink_2"))
