"""A check on its way: how far it is, and its stages."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from desktop.runner import Task
from desktop.theme.tokens import S2
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.text import heading


class RunningPage(QWidget):
    """Shows a check while it runs."""

    def __init__(self, task: Task) -> None:
        """Show how far it is; `refresh` shows how far it is now."""
        super().__init__()
        self._task = task
        self.progress = ProgressPanel()
        body = column(heading(_("Checking the data")), S2, row(self.progress, None), None, gap=0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(clip(step_body((body, 1))))
        self.refresh()

    def refresh(self) -> None:
        """Show how far the check is."""
        task = self._task
        if task.is_waiting:
            self.progress.headline.setText(_("Waiting"))
            self.progress.sentence.setText(_("It begins when what runs now is done."))
        elif task.progress.stage:
            self.progress.set_progress(
                task.progress.stage,
                task.progress.done,
                task.progress.total,
                seconds_left=None,
                elapsed_s=task.seconds,
            )
