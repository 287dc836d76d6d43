"""The form for every template: a control for each kind of setting, and what it says."""

import json

import pytest
from PySide6.QtCore import Qt

from core.base_models import BaseModel, ModelKind
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.estimate_training import Estimate
from core.operations.training_work import Remedy
from core.paths import templates_folder
from core.records import TEXT_CLASSIFIER, TEXT_TO_TEXT
from core.storage.database import transaction
from core.storage.inputs import update_targets
from core.templates import list_templates
from desktop import boxes
from desktop.screens.settings import fields, forecast, preview_panel
from desktop.screens.settings import screen as module
from desktop.screens.settings.screen import SettingsScreen
from desktop.theme.apply import apply_theme
from desktop.widgets import mapping_control
from desktop.widgets.mapping_control import MappingControl
from tests.desktop.fake_models import keep_writer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def a_base(tmp_path, name, kind, n_parameters=22_700_000):
    return BaseModel(
        *(name, name, kind, "BERT", "bert", tmp_path, "", n_parameters, 90_000_000, 256, 384, 6),
        n_words=30_000,
        precision="float32",
        languages=(),
        licence="",
        is_built_in=name in ("all-MiniLM-L6-v2", "textwright-starter"),
        weights="w",
        identity=name,
        sizes=(),
    )


@pytest.fixture(autouse=True)
def bases(monkeypatch, tmp_path):
    """Let these base models be on the computer."""
    found = [
        a_base(tmp_path, "all-MiniLM-L6-v2", ModelKind.SENTENCE_ENCODER),
        a_base(tmp_path, "textwright-starter", ModelKind.CAUSAL),
        a_base(tmp_path, "bert-base-cased", ModelKind.ENCODER),
    ]
    monkeypatch.setattr(module, "list_base_models", lambda: list(found))
    return found


@pytest.fixture(autouse=True)
def enough(monkeypatch):
    """Let twenty texts of a concept be enough for a whole network."""
    monkeypatch.setattr("core.templates.shipped.FEW_EXAMPLES", 10)


@pytest.fixture(autouse=True)
def estimates(monkeypatch):
    """Estimate without a base model; the newest entry is what is said."""
    said = [Estimate(600, is_measured=False, n_bytes=10**9, free_bytes=10**10, device="Processor")]
    monkeypatch.setattr(forecast, "estimate", lambda app, request, job: said[-1])
    monkeypatch.setattr(forecast, "TYPING_MS", 0)
    return said


@pytest.fixture(autouse=True)
def previewed(monkeypatch):
    """Preview without a tokenizer: say nothing but what was asked for."""
    requests = []

    def refuse(app, request, job):
        requests.append(request)
        raise boxes.UserError("No example.", next_step="Wait.")

    monkeypatch.setattr(preview_panel, "preview_training", refuse)
    monkeypatch.setattr(preview_panel, "TYPING_MS", 0)
    return requests


@pytest.fixture
def show(qtbot):
    def show(session, type_):
        session.choose_model_type(type_)
        screen = SettingsScreen(session)
        qtbot.addWidget(screen)
        screen.resize(1240, 700)
        with qtbot.waitExposed(screen):
            screen.show()
        return screen

    return show


@pytest.fixture
def deep(show, labelled_session):
    return show(labelled_session, TEXT_CLASSIFIER)


@pytest.fixture
def writer(show, session):
    add_texts(session.app, AddTextsRequest(tuple(f"text {i}" for i in range(10))), Job())
    with transaction(session.db):
        update_targets(session.db, [(key, f"answer {key}") for key in range(1, 11)])
    return show(session, TEXT_TO_TEXT)


def choose(screen, name):
    template = next(t for t in list_templates(screen.draft.template.type) if t.name == name)
    screen._choose_template(template)


def test_where_no_type_was_chosen_texts_with_answers_alone_are_to_be_written(show, session):
    add_texts(session.app, AddTextsRequest(("Where is it?",), targets=("Here.",)), Job())
    assert show(session, "").draft.writes


def test_where_no_type_was_chosen_it_is_that_of_the_newest_model(show, labelled_session):
    assert not show(labelled_session, "").draft.writes
    keep_writer(labelled_session.app)
    assert show(labelled_session, "").draft.writes


def test_the_recommended_template_comes_first_and_says_so(deep):
    assert deep.draft.template.name == "full_fine_tuning"
    assert deep.rows["template"].about.text().startswith("Recommended.")
    assert deep.template.select.itemText(0) == "The whole network (recommended)"
    assert deep.template.select.currentText() == "The whole network"


def test_another_template_swaps_in_its_fields_and_keeps_what_was_changed(deep):
    deep._change(deep.draft.with_value("num_train_epochs", 3))
    assert "lora_rank" not in deep.rows
    choose(deep, "encoder_lora")
    assert "lora_rank" in deep.rows
    assert "layer_decay" not in deep.rows
    assert deep.draft.values["num_train_epochs"] == 3
    assert deep.draft.values["learning_rate"] == 1e-3  # the template's own, as nobody changed it


def test_every_template_can_be_shown_and_its_defaults_stand(deep, bases, tmp_path):
    bases += [a_base(tmp_path, n, ModelKind.CAUSAL) for n in ("gpt-neo-125m", "gpt-neo-2.7B")]
    deep.look_again()
    for template in list_templates(TEXT_CLASSIFIER):
        choose(deep, template.name)
        assert set(deep.fields.rows) == {setting.name for setting in template.fields}
        assert deep.train.isEnabled(), (template.name, deep.footer.note())


def test_only_base_models_that_fit_can_be_chosen_with_their_size(qtbot, deep):
    select = deep.rows["base_model"].control.select
    shown = [select.itemText(i) for i in range(select.count())]
    assert shown == [
        *("all-MiniLM-L6-v2 · 90 MB", "bert-base-cased · 90 MB"),
        "Add a base model…",
    ]
    assert "23 million numbers\N{NO-BREAK SPACE}· up to" in deep.rows["base_model"].note.text()
    select.activated.emit(1)
    assert deep.draft.values["base_model"] == "bert-base-cased"
    with qtbot.waitSignal(deep.asked_for) as asked:
        select.activated.emit(2)
    assert asked.args == ["base_models"]
    assert select.currentText() == "bert-base-cased · 90 MB"


def test_a_base_model_that_is_not_here_is_said_at_its_field(deep):
    deep._change(deep.draft.with_value("base_model", "gone"))
    assert "“gone” is not on this computer" in deep.rows["base_model"].problem()
    assert deep.rows["base_model"].control.select.currentText() == "gone (not here)"
    assert not deep.train.isEnabled()


def test_added_readers_and_fast_ones_can_read_for_the_quick_classifier(show, labelled_session):
    screen = show(labelled_session, "embedding-classifier")
    select = screen.rows["base_embed_model"].control.select
    assert select.isVisible()
    shown = [select.itemText(i) for i in range(select.count())]
    made = "Fast, made of bert-base-cased"
    assert shown == ["Accurate", "Fast", "bert-base-cased", made]
    select.activated.emit(3)
    assert screen.draft.values["base_embed_model"] == "fast:bert-base-cased"


def test_a_mapping_is_edited_by_rows(qtbot, deep):
    choose(deep, "HuggingFace_AdvancedConfig")
    control = deep.rows["trainer_config"].control
    first = control.rows[0]
    assert (first.key.text(), first.value.text()) == ("num_train_epochs", "1")
    first.value.selectAll()
    qtbot.keyClicks(first.value, "2.5")
    assert deep.draft.values["trainer_config"]["num_train_epochs"] == 2.5
    control.add.click()
    added = control.rows[-1]
    qtbot.keyClicks(added.key, "fp16")
    qtbot.keyClicks(added.value, "False")
    assert deep.draft.values["trainer_config"]["fp16"] is False
    added.remove.click()
    assert "fp16" not in deep.draft.values["trainer_config"]


def test_a_key_that_the_library_does_not_know_is_named_where_it_stands(qtbot, deep):
    choose(deep, "HuggingFace_AdvancedConfig")
    control = deep.rows["trainer_config"].control
    control.add.click()
    qtbot.keyClicks(control.rows[-1].key, "num_train_epoch")
    assert "has no “num_train_epoch”" in deep.rows["trainer_config"].problem()
    assert "num_train_epochs" in deep.rows["trainer_config"].problem()
    assert control.rows[-1].key.property("wrong") == "true"
    assert not deep.train.isEnabled()


def test_a_mapping_is_edited_as_json_with_the_line_of_a_mistake(deep):
    choose(deep, "HuggingFace_AdvancedConfig")
    control = deep.rows["trainer_config"].control
    control.as_json.click()
    assert json.loads(control.json.text()) == deep.draft.values["trainer_config"]
    control.json.edit.setPlainText('{\n  "seed": 7\n  "fp16": false\n}')
    assert control.said.text() == "Line 3: a comma is missing."
    assert not deep.train.isEnabled()
    control.as_rows.click()
    assert control.is_json  # what is no mapping would be lost
    control.json.edit.setPlainText('{"seed": 7}')
    control.as_rows.click()
    assert deep.draft.values["trainer_config"] == {"seed": 7}
    assert [row.key.text() for row in control.rows] == ["seed"]


@pytest.mark.parametrize(
    ("words", "value"),
    [("7", 7), ("True", True), ("None", None), ("cased", "cased"), ('"7"', "7"), ("[1]", [1])],
)
def test_the_value_of_a_key_is_read_as_json_or_as_words(words, value):
    assert mapping_control.value_of(words) == value
    assert mapping_control.value_of(mapping_control.value_words(value)) == value


def test_keys_that_are_there_twice_and_lists_without_an_end_are_refused(qtbot):
    control = MappingControl("Training")
    qtbot.addWidget(control)
    control.set_value({"seed": 7})
    control._add("seed", "8")
    assert control.read() == "“seed” is there twice."
    control.set_value({"layers": [1]})
    control.rows[0].value.setText("[1")
    assert control.read() == "The value of “layers” is not complete."


def test_the_memory_is_told_with_a_remedy_that_changes_the_setting(qtbot, deep, estimates):
    qtbot.waitUntil(lambda: "1.0 GB of memory" in deep.summary.words())
    assert "Processor" in deep.summary.words()
    cure = Remedy("Take 8 texts at a time", "Fewer at a time.", {"batch_size": 8})
    short = Estimate(600, False, 10**10, 10**9, fits=False, device="Processor", remedies=(cure,))
    estimates.append(short)
    deep._change(deep.draft.with_value("num_train_epochs", 7))
    qtbot.waitUntil(lambda: bool(deep.summary.remedies))
    assert "Only 1.0 GB are free" in deep.summary.words()
    deep.summary.remedies[0].click()
    assert deep.draft.values["batch_size"] == 8


def test_a_remedy_may_be_another_template_or_only_a_hint(deep):
    deep._apply(Remedy("Learn beside the network", "", {}, "encoder_lora"))
    assert deep.draft.template.name == "encoder_lora"
    deep._apply(Remedy("Choose a smaller base model", "", {}))
    assert deep.focusWidget() is deep.rows["base_model"].control.select


def test_a_model_that_writes_learns_answers_and_needs_no_concepts(qtbot, writer, previewed):
    assert writer.rows["concepts"].isHidden()
    words = writer.summary.words()
    assert "10 texts\nEvery text has an answer" in words
    assert "10 answers to learn" in words
    assert "A fifth kept for checking" in words
    assert writer.train.isEnabled()
    qtbot.waitUntil(lambda: bool(previewed))
    assert previewed[0].settings.prompt_template == "### Input:\n{text}\n### Response:\n"


def test_without_answers_a_model_that_writes_learns_the_names_of_concepts(show, labelled_session):
    screen = show(labelled_session, TEXT_TO_TEXT)
    assert not screen.rows["concepts"].isHidden()
    assert "The model writes the name of the concept" in screen.summary.words()
    assert screen.train.isEnabled()


def test_with_neither_it_says_how_to_bring_answers(show, session):
    screen = show(session, TEXT_TO_TEXT)
    assert screen.footer.note() == "No text has an answer yet."
    assert "second column" in screen.rows["concepts"].problem()


def test_a_prompt_without_the_text_is_refused_at_its_field(writer):
    writer.rows["prompt_template"].control.edit.edit.setPlainText("Answer:")
    assert "{text}" in writer.rows["prompt_template"].problem()
    assert not writer.train.isEnabled()


def test_several_values_are_trained_as_a_sweep(qtbot, monkeypatch, deep, labelled_session):
    started = []
    monkeypatch.setattr(labelled_session, "sweep", lambda r, _s: started.append(r))
    deep.sweep_fold.set_open(is_open=True)
    row = deep.sweep.rows[0]
    assert row.setting.name == "num_train_epochs"
    qtbot.keyClicks(row.words, "2; 4")
    deep.sweep.add.click()
    other = deep.sweep.rows[1]
    place = next(i for i, s in enumerate(other._settings) if s.name == "gradient_checkpointing")
    other.field.setCurrentIndex(place)
    other._choose()
    for tick in other.ticks.values():
        tick.click()
    assert deep.train.text() == "Train 4 versions"
    with qtbot.waitSignal(deep.asked_for):
        deep.train.click()
    assert started[0].values == {
        "num_train_epochs": (2, 4),
        "gradient_checkpointing": (True, False),
    }
    deep.sweep_fold.set_open(is_open=False)
    assert deep.train.text() == "Train model"


@pytest.mark.parametrize("words", ["abc", "0", "1:9", "5:1:1"])
def test_values_that_cannot_be_tried_are_said_below_them(qtbot, deep, words):
    deep.sweep_fold.set_open(is_open=True)
    qtbot.keyClicks(deep.sweep.rows[0].words, words)
    assert deep.sweep.rows[0].problem.text()
    assert not deep.train.isEnabled()


def test_a_range_is_counted_out(qtbot, deep):
    deep.sweep_fold.set_open(is_open=True)
    qtbot.keyClicks(deep.sweep.rows[0].words, "2:8:3")
    assert deep.sweep.ranges == {"num_train_epochs": (2, 5, 8)}


def test_a_template_is_saved_chosen_and_deleted(monkeypatch, deep):
    deep._change(deep.draft.with_value("num_train_epochs", 9))
    monkeypatch.setattr(boxes, "ask_text", lambda *_args, **_more: "Ours")
    deep.template.save()
    assert deep.draft.template.name == "Ours"
    assert deep.draft.values["num_train_epochs"] == 9
    assert deep.footer.note() == "All settings are at their defaults."
    assert deep.template.select.itemText(deep.template.select.count() - 1) == "Ours"
    assert deep.template.menu().actions()[-1].isEnabled()
    monkeypatch.setattr(boxes, "ask", lambda *_args: True)
    deep.template.delete()
    assert deep.draft.template.name == "full_fine_tuning"
    assert deep.draft.values["num_train_epochs"] == 9
    assert not deep.template.menu().actions()[-1].isEnabled()


def test_a_template_that_cannot_be_used_is_named_and_can_be_removed(
    monkeypatch, show, labelled_session
):
    templates_folder().mkdir(parents=True)
    (templates_folder() / "ours.yaml").write_text("nothing: [", encoding="utf-8")
    deep = show(labelled_session, TEXT_CLASSIFIER)
    told = deep.rows["template"].doubt.text()
    assert told.startswith("“ours.yaml” among your templates cannot be used. ")
    asked = []
    monkeypatch.setattr(boxes, "ask", lambda *words: bool(asked.append(words)) or True)
    deep.template.menu().actions()[-1].trigger()
    assert told.removeprefix("“ours.yaml” among your templates cannot be used. ") in asked[0][2]
    assert list(templates_folder().iterdir()) == []
    assert deep.rows["template"].doubt.text() == ""


def test_a_learning_rate_that_hardly_ever_works_is_doubted_at_its_field(deep):
    assert deep.rows["learning_rate"].doubt.text() == ""
    deep._change(deep.draft.with_value("learning_rate", 1.0))
    assert "probably learns nothing" in deep.rows["learning_rate"].doubt.text()
    assert deep.rows["learning_rate"].problem() == ""
    assert deep.train.isEnabled()


def test_a_template_is_exported_and_imported_again(monkeypatch, deep, tmp_path):
    monkeypatch.setattr(boxes, "ask_text", lambda *_args, **_more: "Ours")
    deep.template.save()
    path = tmp_path / "ours.yaml"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_args: path)
    deep.template.export()
    monkeypatch.setattr(boxes, "ask", lambda *_args: True)
    deep.template.delete()
    monkeypatch.setattr(boxes, "choose_file", lambda *_args: path)
    deep.template.import_file()
    assert deep.draft.template.name == "Ours"


def test_a_file_that_is_no_template_says_why(monkeypatch, deep, tmp_path):
    told = []
    path = tmp_path / "x.yaml"
    path.write_text("nothing: known\n")
    monkeypatch.setattr(boxes, "choose_file", lambda *_args: path)
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: told.append(error))
    deep.template.import_file()
    assert len(told) == 1
    assert deep.draft.template.name == "full_fine_tuning"


def test_what_was_typed_for_a_type_is_there_when_it_is_chosen_again(deep, labelled_session):
    deep._change(deep.draft.with_value("num_train_epochs", 9))
    labelled_session.choose_model_type("embedding-classifier")
    assert "base_embed_model" in deep.rows
    labelled_session.choose_model_type(TEXT_CLASSIFIER)
    assert deep.draft.values["num_train_epochs"] == 9


def test_a_model_of_another_type_does_not_lend_its_name(show, labelled_session):
    from tests.desktop.fake_models import keep_model

    keep_model(labelled_session.app, model="Letters")
    screen = show(labelled_session, TEXT_CLASSIFIER)
    assert screen.model.edit.text() == "Letters, deep classifier"
    assert screen.train.isEnabled()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_control_is_drawn_and_has_a_name(qapp, deep, theme):
    apply_theme(qapp, theme)
    choose(deep, "HuggingFace_AdvancedConfig")
    deep.more.set_open(is_open=True)
    deep.sweep_fold.set_open(is_open=True)
    assert not deep.grab().isNull()
    stops = [w for w in deep.findChildren(fields.QWidget) if w.isVisible()]
    named = Qt.FocusPolicy.TabFocus
    nameless = [
        w
        for w in stops
        if w.focusPolicy() & named and not w.accessibleName() and w.focusProxy() is None
    ]
    assert [type(w).__name__ for w in nameless if w.isEnabled() and not _is_frame(w)] == []


def _is_frame(widget):
    """Scroll areas and item views inside a combo box are no stops of the Tab key."""
    return type(widget).__name__ in (
        "QScrollArea",
        "QComboBoxPrivateContainer",
        "QComboBoxListView",
    )
