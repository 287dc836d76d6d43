"""Training, scoring and asking a model, whole or not at all."""

import csv
import shutil
from dataclasses import replace

import pytest

from core.app_folder import create_app_folder
from core.errors import DiskFullError, UserError
from core.files import preview
from core.jobs import Job, JobCancelled
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.embedding_classifier import NoPositivesError
from core.operations import train as train_module
from core.operations.add_texts import AddTextsRequest, NoTextError, add_texts
from core.operations.evaluate import EvaluateRequest, FoldsError, NothingToScoreError, evaluate
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.train import ModelTypeError, SettingsTypeError, TrainRequest, train
from core.operations.training_data import NoLabelsError
from core.operations.try_text import TryRequest, try_text
from core.records import JobStatus, Method, ModelStatus
from core.storage.concepts import ConceptMissingError
from core.storage.datasets import DatasetMissingError
from core.storage.jobs import list_jobs
from core.storage.models import ModelMissingError, ModelNameError, list_model_versions
from core.storage.versions import list_versions, load_version
from core.templates import TemplateMissingError

PLAIN = EmbeddingClassifierSettings(enrich_dataset="Disabled")

pytestmark = pytest.mark.usefixtures("fake_embedder")


def trained(app, job=None, **changes):
    request = TrainRequest(**{"model": "first", "settings": PLAIN} | changes)
    return train(app, request, job or Job())


def test_training_keeps_model_settings_version_and_scores(labelled_app):
    result = trained(labelled_app)
    version = result.model_version
    with labelled_app.database() as db:
        assert list_model_versions(db) == [version]
        assert len(load_version(db, version.dataset_version_id)) == 20
        (job,) = list_jobs(db)
    assert version.concepts == ("spam", "ham")
    assert version.settings["enrich_dataset"] == "Disabled"
    assert version.summary["n_texts"] == 20
    assert result.evaluation.method == Method.CROSS_VALIDATION
    assert result.evaluation.report["n_texts"] == 20
    assert (job.status, job.code) == (JobStatus.DONE, ModelStatus.MODEL_TRAINED)
    assert "20 labelled texts" in version.log
    assert {path.name for path in (labelled_app.models / version.folder).iterdir()} == {
        "weights.safetensors",
        "classifier.json",
        "seal.json",
    }


def test_training_again_makes_the_next_version_of_the_same_frozen_texts(labelled_app):
    first, second = trained(labelled_app), trained(labelled_app)
    assert second.model_version.number == 2
    assert second.model_version.dataset_version_id == first.model_version.dataset_version_id


def test_a_frozen_version_is_trained_on_as_it_was(labelled_app):
    freeze_dataset(labelled_app, FreezeRequest(), Job())
    add_texts(labelled_app, AddTextsRequest(("one more text",), ("third",)), Job())
    assert trained(labelled_app, version=1).model_version.concepts == ("spam", "ham")
    assert "third" in trained(labelled_app).model_version.concepts


def test_texts_kept_for_testing_are_not_learned_and_give_the_scores(app, tmp_path):
    path = tmp_path / "split.csv"
    rows = [("win cash now", "spam"), ("see you tonight", "ham")] * 6
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "label", "split"))
        for i, (text, label) in enumerate(rows):
            writer.writerow((f"{text} {i}", label, "test" if i < 4 else "train"))
    import_texts(app, ImportRequest(path, preview(path).mapping), Job())
    result = trained(app)
    assert result.model_version.summary["n_texts"] == 8
    assert result.evaluation.method == Method.STORED_MODEL
    assert (result.evaluation.report["n_texts"], result.evaluation.report["n_seen"]) == (4, 0)


def test_only_the_concepts_asked_for_are_learned(labelled_app):
    add_texts(labelled_app, AddTextsRequest(("a third kind", "third again"), ("third",)), Job())
    version = trained(labelled_app, concepts=("spam", "ham")).model_version
    assert version.concepts == ("spam", "ham")
    assert version.summary["n_texts"] == 22  # the others are examples of none


@pytest.mark.parametrize("patience", [0, 1, 2, 3, 5, 8, 13, 21])
def test_a_stopped_training_leaves_the_app_as_it_was(labelled_app, impatient, patience):
    with pytest.raises(JobCancelled):
        trained(labelled_app, impatient(patience))
    with labelled_app.database() as db:
        assert list_model_versions(db) == []
        assert [job.status for job in list_jobs(db)] == [JobStatus.STOPPED]
    assert list(labelled_app.models.iterdir()) == []


def test_a_full_disk_leaves_neither_folder_nor_rows(labelled_app, monkeypatch):
    def full(*_arguments):
        raise DiskFullError

    monkeypatch.setattr(train_module, "add_model_version", full)
    with pytest.raises(DiskFullError):
        trained(labelled_app)
    assert list(labelled_app.models.iterdir()) == []
    with labelled_app.database() as db:
        assert list_model_versions(db) == []
        assert list_jobs(db)[0].status == JobStatus.FAILED


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"dataset": "nothing"}, DatasetMissingError),
        ({"concepts": ("nothing",)}, ConceptMissingError),
        ({"version": 7}, UserError),
    ],
)
def test_what_is_missing_is_named_with_a_next_step(labelled_app, changes, error):
    with pytest.raises(error) as raised:
        trained(labelled_app, **changes)
    assert raised.value.next_step


def test_a_request_that_cannot_be_trained_does_not_exist():
    with pytest.raises(ModelTypeError, match="clusterer"):
        TrainRequest(model="first", type="clusterer")
    with pytest.raises(SettingsTypeError, match="writer"):
        TrainRequest(model="first", type="text-to-text")
    with pytest.raises(TemplateMissingError):
        TrainRequest(model="first", template="encoder_lora")
    with pytest.raises(ModelNameError):
        TrainRequest(model="  ")


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ((), UserError),
        ((("a text", ()), ("another", ())), NoLabelsError),
        ((("a text", ("spam",)), ("another", ("spam",))), UserError),
    ],
)
def test_too_little_data_is_one_sentence_and_a_next_step(app, texts, error):
    for text, concepts in texts:
        add_texts(app, AddTextsRequest((text,), concepts), Job())
    with pytest.raises(error) as raised:
        trained(app)
    assert raised.value.next_step


def test_two_texts_are_enough_for_a_first_try(app):
    add_texts(app, AddTextsRequest(("win cash",), ("spam",)), Job())
    add_texts(app, AddTextsRequest(("see you",), ("ham",)), Job())
    assert trained(app).model_version.summary["n_texts"] == 2


def test_one_concept_is_told_from_texts_that_are_not(app):
    add_texts(app, AddTextsRequest(("win cash now", "win a prize"), ("spam",)), Job())
    add_texts(app, AddTextsRequest(("see you", "call me"), (), ("spam",)), Job())
    version = trained(app).model_version
    answer = try_text(app, TryRequest("first", "win cash"), Job())
    assert version.concepts == ("spam",)
    assert answer.predictions[0].concept == "spam"


def test_a_concept_without_texts_is_named(labelled_app):
    add_texts(labelled_app, AddTextsRequest(("not this",), (), ("ghost",)), Job())
    with pytest.raises(NoPositivesError, match="ghost"):
        trained(labelled_app, concepts=("spam", "ham", "ghost"))


def test_a_model_answers_with_the_nearest_labelled_texts(labelled_app):
    trained(labelled_app)
    result = try_text(labelled_app, TryRequest("first", "claim your free prize"), Job())
    assert result.chosen == ("spam",)
    assert result.is_exclusive
    assert sum(p.probability for p in result.predictions) == pytest.approx(1, abs=1e-4)
    assert len(result.neighbours) == 4
    assert result.neighbours[0].concepts == ("spam",)
    similarities = [neighbour.similarity for neighbour in result.neighbours]
    assert similarities == sorted(similarities, reverse=True)


def test_inference_settings_limit_what_is_listed(labelled_app):
    limited = replace(PLAIN, max_concepts=1)
    trained(labelled_app, settings=limited)
    request = TryRequest("first", "claim your free prize")
    assert len(try_text(labelled_app, request, Job()).predictions) == 1
    trained(labelled_app, settings=replace(PLAIN, select_concepts=("ham",)))
    assert [p.concept for p in try_text(labelled_app, request, Job()).predictions] == ["ham"]
    trained(labelled_app, settings=replace(PLAIN, min_value=0.5))
    assert [p.concept for p in try_text(labelled_app, request, Job()).predictions] == ["spam"]


def test_concepts_that_do_not_exclude_each_other_are_judged_one_by_one(labelled_app):
    settings = replace(PLAIN, concepts_mutually_exclusive="false")
    trained(labelled_app, settings=settings)
    result = try_text(labelled_app, TryRequest("first", "claim your free prize"), Job())
    assert not result.is_exclusive
    assert result.chosen == ("spam",)


def test_an_empty_text_has_no_answer(labelled_app):
    trained(labelled_app)
    with pytest.raises(NoTextError):
        try_text(labelled_app, TryRequest("first", "  "), Job())
    with pytest.raises(ModelMissingError, match="other"):
        try_text(labelled_app, TryRequest("other", "text"), Job())


def test_the_stored_model_is_scored_on_another_dataset_and_flattery_is_counted(labelled_app):
    trained(labelled_app)
    add = AddTextsRequest(("win a free prize now", "free cash for you"), ("spam",), (), "more")
    add_texts(labelled_app, add, Job())
    found = evaluate(labelled_app, EvaluateRequest("first", dataset="more"), Job()).evaluation
    assert found.method == Method.STORED_MODEL
    assert (found.report["n_texts"], found.report["n_seen"]) == (2, 1)


def test_texts_whose_concepts_the_model_never_learned_are_left_out_and_counted(labelled_app):
    trained(labelled_app)
    for text, concept in (("win cash", "spam"), ("a sonnet", "poem")):
        add_texts(labelled_app, AddTextsRequest((text,), (concept,), (), "more"), Job())
    found = evaluate(labelled_app, EvaluateRequest("first", dataset="more"), Job()).evaluation
    assert (found.report["n_texts"], found.report["n_left_out"]) == (1, 1)


def test_refitted_models_are_told_apart_from_the_stored_one(labelled_app):
    own = trained(labelled_app).evaluation
    again = evaluate(labelled_app, EvaluateRequest("first"), Job()).evaluation
    assert again == own
    found = evaluate(labelled_app, EvaluateRequest("first", n_folds=4), Job()).evaluation
    assert (found.method, found.n_folds, found.report["n_seen"]) == (Method.CROSS_VALIDATION, 4, 0)


def test_an_evaluation_needs_labels_and_sensible_rounds(labelled_app):
    trained(labelled_app)
    add_texts(labelled_app, AddTextsRequest(("no concept here",), dataset="bare"), Job())
    with pytest.raises(NothingToScoreError):
        evaluate(labelled_app, EvaluateRequest("first", dataset="bare"), Job())
    with pytest.raises(FoldsError, match="1"):
        EvaluateRequest("first", n_folds=1)


def test_a_dataset_of_which_nothing_changed_is_frozen_once(labelled_app):
    trained(labelled_app)
    trained(labelled_app)
    with labelled_app.database() as db:
        assert len(list_versions(db, 1)) == 1


def test_a_stopped_training_takes_back_the_version_that_it_froze(labelled_app, impatient):
    with pytest.raises(JobCancelled):
        trained(labelled_app, impatient(2))
    with labelled_app.database() as db:
        assert list_versions(db, 1) == []


def test_an_app_made_anew_in_the_same_place_never_answers_with_the_old_model(tmp_path):
    for concept in ("cat", "apple"):
        app = create_app_folder("mine", tmp_path / "mine")
        add_texts(app, AddTextsRequest(("one text", "two text"), (concept,)), Job())
        add_texts(app, AddTextsRequest(("more", "other"), ("else",)), Job())
        trained(app)
        assert try_text(app, TryRequest("first", "one text"), Job()).chosen == (concept,)
        shutil.rmtree(app.path)


def test_a_text_about_none_of_them_leaves_the_concepts_exclusive(labelled_app):
    add_texts(labelled_app, AddTextsRequest(("none of it",), (), ("spam", "ham")), Job())
    result = trained(labelled_app)
    assert result.model_version.summary["is_exclusive"]
    assert result.evaluation.report["n_left_out"] == 1


def test_rounds_that_ran_are_counted_not_those_asked_for(app):
    for i in range(3):
        add_texts(app, AddTextsRequest((f"win cash {i}",), ("spam",)), Job())
        add_texts(app, AddTextsRequest((f"see you {i}",), ("ham",)), Job())
    trained(app)
    found = evaluate(app, EvaluateRequest("first", n_folds=20), Job()).evaluation
    assert found.n_folds <= 6
