"""Build a workflow in the window, try it on a text, run it on the texts, take that back."""

import csv

import pytest
from PySide6.QtCore import Qt

from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter, count_inputs
from core.storage.workflows import list_workflows
from desktop import boxes
from desktop.screens.workflows.screen import BUILD, DEFAULT, RUN

LETTERS = ("The parcel came late", "Where is my   parcel?", "All is well, thank you")
pytestmark = pytest.mark.slow


@pytest.fixture
def opened(person, tmp_path, monkeypatch):
    """An app with letters that nobody labelled."""
    path = tmp_path / "letters.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text",), *((letter,) for letter in LETTERS)])
    monkeypatch.setattr(boxes, "choose_files", lambda *_a, **_k: [path])
    person.click("Create app")
    person.type(person.window.start.form.name, "Letters")
    person.press(Qt.Key.Key_Return)
    person.click("Choose files")
    person.click("Add 3 texts")
    db = person.window.session.db
    person.wait_for(lambda: count_inputs(db) == 3 and person.window.jobs.current is None)
    return person


def choose(screen, words, *, between=True):
    """Choose a node from the menu that “Add” or “Branch” opens."""
    menu = screen.build.menu(between=between)
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_a_workflow_is_built_tried_kept_run_and_taken_back(opened):
    person, db = opened, opened.window.session.db
    person.click("Workflows")
    screen = person.window.workspace.open("workflows")
    choose(screen, "Clean texts")
    choose(screen, "Find words")
    assert not person.buttons("Save")
    control = screen.build.panel.rows["words"].control
    person.click("Add a concept")
    person.type(control.rows[0].key, "delivery")
    person.type(control.rows[0].value, "parcel")
    choose(screen, "Write as labels")
    trial = screen.build.trial
    person.type(trial.field.edit, "my  parcel is lost")
    person.wait_for(lambda: len(trial.shown) == 3)
    assert trial.shown[0].parts == ("my parcel is lost",)
    assert [p.concept for p in trial.shown[2].concepts] == ["delivery"]
    person.look("50-workflow-built")
    person.click("Save")
    assert [one.name for one in list_workflows(db)] == ["My workflow"]

    person.click("Run")
    assert screen.tabs.value == RUN
    person.click("Run on 3 texts")
    person.wait_for(lambda: {c.name: c.n_positive for c in list_concepts(db)} == {"delivery": 2})
    person.look("51-workflow-run")
    person.window.workspace.undoing.undo()
    person.wait_for(lambda: count_inputs(db, InputFilter(labelling="unlabelled")) == 3)
    screen.tabs.set_value(DEFAULT)
    person.look("52-workflow-default")
    screen.tabs.set_value(BUILD)
    assert list(screen.build.picture.boxes)[1:] == ["cleaner", "keywords", "labels"]
