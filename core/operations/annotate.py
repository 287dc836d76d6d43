"""Say that inputs carry a concept, that they do not, or take it back."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.jobs import Job
from core.storage import annotations
from core.storage.concepts import add_concepts
from core.storage.database import transaction


@dataclass(frozen=True)
class AnnotateRequest:
    """Which inputs, which concept (made if it is new), and what is said: None takes it back."""

    input_ids: tuple[int, ...]
    concept: str
    positive: bool | None = True


@dataclass(frozen=True)
class AnnotateResult:
    """What changed."""

    changes: Changes = Changes.CONCEPTS | Changes.ANNOTATIONS


def annotate(app: AppFolder, request: AnnotateRequest, _job: Job) -> AnnotateResult:
    """Keep what a person says about inputs.

    Raises:
        ConceptNameError: the concept's name is empty or too long.
    """
    with app.database() as db, transaction(db):
        ids = add_concepts(db, [request.concept])
        annotations.annotate(db, request.input_ids, ids[request.concept], positive=request.positive)
    return AnnotateResult()
