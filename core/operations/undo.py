"""Take back what was done last, or do it again."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.records import Step
from core.storage import steps


class NothingToUndoError(UserError):
    """There is no step to take back, or to do again."""


@dataclass(frozen=True)
class UndoResult:
    """The step that was taken back, or done again."""

    step: Step
    is_redone: bool = False
    changes: Changes = ~Changes.NOTHING

    @property
    def words(self) -> str:
        """Say what was done."""
        words = _("Done again: {step}") if self.is_redone else _("Taken back: {step}")
        return words.format(step=self.step.name)


def undo(app: AppFolder, job: Job) -> UndoResult:
    """Take back the newest step.

    Raises:
        NothingToUndoError: nothing was done yet, or all of it is taken back.
    """
    with app.database() as db:
        step = steps.undo(db, job)
    if step is None:
        raise NothingToUndoError(
            _("There is nothing to undo."), next_step=_("Change something first.")
        )
    return UndoResult(step)


def redo(app: AppFolder, job: Job) -> UndoResult:
    """Do again what was taken back last.

    Raises:
        NothingToUndoError: nothing was taken back since the last change.
    """
    with app.database() as db:
        step = steps.redo(db, job)
    if step is None:
        raise NothingToUndoError(
            _("There is nothing to do again."), next_step=_("Undo something first.")
        )
    return UndoResult(step, is_redone=True)
