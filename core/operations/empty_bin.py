"""Delete for good what is in the bin: from the tables, the history, the search and the file."""

from collections.abc import Sequence

from core.i18n import _
from core.jobs import Job
from core.storage.bin import forget_binned
from core.storage.database import Database, chunks, compact, transaction, without_foreign_keys
from core.storage.inputs import delete_unused_texts
from core.storage.search import merge_index
from core.storage.undo_log import forget_inputs

INPUTS_AT_ONCE, TEXTS_AT_ONCE = 5_000, 2_000


def empty_bin(db: Database, ids: Sequence[int], job: Job) -> None:
    """Forget inputs in the bin and leave no trace of their texts in the app's file.

    The steps that put them there bring nothing back. Texts that other inputs, versions or edits
    that can be undone have stay. Stopped, what is forgotten by then is.

    Raises:
        DiskFullError: writing the file anew takes as much room as it has; what was in the bin is
            gone from the app, but may be read from the file with other programs.
        JobCancelled: the analyst asked to stop.
    """
    for n_done, some in enumerate(chunks(ids, INPUTS_AT_ONCE)):
        job.report(_("Emptying the bin"), n_done * INPUTS_AT_ONCE, len(ids))
        with transaction(db):
            forget_binned(db, some)
    with transaction(db):
        forget_inputs(db, ids)
    delete_texts(db, job, _("Emptying the bin"))
    with transaction(db):
        merge_index(db)
    job.report(_("Writing the app's file anew"))
    compact(db)


def delete_texts(db: Database, job: Job, stage: str) -> int:
    """Delete the texts that nothing has any more, in small bites; return how many."""
    n_texts, n = 0, TEXTS_AT_ONCE
    while n == TEXTS_AT_ONCE:
        job.report(stage)
        # looking for what points to a text takes the longer, the more inputs there are
        with without_foreign_keys(db), transaction(db):
            n = delete_unused_texts(db, TEXTS_AT_ONCE)
        n_texts += n
    return n_texts
