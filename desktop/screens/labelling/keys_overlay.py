"""All keys of the screen, over the text; any key closes it."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.i18n import N_, _
from desktop.screens.labelling.hints import parts_of, plain
from desktop.theme.tokens import RADIUS_LARGE, colour
from desktop.widgets.key_cap import paint_cap
from desktop.widgets.painted import inside_edge, painter_of, put, text_width

KEYS = (
    (N_("[1] … [0]  [Q] [1] …"), N_("the text is about this concept; again takes it back")),
    (N_("[Shift] or [Alt] and the key"), N_("the text is not about it")),
    (N_("[.]"), N_("accept what is suggested")),
    (N_("[X]"), N_("none of these: “is not” for all that is left open")),
    (N_("[U]"), N_("unsure, then the next text")),
    (N_("[Space]"), N_("skip")),
    (N_("[Enter] or [→]"), N_("save and next")),
    (N_("[←] or [Backspace]"), N_("the text before")),
    (N_("[Home] [End]"), N_("first and last text")),
    (N_("[Ctrl G]"), N_("go to a number")),
    (N_("[↑] [↓] [Page ↑] [Page ↓]"), N_("scroll the text")),
    (N_("[F] or [/]"), N_("find a concept by its name")),
    (N_("[+] or [Ins]"), N_("make a new concept")),
    (N_("[Ctrl Page ↓]"), N_("more concepts")),
    (N_("[N]"), N_("write a note")),
    (N_("[C]"), N_("show or hide the codebook")),
    (N_("[Ctrl F]"), N_("choose which texts to go through")),
    (N_("[Ctrl Z]"), N_("undo")),
)
ROW, PADDING, CAPS, WORDS = 27, 28, 230, 380


class KeysOverlay(QWidget):
    """Lies over the work until a key or a click sends it away."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Wait hidden."""
        super().__init__(parent)
        self._covered = parent
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        lines = (f"{plain(_(keys))}: {_(words)}" for keys, words in KEYS)
        self.setAccessibleName(_("All keys"))
        self.setAccessibleDescription("; ".join(lines))
        self.hide()

    def open(self) -> None:
        """Cover the parent, and take the keyboard."""
        self.setGeometry(self._covered.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def close_it(self) -> None:
        """Go away, and give the keyboard back."""
        self.hide()
        self.left.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.key() not in {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt}:
            self.close_it()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_it()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.fillRect(self.rect(), colour("page", 0.86))
        width = min(CAPS + WORDS + 2 * PADDING, self.width() - 32)
        row = min(ROW, (self.height() - 100) / len(KEYS))
        height = len(KEYS) * row + 84
        left, top = (self.width() - width) / 2, max(8.0, (self.height() - height) / 2)
        card = QRectF(round(left), round(top), width, round(height))
        painter.setPen(QPen(colour("outline"), 1))
        painter.setBrush(colour("raised"))
        painter.drawRoundedRect(inside_edge(card), RADIUS_LARGE, RADIUS_LARGE)
        inner = card.adjusted(PADDING, 18, -PADDING, -18)
        put(painter, QRectF(inner.x(), inner.y(), 300, 24), _("All keys"), "heading", "ink")
        note = _("Any key closes this")
        x = inner.right() - text_width(note, "small")
        put(painter, QRectF(x, inner.y(), 300, 24), note, "small", "ink_3")
        for place, (keys, words) in enumerate(KEYS):
            y = inner.y() + 38 + place * row
            end = _paint_keys(painter, inner.x(), y + row / 2, _(keys))
            start = max(inner.x() + CAPS, end + 10)
            put(painter, QRectF(start, y, inner.right() - start, row), _(words), "body", "ink")


def _paint_keys(painter: QPainter, x: float, middle: float, keys: str) -> float:
    """Draw caps and the words between them from x on; return where they end."""
    for cap, words in parts_of(keys):
        if cap:
            x += paint_cap(painter, x, middle, cap) + 5
        else:
            put(painter, QRectF(x, middle - 10, 200, 20), words, "small", "ink_3")
            x += text_width(words, "small") + 7
    return x
