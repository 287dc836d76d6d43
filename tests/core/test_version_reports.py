"""Frozen versions: what they hold, that nothing changes them, and what two of them differ in."""

import pytest

from core.app_folder import MAIN_DATASET
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.compare_versions import CompareRequest, compare, count
from core.operations.edit_concepts import (
    BroaderEdit,
    ConceptDeletion,
    ConceptEdit,
    ConceptMerge,
    edit_concepts,
)
from core.operations.edit_inputs import (
    InputDeletion,
    MembershipEdit,
    SplitEdit,
    TextEdits,
    edit_inputs,
)
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.storage.concepts import get_concept
from core.storage.database import transaction
from core.storage.datasets import add_dataset
from core.storage.version_reports import count_version, list_labelled_only
from core.storage.versions import (
    VersionMissingError,
    count_versions_with,
    list_version_input_ids,
    load_broader,
    load_version,
    load_version_page,
)


def frozen(app, **request):
    return freeze_dataset(app, FreezeRequest(**request), Job()).version


def added(app, texts, *concepts):
    return add_texts(app, AddTextsRequest(tuple(texts), concepts), Job()).input_ids


@pytest.fixture
def letters(app):
    """Return the keys of two letters of praise and one unlabelled, one praise kept for testing."""
    ids = [*added(app, ("thank you", "well done"), "praise"), *added(app, ("hello",))]
    edit_inputs(app, SplitEdit((ids[1],), "test"), Job())
    return ids


def change_everything(app, ids):
    edit_inputs(app, TextEdits(((ids[0], "thanks a lot"),)), Job())
    edit_inputs(app, SplitEdit((ids[0],), "validation"), Job())
    annotate(app, AnnotateRequest((ids[0],), "praise", positive=None), Job())
    annotate(app, AnnotateRequest((ids[2],), "greeting"), Job())
    edit_inputs(app, InputDeletion((ids[1],)), Job())
    added(app, ("one more",), "greeting")


def test_a_version_stays_as_it_was_whatever_is_edited_later(app, db, letters):
    version = frozen(app)
    before, numbers = load_version(db, version.id), count_version(db, version.id)
    change_everything(app, letters)
    praise, greeting = get_concept(db, "praise"), get_concept(db, "greeting")
    edit_concepts(app, ConceptEdit(praise.id, "lob", "", 0), Job())
    edit_concepts(app, BroaderEdit(praise.id, greeting.id), Job())
    edit_concepts(app, ConceptMerge((praise.id,), greeting.id), Job())
    edit_concepts(app, ConceptDeletion(greeting.id), Job())
    assert load_version(db, version.id) == before
    assert count_version(db, version.id) == numbers
    assert [i.text for i in before] == ["thank you", "well done", "hello"]
    assert load_broader(db, version.id) == {}


def test_the_next_version_keeps_the_splits(app, db, letters):
    first = frozen(app)
    added(app, ("one more",))
    second = frozen(app)
    splits = {i.input_id: i.split for i in load_version(db, second.id)}
    assert all(splits[i.input_id] == i.split for i in load_version(db, first.id))
    assert splits[letters[1]] == "test"


def test_a_version_is_counted_by_split_and_by_concept(app, db, letters):
    annotate(app, AnnotateRequest((letters[2],), "praise", positive=False), Job())
    numbers = count(app, frozen(app).id, Job())
    assert (numbers.n_inputs, numbers.n_labelled, numbers.n_unlabelled) == (3, 3, 0)
    assert numbers.splits == {"": 2, "test": 1}
    assert numbers.concepts == {"praise": (2, 1)}


def test_two_versions_differ_in_what_was_done_between_them(app, db, letters):
    frozen(app)
    change_everything(app, letters)
    frozen(app)
    result = compare(app, CompareRequest(MAIN_DATASET, 1, 2), Job())
    first, second, third = letters
    diff = result.diff
    assert (result.old.number, result.new.number) == (1, 2)
    assert (diff.added, diff.removed) == ((third + 1,), (second,))
    assert (diff.edited, diff.moved) == ((first,), (first,))
    assert (diff.labelled, diff.unlabelled) == ({"greeting": 2}, {"praise": 2})
    assert diff.concepts == {"praise": (2, 0), "greeting": (0, 2)}
    came = list_labelled_only(db, result.new.id, result.old.id, "greeting")
    went = list_labelled_only(db, result.old.id, result.new.id, "praise")
    assert (came, went) == ((third, third + 1), (first, second))
    assert compare(app, CompareRequest(MAIN_DATASET, 2, 2), Job()).diff.is_empty


def test_versions_of_two_datasets_are_compared(app, db, letters):
    with transaction(db):
        part = add_dataset(db, "Part")
    edit_inputs(app, MembershipEdit((letters[0],), "Part", belongs=True), Job())
    assert part
    frozen(app)
    frozen(app, dataset="Part")
    diff = compare(app, CompareRequest(MAIN_DATASET, 1, 1, "Part"), Job()).diff
    assert diff.removed == (letters[1], letters[2])
    with pytest.raises(VersionMissingError):
        compare(app, CompareRequest(MAIN_DATASET, 1, 2, "Part"), Job())


def test_texts_of_a_version_are_read_by_pages(app, db, letters):
    whole = frozen(app)
    edit_inputs(app, InputDeletion((letters[1],)), Job())
    rest = frozen(app)
    assert list(list_version_input_ids(db, whole)) == letters
    assert isinstance(list_version_input_ids(db, whole), range)
    assert list(list_version_input_ids(db, rest)) == [letters[0], letters[2]]
    page = load_version_page(db, whole.id, letters[1:])
    assert {key: one.text for key, one in page.items()} == {
        letters[1]: "well done",
        letters[2]: "hello",
    }
    assert page[letters[1]].positive == ("praise",)


def test_a_version_keeps_the_broader_concepts_of_those_it_uses(app, db, letters):
    added(app, ("unrelated",), "other", "feedback", "mail")
    (mail, feedback, praise) = (get_concept(db, n).id for n in ("mail", "feedback", "praise"))
    annotate(app, AnnotateRequest((letters[2] + 1,), "mail", positive=None), Job())
    annotate(app, AnnotateRequest((letters[2] + 1,), "feedback", positive=None), Job())
    edit_concepts(app, BroaderEdit(praise, feedback), Job())
    edit_concepts(app, BroaderEdit(feedback, mail), Job())
    version = frozen(app)
    assert load_broader(db, version.id) == {"praise": "feedback", "feedback": "mail"}
    assert version.n_concepts == 2
    assert count_versions_with(db, [praise]) == 1
    assert count_versions_with(db, [0]) == 0
    edit_concepts(app, BroaderEdit(feedback, 0), Job())
    assert frozen(app).number == version.number + 1
