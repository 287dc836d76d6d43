"""Settle texts that two people labelled otherwise, and write them as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files.csv_writer import csv_aside
from core.files.formulas import harmless
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.parts import in_parts
from core.records import Status
from core.storage.annotations import annotate, delete_annotations
from core.storage.database import Database
from core.storage.inputs import update_splits, update_status, update_targets
from core.storage.merges import (
    ANSWER,
    KINDS,
    LABELS,
    SPLIT,
    Disagreement,
    Said,
    Theirs,
    find_theirs,
    get_merge,
    list_disagreements,
    list_open_ids,
    settle,
)
from core.storage.search import index_all_texts

Side = Literal["ours", "theirs", "both"]
COLUMNS = ("id", "text", "yours", "theirs", "your answer", "their answer")
SPLIT_COLUMNS = ("your split", "their split", "settled")


class NotToSettleError(UserError):
    """A text is not among those in which both differ."""

    def __init__(self, input_id: int) -> None:
        super().__init__(
            _("There is nothing to settle about the text {id}.").format(id=input_id),
            next_step=_("Choose one of the texts that are listed as open."),
        )


@dataclass(frozen=True)
class SettleRequest:
    """Texts of a merge, and what they shall carry from now on.

    Attributes:
        side: whose word counts. Both together is for labels; answers and splits stay ours then.
        input_ids: of the texts. is_all: all that are open, instead of those.
        kinds: of `KINDS`, about what.
    """

    merge_id: int
    side: Side
    input_ids: tuple[int, ...] = ()
    is_all: bool = False
    kinds: tuple[str, ...] = KINDS


@dataclass(frozen=True)
class SettleResult:
    """How many texts are settled."""

    n_inputs: int
    changes: Changes = Changes.INPUTS | Changes.ANNOTATIONS | Changes.CONCEPTS


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
    """Give texts what one side says of them, or both together; one step of undo.

    Raises:
        MergeMissingError: there is no such merge.
        NotToSettleError: one of the texts is not open.
    """
    with app.database() as db:
        get_merge(db, request.merge_id)
        ids = _asked_for(request, list_open_ids(db, request.merge_id, request.kinds))
        words = ngettext("settle {n} text", "settle {n} texts", len(ids)).format(n=len(ids))
        if not ids:
            return SettleResult(0, Changes.NOTHING)
        with in_parts(db, ids, words, job) as parts:
            for step_id, some in parts:
                if request.side != "ours":
                    _take(db, request, some, step_id)
                settle(db, request.merge_id, some, request.kinds)
        for _left in index_all_texts(db):
            job.report(_("Making them searchable"))
    return SettleResult(len(ids))


def _asked_for(request: SettleRequest, open_ids: list[int]) -> list[int]:
    if request.is_all:
        return open_ids
    asked = set(request.input_ids)
    if strange := asked.difference(open_ids):
        raise NotToSettleError(min(strange))
    return [key for key in open_ids if key in asked]


def _take(db: Database, request: SettleRequest, ids: Sequence[int], step_id: int) -> None:
    """Take over what the other said, of what is still open."""
    for input_id, theirs in find_theirs(db, request.merge_id, ids).items():
        meant = {kind for kind in theirs.kinds if kind in request.kinds} - {*theirs.settled}
        if LABELS in meant:
            _take_labels(db, request.side, input_id, theirs, step_id)
        if ANSWER in meant and request.side == "theirs":
            update_targets(db, [(input_id, theirs.answer)])
        if SPLIT in meant and request.side == "theirs":
            update_splits(db, [(input_id, theirs.split)])


def _take_labels(db: Database, side: Side, input_id: int, theirs: Theirs, step_id: int) -> None:
    labels = theirs.labels or ()
    if side == "theirs":
        delete_annotations(db, [input_id], but=labels, only_positive=True)
        for key in theirs.denied:
            annotate(db, [input_id], key, positive=False, step_id=step_id)
    for key in labels:
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
        rows.writerow((*COLUMNS, *SPLIT_COLUMNS))
        for one in job.track(found, _("Writing texts")):
            rows.writerow([one.input_id, *map(harmless, _cells(one))])
    return DisagreementsResult(request.path, len(found))


def told_labels(said: Said, other: Said) -> tuple[str, ...]:
    """Return the labels that one of them gives, with what they deny of those of the other.

    Where they give none, all that they deny is told.
    """
    denied = [name for name in said.denied if not said.labels or name in other.labels]
    return (*said.labels, *(_("not {concept}").format(concept=name) for name in denied))


def _cells(one: Disagreement) -> list[str]:
    """Return the text, and in pairs what both say where they differ."""
    sides = (one.mine, one.theirs)
    pairs = (sides, sides[::-1])
    labels = ["|".join(told_labels(*two)) if LABELS in one.kinds else "" for two in pairs]
    answers = [said.answer if ANSWER in one.kinds else "" for said in sides]
    splits = [said.split if SPLIT in one.kinds else "" for said in sides]
    return [one.text, *labels, *answers, *splits, "yes" if one.is_settled else "no"]
