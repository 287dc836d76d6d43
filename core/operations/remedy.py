"""Put right what a data check found, all findings of a kind or some, as one step of undo."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.cures import Change, plan
from core.operations.parts import in_parts
from core.records import Input, Origin, Status
from core.storage import annotations
from core.storage.data_checks import (
    DataCheck,
    dismiss_groups,
    get_check,
    get_groups,
    list_groups,
)
from core.storage.database import Database, chunks, transaction
from core.storage.datasets import remove_from_dataset
from core.storage.inputs import (
    get_inputs,
    update_splits,
    update_status,
    update_targets,
    update_text,
)
from core.storage.undo_log import bin_inputs

PAGE = 2_000  # groups read at once


class CheckOutdatedError(UserError):
    """A newer check took the place of the one that is meant."""

    def __init__(self) -> None:
        super().__init__(
            _("A newer check of this dataset was made meanwhile."),
            next_step=_("Look at what the newer check found."),
        )


@dataclass(frozen=True)
class RemedyRequest:
    """Which findings of a check, and what is done about them.

    Attributes:
        cure: a key of `finding_kinds.CURES` that the kind has.
        numbers: the groups; none are named for all that still hold and were not dismissed.
        at_least: of these only those with at least this score.
    """

    check_id: int
    kind: str
    cure: str
    numbers: tuple[int, ...] = ()
    at_least: float = 0.0


@dataclass(frozen=True)
class DismissRequest:
    """Findings that are fine, or (`is_dismissed` is False) are not after all."""

    check_id: int
    kind: str
    numbers: tuple[int, ...]
    is_dismissed: bool = True


@dataclass(frozen=True)
class RemedyResult:
    """How many texts were changed, and how many findings were left as they are.

    Left are ties of a majority, and duplicates whose labels contradict each other.
    """

    n_inputs: int
    n_left: int = 0
    changes: Changes = Changes.INPUTS | Changes.ANNOTATIONS | Changes.CONCEPTS | Changes.DATASETS


@dataclass(frozen=True)
class DismissResult:
    """How many findings were dismissed or brought back."""

    n_groups: int
    changes: Changes = Changes.NOTHING


def remedy(app: AppFolder, request: RemedyRequest, job: Job) -> RemedyResult:
    """Put findings right, as one step of undo; those that hold no more are passed over.

    Raises:
        CheckOutdatedError: a newer check took the place of this one.
    """
    with app.database() as db:
        check = _check(db, request.check_id)
        changes: dict[int, Change] = {}
        n_left = 0
        for members, detail in _members(db, check, request, job):
            is_exclusive = bool(check.summary.get("is_exclusive"))
            planned = plan(request.cure, members, detail, changes, is_exclusive=is_exclusive)
            changes |= planned or {}
            n_left += planned is None
        ids = list(changes)
        name = _name(request.cure, len(ids))
        with in_parts(db, ids, name, job, origin=Origin.DATA_CHECK) as parts:
            for step_id, some in parts:
                _change(db, check, {i: changes[i] for i in some}, step_id)
        return RemedyResult(len(ids), n_left)


def dismiss(app: AppFolder, request: DismissRequest, _job: Job) -> DismissResult:
    """Say that findings are fine, now and in later checks; or take that back.

    Raises:
        CheckOutdatedError: a newer check took the place of this one.
    """
    with app.database() as db:
        check = _check(db, request.check_id)
        with transaction(db):
            dismiss_groups(
                db, check, request.kind, request.numbers, is_dismissed=request.is_dismissed
            )
    return DismissResult(len(request.numbers))


def _check(db: Database, check_id: int) -> DataCheck:
    check = get_check(db, check_id)
    if check is None:
        raise CheckOutdatedError
    return check


def _members(
    db: Database, check: DataCheck, request: RemedyRequest, job: Job
) -> Iterator[tuple[list[Input], dict[str, Any]]]:
    """Yield the texts of each finding that are still as they were found, and what is known."""
    numbers: Sequence[int] = list_groups(db, check, request.kind, at_least=request.at_least)
    if request.numbers:
        numbers = sorted(set(numbers) & set(request.numbers))
    for n_done, some in enumerate(chunks(numbers, PAGE)):
        job.report(_("Looking at what was found"), n_done * PAGE, len(numbers))
        groups = get_groups(db, check, request.kind, some)
        standing = [f.input_id for group in groups for f in group.findings if f.is_standing]
        inputs = {item.id: item for item in get_inputs(db, sorted(set(standing)))}
        for group in groups:
            ids = (f.input_id for f in group.findings if f.is_standing)
            yield [inputs[i] for i in ids], group.findings[0].detail


def _change(db: Database, check: DataCheck, changes: dict[int, Change], step_id: int) -> None:
    """Do what is planned to some inputs."""
    labels: dict[tuple[int, bool | None], list[int]] = {}
    for input_id, change in changes.items():
        for said in change.labels:
            labels.setdefault(said, []).append(input_id)
    annotations.delete_annotations(db, [i for i, c in changes.items() if c.is_cleared])
    for (concept_id, positive), ids in labels.items():
        annotations.annotate(db, ids, concept_id, positive=positive, step_id=step_id)
    for status in Status:
        update_status(db, [i for i, c in changes.items() if c.status == status], status)
    update_splits(db, ((i, c.split) for i, c in changes.items() if c.split))
    for input_id, change in changes.items():
        if change.text:
            update_text(db, input_id, change.text)
    update_targets(db, [(i, c.target) for i, c in changes.items() if c.target])
    remove_from_dataset(db, check.dataset_id, (i for i, c in changes.items() if c.is_taken_out))
    if binned := [i for i, c in changes.items() if c.is_binned]:
        bin_inputs(db, step_id, binned)


def _name(cure: str, n: int) -> str:
    """Return the step's name, as in "Undo: bin 12 texts"."""
    words = {
        "keep-one": ngettext("merge {n} duplicate", "merge {n} duplicates", n),
        "unsure": ngettext("mark {n} text as unsure", "mark {n} texts as unsure", n),
        "majority": ngettext("settle {n} label", "settle {n} labels", n),
        "suggestion": ngettext("correct {n} label", "correct {n} labels", n),
        "clear": ngettext("clear {n} doubtful label", "clear {n} doubtful labels", n),
        "hold-out": ngettext("move {n} text out of training", "move {n} texts out of training", n),
        "mask": ngettext("mask personal data in {n} text", "mask personal data in {n} texts", n),
        "take-out": ngettext(
            "take {n} text out of the dataset", "take {n} texts out of the dataset", n
        ),
    }
    default = ngettext("bin {n} text", "bin {n} texts", n)
    return words.get(cure, default).format(n=f"{n:,}")
