"""What is searched for, as chips: pressing one turns it round, its cross takes it away."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Concept
from core.storage.searches import Part
from desktop.screens.explore.part_words import words_of
from desktop.theme.icons import pixmap
from desktop.theme.tokens import CONTROL_SMALL, colour
from desktop.widgets.chip_lines import ChipLines
from desktop.widgets.painted import inside_edge, paint_ring, painter_of, put_text, text_width
from desktop.widgets.text import tip

LONGEST, PADDING, CROSS = 420, 12, 26  # pixels
REMOVE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
TURN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PartChip(QAbstractButton):
    """One part of a search; a negated one says so in words and has a warning's ground."""

    turned = Signal()
    removed = Signal()

    def __init__(self, part: Part, words: str, parent: QWidget) -> None:
        """Show a part."""
        super().__init__(parent)
        self.part = part
        self.setText(words)
        self.setAccessibleName(
            _("{words}. Space turns it round, Delete takes it away.").format(words=words)
        )
        self.setToolTip(tip(_("Press to turn it round, the cross to take it away")))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        wanted = round(text_width(words, "caption_strong")) + 2 + PADDING + CROSS
        self.resize(min(LONGEST, wanted), CONTROL_SMALL)
        self.clicked.connect(self.turned)

    @override
    def sizeHint(self) -> QSize:
        return self.size()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.position().x() >= self.width() - CROSS and self.isDown():
            self.setDown(False)
            self.removed.emit()
        else:
            super().mouseReleaseEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in REMOVE_KEYS:
            self.removed.emit()
        elif event.key() in TURN_KEYS:
            self.turned.emit()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setPen(QPen(colour("outline" if self.underMouse() else "hairline"), 1))
        painter.setBrush(colour("warn_soft" if self.part.is_negated else "raised"))
        radius = self.height() / 2
        painter.drawRoundedRect(inside_edge(self.rect()), radius, radius)
        area = QRectF(self.rect()).adjusted(PADDING, 0, -CROSS, 0)
        put_text(painter, area, self.text(), "caption_strong", "ink")
        cross = pixmap("x", "ink_2", 14, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - CROSS + 6, (self.height() - 14) // 2, cross)
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=radius)


class PartChips(ChipLines):
    """All parts of a search, on as many lines as they need, and a link that clears them."""

    chips: list[PartChip]
    turned = Signal(int)  # the place of a part
    removed = Signal(int)

    def show_parts(self, parts: Sequence[Part], concepts: Mapping[int, Concept]) -> None:
        """Show these parts."""
        had = next((i for i, chip in enumerate(self.chips) if chip.hasFocus()), None)
        self._drop()
        self.chips = [PartChip(part, words_of(part, concepts), self) for part in parts]
        for place, chip in enumerate(self.chips):
            chip.turned.connect(lambda place=place: self.turned.emit(place))
            chip.removed.connect(lambda place=place: self.removed.emit(place))
        self._show_chips()
        if had is not None and self.chips:
            self.chips[min(had, len(self.chips) - 1)].setFocus()
