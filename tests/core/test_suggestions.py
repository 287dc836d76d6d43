import numpy as np
import pytest

from core.jobs import Job, JobCancelled
from core.learning.bounds import Bounds
from core.operations import suggest as suggesting
from core.operations.accept_suggestions import (
    AcceptSuggestionsRequest,
    WithdrawRequest,
    accept_suggestions,
    standing,
    withdraw_accepted,
)
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AcceptRequest, AnnotateRequest, annotate
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.scoring import NothingReadError, found_of
from core.operations.suggest import (
    LookAheadRequest,
    NotAskedError,
    NothingToSuggestError,
    SuggestRequest,
    look_ahead,
    suggest,
    suggestions_in,
    usual_bounds,
)
from core.operations.training_data import labelled_texts, to_check
from core.operations.undo import undo
from core.records import Origin, Thresholds
from core.storage.concepts import list_concepts
from core.storage.database import transaction
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from core.storage.models import update_thresholds
from core.storage.suggestions import list_reviews
from core.storage.versions import load_version
from tests.core.fake_classifier import CONCEPTS, WordClassifier
from tests.desktop.fake_models import keep_model

SURE, UNSURE, UNLIKELY = "delivery 0.95 {}", "payment 0.60 {}", "praise 0.20 {}"


@pytest.fixture
def asked(app, monkeypatch):
    """Return an app with a model, 3 labelled texts, and 4 sure, 2 unsure and 1 unlikely ones."""
    add_texts(app, AddTextsRequest(("one", "two"), ("delivery",)), Job())
    add_texts(app, AddTextsRequest(("three",), ("payment",)), Job())
    keep_model(app)
    texts = [SURE.format(i) for i in range(4)] + [UNSURE.format(i) for i in range(2)]
    add_texts(app, AddTextsRequest((*texts, UNLIKELY.format(0)), ()), Job())
    monkeypatch.setattr(suggesting, "load_model", lambda *_: WordClassifier())
    return app


def labels(app):
    with app.database() as db:
        names = {concept.id: concept.name for concept in list_concepts(db)}
        found = get_inputs(db, list_input_ids(db))
        return {item.id: tuple(names[i] for i in item.positive) for item in found}


def ask(app):
    return suggest(app, SuggestRequest("Letters 1"), Job())


def accept(app, bounds=None, **others):
    return accept_suggestions(app, AcceptSuggestionsRequest(bounds, **others), Job())


def test_asking_sets_no_label(asked):
    before = labels(asked)
    assert ask(asked).n_inputs == 7  # those without a label
    assert labels(asked) == before


def test_what_is_accepted_read_and_left_is_counted_before_anything_is_written(asked):
    ask(asked)
    before = labels(asked)
    counts = accept(asked, Bounds(0.9, 0.5), is_dry=True)
    assert (counts.texts.n_accepted, counts.texts.n_to_review, counts.texts.n_left) == (4, 2, 1)
    assert counts.concepts["payment"].n_to_review == 2
    assert labels(asked) == before


def test_all_above_the_bound_are_accepted_as_one_step_that_can_be_undone(asked):
    ask(asked)
    before = labels(asked)
    accept(asked)
    assert [labels(asked)[i] for i in range(4, 8)] == [("delivery",)] * 4
    assert undo(asked, Job()).step.name == "accept suggestions for 4 texts"
    assert labels(asked) == before


def test_labels_say_whether_a_person_gave_them_or_read_them_or_neither(asked):
    ask(asked)
    accept(asked)
    annotate(asked, AcceptRequest((8,), ("payment",)), Job())
    with asked.database() as db:
        unread = list_input_ids(db, InputFilter(origin=Origin.MODEL))
        accepted = list_input_ids(db, InputFilter(origin=Origin.SUGGESTION))
    assert list(unread) == [4, 5, 6, 7]
    assert list(accepted) == [8]


def test_who_says_it_again_has_read_it(asked):
    ask(asked)
    accept(asked)
    annotate(asked, AnnotateRequest((4,), "delivery"), Job())
    with asked.database() as db:
        assert standing(db).n_unread == 3
    undo(asked, Job())
    with asked.database() as db:
        assert standing(db).n_unread == 4


def test_texts_to_be_read_are_a_queue_that_gets_shorter(asked):
    ask(asked)
    accept(asked)
    with asked.database() as db:
        assert list_reviews(db) == [8, 9]
        assert standing(db).share_read == 0
    annotate(asked, AcceptRequest((8,), ("payment",)), Job())
    with asked.database() as db:
        assert standing(db).share_read == 0.5
        assert list_reviews(db, only_open=True) == [9]


def test_a_label_given_meanwhile_is_left_alone(asked):
    ask(asked)
    annotate(asked, AnnotateRequest((4,), "praise"), Job())
    assert accept(asked).texts.n_accepted == 3
    assert labels(asked)[4] == ("praise",)


def test_accepted_labels_become_suggestions_again(asked):
    ask(asked)
    before = labels(asked)
    accept(asked)
    annotate(asked, AnnotateRequest((4,), "delivery"), Job())  # read, so it stays
    assert withdraw_accepted(asked, WithdrawRequest(), Job()).n_inputs == 3
    assert labels(asked) == before | {4: ("delivery",)}
    assert accept(asked, is_dry=True).texts.n_accepted == 3


def test_a_concept_that_the_app_has_no_more_is_made_when_it_is_accepted(asked, monkeypatch):
    model = WordClassifier(concepts=("delivery", "payment", "praise", "refund"))
    monkeypatch.setattr(suggesting, "load_model", lambda *_: model)
    (new,) = add_texts(asked, AddTextsRequest(("refund 0.99",), ()), Job()).input_ids
    ask(asked)
    accept(asked)
    assert labels(asked)[new] == ("refund",)


def test_of_several_concepts_a_text_gets_all_that_are_likely(asked, monkeypatch):
    monkeypatch.setattr(suggesting, "load_model", lambda *_: WordClassifier(is_exclusive=False))
    texts = ("delivery 0.95 praise 0.93 payment 0.1", "delivery 0.95 praise 0.6")
    both, half = add_texts(asked, AddTextsRequest(texts, ()), Job()).input_ids
    ask(asked)
    accept(asked)
    assert set(labels(asked)[both]) == {"delivery", "praise"}
    assert labels(asked)[half] == ()  # a person reads it, as it might be labelled in part
    with asked.database() as db:
        assert half in list_reviews(db)


def test_stopped_the_earlier_suggestions_stay(asked, impatient):
    ask(asked)
    with pytest.raises(JobCancelled):
        suggest(asked, SuggestRequest("Letters 1"), impatient(1))
    with asked.database() as db:
        assert len(suggestions_in(db).rows.input_ids) == 7


def test_without_asking_there_is_nothing_to_accept(asked):
    with pytest.raises(NotAskedError):
        accept(asked)


def test_where_every_text_is_labelled_no_model_is_asked(asked):
    annotate(asked, AnnotateRequest(InputFilter(), "praise"), Job())
    with pytest.raises(NothingToSuggestError):
        ask(asked)


def test_what_a_models_thresholds_promise_is_what_is_accepted(asked):
    version, _evaluation = keep_model(asked)
    with asked.database() as db, transaction(db):
        update_thresholds(db, version.id, Thresholds({"delivery": 0.97}, 0.02))
    assert ask(asked).n_inputs == 7
    with asked.database() as db:
        assert suggestions_in(db).bounds.of("delivery") == (0.97, 0.5)
    assert accept(asked, is_dry=True).texts.n_accepted == 0
    assert usual_bounds(version) == Bounds()


def test_what_comes_next_can_be_asked_without_keeping_it(asked):
    found = look_ahead(asked, LookAheadRequest((4, 8), "Letters 1"), Job())
    assert found.predictions[4][0].concept == "delivery"
    assert found.predictions[8][0].probability == pytest.approx(0.6)
    with asked.database() as db:
        assert suggestions_in(db) is None


def frozen(app):
    version = freeze_dataset(app, FreezeRequest(), Job()).version
    with app.database() as db:
        return load_version(db, version.id)


def test_labels_that_nobody_read_teach_and_are_never_checked_on(asked):
    ask(asked)
    with asked.database() as db, transaction(db):
        db.execute("UPDATE inputs SET split = 'test' WHERE id IN (1, 4)")
    accept(asked)
    inputs = frozen(asked)
    assert [i.input_id for i in inputs if not i.is_reviewed] == [4, 5, 6, 7]
    assert [i.input_id for i in to_check(inputs)] == [1]
    learned = labelled_texts(inputs, CONCEPTS)
    assert len(learned.texts) == 7


def test_scores_are_found_on_texts_that_a_person_read(asked):
    ask(asked)
    accept(asked)
    learned = labelled_texts(frozen(asked), CONCEPTS)
    said = np.full((7, 3), 1 / 3, np.float32)
    found = found_of(learned, said, np.zeros(7, np.int64), WordClassifier(), chosen={})
    assert found.scored.input_ids.tolist() == [1, 2, 3]
    assert found.report["n_left_out"] == 4


def test_where_nobody_read_anything_nothing_is_scored(asked):
    ask(asked)
    accept(asked)
    inputs = [i for i in frozen(asked) if not i.is_reviewed]
    learned = labelled_texts(inputs, CONCEPTS)
    with pytest.raises(NothingReadError):
        found_of(learned, np.ones((4, 3)), np.zeros(4, np.int64), WordClassifier(), chosen={})
