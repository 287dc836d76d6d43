"""Clear away what nobody can get back: old steps of undo, the old bin, texts without an owner."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.storage.bin import forget_binned, list_forgettable
from core.storage.database import transaction
from core.storage.inputs import delete_unused_texts
from core.storage.steps import forget_old_steps

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
    n_inputs = n_texts = 0
    with app.database() as db:
        with transaction(db):
            forget_old_steps(db, KEPT_STEPS)
        while ids := list_forgettable(db, AT_ONCE):
            job.report(_("Tidying up"))
            with transaction(db):
                forget_binned(db, ids)
            n_inputs += len(ids)
        n = AT_ONCE
        while n == AT_ONCE:
            job.report(_("Tidying up"))
            with transaction(db):
                n = delete_unused_texts(db, AT_ONCE)
            n_texts += n
    return TidyResult(n_inputs, n_texts)
