"""Correct, describe, move, delete and restore inputs, one or a million."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import ngettext
from core.jobs import Job
from core.operations.add_texts import checked_target, checked_text
from core.operations.back_up import BULK, back_up_before
from core.operations.empty_bin import empty_bin
from core.operations.parts import in_parts
from core.records import Origin
from core.storage.bin import list_binned_ids
from core.storage.database import Database
from core.storage.datasets import add_dataset, add_to_dataset, get_dataset, remove_from_dataset
from core.storage.filters import Selection, selected_ids
from core.storage.inputs import update_metadata, update_splits, update_targets, update_text
from core.storage.names import storable
from core.storage.search import index_texts
from core.storage.thinning import Reason
from core.storage.undo_log import bin_inputs, restore_inputs


@dataclass(frozen=True)
class TextEdits:
    """Other texts for inputs, by key; their annotations stay."""

    texts: tuple[tuple[int, str], ...]
    origin: Origin = Origin.PERSON


@dataclass(frozen=True)
class TargetEdits:
    """Other targets for inputs, by key; "" takes one away."""

    targets: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class SplitEdit:
    """What inputs are kept for: "train", "validation", "test" or ""."""

    inputs: Selection
    split: str


@dataclass(frozen=True)
class MetadataEdit:
    """A value of the metadata of inputs; None takes it away."""

    inputs: Selection
    name: str
    value: str | None


@dataclass(frozen=True)
class MembershipEdit:
    """Inputs to put into a dataset, made if it is new, or (`belongs` is False) to take out."""

    inputs: Selection
    dataset: str
    belongs: bool = True


@dataclass(frozen=True)
class InputDeletion:
    """Inputs to put into the bin, with their annotations."""

    inputs: Selection
    origin: Origin = Origin.PERSON


@dataclass(frozen=True)
class InputRestoration:
    """Inputs to take out of the bin; none are named for all of them."""

    input_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class BinEmptying:
    """Delete for good what is in the bin. This cannot be undone."""


InputRequest = (
    TextEdits
    | TargetEdits
    | SplitEdit
    | MetadataEdit
    | MembershipEdit
    | InputDeletion
    | InputRestoration
    | BinEmptying
)


@dataclass(frozen=True)
class EditInputsResult:
    """How many inputs were meant, and what undo calls what was done; "" for what is for good."""

    n_inputs: int
    changes: Changes = Changes.INPUTS | Changes.ANNOTATIONS | Changes.CONCEPTS | Changes.DATASETS
    step: str = ""


def edit_inputs(app: AppFolder, request: InputRequest, job: Job) -> EditInputsResult:
    """Change the inputs of an app, as one step of undo; frozen dataset versions keep theirs.

    Before many are deleted, the app is backed up.

    Raises:
        NoTextError, TextTooLongError: a new text is empty, or longer than a book; a target may
            be empty.
        DatasetNameError, DatasetMissingError: a dataset cannot be called that, or is not there.
    """
    with app.database() as db:
        ids = _ids(db, request)
        if isinstance(request, BinEmptying | InputDeletion) and len(ids) > BULK:
            back_up_before(app, db, Reason.DELETION, job)
        if isinstance(request, BinEmptying):
            empty_bin(db, ids, job)
            return EditInputsResult(len(ids))
        origin = getattr(request, "origin", Origin.PERSON)
        step = _name(request, len(ids))
        with in_parts(db, ids, step, job, origin=origin) as parts:
            for step_id, some in parts:
                _edit(db, some, request, step_id)
    return EditInputsResult(len(ids), step=step)


def _ids(db: Database, request: InputRequest) -> Sequence[int]:
    match request:
        case TextEdits(texts):
            return [input_id for input_id, _text in texts]
        case TargetEdits(targets):
            return [input_id for input_id, _target in targets]
        case InputRestoration(input_ids):
            return list_binned_ids(db, input_ids or None)
        case BinEmptying():
            return list_binned_ids(db)
        case _:
            return selected_ids(db, request.inputs)


def _edit(db: Database, ids: list[int], request: InputRequest, step_id: int) -> None:
    match request:
        case TextEdits() | TargetEdits():
            _rewrite(db, ids, request)
        case SplitEdit(split=split):
            update_splits(db, ((input_id, split) for input_id in ids))
        case MetadataEdit(name=name, value=value):
            kept = None if value is None else storable(value)
            update_metadata(db, ids, storable(name).strip(), kept)
        case MembershipEdit(dataset=dataset, belongs=belongs):
            _move(db, ids, dataset, belongs=belongs)
        case InputDeletion():
            bin_inputs(db, step_id, ids)
        case InputRestoration():
            restore_inputs(db, step_id, ids)


def _rewrite(db: Database, ids: list[int], request: TextEdits | TargetEdits) -> None:
    if isinstance(request, TextEdits):
        texts = dict(request.texts)
        for input_id in ids:
            update_text(db, input_id, checked_text(texts[input_id]))
    else:
        targets = dict(request.targets)
        update_targets(db, [(key, checked_target(targets[key])) for key in ids])
        index_texts(db)


def _move(db: Database, ids: list[int], dataset: str, *, belongs: bool) -> None:
    if belongs:
        add_to_dataset(db, add_dataset(db, dataset), ids)
    else:
        remove_from_dataset(db, get_dataset(db, dataset).id, ids)


def _name(request: InputRequest, n_inputs: int) -> str:
    match request:
        case TextEdits():
            words = ngettext("edit {n} text", "edit {n} texts", n_inputs)
        case TargetEdits():
            words = ngettext("edit {n} answer", "edit {n} answers", n_inputs)
        case SplitEdit() | MetadataEdit():
            words = ngettext("change {n} text", "change {n} texts", n_inputs)
        case MembershipEdit(belongs=True):
            words = ngettext(
                "put {n} text into {dataset}", "put {n} texts into {dataset}", n_inputs
            )
        case MembershipEdit():
            words = ngettext(
                "take {n} text out of {dataset}", "take {n} texts out of {dataset}", n_inputs
            )
        case InputRestoration():
            words = ngettext("restore {n} text", "restore {n} texts", n_inputs)
        case _:
            words = ngettext("delete {n} text", "delete {n} texts", n_inputs)
    return words.format(n=f"{n_inputs:,}", dataset=getattr(request, "dataset", ""))
