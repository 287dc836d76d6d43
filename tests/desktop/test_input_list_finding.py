"""The list of texts: searching, filters that combine, sorting, and what is counted."""

import pytest
from PySide6.QtCore import Qt

from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, AnswerRequest, NoteRequest, annotate
from core.operations.edit_inputs import MembershipEdit, MetadataEdit, SplitEdit, edit_inputs
from core.records import Origin, Status
from core.storage.filters import InputFilter, Sort, list_saved_filters
from desktop import boxes
from desktop.screens.dataset.screen import DatasetScreen
from desktop.theme.apply import apply_theme
from desktop.widgets.filter_words import parts_of
from desktop.widgets.hits import around_hit, utf16
from desktop.widgets.layout import Frame

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SPACE, RIGHT = Qt.Key.Key_Space, Qt.Key.Key_Right


@pytest.fixture
def page(qtbot, labelled_session):
    screen = DatasetScreen(labelled_session)
    frame = Frame(screen)
    qtbot.addWidget(frame)
    frame.resize(1280, 800)
    frame.show()
    screen.list.frame = frame
    screen.list.screen = screen
    return screen.list


def rows_of(page):
    return page.model.rowCount()


def words_of(page):
    return [chip.text() for chip in page.filters.chips.chips]


# -- search -----------------------------------------------------------------------------------


def test_hits_are_marked_in_the_list_and_beside_it_in_both_themes(qtbot, qapp, page):
    before = page.table.viewport().grab().toImage()
    with qtbot.waitSignal(page.filters.changed):
        qtbot.keyClicks(page.filters.search, "arriv")
    assert page.counts.shown.text() == "20 of 60 texts"
    index = page.model.index(0, 0)
    (start, end), *_rest = page.model.data(index, Qt.ItemDataRole.UserRole + 10)
    assert index.data()[start:end] == "arriv"
    assert len(page.inspector.reading.extraSelections()) == 1
    for theme in ("light", "dark"):
        apply_theme(qapp, theme)
        assert page.table.viewport().grab().toImage() != before


def test_a_line_begins_before_a_hit_that_it_would_not_reach():
    text = "many words before it " * 30 + "the needle is here"
    start = text.index("needle")
    shown, ((first, last),) = around_hit(text, [(start, start + 6)], 300)
    assert shown.startswith("…")
    assert shown[first:last] == "needle"


def test_an_emoji_before_a_hit_does_not_move_its_mark():
    assert utf16("😀 card", 2) == 3


# -- filters ----------------------------------------------------------------------------------


def test_filters_combine_and_each_is_a_chip_that_takes_itself_away(page, labelled_session):
    labelled_session.do(edit_inputs, SplitEdit((1, 2, 21), "test"))
    page.filters.concept.setCurrentText("delivery")
    page.filters.split.setCurrentIndex(page.filters.split.findData("test"))
    assert rows_of(page) == 2
    assert words_of(page) == ["delivery", "Split: Test"]
    assert page.counts.details.text() == "Test 2"
    page.filters.chips.chips[0].click()
    assert rows_of(page) == 3
    assert page.filters.concept.currentText() == "Any concept"
    page.filters.chips.clear.click()
    assert rows_of(page) == 60
    assert page.filters.chips.isHidden()


@pytest.mark.parametrize(
    ("choose", "n"),
    [
        (lambda panel: choose(panel.lacks, "delivery"), 42),
        (lambda panel: choose(panel.has, "payment"), 20),
        (lambda panel: choose(panel.labelling, "None of the concepts"), 1),
        (lambda panel: choose(panel.labelling, "Unsure"), 1),
        (lambda panel: choose(panel.labelling, "Not labelled yet"), 1),
        (lambda panel: choose(panel.origin, "A person"), 61),
        (lambda panel: choose(panel.origin, "A data check"), 0),
        (lambda panel: choose(panel.split, "Train"), 2),
        (lambda panel: choose(panel.name, "channel"), 2),
        (lambda panel: panel.note.click(), 1),
    ],
)
def test_every_filter_of_the_panel_narrows(page, labelled_session, choose, n):
    session = labelled_session
    session.do(add_texts, AddTextsRequest(("Nobody knows.", "None of these.")))
    session.do(annotate, AnswerRequest((61,), Status.UNSURE))
    session.do(annotate, AnnotateRequest((62,), "delivery", positive=False))
    session.do(annotate, NoteRequest(5, "ask Maria"))
    session.do(edit_inputs, SplitEdit((1, 2), "train"))
    session.do(edit_inputs, MetadataEdit((7, 8), "channel", "mail"))
    page.filters.more.click()
    panel = page.filters.panel
    assert panel.isVisible()
    choose(panel)
    assert rows_of(page) == n
    panel.clear.click()
    assert rows_of(page) == 62
    panel.close()


def choose(select, words):
    place = select.findText(words)
    assert place >= 0
    select.setCurrentIndex(place)
    select.activated.emit(place)


def test_length_day_and_value_are_typed(qtbot, page, labelled_session):
    labelled_session.do(add_texts, AddTextsRequest(("Short.",)))
    labelled_session.do(edit_inputs, MetadataEdit((61,), "channel", "mail"))
    page.filters.more.click()
    panel = page.filters.panel
    with qtbot.waitSignal(page.filters.changed):
        qtbot.keyClicks(panel.most, "10")
    assert rows_of(page) == 1
    assert words_of(page) == ["Up to 10 characters"]
    panel.since.setText("2999-01-01")
    panel._take_typed()
    assert rows_of(page) == 0
    panel.since.setText("the day before")
    panel._take_typed()
    assert panel.since.property("wrong") == "true"
    assert rows_of(page) == 1
    choose(panel.name, "channel")
    panel.value.setText("post")
    panel._take_typed()
    assert rows_of(page) == 0
    panel.close()


def test_a_filter_is_saved_chosen_and_deleted(page, labelled_session, monkeypatch):
    monkeypatch.setattr(boxes, "ask_text", lambda *_, **__: "Money")
    page.filters.concept.setCurrentText("payment")
    page.filters.more.click()
    page.filters.panel.save.click()
    assert list_saved_filters(labelled_session.db) == {"Money": InputFilter(has=(2,))}
    page.filters.clear()
    page.filters.more.click()
    panel = page.filters.panel
    use = next(b for b in panel._saved.findChildren(type(panel.save)) if b.text() == "Money")
    use.click()
    assert rows_of(page) == 20
    panel.delete_asked.emit("Money")
    assert not list_saved_filters(labelled_session.db)
    panel.close()


def test_every_part_of_a_filter_has_words_of_its_own():
    whole = InputFilter(
        ids=(1, 2),
        has=(1,),
        lacks=(2,),
        labelling="none",
        origin=Origin.UNKNOWN,
        split="none",
        source="a.csv",
        metadata=(("channel", "mail"), ("city", "")),
        min_chars=3,
        max_chars=9000,
        added_from="2026-01-02",
        added_to="2026-02-03",
        has_note=True,
    )
    parts = parts_of(whole, {})
    assert [part.words for part in parts] == [
        *("2 texts that were chosen", "A deleted concept", "Not: A deleted concept"),
        *("None of the concepts", "Label set by: Nobody knows", "No split", "From a.csv"),
        *("channel = mail", "Has city", "3 to 9,000 characters"),
        *("Added 2 Jan 2026 to 3 Feb 2026", "Has a note"),
    ]
    left = whole
    for _n in range(len(parts)):
        left = parts_of(left, {})[0].rest
    assert left == InputFilter()


def test_texts_of_another_screen_are_shown_as_a_chip(page, labelled_session):
    page.screen.hide()
    labelled_session.to_show = InputFilter(ids=tuple(range(1, 13)))
    page.screen.show()
    assert rows_of(page) == 12
    assert words_of(page) == ["12 texts that were chosen"]
    assert labelled_session.to_show is None


def test_a_text_that_is_in_no_dataset_is_still_found(page, labelled_session):
    labelled_session.do(edit_inputs, MembershipEdit((1,), "texts", belongs=False))
    assert page.chooser.isVisible()
    assert rows_of(page) == 60
    page.chooser.setCurrentText("texts")
    assert rows_of(page) == 59
    page.chooser.setCurrentText("All texts")
    page.table.selectRow(0)
    assert page.inspector.shown.id == 1


# -- order and counts -------------------------------------------------------------------------


def test_a_column_head_sorts_and_again_the_other_way_round(page):
    head = page.table.heads
    head.sectionClicked.emit(0)
    assert page.model.headerData(0, Qt.Orientation.Horizontal) == "Text ↑"
    assert page.model.index(0, 0).data().startswith("I was charged twice for order 1,")
    head.sectionClicked.emit(0)
    assert page.model.headerData(0, Qt.Orientation.Horizontal) == "Text ↓"
    assert page.model.index(0, 0).data().startswith("Thank you")
    assert page.counts.order.text() == "Text, Z to A"


def test_heads_are_reached_with_the_arrow_keys(qtbot, page):
    heads = page.table.heads
    heads.setFocus()
    qtbot.keyClick(heads, RIGHT)
    assert not page.frame.grab().isNull()  # the ring is drawn
    qtbot.keyClick(heads, SPACE)
    assert page.model.order == Sort("concepts", is_descending=True)


def test_the_menu_sorts(page):
    page.counts.order.click()
    page.counts.sort_chosen.emit(Sort("added", is_descending=True))
    assert page.model.index(0, 0).data().startswith("Thank you, visit 20")
    assert page.counts.order.text() == "Newest first"


def test_counts_say_how_many_are_shown_unlabelled_and_in_each_split(page, labelled_session):
    assert page.counts.shown.text() == "60 texts"
    labelled_session.do(add_texts, AddTextsRequest(("Nobody knows.",)))
    labelled_session.do(edit_inputs, SplitEdit(tuple(range(1, 11)), "train"))
    assert page.counts.details.text() == "1 unlabelled · Train 10 · No split 51"


def test_what_takes_long_is_found_and_counted_in_the_background(qtbot, page, monkeypatch):
    monkeypatch.setattr("desktop.finding.PATIENCE_S", -1)
    monkeypatch.setattr("desktop.screens.dataset.counts_line.PATIENCE_S", -1)
    monkeypatch.setattr("core.storage.database.CHECKED_STEPS", 1)
    page.filters.concept.setCurrentText("payment")
    assert page.counts.shown.text() == "Searching…"
    qtbot.waitUntil(lambda: page.counts.shown.text() == "20 of 60 texts")
    assert rows_of(page) == 20


def test_a_text_that_carries_none_of_the_concepts_is_labelled(page, labelled_session):
    labelled_session.do(add_texts, AddTextsRequest(("Nobody knows.",)))
    assert page.model.index(60, 1).data() == "Not labelled yet"
    labelled_session.do(annotate, AnnotateRequest((61,), "delivery", positive=False))
    assert page.model.index(60, 1).data() == "None of the concepts"
    assert page.footer.note() == "Every text is labelled."


def test_a_note_and_an_answer_are_quiet_signs(page, labelled_session):
    labelled_session.do(annotate, AnswerRequest((1,), Status.SKIPPED))
    labelled_session.do(annotate, NoteRequest(1, "ask Maria"))
    assert page.model.index(0, 3).data() == "Skipped\nNote: ask Maria"
    assert not page.table.grab().isNull()
