"""One node in the picture: its sign, its name, and what it does."""

from math import ceil

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton
from typing_extensions import override

from core.i18n import _
from core.workflows.graph import IN, Node
from core.workflows.nodes import KINDS
from desktop.theme.icons import pixmap
from desktop.theme.tokens import RADIUS, colour
from desktop.widgets.painted import inside_edge, paint_ring, painter_of, put_text, text_width
from desktop.widgets.text import tip

WIDTH, HEIGHT, MOST_WIDTH = 146, 52, 260
ICON, ICON_X, WORDS_X, SIGN, RIGHT, LINE = 16, 11, 36, 14, 9, 14
ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class NodeBox(QAbstractButton):
    """A node that can be chosen, by mouse or keys.

    Attributes:
        id: of the node, or `IN`.
    """

    went = Signal(int, int)  # rows down and boxes right, by the arrow keys
    remove_asked = Signal()
    add_asked = Signal()

    def __init__(self, parent: "QAbstractButton | None" = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.setFixedSize(WIDTH, HEIGHT)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.id, self._icon, self._title, self._is_wrong = IN, "", "", False

    def show_node(self, node: Node | None, problem: str) -> None:
        """Show a node, or the text itself where it is None, and what is wrong with it."""
        self._is_wrong = bool(problem)
        if node is None:
            self.id, self._icon, self._title = IN, "file-text", _("Every text")
            takes = ""
        else:
            kind = KINDS[node.kind]
            self.id, self._icon, self._title = node.id, kind.icon, _(kind.title)
            takes = _("takes from {names}").format(
                names=", ".join(_("the text") if i == IN else i for i in node.inputs)
            )
        name = self.id if node else _("Text")
        self.setText(name)
        parts = (name, self._title, takes, problem)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip(tip(problem or f"{name}: {self._title}"))
        self.update()

    def wanted_width(self) -> int:
        """Return how wide it has to be for all of its words."""
        words = max(text_width(self.text(), "small_strong"), text_width(self._title, "caption"))
        room = WORDS_X + RIGHT + (SIGN + 4 if self._is_wrong else 0)
        return max(WIDTH, min(MOST_WIDTH, ceil(words) + room))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            self.went.emit(*ARROWS[key])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_asked.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Insert):
            self.add_asked.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = painter_of(self), QRectF(self.rect())
        ground = "accent_soft" if self.isChecked() else "hover" if self.underMouse() else "raised"
        edge = "warn" if self._is_wrong else "accent" if self.isChecked() else "outline"
        painter.setPen(QPen(colour(edge), 1))
        painter.setBrush(colour(ground))
        painter.drawRoundedRect(inside_edge(area), RADIUS, RADIUS)
        ratio = self.devicePixelRatioF()
        middle = round((HEIGHT - ICON) / 2)
        painter.drawPixmap(ICON_X, middle, pixmap(self._icon, "ink_2", ICON, ratio))
        right = self.width() - float(RIGHT) - (SIGN + 4 if self._is_wrong else 0)
        lines = in_lines(self._title, right - WORDS_X)
        words = QRectF(WORDS_X, 7 if len(lines) == 1 else -1, right - WORDS_X, 20)
        put_text(painter, words, self.text(), "small_strong", "ink", Qt.TextElideMode.ElideMiddle)
        for place, line in enumerate(lines):
            below = words.translated(0, 19 - len(lines) + 1 + place * LINE)
            put_text(painter, below, line, "caption", "ink_2")
        if self._is_wrong:
            sign = pixmap("triangle-alert", "warn", SIGN, ratio)
            painter.drawPixmap(self.width() - SIGN - 10, round((HEIGHT - SIGN) / 2), sign)
        if self.hasFocus():
            paint_ring(painter, area)


def in_lines(title: str, room: float) -> list[str]:
    """Return a title in one line, or in two where it has no room for all of it."""
    if text_width(title, "caption") <= room or " " not in title:
        return [title]
    words = title.split(" ")
    fits = [n for n in range(1, len(words)) if text_width(" ".join(words[:n]), "caption") <= room]
    n = max(fits, default=1)
    return [" ".join(words[:n]), " ".join(words[n:])]
