"""Clear away what nobody can get back: old steps of undo, the old bin, texts without an owner."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.operations.empty_bin import delete_texts, wipe_traces
from core.storage.bin import forget_binned, list_forgettable
from core.storage.database import overwrite_what_is_deleted, transaction
from core.storage.steps import forget_old_steps
from core.storage.undo_log import forget_inputs

KEPT_STEPS = 200
AT_ONCE = 2_000


@dataclass(frozen=True)
class TidyResult:
    """How much was cleared away."""

    n_inputs: int
    n_texts: int
    changes: Changes = Changes.NOTHING


def tidy_up(app: AppFolder, job: Job) -> TidyResult:
    """Clear away, in small bites so that others can write in between; stopped, the rest waits."""
    n_inputs = 0
    with app.database() as db:
        overwrite_what_is_deleted(db)
        with transaction(db):
            forget_old_steps(db, KEPT_STEPS)
        while ids := list_forgettable(db, AT_ONCE):
            job.report(_("Tidying up"))
            with transaction(db):
                forget_binned(db, ids)
                forget_inputs(db, ids)
            n_inputs += len(ids)
        wipe_traces(db, job)
        n_texts = delete_texts(db, job, _("Tidying up"))
    return TidyResult(n_inputs, n_texts)
