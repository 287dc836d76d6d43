"""Heads of columns that are pressed to sort, by the pointer or by the keyboard."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.tokens import font
from desktop.widgets.layout import V_CENTRE
from desktop.widgets.painted import paint_ring

PRESS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class PressedHeads(QHeaderView):
    """One stop of the Tab key; the arrow keys choose a head, Space emits `sectionClicked`."""

    def __init__(self, parent: QWidget) -> None:
        """Stand over the columns of a table."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._place = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Columns: arrow keys choose one, Space sorts by it"))
        self.setFont(font("caption_strong"))
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | V_CENTRE)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setSectionsClickable(True)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if step := STEPS.get(Qt.Key(event.key())):
            shown = [i for i in range(self.count()) if not self.isSectionHidden(i)]
            near = min(range(len(shown)), key=lambda i: abs(shown[i] - self._place))
            self._place = shown[(near + step) % len(shown)]
            self.viewport().update()
        elif event.key() in PRESS:
            self.sectionClicked.emit(self._place)
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        if self.hasFocus() and logicalIndex == self._place:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_ring(painter, QRectF(rect).adjusted(1, 3, -1, -4))
