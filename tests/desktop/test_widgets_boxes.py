"""Boxes: the safe way has the focus, Esc takes it, and the act is named."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from core.errors import UserError
from desktop import boxes
from desktop.runner import BugError
from desktop.widgets.buttons import Button


@pytest.fixture
def answer(qtbot):
    """Return a function that lets somebody act in the next box, and the boxes that were seen."""
    seen = []

    def with_box(act):
        def look():
            box = QApplication.activeModalWidget()
            if box is None:
                QTimer.singleShot(10, look)
                return
            seen.append(box)
            act(box)

        QTimer.singleShot(0, look)
        return seen

    return with_box


def named(box, label):
    return next(part for part in box.findChildren(Button) if part.text() == label)


@pytest.mark.parametrize(("label", "is_done"), [("Delete 214 texts", True), ("Cancel", False)])
def test_a_loss_is_confirmed_by_its_name(answer, label, is_done):
    seen = answer(lambda box: named(box, label).click())
    assert boxes.ask(None, "Delete 214 texts?", "Models stay.", "Delete 214 texts") is is_done
    assert seen[0].width() == 480


def test_esc_is_the_safe_way(qtbot, answer):
    answer(lambda box: qtbot.keyClick(box, Qt.Key.Key_Escape))
    assert boxes.ask(None, "Delete?", "", "Delete texts") is False


def test_an_error_is_shown_with_its_next_step(answer):
    seen = answer(lambda box: named(box, "Close").click())
    boxes.show_error(None, UserError("The disk is full.", next_step="Free some room."))
    assert seen[0].windowTitle() == "The disk is full."


@pytest.mark.parametrize("error", [BugError("line 3\nValueError: 7"), ValueError("7")])
def test_a_mistake_of_ours_can_be_reported(answer, error):
    def act(box):
        named(box, "Copy report").click()
        named(box, "Continue").click()

    answer(act)
    boxes.show_error(None, error)
    assert QApplication.clipboard().text().splitlines()[-1].startswith("ValueError")


def test_a_name_is_asked_for_and_trimmed(qtbot, answer):
    def act(box):
        field, confirm = box.findChild(QLineEdit), named(box, "Rename app")
        field.setText("   ")
        assert not confirm.isEnabled()
        field.setText(" Letters ")
        qtbot.keyClick(field, Qt.Key.Key_Return)

    answer(act)
    assert boxes.ask_text(None, "Rename app", "Name", "Old name") == "Letters"
    answer(lambda box: named(box, "Cancel").click())
    assert boxes.ask_text(None, "Rename app", "Name", "Old name") is None


@pytest.mark.parametrize("name", ["letters.csv", ""])
def test_choosing_a_file_returns_a_path_or_nothing(monkeypatch, name):
    expected = Path(name) if name else None
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (name, ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (name, ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: name)
    assert boxes.choose_file(None, "Add texts", "Texts (*.csv)") == expected
    assert boxes.choose_save_file(None, "Save log", "training.txt") == expected
    assert boxes.choose_folder(None, "Choose a folder") == expected


def test_a_file_gets_the_ending_of_its_kind_and_is_not_replaced_unasked(
    monkeypatch, tmp_path, answer
):
    name = str(tmp_path / "results v1")
    for kind, ending in (("Excel (*.xlsx)", ".xlsx"), ("", ".csv")):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, kind=kind: (name, kind))
        assert boxes.choose_save_file(None, "Save", "it.csv") == Path(f"{name}{ending}")
    Path(f"{name}.csv").write_text("kept", encoding="utf-8")
    answer(lambda box: named(box, "Cancel").click())
    assert boxes.choose_save_file(None, "Save", "it.csv") is None
    answer(lambda box: named(box, "Replace the file").click())
    assert boxes.choose_save_file(None, "Save", "it.csv") == Path(f"{name}.csv")
