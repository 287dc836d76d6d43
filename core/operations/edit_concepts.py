"""Make, rename, define, recolour and delete concepts."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.jobs import Job
from core.storage.concepts import add_concepts, delete_concept, update_concept
from core.storage.database import transaction


@dataclass(frozen=True)
class NewConcept:
    """A concept to make."""

    name: str


@dataclass(frozen=True)
class ConceptEdit:
    """What a concept shall be called, mean and look like."""

    concept_id: int
    name: str
    definition: str
    colour: int


@dataclass(frozen=True)
class ConceptDeletion:
    """A concept to delete with its annotations; its texts stay."""

    concept_id: int


@dataclass(frozen=True)
class EditConceptsResult:
    """What changed."""

    changes: Changes = Changes.CONCEPTS | Changes.ANNOTATIONS


def edit_concepts(
    app: AppFolder, request: NewConcept | ConceptEdit | ConceptDeletion, _job: Job
) -> EditConceptsResult:
    """Change the concepts of an app; frozen dataset versions keep theirs.

    Raises:
        ConceptNameError: the name is empty, too long or taken.
    """
    with app.database() as db, transaction(db):
        match request:
            case NewConcept(name):
                add_concepts(db, [name])
            case ConceptEdit(concept_id, name, definition, colour):
                update_concept(db, concept_id, name=name, definition=definition, colour=colour)
            case ConceptDeletion(concept_id):
                delete_concept(db, concept_id)
    return EditConceptsResult()
