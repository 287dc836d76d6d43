"""The default workflow reads what comes in, in the background."""

from core.changes import Changes
from core.i18n import _
from core.operations.choose_workflow import ReadNewRequest, has_new_texts, read_new_texts
from desktop.runner import Task
from desktop.session import Session


class ReadingAlong:
    """Starts reading when texts came in that the default workflow has not read."""

    def __init__(self, session: Session) -> None:
        """Listen to what changes."""
        self._session = session
        self._task: Task | None = None
        session.changed.connect(self.look)

    def look(self, changes: Changes) -> None:
        """Start where there is something to read, and nothing is being read."""
        is_reading = self._task is not None and not self._task.is_over
        if is_reading or not changes & Changes.INPUTS or not has_new_texts(self._session.db):
            return
        title = _("Reading new texts")
        self._task = self._session.start(read_new_texts, ReadNewRequest(), title=title)
