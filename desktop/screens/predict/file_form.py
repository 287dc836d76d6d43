"""Which file, which of its columns holds the texts, and where the answers go."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import UserError
from core.files import Preview, preview, with_columns
from core.i18n import _, ngettext
from desktop import boxes
from desktop.screens.predict.preview_table import MOST_COLUMNS, PreviewTable
from desktop.theme.tokens import S2, S3
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.icon import Icon
from desktop.widgets.layout import column, row
from desktop.widgets.message_panel import error_panel
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import file_kinds, number, size

DROP_HEIGHT = 64


class FileForm(QWidget):
    """Shows the beginning of the chosen file as it will be read.

    Attributes:
        seen: the file; None before one is chosen. out: where the answers go.
    """

    changed = Signal()

    def __init__(self) -> None:
        """Ask for a file."""
        super().__init__()
        self.seen: Preview | None = None
        self.out: Path | None = None
        self.name = Elided(_("Drop a file here"))
        self.size_words = text("", "small", "ink_3")
        self.choose = button(_("Choose a file…"), "secondary", "file-text")
        self.column = Select(width=240, name=_("Column of the texts"))
        self.table, self.note = PreviewTable(), text("", "small", "ink_3")
        self.place, self.change = Elided("", middle=True), button(_("Change…"))
        self._problems = column(gap=0)
        self._details = self._detail_part()
        zone = DropZone(
            row(
                Icon("file-plus-2", "ink_2", 20),
                (self.name, 1),
                self.size_words,
                self.choose,
                gap=12,
            ),
            DROP_HEIGHT,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        for part in (zone, self._problems, self._details):
            layout.addWidget(part)
        self._details.hide()
        zone.dropped.connect(lambda paths: self.open(paths[0]))
        self.choose.clicked.connect(self._choose_file)
        self.change.clicked.connect(self._choose_place)
        self.column.activated.connect(self._choose_column)

    def _detail_part(self) -> QWidget:
        where = row(text(_("The texts are in"), "strong"), self.column, None, gap=12)
        place = row(text(_("Save as"), "strong"), (self.place, 1), self.change, gap=12)
        head = row(text(_("First rows as they will be read"), "heading"), self.note, None)
        return column(where, S2, head, self.table, S3, place, gap=4)

    def open(self, path: Path) -> None:
        """Look at a file."""
        try:
            seen = preview(path)
        except UserError as error:
            self.show_problem(error)
            return
        self.show_problem(None)
        self.column.clear()
        self.column.addItems(seen.columns)
        self._set_place(free_place(path))
        self._show(seen)

    def show_problem(self, error: UserError | None) -> None:
        """Say what cannot be done with the file, or nothing any more."""
        layout = self._problems.layout()
        while layout and (item := layout.takeAt(0)):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        if error and layout:
            layout.addWidget(error_panel(error))

    def _show(self, seen: Preview) -> None:
        self.seen = seen
        self.name.setText(seen.path.name)
        self.size_words.setText(size(seen.size_bytes))
        self.choose.setText(_("Choose another file…"))
        self.column.setCurrentText(seen.mapping.text)
        self.table.set_preview(seen)
        n_hidden = max(0, len(seen.columns) - MOST_COLUMNS)
        words = ngettext("{n} more column is kept", "{n} more columns are kept", n_hidden)
        self.note.setText(words.format(n=number(n_hidden)) if n_hidden else "")
        self._details.show()
        self.changed.emit()

    def _choose_file(self) -> None:
        path = boxes.choose_file(self, _("Choose a file to predict"), file_kinds())
        if path:
            self.open(path)

    def _choose_column(self) -> None:
        if self.seen:
            self._show(with_columns(self.seen, text=self.column.currentText()))

    def _choose_place(self) -> None:
        path = boxes.choose_save_file(self, _("Save the answers"), str(self.out or ""), "*.csv")
        if path:
            self._set_place(path)

    def _set_place(self, path: Path) -> None:
        self.out = path
        self.place.setText(str(path))


def free_place(path: Path) -> Path:
    """Return the usual name for the answers to a file, with a number if it is taken."""
    out, n = path.with_name(f"{path.stem}-predicted.csv"), 1
    while out.exists():
        n += 1
        out = path.with_name(f"{path.stem}-predicted-{n}.csv")
    return out
