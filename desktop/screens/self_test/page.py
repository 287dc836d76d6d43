"""The offline self-test: its steps as they go, what it found, and a report to copy."""

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import UserError
from core.i18n import _
from core.self_test import STEPS, SelfTestRequest, SelfTestResult, self_test
from desktop import boxes
from desktop.runner import JobRunner, Task
from desktop.theme.tokens import S2
from desktop.widgets.buttons import Button, button
from desktop.widgets.footer import FooterBar, stand_above
from desktop.widgets.layout import Hairline, Item, clip, column, step_body
from desktop.widgets.message_panel import MessagePanel, error_panel
from desktop.widgets.progress_panel import StageRow
from desktop.widgets.text import heading, wrapped

MOST, TICK_MS = 760, 500


class SelfTestPage(QWidget):
    """Runs the self-test in a process that is made for it and thrown away.

    Attributes:
        rows: the steps. message: what came of it. how: the lines on how the network was taken.
        task: what runs; None if nothing does. result: what the last run found.
    """

    ended = Signal()

    def __init__(self, *before: Button, new_runner: Callable[[], JobRunner] = JobRunner) -> None:
        """Show the steps; `before` stand left of the buttons in the footer."""
        super().__init__()
        self._new_runner = new_runner
        self._runner: JobRunner | None = None
        self.task: Task | None = None
        self.result: SelfTestResult | None = None
        self.message: MessagePanel | None = None
        self.begin = button(_("Start the test"), "primary", "play")
        self.stop = button(_("Stop"), "danger", "square")
        self.copy = button(_("Copy report"), icon_name="copy")
        self.how = wrapped("", "small", "ink_2")
        self.rows: list[StageRow] = []
        self._messages, self._steps = QVBoxLayout(), QVBoxLayout()
        self._began: dict[int, float] = {}
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._show_time)
        self.footer = FooterBar(*before, self.copy, self.stop, self.begin)
        stand_above(self.footer, self._body(), self)
        self.begin.clicked.connect(self.start)
        self.stop.clicked.connect(self._stop)
        self.copy.clicked.connect(self._copy)
        self._show_steps()
        self._show_idle()

    def _body(self) -> QWidget:
        lead = _(
            "Makes an app from a sample in a temporary folder, trains a model and uses it, while "
            "the network is taken away. Whatever asks for it is refused, counted and named. It "
            "takes about a minute and touches nothing of yours."
        )
        holders = [QWidget(), QWidget()]
        for holder, layout in zip(holders, (self._messages, self._steps), strict=True):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
            holder.setLayout(layout)
        content = column(*holders, self.how, None, gap=S2)
        title = heading(_("Offline self-test"), lead)
        return step_body(S2, title, (clip(content), 1), most=MOST)

    def first_focus(self) -> QWidget:
        """Return what takes the keyboard when the page opens."""
        return self.begin

    def start(self) -> None:
        """Run the test from its beginning."""
        if self.task:
            return
        self.result = None
        self._say(None)
        self.how.setText("")
        self._show_steps()
        self._began = {}
        self._runner = self._new_runner()
        self.task = task = self._runner.start(
            self_test, SelfTestRequest(), title=_("Offline self-test")
        )
        task.updated.connect(self._show_progress)
        task.succeeded.connect(self._show_result)
        task.failed.connect(self._refuse)
        task.stopped.connect(lambda: self._say(MessagePanel("good", _("Stopped."))))
        task.ended.connect(self._end)
        self._tick.start()
        self._show_idle()
        self.stop.setFocus()

    def close_process(self) -> None:
        """End what runs, whatever it is doing."""
        self._tick.stop()
        if self._runner:
            self._runner.close()
            self._runner.deleteLater()
            self._runner = None

    # -- how it goes -----------------------------------------------------------------------------
    def _show_steps(self) -> None:
        while item := self._steps.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.rows = [StageRow(_(step)) for step in STEPS]
        items: list[Item] = [part for one in self.rows for part in (one, Hairline())]
        for part in items[:-1]:
            assert isinstance(part, QWidget)
            self._steps.addWidget(part)

    def _show_progress(self) -> None:
        progress = self.task.progress if self.task else None
        if progress and progress.total and progress.done not in self._began:
            now = time.monotonic()
            if done := self._began.get(progress.done - 1):
                self.rows[progress.done - 1].show_done(now - done)
            self._began[progress.done] = now
        self._show_time()

    def _show_time(self) -> None:
        if self._began and self.task and not self.task.is_over:
            place = max(self._began)
            self.rows[place].show_running(time.monotonic() - self._began[place])

    def _show_result(self, result: SelfTestResult) -> None:
        self.result = result
        for shown, step in zip(self.rows, result.steps, strict=False):
            shown.name.setText(f"{step.what}: {step.found}")
            if step.has_passed:
                shown.show_done(step.seconds)
            else:
                shown.show_failed()
        self._say(MessagePanel("good" if result.has_passed else "bad", result.headline()))
        self.how.setText("\n".join(result.offline_lines()))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._say(error_panel(error))
        else:
            boxes.show_error(self.window(), error)

    def _end(self) -> None:
        had_focus = self.stop.hasFocus()
        self.task = None
        self.close_process()
        self._show_idle()
        if had_focus:
            (self.copy if self.result else self.begin).setFocus()
        self.ended.emit()

    def _show_idle(self) -> None:
        is_idle = self.task is None
        self.begin.setVisible(is_idle)
        self.stop.setVisible(not is_idle)
        self.copy.setVisible(is_idle and self.result is not None)
        self.footer.set_note("" if is_idle else _("The network is taken away from the test only."))

    def _stop(self) -> None:
        if self.task:
            self.task.stop()

    def _copy(self) -> None:
        if self.result:
            QGuiApplication.clipboard().setText("\n".join(self.result.lines()))

    def _say(self, message: MessagePanel | None) -> None:
        if self.message:
            self._messages.removeWidget(self.message)
            self.message.hide()
            self.message.deleteLater()
        self.message = message
        if message:
            self._messages.addWidget(message)
