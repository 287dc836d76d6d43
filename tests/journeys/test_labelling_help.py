"""Label next through the real window: a suggestion is accepted by key, and nobody waits."""

import csv

import pytest
from PySide6.QtCore import Qt

from core.records import Origin
from core.storage.filters import InputFilter, count_inputs, list_input_ids
from desktop import boxes

K = Qt.Key
KINDS = {
    "delivery": "Parcel number {} has not arrived, where is it?",
    "payment": "I was charged twice for order {}, give me my money back.",
    "praise": "Thank you, visit {} was the nicest this year.",
}
N_LABELLED, N_OPEN = 4, 10  # of each kind


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "letters.csv"
    rows = [
        (sentence.format(i), concept if i < N_LABELLED else "")
        for i in range(N_LABELLED + N_OPEN)
        for concept, sentence in KINDS.items()
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *rows])
    return path


@pytest.fixture
def labelling(person, letters, monkeypatch):
    """The labelling screen, going through the texts without a label."""
    monkeypatch.setattr(boxes, "choose_files", lambda *_a, **_k: [letters])
    person.click("Create app")
    person.type(person.window.start.form.name, "Letters")
    person.press(K.Key_Return)
    person.click("Choose files")
    person.click(f"Add {3 * (N_LABELLED + N_OPEN)} texts")
    db = person.window.session.db
    person.wait_for(lambda: count_inputs(db) and person.window.jobs.current is None)
    return person.window.workspace.open("labelling")


def kind_of(text):
    return next(concept for concept, words in KINDS.items() if text.startswith(words[:5]))


def test_label_next_is_chosen_suggestions_are_accepted_by_key_and_it_learns_again(
    person, labelling
):
    panel, helping = labelling.top.filter, labelling.helping
    panel.open()
    panel.order.setCurrentIndex(1)
    person.look("30-order")
    panel.take.click()
    person.window.activateWindow()  # the offscreen platform does not do so when a popup closes
    person.wait_for(labelling.pane.text.hasFocus)
    assert labelling.pane.shown is not None  # the old order holds while it reads the texts
    person.wait_for(lambda: helping.result is not None)
    first = helping.result
    assert first.n_learned == 3 * N_LABELLED
    person.look("31-label-next")
    shown = labelling.pane.shown
    (suggested,) = (ghost.name for ghost in labelling.page.suggestions.chips.ghosts)
    assert suggested == kind_of(shown.text)
    person.press(K.Key_Period)
    assert labelling.pane.shown.id != shown.id
    with person.window.session.app.database() as db:
        accepted = InputFilter(origin=Origin.SUGGESTION)
        assert list(list_input_ids(db, accepted)) == [shown.id]
    for _answer in range(9):
        key = {"delivery": K.Key_1, "payment": K.Key_2, "praise": K.Key_3}
        person.press(key[kind_of(labelling.pane.shown.text)])
    person.wait_for(lambda: helping.result is not first)
    assert helping.result.n_learned == 3 * N_LABELLED + 10
    person.look("32-learned-again")
    assert 0 < helping.result.n_drawn < 10
    assert helping.result.shares == ()  # so few say nothing of all texts
