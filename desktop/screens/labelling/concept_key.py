"""A concept as a key to press: its keys, mark and name, and what was said of it."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Concept
from desktop.screens.labelling.keys import HELD, is_no
from desktop.theme.icons import pixmap
from desktop.theme.tokens import RADIUS, colour
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.key_cap import paint_cap
from desktop.widgets.layout import RIGHT
from desktop.widgets.painted import (
    inside_edge,
    paint_ring,
    painter_of,
    put,
    put_text,
    shortened,
    text_width,
)
from desktop.widgets.text import tip
from desktop.widgets.wording import number, percent, percent_aloud, texts

HEIGHT = 40
PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
SIGN, LIKELY = 28.0, 54.0  # pixels on the right: the tick or cross, or how likely it is
LEAST_LIKELY = 0.01
NEW = 0


@dataclass(frozen=True)
class Face:
    """What a key shows.

    Attributes:
        concept: None for the key that makes a new one.
        keys: what chooses it. n_down: how many of them were typed already.
        said: True for "is", False for "is not", None for nothing.
        likely: how likely a model finds it; None where none was asked.
        is_marked: Enter in the find field chooses it. is_dim: the key typed leads elsewhere.
    """

    concept: Concept | None
    keys: str = ""
    said: bool | None = None
    label: str = ""
    n_down: int = 0
    is_marked: bool = False
    is_dim: bool = False
    likely: float | None = None

    @property
    def shows_likely(self) -> bool:
        """Whether it says how likely a model finds it."""
        return self.said is None and self.likely is not None and self.likely >= LEAST_LIKELY

    @property
    def name(self) -> str:
        """What stands on it."""
        return self.concept.name if self.concept else self.label

    def spoken(self) -> str:
        """Return all of it in words."""
        if self.concept is None:
            return self.label
        said = {True: _("chosen"), False: _("chosen as “is not”"), None: _("not chosen")}
        keys = _("keys {keys}").format(keys=" ".join(self.keys)) if self.keys else _("no keys")
        n_texts = texts(self.concept.n_positive)
        parts = [self.concept.name, keys, said[self.said], n_texts]
        if self.shows_likely:
            parts.append(_("likely to {share}").format(share=percent_aloud(self.likely or 0)))
        return ", ".join(parts)


class ConceptKey(QAbstractButton):
    """A place in the bar; with Shift or Alt held, a click means "is not"."""

    chosen = Signal(int, bool)  # concept, or NEW; whether it is
    looked_at = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.face = Face(None)
        self._is_no = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the text
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self._tell)

    def show_face(self, face: Face) -> None:
        """Show a concept, or the way to make one."""
        if face != self.face:
            self.face = face
            self.setAccessibleName(face.spoken())
            self.setToolTip(tip(face.name))
            self.update()

    @property
    def concept_id(self) -> int:
        """The concept, or NEW."""
        return self.face.concept.id if self.face.concept else NEW

    def _tell(self) -> None:
        self.chosen.emit(self.concept_id, not self._is_no)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_no = bool(event.modifiers() & HELD)
        super().mousePressEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in PRESSES:
            self._is_no = is_no(event)
            self.click()
        else:
            event.ignore()  # the arrow keys, too, belong to the screen

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.looked_at.emit(self.concept_id)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.looked_at.emit(self.concept_id)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.HoverEnter, QEvent.Type.HoverLeave}:
            self.update()
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, face, middle = painter_of(self), self.face, self.height() / 2
        self._paint_ground(painter)
        tone = "ink_3" if face.is_dim else "ink"
        x = self._paint_caps(painter, middle)
        if face.concept:
            painter.setOpacity(0.4 if face.is_dim else 1.0)
            paint_mark(painter, x, middle, face.concept.colour, 10)
            painter.setOpacity(1.0)
            x += 20
        end = self.width() - (LIKELY if face.shows_likely else SIGN) - 4
        self._paint_words(painter, QRectF(x, 0, end - x, self.height()), tone)
        if face.shows_likely:
            beside = QRectF(self.width() - LIKELY, 1, LIKELY - 9, self.height())
            put(painter, beside, percent(face.likely or 0), "caption", "ink_2", RIGHT)
        if face.said is not None:
            sign = pixmap(
                "check" if face.said else "x",
                "accent_text" if face.said else "ink_2",
                18,
                self.devicePixelRatioF(),
            )
            painter.drawPixmap(QPointF(self.width() - SIGN, middle - 9), sign)
        if face.is_marked or self.hasFocus():
            paint_ring(painter, self.rect())

    def _paint_ground(self, painter: QPainter) -> None:
        said = self.face.said
        edge = {True: "accent_text", False: "outline", None: "hairline"}[said]
        if said is None and self.underMouse():
            edge = "outline"
        painter.setPen(QPen(colour(edge), 1))
        painter.setBrush(colour({True: "accent_soft", False: "rail", None: "raised"}[said]))
        painter.drawRoundedRect(inside_edge(self.rect()), RADIUS, RADIUS)

    def _paint_caps(self, painter: QPainter, middle: float) -> float:
        x, face = 9.0, self.face
        caps = face.keys.upper() if face.concept else "+"
        for place, key in enumerate(caps):
            tone = "ink_3" if face.is_dim else "ink_2"
            x += paint_cap(painter, x, middle, key, is_down=place < face.n_down, tone=tone) + 3
        return x + (9 if caps else 3)

    def _paint_words(self, painter: QPainter, area: QRectF, tone: str) -> None:
        face, beside = self.face, ""
        if face.concept:
            beside = _("is not") if face.said is False else number(face.concept.n_positive)
        room = text_width(beside, "caption") + 8 if beside else 0
        name = shortened(face.name, "strong", area.width() - room)
        words = QRectF(area.x(), 0, area.width() - room + 1, area.height())
        tone = "ink_2" if face.said is False else tone
        put_text(painter, words, name, "strong", tone, Qt.TextElideMode.ElideMiddle)
        end = area.x() + text_width(name, "strong") + 8
        put(painter, QRectF(end, 1, room + 2, area.height()), beside, "caption", "ink_3")
