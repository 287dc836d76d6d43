import pytest

from core.app_folder import create_app_folder
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.edit_concepts import BroaderEdit, edit_concepts
from core.operations.edit_inputs import MembershipEdit, SplitEdit, edit_inputs
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.evaluation_needs import needs_for
from core.operations.judge_improvement import JudgeRequest, judge_improvement
from core.operations.repeating import evaluating_again, training_again
from core.operations.standing import Standing, find_standing, standing_of
from core.operations.train import TrainRequest, train
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter, list_input_ids

pytestmark = pytest.mark.usefixtures("fake_embedder")


@pytest.fixture
def ids(labelled_app, db):
    return list_input_ids(db, InputFilter())


@pytest.fixture
def trained(labelled_app):
    request = TrainRequest("Post", settings=EmbeddingClassifierSettings(enrich_dataset="Disabled"))
    return train(labelled_app, request, Job())


def relabel(app, input_id, concept):
    annotate(app, AnnotateRequest((input_id,), concept, only=True), Job())


def test_right_after_the_training_its_own_evaluation_stands(db, trained):
    assert standing_of(db, trained.evaluation) == Standing(is_own=True)


def test_corrected_labels_are_counted_and_taken_back_ones_are_not(labelled_app, db, ids, trained):
    relabel(labelled_app, ids[0], "ham")
    relabel(labelled_app, ids[1], "ham")
    found = standing_of(db, trained.evaluation)
    assert (found.is_stale, found.n_corrected, found.learns) == (True, 2, True)
    assert find_standing(labelled_app, trained.evaluation.id, Job()) == found
    relabel(labelled_app, ids[0], "spam")
    assert standing_of(db, trained.evaluation).n_corrected == 1


def test_new_and_deleted_texts_make_it_stale_but_correct_nothing(labelled_app, db, trained):
    add_texts(labelled_app, AddTextsRequest(("one more",), ("spam",)), Job())
    found = standing_of(db, trained.evaluation)
    assert (found.is_stale, found.n_corrected) == (True, 0)


def test_training_again_does_not_learn_from_texts_kept_apart(labelled_app, db, ids):
    edit_inputs(labelled_app, SplitEdit(tuple(ids[::2]), "test"), Job())
    trained = train(labelled_app, TrainRequest("Post"), Job())
    assert not trained.evaluation.n_folds
    relabel(labelled_app, ids[0], "ham")  # kept for testing
    relabel(labelled_app, ids[1], "ham")  # learned from, not checked on
    found = standing_of(db, trained.evaluation)
    assert (found.n_corrected, found.learns) == (1, False)
    again = evaluating_again(db, trained.model_version, trained.evaluation)
    assert again == EvaluateRequest("Post", 1, dataset="texts", split="test")


def test_another_evaluation_is_repeated_as_it_was_made(labelled_app, db, trained):
    request = EvaluateRequest("Post", 1, dataset="texts", dataset_number=1, split="", n_folds=3)
    made = evaluate(labelled_app, request, Job()).evaluation
    assert not standing_of(db, made).is_own
    assert evaluating_again(db, trained.model_version, made) == EvaluateRequest(
        "Post", 1, dataset="texts", n_folds=3
    )


def test_training_again_asks_for_the_same_settings_and_all_concepts(db, trained):
    again = training_again(db, trained.model_version)
    assert (again.model, again.dataset, again.version, again.concepts) == ("Post", "texts", 0, ())
    assert again.settings.enrich_dataset == "Disabled"


def test_two_versions_are_judged_on_the_texts_of_both_by_the_newest_labels(
    labelled_app, ids, trained
):
    relabel(labelled_app, ids[0], "ham")
    with labelled_app.database() as db:
        later = train(labelled_app, training_again(db, trained.model_version), Job())
    request = JudgeRequest(trained.evaluation.id, later.evaluation.id)
    found = judge_improvement(labelled_app, request, Job())
    assert found.versus.n_texts == 20
    assert found.basis.n_relabelled == 1


def test_what_an_evaluation_needs_is_counted_by_split_and_version(labelled_app, db, ids, trained):
    version = trained.model_version
    flatters = "The stored model learned from texts of this dataset; the scores may flatter."
    assert needs_for(db, version, EvaluateRequest("Post", dataset="texts")).cautions == (flatters,)
    refitted = EvaluateRequest("Post", dataset="texts", n_folds=5)
    assert needs_for(db, version, refitted).cautions == ()
    edit_inputs(labelled_app, SplitEdit((ids[0],), "test"), Job())
    kept = EvaluateRequest("Post", dataset="texts", split="test")
    assert needs_for(db, version, kept).cautions == (
        "Only one concept has texts there, so nothing can be mixed up.",
        "1 concept has fewer than 10 texts; its scores will be rough.",
        "1 concept has no texts there and gets no score.",
    )
    frozen = EvaluateRequest("Post", dataset="texts", dataset_number=1, split="test")
    assert needs_for(db, version, frozen).problem


def test_what_another_app_labels_cannot_make_an_evaluation_stale(
    labelled_app, db, trained, tmp_path
):
    other = create_app_folder("Other", tmp_path / "other")
    add_texts(other, AddTextsRequest(("win a prize",), ("spam",)), Job())
    add_texts(other, AddTextsRequest(("see you at noon",), ("ham",)), Job())
    request = EvaluateRequest("Post", dataset="texts", other_app=other.path)
    made = evaluate(labelled_app, request, Job()).evaluation
    add_texts(other, AddTextsRequest(("see you at ten",), ("ham",)), Job())
    assert standing_of(db, made) == Standing()
    assert evaluating_again(db, trained.model_version, made).other_app == other.path


def test_narrower_concepts_count_as_their_broader_one_where_the_model_does_so(labelled_app, db):
    add_texts(labelled_app, AddTextsRequest(("win a car", "win a boat"), ("lottery",)), Job())
    spam, _ham, lottery = (concept.id for concept in list_concepts(db))
    edit_concepts(labelled_app, BroaderEdit(lottery, spam), Job())
    settings = EmbeddingClassifierSettings(count_narrower=True, enrich_dataset="Disabled")
    version = train(labelled_app, TrainRequest("Post", settings=settings), Job()).model_version
    assert version.concepts == ("spam", "ham")
    gone = tuple(list_input_ids(db, InputFilter(has=(spam,))))[:5]
    edit_inputs(labelled_app, MembershipEdit(gone, "texts", belongs=False), Job())
    now = needs_for(db, version, EvaluateRequest("Post", dataset="texts", n_folds=2))
    assert now.cautions == ("1 concept has fewer than 10 texts; its scores will be rough.",)
    frozen = EvaluateRequest("Post", dataset="texts", dataset_number=1, n_folds=2)
    assert needs_for(db, version, frozen).cautions == ()
