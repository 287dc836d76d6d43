"""Adding by hand, annotating, and editing."""

import pytest

from core.jobs import Job, PartOfJob, Progress
from core.operations.add_texts import AddTextsRequest, NoTextError, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.edit_concepts import (
    ConceptDeletion,
    ConceptEdit,
    NewConcept,
    edit_concepts,
)
from core.operations.edit_inputs import InputDeletion, TextEdits, edit_inputs
from core.operations.freeze_dataset import EmptyDatasetError, FreezeRequest, freeze_dataset
from core.operations.rename_app import rename_app
from core.storage.about import get_about
from core.storage.concepts import list_concepts
from core.storage.filters import count_inputs
from core.storage.inputs import get_inputs


def test_texts_are_added_with_concepts_made_on_the_spot(app, db):
    request = AddTextsRequest((" Win! ", "", "You won"), positive=("spam",), negative=("ham",))
    result = add_texts(app, request, Job())
    spam, ham = sorted(list_concepts(db), key=lambda concept: -concept.n_positive)
    found = get_inputs(db, result.input_ids)
    assert [text.text for text in found] == ["Win!", "You won"]
    assert all(text.positive == (spam.id,) and text.negative == (ham.id,) for text in found)


def test_there_is_nothing_to_add_without_a_letter(app, db):
    with pytest.raises(NoTextError):
        add_texts(app, AddTextsRequest(("  ", "\n")), Job())
    assert count_inputs(db) == 0


def test_annotating_makes_a_new_concept(app, db):
    (input_id,) = add_texts(app, AddTextsRequest(("Win!",)), Job()).input_ids
    annotate(app, AnnotateRequest((input_id,), "spam"), Job())
    assert get_inputs(db, [input_id])[0].positive == (1,)
    annotate(app, AnnotateRequest((input_id,), "spam", positive=None), Job())
    assert get_inputs(db, [input_id])[0].positive == ()


def test_concepts_are_made_changed_and_deleted(app, db):
    edit_concepts(app, NewConcept("spam"), Job())
    edit_concepts(app, ConceptEdit(1, "junk", "Nobody asked for it", 7), Job())
    (concept,) = list_concepts(db)
    assert (concept.name, concept.definition, concept.colour) == ("junk", "Nobody asked for it", 7)
    edit_concepts(app, ConceptDeletion(1), Job())
    assert list_concepts(db) == []


def test_texts_are_corrected_and_deleted(app, db):
    (input_id,) = add_texts(app, AddTextsRequest(("Wim!",)), Job()).input_ids
    edit_inputs(app, TextEdits(((input_id, "Win!"),)), Job())
    assert get_inputs(db, [input_id])[0].text == "Win!"
    with pytest.raises(NoTextError):
        edit_inputs(app, TextEdits(((input_id, " "),)), Job())
    edit_inputs(app, InputDeletion((input_id,)), Job())
    assert count_inputs(db) == 0


def test_an_unchanged_dataset_keeps_its_version(app):
    with pytest.raises(EmptyDatasetError):
        freeze_dataset(app, FreezeRequest(), Job())
    add_texts(app, AddTextsRequest(("Win!",)), Job())
    assert freeze_dataset(app, FreezeRequest(), Job()).is_new
    assert not freeze_dataset(app, FreezeRequest(), Job()).is_new
    add_texts(app, AddTextsRequest(("More",)), Job())
    assert freeze_dataset(app, FreezeRequest(), Job()).version.number == 2


def test_an_app_is_renamed_where_it_is(app, db):
    assert rename_app(app, "  Better   name ", Job()).name == "Better name"
    assert get_about(db, "name") == "Better name"
    assert app.path.is_dir()


def test_a_part_counts_as_part_of_the_whole():
    whole = Job()
    part = PartOfJob(whole, "Reading", start=50, end=100, total=200)
    part.report("Reading", 5, 10)
    assert whole.progress == Progress("Reading", 75, 200)
    part.report("Preparing", 1, 3)
    assert whole.progress == Progress("Preparing", 1, 3)
    part.note("a line")
    assert whole.log == ["a line"]
