"""Make, rename, define, recolour, relate, merge and delete concepts."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.operations.back_up import BULK, back_up_before
from core.records import Concept
from core.shortcuts import check_shortcuts
from core.storage.concepts import (
    add_concepts,
    add_synonym,
    delete_concept,
    delete_synonym,
    list_concepts,
    merge_concepts,
    update_broader,
    update_codebook,
    update_concept,
    update_shortcut,
)
from core.storage.database import Database
from core.storage.steps import recorded
from core.storage.thinning import Reason


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
class CodebookEdit:
    """Texts that show what a concept means."""

    concept_id: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class ShortcutEdit:
    """The keys that choose concepts when labelling, by the concept's key; "" for none."""

    shortcuts: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class BroaderEdit:
    """The concept that another one is a kind of; 0 for none."""

    concept_id: int
    broader_id: int


@dataclass(frozen=True)
class SynonymEdit:
    """Two concepts that mean the same, or (`holds` is False) do not."""

    concept_id: int
    other_id: int
    holds: bool = True


@dataclass(frozen=True)
class ConceptMerge:
    """Concepts to make one of: the target keeps its name and takes the labels of the others."""

    source_ids: tuple[int, ...]
    target_id: int


@dataclass(frozen=True)
class ConceptDeletion:
    """A concept to delete with its annotations; its texts stay."""

    concept_id: int


ConceptRequest = (
    NewConcept
    | ConceptEdit
    | CodebookEdit
    | ShortcutEdit
    | BroaderEdit
    | SynonymEdit
    | ConceptMerge
    | ConceptDeletion
)


@dataclass(frozen=True)
class EditConceptsResult:
    """What changed."""

    changes: Changes = Changes.CONCEPTS | Changes.ANNOTATIONS


def edit_concepts(app: AppFolder, request: ConceptRequest, job: Job) -> EditConceptsResult:
    """Change the concepts of an app; frozen dataset versions keep theirs. One step of undo.

    Before many labels are merged or deleted, the app is backed up.

    Raises:
        ConceptNameError: the name is empty, too long or taken.
        ConceptRelationError: a concept would be a kind, or a synonym, of itself.
        ShortcutError: keys are in use already, or cannot be typed.
    """
    with app.database() as db:
        known = {concept.id: concept for concept in list_concepts(db)}
        if _count_labels(request, known) > BULK:
            is_merge = isinstance(request, ConceptMerge)
            back_up_before(app, db, Reason.MERGE if is_merge else Reason.DELETION, job)
        with recorded(db, _step_name(request, known)) as step_id:
            _edit(db, request, step_id)
    return EditConceptsResult()


def _count_labels(request: ConceptRequest, known: dict[int, Concept]) -> int:
    """Return how many labels a merge or a deletion touches."""
    match request:
        case ConceptMerge(ids):
            touched = ids
        case ConceptDeletion(concept_id):
            touched = (concept_id,)
        case _:
            touched = ()
    return sum(known[i].n_positive + known[i].n_negative for i in touched if i in known)


def _edit(db: Database, request: ConceptRequest, step_id: int) -> None:
    match request:
        case NewConcept(name):
            add_concepts(db, [name])
        case ConceptEdit(concept_id, name, definition, colour):
            update_concept(db, concept_id, name=name, definition=definition, colour=colour)
        case CodebookEdit(concept_id, examples):
            update_codebook(db, concept_id, examples)
        case ConceptMerge(source_ids, target_id):
            for source_id in {*source_ids} - {target_id}:
                merge_concepts(db, source_id, target_id, step_id)
        case ConceptDeletion(concept_id):
            delete_concept(db, concept_id)
        case _:
            _relate(db, request)


def _relate(db: Database, request: ShortcutEdit | BroaderEdit | SynonymEdit) -> None:
    match request:
        case ShortcutEdit(shortcuts):
            for concept_id, keys in shortcuts:
                update_shortcut(db, concept_id, keys)
            check_shortcuts(list_concepts(db))
        case BroaderEdit(concept_id, broader_id):
            update_broader(db, concept_id, broader_id)
        case SynonymEdit(concept_id, other_id, holds):
            (add_synonym if holds else delete_synonym)(db, concept_id, other_id)


def _step_name(request: ConceptRequest, known: dict[int, Concept]) -> str:
    def name_of(concept_id: int) -> str:
        return known[concept_id].name if concept_id in known else "?"

    match request:
        case NewConcept(name):
            words = _("make the concept {concept}")
        case ConceptEdit(concept_id, new) if new != name_of(concept_id):
            return _("rename {old} to {new}").format(old=name_of(concept_id), new=new)
        case ConceptMerge(source_ids, target_id):
            merged = ", ".join(map(name_of, source_ids))
            words = _("merge {concepts} into {target}")
            return words.format(concepts=merged, target=name_of(target_id))
        case ConceptDeletion(concept_id):
            words, name = _("delete the concept {concept}"), name_of(concept_id)
        case ShortcutEdit():
            words, name = _("change keys"), ""
        case BroaderEdit(concept_id) | SynonymEdit(concept_id):
            words, name = _("relate {concept}"), name_of(concept_id)
        case _:
            words, name = _("describe {concept}"), name_of(request.concept_id)
    return words.format(concept=name)
