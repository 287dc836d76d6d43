"""Where nothing is yet: a picture, what to do, a place to drop files, the other ways as rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.theme.icons import pixmap
from desktop.theme.tokens import RADIUS_SMALL, colour
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.icon import Icon
from desktop.widgets.layout import H_CENTRE, Hairline, row
from desktop.widgets.painted import NO_PEN, paint_ring, painter_of, put, put_text
from desktop.widgets.text import text, wrapped

WIDTH, DROP_HEIGHT, WAY_HEIGHT = 600, 88, 64
WORDS_X = 44.0


@dataclass(frozen=True)
class Way:
    """One way to begin: its key, its picture, its name and a sentence."""

    key: str
    icon_name: str
    name: str
    note: str


class SlipsPicture(QWidget):
    """Blank slips of paper, one of them with a marked line."""

    SLIPS = ((-7, 0, 12), (5, 10, 4), (0, 6, 0))  # degrees, x, y
    LINES = (
        (-46, -18, 92, "hairline"),
        (-46, -3, 30, "hairline"),
        (-11, -3, 44, "accent"),
        (-46, 12, 66, "hairline"),
    )

    def __init__(self) -> None:
        """Be 168 by 104 pixels."""
        super().__init__()
        self.setFixedSize(168, 104)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        for turn, x, y in self.SLIPS:
            painter.save()
            painter.translate(78 + x, 48 + y)
            painter.rotate(turn)
            painter.setPen(colour("outline"))
            painter.setBrush(colour("raised"))
            painter.drawRoundedRect(QRectF(-62, -34, 124, 68), 7, 7)
            if turn == 0:
                self._paint_lines(painter)
            painter.restore()

    def _paint_lines(self, painter: QPainter) -> None:
        painter.setPen(NO_PEN)
        for x, y, width, role in self.LINES:
            painter.setBrush(colour(role))
            painter.drawRoundedRect(QRectF(x, y, width, 6), 3, 3)


class WayRow(QAbstractButton):
    """A way to begin as a row that can be pressed anywhere."""

    def __init__(self, way: Way) -> None:
        """Show the way's picture, name and sentence."""
        super().__init__()
        self._way = way
        self.setText(way.name)
        self.setAccessibleName(f"{way.name}. {way.note}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(WAY_HEIGHT)

    @override
    def sizeHint(self) -> QSize:
        return QSize(WIDTH, WAY_HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, ratio, width = painter_of(self), self.devicePixelRatioF(), self.width()
        if self.underMouse() and self.isEnabled():
            painter.setPen(NO_PEN)
            painter.setBrush(colour("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), RADIUS_SMALL, RADIUS_SMALL)
        picture = pixmap(
            self._way.icon_name, "accent_text" if self.isEnabled() else "ink_3", 20, ratio
        )
        painter.drawPixmap(QPointF(10, 12), picture)
        room = width - WORDS_X - 38
        put(
            painter,
            QRectF(WORDS_X, 11, room, 22),
            self._way.name,
            "strong",
            "ink" if self.isEnabled() else "ink_3",
        )
        put_text(
            painter,
            QRectF(WORDS_X, 32, room, 22),
            self._way.note,
            "small",
            "ink_2" if self.isEnabled() else "ink_3",
        )
        chevron = pixmap("chevron-right", "ink_3", 16, ratio)
        painter.drawPixmap(QPointF(width - 26, (WAY_HEIGHT - 16) / 2), chevron)
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=RADIUS_SMALL)


class EmptyState(QWidget):
    """What to do where nothing is yet."""

    dropped = Signal(list)  # of Path
    way_chosen = Signal(str)  # a way's key

    def __init__(self, title: str, lead: str, ways: Sequence[Way], drop_text: str = "") -> None:
        """Offer the ways; without a `drop_text` nothing can be dropped."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part, gap in (
            (row(None, SlipsPicture(), None), 16),
            (text(title, "title", align=H_CENTRE), 4),
            (wrapped(lead, "body", "ink_2", align=H_CENTRE, width=WIDTH), 24),
        ):
            layout.addWidget(part)
            layout.addSpacing(gap)
        if drop_text:
            layout.addWidget(self._drop_zone(drop_text))
            layout.addSpacing(20)
        layout.addWidget(Hairline())
        self.ways = [self._way(way) for way in ways]
        for part in self.ways:
            layout.addWidget(part)
            layout.addWidget(Hairline())

    def _drop_zone(self, words: str) -> DropZone:
        content = row(None, Icon("file-plus-2", "ink_2", 20), text(words), None, gap=10)
        zone = DropZone(content, DROP_HEIGHT)
        zone.dropped.connect(self.dropped)
        return zone

    def _way(self, way: Way) -> WayRow:
        result = WayRow(way)
        result.clicked.connect(lambda: self.way_chosen.emit(way.key))
        return result
