"""The help on base models, set to be read."""

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser
from typing_extensions import override

from core.i18n import _
from core.resources import read_text
from desktop.theme.tokens import colour, font
from desktop.widgets.painted import repaints

FILE = "help/base_models.md"
LINE_HEIGHT, AFTER, BEFORE_HEADING, CELL = 128, 8, 16, 8


class HelpText(QTextBrowser):
    """A page of help."""

    def __init__(self) -> None:
        """Show it from the top."""
        super().__init__()
        self.setFont(font("body"))
        self.setOpenLinks(False)
        self.setAccessibleName(_("How to bring a base model here"))
        self.anchorClicked.connect(_open_link)
        self._set()

    def _set(self) -> None:
        """Set the text in our type, with room between its lines."""
        self.setMarkdown(read_text(FILE))
        document = self.document()
        block = document.begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            cursor = QTextCursor(block)
            spacing = QTextBlockFormat()
            kinds = QTextBlockFormat.LineHeightTypes
            spacing.setLineHeight(LINE_HEIGHT, kinds.ProportionalHeight.value)
            spacing.setTopMargin(BEFORE_HEADING if level else 0)
            spacing.setBottomMargin(0 if cursor.currentTable() else AFTER)
            cursor.mergeBlockFormat(spacing)
            if level:
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                cursor.mergeCharFormat(_heading(level))
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                _draw_quietly(frame)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if repaints(event):
            self._set()


def _heading(level: int) -> QTextCharFormat:
    result = QTextCharFormat()
    shown: QFont = font("title" if level == 1 else "heading")
    result.setFont(shown)
    return result


def _draw_quietly(table: QTextTable) -> None:
    look = table.format()
    look.setBorderBrush(colour("hairline"))
    look.setBorderCollapse(True)  # Qt's own signature
    look.setCellPadding(CELL)
    look.setBottomMargin(2 * AFTER)
    table.setFormat(look)


def _open_link(link: QUrl) -> None:
    if link.isLocalFile():
        QDesktopServices.openUrl(link)
