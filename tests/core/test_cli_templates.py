"""The commands about types of model and templates."""

import json

import pytest

from core.cli.templates import settings_from_arguments
from core.errors import UserError
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT
from core.templates import SHIPPED, find_template, save_template
from core.templates.config_errors import ConfigNamesUnknownError, TemplateTypeError
from tests.core.conftest import HAM, SPAM


def test_model_types_say_what_they_are_for_and_what_they_begin_with(run, run_json):
    types = {one["name"]: one for one in run_json("model-types")}
    assert list(types) == [EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT]
    assert "encoder_lora" in types[TEXT_CLASSIFIER]["templates"]
    assert "all-MiniLM-L6-v2" in types[TEXT_CLASSIFIER]["base_models"]
    assert types[TEXT_TO_TEXT]["purpose"] in run("model-types")


def test_templates_are_listed_and_shown_with_every_setting(run, run_json, refused):
    assert len(run_json("templates")["templates"]) == len(SHIPPED)
    deep = run_json("templates", "--type", TEXT_CLASSIFIER)["templates"]
    assert {one["type"] for one in deep} == {TEXT_CLASSIFIER}
    assert "recommended" in run("templates")

    shown = run_json("templates", "--show", "full_fine_tuning")
    settings = {one["name"]: one for one in shown["settings"]}
    epochs = settings["num_train_epochs"]
    assert (epochs["low"], epochs["high"], epochs["is_whole"]) == (1, 1000, True)
    assert settings["device"]["recommended"] == "automatic"
    words = run("templates", "--show", "full_fine_tuning")
    for one in settings.values():
        assert f"\n{one['name']} =" in words
        assert one["title"] in words
    assert "automatic (recommended)" in words

    what, next_step = refused("templates", "--show", "HF_GPTNeo_125m_lora")
    assert "several types" in what
    assert TEXT_TO_TEXT in next_step
    assert run_json("templates", "--show", "writer", "--json")["type"] == TEXT_TO_TEXT
    refused("templates", "--show", "nothing")
    refused("templates", "--type", "visual-classifier")
    refused("templates", "--show", "writer", "--delete", "writer")
    assert "--save" in refused("templates", "--title", "Mine")[0]
    assert "--import" in refused("templates", "--save", "mine", "--name", "other")[0]


def test_a_template_is_saved_exported_deleted_and_imported(run, run_json, refused, tmp_path):
    run("templates", "--save", "patient", "--template", "encoder_lora", "--set", "patience=9",
        "--title", "Patient", "--purpose", "Waits.")  # fmt: skip
    assert "patient" in run("templates", "--type", TEXT_CLASSIFIER)
    file = tmp_path / "patient.yaml"
    assert str(file) in run("templates", "--export", "patient", file)
    refused("templates", "--import", file)
    run("templates", "--import", file, "--name", "patient too")
    assert "deleted" in run("templates", "--delete", "patient")
    kept = [one for one in run_json("templates")["templates"] if one["is_custom"]]
    assert [(one["name"], one["title"]) for one in kept] == [("patient too", "Patient")]
    shown = run_json("templates", "--show", "patient too")
    defaults = {one["name"]: one["default"] for one in shown["settings"]}
    assert defaults["patience"] == 9
    refused("templates", "--delete", "writer")


def test_a_damaged_template_is_told_of(run, run_json, home):
    folder = home / "textwright" / "templates"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("format: 1\nsettings: [")
    (damaged,) = run_json("templates")["damaged"]
    assert damaged["file"].endswith("broken.yaml")
    assert "broken.yaml cannot be used" in run("templates")


@pytest.mark.usefixtures("fake_embedder")
def test_the_settings_of_a_model_become_a_template(run, run_json, refused, tmp_path):
    run("create-app", "Letters")
    mails = tmp_path / "mails.csv"
    rows = [f"{text},{name}" for texts, name in ((SPAM, "spam"), (HAM, "ham")) for text in texts]
    mails.write_text("\n".join(["text,label", *rows]))
    run("import", "Letters", mails)
    run("train", "Letters", "--model", "first", "--set", "enrich_dataset=Disabled")
    saved = run_json("templates", "--save", "quiet", "--from", "first:1", "--app", "Letters")
    assert (saved["made_from"], saved["left_out"]) == ("transfer_learning", [])
    template = find_template("", "quiet")
    assert template.parse([]).enrich_dataset == "Disabled"
    run("templates", "--save", "quiet 2", "--from", "first", "--app", "Letters", "--set", "seed=1")
    assert find_template("", "quiet 2").parse([]).seed == 1
    refused("templates", "--save", "x", "--from", "first")
    refused("templates", "--save", "x", "--from", "first:9", "--app", "Letters")
    refused("templates", "--save", "x", "--from", "second", "--app", "Letters")


def test_what_was_typed_lies_over_the_file_and_the_file_over_the_template(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("num_train_epochs: 3\npatience: 4\n")
    template, settings = settings_from_arguments(
        TEXT_CLASSIFIER, "encoder_lora", file, ["patience=5", "device=cpu"]
    )
    assert template.name == "encoder_lora"
    values = {"num_train_epochs": 3, "patience": 5, "device": "cpu"}
    assert settings == template.with_values(values)


def test_a_key_that_was_typed_is_laid_into_the_files_dictionary(tmp_path):
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"trainer_config": {"num_train_epochs": 3}}))
    asked = (TEXT_TO_TEXT, "HuggingFace_AdvancedConfig", file, ["trainer_config.seed=7"])
    _template, settings = settings_from_arguments(*asked)
    assert settings.trainer_config == {"num_train_epochs": 3, "seed": 7}


def test_type_and_template_are_taken_from_the_file_where_they_are_not_typed(tmp_path):
    file = tmp_path / "training_config.py"
    file.write_text('model_type = "text-classifier"\ntemplate = "encoder_lora"\nlora_rank = 4\n')
    template, settings = settings_from_arguments("", "", file, [])
    assert (template.name, settings.lora_rank) == ("encoder_lora", 4)
    with pytest.raises(TemplateTypeError, match="text-classifier"):
        settings_from_arguments(TEXT_TO_TEXT, "", file, [])
    with pytest.raises(ConfigNamesUnknownError, match="lora_rank"):
        settings_from_arguments("", "full_fine_tuning", file, [])


def test_without_a_word_the_quick_classifier_is_trained():
    template, settings = settings_from_arguments("", "", None, [])
    assert (template.type, settings) == (EMBEDDING_CLASSIFIER, template.parse([]))
    assert settings_from_arguments("", "writer", None, [])[0].type == TEXT_TO_TEXT
    with pytest.raises(UserError):
        settings_from_arguments("visual-classifier", "", None, [])


def test_a_template_of_the_analysts_is_trained_with(tmp_path):
    base = find_template(TEXT_CLASSIFIER, "encoder_lora")
    save_template("mine", "", "", base, {"lora_rank": 2})
    template, settings = settings_from_arguments(TEXT_CLASSIFIER, "mine", None, ["seed=1"])
    assert template.shipped_name == "encoder_lora"
    assert (settings.lora_rank, settings.seed) == (2, 1)
