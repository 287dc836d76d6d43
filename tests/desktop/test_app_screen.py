"""Step 1 shows the app, renames it, and leads to every other step."""

import pytest
from PySide6.QtCore import Qt

from core.app_folder import app_name
from core.operations.back_up import BackUpRequest, back_up
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.storage.backups import delete_backup, list_backups
from desktop.screens.app.screen import AppScreen
from desktop.widgets.text import Elided


@pytest.fixture
def screen(qtbot, labelled_session):
    screen = AppScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.resize(1064, 748)
    screen.show()
    return screen


def test_it_tells_what_is_in_the_app(screen, labelled_session):
    assert screen.name.name() == "Letters"
    assert screen.facts["Texts"] == "60 texts"
    assert screen.facts["Concepts"] == "3 concepts"
    assert screen.facts["Datasets"] == "1 dataset, no version yet"
    assert screen.facts["Models"] == "No model yet"

    labelled_session.do(freeze_dataset, FreezeRequest())
    assert screen.facts["Datasets"] == "1 dataset, 1 version"


def test_the_app_is_renamed_in_place(qtbot, screen, labelled_session):
    qtbot.keyClick(screen.name, Qt.Key.Key_F2)
    screen.name.field.setText("Post of March")
    qtbot.keyClick(screen.name.field, Qt.Key.Key_Return)
    assert screen.name.name() == labelled_session.name == "Post of March"
    assert app_name(labelled_session.app.path) == "Post of March"
    assert not screen.name.field.isVisible()


def test_a_name_that_cannot_be_is_refused_at_the_field(qtbot, screen, labelled_session):
    screen.name.pencil.click()
    screen.name.field.setText("  ")
    qtbot.keyClick(screen.name.field, Qt.Key.Key_Return)
    assert screen.name.field.isVisible()
    qtbot.waitUntil(screen.name._error.isVisible)
    qtbot.keyClick(screen.name.field, Qt.Key.Key_Escape)
    assert not screen.name.field.isVisible()
    assert app_name(labelled_session.app.path) == "Letters"


def test_every_step_can_be_opened_from_here(qtbot, screen):
    asked = []
    screen.asked_for.connect(asked.append)
    for line in screen.steps:
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    names = ["dataset", "concepts", "model_type", "settings", "train", "try_text"]
    assert asked == names
    screen.footer.primary.click()
    assert asked == [*names, "dataset"]


def test_an_empty_app_says_what_comes_first(qtbot, session):
    screen = AppScreen(session)
    qtbot.addWidget(screen)
    screen.show()
    assert "add texts" in screen.footer.note()


def test_it_says_when_the_app_was_last_backed_up_and_leads_to_the_backups(screen, labelled_session):
    assert screen._backup_words() == "No backup yet"
    labelled_session.do(back_up, BackUpRequest())
    assert screen._backup_words().startswith("Last one: today")
    asked = []
    screen.asked_for.connect(asked.append)
    screen.keeping.click()
    assert asked == ["keeping"]
    assert screen.keeping.isVisible()


def test_a_backup_is_shown_however_it_came_and_went(qtbot, screen, labelled_session):
    def shown():
        lines = (part for part in screen.findChildren(Elided) if part.isVisibleTo(screen))
        return [line.text() for line in lines]

    assert "No backup yet" in shown()
    labelled_session.do(back_up, BackUpRequest())
    qtbot.waitUntil(lambda: screen._backup_words() in shown())
    assert screen._backup_words().startswith("Last one")
    for backup in list_backups(labelled_session.app.backups):
        delete_backup(backup)
    screen.hide()
    screen.show()
    qtbot.waitUntil(lambda: "No backup yet" in shown())
