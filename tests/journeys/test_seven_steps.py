"""From an empty window to a trained, evaluated and tried-out classifier, by clicking."""

import pytest
from PySide6.QtCore import Qt

from core.records import Method
from core.storage.datasets import list_datasets
from core.storage.evaluations import list_evaluations
from core.storage.models import list_model_versions
from core.worker import WorkerLostError
from desktop import boxes

pytestmark = pytest.mark.weights


def test_seven_steps_lead_from_a_file_to_a_model_that_answers(person, shared_data, monkeypatch):
    path = shared_data("sms_spam") / "train.csv"
    monkeypatch.setattr(boxes, "choose_files", lambda *_a, **_k: [path])
    create_app(person, "Messages")
    add_texts_of_the_chosen_file(person, "Add 4,457 texts", 4457)
    look_at_concepts_type_and_settings(person)
    train_and_look_at_the_scores(person)
    assert evaluation_of_the_only_model(person).report["macro_avg_f1_score"] > 0.9
    try_a_text(person, "You have won a free prize, text WIN to claim", "spam")
    for name in ("evaluate", "predict", "app"):
        person.window.workspace.open(name)
        person.look(f"12-{name}")
    assert [step.state for step in person.window.workspace.rail.steps] == ["done"] * 7


def create_app(person, name):
    person.look("01-start")
    person.click("Create app")
    person.type(person.window.start.form.name, name)
    person.press(Qt.Key.Key_Return)
    assert person.window.workspace.current == "dataset"
    person.look("02-dataset-empty")


def add_texts_of_the_chosen_file(person, button, n_inputs):
    person.click("Choose files")
    person.look("03-import-preview")
    person.click(button)
    person.wait_for(lambda: list_datasets(person.window.session.db)[0].n_inputs == n_inputs)
    person.wait_for(lambda: person.window.jobs.current is None)
    person.look("04-import-result")
    person.click("Next: Concepts")


def look_at_concepts_type_and_settings(person):
    workspace = person.window.workspace
    assert workspace.current == "concepts"
    person.look("05-concepts")
    workspace.open("dataset")
    person.look("06-dataset")
    workspace.open("concepts")
    person.click("Next: Model type")
    person.look("07-model-type")
    person.click("Next: Settings")
    person.look("08-settings")


def train_and_look_at_the_scores(person):
    person.click("Train model")
    assert person.window.workspace.current == "train"
    task = person.window.session.training.task
    person.wait_for(lambda: bool(task.trials) or task.is_over)
    person.look("09-train-running")
    person.wait_for(lambda: task.is_over)
    person.look("10-train-done")


def evaluation_of_the_only_model(person):
    (version,) = list_model_versions(person.window.session.db)
    (evaluation,) = list_evaluations(person.window.session.db, version.id)
    assert evaluation.method == Method.CROSS_VALIDATION
    return evaluation


def try_a_text(person, words, answer):
    person.click("Next: Try text")
    screen = person.window.workspace.open("try_text")
    person.type(screen.well.edit, words)
    person.wait_for(lambda: screen.answer.title.text() == answer)
    person.look("11-try-text")


def test_a_sample_is_trained_within_eight_clicks_of_the_first_start(person):
    person.click(person.window.start.sample_rows[0].accessibleName())
    person.wait_for(lambda: person.window.workspace is not None)
    person.click("Train model")
    task = person.window.session.training.task
    person.wait_for(lambda: task.is_over)
    assert list_model_versions(person.window.session.db)
    assert person.n_clicks <= 8


def test_a_worker_that_is_killed_while_training_takes_nothing_with_it(person):
    person.click(person.window.start.sample_rows[0].accessibleName())
    person.wait_for(lambda: person.window.workspace is not None)
    person.click("Train model")
    task = person.window.session.training.task
    failures = []
    task.failed.connect(failures.append)
    person.wait_for(lambda: bool(task.stages))
    person.window.jobs._worker.process.kill()
    person.wait_for(lambda: task.is_over)
    assert isinstance(failures[0], WorkerLostError)
    assert list_model_versions(person.window.session.db) == []
    assert list_datasets(person.window.session.db)[0].n_inputs > 200
    person.look("13-worker-lost")
    person.click("Train again")
    again = person.window.session.training.task
    person.wait_for(lambda: again.is_over)
    assert list_model_versions(person.window.session.db)
