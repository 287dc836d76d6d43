"""A row of the form: what the field is on the left, its control on the right."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from desktop.widgets.buttons import button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, Hairline, column, row
from desktop.widgets.setting_controls import CONTROL_WIDTH, Control
from desktop.widgets.text import MEASURE, text, wrapped

HELP_WIDTH = 320


class FormRow(QWidget):
    """A field with its help, what the data say about it, and what is wrong with its value."""

    reset_asked = Signal()

    def __init__(
        self,
        title: str,
        help: str,  # noqa: A002
        control: Control,
        *,
        is_wide: bool = False,
    ) -> None:
        """Hold a control; `set_note` and `set_problem` fill the rest.

        A wide one stands below its words and takes the whole width.
        """
        super().__init__()
        self.control = control
        self.note = wrapped("", "small", "ink_2", width=HELP_WIDTH)
        self._problem = wrapped("", "small", "bad", width=CONTROL_WIDTH - 20)
        self._problem_row = row((Icon("circle-alert", "bad", 14), TOP), self._problem, None, gap=6)
        self.doubt = wrapped("", "small", "warn", width=CONTROL_WIDTH - 20)
        self._doubt_row = row((Icon("triangle-alert", "warn", 14), TOP), self.doubt, None, gap=6)
        self.reset = button(_("Back to default"), "link")
        self.reset.setAccessibleName(_("{field}: back to default").format(field=title))
        self.reset.clicked.connect(self.reset_asked)
        about = wrapped(help, "small", "ink_2", width=HELP_WIDTH)
        self.about, self._title = about, text(title, "strong")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._wide() if is_wide else self._beside())
        layout.addWidget(Hairline())
        self.set_note("")
        self.set_problem("")
        self.set_doubt("")
        self.reset.hide()

    def _beside(self) -> QWidget:
        left = column(self._title, self.about, self.note, None, gap=3)
        right = column(self.control, self._problem_row, self._doubt_row, self.reset, None, gap=4)
        right.setFixedWidth(CONTROL_WIDTH)
        return row((left, TOP), None, (right, TOP), gap=0, margins=(0, 15, 0, 15))

    def _wide(self) -> QWidget:
        self.about.setMinimumWidth(0)
        self.about.setMaximumWidth(MEASURE)
        top = row((self._title, TOP), None, (self.reset, TOP))
        parts = (top, self.about, self.note, 4, self.control, self._problem_row, self._doubt_row)
        return column(*parts, gap=3, margins=(0, 15, 0, 15))

    def set_help(self, help: str) -> None:  # noqa: A002
        """Say something else below the title."""
        self.about.setText(help)
        self.about.setVisible(bool(help))

    def set_note(self, note: str) -> None:
        """Say below the help what the data say."""
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def set_doubt(self, doubt: str) -> None:
        """Say below the control what speaks against its value, which may stay."""
        self.doubt.setText(doubt)
        self._doubt_row.setVisible(bool(doubt))

    def problem(self) -> str:
        """Return what is wrong with the value."""
        return self._problem.text()

    def set_problem(self, problem: str) -> None:
        """Say below the control what is wrong with its value."""
        self._problem.setText(problem)
        self._problem_row.setVisible(bool(problem))
        self.control.set_wrong(wrong=bool(problem))
