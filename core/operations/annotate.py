"""Say what inputs are about, take it back, or answer that nobody can tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.back_up import BULK, back_up_before
from core.operations.parts import in_parts
from core.records import Origin, Status
from core.storage import annotations
from core.storage.about import get_about
from core.storage.concepts import add_concepts, checked_name, get_concept, list_concepts
from core.storage.database import Database
from core.storage.filters import Selection, selected_ids
from core.storage.inputs import get_inputs, list_twins, update_note, update_status
from core.storage.thinning import Reason

SHARE_LABELS = "identical_texts_share_labels"  # an app's own setting: "1" or ""


@dataclass(frozen=True)
class AnnotateRequest:
    """Which inputs, which concept (made if it is new), and what is said: None takes it back.

    Attributes:
        only: the inputs carry no other concept than this one afterwards.
    """

    inputs: Selection
    concept: str
    positive: bool | None = True
    only: bool = False
    origin: Origin = Origin.PERSON


@dataclass(frozen=True)
class AcceptRequest:
    """Inputs whose texts a person read, and accepts what a model suggested for them.

    Attributes:
        only: the inputs carry no other concepts than these afterwards.
    """

    inputs: Selection
    concepts: tuple[str, ...]
    only: bool = False


@dataclass(frozen=True)
class ClearRequest:
    """Inputs of which nothing shall be said any more."""

    inputs: Selection


@dataclass(frozen=True)
class NoneRequest:
    """Inputs that carry none of the concepts of which nothing was said yet."""

    inputs: Selection


@dataclass(frozen=True)
class AnswerRequest:
    """Inputs that nobody can tell the concept of (unsure), or that were passed over (skipped)."""

    inputs: Selection
    status: Status


@dataclass(frozen=True)
class NoteRequest:
    """A note on an input; "" takes it away."""

    input_id: int
    note: str


Said = AnnotateRequest | AcceptRequest | ClearRequest | NoneRequest | AnswerRequest | NoteRequest


@dataclass(frozen=True)
class AnnotateResult:
    """How many inputs were meant, and what undo calls what was done."""

    n_inputs: int = 1
    step: str = ""
    changes: Changes = Changes.CONCEPTS | Changes.ANNOTATIONS


def annotate(app: AppFolder, request: Said, job: Job) -> AnnotateResult:
    """Keep what a person says about inputs; one step of undo, however many they are.

    Before labels of many are taken away, the app is backed up.

    Raises:
        ConceptNameError: the concept's name is empty or too long.
        ConceptMissingError: a label is taken back that no text can have.
    """
    with app.database() as db:
        if isinstance(request, NoteRequest):
            ids: Sequence[int] = (request.input_id,)
        else:
            ids = selected_ids(db, request.inputs)
            if get_about(db, SHARE_LABELS) and not isinstance(request, AnswerRequest):
                ids = list_twins(db, ids)
        if _takes_away(request) and len(ids) > BULK:
            back_up_before(app, db, Reason.DELETION, job)
        origin = _origin(request)
        name = _name(request, len(ids))
        with in_parts(db, ids, name, job, origin=origin) as parts:
            for step_id, some in parts:
                _say(db, some, request, step_id)
    return AnnotateResult(len(ids), name)


def _takes_away(request: Said) -> bool:
    """Tell whether labels go."""
    is_taken = isinstance(request, AnnotateRequest) and request.positive is None
    return is_taken or isinstance(request, ClearRequest)


def _origin(request: Said) -> Origin:
    if isinstance(request, AcceptRequest):
        return Origin.SUGGESTION
    return request.origin if isinstance(request, AnnotateRequest) else Origin.PERSON


def _say(db: Database, ids: Sequence[int], request: Said, step_id: int) -> None:
    match request:
        case AnnotateRequest() | AcceptRequest():
            _carry(db, ids, request, step_id)
        case ClearRequest():
            annotations.delete_annotations(db, ids)
            update_status(db, ids, Status.NONE)
        case NoneRequest():
            _deny_rest(db, ids, step_id)
            update_status(db, ids, Status.NONE)
        case AnswerRequest(status=status):
            update_status(db, ids, status)
        case NoteRequest(input_id, note):
            update_note(db, input_id, note)


def _carry(
    db: Database, ids: Sequence[int], request: AnnotateRequest | AcceptRequest, step_id: int
) -> None:
    """Say that inputs carry concepts, or do not, or say nothing of one any more."""
    positive: bool | None = True
    if isinstance(request, AcceptRequest):
        concept_ids = list(add_concepts(db, request.concepts).values())
    else:
        positive = request.positive
        concept_ids = [_concept_id(db, request.concept, is_made=positive is not None)]
    if request.only:
        annotations.delete_annotations(db, ids, but=concept_ids, only_positive=True)
    for concept_id in concept_ids:
        annotations.annotate(db, ids, concept_id, positive=positive, step_id=step_id)
    if positive is not None:
        update_status(db, ids, Status.NONE)


def _concept_id(db: Database, name: str, *, is_made: bool) -> int:
    """Return the key of a concept, made if it is new and may be."""
    return add_concepts(db, [name])[name] if is_made else get_concept(db, checked_name(name)).id


def _deny_rest(db: Database, ids: Sequence[int], step_id: int) -> None:
    concept_ids = [concept.id for concept in list_concepts(db)]
    for said in get_inputs(db, ids):
        for concept_id in {*concept_ids} - {*said.positive, *said.negative}:
            annotations.annotate(db, [said.id], concept_id, positive=False, step_id=step_id)


def _name(request: Said, n_inputs: int) -> str:
    match request:
        case AnnotateRequest(concept=concept, positive=positive):
            words = {
                True: ngettext(
                    "label {n} text as {concept}", "label {n} texts as {concept}", n_inputs
                ),
                False: ngettext(
                    "label {n} text as not {concept}", "label {n} texts as not {concept}", n_inputs
                ),
                None: ngettext(
                    "take {concept} from {n} text", "take {concept} from {n} texts", n_inputs
                ),
            }[positive]
            return words.format(n=f"{n_inputs:,}", concept=checked_name(concept))
        case AcceptRequest(concepts=concepts):
            words = ngettext(
                "accept {concepts} for {n} text", "accept {concepts} for {n} texts", n_inputs
            )
            return words.format(n=f"{n_inputs:,}", concepts=", ".join(concepts))
        case ClearRequest():
            words = ngettext(
                "clear the labels of {n} text", "clear the labels of {n} texts", n_inputs
            )
        case NoneRequest():
            words = ngettext(
                "say “none of these” of {n} text", "say “none of these” of {n} texts", n_inputs
            )
        case AnswerRequest(status=Status.SKIPPED):
            words = ngettext("skip {n} text", "skip {n} texts", n_inputs)
        case AnswerRequest():
            words = ngettext("say “unsure” of {n} text", "say “unsure” of {n} texts", n_inputs)
        case NoteRequest():
            return _("write a note")
    return words.format(n=f"{n_inputs:,}")
