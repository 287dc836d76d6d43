"""From a field of the matrix to a corrected label, another training, and before and after."""

import pytest
from PySide6.QtCore import Qt

from core.operations.annotate import AnnotateRequest, annotate
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from core.storage.models import list_model_versions

pytestmark = pytest.mark.weights
N_WRONG = 3


def test_a_wrong_label_is_found_corrected_and_trained_again_with_before_and_after(person):
    mislabelled = open_the_sample_with_wrong_labels(person)
    train(person)
    screen = person.window.workspace.open("evaluate")
    person.look("15-evaluate-overview")
    person.click("Mixed up")
    person.look("16-evaluate-mixed-up")
    n_corrected = correct_what_the_model_doubts(person, screen, set(mislabelled))
    assert n_corrected == N_WRONG
    assert screen.footer.note().startswith(f"{N_WRONG} labels corrected. Train again")
    for input_id, right in mislabelled.items():
        assert concept_of(person, input_id) == right
    person.look("17-evaluate-corrected")
    before = screen.state.evaluation
    person.click("Train again")
    person.wait_for(lambda: screen.state.before is not None)
    assert [version.number for version in list_model_versions(person.window.session.db)] == [2, 1]
    assert screen.state.before.id == before.id
    assert person.window.workspace.current == "evaluate"
    assert screen.pages.page.meaning.text().startswith("Before → now.")  # the same tab
    assert screen.footer.note().startswith("Right answers before:")
    right = "top1_accuracy"
    assert screen.state.report[right] > before.report[right]
    person.look("18-evaluate-before-and-after")
    person.click("Overview")
    person.wait_for(lambda: "Version 2" in screen.pages.page.before.text())
    person.look("19-evaluate-verdict")


def open_the_sample_with_wrong_labels(person):
    """Open the first sample, and give some texts a label that is not theirs; return the right."""
    person.click(person.window.start.sample_rows[0].accessibleName())
    person.wait_for(lambda: person.window.workspace is not None)
    session = person.window.session
    one, other = (concept for concept in list_concepts(session.db)[:2])
    ids = list_input_ids(session.db, InputFilter(has=(one.id,)))[:N_WRONG]
    session.do(annotate, AnnotateRequest(tuple(ids), other.name, only=True))
    return dict.fromkeys(ids, one.name)


def train(person):
    person.click("Train model")
    task = person.window.session.training.task
    person.wait_for(lambda: task.is_over)


def correct_what_the_model_doubts(person, screen, mislabelled):
    """Go from field to field by keys; give the mislabelled texts what the model says of them."""
    page, panel, n_corrected = screen.pages.page, screen.pages.panel, 0
    names = screen.state.names
    keys = [mark.key for mark in page.view.scene.marks if mark.key[0] != mark.key[1]]
    for key in keys:
        page.view.setFocus()
        person.press(Qt.Key.Key_Home)
        while page.view.focused.key != key:
            person.press(Qt.Key.Key_PageDown)
        person.press(Qt.Key.Key_Return)
        cell = screen.state.report["confusion"][key[0]][key[1]]
        person.wait_for(lambda n=cell: panel.table.rows.n_texts == n)
        assert screen.state.mark.person == names[key[0]]
        for place in range(cell):
            panel.table.selectRow(place)
            if panel.table.current.input_id in mislabelled:
                person.press(Qt.Key.Key_M)
                n_corrected += 1
        person.press(Qt.Key.Key_Escape)
        assert panel.isHidden()
    return n_corrected


def concept_of(person, input_id):
    """Return the only concept that a text has now."""
    db = person.window.session.db
    (one,) = get_inputs(db, [input_id])
    (concept,) = one.positive
    return next(c.name for c in list_concepts(db) if c.id == concept)
