"""A dashed field that takes files."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.tokens import RADIUS, S1, S2, colour
from desktop.widgets.painted import inside_edge, painter_of, put, text_width


def files_in(mime: QMimeData) -> list[Path]:
    """Return the files and folders of this computer that are being dragged."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


class DropZone(QWidget):
    """Takes dropped files; its content says so and offers other ways."""

    dropped = Signal(list)  # of Path

    def __init__(self, content: QWidget, height: int) -> None:
        """Be `height` pixels high around the content."""
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S2, S1 // 2, S2, S1 // 2)
        layout.addWidget(content)
        self.setFixedHeight(height)
        self.setAcceptDrops(True)
        self.setAccessibleName(_("Drop files here"))
        self._is_over = False

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_in(event.mimeData()):
            event.acceptProposedAction()
            self._light_up(is_over=True)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._light_up(is_over=False)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._light_up(is_over=False)
        if paths := files_in(event.mimeData()):
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def _light_up(self, *, is_over: bool) -> None:
        self._is_over = is_over
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        pen = QPen(colour("accent_text" if self._is_over else "outline"), 1)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setBrush(colour("accent_soft") if self._is_over else colour("rail", 0.5))
        painter.drawRoundedRect(inside_edge(self.rect()), RADIUS, RADIUS)


class DropOverlay(QWidget):
    """Lies over a whole screen while something is dragged over it, and says what will happen."""

    def __init__(self, parent: QWidget, words: str) -> None:
        """Be hidden; `cover` shows it."""
        super().__init__(parent)
        self._words = words
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Lie over all of the parent."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.fillRect(self.rect(), colour("page", 0.94))
        pen = QPen(colour("accent_text"), 2)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setBrush(colour("accent_soft"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(24, 24, -24, -24), RADIUS, RADIUS)
        middle = QRectF(self.rect())
        middle.setLeft((self.width() - text_width(self._words, "heading")) / 2)
        put(painter, middle, self._words, "heading", "ink")
