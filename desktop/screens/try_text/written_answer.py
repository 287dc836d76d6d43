"""What a text-to-text model writes, while it writes it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import UserError
from core.i18n import _
from core.operations.generate import GenerateRequest, GenerateResult, generate
from core.written_words import ENDINGS
from desktop import boxes
from desktop.runner import BugError, Task
from desktop.session import Session
from desktop.theme.tokens import S2
from desktop.widgets.buttons import button
from desktop.widgets.fold import Fold
from desktop.widgets.icon import Spinner
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.lines_edit import LinesEdit
from desktop.widgets.message_panel import field_error
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import duration

N_LINES = 5


class WrittenAnswer(QWidget):
    """Asks a model to write, shows the pieces as they come, and keeps a right answer.

    Attributes:
        result: the answer to what was asked last; None until it is there.
    """

    kept = Signal(str)  # the text is to be added with this answer

    def __init__(self, session: Session) -> None:
        """Have written nothing."""
        super().__init__()
        self._session = session
        self._task: Task | None = None
        self.result: GenerateResult | None = None
        self.spinner, self.state = Spinner(14), text("", "caption", "ink_3")
        self.answer = LinesEdit(_("What the model writes"), N_LINES)
        self.stop, self.again = button(_("Stop"), "link"), button(_("Write again"), "link")
        self.copy = button(_("Copy"), "link")
        self.add = button(_("Add to dataset"), "small", "check")
        self.mends = wrapped(_("Mend the answer before you add it."), "caption", "ink_3")
        self.untrained = wrapped("", "body", "ink_2")
        before = text(_("Before the training"), "small_strong")
        self.before = column(Hairline(), 8, before, self.untrained, gap=4)
        self.seen = wrapped("", "mono", "ink_2")
        self.fold = Fold(_("What the model sees"), "", column(self.seen, margins=(26, 0, 0, 0)))
        self.thanks, self._problem = wrapped("", "small", "good"), column(gap=0)
        self._problem_at = QVBoxLayout()
        self._lay_out()
        self._connect()
        self.forget()

    def _lay_out(self) -> None:
        head = row(
            text(_("The model writes"), "heading"), 4, self.spinner, self.state, None,
            self.stop, self.again, self.copy,
        )  # fmt: skip
        keep = row(self.add, 4, (self.mends, 1))
        body = column(
            head, 6, self.answer, 4, keep, self.thanks, S2, self.before, S2, self.fold, gap=0
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._problem_at)
        layout.addWidget(body)

    def _connect(self) -> None:
        self.stop.clicked.connect(self._stop)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.answer.text()))
        self.add.clicked.connect(lambda: self.kept.emit(self.answer.text().strip()))
        self.answer.changed.connect(self._tell_state)

    @property
    def is_asking(self) -> bool:
        """Tell whether an answer is on its way."""
        return self._task is not None and not self._task.is_over

    def ask(self, request: GenerateRequest) -> None:
        """Let the model write; what it was writing before is dropped."""
        self.drop()
        self.result = None
        self.thanks.setText("")
        self._show_problem("")
        self.answer.set_text("")
        task = self._session.ask(generate, request)
        self._task = task
        task.updated.connect(self._show_pieces)
        task.succeeded.connect(self._show)
        task.failed.connect(self._fail)
        task.stopped.connect(self._tell_state)
        self._tell_state()

    def drop(self) -> None:
        """Stop writing; nothing that still comes of it is shown."""
        task, self._task = self._task, None
        if task and not task.is_over:
            for signal in (task.updated, task.succeeded, task.failed, task.stopped):
                signal.disconnect()
            task.stop()

    def forget(self) -> None:
        """Show nothing."""
        self.drop()
        self.result = None
        self.answer.set_text("")
        self.before.hide()
        self.fold.hide()
        self._show_problem("")
        self._tell_state()

    def thank(self, words: str) -> None:
        """Say that the text was added."""
        self.thanks.setText(words)
        self._tell_state()

    def _stop(self) -> None:
        if self._task:
            self._task.stop()

    def _show_pieces(self) -> None:
        if self._task:
            self.answer.set_text(self._task.written)
        self._tell_state()

    def _show(self, result: GenerateResult) -> None:
        self.result = result
        self.answer.set_text(result.answer)
        self.untrained.setText(result.untrained or _("Nothing."))
        self.before.setVisible(bool(result.untrained))
        self.seen.setText(result.prompt)
        self.fold.show()
        self._tell_state()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, BugError):
            boxes.show_error(self, error)
        step = error.next_step if isinstance(error, UserError) else ""
        self._show_problem(f"{error} {step}".strip())
        self._tell_state()

    def _show_problem(self, words: str) -> None:
        self._problem.deleteLater()
        self._problem = column(field_error(words), S2, gap=0) if words else column(gap=0)
        self._problem_at.addWidget(self._problem)

    def _tell_state(self) -> None:
        is_asking, has_words = self.is_asking, bool(self.answer.text().strip())
        self.spinner.setVisible(is_asking)
        self.stop.setVisible(is_asking)
        self.again.setVisible(not is_asking and has_words)
        self.copy.setVisible(has_words and not is_asking)
        self.state.setText(self._state_words(is_asking=is_asking))
        can_add = has_words and not is_asking and not self.thanks.text()
        self.add.setVisible(can_add)
        self.mends.setVisible(can_add)
        self.thanks.setVisible(bool(self.thanks.text()))

    def _state_words(self, *, is_asking: bool) -> str:
        if is_asking:
            return _("writing") if self.answer.text() else _("reading")
        if self.result is None:
            return ""
        words = _("Written in {time}").format(time=duration(self.result.elapsed_ms / 1000))
        ending = self.result.ending
        return f"{words} · {_(ENDINGS[ending])}" if ending else words
