"""Bring texts in, label, split, freeze, export, and take it all back: by clicking and typing."""

import csv

import pytest
from PySide6.QtCore import Qt

from core.operations.split_inputs import SplitRequest, split_inputs
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter, count_inputs, list_input_ids
from core.storage.inputs import get_inputs
from core.storage.versions import list_versions, load_version
from desktop import boxes

ROWS = [
    ("1", "The parcel came late", "complaint"),
    ("2", "Where is my parcel?", "question"),
    ("3", "All is well, thank you", ""),
    ("4", "It broke on the first day", ""),
    ("4", "Twice the same id", "question"),
    ("5", "When do you open?", ""),
]


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "letters.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text", "label"), *ROWS])
    return path


@pytest.fixture
def opened(person, letters, monkeypatch):
    """An app with the letters, imported through the window."""
    monkeypatch.setattr(boxes, "choose_files", lambda *_a, **_k: [letters])
    person.click("Create app")
    person.type(person.window.start.form.name, "Letters")
    person.press(Qt.Key.Key_Return)
    person.click("Choose files")
    importing = person.window.workspace.open("dataset").importing
    person.wait_for(importing.duplicates.isVisible)  # the whole file was looked through
    person.look("20-import")
    person.click("Add 6 texts")
    db = person.window.session.db
    person.wait_for(lambda: count_inputs(db) == 6 and person.window.jobs.current is None)
    person.look("21-import-result")
    return person


def undo(person):
    words = person.window.workspace.header.undo_button.accessibleName()
    person.click(words)
    person.wait_for(lambda: bool(person.buttons(words.replace("Undo", "Redo"))))


def test_an_import_is_taken_back_and_brought_back(opened):
    session = opened.window.session
    assert opened.window.workspace.header.undo_button.accessibleName() == "Undo: import letters.csv"
    undo(opened)
    opened.wait_for(lambda: count_inputs(session.db) == 0)
    assert list_concepts(session.db) == []
    opened.click("Redo: import letters.csv")
    opened.wait_for(lambda: count_inputs(session.db) == 6)
    assert [c.name for c in list_concepts(session.db)] == ["complaint", "question"]


def test_texts_are_labelled_with_the_keyboard_alone(opened):
    session = opened.window.session
    screen = opened.window.workspace.open("labelling")
    opened.look("22-labelling")
    assert count_inputs(session.db, InputFilter(labelling="unlabelled")) == 3
    for key in (Qt.Key.Key_2, Qt.Key.Key_U, Qt.Key.Key_2):
        opened.press(key)
    opened.wait_for(lambda: count_inputs(session.db, InputFilter(has=(2,))) == 4)
    labelled = get_inputs(session.db, list_input_ids(session.db))
    assert [(i.external_id, i.status) for i in labelled if not i.is_labelled] == [("4", "unsure")]
    opened.look("23-labelling-done")
    assert screen.isVisible()
    undo(opened)
    undo(opened)
    assert count_inputs(session.db, InputFilter(labelling="unlabelled")) == 2


def test_texts_are_split_frozen_compared_and_exported(opened, tmp_path, monkeypatch):
    session = opened.window.session
    opened.window.workspace.open("versions")
    opened.click("Freeze a new version")
    opened.wait_for(lambda: len(list_versions(session.db, 1)) == 1)
    opened.wait_for(lambda: opened.window.jobs.current is None)
    session.do(split_inputs, SplitRequest(InputFilter(), 50, 0, 50))
    opened.window.workspace.open("labelling")
    opened.press(Qt.Key.Key_1)
    opened.window.workspace.open("versions")
    opened.click("Freeze a new version")
    opened.wait_for(lambda: len(list_versions(session.db, 1)) == 2)
    opened.wait_for(lambda: opened.window.jobs.current is None)
    assert [v.n_labelled for v in list_versions(session.db, 1)] == [4, 3]
    assert {i.split for i in load_version(session.db, 1)} == {""}
    assert {i.split for i in load_version(session.db, 2)} == {"train", "test"}
    opened.look("24-versions")
    out = tmp_path / "out.csv"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_a, **_k: out)
    opened.click("Export…")
    opened.look("25-export")
    page = opened.window.workspace.stack.currentWidget()
    opened.click("Export 6 texts…")
    opened.wait_for(out.exists)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == [text for _id, text, _label in ROWS]
    assert {row["split"] for row in rows} == {"train", "test"}
    assert page.isVisible()
