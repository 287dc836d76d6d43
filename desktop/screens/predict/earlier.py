"""Files of predictions that were begun before: to be looked into, or gone on with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _, ngettext
from core.operations.growing_rows import count_kept
from core.operations.predict import unfinished
from core.storage.predicted_files import PredictedFile
from desktop.widgets.buttons import button
from desktop.widgets.layout import Hairline, row
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import moment_within, number

SHOWN, ROW_HEIGHT, NAME_WIDTH = 6, 47, 280


@dataclass(frozen=True)
class Earlier:
    """A file that was begun, with how many rows are kept if it is not whole."""

    file: PredictedFile
    n_kept: int


def look_for(files: Sequence[PredictedFile]) -> list[Earlier]:
    """Return the files that are still there, those that are not whole first."""
    found = []
    for file in files:
        if unfinished(file.path):
            found.append(Earlier(file, count_kept(file.path)))
        elif file.path.is_file():
            found.append(Earlier(file, 0))
    return sorted(found, key=lambda one: not one.n_kept)[:SHOWN]


class EarlierList(QWidget):
    """One row for each file.

    `opened` hands on a file to look into, `resumed` the place of one to go on with.
    """

    opened = Signal(object)  # PredictedFile
    resumed = Signal(object)  # Path
    other_asked = Signal()

    def __init__(self) -> None:
        """Be empty."""
        super().__init__()
        self.rows: list[Earlier] = []
        self.other = button(_("Open a predicted file…"), "secondary", "folder-open")
        self.other.clicked.connect(self.other_asked)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._parts: list[QWidget] = []
        self._layout.addWidget(row(text(_("Predicted before"), "heading"), None, self.other))
        self._layout.addSpacing(8)

    def show_files(self, rows: list[Earlier], *, running: Path | None = None) -> None:
        """Show the files; one that is being written just now is left out."""
        rows = [one for one in rows if one.file.path != running]
        if rows == self.rows:
            return
        self.rows = rows
        for part in self._parts:
            self._layout.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = [Hairline(), *(self._row(one) for one in rows)]
        for part in self._parts:
            self._layout.addWidget(part)

    def _row(self, one: Earlier) -> QWidget:
        file = one.file
        name = Elided(file.path.name, middle=True)
        name.setToolTip(str(file.path))
        name.setFixedWidth(NAME_WIDTH)
        if one.n_kept:
            words = ngettext(
                "Stopped; {n} row is kept", "Stopped; {n} rows are kept", one.n_kept
            ).format(n=number(one.n_kept))
            act = button(_("Go on"), "small", "play")
            act.clicked.connect(lambda: self.resumed.emit(file.path))
        else:
            words = _("{model}, version {number}, {when}").format(
                model=file.model,
                number=file.number,
                when=moment_within(datetime.fromisoformat(file.began)),
            )
            act = button(_("Look into it"), "small")
            act.clicked.connect(lambda: self.opened.emit(file))
        act.setAccessibleName(f"{act.text().strip()}: {file.path.name}")
        line = row(name, (Elided(words), 1), act, gap=16)
        line.setFixedHeight(ROW_HEIGHT)
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(line)
        inside.addWidget(Hairline())
        return holder
