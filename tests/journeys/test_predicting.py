"""A file is predicted, looked into and made use of, by clicking."""

import csv

import pytest

from core.storage.datasets import list_datasets
from core.storage.filters import count_inputs
from desktop import boxes

pytestmark = pytest.mark.weights

ROWS = (
    ("ann", "You have won a prize, text WIN to claim it"),
    ("bob", "See you at eight tonight"),
    ("cy", ""),
    ("di", "Free entry to win cash, call now"),
)


def test_a_file_is_predicted_filtered_and_becomes_a_dataset(person, tmp_path, monkeypatch):
    path, out = tmp_path / "new.csv", tmp_path / "new-predicted.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("who", "text"), *ROWS])
    monkeypatch.setattr(boxes, "choose_file", lambda *_a, **_k: path)
    person.click(person.window.start.sample_rows[0].accessibleName())
    person.wait_for(lambda: person.window.workspace is not None)
    person.click("Train model")
    task = person.window.session.training.task
    person.wait_for(lambda: task.is_over)
    screen = person.window.workspace.open("predict")
    person.look("20-predict")
    person.click("Choose a file…")
    person.click("Predict 4 texts")
    person.wait_for(lambda: screen.results.found is not None)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["who"], row["text"]) for row in rows] == list(ROWS)
    assert [bool(row["probability"]) for row in rows] == [True, True, False, True]
    assert (screen.results.found.n_rows, screen.results.found.n_without) == (3, 1)
    person.look("21-predict-results")
    make_a_dataset(person, screen)


def make_a_dataset(person, screen):
    db = person.window.session.db
    n_before = count_inputs(db)
    person.click("Use 3 texts…")
    person.look("22-predict-use")
    person.click("Use 3 texts")
    person.wait_for(lambda: "new-predicted" in [one.name for one in list_datasets(db)])
    person.wait_for(lambda: screen._using.is_over)
    assert count_inputs(db) == n_before + 3
    person.window.workspace.undoing.undo()
    person.wait_for(lambda: count_inputs(db) == n_before)
