"""The start screen shows recent apps and samples, and asks for what the analyst chose."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent

from core.app_folder import AppExistsError, AppNameError, create_app_folder
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.create_sample import list_samples
from core.preferences import remember_app
from core.storage.database import open_database
from desktop import boxes
from desktop.screens.start.recent import read_recent
from desktop.screens.start.screen import StartScreen


@pytest.fixture
def start(qtbot):
    screen = StartScreen()
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    screen.show()
    return screen


def shown_apps(qtbot, screen, count):
    qtbot.waitUntil(lambda: len(screen.recent_rows) == count)
    return [row.app for row in screen.recent_rows]


def drop(widget, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    widget.dropEvent(QDropEvent(QPoint(50, 50), actions, mime, buttons, keys))


def test_without_recent_apps_only_the_samples_are_offered(start):
    assert not start.recent_rows
    assert not start._recent.isVisible()
    assert [row.sample for row in start.sample_rows] == list_samples()


def test_a_recent_app_tells_what_is_in_it_and_what_it_needs(qtbot, start, app):
    remember_app(app.path)
    start.look_again()
    (shown,) = shown_apps(qtbot, start, 1)
    assert (shown.name, shown.content, shown.state) == ("Letters", "No texts yet", "Needs texts")
    assert shown.when.startswith("Today")

    add_texts(app, AddTextsRequest(("Where is my parcel?",)), Job())
    start.look_again()
    (shown,) = shown_apps(qtbot, start, 1)
    assert (shown.content, shown.state) == ("No concepts yet, 1 text", "Needs labels")

    add_texts(app, AddTextsRequest(("It is late.",), ("delivery",)), Job())
    assert read_recent(app.path).state == "Ready to train"


def test_an_app_that_cannot_be_read_is_greyed_with_the_reason(qtbot, start, app, tmp_path):
    damaged = create_app_folder("Damaged", tmp_path / "damaged")
    (damaged.path / "app.db").write_bytes(b"no database" * 1000)
    newer = create_app_folder("Newer", tmp_path / "newer")
    db = open_database(newer.path / "app.db")
    db.execute("PRAGMA user_version = 9999")
    db.close()
    for folder in (app, damaged, newer):
        remember_app(folder.path)
    start.look_again()

    shown_apps(qtbot, start, 3)
    of_newer, of_damaged, of_good = start.recent_rows
    assert not of_newer.isEnabled()
    assert "newer Textwright" in of_newer.note
    assert not of_damaged.isEnabled()
    assert "cannot be read" in of_damaged.note
    assert of_good.isEnabled()
    assert start.first_focus() is of_good


def test_a_recent_app_opens_at_a_click(qtbot, start, app):
    remember_app(app.path)
    start.look_again()
    shown_apps(qtbot, start, 1)
    with qtbot.waitSignal(start.open_asked) as asked:
        qtbot.mouseClick(start.recent_rows[0], Qt.MouseButton.LeftButton)
    assert asked.args == [app.path]


def test_a_new_app_needs_a_name_and_nothing_else(qtbot, start):
    qtbot.mouseClick(start.create_button, Qt.MouseButton.LeftButton)
    assert start.form.isVisible()
    assert not start.form.create_button.isEnabled()
    qtbot.keyClicks(start.form.name, "Customer letters")
    with qtbot.waitSignal(start.create_asked) as asked:
        qtbot.keyClick(start.form.name, Qt.Key.Key_Return)
    assert asked.args == ["Customer letters", None, ""]


def test_a_new_app_can_be_kept_elsewhere(qtbot, start, tmp_path, monkeypatch):
    monkeypatch.setattr(boxes, "choose_folder", lambda *_: tmp_path)
    start.create_button.click()
    start.form.name.setText("Customer letters")
    start.form.change.click()
    assert "Customer-letters" in start.form.place.text()
    start.form.base.setCurrentIndex(3)
    with qtbot.waitSignal(start.create_asked) as asked:
        start.form.create_button.click()
    assert asked.args == ["Customer letters", tmp_path / "Customer-letters", "empty"]


@pytest.mark.parametrize(
    "error", [AppNameError("Too long.", next_step="Shorten it."), AppExistsError("/apps/Letters")]
)
def test_what_is_wrong_with_a_name_is_said_at_the_field(qtbot, start, error):
    start.show_error(error)
    assert start.form.isVisible()
    qtbot.waitUntil(start.form._error.isVisible)
    start.form.name.setText("Another")
    assert start.form._error is None


def test_escape_leads_back_from_naming(qtbot, start):
    start.create_button.click()
    qtbot.keyClick(start.form.name, Qt.Key.Key_Escape)
    assert not start.form.isVisible()
    assert start.create_button.isVisible()


def test_open_asks_for_a_folder(qtbot, start, tmp_path, monkeypatch):
    monkeypatch.setattr(boxes, "choose_folder", lambda *_: tmp_path)
    with qtbot.waitSignal(start.open_asked) as asked:
        start.open_button.click()
    assert asked.args == [tmp_path]


def test_a_dropped_app_opens_by_its_folder_or_its_file(qtbot, start, app):
    for dropped in (app.path, app.path / "app.db"):
        with qtbot.waitSignal(start.open_asked) as asked:
            drop(start, dropped)
        assert asked.args == [app.path]


def test_a_sample_is_one_click_away(qtbot, start):
    row = start.sample_rows[0]
    with qtbot.waitSignal(start.sample_asked) as asked:
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert asked.args == [row.sample.name]


def test_theme_and_help_can_be_asked_for(qtbot, start):
    with qtbot.waitSignals([start.theme_asked, start.help_asked]):
        start._theme_button.click()
        start._help_button.help_action.trigger()


def test_it_is_drawn_with_apps_of_every_kind(qtbot, start, app, screenshots):
    remember_app(app.path)
    start.look_again()
    shown_apps(qtbot, start, 1)
    assert not start.grab().isNull()
    if screenshots:
        screenshots(start, "start-screen")
