"""Search by example through the window, label what was found, and go on from there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core.storage.concepts import list_concepts
from core.storage.datasets import list_datasets
from core.storage.filters import InputFilter, count_inputs
from desktop import boxes

pytestmark = [pytest.mark.slow, pytest.mark.weights]


@pytest.fixture
def opened(person):
    """The sample of support mails, open in the window."""
    person.window.open_sample("bank-questions")
    session = person.window.session
    person.wait_for(lambda: count_inputs(session.db) > 0 and session.jobs.current is None)
    return person


def test_texts_like_one_of_the_dataset_are_found_labelled_and_frozen(opened, monkeypatch):
    workspace, session = opened.window.workspace, opened.window.session
    dataset = workspace.open("dataset")
    dataset.list.table.setFocus()
    opened.press(Qt.Key.Key_K)  # find texts like this
    opened.wait_for(lambda: workspace.current == "explore")
    explore = workspace.stack.currentWidget()
    example = explore.query.search.meanings[0]
    opened.wait_for(lambda: explore.results.table.results.count() > 5)
    rows = explore.results.table.results.rows
    assert example.input_id not in [row.shown.id for row in rows]
    scores = [row.score for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert 0.3 < scores[0] <= 1
    opened.look("60-explore-results")

    explore.results.table.setFocus()
    opened.press(Qt.Key.Key_L)
    opened.type(explore.picker.search, "found by meaning")
    opened.press(Qt.Key.Key_Return)
    (made,) = [c for c in list_concepts(session.db) if c.name == "found by meaning"]
    assert count_inputs(session.db, InputFilter(has=(made.id,))) == 1
    opened.wait_for(lambda: session.answers.current is None)

    monkeypatch.setattr(boxes, "ask_text", lambda *_a, **_k: "Golden")
    opened.click("Freeze…")
    assert "Golden" in [one.name for one in list_datasets(session.db)]
    opened.click("Undo: freeze a search as the dataset Golden")
    opened.wait_for(lambda: "Golden" not in [one.name for one in list_datasets(session.db)])


def test_topics_and_the_map_are_made_and_looked_at(opened):
    workspace = opened.window.workspace
    explore = workspace.open("explore")
    opened.click("Topics")
    opened.click("Sort into topics")
    opened.wait_for(lambda: explore.topics.table.topics.count() > 1)
    opened.look("61-explore-topics")
    opened.click("Map")
    opened.click("Draw the map")
    opened.wait_for(lambda: len(explore.map.view.points) > 0)
    explore.map.view.setFocus()
    for key in (Qt.Key.Key_Plus,) * 12:
        opened.press(key)
    opened.press(Qt.Key.Key_Space)
    QApplication.processEvents()
    assert explore.ids()
    opened.look("62-explore-map")
