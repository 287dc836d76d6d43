"""Small forms over the list: split by percentages, set metadata, write one note."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.i18n import _
from core.operations.edit_inputs import MetadataEdit
from core.operations.split_inputs import SharesError, SplitRequest
from core.storage.filters import Selection
from desktop.widgets.buttons import button
from desktop.widgets.choices import LineEdit, Switch, line_edit
from desktop.widgets.filter_panel import whole_number
from desktop.widgets.layout import Item, column, row
from desktop.widgets.message_panel import field_error
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import counted_texts

WIDTH, SHARE_WIDTH = 360, 92
MOST_SEED = 2**31 - 1


class PopupForm(QFrame):
    """A popup of fields with one button; Enter in a field presses it, Esc closes."""

    def __init__(self, parent: QWidget, title: str, act: str) -> None:
        """Belong to a window; `open_at` shows it."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("box", "line")
        self.setProperty("surface", "raised")
        self.setFixedWidth(WIDTH)
        self._holder = parent
        self.title, self.act = text(title, "strong"), button(act, "primary")
        self._errors = column(gap=0)
        self.act.clicked.connect(self.confirm)
        self.inputs: Selection = ()
        self.first: QWidget = self  # takes the keyboard

    def lay_out(self, *items: Item, others: tuple[QWidget, ...] = ()) -> None:
        """Put the fields between title and button."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(0)
        layout.addWidget(
            column(self.title, *items, self._errors, 4, row(*others, None, self.act), gap=10)
        )

    def open_at(self, point: QPoint, inputs: Selection, n_inputs: int) -> None:
        """Open for these inputs, with the upper left corner there, within the window."""
        self.inputs = inputs
        self.set_count(n_inputs)
        self.show_error(None)
        self.adjustSize()
        window = self._holder.window()
        right, bottom = window.mapToGlobal(QPoint(window.width(), window.height())).toTuple()
        self.move(min(point.x(), right - WIDTH - 8), min(point.y(), bottom - self.height() - 8))
        self.show()
        self.first.setFocus()

    def set_count(self, n_inputs: int) -> None:
        """Say how many inputs are meant."""

    def confirm(self) -> None:
        """Do what the form is for; forms override this."""

    def show_error(self, error: UserError | None) -> None:
        """Say under the fields what is wrong; None for nothing."""
        layout = self._errors.layout()
        while layout is not None and (item := layout.takeAt(0)):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        if error and layout is not None:
            layout.addWidget(field_error(f"{error} {error.next_step}"))
        self.adjustSize()


class SplitForm(PopupForm):
    """Shares in per cent, whether every concept is split alike, and a number to repeat it by."""

    asked = Signal(object)  # SplitRequest

    def __init__(self, parent: QWidget) -> None:
        """Stand at 80, 10 and 10 per cent."""
        super().__init__(parent, _("Split by percentages"), _("Split"))
        first = SplitRequest(())
        self.shares: list[LineEdit] = []
        columns: list[Item] = []
        names = (_("Train"), _("Validation"), _("Test"))
        for name, share in zip(names, first.shares, strict=True):
            edit = line_edit(f"{share:g}", width=SHARE_WIDTH)
            edit.setAccessibleName(_("{split}, in per cent").format(split=name))
            edit.returnPressed.connect(self.confirm)
            self.shares.append(edit)
            columns.append(column(text(f"{name} %", "small", "ink_2"), edit, gap=4))
        self.stratified = Switch(on=True, name=_("The same shares of every concept"))
        self.seed = line_edit(str(first.seed), width=SHARE_WIDTH)
        self.seed.setAccessibleName(_("Number to repeat it by"))
        self.seed.setValidator(QIntValidator(0, MOST_SEED, self.seed))
        self.first = self.shares[0]
        lead = _("Equal texts stay on one side. The same number gives the same split again.")
        self.lay_out(
            wrapped(lead, "small", "ink_2", width=WIDTH - 40),
            row(*columns, None, gap=12),
            row(self.stratified, text(_("The same shares of every concept"), "small"), None, gap=8),
            row(text(_("Number to repeat it by"), "small"), None, self.seed),
        )

    @override
    def set_count(self, n_inputs: int) -> None:
        self.act.setText(_("Split {texts}").format(texts=counted_texts(n_inputs)))

    @override
    def confirm(self) -> None:
        try:
            train, validation, test = (
                float(edit.text().replace(",", ".") or 0) for edit in self.shares
            )
            request = SplitRequest(
                self.inputs,
                *(train, validation, test),
                seed=whole_number(self.seed.text()),
                is_stratified=self.stratified.isChecked(),
            )
        except ValueError:
            self.show_error(SharesError())
        except SharesError as error:
            self.show_error(error)
        else:
            self.close()
            self.asked.emit(request)


class MetadataForm(PopupForm):
    """A name and a value for all the texts, or the name to take away from them."""

    asked = Signal(object)  # MetadataEdit

    def __init__(self, parent: QWidget) -> None:
        """Be empty."""
        super().__init__(parent, _("Metadata"), _("Set"))
        self.name, self.value = line_edit("", _("Name, such as channel")), line_edit("", _("Value"))
        self.first = self.name
        self.remove = button(_("Take it away"), tip=_("Take this name away from the texts"))
        self.remove.clicked.connect(lambda: self._ask(None))
        self.name.textChanged.connect(self._look)
        self.name.returnPressed.connect(self.value.setFocus)
        self.value.returnPressed.connect(self.confirm)
        self.lay_out(self.name, self.value, others=(self.remove,))
        self._look()

    @override
    def set_count(self, n_inputs: int) -> None:
        self.act.setText(_("Set for {texts}").format(texts=counted_texts(n_inputs)))

    @override
    def confirm(self) -> None:
        self._ask(self.value.text().strip())

    def _look(self) -> None:
        has_name = bool(self.name.text().strip())
        why_not = _("Type a name first.")
        for part in (self.act, self.remove):
            part.set_enabled(enabled=has_name, why_not=why_not)

    def _ask(self, value: str | None) -> None:
        if name := self.name.text().strip():
            self.close()
            self.asked.emit(MetadataEdit(self.inputs, name, value))
