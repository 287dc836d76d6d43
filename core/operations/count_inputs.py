"""Count what a list shows: how many inputs each split has, and how many are unlabelled."""

from dataclasses import dataclass, replace

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.storage.database import Database
from core.storage.filters import InputFilter, count_inputs, count_splits


@dataclass(frozen=True)
class Counts:
    """How many inputs there are by split ("" for none), and how many nobody labelled."""

    splits: dict[str, int]
    n_unlabelled: int
    changes: Changes = Changes.NOTHING


def count_listed(app: AppFolder, wanted: InputFilter, job: Job) -> Counts:
    """Return the counts of the inputs that match."""
    job.report(_("Counting"))
    with app.database() as db:
        return read_counts(db, wanted)


def read_counts(db: Database, wanted: InputFilter) -> Counts:
    """Return the counts of the inputs that match, from an open app."""
    splits = count_splits(db, wanted)
    n_unlabelled = 0
    if wanted.labelling == "unlabelled":
        n_unlabelled = sum(splits.values())
    elif not wanted.labelling:
        n_unlabelled = count_inputs(db, replace(wanted, labelling="unlabelled"))
    return Counts(splits, n_unlabelled)
