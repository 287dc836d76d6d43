"""Datasets and their versions, as the analyst sees and changes them."""

import pytest
from PySide6.QtCore import Qt

from core.app_folder import MAIN_DATASET
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.edit_inputs import InputDeletion, SplitEdit, TextEdits, edit_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.undo import undo
from core.storage.datasets import list_datasets
from core.storage.filters import InputFilter
from core.storage.versions import list_versions
from desktop import boxes
from desktop.screens.versions import screen as screen_module
from desktop.screens.versions.chart import scale_top
from desktop.screens.versions.screen import VersionsScreen
from desktop.theme.apply import apply_theme


@pytest.fixture
def two_versions(labelled_session):
    """Return the session with version 2 edited, moved, labelled, added to and taken from."""
    session = labelled_session
    freeze_dataset(session.app, FreezeRequest(description="first"), Job())
    edit_inputs(session.app, TextEdits(((1, "edited"),)), Job())
    edit_inputs(session.app, SplitEdit((2, 3), "test"), Job())
    annotate(session.app, AnnotateRequest((1,), "praise"), Job())
    annotate(session.app, AnnotateRequest((4,), "delivery", positive=None), Job())
    edit_inputs(session.app, InputDeletion((60,)), Job())
    add_texts(session.app, AddTextsRequest(("new one",), ("new concept",)), Job())
    freeze_dataset(session.app, FreezeRequest(), Job())
    return session


@pytest.fixture
def show(qtbot):
    def show(session):
        screen = VersionsScreen(session)
        qtbot.addWidget(screen)
        screen.resize(1064, 740)
        with qtbot.waitExposed(screen):
            screen.show()
        return screen

    return show


def facts(screen):
    details = screen.list.details
    return {
        key: details.facts[key].text() for key in details.facts if details.rows[key].isVisible()
    }


def cells(model):
    columns = range(model.columnCount())
    return [[model.words(row, column) for column in columns] for row in range(model.n_rows)]


def test_an_app_without_texts_has_nothing_to_freeze(show, session):
    screen = show(session)
    assert not screen.freeze.isEnabled()
    assert screen.footer.note() == f"“{MAIN_DATASET}” has no texts yet."
    assert screen.list.table.isHidden()
    assert screen.list.details.isHidden()


def test_freezing_makes_a_version_and_waits_for_its_description(qtbot, show, labelled_session):
    screen = show(labelled_session)
    screen.freeze.click()
    qtbot.waitUntil(lambda: screen.list.versions.n_rows == 1)
    assert "Version 1 is frozen" in screen.footer.note()
    description = screen.list.details.description
    assert description.hasFocus()
    qtbot.keyClicks(description, "before the summer")
    qtbot.keyClick(description, Qt.Key.Key_Return)
    dataset = list_datasets(labelled_session.db)[0]
    assert list_versions(labelled_session.db, dataset.id)[0].description == "before the summer"
    with qtbot.waitSignal(labelled_session.changed):
        screen.freeze.click()
    assert "Nothing has changed since version 1" in screen.footer.note()


def test_the_newest_version_is_shown_with_its_numbers(show, two_versions):
    screen = show(two_versions)
    assert [row[0] for row in cells(screen.list.versions)] == ["2", "1"]
    assert facts(screen) == {
        "inputs": "60",
        "labelled": "59",
        "unlabelled": "1",
        "split test": "2",
        "split ": "58",
    }
    assert cells(screen.list.details.concepts)[:2] == [
        ["payment", "20", "0"],
        ["praise", "20", "0"],
    ]
    screen.list.table.selectRow(1)
    assert facts(screen) == {"inputs": "60", "labelled": "60", "unlabelled": "0"}
    assert screen.list.details.description.text() == "first"


def test_many_texts_are_counted_in_the_background(qtbot, show, two_versions, monkeypatch):
    monkeypatch.setattr(screen_module, "FEW", 10)
    screen = show(two_versions)
    qtbot.waitUntil(lambda: screen.list.details.concepts.n_rows == 4)


def test_two_versions_are_drawn_as_a_chart_and_one_is_not(show, two_versions, labelled_session):
    screen = show(two_versions)
    assert screen.list.chart.isVisible()
    assert [version.number for version in screen.list.chart.versions] == [1, 2]
    assert "60 texts, 59 with a label" in screen.list.chart.accessibleName()
    screen.list.chart.set_versions(screen.list.chart.versions[:1])
    assert screen.list.chart.isHidden()


def test_the_scale_ends_at_a_round_even_number():
    assert [scale_top(n) for n in (0, 3, 60, 101, 240, 9_999)] == [2, 4, 60, 200, 400, 10_000]


def test_comparing_says_what_changed_and_every_number_opens_its_texts(qtbot, show, two_versions):
    screen = show(two_versions)
    screen.list.details.verbs[1].click()
    page = screen.compare
    qtbot.waitUntil(lambda: page.facts["edited"].text() == "1")
    assert {key: fact.text() for key, fact in page.facts.items()} == {
        "added": "1",
        "removed": "1",
        "edited": "1",
        "moved": "2",
    }
    assert cells(page.concepts) == [
        ["praise", "20", "20", "1", "1"],
        ["delivery", "20", "19", "0", "1"],
        ["new concept", "0", "1", "1", "0"],
        ["payment", "20", "20", "0", "0"],
    ]
    with qtbot.waitSignal(screen.asked_for) as asked:
        page.facts["moved"].click()
    assert asked.args == ["dataset"]
    assert two_versions.to_show == InputFilter(ids=(2, 3))
    page.table.clicked.emit(page.concepts.index(1, 4))
    assert two_versions.to_show == InputFilter(ids=(4,))
    page.table.setCurrentIndex(page.concepts.index(0, 3))
    page.table.row_opened.emit(0)
    assert two_versions.to_show == InputFilter(ids=(1,))


def test_texts_that_went_are_read_in_the_version_that_had_them(qtbot, show, two_versions):
    screen = show(two_versions)
    screen.list.details.verbs[1].click()
    qtbot.waitUntil(screen.compare.facts["removed"].isEnabled)
    screen.compare.facts["removed"].click()
    assert [row[0] for row in cells(screen.texts.texts)] == [
        "Thank you, visit 20 was the nicest this year."
    ]
    screen.texts.back.click()
    assert screen.stack.currentWidget() is screen.compare
    screen.compare.back.click()
    assert screen.footer.isVisible()


def test_a_version_compared_with_itself_differs_in_nothing(qtbot, show, two_versions):
    screen = show(two_versions)
    screen.list.details.verbs[1].click()
    screen.compare.old.setCurrentIndex(screen.compare.new.currentIndex())
    qtbot.waitUntil(lambda: "Nothing differs" in screen.compare.told.text())


def test_the_texts_of_an_old_version_are_read_as_they_were(show, two_versions):
    screen = show(two_versions)
    screen.list.table.selectRow(1)
    screen.list.details.verbs[0].click()
    table = screen.texts.texts
    assert table.n_rows == 60
    assert table.words(0, 0).startswith("parcel number 1 ")
    assert screen.texts.reading.toPlainText() == table.words(0, 0)
    assert screen.texts.reading.isReadOnly()


@pytest.mark.parametrize(
    ("place", "target", "attribute"), [(2, "settings", "train_from"), (3, "dataset", "to_export")]
)
def test_training_and_export_begin_with_the_chosen_version(
    qtbot, show, two_versions, place, target, attribute
):
    screen = show(two_versions)
    screen.list.table.selectRow(1)
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.list.details.verbs[place].click()
    assert asked.args == [target]
    assert getattr(two_versions, attribute) == (MAIN_DATASET, 1)


def test_deleting_a_version_asks_because_it_is_final(show, two_versions, monkeypatch):
    questions = []
    monkeypatch.setattr(boxes, "ask", lambda *words: questions.append(words) or len(questions) > 1)
    screen = show(two_versions)
    screen.list.details.delete.click()
    assert screen.list.versions.n_rows == 2
    screen.list.details.delete.click()
    assert [row[0] for row in cells(screen.list.versions)] == ["1"]
    assert "final" in questions[0][2]


def test_a_version_that_a_model_needs_is_kept_with_a_sentence(show, two_versions, monkeypatch):
    shown = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: shown.append(str(error)))
    monkeypatch.setattr(screen_module, "is_version_used", lambda *_which: True)
    screen = show(two_versions)
    screen.list.details.delete.click()
    assert shown == ["A model learned from version 2, or was scored on it."]


def test_datasets_are_made_renamed_described_and_deleted(qtbot, show, two_versions, monkeypatch):
    names = iter(("Pilot", "Second wave"))
    monkeypatch.setattr(boxes, "ask_text", lambda *_words, **_more: next(names))
    screen = show(two_versions)
    screen.list.new.click()
    assert screen.dataset.name == "Pilot"
    assert screen.list.counts.text() == "0 texts"
    screen.list.rename_asked.emit()
    assert screen.list.chooser.currentText() == "Second wave"
    screen.list.description.setFocus()
    qtbot.keyClicks(screen.list.description, "from the north")
    qtbot.keyClick(screen.list.description, Qt.Key.Key_Return)
    assert screen.dataset.description == "from the north"
    screen.list.deletion_asked.emit()
    assert [dataset.name for dataset in screen.datasets] == [MAIN_DATASET]
    assert "Ctrl+Z" in screen.footer.note()
    undo(two_versions.app, Job())
    assert list_datasets(two_versions.db)[1].description == "from the north"


def test_a_dataset_with_versions_or_the_only_one_stays(show, two_versions, monkeypatch):
    shown = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: shown.append(str(error)))
    monkeypatch.setattr(boxes, "ask_text", lambda *_words, **_more: MAIN_DATASET)
    screen = show(two_versions)
    screen.list.deletion_asked.emit()
    assert "only dataset" in screen.footer.note()
    monkeypatch.setattr(boxes, "ask_text", lambda *_words, **_more: "Pilot")
    screen.list.new.click()
    screen.list.chooser.setCurrentIndex(0)
    screen.list.deletion_asked.emit()
    assert shown == ["This dataset has versions, and models may have learned from them."]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_drawn(qapp, qtbot, show, two_versions, theme):
    apply_theme(qapp, theme)
    screen = show(two_versions)
    screen.list.details.verbs[1].click()
    qtbot.waitUntil(lambda: screen.compare.facts["edited"].text() == "1")
    for page in (screen.list, screen.texts, screen.compare):
        screen.stack.setCurrentWidget(page)
        assert not screen.grab().isNull()
