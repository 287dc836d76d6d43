"""Settle texts that two people labelled otherwise, and write them as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.app_folder import AppFolder
from core.changes import Changes
from core.files.csv_writer import csv_aside
from core.files.formulas import harmless
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.parts import in_parts
from core.records import Status
from core.storage.annotations import annotate, delete_annotations
from core.storage.database import Database
from core.storage.inputs import update_status
from core.storage.merges import find_theirs, get_merge, list_disagreements, settle

Side = Literal["mine", "theirs", "both"]


@dataclass(frozen=True)
class SettleRequest:
    """Texts of a merge, and whose labels they shall have from now on; none means all open ones."""

    merge_id: int
    side: Side
    input_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class SettleResult:
    """How many texts are settled."""

    n_inputs: int
    changes: Changes = Changes.ANNOTATIONS | Changes.CONCEPTS


@dataclass(frozen=True)
class DisagreementsRequest:
    """Which merge, and the CSV file that is written."""

    merge_id: int
    path: Path


@dataclass(frozen=True)
class DisagreementsResult:
    """The file, and how many texts are in it."""

    path: Path
    n_texts: int
    changes: Changes = Changes.NOTHING


def settle_disagreements(app: AppFolder, request: SettleRequest, job: Job) -> SettleResult:
    """Give texts the labels of one side, or of both together; one step of undo.

    Raises:
        MergeMissingError: there is no such merge.
    """
    with app.database() as db:
        get_merge(db, request.merge_id)
        found = list_disagreements(db, request.merge_id, only_open=True)
        asked = set(request.input_ids)
        ids = [one.input_id for one in found if not asked or one.input_id in asked]
        words = ngettext("settle {n} text", "settle {n} texts", len(ids)).format(n=len(ids))
        with in_parts(db, ids, words, job) as parts:
            for step_id, some in parts:
                if request.side != "mine":
                    _take(db, request, some, step_id)
                settle(db, request.merge_id, some)
    return SettleResult(len(ids))


def _take(db: Database, request: SettleRequest, ids: Sequence[int], step_id: int) -> None:
    for input_id, theirs in find_theirs(db, request.merge_id, ids).items():
        if request.side == "theirs":
            delete_annotations(db, [input_id], but=theirs, only_positive=True)
        for key in theirs:
            annotate(db, [input_id], key, positive=True, step_id=step_id)
        update_status(db, [input_id], Status.NONE)


def export_disagreements(
    app: AppFolder, request: DisagreementsRequest, job: Job
) -> DisagreementsResult:
    """Write the texts on which both disagree, with what each said, as CSV.

    Raises:
        MergeMissingError: there is no such merge.
        OwnFileError, DiskFullError, NotWritableError: it cannot be written there.
    """
    app.check_outside(request.path)
    with app.database() as db:
        get_merge(db, request.merge_id)
        found = list_disagreements(db, request.merge_id)
    with csv_aside(request.path, encoding="utf-8-sig", delimiter=",") as rows:
        rows.writerow(("text", "yours", "theirs", "settled"))
        for one in job.track(found, _("Writing texts")):
            cells = (one.text, "|".join(one.mine), "|".join(one.theirs))
            rows.writerow([*map(harmless, cells), "yes" if one.is_settled else "no"])
    return DisagreementsResult(request.path, len(found))
