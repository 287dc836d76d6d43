"""The way out: what will be written is shown while it is chosen, then written and found."""

import csv

import pytest
from PySide6.QtGui import QDesktopServices

from core.app_folder import create_app_folder
from core.files import preview
from core.jobs import Job
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.edit_inputs import TextEdits, edit_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.storage.filters import InputFilter, count_inputs
from desktop import boxes
from desktop.screens.dataset.screen import DatasetScreen
from desktop.widgets.layout import Frame

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
PARCELS = InputFilter(containing="parcel")


@pytest.fixture
def screen(qtbot, labelled_session):
    screen = DatasetScreen(labelled_session)
    frame = Frame(screen)
    qtbot.addWidget(frame)
    frame.resize(1280, 800)
    frame.show()
    screen.frame = frame
    return screen


def opened(qtbot, screen, wanted=InputFilter(), **version):  # noqa: B008
    screen.export(wanted, **version)
    qtbot.waitUntil(screen.exporting.export.isEnabled)
    return screen.exporting


def export(qtbot, page, path, monkeypatch):
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_: path)
    page.export.click()
    qtbot.waitUntil(lambda: page.written is not None)


def scopes(page):
    return [page.scope.itemText(i) for i in range(page.scope.count())]


def test_the_list_leads_to_the_export_of_what_it_shows(qtbot, screen):
    screen.list.export_asked.emit(PARCELS)
    page = screen.exporting
    qtbot.waitUntil(page.export.isEnabled)
    assert screen.page is page
    assert scopes(page) == ["What the list shows", "Everything: 60 texts"]
    assert page.export.text() == "Export 20 texts…"
    page.scope.setCurrentIndex(1)
    page.scope.activated.emit(1)
    qtbot.waitUntil(lambda: page.export.text() == "Export 60 texts…")


def test_selected_texts_are_exported_alone(qtbot, screen):
    page = opened(qtbot, screen, InputFilter(ids=(1, 5, 9)))
    assert scopes(page)[0] == "The 3 selected texts"
    assert page.shown.n_inputs == 3


def test_the_first_rows_follow_the_columns_and_the_format(qtbot, screen):
    page = opened(qtbot, screen)
    for name in ("id", "not_concepts", "split", "note", "source", "added", "metadata"):
        page.columns[name].click()
    qtbot.waitUntil(lambda: page.shown.header == ("text", "concepts"))
    assert page.shown.rows[0] == ("parcel number 1 has not arrived, where is it?", "delivery")
    page.formats["portal"].click()
    qtbot.waitUntil(lambda: page.shown.header[0] == "input.data.text.raw")
    assert page.columns["source"].isHidden()
    assert not page.columns["text"].isEnabled()


@pytest.mark.parametrize("name", ["csv", "xlsx", "jsonl", "portal"])
def test_what_is_exported_comes_in_again(qtbot, screen, tmp_path, monkeypatch, name):
    screen.session.do(annotate, AnnotateRequest((1,), "praise", positive=False))
    page = opened(qtbot, screen)
    page.formats[name].click()
    qtbot.waitUntil(page.export.isEnabled)
    suffix = {"csv": ".csv", "xlsx": ".xlsx", "jsonl": ".jsonl", "portal": ".csv"}[name]
    path = tmp_path / f"out{suffix}"
    export(qtbot, page, path, monkeypatch)
    assert page.written.path == path
    other = create_app_folder("Copy", tmp_path / "copy")
    result = import_texts(other, ImportRequest(path, preview(path).mapping), Job())
    assert (result.n_added, result.n_problems) == (60, 0)
    assert result.concepts == ("delivery", "payment", "praise")


def test_the_file_is_shown_in_its_folder(qtbot, screen, tmp_path, monkeypatch):
    opened_urls = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened_urls.append)
    page = opened(qtbot, screen)
    export(qtbot, page, tmp_path / "out.csv", monkeypatch)
    page.folder.click()
    assert opened_urls[0].toLocalFile() == str(tmp_path)
    assert page.export.isEnabled()


def test_thinking_better_of_the_place_writes_nothing(qtbot, screen, tmp_path, monkeypatch):
    page = opened(qtbot, screen)
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_: None)
    page.export.click()
    assert page.written is None
    assert page.export.isEnabled()


def test_a_version_is_exported_as_it_was(qtbot, screen, tmp_path, monkeypatch):
    screen.session.do(freeze_dataset, FreezeRequest("texts"))
    screen.session.do(edit_inputs, TextEdits(((1, "changed since"),)))
    page = opened(qtbot, screen, dataset="texts", version=1)
    assert page.scope.currentText() == "Version 1 of “texts”, today: 60 texts"
    export(qtbot, page, tmp_path / "out.csv", monkeypatch)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert "changed since" not in texts


def test_another_screen_may_ask_for_the_export_of_a_version(qtbot, screen):
    screen.session.do(freeze_dataset, FreezeRequest("texts"))
    screen.hide()
    screen.session.to_export = ("texts", 1)
    screen.show()
    assert screen.page is screen.exporting
    assert screen.exporting.scope.currentText().startswith("Version 1 of “texts”")
    assert screen.session.to_export is None


def test_where_there_is_nothing_the_page_says_so(qtbot, screen):
    screen.export(InputFilter(containing="nobody wrote this"))
    page = screen.exporting
    qtbot.waitUntil(lambda: page.footer.note() == "There is no text to export here.")
    assert not page.export.isEnabled()
    assert page._error.isVisible()


def test_a_place_that_cannot_be_written_to_is_named(qtbot, screen, tmp_path, monkeypatch):
    page = opened(qtbot, screen)
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_: tmp_path / "no" / "out.csv")
    page.export.click()
    qtbot.waitUntil(page._done.isVisible)
    assert page.written is None
    assert page.export.isEnabled()


def test_the_page_follows_what_is_done_meanwhile(qtbot, screen):
    page = opened(qtbot, screen)
    screen.session.do(edit_inputs, TextEdits(((1, "a new first text"),)))
    qtbot.waitUntil(lambda: page.shown.rows[0][1] == "a new first text")
    page.cancel.click()
    assert screen.page is screen.list
    assert count_inputs(screen.session.db, InputFilter()) == 60
