"""The kinds of findings with their counts; those of which nothing was found are folded away."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.operations.finding_kinds import KINDS, SEVERITIES, FindingKind, Severity
from core.storage.data_checks import State
from desktop.theme.icons import pixmap
from desktop.theme.tokens import RADIUS, S1, colour
from desktop.widgets.fold import Fold
from desktop.widgets.layout import RIGHT, column
from desktop.widgets.painted import NO_PEN, paint_ring, painter_of, put, put_text, text_width
from desktop.widgets.text import tip, wrapped
from desktop.widgets.wording import number

WIDTH, HEIGHT, WORDS_X = 256, 52, 40.0
SIGNS = {
    Severity.MEND: ("circle-alert", "bad"),
    Severity.LOOK: ("triangle-alert", "warn"),
    Severity.KNOW: ("info", "ink_2"),
}


class KindRow(QAbstractButton):
    """A kind: how much it matters as a sign and in words, and how many findings are open."""

    def __init__(self, kind: FindingKind) -> None:
        """Show no count yet."""
        super().__init__()
        self.kind, self._n_open = kind, 0
        self.setCheckable(True)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setText(kind.title)

    def set_open(self, n_open: int) -> None:
        """Show how many findings are open."""
        self._n_open = n_open
        self.setAccessibleName(f"{self.kind.title}, {self._words()}, {number(n_open)}")
        cut = text_width(self.kind.title, "strong") > WIDTH - WORDS_X - 60
        self.setToolTip(tip(self.kind.title) if cut else "")
        self.update()

    def _words(self) -> str:
        return _(SEVERITIES[self.kind.severity]) if self._n_open else _("Settled")

    @override
    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, middle = painter_of(self), self.height() / 2
        area = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        if self.isChecked() or self.underMouse():
            painter.setPen(NO_PEN)
            painter.setBrush(colour("accent_soft" if self.isChecked() else "hover"))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        sign, tone = SIGNS[self.kind.severity] if self._n_open else ("circle-check", "good")
        picture = pixmap(sign, tone, 18, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(11, middle - 9), picture)
        count = number(self._n_open) if self._n_open else ""
        width = text_width(count, "strong")
        room = self.width() - WORDS_X - width - 24
        title = QRectF(WORDS_X, middle - 21, room, 22)
        put_text(painter, title, self.kind.title, "strong", "ink")
        put(painter, QRectF(WORDS_X, middle, room, 19), self._words(), "caption", "ink_2")
        put(painter, area.adjusted(0, 0, -12, 0), count, "strong", "ink", RIGHT)
        if self.hasFocus():
            paint_ring(painter, area)


class KindList(QWidget):
    """Chooses a kind of findings."""

    chosen = Signal(str)

    def __init__(self) -> None:
        """Be empty; `show_counts` fills it."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.rows = {key: KindRow(kind) for key, kind in KINDS.items()}
        self._clean = wrapped("", "small", "ink_2")
        self._fold = Fold(_("Nothing found"), "", column(self._clean, margins=(26, 0, 0, 8)))
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for key, part in self.rows.items():
            part.clicked.connect(lambda _on=False, key=key: self.chosen.emit(key))
            self._group.addButton(part)
            layout.addWidget(part)
        layout.addSpacing(S1)
        layout.addWidget(self._fold)
        layout.addStretch(1)

    def choose(self, key: str) -> None:
        """Mark a kind as the one that is shown."""
        if key in self.rows:
            self.rows[key].setChecked(True)

    def show_counts(
        self, n_found: Mapping[str, int], counts: Mapping[str, Mapping[State, int]]
    ) -> list[str]:
        """Show how the findings stand; return the kinds that have some, the worst first."""
        found = [key for key in self.rows if n_found.get(key) and key in counts]
        for key, part in self.rows.items():
            part.setVisible(key in found)
            if key in found:
                part.set_open(counts[key]["open"])
        self._show_clean([key for key in self.rows if key in counts and key not in found])
        return found

    def _show_clean(self, keys: Sequence[str]) -> None:
        note = ngettext("{n} kind", "{n} kinds", len(keys))
        self._fold.set_note(note.format(n=len(keys)))
        self._clean.setText("\n".join(KINDS[key].title for key in keys))
        self._fold.setVisible(bool(keys))
