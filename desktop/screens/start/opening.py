"""An app from a file on its way in: how far it is, and a way to stop it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from desktop.runner import Task
from desktop.theme.tokens import S2
from desktop.widgets.buttons import button
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.text import heading


class OpeningPage(QWidget):
    """Shows an app that is unpacked and checked while that runs.

    Attributes:
        stop: asks to stop; then nothing is left of it.
    """

    def __init__(self, task: Task) -> None:
        """Show how far the task is, and go on showing it."""
        super().__init__()
        self._task = task
        self.progress = ProgressPanel()
        self.stop = button(_("Stop"), "secondary", "square")
        self.stop.clicked.connect(task.stop)
        lead = _("Every file of it is checked before the app opens.")
        body = column(
            heading(task.title, lead), S2, row(self.progress, None), S2, row(self.stop, None), None
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(clip(step_body((body, 1))))
        task.updated.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show how far it is."""
        task = self._task
        if task.progress.stage:
            self.progress.set_progress(
                task.progress.stage,
                task.progress.done,
                task.progress.total,
                seconds_left=None,
                elapsed_s=task.seconds,
            )
