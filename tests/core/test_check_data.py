"""A data set with every defect planted in it: all are found, and nothing severe among the rest."""

import pytest

from core.app_folder import MAIN_DATASET
from core.base_models import BaseModelMissingError
from core.jobs import Job, JobCancelled
from core.learning import embedders
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.check_data import CheckRequest, NothingToCheckError, check_data
from core.operations.edit_inputs import InputDeletion, TextEdits, edit_inputs
from core.operations.finding_kinds import KINDS, Severity
from core.operations.remedy import (
    CheckOutdatedError,
    DismissRequest,
    RemedyRequest,
    dismiss,
    remedy,
)
from core.operations.review_findings import ReviewRequest, review_findings
from core.operations.undo import redo, undo
from core.records import Origin, Status
from core.storage.concepts import list_concepts
from core.storage.data_checks import add_check, find_check, get_groups, list_groups
from core.storage.database import transaction
from core.storage.datasets import get_dataset
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from core.storage.steps import find_undoable
from tests.core.planted import (
    DISPUTED,
    DUPLICATE,
    GERMAN,
    LEAKED,
    LONG,
    NEAR,
    ODD,
    PERSONAL,
    PLANTED,
    RUSSIAN,
    SLIP,
    TopicEmbedder,
    add,
    add_clean,
    add_mixed,
)

DUMPED = (
    "annotations",
    "concepts",
    "dataset_inputs",
    "datasets",
    "inputs",
)


@pytest.fixture
def embedder(monkeypatch):
    monkeypatch.setattr(embedders, "load", lambda _name: TopicEmbedder())


@pytest.fixture
def mixed(app, embedder):
    add_mixed(app)
    return app


@pytest.fixture
def check(mixed):
    return check_data(mixed, CheckRequest(), Job())


def texts_found(app, kind, state="open"):
    """Return the findings of a kind as sets of texts."""
    with app.database() as db:
        known = find_check(db, get_dataset(db, MAIN_DATASET).id)
        groups = get_groups(db, known, kind, list_groups(db, known, kind, state=state))
        return [{item.text for item in get_inputs(db, group.input_ids)} for group in groups]


def cure(app, check, kind, key, **wanted):
    return remedy(app, RemedyRequest(check.check_id, kind, key, **wanted), Job())


def dump(app):
    """Return the content of the app as it can be compared; label origins are left to their test."""
    with app.database() as db:
        return {
            table: sorted(map(str, db.execute(f"SELECT * FROM {table}").fetchall()))
            for table in DUMPED
        }


def count(app, check, kind, state="open"):
    return review_findings(app, ReviewRequest(check.check_id), Job()).counts[kind][state]


EXPECTED = {
    "exact-duplicate": [{DUPLICATE, f"  {DUPLICATE.upper()} "}, {DISPUTED}, {LEAKED}],
    "near-duplicate": [{NEAR, f"{NEAR} night"}],
    "contradiction": [{DISPUTED}],
    "leak": [{LEAKED}],
    "empty": [{"?!"}],
    "too-short": [{"ok"}],
    "too-long": [{LONG}],
    "language": [{GERMAN}],
    "script": [{RUSSIAN}],
    "personal-data": [{PERSONAL}],
    "unlabelled": [{f"  {DUPLICATE.upper()} "}, {f"{NEAR} night"}, {PLANTED[-2][0]}],
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_every_planted_defect_is_found_and_nothing_else(mixed, check, kind):
    found = texts_found(mixed, kind)
    assert sorted(map(sorted, found)) == sorted(map(sorted, EXPECTED[kind]))


def test_the_slip_is_among_the_doubtful_labels_with_the_right_suggestion(mixed, check):
    assert {SLIP} in texts_found(mixed, "doubtful-label")
    with mixed.database() as db:
        names = {concept.id: concept.name for concept in list_concepts(db)}
        known = find_check(db, get_dataset(db, MAIN_DATASET).id)
        groups = get_groups(db, known, "doubtful-label", list_groups(db, known, "doubtful-label"))
        details = {
            get_inputs(db, group.input_ids)[0].text: group.findings[0].detail for group in groups
        }
    assert names[details[SLIP]["given"]] == "praise"
    assert names[details[SLIP]["suggested"]] == "delivery"


def test_the_text_about_something_else_is_off_topic(mixed, check):
    assert {ODD} in texts_found(mixed, "off-topic")


def test_the_rare_concept_has_too_few_texts_and_makes_the_concepts_uneven(check):
    examples = {kind.kind: [name for _id, name in kind.examples] for kind in check.kinds}
    assert examples["few-texts"] == ["rare"]
    assert examples["imbalance"] == ["rare"]


def test_clean_texts_raise_no_severe_alarm(app, embedder):
    add_clean(app)
    result = check_data(app, CheckRequest(), Job())
    severe = {key for key, kind in KINDS.items() if kind.severity is Severity.MEND}
    assert {
        kind.kind: kind.n_found for kind in result.kinds if kind.kind in severe
    } == dict.fromkeys([kind.kind for kind in result.kinds if kind.kind in severe], 0)


def test_every_kind_is_looked_for_and_says_why_it_matters(check):
    assert {kind.kind for kind in check.kinds} == set(KINDS)
    assert all(kind.title and kind.why.endswith(".") for kind in check.kinds)


REMEDIES = [(kind.key, remedy_.key) for kind in KINDS.values() for remedy_ in kind.cures]


@pytest.mark.parametrize(("kind", "key"), REMEDIES)
def test_a_remedy_is_one_step_that_undo_takes_back_and_redo_does_again(mixed, check, kind, key):
    before, n_open = dump(mixed), count(mixed, check, kind)
    assert n_open
    result = cure(mixed, check, kind, key)
    after = dump(mixed)
    assert result.n_inputs
    assert after != before
    assert count(mixed, check, kind) == result.n_left
    with mixed.database() as db:
        assert find_undoable(db).origin is Origin.DATA_CHECK
    undo(mixed, Job())
    assert dump(mixed) == before
    assert count(mixed, check, kind) == n_open
    redo(mixed, Job())
    assert dump(mixed) == after


def inputs_with(app, text):
    """Return the inputs whose text this is, case and space made alike."""
    with app.database() as db:
        known = get_inputs(db, list_input_ids(db, InputFilter()))
    return [item for item in known if " ".join(item.text.split()).lower() == text.lower()]


def test_keeping_one_of_each_merges_the_labels_and_leaves_what_is_in_dispute(mixed, check):
    add_more = cure(mixed, check, "exact-duplicate", "keep-one")
    assert (add_more.n_inputs, add_more.n_left) == (2, 1)
    assert len(inputs_with(mixed, DUPLICATE)) == 1
    assert len(inputs_with(mixed, DISPUTED)) == 3
    assert texts_found(mixed, "exact-duplicate") == [{DISPUTED}]


def test_the_kept_text_gets_labels_that_only_its_copy_has(app, embedder):
    add(app, [("A text without a label", (), ""), ("a text  without a label", (), "")])
    add(app, [("Another text altogether", ("one",), "")])
    check = check_data(app, CheckRequest(), Job())
    with app.database() as db:
        first, second, _third = list_input_ids(db)
    annotate(app, AnnotateRequest((second,), "two", positive=False), Job())
    cure(app, check, "exact-duplicate", "keep-one")
    with app.database() as db:
        (kept,) = get_inputs(db, [first, second])
    assert (kept.id, len(kept.negative)) == (second, 1)


def test_the_majority_settles_a_contradiction_and_a_tie_is_left(app, embedder):
    said = [("praise",), ("payment",), ("praise",)]
    add(app, [(DISPUTED, labels, "") for labels in said])
    add(app, [(LEAKED, ("payment",), ""), (LEAKED, ("praise",), "")])
    check = check_data(app, CheckRequest(), Job())
    result = cure(app, check, "contradiction", "majority")
    assert (result.n_inputs, result.n_left) == (1, 1)
    assert len({item.positive for item in inputs_with(app, DISPUTED)}) == 1
    assert len({item.positive for item in inputs_with(app, LEAKED)}) == 2
    assert texts_found(app, "contradiction", "done") == [{DISPUTED}]


def test_marking_as_unsure_clears_the_labels(mixed, check):
    cure(mixed, check, "contradiction", "unsure")
    copies = inputs_with(mixed, DISPUTED)
    assert {(item.status, item.is_labelled) for item in copies} == {(Status.UNSURE, False)}


def test_a_leak_is_mended_by_moving_the_training_copies(mixed, check):
    cure(mixed, check, "leak", "hold-out")
    assert [item.split for item in inputs_with(mixed, LEAKED)] == ["test", "test"]


def test_personal_data_is_masked_in_the_text(mixed, check):
    cure(mixed, check, "personal-data", "mask")
    masked = "Please write to [e-mail] or call [phone number] about the garden window"
    assert len(inputs_with(mixed, masked)) == 1


def test_a_remedy_of_one_finding_leaves_the_others(mixed, check):
    cure(mixed, check, "exact-duplicate", "keep-one", numbers=(1,))
    assert count(mixed, check, "exact-duplicate") == 2
    assert count(mixed, check, "exact-duplicate", "done") == 1


def test_a_higher_similarity_leaves_the_less_similar_alone(mixed, check):
    assert cure(mixed, check, "near-duplicate", "keep-one", at_least=0.999).n_inputs == 0
    request = ReviewRequest(check.check_id, "near-duplicate", least_similar=0.999)
    assert not len(review_findings(mixed, request, Job()).numbers)


def test_a_finding_is_settled_as_soon_as_its_text_is_edited_or_deleted(mixed, check):
    (empty,), (personal,) = inputs_with(mixed, "?!"), inputs_with(mixed, PERSONAL)
    edit_inputs(mixed, TextEdits(((personal.id, "Please write about the garden"),)), Job())
    edit_inputs(mixed, InputDeletion((empty.id,)), Job())
    assert count(mixed, check, "personal-data") == count(mixed, check, "empty") == 0
    undo(mixed, Job())
    assert count(mixed, check, "empty") == 1


def test_what_is_said_to_be_fine_stays_so_in_the_next_check_until_it_is_taken_back(mixed, check):
    kinds = ("near-duplicate", "few-texts", "personal-data")
    for kind in kinds:
        dismiss(mixed, DismissRequest(check.check_id, kind, (0,)), Job())
    again = check_data(mixed, CheckRequest(), Job())
    for kind in kinds:
        assert [count(mixed, again, kind, state) for state in ("open", "dismissed")] == [0, 1]
        dismiss(mixed, DismissRequest(again.check_id, kind, (0,), is_dismissed=False), Job())
        assert count(mixed, again, kind) == 1
    third = check_data(mixed, CheckRequest(), Job())
    assert count(mixed, third, "near-duplicate") == 1


def test_a_check_is_stale_once_something_was_done_and_no_more_once_that_is_undone(mixed, check):
    def is_stale():
        with mixed.database() as db:
            return find_check(db, get_dataset(db, MAIN_DATASET).id).is_stale

    assert not is_stale()
    cure(mixed, check, "empty", "bin")
    assert is_stale()
    undo(mixed, Job())
    assert not is_stale()


def test_checking_is_no_step_of_undo_and_takes_the_place_of_the_last_check(mixed, check):
    with mixed.database() as db:
        assert find_undoable(db) is None
    newer = check_data(mixed, CheckRequest(), Job())
    with mixed.database() as db:
        assert find_check(db, get_dataset(db, MAIN_DATASET).id).id == newer.check_id
        assert db.table("data_checks").count == 1
    with pytest.raises(CheckOutdatedError):
        cure(mixed, check, "empty", "bin")


def test_a_stopped_check_leaves_the_last_one_as_it_was(mixed, check, impatient):
    with pytest.raises(JobCancelled):
        check_data(mixed, CheckRequest(), impatient(6))
    with mixed.database() as db:
        assert find_check(db, get_dataset(db, MAIN_DATASET).id).id == check.check_id
        assert db.table("data_checks").count == 1
    assert count(mixed, check, "empty") == 1


def test_without_an_embedder_the_other_kinds_are_still_found(mixed, monkeypatch):
    def is_missing(_name):
        raise BaseModelMissingError("It is not installed.")

    monkeypatch.setattr(embedders, "load", is_missing)
    result = check_data(mixed, CheckRequest(), Job())
    assert result.embedder == ""
    assert set(KINDS) - {kind.kind for kind in result.kinds} == {"doubtful-label", "off-topic"}
    assert {NEAR, f"{NEAR} night"} in texts_found(mixed, "near-duplicate")


def test_an_empty_dataset_has_nothing_to_check(app, embedder):
    with pytest.raises(NothingToCheckError):
        check_data(app, CheckRequest(), Job())


@pytest.mark.parametrize("text", ["", " ", "?", "x", "א" * 50, "\x00", "word " * 50_000])
def test_a_single_text_of_any_kind_is_checked(app, embedder, text):
    add(app, [(text, (), "")])
    assert check_data(app, CheckRequest(), Job()).n_texts == 1


def test_a_check_that_was_killed_is_forgotten_when_the_app_is_opened(labelled_app):
    with labelled_app.database() as db, transaction(db):
        check_id = add_check(db, 1, 0)
    with labelled_app.locked(), labelled_app.database() as db:
        assert not db.execute("SELECT 1 FROM data_checks WHERE id = ?", [check_id]).fetchone()
