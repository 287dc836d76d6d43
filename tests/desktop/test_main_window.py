"""The window: from the start screen into an app and back, and out."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core import resources
from core.app_folder import create_app_folder
from core.jobs import Job
from core.operations.export_app import ExportAppRequest, export_app
from core.preferences import read_preferences
from core.worker import Request, warm_up
from desktop import application, boxes, main_window
from desktop.application import make_window
from desktop.main_window import MainWindow
from desktop.runner import Task
from desktop.screens.evaluate.screen import PAGES
from desktop.theme.apply import apply_theme
from desktop.theme.tokens import is_dark
from tests.desktop.inline_runner import InlineRunner

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot, qapp, monkeypatch):
    monkeypatch.setattr(main_window, "JobRunner", InlineRunner)
    window = MainWindow()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


@pytest.fixture
def said(monkeypatch):
    """Return what the boxes said; they open no window."""
    said = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: said.append(error))
    return said


def test_the_start_screen_is_shown_first_with_the_keyboard_on_it(window):
    assert window.start.isVisible()
    assert window.session is None
    assert window.windowTitle() == "Textwright"


def test_an_app_from_a_file_opens_and_says_which_base_models_are_missing(
    qtbot, window, tmp_path, monkeypatch
):
    app = create_app_folder("Messages", tmp_path / "messages")
    path = export_app(app, ExportAppRequest(tmp_path / "a.textwright"), Job()).path
    monkeypatch.setattr("core.operations.import_app.missing_bases", lambda *_a: ("tiny",))
    window.open_file(path)
    qtbot.waitUntil(lambda: window.workspace is not None)
    notice = window.workspace.place
    qtbot.waitUntil(notice.isVisible)
    assert "need the base model “tiny”" in notice.words.text()
    notice.act.click()
    assert not notice.isVisible()


def test_a_created_app_opens_at_its_dataset(qtbot, window):
    window.start.create_button.click()
    qtbot.keyClicks(window.start.form.name, "Kundenpost")
    qtbot.keyClick(window.start.form.name, Qt.Key.Key_Return)
    assert window.workspace.current == "dataset"
    assert window.windowTitle() == "Kundenpost – Textwright"
    assert window.workspace.isVisible()


def test_a_folder_that_is_taken_is_said_at_the_name(window, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "something").touch()
    window.create_app("Kundenpost", tmp_path / "taken")
    assert window.workspace is None
    assert window.start.form.isVisible()


def test_a_sample_is_made_once_and_opens_at_its_settings(window):
    row = window.start.sample_rows[0]
    row.click()
    first = window.session.app.path
    assert window.workspace.current == "settings"
    window.leave()
    row.click()
    assert window.session.app.path == first


def test_leaving_an_app_leads_to_the_start_with_the_app_among_the_recent(qtbot, window, app):
    window.open_path(app.path)
    window.workspace.leave_asked.emit()
    assert window.session is None
    assert window.start.isVisible()
    assert window.windowTitle() == "Textwright"
    qtbot.waitUntil(lambda: [row.app.name for row in window.start.recent_rows] == ["Letters"])


def test_a_folder_without_an_app_is_said_in_a_box(window, tmp_path, said):
    window.open_path(tmp_path)
    assert len(said) == 1
    assert window.start.isVisible()


def test_another_app_takes_the_place_of_the_open_one(window, app, tmp_path):
    other = create_app_folder("Other", tmp_path / "other")
    window.open_path(app.path)
    window.open_path(other.path)
    assert window.windowTitle() == "Other – Textwright"
    window.open_path(app.path)  # its lock was given back
    assert window.windowTitle() == "Letters – Textwright"


def test_an_app_that_is_open_elsewhere_leaves_the_open_one_open(window, app, tmp_path, said):
    window.open_path(app.path)
    other = create_app_folder("Other", tmp_path / "other")
    with other.locked():
        window.open_path(other.path)
    assert len(said) == 1
    assert window.windowTitle() == "Letters – Textwright"


def test_a_new_name_stands_in_the_title(window, app, monkeypatch):
    window.open_path(app.path)
    monkeypatch.setattr(boxes, "ask_text", lambda *_a, **_k: "Kundenpost")
    window.workspace.header.rename_asked.emit()
    assert window.windowTitle() == "Kundenpost – Textwright"


@pytest.mark.parametrize("is_sure", [True, False])
def test_closing_while_something_runs_asks_first(window, app, monkeypatch, is_sure):
    asked = []
    monkeypatch.setattr(boxes, "ask", lambda *a: asked.append(a[1]) or is_sure)
    window.open_path(app.path)
    window.jobs.current = Task("Training “Letters 1”", Request(warm_up, ()), window.jobs)
    assert window.close() is is_sure
    assert asked == ["Stop what is running?"]
    assert (window.session is None) is is_sure
    window.jobs.current = None


def test_loading_in_the_background_is_nothing_to_ask_about(window, monkeypatch):
    monkeypatch.setattr(boxes, "ask", lambda *_a: pytest.fail("asked"))
    window.jobs.current = Task("", Request(warm_up, ()), window.jobs)
    assert window.close()
    window.jobs.current = None


def test_f1_asks_for_help_on_the_start_screen_and_in_an_app(qtbot, window, app):
    for prepare in (lambda: None, lambda: window.open_path(app.path)):
        prepare()
        with qtbot.waitSignal(window.help_asked):
            qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F1)


def test_light_and_dark_change_at_once_with_their_icons_and_are_remembered(
    qtbot, qapp, app, monkeypatch
):
    monkeypatch.setattr(main_window, "JobRunner", InlineRunner)
    monkeypatch.setattr("sys.excepthook", None)
    window = make_window(qapp)
    qtbot.addWidget(window)
    window.open_path(app.path)
    window.show()
    before, was_dark = picture(window), is_dark()
    window.workspace.header.theme_button.click()
    assert is_dark() is not was_dark
    assert picture(window) != before
    assert read_preferences().theme == ("light" if was_dark else "dark")
    window.workspace.header.theme_button.click()
    assert picture(window) == before
    window.close()
    apply_theme(qapp, "light")


def picture(window):
    """Return the icon of the button between light and dark, as it is drawn."""
    button = window.workspace.header.theme_button
    return button.icon().pixmap(20, 20).toImage()


def test_what_help_says_of_evaluate_is_what_it_calls_its_parts():
    told = resources.read_text("help.html").partition("<dt>Evaluate</dt>")[2].partition("</dd>")[0]
    parts = {label for label, _page in PAGES} | {"Report…"}
    named = re.findall("“(.+?)”", told)
    assert named
    assert set(named) <= parts


def test_help_is_a_file_that_ships(monkeypatch):
    opened = []
    monkeypatch.setattr(application.QDesktopServices, "openUrl", opened.append)
    application.show_help()
    assert opened[0].toLocalFile().endswith("help.html")
