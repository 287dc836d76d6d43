"""The rows of the start screen: an app that was open before, a sample to try."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy
from typing_extensions import override

from core.i18n import _
from core.operations.create_sample import Sample
from desktop.screens.start.recent import RecentApp
from desktop.theme.icons import pixmap
from desktop.theme.tokens import RADIUS_SMALL, colour, is_dark
from desktop.widgets.layout import CENTRE, RIGHT
from desktop.widgets.painted import NO_PEN, paint_ring, painter_of, put, put_text, text_width
from desktop.widgets.text import tip
from desktop.widgets.wording import concepts, texts

HEIGHT, TILE = 65, 40
WORDS_X = TILE + 14.0
ARROW = 16


class StartRow(QAbstractButton):
    """Two lines on the left, words on the right, a hairline below; pressed anywhere, it opens."""

    def __init__(self, name: str, note: str, height: int = HEIGHT) -> None:
        """Be a row of this name and note."""
        super().__init__()
        self.name, self.note = name, note
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{name}. {note}")

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def paint_words(self, painter: QPainter, x: float, room: float, tone: str = "ink") -> None:
        """Draw name and note, shortened to the room there is."""
        middle = (self.height() - 1) / 2
        name, note = QRectF(x, middle - 22, room, 22), QRectF(x, middle + 1, room, 20)
        put_text(painter, name, self.name, "strong", tone)
        put_text(painter, note, self.note, "small", "ink_3")

    def begin(self) -> QPainter:
        """Return a painter with the ground drawn."""
        painter = painter_of(self)
        if self.underMouse() and self.isEnabled():
            painter.setPen(NO_PEN)
            painter.setBrush(colour("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), RADIUS_SMALL, RADIUS_SMALL)
        line = QRectF(0, self.height() - 1, self.width(), 1)
        painter.fillRect(line, colour("hairline"))
        return painter

    def end(self, painter: QPainter) -> None:
        """Draw the focus over everything."""
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=RADIUS_SMALL)


class RecentRow(StartRow):
    """An app that was open before, with how its best model does; greyed if it cannot be read."""

    def __init__(self, app: RecentApp, number: int) -> None:
        """Show the app; `number` colours its tile."""
        super().__init__(app.name, app.problem or app.content)
        self.app = app
        self._number = number
        self.setEnabled(not app.problem)
        state = ", ".join(words for words in (app.state, app.when) if words)
        self.setAccessibleName(f"{app.name}. {self.note}. {state}")
        self.setToolTip(tip(app.problem or str(app.path)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin()
        tone = "ink" if self.isEnabled() else "ink_3"
        self._paint_tile(painter, tone)
        words = (self.app.state, self.app.when)
        taken = max(text_width(line, "small") for line in words)
        room = self.width() - WORDS_X - (taken + 24 if taken else 0)
        self.paint_words(painter, WORDS_X, room, tone)
        middle, x = (self.height() - 1) / 2, self.width() - taken - 2
        for line, top, tone in zip(
            words, (middle - 22, middle + 1), ("ink_2", "ink_3"), strict=True
        ):
            put(painter, QRectF(x, top, taken + 2, 21), line, "small", tone, RIGHT)
        self.end(painter)

    def _paint_tile(self, painter: QPainter, tone: str) -> None:
        tile = QRectF(0, (self.height() - 1 - TILE) / 2, TILE, TILE)
        painter.setPen(NO_PEN)
        tint = colour(f"concept:{self._number}", 0.24 if is_dark() else 0.14)
        painter.setBrush(tint if self.isEnabled() else colour("rail"))
        painter.drawRoundedRect(tile, 9, 9)
        put(painter, tile, self.name[:1].upper(), "heading", tone, CENTRE)


class SampleRow(StartRow):
    """A sample that becomes an app of its own."""

    def __init__(self, sample: Sample) -> None:
        """Show how large the sample is; what it is about stands in its tooltip."""
        holds = _("each with an answer") if sample.n_targets else concepts(sample.n_concepts)
        size = f"{texts(sample.n_texts)}, {holds}"
        super().__init__(_(sample.title), size, HEIGHT - 4)
        self.sample = sample
        self.setAccessibleName(f"{self.name}. {size}. {_(sample.description)}")
        self.setToolTip(tip(_(sample.description)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin()
        self.paint_words(painter, 0, self.width() - ARROW - 24)
        arrow = pixmap("arrow-right", "accent_text", ARROW, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(self.width() - ARROW, (self.height() - 1 - ARROW) / 2), arrow)
        self.end(painter)
