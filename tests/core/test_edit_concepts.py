"""Every change of concepts: what it does, and that undo and redo restore every row."""

import pytest

from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.edit_concepts import (
    BroaderEdit,
    CodebookEdit,
    ConceptDeletion,
    ConceptEdit,
    ConceptMerge,
    NewConcept,
    ShortcutEdit,
    SynonymEdit,
    edit_concepts,
)
from core.operations.undo import redo, undo
from core.shortcuts import ShortcutError
from core.storage.concepts import (
    MAX_NAME_LENGTH,
    ConceptNameError,
    ConceptRelationError,
    list_concepts,
    list_synonyms,
)
from core.storage.inputs import get_inputs
from core.storage.steps import find_undoable
from tests.core.faults import state

CARD, VISA, LOAN, MONEY = 1, 2, 3, 4
LOG = ("steps", "undo_log", "sqlite_sequence")


def edit(app, request):
    return edit_concepts(app, request, Job())


@pytest.fixture
def bank(app):
    """An app with six texts: visa is a kind of card, card of money; loan means the same as card."""
    for texts, name in ((("a", "b"), "card"), (("c", "d"), "visa"), (("e",), "loan")):
        add_texts(app, AddTextsRequest(texts, (name,)), Job())
    add_texts(app, AddTextsRequest(("f",), ("money",), ("card",)), Job())
    annotate(app, AnnotateRequest((1,), "visa"), Job())
    annotate(app, AnnotateRequest((2,), "visa", positive=False), Job())
    edit(app, BroaderEdit(VISA, CARD))
    edit(app, BroaderEdit(CARD, MONEY))
    edit(app, SynonymEdit(CARD, LOAN))
    return app


def concepts(app):
    with app.database() as db:
        return {concept.name: concept for concept in list_concepts(db)}


REQUESTS = {
    "make the concept fees": NewConcept("fees"),
    "rename card to cards": ConceptEdit(CARD, "cards", "What one pays with", 7),
    "describe card": ConceptEdit(CARD, "card", "What one pays with", 7),
    "describe visa": CodebookEdit(VISA, ("my visa is gone",)),
    "change keys": ShortcutEdit(((CARD, "g"), (VISA, "v1"))),
    "relate visa": BroaderEdit(VISA, LOAN),
    "relate card": BroaderEdit(CARD, 0),
    "relate loan": SynonymEdit(LOAN, VISA),
    "relate money": SynonymEdit(MONEY, CARD),
    "merge visa, loan into card": ConceptMerge((VISA, LOAN), CARD),
    "merge card into visa": ConceptMerge((CARD,), VISA),
    "delete the concept card": ConceptDeletion(CARD),
}


@pytest.mark.parametrize(("name", "request_"), REQUESTS.items(), ids=REQUESTS)
def test_every_change_is_one_named_step_that_is_taken_back_and_done_again(bank, name, request_):
    before = state(bank, besides=LOG)
    edit(bank, request_)
    after = state(bank, besides=LOG)
    assert after != before
    with bank.database() as db:
        assert find_undoable(db).name == name
    undo(bank, Job())
    assert state(bank, besides=LOG) == before
    redo(bank, Job())
    assert state(bank, besides=LOG) == after
    undo(bank, Job())
    assert state(bank, besides=LOG) == before


def test_a_synonym_is_taken_back_from_either_side(bank, db):
    assert list_synonyms(db) == {CARD: [LOAN], LOAN: [CARD]}
    edit(bank, SynonymEdit(LOAN, CARD, holds=False))
    assert list_synonyms(db) == {}


def test_what_is_merged_keeps_its_labels_once_and_its_relations(bank, db):
    edit(bank, ConceptMerge((VISA, LOAN), CARD))
    known = concepts(bank)
    assert set(known) == {"card", "money"}
    assert (known["card"].n_positive, known["card"].n_negative) == (5, 1)
    assert known["card"].broader_id == MONEY
    both, contradicted, *rest = get_inputs(db, [1, 2, 3, 4, 5])
    assert both.positive == contradicted.positive == (CARD,)
    assert all(found.positive == (CARD,) for found in rest)
    assert list_synonyms(db) == {}


def test_merging_a_broader_concept_into_its_kind_leaves_no_circle(bank):
    edit(bank, ConceptMerge((CARD,), VISA))
    assert concepts(bank)["visa"].broader_id in {0, MONEY}


def test_kinds_of_a_deleted_concept_become_kinds_of_what_is_above_it(bank, db):
    edit(bank, ConceptDeletion(CARD))
    assert concepts(bank)["visa"].broader_id == MONEY
    assert get_inputs(db, [1])[0].positive == (VISA,)
    assert list_synonyms(db) == {}


def test_examples_are_kept_without_empty_ones(bank):
    edit(bank, CodebookEdit(CARD, (" my card ", "", "أين بطاقتي")))
    assert concepts(bank)["card"].examples == ("my card", "أين بطاقتي")


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (NewConcept("  "), ConceptNameError),
        (NewConcept("x" * (MAX_NAME_LENGTH + 1)), ConceptNameError),
        (ConceptEdit(CARD, "loan", "", 0), ConceptNameError),
        (BroaderEdit(MONEY, VISA), ConceptRelationError),
        (BroaderEdit(CARD, CARD), ConceptRelationError),
        (SynonymEdit(CARD, CARD), ConceptRelationError),
        (ShortcutEdit(((CARD, "a"), (VISA, "a1"))), ShortcutError),
        (ShortcutEdit(((CARD, "n"),)), ShortcutError),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(bank, request_, error):
    before = state(bank, besides=())
    with pytest.raises(error):
        edit(bank, request_)
    assert state(bank, besides=()) == before


def test_making_a_concept_that_is_there_is_no_step(bank):
    before = state(bank, besides=LOG)
    with bank.database() as db:
        step = find_undoable(db)
        edit(bank, NewConcept(" card "))
        assert find_undoable(db) == step
    assert state(bank, besides=LOG) == before
