"""The target of the selected text: read and written in one field, kept when the keyboard leaves."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Input
from desktop.screens.dataset.text_field import TextField
from desktop.theme.tokens import font
from desktop.widgets.layout import column
from desktop.widgets.text import text

SHOWN_CHARS = 100_000  # a longer one would hold up the window; it is not edited here
LEAST_LINES, MOST_LINES = 2, 8
EDGES = 26  # pixels of the field above and below its lines
BARS = Qt.ScrollBarPolicy


class TargetField(QWidget):
    """What a model shall write for a text."""

    target_changed = Signal(int, str)

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self._shown: Input | None = None
        self.field = TextField(_("Answer"), _("Write what a model shall answer…"))
        self.field.edit.installEventFilter(self)
        self.field.confirmed.connect(self._keep)
        self.field.edited.connect(self._fit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        title = text(_("Answer"), "small_strong")
        layout.addWidget(column(12, title, self.field, gap=6))
        self.hide()

    def show_input(self, shown: Input | None, *, has_targets: bool) -> None:
        """Show the target of an input; where no text has one, nothing is shown until `write`."""
        is_same = shown is not None and self._shown is not None and shown.id == self._shown.id
        is_being_written = is_same and self.field.edit.hasFocus()
        self.setVisible(
            shown is not None and (has_targets or bool(shown.target) or is_being_written)
        )
        if not (is_being_written and self.unsaved()):
            self._shown = shown
            value = shown.target if shown else ""
            if value[:SHOWN_CHARS] != self.field.text():
                self.field.set_text(value[:SHOWN_CHARS])
            self.field.edit.setReadOnly(len(value) > SHOWN_CHARS)
        self._fit()

    def write(self) -> None:
        """Have the keyboard in the field."""
        if self._shown is not None:
            self.show()
            self.field.setFocus()

    def unsaved(self) -> tuple[int, str] | None:
        """Return the input with the target that was typed and not kept yet."""
        typed = self.field.text().strip()
        if self._shown is None or self.field.edit.isReadOnly():
            return None
        return None if typed == self._shown.target.strip() else (self._shown.id, typed)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._keep()
        return super().eventFilter(watched, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._shown and self.unsaved():
            self.field.set_text(self._shown.target)  # as it is kept
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _keep(self) -> None:
        if unsaved := self.unsaved():
            self.target_changed.emit(*unsaved)

    def _fit(self) -> None:
        """Give the field the lines it needs, within reason."""
        n_lines = round(self.field.edit.document().size().height())  # of a plain text, in lines
        is_whole = n_lines <= MOST_LINES
        bars = BARS.ScrollBarAlwaysOff if is_whole else BARS.ScrollBarAsNeeded
        self.field.edit.setVerticalScrollBarPolicy(bars)
        n_lines = max(LEAST_LINES, min(MOST_LINES, n_lines))
        height = QFontMetricsF(font("body")).lineSpacing()
        self.field.setFixedHeight(round(n_lines * height) + EDGES)
