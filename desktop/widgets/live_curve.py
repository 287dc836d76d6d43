"""The score while training: each candidate as a dot, the best so far as a line."""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QHelpEvent,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from core.i18n import _
from core.jobs import Trial
from desktop.theme.tokens import colour
from desktop.widgets.layout import CENTRE, H_CENTRE, RIGHT
from desktop.widgets.painted import NO_PEN, painter_of, put, text_width
from desktop.widgets.text import tip
from desktop.widgets.wording import number, percent, percent_aloud

LEFT_SPACE, TOP_SPACE, RIGHT_SPACE, BOTTOM_SPACE = 44, 30, 20, 46
FEWEST = 6  # room is kept for this many candidates
N_TICKS, DOT, LAST_DOT, REACH = 5, 2.5, 6.0, 12


def scale_of(scores: Sequence[float]) -> tuple[float, float]:
    """Return the ends of the scale: the top is 100 %, the bottom a ten below the worst score."""
    worst = min(scores, default=0.5)
    return max(0.0, math.floor(worst * 10 - 1e-9) / 10), 1.0


class LiveCurve(QWidget):
    """A calm line that only rises; the part still to come stays empty."""

    def __init__(self, unit: str = "") -> None:
        """Wait for the first score; `unit` names what is counted along the bottom."""
        super().__init__()
        self._unit = unit or _("Candidates tried")
        self._total = 0
        self.trials: list[Trial] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(210)
        self._tell()

    def set_trials(self, trials: Sequence[Trial], total: int = 0) -> None:
        """Show these candidates; `total` is how many there will be, if that is known."""
        self.trials, self._total = list(trials), total
        self._tell()
        self.update()

    def add_trial(self, trial: Trial) -> None:
        """Add the newest candidate."""
        self.set_trials([*self.trials, trial], self._total)

    @property
    def best(self) -> list[float]:
        """The best score so far, after each candidate."""
        return list(accumulate((trial.score for trial in self.trials), max))

    def _tell(self) -> None:
        if self.trials:
            words = _("{count} tried, best {score}")
            score = percent_aloud(self.best[-1])
            self.setAccessibleName(words.format(count=number(len(self.trials)), score=score))
        else:
            self.setAccessibleName(_("No score yet"))

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, 300)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            if trial := self.trial_at(event.pos().x()):
                words = f"{trial.name}\n{percent(trial.score)}"
                QToolTip.showText(event.globalPos(), tip(words), self)
            return True
        return super().event(event)

    def trial_at(self, x: float) -> Trial | None:
        """Return the candidate that is drawn near this place, or None."""
        near = [i for i in range(len(self.trials)) if abs(self._x(i + 1) - x) <= REACH]
        return self.trials[min(near, key=lambda i: abs(self._x(i + 1) - x))] if near else None

    def _area(self) -> QRectF:
        height = self.height() - TOP_SPACE - BOTTOM_SPACE
        return QRectF(LEFT_SPACE, TOP_SPACE, self.width() - LEFT_SPACE - RIGHT_SPACE, height)

    def _length(self) -> int:
        """Return how many candidates the scale has room for."""
        return max(self._total, FEWEST, math.ceil((len(self.trials) + 1) / FEWEST) * FEWEST)

    def _x(self, place: int) -> float:
        area = self._area()
        return area.x() + area.width() * place / self._length()

    def _y(self, score: float) -> float:
        low, high = scale_of([trial.score for trial in self.trials])
        area = self._area()
        return area.bottom() - area.height() * (score - low) / (high - low)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        self._paint_scales(painter)
        if not self.trials:
            words = _("The first score comes in a moment")
            put(painter, self._area(), words, "small", "ink_3", H_CENTRE)
            return
        points = [QPointF(self._x(i), self._y(best)) for i, best in enumerate(self.best, start=1)]
        self._paint_line(painter, points)
        self._paint_dots(painter)
        self._paint_last(painter, points[-1])

    def _paint_scales(self, painter: QPainter) -> None:
        area = self._area()
        low, high = scale_of([trial.score for trial in self.trials])
        step = 0.1 if high - low <= 0.5 else 0.2  # noqa: PLR2004  # at most six lines
        for i in range(round((high - low) / step) + 1):
            y = self._y(high - i * step)
            painter.fillRect(QRectF(area.x(), y, area.width(), 1), colour("hairline"))
            label = QRectF(0, y - 9, LEFT_SPACE - 8, 18)
            put(painter, label, percent(high - i * step, 0), align=RIGHT)
        step_x = max(1, math.ceil(self._length() / N_TICKS))
        for place in range(0, self._length() + 1, step_x):
            label = QRectF(self._x(place) - 30, area.bottom() + 6, 60, 18)
            put(painter, label, number(place), align=H_CENTRE)
        unit = QRectF(area.x(), area.bottom() + 26, area.width(), 18)
        put(painter, unit, self._unit, align=H_CENTRE)

    def _paint_line(self, painter: QPainter, points: list[QPointF]) -> None:
        line = QPainterPath(points[0])
        for before, point in pairwise(points):  # a step: nothing is invented
            line.lineTo(point.x(), before.y())
            line.lineTo(point)
        area, fill = self._area(), QPainterPath(line)
        fill.lineTo(points[-1].x(), area.bottom())
        fill.lineTo(points[0].x(), area.bottom())
        shade = QLinearGradient(0, area.top(), 0, area.bottom())
        shade.setColorAt(0, colour("accent", 0.16))
        shade.setColorAt(1, colour("accent", 0.0))
        painter.fillPath(fill, shade)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(colour("accent"), 2.25, Qt.PenStyle.SolidLine, cap, join))
        painter.drawPath(line)

    def _paint_dots(self, painter: QPainter) -> None:
        painter.setPen(NO_PEN)
        painter.setBrush(colour("outline"))
        for i, trial in enumerate(self.trials, start=1):
            painter.drawEllipse(QPointF(self._x(i), self._y(trial.score)), DOT, DOT)

    def _paint_last(self, painter: QPainter, point: QPointF) -> None:
        painter.setPen(QPen(colour("page"), 2))
        painter.setBrush(colour("accent"))
        painter.drawEllipse(point, LAST_DOT, LAST_DOT)
        words = percent(self.best[-1])
        width = text_width(words, "caption_strong") + 16
        x = min(point.x() - width / 2, self.width() - width)
        label = QRectF(x, point.y() - 34, width, 22)
        painter.setPen(NO_PEN)
        painter.setBrush(colour("ink"))
        painter.drawRoundedRect(label, 5, 5)
        put(painter, label, words, "caption_strong", "page", CENTRE)
