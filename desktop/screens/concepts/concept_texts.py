"""The texts of the selected concept, beside the list where the window is wide."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Concept
from core.storage.database import Database
from core.storage.inputs import InputFilter, get_inputs, list_input_ids
from desktop.theme.tokens import S2, S3, S4
from desktop.widgets.concept_chip import Mark
from desktop.widgets.layout import column, row
from desktop.widgets.table import TextTable
from desktop.widgets.text import Elided, text, tip, wrapped
from desktop.widgets.wording import number, texts

WIDTH = 440
MOST_TEXTS = 200


class _Texts(QStringListModel):
    @override
    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(str(super().data(index, Qt.ItemDataRole.DisplayRole)))
        return super().data(index, role)


class ConceptTexts(QWidget):
    """The concept with its definition and the first of its texts; it reads them when it is seen."""

    def __init__(self, db: Database) -> None:
        """Show nothing until `show_concept` is called."""
        super().__init__()
        self._db = db
        self._mark = Mark(0, 12)
        self._name = Elided("", "heading", middle=True)
        self._definition = wrapped("", "small", "ink_2", width=WIDTH - S3 - S4)
        self._count = text("", "small", "ink_3")
        self.texts = _Texts(self)
        table = TextTable(_("Texts of the concept"))
        table.setModel(self.texts)
        table.horizontalHeader().hide()
        table.set_columns({})
        self.setFixedWidth(WIDTH)
        top = column(row(self._mark, (self._name, 1)), self._definition, self._count, gap=4)
        self._words = column(top, (table, 1), gap=12)
        self._words.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S3, 20, S4, S2)
        layout.addWidget(self._words)

    def show_concept(self, concept: Concept | None) -> None:
        """Show the texts of a concept; nothing is read while the window is too narrow."""
        self._words.setVisible(concept is not None)
        if concept is None or not self.isVisible():
            return
        ids = list_input_ids(self._db, InputFilter(concept_id=concept.id))[:MOST_TEXTS]
        self.texts.setStringList([found.text for found in get_inputs(self._db, ids)])
        self._mark.set_number(concept.colour)
        self._name.setText(concept.name)
        self._definition.setText(concept.definition)
        self._definition.setVisible(bool(concept.definition))
        n_texts = texts(concept.n_positive)
        if concept.n_positive > MOST_TEXTS:
            n_texts = _("{texts}, the first {n} of them here").format(
                texts=n_texts, n=number(MOST_TEXTS)
            )
        self._count.setText(n_texts)
