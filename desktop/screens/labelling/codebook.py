"""What each concept means, beside the text: a definition and examples, written in place."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QObject,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.i18n import _
from core.operations.edit_concepts import CodebookEdit, ConceptEdit
from core.records import Concept
from desktop.screens.labelling.area_field import AreaField
from desktop.theme.tokens import INSPECTOR, ROW_TWO_LINES, colour
from desktop.widgets.buttons import button
from desktop.widgets.concept_chip import Mark, paint_mark
from desktop.widgets.layout import RIGHT, Hairline, clip, column, row, surface
from desktop.widgets.painted import put, put_text, text_width
from desktop.widgets.table import ROOT, Index
from desktop.widgets.text import Elided, text, worded, wrapped
from desktop.widgets.wording import number, texts

CONCEPT_ROLE = Qt.ItemDataRole.UserRole + 1
SIDE = 20  # pixels left and right
EXAMPLE_CHARS = 300
DEFINITION_HEIGHT, EXAMPLES_HEIGHT, LEAST_DETAIL = 84, 84, 190


class ConceptModel(QAbstractListModel):
    """The concepts as rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Hold none yet."""
        super().__init__(parent)
        self.concepts: Sequence[Concept] = ()

    def show(self, concepts: Sequence[Concept]) -> None:
        """Hold these; the view stays where it is."""
        n_before = len(self.concepts)
        self.concepts = concepts
        if len(concepts) == n_before and n_before:
            self.dataChanged.emit(self.index(0), self.index(n_before - 1))
        else:
            self.beginResetModel()
            self.endResetModel()

    @override
    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.concepts)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        concept = self.concepts[index.row()]
        names = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}
        if role == CONCEPT_ROLE:
            return concept
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ". ".join((concept.name, texts(concept.n_positive), concept.definition))
        return worded(concept.name, role) if role in names else None


class ConceptDelegate(QStyledItemDelegate):
    """Draws a concept with how many texts carry it, and the beginning of its definition."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_TWO_LINES)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        concept, area, state = index.data(CONCEPT_ROLE), QRectF(option.rect), option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, colour("accent_soft"))
            painter.fillRect(QRectF(area.x(), area.y(), 3, area.height()), colour("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, colour("hover"))
        inner = area.adjusted(SIDE, 0, -SIDE, 0)
        count = number(concept.n_positive)
        room = text_width(count, "caption") + 8
        paint_mark(painter, inner.x(), inner.y() + 19, concept.colour, 9)
        name = QRectF(inner.x() + 20, inner.y() + 8, inner.width() - 20 - room, 21)
        put_text(painter, name, concept.name, "small_strong", mode=Qt.TextElideMode.ElideMiddle)
        put(painter, QRectF(inner.x(), name.y(), inner.width(), 21), count, align=RIGHT)
        below = QRectF(name.x(), inner.y() + 29, inner.width() - 20, 19)
        put_text(painter, below, concept.definition or _("No definition yet"), "caption", "ink_3")
        painter.fillRect(QRectF(area.x(), area.bottom() - 1, area.width(), 1), colour("hairline"))
        painter.restore()


class Codebook(QWidget):
    """One concept in full above the list of all; what is written is asked to be kept.

    Attributes:
        example: the text that can be added as an example.
    """

    edit_asked = Signal(object)  # ConceptEdit or CodebookEdit
    left = Signal()  # the keyboard goes back to the text

    def __init__(self) -> None:
        """Show no concept yet."""
        super().__init__()
        self.setFixedWidth(INSPECTOR)
        self.shown: Concept | None = None
        self.example = ""
        self.model = ConceptModel(self)
        self._make_parts()
        detail = QStackedWidget()
        surface(detail, "clear")
        for page in (self._reading(), self._writing()):
            detail.addWidget(page)
        self.detail = detail
        detail.setMinimumHeight(LEAST_DETAIL)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 16, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(detail, 3)
        layout.addWidget(Hairline())
        layout.addWidget(self.list, 2)
        self._connect()
        self._show()

    def _make_parts(self) -> None:
        self.mark, self.name = Mark(0), Elided("", "heading", middle=True)
        self.count = text("", "caption", "ink_3")
        self.definition = wrapped("", "small", "ink")
        self.examples = wrapped("", "small", "ink_2")
        self.head = text(_("Examples"), "small_strong")
        self.edit = button(_("Edit"), "link")
        self.add = button(_("Add this text as an example"), "link", "plus")
        self.definition_field = AreaField(_("What the concept means"), DEFINITION_HEIGHT)
        self.examples_field = AreaField(_("Examples, one in a line"), EXAMPLES_HEIGHT)
        self.save, self.cancel = button(_("Save"), "small"), button(_("Cancel"), "small")
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(ConceptDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setMinimumHeight(ROW_TWO_LINES)
        self.list.setAccessibleName(_("Codebook: all concepts"))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        for part in (self.edit, self.add):
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _reading(self) -> QWidget:
        words = column(self.definition, self.head, self.examples, None, gap=8)
        area = clip(row((words, 1), margins=(0, 0, 8, 0)))
        top = row(self.mark, (self.name, 1), self.edit)
        side = (SIDE, 0, SIDE, 12)
        return column(top, self.count, 4, (area, 1), row(self.add, None), gap=4, margins=side)

    def _writing(self) -> QWidget:
        head = text(_("Definition and examples"), "heading")
        buttons = row(self.save, self.cancel, None)
        fields = column(self.definition_field, self.examples_field, None, gap=8)
        return column(head, (clip(fields), 1), buttons, gap=8, margins=(SIDE, 0, SIDE, 12))

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._follow_list)
        self.edit.clicked.connect(self.begin_editing)
        self.add.clicked.connect(self._add_example)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self._end_editing)
        for field in (self.definition_field, self.examples_field):
            field.kept.connect(self._save)
            field.left.connect(self._end_editing)

    def set_concepts(self, concepts: Sequence[Concept]) -> None:
        """Show the concepts as they are now."""
        self.model.show(concepts)
        same = (c for c in concepts if self.shown and c.id == self.shown.id)
        self.shown = next(same, concepts[0] if concepts else None)
        self._show()

    def look_at(self, concept_id: int) -> None:
        """Show another concept in full, unless one is being written about."""
        found = next((c for c in self.model.concepts if c.id == concept_id), None)
        if found and not self.is_editing():
            self.shown = found
            self._show()

    def is_editing(self) -> bool:
        """Say whether a concept is being written about."""
        return self.detail.currentIndex() == 1

    def begin_editing(self) -> None:
        """Turn the words into fields."""
        if self.shown:
            self.definition_field.set_value(self.shown.definition)
            self.examples_field.set_value("\n".join(self.shown.examples))
            self.detail.setCurrentIndex(1)
            self.list.hide()
            self.definition_field.setFocus()

    def _save(self) -> None:
        shown, definition = self.shown, self.definition_field.value().strip()
        lines = (line.strip() for line in self.examples_field.value().splitlines())
        examples = tuple(line for line in lines if line)
        self._end_editing()
        if shown and definition != shown.definition:
            self.edit_asked.emit(ConceptEdit(shown.id, shown.name, definition, shown.colour))
        if shown and examples != shown.examples:
            self.edit_asked.emit(CodebookEdit(shown.id, examples))

    def _add_example(self) -> None:
        line = " ".join(self.example.split())
        if self.shown and line and line not in self.shown.examples:
            self.edit_asked.emit(CodebookEdit(self.shown.id, (*self.shown.examples, line)))

    def _end_editing(self) -> None:
        self.detail.setCurrentIndex(0)
        self.list.show()
        self.left.emit()

    def _follow_list(self, current: Index) -> None:
        concept = current.data(CONCEPT_ROLE) if current.isValid() else None
        if isinstance(concept, Concept) and (not self.shown or concept.id != self.shown.id):
            self.look_at(concept.id)

    def _show(self) -> None:
        self.setEnabled(self.shown is not None)
        concept = self.shown or Concept(0, _("No concepts yet"), "", 0)
        self.mark.set_number(concept.colour)
        self.mark.setVisible(self.shown is not None)
        self.name.setText(concept.name)
        self.count.setText(texts(concept.n_positive) if self.shown else "")
        self.definition.setText(concept.definition or _("No definition yet."))
        self.definition.set_tone("ink" if concept.definition else "ink_3")
        self.examples.setText("\n".join(f"– {_shortened(one)}" for one in concept.examples))
        for part in (self.head, self.examples):
            part.setVisible(bool(concept.examples))
        place = next((i for i, c in enumerate(self.model.concepts) if c.id == concept.id), -1)
        index = self.model.index(place)
        if index != self.list.currentIndex():
            self.list.setCurrentIndex(index)


def _shortened(example: str) -> str:
    line = " ".join(example.split())
    return line if len(line) <= EXAMPLE_CHARS else f"{line[: EXAMPLE_CHARS - 1]}…"
