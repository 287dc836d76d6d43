"""Backs the open app up from time to time, without anybody waiting for it."""

from PySide6.QtCore import QObject, QTimer

from core.operations.back_up import EVERY_S
from desktop.runner import Task
from desktop.saving import SavedSession

LATER_MS = 60_000  # after which a backup that gave way is tried again


class BackingUp(QObject):
    """Knows when it is time; it gives way to whatever the analyst starts."""

    def __init__(self, session: SavedSession) -> None:
        """Back up what was left without a backup, and then every half hour."""
        super().__init__(session)
        self._session = session
        self.task: Task | None = None
        self._gave_way: Task | None = None
        self._timer = QTimer(self, interval=EVERY_S * 1_000)
        self._timer.timeout.connect(self.back_up)
        self._timer.start()
        session.jobs.changed.connect(self._give_way)
        self.back_up()

    def back_up(self) -> None:
        """Back up in the background, if something changed and the newest backup is old enough."""
        if self.task is None or self.task.is_over:
            self.task = self._session.back_up_by_itself()

    def _give_way(self) -> None:
        """Stop for a job that waits; not while the process still starts, which hears nothing."""
        task, jobs = self.task, self._session.jobs
        if task is None or task is not jobs.current or task is self._gave_way:
            return
        if task.progress.stage and any(other.title for other in jobs.waiting):
            self._gave_way = task
            task.stop()
            QTimer.singleShot(LATER_MS, self, self.back_up)
