"""The two fields that come and go: one over a row of the list, one for a new concept."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.i18n import _
from core.storage.concepts import ConceptNameError
from desktop.widgets.buttons import button
from desktop.widgets.choices import line_edit
from desktop.widgets.icon import Icon
from desktop.widgets.layout import row, surface
from desktop.widgets.text import Elided

ADD_WIDTH = 400
INSET = 6  # how far the field's edge stands before the words
EDITOR_WIDTH = (260.0, 520.0)  # least and most


class _Hint(QWidget):
    """The line below a field: how to go on, or why the value cannot stay."""

    def __init__(self) -> None:
        super().__init__()
        self._sign, self._words = Icon("circle-alert", "bad", 14), Elided("", "caption", "ink_3")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row(self._sign, (self._words, 1), gap=6))

    def text(self) -> str:
        return self._words.text()

    def set_hint(self, words: str, *, is_problem: bool = False) -> None:
        self._sign.setVisible(is_problem)
        self._words.setText(words)
        self._words.set_tone("bad" if is_problem else "ink_3")


class Field(QWidget):
    """A field with its hint; Enter asks to keep the value, Esc to leave all as it was."""

    kept = Signal(str)
    left = Signal()

    def __init__(self, hint: str) -> None:
        """Say in the hint how to go on."""
        super().__init__()
        self._usual_hint = hint
        self.edit, self.hint = line_edit(), _Hint()
        self.edit.returnPressed.connect(lambda: self.kept.emit(self.edit.text()))
        self.edit.textEdited.connect(lambda _text: self.show_problem(None))
        self.show_problem(None)

    def show_problem(self, error: UserError | None) -> None:
        """Say why the value cannot stay, or that it can."""
        self.edit.set_wrong(wrong=error is not None)
        self.hint.set_hint(
            f"{error} {error.next_step}" if error else self._usual_hint,
            is_problem=error is not None,
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()  # what is typed here is no key for the list below
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()


class RowField(Field):
    """Stands over the words of a row while its name or definition is changed."""

    def __init__(self, parent: QWidget) -> None:
        """Wait hidden until `open` is called."""
        super().__init__(_("Enter keeps it, Esc leaves it as it was."))
        self.setParent(parent)
        surface(self, "clear")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 1, 0, 1)
        layout.setSpacing(0)
        layout.addWidget(self.edit)
        layout.addWidget(self.hint)
        self.hide()

    def open(self, value: str, name: str) -> None:
        """Show a value to be changed; `name` is what it is, for screen readers."""
        self.edit.setText(value)
        self.edit.setPlaceholderText(name)
        self.edit.setAccessibleName(name)
        self.edit.selectAll()
        self.show_problem(None)
        self.show()
        self.raise_()
        self.edit.setFocus()

    def place(self, words: QRectF, row_area: QRectF) -> None:
        """Stand over the words, from the top to the bottom of their row."""
        least, most = EDITOR_WIDTH
        width = min(max(words.width(), least), most)
        area = QRectF(words.x() - INSET, row_area.y(), width + INSET, row_area.height() - 1)
        self.setGeometry(area.toAlignedRect())


class NewConceptRow(Field):
    """A row above the list that makes one concept after the other until it is closed."""

    def __init__(self) -> None:
        """Wait hidden until it is shown."""
        super().__init__(_("Enter adds it, Esc closes this row."))
        self.edit.setPlaceholderText(_("Name of the new concept"))
        self.edit.setAccessibleName(_("Name of the new concept"))
        self.edit.setFixedWidth(ADD_WIDTH)
        self.add, self.done = button(_("Add")), button(_("Done"), "quiet")
        self.add.clicked.connect(lambda: self.kept.emit(self.edit.text()))
        self.done.clicked.connect(self.left)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(3)
        layout.addWidget(row(self.edit, self.add, self.done, None))
        layout.addWidget(self.hint)
        self.hide()

    def begin(self) -> None:
        """Wait for the next name."""
        self.edit.clear()
        self.show_problem(None)
        self.show()
        self.edit.setFocus()


def taken(name: str) -> ConceptNameError:
    """Return why a name cannot be given twice."""
    return ConceptNameError(
        _("There is a concept “{name}” already.").format(name=name),
        next_step=_("Choose another name."),
    )
