"""The list of texts: selecting one, some or all, what is done to them, and the bin."""

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtWidgets import QApplication

from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import SHARE_LABELS, AnnotateRequest, annotate
from core.operations.undo import undo
from core.records import Status
from core.storage.about import get_about
from core.storage.bin import count_binned
from core.storage.concepts import list_concepts
from core.storage.datasets import get_dataset, list_datasets_of
from core.storage.filters import InputFilter, Sort, count_inputs, count_splits
from core.storage.inputs import get_inputs
from desktop import boxes
from desktop.screens.dataset import actions
from desktop.screens.dataset.screen import DatasetScreen
from desktop.widgets.layout import Frame

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
RETURN, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot, labelled_session, monkeypatch):
    monkeypatch.setattr(boxes, "ask", lambda *_: pytest.fail("undo takes it back"))
    screen = DatasetScreen(labelled_session)
    frame = Frame(screen)
    qtbot.addWidget(frame)
    frame.resize(1280, 800)
    frame.show()
    screen.list.screen, screen.list.frame = screen, frame
    return screen.list


def select(page, *rows):
    flags = QItemSelectionModel.SelectionFlag
    page.table.clearSelection()
    for row in rows:
        model = page.table.selectionModel()
        model.select(page.model.index(row, 0), flags.Select | flags.Rows)


def stored(page, *ids):
    return get_inputs(page.session.db, ids)


def menu_entry(menu, words):
    return next(action for action in menu.actions() if action.text() == words)


# -- selecting --------------------------------------------------------------------------------


def test_all_that_match_are_selected_as_the_filter_itself(qtbot, page):
    page.filters.concept.setCurrentText("payment")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_A, CTRL)
    assert page.bulk.count.text() == "20 selected"
    assert page.verbs.selection() == InputFilter(has=(2,))
    assert page.inspector._title.text() == "20 texts selected"
    assert not page.table.selectionModel().hasSelection()  # a state of ours: Qt would take seconds
    assert not page.table.grab().isNull()


def test_the_link_selects_all_and_a_click_on_a_row_only_that(qtbot, page):
    page.counts.select_all.click()
    assert page.table.n_selected == 60
    assert page.parts.over_list.currentWidget() is page.bulk
    place = page.table.visualRect(page.model.index(3, 0)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.table.selected_ids() == [4]
    assert page.parts.over_list.currentWidget() is page.counts


def test_escape_and_another_filter_end_selecting_all(qtbot, page):
    for end in (
        lambda: qtbot.keyClick(page.table, Qt.Key.Key_Escape),
        page.filters.unlabelled.click,
        page.bulk.leave.click,
    ):
        page.filters.clear()
        page.counts.select_all.click()
        assert page.table.is_all
        end()
        assert page.table.n_selected <= 1


def test_several_are_left_for_one(page):
    select(page, 2, 5, 7)
    page.bulk.leave.click()
    assert page.table.n_selected == 1


def test_typing_letters_in_the_list_reads_no_text(qtbot, page, monkeypatch):
    page.table.selectRow(5)
    monkeypatch.setattr(type(page.model), "match", lambda *_: pytest.fail("a million are read"))
    qtbot.keyClicks(page.table, "xyz")
    assert page.table.selected_ids() == [6]


def test_all_stay_selected_after_something_was_done_to_them(page):
    page.counts.select_all.click()
    page.verbs.label("urgent")
    assert page.table.n_selected == 60
    page.verbs.split("train")
    assert count_splits(page.session.db) == {"train": 60}


def test_some_stay_selected_when_the_list_is_read_anew(page):
    select(page, 2, 5, 7)
    assert page.verbs.selection() == (3, 6, 8)
    page.table.sort_chosen.emit(Sort("added", is_descending=True))
    assert sorted(page.verbs.selection()) == [3, 6, 8]


# -- what is done -----------------------------------------------------------------------------


def test_a_concept_is_said_denied_and_taken_away_by_key(qtbot, page):
    select(page, 0, 1)
    page.table.setFocus()
    for key, name, n_positive, n_negative in (
        (Qt.Key.Key_L, "praise", 22, 0),
        (Qt.Key.Key_N, "praise", 20, 2),
        (Qt.Key.Key_T, "praise", 20, 0),
    ):
        qtbot.keyClick(page.table, key)
        picker = page.verbs.picker
        assert picker.isVisible()
        qtbot.keyClicks(picker.search, name)
        qtbot.keyClick(picker.search, RETURN)
        praise = list_concepts(page.session.db)[2]
        assert (praise.n_positive, praise.n_negative) == (n_positive, n_negative)


def test_taking_away_a_concept_that_is_not_there_makes_none(page):
    page.table.selectRow(0)
    page.verbs.label("nonsense", positive=None)
    assert [c.name for c in list_concepts(page.session.db)] == ["delivery", "payment", "praise"]


def test_labels_are_cleared_and_doubt_is_said(page):
    select(page, 0, 1)
    page.verbs.actions["clear"].trigger()
    page.verbs.actions["unsure"].trigger()
    for item in stored(page, 1, 2):
        assert (item.positive, item.status) == ((), Status.UNSURE)


def test_texts_are_put_into_a_new_dataset_and_taken_out_again(page, monkeypatch):
    monkeypatch.setattr(boxes, "ask_text", lambda *_, **__: "held out")
    select(page, 0, 1)
    menu_entry(page.verbs.dataset_menu(page), "Add to a new dataset…").trigger()
    assert get_dataset(page.session.db, "held out").n_inputs == 2
    menu_entry(page.verbs.dataset_menu(page), "Take out of held out").trigger()
    assert get_dataset(page.session.db, "held out").n_inputs == 0


def test_the_menu_of_one_text_offers_only_the_datasets_that_change_something(page):
    page.table.selectRow(0)
    words = [action.text() for action in page.verbs.dataset_menu(page).actions()]
    assert "Take out of texts" in words
    assert "Add to texts" not in words


def test_texts_are_split_by_percentages(qtbot, page):
    page.counts.select_all.click()
    menu_entry(page.verbs.split_menu(page), "By percentages…").trigger()
    form = page.verbs.split_form
    form.shares[0].setText("70")
    form.act.click()
    assert form.isVisible()  # 90 per cent are not the whole
    assert form._errors.layout().count() == 1
    form.shares[2].setText("20")
    qtbot.keyClick(form.shares[2], RETURN)
    assert not form.isVisible()
    assert count_splits(page.session.db) == {"train": 42, "validation": 6, "test": 12}


def test_metadata_is_set_and_taken_away(page):
    select(page, 0, 1)
    page.verbs.actions["metadata"].trigger()
    form = page.verbs.metadata_form
    assert not form.act.isEnabled()
    form.name.setText("channel")
    form.value.setText("mail")
    form.act.click()
    assert [item.metadata for item in stored(page, 1, 2, 3)] == [{"channel": "mail"}] * 2 + [{}]
    page.verbs.actions["metadata"].trigger()
    form.remove.click()
    assert [item.metadata for item in stored(page, 1, 2)] == [{}, {}]


def test_many_texts_are_changed_in_the_background(qtbot, page, monkeypatch):
    monkeypatch.setattr(actions, "MANY", 10)
    page.counts.select_all.click()
    page.verbs.label("urgent")
    qtbot.waitUntil(lambda: list_concepts(page.session.db)[-1].n_positive == 60)
    assert page.table.is_all


def test_the_context_menu_has_every_verb(qtbot, page):
    page.table.selectRow(0)
    page.table.customContextMenuRequested.emit(QPoint(5, 5))
    menu = QApplication.activePopupWidget()
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == [
        *("Label as…", "Is not…", "Take a label away…", "Clear all labels", "Mark as unsure"),
        *("Dataset", "Split", "Metadata…", "Note…", "Write the answer…"),
        *("Find texts like this", "Go through them one by one", "Export them…", "Delete"),
    ]
    menu.close()


def test_selected_texts_are_labelled_one_by_one_or_exported(qtbot, page):
    select(page, 0, 4)
    with qtbot.waitSignal(page.screen.asked_for) as asked:
        page.verbs.actions["label_these"].trigger()
    assert asked.args == ["labelling"]
    assert page.session.to_label == InputFilter(ids=(1, 5))
    with qtbot.waitSignal(page.export_asked) as asked:
        page.verbs.actions["export"].trigger()
    assert asked.args == [InputFilter(ids=(1, 5))]


def test_label_texts_goes_through_the_unlabelled_and_ctrl_l_through_what_is_shown(qtbot, page):
    assert page.label_them.isHidden()
    page.session.do(add_texts, AddTextsRequest(("Nobody knows.",)))
    page.label_them.click()
    assert page.session.to_label == InputFilter(labelling="unlabelled")
    page.filters.concept.setCurrentText("praise")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_L, CTRL)
    assert page.session.to_label == InputFilter(has=(3,))


def test_identical_texts_share_labels_once_that_is_switched_on(page):
    page.session.do(add_texts, AddTextsRequest(("Twice here.",)))
    page.session.do(add_texts, AddTextsRequest(("Twice here.",)))
    page.menu.share.trigger()
    assert get_about(page.session.db, SHARE_LABELS) == "1"
    page.table.selectRow(60)
    page.verbs.label("praise")
    assert [item.positive for item in stored(page, 61, 62)] == [(3,), (3,)]
    page.look_again()
    assert page.menu.share.isChecked()


# -- beside the list --------------------------------------------------------------------------


def test_a_note_is_kept_when_the_keyboard_leaves_it(qtbot, page):
    page.table.selectRow(0)
    note = page.inspector.facts.note
    page.frame.activateWindow()
    qtbot.waitUntil(page.frame.isActiveWindow)
    note.setFocus()
    qtbot.waitUntil(note.edit.hasFocus)
    qtbot.keyClicks(note.edit, "ask Maria")
    page.table.setFocus()
    assert stored(page, 1)[0].note == "ask Maria"


def test_a_note_is_kept_when_another_text_is_chosen(page):
    page.table.selectRow(0)
    page.inspector.facts.note.set_text("ask Maria")
    page.table.selectRow(1)
    assert stored(page, 1)[0].note == "ask Maria"
    assert page.inspector.facts.note.text() == ""


def test_the_split_is_changed_beside_the_text(page):
    page.table.selectRow(0)
    split = page.inspector.facts.split
    split.setCurrentIndex(split.findData("test"))
    split.activated.emit(split.currentIndex())
    assert stored(page, 1)[0].split == "test"


def test_who_set_a_label_and_what_was_before_is_told(page):
    page.table.selectRow(0)
    page.verbs.label("delivery", positive=None)
    page.verbs.label("praise")
    history = page.inspector.facts.history
    history.set_open(is_open=True)
    words = [
        part.text()
        for part in history.findChildren(type(page.inspector._title))
        if part.text() and "·" not in part.text()
    ]
    assert words == ["praise", "delivery taken away", "delivery"]
    page.table.selectRow(1)
    assert page.inspector.facts.history.is_open()  # it stays open from text to text


def test_several_texts_show_no_facts_of_one(page):
    select(page, 0, 1)
    assert page.inspector.facts._whole.isHidden()
    assert page.inspector.add.isVisible()


# -- the bin ----------------------------------------------------------------------------------


def test_deleted_texts_wait_in_the_bin_and_come_back_with_their_labels(qtbot, page):
    select(page, 0, 1, 2)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert page.menu.bin.text() == "Bin (3)"
    page.menu.bin.trigger()
    bin_page = page.screen.bin
    assert page.screen.page is bin_page
    assert bin_page.model.index(0, 2).data() == "30 days"
    bin_page.table.selectRow(0)
    assert bin_page.chosen.text() == "Restore 1 text"
    bin_page.chosen.click()
    assert count_binned(page.session.db) == 2
    bin_page.all.click()
    assert [item.positive for item in stored(page, 1, 2, 3)] == [(1,)] * 3
    assert not bin_page.all.isEnabled()
    qtbot.keyClick(bin_page, Qt.Key.Key_Escape)
    assert page.screen.page is page


def test_emptying_the_bin_is_the_one_thing_that_is_asked_about(qtbot, page, monkeypatch):
    page.table.selectRow(0)
    page.verbs.delete()
    page.bin_asked.emit()
    questions = []
    monkeypatch.setattr(boxes, "ask", lambda *words: questions.append(words[1]))
    page.screen.bin.empty.click()
    assert questions == ["Delete 1 text for good?"]
    assert count_binned(page.session.db) == 1
    monkeypatch.setattr(boxes, "ask", lambda *_: True)
    page.screen.bin.empty.click()
    qtbot.waitUntil(lambda: count_binned(page.session.db) == 0)


def test_an_app_whose_texts_are_all_in_the_bin_still_leads_to_it(page):
    page.counts.select_all.click()
    page.verbs.delete()
    assert count_inputs(page.session.db) == 0
    assert page.screen.page is page
    page.session.do(undo)
    assert page.model.rowCount() == 60
    assert list_datasets_of(page.session.db, 1) == ["texts"]


def test_what_undo_takes_back_is_seen_at_once(page):
    page.session.do(annotate, AnnotateRequest((1,), "urgent"))
    page.table.selectRow(0)
    page.session.do(undo)
    assert page.model.index(0, 1).data() == "delivery"
