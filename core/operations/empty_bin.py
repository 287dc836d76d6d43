"""Delete for good what is in the bin: from the tables, the history, the search and the file."""

import shutil
from collections.abc import Sequence

from core.errors import DiskFullError, UserError, writing_to
from core.i18n import _
from core.jobs import Job
from core.storage.about import forget_about, get_about, update_about
from core.storage.bin import forget_binned
from core.storage.database import (
    Database,
    chunks,
    compact,
    path_of,
    transaction,
    without_foreign_keys,
)
from core.storage.inputs import delete_unused_texts
from core.storage.search import merge_index
from core.storage.undo_log import forget_inputs

INPUTS_AT_ONCE, TEXTS_AT_ONCE = 5_000, 2_000
TRACES = "traces"  # what an app says of itself as long as its file was not written anew


class TracesStayError(UserError):
    """What was in the bin is gone from the app, but not from its file."""

    def __init__(self) -> None:
        super().__init__(
            _("The bin is emptied, but traces of its texts may still be in the app's file."),
            next_step=_("See that the disk has room; they go when the app is opened next."),
        )


def empty_bin(db: Database, ids: Sequence[int], job: Job) -> None:
    """Forget inputs in the bin and leave no trace of their texts in the app's file.

    The steps that put them there bring nothing back. Texts that other inputs, versions or edits
    that can be undone have stay. Stopped, what is forgotten by then is.

    Raises:
        DiskFullError: writing the file anew takes as much room as it has; nothing was changed.
        TracesStayError: it failed later; what was in the bin is gone from the app, but may be read
            from the file with other programs.
        JobCancelled: the analyst asked to stop.
    """
    path = path_of(db)
    with writing_to(path.parent):
        free, needed = shutil.disk_usage(path.parent).free, path.stat().st_size
    if free < needed:
        raise DiskFullError(path.parent, needed)
    for n_done, some in enumerate(chunks(ids, INPUTS_AT_ONCE)):
        job.report(_("Emptying the bin"), n_done * INPUTS_AT_ONCE, len(ids))
        with transaction(db):
            update_about(db, **{TRACES: "1"})
            forget_binned(db, some)
            forget_inputs(db, some)
    try:
        wipe_traces(db, job)
    except UserError as error:
        raise TracesStayError from error


def wipe_traces(db: Database, job: Job) -> None:
    """Leave no trace in the app's file of texts that were emptied from the bin, if there are any.

    Raises:
        DiskFullError, AppUnreachableError: the traces are left for the next time.
    """
    if not get_about(db, TRACES):
        return
    delete_texts(db, job, _("Emptying the bin"))
    with transaction(db):
        merge_index(db)
    job.report(_("Writing the app's file anew"))
    compact(db)
    with transaction(db):
        forget_about(db, TRACES)


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
