"""The log of a training, folded to its last line, with the way to save it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from core.errors import NotWritableError
from core.i18n import _
from desktop import boxes
from desktop.theme.tokens import font
from desktop.widgets.buttons import button
from desktop.widgets.fold import Fold
from desktop.widgets.layout import TOP, Hairline, row

HEIGHT = 176


class LogFold(QWidget):
    """What a training noted, oldest first; new lines are added below."""

    def __init__(self, name: str) -> None:
        """Be empty; `name` is the model's, for the file that the log is saved to."""
        super().__init__()
        self._name = name
        self.lines: list[str] = []
        self.shown = QPlainTextEdit()
        self.shown.setFont(font("mono"))
        self.shown.setReadOnly(True)
        self.shown.setTabChangesFocus(True)
        self.shown.setFixedHeight(HEIGHT)
        self.shown.setAccessibleName(_("Log of the training"))
        self.fold = Fold(_("Log"), _("Nothing noted yet"), self.shown)
        self.save = button(_("Save log…"), "link")
        self.save.clicked.connect(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Hairline())
        inner = QHBoxLayout()
        inner.setContentsMargins(0, 4, 0, 0)
        inner.addWidget(self.fold, 1)
        inner.addWidget(row(self.save, margins=(0, 5, 0, 0)), alignment=TOP)
        layout.addLayout(inner)
        self.set_lines([])

    def set_lines(self, lines: Sequence[str]) -> None:
        """Show these lines; those already shown stay where the reader has scrolled to."""
        new = list(lines)
        if new[: len(self.lines)] != self.lines:
            self.shown.clear()
            self.lines = []
        for line in new[len(self.lines) :]:
            self.shown.appendPlainText(line)
        self.lines = new
        self.save.setEnabled(bool(new))
        if new:
            self.fold.set_note(_("Last line: {line}").format(line=new[-1]))

    def _save(self) -> None:
        suggestion = _("{model} log").format(model=self._name)
        path = boxes.choose_save_file(self, _("Save log"), f"{suggestion}.txt", "*.txt")
        if path is None:
            return
        try:
            path.write_text("\n".join([*self.lines, ""]), encoding="utf-8")
        except OSError:
            boxes.show_error(self, NotWritableError(str(path)))
