"""Why a model answers as it does: marks the words that decided, and says what they are worth."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import UserError
from core.i18n import _
from core.operations.explain import ExplainRequest, ExplainResult, explain
from desktop import boxes
from desktop.runner import BugError, Task
from desktop.screens.try_text.marks import marks_of
from desktop.session import Session
from desktop.theme.tokens import S1
from desktop.widgets.concept_chip import Chip
from desktop.widgets.highlight_edit import HighlightEdit
from desktop.widgets.icon import Spinner
from desktop.widgets.layout import row
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import percent

HEIGHT = 80  # pixels, for two lines below the first, so that nothing jumps when they come
CHIP_WIDTH = 170


class Why(QWidget):
    """Asks why, marks words in the field, and says below it how far they can be relied on.

    Attributes:
        result: what is shown; None while it is asked for.
    """

    def __init__(self, session: Session, edit: HighlightEdit) -> None:
        """Explain nothing yet."""
        super().__init__()
        self.result: ExplainResult | None = None
        self._session, self._edit = session, edit
        self._task: Task | None = None
        self._number = 0
        self.chip = Chip("", 0)
        self.words = wrapped("", "small", "ink_2")
        self.spinner = Spinner(14)
        self._first = row(
            text(_("Words that spoke for"), "small", "ink_2"), self.chip, self.spinner, None
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, S1, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._first)
        layout.addWidget(self.words)
        layout.addStretch(1)
        self.setMinimumHeight(HEIGHT)
        self.hide()

    @property
    def is_asking(self) -> bool:
        """Tell whether the answer is still to come."""
        return self._task is not None and not self._task.is_over

    def ask(self, request: ExplainRequest, number: int) -> None:
        """Ask why the model says what it says of a concept; `number` is that of its mark."""
        self.stop()
        self.result, self._number = None, number
        self._edit.set_marks((), number)
        self._set_chip(request.concept)
        self.words.setText("")
        self.spinner.show()
        self.show()
        self._task = self._session.ask(explain, request)
        self._task.succeeded.connect(self._show_result)
        self._task.failed.connect(self._show_problem)

    def stop(self) -> None:
        """Stop the question; whatever still comes of it is not shown."""
        task, self._task = self._task, None
        self.spinner.hide()
        if task and not task.is_over:
            task.succeeded.disconnect(self._show_result)
            task.failed.disconnect(self._show_problem)
            task.stop()

    def forget(self) -> None:
        """Stop, and show nothing."""
        self.stop()
        self.result = None
        self._edit.set_marks((), 0)
        self.hide()

    def _show_result(self, result: ExplainResult) -> None:
        self.spinner.hide()
        self.result = result
        found, value = result.explanation, self._edit.value()
        shift = value.find(result.text)
        marks = marks_of(value, found.top, shift) if shift >= 0 else []
        self._edit.set_marks(marks, self._number, is_sure=found.is_sure)
        self.words.setText(_words_of(result))

    def _show_problem(self, error: Exception) -> None:
        self.spinner.hide()
        if isinstance(error, BugError):
            boxes.show_error(self, error)
        step = error.next_step if isinstance(error, UserError) else ""
        self.words.setText(f"{error} {step}".strip())

    def _set_chip(self, name: str) -> None:
        old, self.chip = self.chip, Chip(name, self._number, most=CHIP_WIDTH)
        if layout := self._first.layout():
            layout.replaceWidget(old, self.chip)
        self.chip.show()
        old.hide()
        old.deleteLater()


def _words_of(result: ExplainResult) -> str:
    """Return what the marks are worth, in a few short sentences."""
    found = result.explanation
    if found.is_sure:
        more = _("Without them: {share}. A thicker line means more.")
        return f"{result.verdict} {more.format(share=percent(found.probability_without))}"
    grey = _("Grey: those that may have spoken for it.")
    return f"{result.verdict} {grey}" if found.top else result.verdict
