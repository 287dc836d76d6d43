from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from core.jobs import JobCancelled
from core.learning import embedders
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.choose_workflow import (
    ChooseWorkflowRequest,
    choose_workflow,
    default_of,
    has_new_texts,
)
from core.operations.edit_datasets import NewDataset, edit_datasets
from core.operations.edit_workflows import WorkflowRenaming, edit_workflows
from core.operations.run_workflow import NodeCount, NodeOutput, RunOnTextsResult
from core.operations.run_workflow_on_rows import RunOnFileResult, run_on_file
from core.operations.undo import redo, undo
from core.storage.concepts import list_concepts
from core.storage.workflows import list_workflow_versions, list_workflows
from core.workflows.graph import IN
from core.workflows.values import Carries
from desktop import boxes
from desktop.reading_along import ReadingAlong
from desktop.screens.workflows import run_page
from desktop.screens.workflows.node_box import in_lines
from desktop.screens.workflows.places import neighbour, places_of
from desktop.screens.workflows.screen import BUILD, DEFAULT, RUN, WorkflowsScreen
from desktop.theme.apply import apply_theme
from desktop.widgets.buttons import Button
from desktop.widgets.message_panel import MessagePanel
from tests.core.conftest import FakeEmbedder, ImpatientJob
from tests.desktop.fake_models import keep_model


@pytest.fixture
def screen(labelled_session, qtbot):
    shown = WorkflowsScreen(labelled_session)
    qtbot.addWidget(shown)
    shown.resize(1064, 748)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def build_labels_by_words(screen):
    """Build a workflow that labels by words; it could run at once."""
    screen.build.add_node("text-cleaner")
    screen.build.add_node("keyword-filter-operator")
    screen.build.panel.value_changed.emit("words", {"late": "arrived, parcel"})
    screen.build.add_node("annotation-writer")
    screen.build.panel.value_changed.emit("skip_labelled", False)


def boxes_of(screen):
    return [name for name, box in screen.build.picture.boxes.items() if box.isVisible()]


def test_a_workflow_is_built_box_by_box_and_kept(screen, labelled_session):
    assert boxes_of(screen) == [IN]
    assert not screen.save.isEnabled()
    build_labels_by_words(screen)

    assert boxes_of(screen) == [IN, "cleaner", "keywords", "labels"]
    assert screen.save.isEnabled()
    screen.save.click()
    (kept,) = list_workflows(labelled_session.db)
    assert [(node["id"], node["inputs"]) for node in kept.nodes] == [
        ("cleaner", [IN]), ("keywords", ["cleaner"]), ("labels", ["keywords"]),
    ]  # fmt: skip
    assert not screen.save.isEnabled()
    screen.build.panel.value_changed.emit("skip_labelled", True)
    screen.save.click()
    assert len(list_workflow_versions(labelled_session.db, kept.name)) == 2


def test_a_node_that_is_in_the_way_is_marked_and_named(screen):
    screen.build.add_node("keyword-filter-operator")
    assert "keywords" in screen.footer.note()
    box = screen.build.picture.boxes["keywords"]
    assert "not complete" in box.accessibleName()
    assert screen.build.hint.text().startswith("“keywords”")
    assert not screen.save.isEnabled()


def test_only_nodes_that_fit_are_offered(screen):
    def offered():
        menu = screen.build.menu(between=True)
        return [action.text() for action in menu.actions()]

    assert "Clean texts" in offered()
    assert "Write as labels" not in offered()
    screen.build.add_node("language-id-operator")
    assert "Write as labels" in offered()
    assert "Clean texts" not in offered()
    assert isinstance(screen.build.menu(between=False), QMenu)


def test_a_branch_leaves_what_was_there_and_inputs_join(screen):
    screen.build.add_node("text-cleaner")
    screen.build.add_node("language-id-operator")
    screen.build._choose("cleaner")
    screen.build.add_node("keyword-filter-operator", between=False)
    screen.build.panel.value_changed.emit("words", {"a": "b"})
    screen.build._choose("language")
    screen.build.add_node("concept-thresholder")
    screen.build.panel.takes["keywords"].click()

    nodes = {node.id: node.inputs for node in screen.draft.workflow.nodes}
    assert nodes["language"] == nodes["keywords"] == ("cleaner",)
    assert set(nodes["threshold"]) == {"language", "keywords"}
    assert screen.draft.problem() is None
    places = places_of(screen.draft.workflow)
    assert [places[name][0] for name in (IN, "cleaner", "keywords", "threshold")] == [0, 1, 2, 3]
    assert neighbour(places, "language", 0, 1) != neighbour(places, "language", 0, -1)


def test_the_picture_is_used_with_the_keyboard_alone(screen, qtbot, monkeypatch):
    build_labels_by_words(screen)
    picture = screen.build.picture
    picture.boxes["labels"].setFocus()
    qtbot.keyClick(picture.boxes["labels"], Qt.Key.Key_Up)
    assert screen.draft.current == "keywords"
    assert picture.boxes["keywords"].hasFocus()
    asked = []
    monkeypatch.setattr(screen.build, "_offer", lambda _at, between: asked.append(between))
    qtbot.keyClick(picture.boxes["keywords"], Qt.Key.Key_Plus)
    assert asked == [True]
    qtbot.keyClick(picture.boxes["keywords"], Qt.Key.Key_Delete)
    assert boxes_of(screen) == [IN, "cleaner", "labels"]
    assert screen.draft.current == "cleaner"


def test_nodes_move_are_renamed_and_taken_out(screen):
    screen.build.add_node("text-cleaner")
    screen.build.add_node("text-splitter")
    screen.build.up.click()
    assert {node.id: node.inputs for node in screen.draft.workflow.nodes} == {
        "cleaner": ("splitter",), "splitter": (IN,),
    }  # fmt: skip
    screen.build.down.click()
    assert screen.draft.workflow.node("splitter").inputs == ("cleaner",)
    screen.build.panel.name.setText("cut")
    screen.build.panel.name.editingFinished.emit()
    assert "cut" in boxes_of(screen)
    screen.build.remove.click()
    assert boxes_of(screen) == [IN, "cleaner"]


def test_the_form_is_made_from_the_declaration_and_refuses_at_the_field(screen):
    screen.build.add_node("text-splitter")
    rows = screen.build.panel.rows
    assert set(rows) == {"max_chars", "roll_up"}
    rows["max_chars"].control.changed.emit(3)
    assert "50" in rows["max_chars"].problem()
    assert not screen.save.isEnabled()
    rows["max_chars"].control.changed.emit(500)
    assert rows["max_chars"].problem() == ""
    assert screen.draft.workflow.node("splitter").settings.max_chars == 500


def test_a_step_whose_results_are_not_shown_stays_so(screen, labelled_session):
    build_labels_by_words(screen)
    screen.build._choose("keywords")
    assert screen.build.panel.shown.isChecked()
    screen.build.panel.shown.click()
    screen.save.click()
    (kept,) = list_workflows(labelled_session.db)
    assert [node.get("suppress_output", False) for node in kept.nodes] == [False, True, False]
    assert not screen.build.panel.shown.isChecked()


def test_boxes_are_as_wide_as_their_words_need_where_there_is_room(screen):
    screen.build.add_node("text-cleaner")
    screen.build.panel.name.setText("a-name-that-is-rather-long")
    screen.build.panel.name.editingFinished.emit()
    box, picture = screen.build.picture.boxes[IN], screen.build.picture
    picture.set_room(200)
    assert box.width() == 192
    picture.set_room(2_000)
    assert 192 < box.width() == picture.boxes["a-name-that-is-rather-long"].wanted_width()


def test_an_expression_is_taken_as_it_is_typed(screen, qtbot):
    screen.build.add_node("regex-based-classifier")
    control = screen.build.panel.rows["expressions"].control
    control.add.click()
    qtbot.keyClicks(control.rows[0].key, "order")
    qtbot.keyClicks(control.rows[0].value, r"[0-9]{4}")
    settings = screen.draft.workflow.node("patterns").settings
    assert settings.expressions == {"order": "[0-9]{4}"}
    assert screen.draft.problem() is None


def test_a_model_of_the_app_can_be_chosen(labelled_session, qtbot):
    keep_model(labelled_session.app)
    screen = WorkflowsScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.show()
    screen.build.add_node("model")
    select = screen.build.panel.rows["model"].control.select
    assert select.count() == 2
    select.setCurrentIndex(0)
    select.activated.emit(0)
    assert "Choose a model" in screen.footer.note()
    select.setCurrentIndex(1)
    select.activated.emit(1)
    assert screen.draft.problem() is None


def test_a_new_step_of_a_model_asks_the_newest_that_fits(labelled_session, qtbot):
    keep_model(labelled_session.app)
    keep_model(labelled_session.app)
    screen = WorkflowsScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.show()
    screen.build.add_node("model")
    assert screen.draft.workflow.node("model").settings.model == "Letters 1:2"
    assert screen.draft.problem() is None
    screen.build.add_node("concept-thresholder")
    assert screen.draft.problem() is None


def test_a_branch_of_which_nothing_comes_is_told_quietly(screen):
    build_labels_by_words(screen)
    assert screen.build.hint.text() == "Arrow keys move, + adds, Del removes."
    screen.build._choose(IN)
    screen.build.add_node("text-embedder", between=False)
    assert screen.build.hint.text().startswith("No step uses what “reader” reads")
    assert screen.save.isEnabled()
    screen.build._remove()
    screen.build._choose("cleaner")
    screen.build.add_node("language-id-operator", between=False)
    screen.build.panel.shown.click()
    screen.build.show_draft()
    assert screen.build.hint.text().startswith("No step uses what “language” gives")


def test_a_title_without_room_stands_in_two_lines(screen):
    assert in_lines("Compare probabilities", 150) == ["Compare probabilities"]
    assert in_lines("Compare probabilities", 100) == ["Compare", "probabilities"]
    assert in_lines("Keep or drop concepts", 100) == ["Keep or drop", "concepts"]
    assert in_lines("Probabilities", 10) == ["Probabilities"]


def test_a_text_shows_what_every_node_gives(screen, qtbot):
    build_labels_by_words(screen)
    trial = screen.build.trial
    trial.field.edit.setPlainText("my  parcel is lost")
    qtbot.waitUntil(lambda: len(trial.shown) == 3, timeout=20_000)
    assert [node.is_dropped for node in trial.shown] == [False, False, False]
    assert trial.shown[0].parts == ("my parcel is lost",)
    trial.field.edit.setPlainText("nothing of that")
    qtbot.waitUntil(lambda: trial.shown[1].is_dropped, timeout=20_000)
    screen.draft.begin("Another")
    screen._show()
    qtbot.waitUntil(lambda: trial.shown == (), timeout=20_000)
    assert "cannot run yet" in trial.state.text()
    trial._show((NodeOutput("e", Carries.EMBEDDING, is_dropped=False, dim=384),))
    trial.field.edit.setPlainText("")
    qtbot.waitUntil(lambda: trial.shown == (), timeout=20_000)


def test_a_run_on_a_dataset_shows_what_came_through_and_is_taken_back(
    screen, qtbot, labelled_session
):
    build_labels_by_words(screen)
    screen.tabs.set_value(RUN)
    assert screen.start.text().strip() == "Run on 60 texts"
    screen.start.click()
    qtbot.waitUntil(lambda: screen._task.is_over, timeout=20_000)

    late = {concept.name: concept for concept in list_concepts(labelled_session.db)}["late"]
    assert late.n_positive == 20
    labelled_session.do(undo)
    assert "late" not in {concept.name for concept in list_concepts(labelled_session.db)}


def test_a_run_on_a_file_writes_another_one(screen, qtbot, tmp_path):
    build_labels_by_words(screen)
    path = tmp_path / "mails.csv"
    path.write_text("id,text\n1,my parcel\n2,hello there\n", encoding="utf-8")
    screen.tabs.set_value(RUN)
    screen.run_page.open(path)
    screen.start.click()
    qtbot.waitUntil(lambda: screen._task.is_over, timeout=20_000)
    assert "late" in (tmp_path / "mails-workflow.csv").read_text(encoding="utf-8")


def test_a_run_on_a_file_that_was_stopped_is_gone_on_with(
    screen, qtbot, tmp_path, labelled_session, monkeypatch
):
    build_labels_by_words(screen)
    path = tmp_path / "mails.csv"
    path.write_text("text\n" + "my parcel\n" * 20, encoding="utf-8")
    screen.tabs.set_value(RUN)
    screen.run_page.open(path)
    assert not screen.run_page.go_on.isVisible()
    assert "Nothing is labelled" in screen.run_page.labels.text()
    monkeypatch.setattr("core.operations.run_workflow_on_rows._Running.most_rows", 4)
    with pytest.raises(JobCancelled):
        run_on_file(labelled_session.app, screen.run_page.request(), ImpatientJob(20))

    screen.run_page.open(path)
    assert "rows of this file, which are kept" in screen.run_page.begun.text()
    screen.run_page.go_on.click()
    assert not screen.run_page.go_on.isVisible()
    qtbot.waitUntil(lambda: screen._task.is_over, timeout=20_000)
    assert len((tmp_path / "mails-workflow.csv").read_text().splitlines()) == 21
    assert not screen.run_page.go_on.isVisible()


def test_texts_that_could_not_be_judged_are_counted_below_a_run(screen):
    screen.tabs.set_value(RUN)
    screen.run_page.show_result(RunOnTextsResult(9, (NodeCount("find", 7, (), 2),)))
    told = [panel.accessibleName() for panel in screen.run_page.findChildren(MessagePanel)]
    assert told[-1].startswith("2 texts could not be judged. “find” could not judge 2 texts")
    screen.build.trial._show((NodeOutput("find", Carries.CONCEPTS, True, is_unjudged=True),))
    assert [node.is_unjudged for node in screen.build.trial.shown] == [True]


def test_a_workflow_goes_out_comes_in_and_is_deleted(
    screen, labelled_session, tmp_path, monkeypatch
):
    build_labels_by_words(screen)
    screen.save.click()
    path = tmp_path / "out.yaml"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_a: path)
    screen._export()
    screen.bring_in(path)
    assert [one.name for one in list_workflows(labelled_session.db)] == ["My workflow"]
    _own_name, _line, of_the_portal = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(of_the_portal, encoding="utf-8")
    screen.bring_in(path)
    assert screen.names.currentText() == "My-workflow"
    monkeypatch.setattr(boxes, "ask_text", lambda *_a, **_k: "Post")
    screen._rename()
    assert screen.names.currentText() == "Post"
    monkeypatch.setattr(boxes, "ask", lambda *_a: True)
    screen._delete()
    assert [one.name for one in list_workflows(labelled_session.db)] == ["My workflow"]
    screen._begin()
    assert screen.draft.workflow.name == "Post"
    errors = []
    monkeypatch.setattr(boxes, "show_error", lambda _p, error: errors.append(error))
    path.write_text("workflow: {nodes: [1]}", encoding="utf-8")
    screen.bring_in(path)
    assert errors


def test_the_default_workflow_is_chosen_and_reads(screen, qtbot, labelled_session, monkeypatch):
    monkeypatch.setattr(embedders, "load", lambda _name: FakeEmbedder())
    build_labels_by_words(screen)
    screen.save.click()
    screen.tabs.set_value(DEFAULT)
    page = screen.default_page
    qtbot.waitUntil(lambda: "60" in page.counts.text(), timeout=20_000)
    page.read.click()
    qtbot.waitUntil(lambda: page.counts.text() == "All texts have been read.", timeout=20_000)
    assert not page.read.isEnabled()
    assert page.read.toolTip() == "Nothing is new."
    page.chosen.emit(ChooseWorkflowRequest("My workflow"))
    assert default_of(labelled_session.db).name == "My workflow"
    assert page.again.isVisible()
    assert page.reader.text().startswith("Now no text is read")
    page.select.setCurrentIndex(1)
    page.select.activated.emit(1)
    assert default_of(labelled_session.db).embedder == "fast"
    assert page.reader.text().startswith("Now “Fast” reads the texts")
    page.chosen.emit(ChooseWorkflowRequest("empty"))
    assert default_of(labelled_session.db).embedder == ""


def test_what_comes_in_is_read_by_the_default_workflow_that_was_chosen(
    labelled_session, qtbot, monkeypatch
):
    monkeypatch.setattr(embedders, "load", lambda _name: FakeEmbedder())
    reading = ReadingAlong(labelled_session)
    labelled_session.do(add_texts, AddTextsRequest(("before anybody chose",)))
    assert reading._task is None
    labelled_session.do(choose_workflow, ChooseWorkflowRequest("accurate"))
    assert reading._task is None
    labelled_session.do(add_texts, AddTextsRequest(("one more letter",)))
    with qtbot.waitSignal(reading._task.succeeded, timeout=20_000) as read:
        pass
    assert read.args[0].n_indexed == 62
    assert not has_new_texts(labelled_session.db)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_is_drawn_in_both_themes_and_narrow(screen, qapp, theme):
    apply_theme(qapp, theme)
    build_labels_by_words(screen)
    screen.build._choose("keywords")
    for place in range(3):
        screen.tabs.set_value(place)
        for width in (808, 1064):
            screen.resize(width, 600)
            assert not screen.grab().isNull()


def test_a_run_is_of_the_version_and_the_dataset_that_the_screen_shows(screen, labelled_session):
    build_labels_by_words(screen)
    screen.save.click()
    screen.build._choose("keywords")
    screen.build.panel.value_changed.emit("words", {"late": "parcel", "lost": "lost"})
    screen.save.click()
    labelled_session.do(edit_datasets, NewDataset("Letters"))
    labelled_session.do(add_texts, AddTextsRequest(("one letter",), dataset="Letters"))
    screen.tabs.set_value(RUN)
    screen.run_page.dataset.setCurrentIndex(screen.run_page.dataset.findData("Letters"))
    labelled_session.do(add_texts, AddTextsRequest(("another letter",), dataset="Letters"))
    assert screen.run_page.request().dataset == "Letters"
    assert screen.run_page.n_texts == 2

    assert len(screen.run_page.request().workflow.node("keywords").settings.words) == 2
    screen.versions.setCurrentIndex(1)
    screen.versions.activated.emit(1)
    assert len(screen.run_page.request().workflow.node("keywords").settings.words) == 1


def test_what_undo_changed_in_a_workflow_is_shown(screen, labelled_session):
    build_labels_by_words(screen)
    screen.save.click()
    screen.build._choose("keywords")
    screen.build.panel.value_changed.emit("words", {"lost": "lost"})
    screen.save.click()
    labelled_session.do(undo)
    assert screen.draft.workflow.node("keywords").settings.words == {"late": "arrived, parcel"}
    screen.build.panel.value_changed.emit("words", {"mine": "mine"})
    labelled_session.do(redo)
    assert screen.draft.workflow.node("keywords").settings.words == {"mine": "mine"}
    assert screen.save.isEnabled()


def test_two_steps_cannot_have_one_name(screen):
    screen.build.add_node("text-cleaner")
    screen.build.add_node("text-splitter")
    for name in ("cleaner", IN):
        screen.build.panel.name.setText(name)
        screen.build.panel.name.editingFinished.emit()
        assert boxes_of(screen) == [IN, "cleaner", "splitter"]
        assert screen.build.hint.text() == f"Another step is called “{name}”."
        assert screen.build.panel.name.text() == "splitter"


def test_a_default_workflow_may_be_renamed_while_it_reads(screen, labelled_session, qtbot):
    build_labels_by_words(screen)
    screen.save.click()
    labelled_session.do(choose_workflow, ChooseWorkflowRequest("My workflow"))
    screen.tabs.set_value(DEFAULT)
    screen.tabs.set_value(RUN)
    labelled_session.do(edit_workflows, WorkflowRenaming("My workflow", "Post"))
    screen.default_page._end_reading()
    assert screen.default_page.select.currentText() == "Post"


def test_a_workflow_may_be_called_as_what_reads_texts(screen, labelled_session):
    build_labels_by_words(screen)
    for name in ("fast", "empty"):
        screen.draft.workflow = replace(screen.draft.workflow, name=name)
        screen.keep()
        screen.tabs.set_value(DEFAULT)
        select = screen.default_page.select
        titles = [select.itemText(place) for place in range(select.count())]
        select.activated.emit(titles.index(name))
        assert default_of(labelled_session.db).name == name
        assert default_of(labelled_session.db).workflow_id
        assert screen.default_page.about.text().startswith("Nothing in it reads")
        screen.tabs.set_value(BUILD)


def test_after_a_run_into_a_file_it_and_its_folder_can_be_opened(screen, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(
        run_page.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile())
    )
    out = tmp_path / "out.csv"
    screen.run_page.show_result(RunOnFileResult(out, 3, 0, (NodeCount("find", 3, (("a", 3),)),)))
    acts = screen.run_page.result.findChildren(Button)
    assert [act.text().strip() for act in acts] == ["Open", "Show in folder"]
    for act in acts:
        act.click()
    assert opened == [str(out), str(tmp_path)]
