"""Targets in the window: guessed on the way in, listed, written, searched, and exported."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.create_sample import SampleRequest, create_sample
from core.operations.undo import undo
from core.preferences import remember_app
from core.records import Input
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from desktop.screens.dataset.input_table import CONCEPTS, TARGET_ROLE, TEXT
from desktop.screens.dataset.roles import Role
from desktop.screens.dataset.screen import DatasetScreen
from desktop.screens.start.recent import read_recent
from desktop.theme.tokens import ROW, ROW_TWO_LINES

PAIRS = (("Where is it?", "On its way."), ("Thank you!", ""), ("It is late", "We are sorry."))


@pytest.fixture
def paired(session):
    """Return the session with three texts, two of which have a target."""
    texts, targets = zip(*PAIRS, strict=True)
    session.do(add_texts, AddTextsRequest(texts, targets=targets))
    return session


@pytest.fixture
def screen(qtbot, paired):
    return shown(qtbot, paired)


def shown(qtbot, session):
    screen = DatasetScreen(session)
    qtbot.addWidget(screen)
    screen.resize(1280, 748)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    return screen


def targets(session):
    return [found.target for found in get_inputs(session.db, list_input_ids(session.db))]


def second_lines(screen):
    model = screen.list.model
    return [model.index(row, TEXT).data(TARGET_ROLE) for row in range(model.rowCount())]


def test_the_list_has_a_second_line_for_targets_and_no_column_of_concepts(screen):
    table = screen.list.table
    assert [line.words for line in second_lines(screen)] == [target for _text, target in PAIRS]
    assert table.rowHeight(0) == ROW_TWO_LINES
    assert table.isColumnHidden(CONCEPTS)
    spoken = table.model().index(0, TEXT).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Where is it?\nOn its way."
    assert screen.list.footer.note().startswith("1 text has no answer yet.")


def test_a_label_brings_the_concepts_back(screen):
    screen.session.do(add_texts, AddTextsRequest(("Hello",), ("greeting",)))
    assert not screen.list.table.isColumnHidden(CONCEPTS)
    assert screen.list.footer.note().startswith("3 texts are not labelled yet.")


def test_without_targets_a_row_is_one_line_and_nothing_speaks_of_them(qtbot, labelled_session):
    screen = shown(qtbot, labelled_session)
    assert screen.list.table.rowHeight(0) == ROW
    assert second_lines(screen)[:2] == [None, None]
    assert not screen.list.inspector.target.isVisible()


def test_what_is_searched_is_marked_in_targets_too(screen):
    filters = screen.list.filters
    filters.search.setText("sorry")
    filters._search_now()
    (line,) = second_lines(screen)
    assert [line.words[first:last] for first, last in line.hits] == ["sorry"]


def test_a_target_is_read_and_written_beside_the_list_and_kept_when_the_keyboard_leaves(
    qtbot, screen
):
    page = screen.list
    page.table.selectRow(1)
    field = page.inspector.target.field
    assert field.isVisible()
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_W)
    assert QApplication.focusWidget() is field.edit
    qtbot.keyClicks(field.edit, "You are welcome.")
    page.table.setFocus()
    assert targets(screen.session)[1] == "You are welcome."
    assert second_lines(screen)[1].words == "You are welcome."
    undo(screen.session.app, Job())
    assert targets(screen.session)[1] == ""


def test_escape_gives_up_what_was_typed_and_another_row_keeps_it(qtbot, screen):
    page, edit = screen.list, screen.list.inspector.target.field.edit
    page.table.selectRow(0)
    edit.setFocus()
    edit.setPlainText("Nonsense")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.toPlainText() == "On its way."
    edit.setPlainText("Tomorrow.")
    page.table.selectRow(2)
    assert targets(screen.session) == ["Tomorrow.", "", "We are sorry."]
    assert edit.toPlainText() == "We are sorry."


def test_a_target_can_be_written_where_no_text_has_one(qtbot, labelled_session):
    screen = shown(qtbot, labelled_session)
    screen.list.table.selectRow(3)
    screen.list.verbs.actions["target"].trigger()
    edit = screen.list.inspector.target.field.edit
    edit.setPlainText("We look for it.")
    qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert targets(screen.session)[3] == "We look for it."
    assert screen.list.table.rowHeight(0) == ROW_TWO_LINES
    assert not screen.list.table.isColumnHidden(CONCEPTS)


def test_the_list_narrows_to_texts_without_a_target(screen):
    screen.list.filters.set_filter(InputFilter(has_target="no"))
    assert len(screen.list.model.ids) == 1
    assert screen.list.filters.panel.target.currentText() == "Without an answer"


def test_a_target_can_be_typed_with_its_text(qtbot, session):
    screen = shown(qtbot, session)
    screen.type_texts()
    page = screen.typing
    page.field.set_text("Is it open?")
    assert not page.target.isVisible()
    qtbot.mouseClick(page.with_target, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is page.target.edit
    page.target.set_text("Until six.")
    page.lines.setChecked(True)
    assert not page.target.isVisible()
    page.lines.setChecked(False)
    qtbot.keyClick(page.target.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert targets(session) == ["Until six."]


def test_a_file_of_pairs_is_seen_as_one_and_says_so(qtbot, session, tmp_path):
    path = tmp_path / "pairs.csv"
    rows = "\n".join(f"what is {i}?,it is the number {i} and nothing else" for i in range(30))
    path.write_text(f"question,answer\n{rows}\nwhat else?,\n", encoding="utf-8")
    screen = shown(qtbot, session)
    screen.open_files([path])
    page = screen.importing
    assert page.roles == {"question": Role.TEXT, "answer": Role.TARGET}
    assert page.facts.values["targets"].text() == "30"
    assert not page.facts.values["concepts"].isVisible()
    assert page.footer.note() == (
        "“answer” holds what a model shall write. "
        "Of these, 1 has no answer yet. You can write it later."
    )
    page._change_role("answer", Role.METADATA)
    assert not page.facts.values["targets"].isVisible()
    page._change_role("answer", Role.TARGET)
    assert page.request().mapping.target == "answer"
    assert page.request().mapping.metadata == ()
    page.add.click()
    qtbot.waitUntil(lambda: screen.page is screen.result)
    assert targets(session)[0] == "it is the number 0 and nothing else"
    assert screen.result.facts["With an answer"] == "30"
    assert screen.result.footer.note().startswith("1 of them has no target.")


def test_an_export_offers_targets_where_there_are_any(qtbot, screen):
    screen.export(InputFilter())
    page = screen.exporting
    qtbot.waitUntil(lambda: page.shown is not None)
    assert page.columns["target"].isVisible()
    assert "target" in page.shown.header


def test_an_export_without_targets_does_not_speak_of_them(qtbot, labelled_session):
    screen = shown(qtbot, labelled_session)
    screen.export(InputFilter())
    qtbot.waitUntil(lambda: screen.exporting.shown is not None)
    assert not screen.exporting.columns["target"].isVisible()
    assert "target" not in screen.exporting.shown.header


def test_a_recent_app_of_pairs_is_ready_to_train(tmp_path):
    app = create_sample(SampleRequest("write-answers", "Write", tmp_path / "write"), Job())
    remember_app(app.path)
    shown = read_recent(app.path)
    assert (shown.content, shown.state) == ("150 texts, 150 with a target", "Ready to train")


def test_a_target_that_is_too_long_to_edit_is_not_cut(qtbot, screen):
    long = Input(1, "short", "", "", target="x" * 200_000)
    field = screen.list.inspector.target
    field.show_input(long, has_targets=True)
    assert field.field.edit.isReadOnly()
    assert field.unsaved() is None
