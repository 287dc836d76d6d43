"""Base models: the list, adding, checking, removing, the help; with folders that are no models."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from core.base_models import BaseModel, BaseModelRefusedError, ModelKind
from core.operations.base_models import AddedBaseModel
from desktop import boxes
from desktop.screens.base_models import page as module
from desktop.screens.base_models.page import BaseModelsPage
from desktop.screens.base_models.screen import BaseModelsScreen
from desktop.theme.apply import apply_theme
from tests.desktop.inline_runner import InlineRunner

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def a_base(folder, name, *, is_built_in=False, **others):
    facts = {
        "n_words": 30_000,
        "precision": "float32",
        "languages": ("en", "de"),
        "licence": "apache-2.0",
        "is_built_in": is_built_in,
        "weights": "0123456789abcdef",
        "identity": name,
        "sizes": (),
    }
    kind = ModelKind.SENTENCE_ENCODER
    sizes = (22_713_216, 91_000_000, 256, 384, 6)
    return BaseModel(name, name, kind, "BERT", "bert", folder, "", *sizes, **(facts | others))


@pytest.fixture
def here(monkeypatch, tmp_path):
    """Return the base models that are here; operations change the list and nothing else."""
    found = [a_base(tmp_path / "built-in", "all-MiniLM-L6-v2", is_built_in=True)]
    monkeypatch.setattr(module, "list_base_models", lambda: list(found))

    def add(request, job):
        job.report("Copying", 40, 100)
        found.append(a_base(request.path, request.path.name))
        return AddedBaseModel(found[-1], "It reads English only." if "odd" in str(request) else "")

    def remove(name, job):
        gone = next(model for model in found if model.name == name)
        found.remove(gone)
        return gone

    monkeypatch.setattr(module, "add_base_model", add)
    monkeypatch.setattr(module, "remove_base_model", remove)
    return found


@pytest.fixture
def page(qtbot, here):
    runner = InlineRunner()
    page = BaseModelsPage(runner)
    qtbot.addWidget(page)
    page.resize(1064, 700)
    with qtbot.waitExposed(page):
        page.show()
    yield page
    runner.close()


def end(qtbot, page):
    with qtbot.waitSignal(page.task.ended):
        pass


def test_the_list_says_what_each_does_and_where_it_is_from(page):
    shown = [page.table.rows.index(0, column).data() for column in range(5)]
    assert shown == [
        *("all-MiniLM-L6-v2", "Reads whole sentences", "BERT", "91 MB", "Came with Textwright"),
    ]
    facts = {label: value.text() for label, value in page.details.facts.items()}
    assert facts["Numbers learned"] == "22,713,216"
    assert facts["Longest text"] == "256 tokens"
    assert facts["Languages"] == "en, de"
    assert not page.details.remove.isEnabled()
    assert page.footer.note() == "91 MB on this computer"


def test_a_folder_is_added_with_progress_and_chosen(qtbot, monkeypatch, page, tmp_path):
    monkeypatch.setattr(boxes, "choose_folder", lambda *_args: tmp_path / "bert-base-cased")
    seen = []
    with qtbot.waitSignal(page.changed):
        page.add_folder.click()
        page.task.updated.connect(lambda: seen.append(page._stage.text()))
    assert "Copying: 40 bytes of 100 bytes" in seen
    assert page.message.heading.text() == "“bert-base-cased” is added."
    assert page.chosen.name == "bert-base-cased"
    assert page.details.remove.isEnabled()
    qtbot.waitUntil(lambda: page.task is None)
    assert page._progress.isHidden()


def test_what_is_odd_about_an_added_model_is_told(qtbot, page, tmp_path):
    page.add(tmp_path / "odd")
    end(qtbot, page)
    assert page.message.meaning.text() == "It reads English only."


def test_a_zip_is_dropped(qtbot, page, tmp_path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "model.zip"))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), action, mime, button, keys))
    end(qtbot, page)
    assert page.chosen.name == "model.zip"


def test_a_refusal_says_why_and_what_to_do(qtbot, monkeypatch, page, tmp_path):
    def refuse(request, job):
        raise BaseModelRefusedError("The weights are a .bin file.", next_step="Take another.")

    monkeypatch.setattr(module, "add_base_model", refuse)
    page.add(tmp_path / "bad")
    end(qtbot, page)
    assert page.message.heading.text() == "The weights are a .bin file."
    assert page.message.meaning.text() == "Take another."
    assert page.add_folder.isEnabled()


def test_adding_can_be_stopped(qtbot, monkeypatch, page, tmp_path):
    def add(request, job):
        page.stop.click()
        job.report("Copying")
        raise AssertionError("it was not stopped")

    monkeypatch.setattr(module, "add_base_model", add)
    page.add(tmp_path / "large")
    with qtbot.waitSignal(page.task.stopped):
        pass
    assert page.message.heading.text() == "Stopped. Nothing was left behind."


@pytest.mark.parametrize(
    ("weights", "words"), [("0123456789abcdef", "is whole"), ("other", "is not what came in")]
)
def test_a_model_is_checked(qtbot, monkeypatch, page, here, weights, words):
    monkeypatch.setattr(
        module,
        "check_base_model",
        lambda path, job: a_base(path, path.name, weights=weights),
    )
    page.details.check.click()
    end(qtbot, page)
    assert words in page.message.heading.text()


def test_a_model_is_removed_after_a_question(qtbot, monkeypatch, page, here, tmp_path):
    page.add(tmp_path / "bert")
    end(qtbot, page)
    asked = []
    monkeypatch.setattr(boxes, "ask", lambda *words: asked.append(words) or len(asked) > 1)
    page.details.remove.click()
    assert len(here) == 2  # the analyst thought better of it
    with qtbot.waitSignal(page.changed):
        page.details.remove.click()
    assert [model.name for model in here] == ["all-MiniLM-L6-v2"]
    assert asked[0][1] == "Remove the base model “bert”?"


def test_the_help_is_read_inside_the_window(page):
    page.help.click()
    shown = page.stack.currentWidget()
    assert shown is not page._list
    text = shown.findChild(module.HelpText).toPlainText()
    assert "On a computer with a network" in text
    page.back_to_list.click()
    assert page.stack.currentWidget() is page._list


def test_it_is_a_tool_of_the_open_app(qtbot, session, here):
    screen = BaseModelsScreen(session)
    qtbot.addWidget(screen)
    assert screen.first_focus() is screen.page.table
    assert screen.footer.primary is screen.page.add_folder


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_is_drawn_in_both_themes(qapp, page, theme):
    apply_theme(qapp, theme)
    assert not page.grab().isNull()
    page.help.click()
    assert not page.grab().isNull()
