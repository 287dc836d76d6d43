"""The versions of a dataset over time: how many texts, and how many of them labelled."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import DatasetVersion
from desktop.theme.tokens import colour
from desktop.widgets.layout import H_CENTRE, RIGHT
from desktop.widgets.painted import NO_PEN, painter_of, put, text_width
from desktop.widgets.text import tip
from desktop.widgets.wording import moment_within, number

LEFT_SPACE, TOP_SPACE, RIGHT_SPACE, BOTTOM_SPACE = 76, 30, 24, 30
HEIGHT, DOT, LABEL_WIDTH = 190, 3.5, 64
FEWEST_TO_DRAW = 2
LINES = (("n_inputs", "ink_3"), ("n_labelled", "accent"))


def scale_top(most: int) -> int:
    """Return a round even number that is at least `most`, so that its half can be told too."""
    power = int(10 ** math.floor(math.log10(max(most, 1))))
    steps = (1, 2, 4, 6, 10)
    return max(2, next(step * power for step in steps if step * power >= most))


class VersionsChart(QWidget):
    """Two lines, one dot per version, oldest on the left."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.versions: list[DatasetVersion] = []
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_versions(self, newest_first: Sequence[DatasetVersion]) -> None:
        """Show these; one alone makes no line, and the chart goes."""
        self.versions = list(reversed(newest_first))
        self.setVisible(len(self.versions) >= FEWEST_TO_DRAW)
        self.setAccessibleName(". ".join(map(spoken, self.versions)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            near = min(self.versions, key=lambda v: abs(self._x(v) - event.pos().x()), default=None)
            if near:
                QToolTip.showText(event.globalPos(), tip(spoken(near)), self)
            return True
        return super().event(event)

    def _area(self) -> QRectF:
        width = self.width() - LEFT_SPACE - RIGHT_SPACE
        return QRectF(LEFT_SPACE, TOP_SPACE, width, HEIGHT - TOP_SPACE - BOTTOM_SPACE)

    def _x(self, version: DatasetVersion) -> float:
        area, place = self._area(), self.versions.index(version)
        return area.x() + area.width() * place / max(1, len(self.versions) - 1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = painter_of(self), self._area()
        top = scale_top(max((version.n_inputs for version in self.versions), default=1))
        for part in (0, 1, 2):
            y = area.bottom() - area.height() * part / 2
            painter.fillRect(QRectF(area.x(), y, area.width(), 1), colour("hairline"))
            label = QRectF(0, y - 9, LEFT_SPACE - 10, 18)
            put(painter, label, number(round(top * part / 2)), align=RIGHT)
        for name, tone in LINES:
            points = [
                QPointF(self._x(v), area.bottom() - area.height() * getattr(v, name) / top)
                for v in self.versions
            ]
            _paint_line(painter, points, tone)
        self._paint_legend(painter)
        self._paint_numbers(painter)

    def _paint_legend(self, painter: QPainter) -> None:
        x = float(LEFT_SPACE)
        for words, (_name, tone) in zip((_("Texts"), _("With a label")), LINES, strict=True):
            painter.setPen(QPen(colour(tone), 2.25))
            painter.drawLine(QPointF(x, 9), QPointF(x + 16, 9))
            put(painter, QRectF(x + 22, 0, 200, 18), words, tone="ink_2")
            x += 22 + text_width(words, "caption") + 24

    def _paint_numbers(self, painter: QPainter) -> None:
        """Name as many versions below the line as there is room for, always the newest."""
        area = self._area()
        step = math.ceil(len(self.versions) * LABEL_WIDTH / max(area.width(), 1))
        for version in self.versions[::-1][::step]:
            label = QRectF(self._x(version) - 40, area.bottom() + 8, 80, 18)
            put(painter, label, number(version.number), align=H_CENTRE)
        put(painter, QRectF(0, area.bottom() + 8, LEFT_SPACE - 10, 18), _("Version"), align=RIGHT)


def _paint_line(painter: QPainter, points: Sequence[QPointF], tone: str) -> None:
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(colour(tone), 2.25, Qt.PenStyle.SolidLine, cap, join))
    painter.drawPolyline(points)
    painter.setPen(NO_PEN)
    painter.setBrush(colour(tone))
    for point in points:
        painter.drawEllipse(point, DOT, DOT)


def spoken(version: DatasetVersion) -> str:
    """Return a version in words."""
    words = _("Version {n}, {moment}: {texts} texts, {labelled} with a label")
    return words.format(
        n=version.number,
        moment=moment_within(version.created),
        texts=number(version.n_inputs),
        labelled=number(version.n_labelled),
    )
