"""Step 2: the list of texts, what is done to one of them, and how more come in."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent

from core.errors import DiskFullError
from core.operations.add_texts import AddTextsRequest, add_texts
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter, count_inputs
from core.storage.inputs import NewInput, add_inputs, get_inputs
from core.storage.versions import list_versions
from desktop import boxes
from desktop.screens.dataset.input_table import PAGE, InputTableModel
from desktop.screens.dataset.screen import DatasetScreen
from desktop.widgets.layout import Frame

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
ENTER, RETURN = Qt.Key.Key_Enter, Qt.Key.Key_Return


def shown(qtbot, session, *, width=1280):
    screen = DatasetScreen(session)
    frame = Frame(screen)
    qtbot.addWidget(frame)
    frame.resize(width, 800)
    frame.show()
    screen.frame = frame
    return screen


@pytest.fixture
def screen(qtbot, labelled_session):
    return shown(qtbot, labelled_session)


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "letters.csv"
    rows = [f"Letter number {i} about a parcel,delivery" for i in range(200)]
    path.write_text("\n".join(["text,label", *rows, ",delivery", "no label here,"]) + "\n")
    return path


def rows_of(screen):
    return screen.list.model.rowCount()


def drop(widget, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    widget.dropEvent(QDropEvent(QPoint(50, 50), actions, mime, buttons, keys))


# -- the list ---------------------------------------------------------------------------------


def test_an_empty_app_shows_the_ways_to_begin(qtbot, session):
    screen = shown(qtbot, session)
    assert screen.page is screen.empty
    assert not screen.footer.primary.isEnabled()
    assert screen.first_focus() is screen.empty.empty.ways[0]


def test_the_list_shows_every_text_with_its_concepts(screen, qtmodeltester):
    assert screen.page is screen.list
    assert rows_of(screen) == 60
    first = [screen.list.model.index(0, i).data() for i in range(4)]
    assert first == ["parcel number 1 has not arrived, where is it?", "delivery", "–", ""]
    assert screen.footer.note() == "Every text is labelled."
    assert screen.footer.primary.isEnabled()
    qtmodeltester.check(screen.list.model, force_py=True)


def test_what_is_typed_is_searched_after_a_pause(qtbot, screen):
    with qtbot.waitSignal(screen.list.filters.changed):
        qtbot.keyClicks(screen.list.filters.search, "charged")
    assert rows_of(screen) == 20
    qtbot.keyClick(screen.list.filters.search, Qt.Key.Key_Escape)
    assert rows_of(screen) == 60


def test_concept_split_and_missing_labels_narrow_the_list(screen, labelled_session):
    labelled_session.do(add_texts, AddTextsRequest(("Nobody knows what this is about.",)))
    filters = screen.list.filters
    filters.concept.setCurrentText("payment")
    assert rows_of(screen) == 20
    filters.clear()
    filters.split.setCurrentIndex(1)
    assert rows_of(screen) == 0
    assert screen.list.parts.clear.isVisible()
    screen.list.parts.clear.click()
    assert rows_of(screen) == 61
    assert filters.unlabelled.text() == "Unlabelled  1"
    assert screen.footer.note() == "1 text is not labelled yet. It is left out of training."
    filters.unlabelled.click()
    assert rows_of(screen) == 1


def test_the_concept_filter_survives_new_concepts(screen, labelled_session):
    screen.list.filters.concept.setCurrentText("praise")
    labelled_session.do(add_texts, AddTextsRequest(("New.",), ("a new one",)))
    assert screen.list.filters.concept.currentText() == "praise"
    assert rows_of(screen) == 20


def test_a_second_dataset_can_be_chosen(screen, labelled_session):
    assert not screen.list.chooser.isVisible()
    labelled_session.do(add_texts, AddTextsRequest(("For the test.",), dataset="held out"))
    assert screen.list.chooser.isVisible()
    assert rows_of(screen) == 61
    screen.list.chooser.setCurrentText("texts")
    assert rows_of(screen) == 60
    screen.list.chooser.setCurrentText("held out")
    assert rows_of(screen) == 1


def test_rows_are_read_a_page_at_a_time(session):
    many = [NewInput(text=f"text {i}", source="x") for i in range(PAGE * 70)]
    add_inputs(session.db, many, 1)
    model = InputTableModel(session.db)
    model.show(range(1, len(many) + 1), {})
    for row in range(0, len(many), PAGE):
        assert model.input_at(row).text == f"text {row}"
    assert len(model._pages) == 64


def test_texts_that_only_follow_leave_the_selection_where_it_is(screen, labelled_session):
    screen.list.table.selectRow(5)
    resets = []
    screen.list.model.modelReset.connect(lambda: resets.append(1))
    labelled_session.do(add_texts, AddTextsRequest(("One more.",)))
    assert rows_of(screen) == 61
    assert screen.list.table.currentIndex().row() == 5
    assert not resets


# -- one text ---------------------------------------------------------------------------------


def test_the_selected_text_is_shown_whole_with_its_facts(qtbot, session):
    long = "A long letter.\n" * 1400
    session.do(add_texts, AddTextsRequest((long,), ("delivery",)))
    screen = shown(qtbot, session)
    screen.list.table.selectRow(0)
    inspector = screen.list.inspector
    assert inspector.isVisible()
    assert inspector.reading.toPlainText() == long.strip()
    assert inspector.shown.text == long.strip()


def test_a_concept_is_found_by_typing_or_made_on_the_spot(qtbot, screen, labelled_session):
    screen.list.table.selectRow(0)
    inspector = screen.list.inspector
    inspector.add.click()
    assert inspector.picker.offered() == ["payment", "praise"]  # it carries "delivery"
    qtbot.keyClicks(inspector.picker.search, "pra")
    assert inspector.picker.offered() == ["praise", "pra"]
    qtbot.keyClick(inspector.picker.search, RETURN)
    assert screen.list.model.index(0, 1).data() == "delivery, praise"

    inspector.add.click()
    qtbot.keyClicks(inspector.picker.search, "urgent")
    qtbot.keyClick(inspector.picker.search, RETURN)
    assert screen.list.model.index(0, 1).data() == "delivery, praise, urgent"
    assert [c.name for c in list_concepts(labelled_session.db)][-1] == "urgent"


def test_a_name_that_is_too_long_is_refused_in_the_popup(qtbot, screen):
    picker = screen.list.inspector.picker
    screen.list.inspector.add_concept()
    picker.search.setText("x" * 201)
    qtbot.keyClick(picker.search, RETURN)
    assert picker.isVisible()
    qtbot.waitUntil(picker._error.isVisible)
    picker.close()


def test_a_concept_is_taken_off_by_its_cross(screen):
    screen.list.table.selectRow(0)
    screen.list.inspector.concept_removed.emit("delivery")
    assert screen.list.model.index(0, 1).data() == "Not labelled yet"
    assert screen.list.filters.unlabelled.text() == "Unlabelled  1"


def test_a_text_is_corrected_in_place(qtbot, screen):
    screen.list.table.selectRow(2)
    inspector = screen.list.inspector
    inspector.edit_text()
    inspector.editing.set_text("  The corrected text. ")
    inspector.save.click()
    assert screen.list.model.index(2, 0).data() == "The corrected text."
    assert inspector.reading.isVisible()
    assert inspector.reading.toPlainText() == "The corrected text."


def test_an_empty_correction_is_refused_and_nothing_lost(screen, monkeypatch):
    errors = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: errors.append(error))
    screen.list.table.selectRow(0)
    screen.list.inspector.edit_text()
    screen.list.inspector.editing.set_text(" ")
    screen.list.inspector.save.click()
    assert len(errors) == 1
    assert screen.list.inspector.editing.isVisible()
    assert screen.list.model.index(0, 0).data().startswith("parcel number 1 ")


def test_an_unsaved_correction_is_kept_when_another_text_is_chosen(screen):
    page = screen.list
    first, second = page.model.input_at(0), page.model.input_at(1)
    page.inspector.edit_text()
    page.inspector.editing.set_text("Corrected")
    page.table.selectRow(1)
    assert page.model.input_at(0).text == "Corrected"
    assert page.inspector.shown.id == second.id != first.id
    assert page.inspector.reading.toPlainText() == second.text


def test_an_unsaved_correction_is_kept_when_the_step_is_left(screen):
    screen.list.inspector.edit_text()
    screen.list.inspector.editing.set_text("Corrected")
    first = screen.list.inspector.shown.id
    screen.hide()
    assert get_inputs(screen.session.db, [first])[0].text == "Corrected"


def test_a_correction_that_cannot_be_kept_stays_in_its_field(screen, monkeypatch):
    page, said = screen.list, []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: said.append(error))
    monkeypatch.setattr(page.session, "do", refuse)
    page.inspector.edit_text()
    page.inspector.editing.set_text("Corrected")
    page.table.selectRow(1)
    assert len(said) == 1
    assert page.table.selected_ids() == [page.model.ids[0]]
    assert page.inspector.editing.text() == "Corrected"


def test_ctrl_enter_in_a_correction_saves_it_and_presses_nothing_else(qtbot, screen):
    page, left = screen.list, []
    page.next_asked.connect(lambda: left.append(True))
    page.inspector.edit_text()
    page.inspector.editing.set_text("Corrected")
    qtbot.keyClick(page.inspector.editing.edit, RETURN, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyRelease(page, Qt.Key.Key_Control)  # or it is held down in the tests that follow
    assert page.model.input_at(0).text == "Corrected"
    assert not left


def refuse(*_arguments):
    raise DiskFullError


def test_several_texts_are_labelled_and_deleted_together_without_a_question(
    qtbot, screen, labelled_session, monkeypatch
):
    monkeypatch.setattr(boxes, "ask", lambda *_: pytest.fail("undo takes it back"))
    table = screen.list.table
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert screen.list.inspector._title.text() == "2 texts selected"
    screen.list.inspector.concept_added.emit("urgent")
    urgent = list_concepts(labelled_session.db)[-1]
    assert (urgent.name, urgent.n_positive) == ("urgent", 2)
    screen.list.inspector.delete_asked.emit()
    assert screen.list.footer.note() == "Done: delete 2 texts. Ctrl+Z takes it back."
    assert rows_of(screen) == 58


def test_labelling_the_unlabelled_texts_moves_on_to_the_next(screen, labelled_session):
    for text in ("First bare one.", "Second bare one."):
        labelled_session.do(add_texts, AddTextsRequest((text,)))
    screen.list.filters.unlabelled.click()
    screen.list.table.selectRow(0)
    screen.list.inspector.concept_added.emit("praise")
    assert rows_of(screen) == 1
    assert screen.list.inspector.shown.text == "Second bare one."


def test_in_a_narrow_window_enter_opens_the_text_over_the_list(qtbot, labelled_session):
    screen = shown(qtbot, labelled_session, width=1024)
    inspector = screen.list.inspector
    assert not inspector.isVisible()
    screen.list.table.setFocus()
    screen.list.table.selectRow(3)
    qtbot.keyClick(screen.list.table, RETURN)
    assert inspector.isVisible()
    assert inspector.shown.text.startswith("parcel number 4 ")
    qtbot.keyClick(inspector, Qt.Key.Key_Escape)
    assert not inspector.isVisible()
    screen.frame.resize(1280, 800)
    assert inspector.isVisible()


def test_hostile_texts_are_shown_as_they_are(qtbot, session):
    texts = ("<b>bold</b> & <script>", "لم تصل بطاقتي الجديدة", "line\nbreak", "😀 \u202e turned")
    names = ("x" * 200, "<i>tag</i>")
    session.do(add_texts, AddTextsRequest(texts, names))
    screen = shown(qtbot, session)
    for row, text in enumerate(texts):
        screen.list.table.selectRow(row)
        assert screen.list.inspector.reading.toPlainText() == text
    assert not screen.grab().isNull()


# -- versions ---------------------------------------------------------------------------------


def test_a_new_version_is_made_once_for_the_same_texts(qtbot, screen, labelled_session):
    assert screen.list.version.text() == "No version yet"
    for words in ("Version 1, today", "Nothing has changed since version 1."):
        screen.list.freeze.click()
        qtbot.waitUntil(lambda words=words: screen.list.version.text() == words)
    qtbot.waitUntil(screen.list.freeze.isEnabled)
    assert len(list_versions(labelled_session.db, 1)) == 1


# -- more texts -------------------------------------------------------------------------------


def test_a_dropped_file_is_checked_added_and_accounted_for(qtbot, session, letters, monkeypatch):
    screen = shown(qtbot, session)
    drop(screen, letters)
    assert screen.page is screen.importing
    assert screen.footer.primary.text() == "Add 201 texts"
    screen.footer.primary.click()
    assert screen.page is screen.list

    qtbot.waitUntil(lambda: screen.page is screen.result)
    assert screen.result.facts["Without a concept"] == "1"
    assert screen.result.facts["Rows that were left out"] == "1"
    assert screen.result.problems.problem_at(0).number == 202
    assert count_inputs(session.db) == 201
    saved = letters.with_name("rows.csv")
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_: saved)
    screen.result.save.click()
    assert len(saved.read_text(encoding="utf-8-sig").splitlines()) == 2

    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.footer.primary.click()
    assert asked.args == ["concepts"]
    assert screen.page is screen.list
    assert rows_of(screen) == 201


def test_several_files_come_one_after_the_other(qtbot, session, letters, tmp_path):
    other = tmp_path / "more.txt"
    other.write_text("one more text\nand another one\n")
    screen = shown(qtbot, session)
    screen.open_files([letters, other])
    assert screen.importing._place.text() == "file 1 of 2"
    screen.footer.primary.click()
    assert screen.importing.seen.path == other
    screen.footer.primary.click()
    qtbot.waitUntil(lambda: screen.page is screen.result)
    qtbot.waitUntil(lambda: not screen.imports)
    assert count_inputs(session.db) == 203


def test_an_import_that_fails_says_why_and_leaves_the_app_as_it_was(qtbot, screen, letters):
    screen.open_files([letters])
    letters.unlink()
    screen.footer.primary.click()
    qtbot.waitUntil(lambda: screen.page is screen.result)
    assert "as they were" in screen.footer.note()
    screen.result.left.emit()
    assert rows_of(screen) == 60


def test_a_stopped_import_leads_back_to_where_it_began(qtbot, session, letters):
    screen = shown(qtbot, session)
    screen.open_files([letters])
    screen.footer.primary.click()
    (task,) = screen.imports
    task.stop()
    qtbot.waitUntil(lambda: screen.page is screen.empty)
    assert count_inputs(session.db) == 0


def test_the_list_grows_while_an_import_runs(qtbot, screen, labelled_session, letters):
    add_inputs(labelled_session.db, [NewInput(text="came in meanwhile", source="x")], 1)
    screen.list.grow_soon()
    qtbot.waitUntil(lambda: rows_of(screen) == 61)


@pytest.mark.parametrize(("way", "box"), [("file", "choose_files"), ("folder", "choose_folder")])
def test_a_file_or_folder_can_be_chosen(screen, letters, monkeypatch, way, box):
    folder = letters.parent / "news" / "sport"
    folder.mkdir(parents=True)
    (folder / "1.txt").write_text("a goal in the last minute")
    chosen = letters if way == "file" else folder.parent
    monkeypatch.setattr(boxes, box, lambda *_: [chosen] if way == "file" else chosen)
    screen.list.ways[way].click()
    assert screen.page is screen.importing
    assert screen.importing.seen.path == chosen
    screen.importing.back.click()
    assert screen.page is screen.list


def test_choosing_no_file_changes_nothing(screen, monkeypatch):
    monkeypatch.setattr(boxes, "choose_files", lambda *_: [])
    screen.list.ways["file"].click()
    assert screen.page is screen.list


def test_the_sample_is_added_without_a_question(qtbot, session):
    screen = shown(qtbot, session)
    screen.empty.use_sample.click()
    qtbot.waitUntil(lambda: screen.page is screen.result)
    assert count_inputs(session.db) > 100


def test_texts_are_typed_with_concepts_made_on_the_spot(qtbot, session):
    screen = shown(qtbot, session)
    screen.empty.way_chosen.emit("text")
    typing = screen.typing
    assert screen.page is typing
    assert not screen.footer.primary.isEnabled()
    typing.keep_open.click()
    typing.lines.click()
    qtbot.keyClicks(typing.field.edit, "first text")
    qtbot.keyClick(typing.field.edit, RETURN)
    qtbot.keyClicks(typing.field.edit, "second text")
    typing.plus.click()
    qtbot.keyClicks(typing.picker.search, "greeting")
    qtbot.keyClick(typing.picker.search, RETURN)
    assert typing.concepts == ["greeting"]
    assert screen.footer.primary.text() == "Add 2 texts"
    qtbot.keyClick(typing.field.edit, ENTER, Qt.KeyboardModifier.ControlModifier)

    assert screen.page is typing
    assert typing.footer.note() == "2 texts added."
    assert typing.field.text() == ""
    assert typing.concepts == ["greeting"]
    stored = get_inputs(session.db, [1, 2])
    assert [item.text for item in stored] == ["first text", "second text"]
    assert all(item.positive for item in stored)
    typing.cancel.click()
    assert screen.page is screen.list


def test_one_text_may_have_several_lines(qtbot, screen, labelled_session):
    screen.list.ways["text"].click()
    screen.typing.field.set_text("Dear Sir,\n\nI write to you.\n")
    screen.footer.primary.click()
    assert screen.page is screen.list
    (last,) = get_inputs(labelled_session.db, [61])
    assert last.text == "Dear Sir,\n\nI write to you."
    assert count_inputs(labelled_session.db, InputFilter(labelling="unlabelled")) == 1
