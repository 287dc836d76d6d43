"""The selected concept: what is known of it, and its texts; beside the list or over it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Concept
from core.shortcuts import shortcuts_of
from core.storage.database import Database
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from desktop.screens.concepts.about import ConceptAbout
from desktop.theme.tokens import S2, S3, S4
from desktop.widgets.buttons import icon_button
from desktop.widgets.concept_chip import Mark
from desktop.widgets.layout import clip, column, row
from desktop.widgets.table import TextTable
from desktop.widgets.text import Elided, text, tip, wrapped
from desktop.widgets.wording import number, texts

WIDTH = 440
MOST_TEXTS = 200
TABLE_HEIGHT = 200


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

    closed = Signal()

    def __init__(self, db: Database) -> None:
        """Show nothing until `show_concept` is called."""
        super().__init__()
        self._db = db
        self.about = ConceptAbout()
        self.keys = text("", "caption", "ink_2")
        self.close_ = icon_button("x", _("Close"))
        self.close_.clicked.connect(self.closed)
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
        head = row(self._mark, (self._name, 1), self.keys, self.close_)
        top = column(head, self._definition, self.about, self._count, gap=4)
        table.setMinimumHeight(TABLE_HEIGHT)
        self._words = column(top, (table, 1), gap=12)
        self._words.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(clip(column(self._words, margins=(S3, 20, S4, S2))))

    def show_concept(
        self,
        concept: Concept | None,
        known: Sequence[Concept] = (),
        synonyms: Mapping[int, Sequence[int]] = MappingProxyType({}),
    ) -> None:
        """Show a concept with its relations; nothing is read while there is no room for it."""
        self._words.setVisible(concept is not None)
        if concept is None or not self.isVisible():
            return
        ids = list_input_ids(self._db, InputFilter(has=(concept.id,)))[:MOST_TEXTS]
        self.texts.setStringList([found.text for found in get_inputs(self._db, ids)])
        self.about.show_concept(concept, known, synonyms)
        keys = " ".join(shortcuts_of(known).get(concept.id, ""))
        self.keys.setText(_("Key {keys}").format(keys=keys) if keys else "")
        self.keys.setToolTip(_("The keys that choose it when labelling"))
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
