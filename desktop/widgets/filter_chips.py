"""The filters that are in use, as chips that take themselves away when pressed."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Concept
from core.storage.filters import InputFilter
from desktop.theme.icons import pixmap
from desktop.theme.tokens import CONTROL_SMALL, colour
from desktop.widgets.chip_lines import ChipLines
from desktop.widgets.filter_words import Part, parts_of
from desktop.widgets.painted import inside_edge, paint_ring, painter_of, put_text, text_width
from desktop.widgets.text import tip

LONGEST, PADDING, CROSS = 260, 12, 24  # pixels
REMOVE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FilterChip(QAbstractButton):
    """One filter in words; pressing it, or Delete, takes it away."""

    def __init__(self, part: Part, parent: QWidget) -> None:
        """Show a part of a filter."""
        super().__init__(parent)
        self.part = part
        self.setText(part.words)
        self.setAccessibleName(
            _("Filter: {words}. Press to take it away.").format(words=part.words)
        )
        self.setToolTip(tip(part.words))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        words = round(text_width(part.words, "caption_strong")) + 2
        self.resize(min(LONGEST, words + PADDING + CROSS), CONTROL_SMALL)

    @override
    def sizeHint(self) -> QSize:
        return self.size()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in REMOVE_KEYS:
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setPen(QPen(colour("outline" if self.underMouse() else "hairline"), 1))
        painter.setBrush(colour("raised"))
        radius = self.height() / 2
        painter.drawRoundedRect(inside_edge(self.rect()), radius, radius)
        area = QRectF(self.rect()).adjusted(PADDING, 0, -CROSS, 0)
        middle = Qt.TextElideMode.ElideMiddle
        put_text(painter, area, self.text(), "caption_strong", "ink", middle)
        cross = pixmap("x", "ink_2", 14, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - CROSS + 4, (self.height() - 14) // 2, cross)
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=radius)


class FilterChips(ChipLines):
    """All filters in use, on as many lines as they need, and a link that clears them."""

    chips: list[FilterChip]
    chosen = Signal(object)  # InputFilter: what is left

    def show_filter(self, wanted: InputFilter, concepts: Mapping[int, Concept]) -> None:
        """Show what narrows the list, but for the searched words."""
        parts = parts_of(wanted, concepts)
        if parts == [chip.part for chip in self.chips]:
            return
        self._drop()
        self.chips = [FilterChip(part, self) for part in parts]
        for chip in self.chips:
            chip.clicked.connect(lambda _on=False, rest=chip.part.rest: self.chosen.emit(rest))
        self._show_chips()
