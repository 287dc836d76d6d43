"""The texts of a version as they were frozen: to be read, not changed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from core.records import DatasetVersion
from core.storage.concepts import list_concepts
from core.storage.database import Database
from desktop.screens.versions.tables import FrozenTable
from desktop.theme.tokens import S2, S4, font
from desktop.widgets.buttons import button
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.long_edit import LongPlainEdit
from desktop.widgets.table import TextTable
from desktop.widgets.text import text
from desktop.widgets.wording import counted_texts, versioned

READING_HEIGHT = 140


class TextsPage(QWidget):
    """A list of any length; the selected text stands in full below it."""

    left = Signal()

    def __init__(self, db: Database) -> None:
        """Show nothing yet."""
        super().__init__()
        self._db = db
        self.back = button(_("Back"), "secondary", "arrow-left")
        self.title, self.counts = text("", "title"), text("", "small", "ink_2")
        self.texts = FrozenTable(db)
        self.table = TextTable(_("Texts of the version"))
        self.table.setModel(self.texts)
        self.table.set_columns(self.texts.WIDTHS)
        self.reading = LongPlainEdit()
        self.reading.setReadOnly(True)
        self.reading.setTabChangesFocus(True)
        self.reading.setFont(font("body"))
        self.reading.setFixedHeight(READING_HEIGHT)
        self.reading.setAccessibleName(_("The selected text"))
        page = column(
            row(self.back, 8, self.title, self.counts, None, gap=12),
            (self.table, 1),
            *(Hairline(), self.reading),
            gap=12,
            margins=(S4, 12, S4, S2),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        self.back.clicked.connect(self.left)
        self.table.selectionModel().currentRowChanged.connect(self._read)

    def show_texts(self, version: DatasetVersion, ids: Sequence[int], title: str = "") -> None:
        """Show these inputs of a version, under a title of their own where they are only some."""
        usual = versioned(version.dataset, version.number)
        self.title.setText(title or usual)
        self.counts.setText(counted_texts(len(ids)) + (f" · {usual}" if title else ""))
        colours = {concept.name: concept.colour for concept in list_concepts(self._db)}
        self.texts.show(version.id, ids, colours)
        self.reading.clear()
        if len(ids):
            self.table.selectRow(0)
        self.table.setFocus()

    def _read(self) -> None:
        frozen = self.texts.frozen_at(self.table.currentIndex().row())
        self.reading.setPlainText(frozen.text if frozen else "")
