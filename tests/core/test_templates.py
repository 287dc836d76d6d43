"""The templates that ship: what each says of itself, and what it was made with on the portal."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.learning.settings import Kind, SettingNotAllowedError
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT, ModelVersion
from core.templates import (
    MODEL_TYPES,
    SHIPPED,
    ModelTypeMissingError,
    TemplateAmbiguousError,
    TemplateMissingError,
    default_template,
    find_template,
    list_templates,
    settings_of_version,
    suited_template,
    template_of_version,
    values_from_config,
    values_of,
)
from core.templates.config_errors import ChosenWhenTrainingError, ConfigNamesUnknownError

ROOT = Path(__file__).resolve().parent.parent.parent
TYPES = [one.name for one in MODEL_TYPES]
EVERY = pytest.mark.parametrize("template", SHIPPED, ids=lambda one: f"{one.type}-{one.name}")


def marked_words():
    """Return the words that N_() marks for translation where templates are declared."""
    files = [*(ROOT / "core/templates").glob("*.py"), *(ROOT / "core/learning").glob("*.py")]
    calls = [node for path in files for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "N_"
        and isinstance(call.args[0], ast.Constant)
    }


MARKED = marked_words()


@EVERY
def test_a_template_makes_settings_without_a_word_from_the_analyst(template):
    settings = template.parse([])
    assert type(settings) is template.settings
    assert template.with_values(values_of(settings)) == settings


@EVERY
def test_everything_that_a_form_shows_is_said_and_can_be_translated(template):
    assert {template.title, template.purpose} <= MARKED
    assert template.purpose.endswith(".")
    for setting in template.fields:
        told = setting.declaration
        assert {told.title, told.help, *dict(told.choices).values()} <= MARKED
        assert told.help.endswith(".")
        assert not told.title.endswith(".")
        if told.kind == Kind.NUMBER:
            assert told.low < told.high
        if told.recommended:
            assert told.recommended in dict(told.choices)


@pytest.mark.parametrize("one", MODEL_TYPES, ids=lambda one: one.name)
def test_a_type_of_model_has_one_template_that_suits_most_and_names_of_its_own(one):
    own = list_templates(one.name)
    assert [template for template in own if template.is_recommended] == [default_template(one.name)]
    assert len({template.name for template in own}) == len(own)
    assert {one.title, one.purpose} <= MARKED


def test_the_advanced_templates_begin_as_on_the_portal():
    trainer = {"num_train_epochs": 1, "auto_find_batch_size": True, "output_dir": "checkpoint"}
    classifier = find_template(TEXT_CLASSIFIER, "HuggingFace_AdvancedConfig").parse([])
    assert classifier.model_config == {
        "problem_type": "multi_label_classification",
        "pretrained_model_name_or_path": "bert-base-cased",
        "torch_dtype": "torch.float32",
    }
    assert (classifier.tokenizer_config, classifier.trainer_config) == ({}, trainer)
    assert classifier.invalid_data_tolerance_percent == 5.0
    assert classifier.select_concepts == ()
    writer = find_template(TEXT_TO_TEXT, "HuggingFace_AdvancedConfig").parse([])
    assert writer.model_config == {
        "pretrained_model_name_or_path": "facebook/opt-125m",
        "torch_dtype": "torch.float32",
    }
    assert (writer.tokenizer_config, writer.trainer_config) == ({"model_max_length": 512}, trainer)
    assert writer.invalid_data_tolerance_percent == 5.0


def test_the_small_neo_begins_as_on_the_portal():
    settings = find_template(TEXT_CLASSIFIER, "HF_GPTNeo_125m_lora").parse([])
    assert settings.model_config == {
        "pretrained_model_name": "EleutherAI/gpt-neo-125m",
        "torch_dtype": "torch.float32",
        "problem_type": "multi_label_classification",
    }
    assert settings.peft_config == {
        "r": 16,
        "peft_type": "LORA",
        "task_type": "SEQ_CLS",
        "lora_dropout": 0.1,
        "inference_mode": False,
        "lora_alpha": 16,
    }
    assert settings.tokenizer_config == {}
    assert settings.trainer_config == {"auto_find_batch_size": True, "num_train_epochs": 1}
    assert settings.invalid_data_tolerance_percent == 5.0


def test_the_large_neo_differs_in_its_model_and_its_batches():
    settings = find_template(TEXT_CLASSIFIER, "HF_GPTNeo_2p7b_lora").parse([])
    assert settings.model_config["pretrained_model_name"] == "EleutherAI/gpt-neo-2.7B"
    assert settings.trainer_config["per_device_train_batch_size"] == 2
    writer = find_template(TEXT_TO_TEXT, "HF_GPTNeo_2p7b_lora").parse([])
    assert writer.peft_config["task_type"] == "CAUSAL_LM"


def test_a_template_is_found_by_its_name_where_only_one_type_has_it():
    assert find_template("", "encoder_lora").type == TEXT_CLASSIFIER
    assert find_template("", "").type == EMBEDDING_CLASSIFIER
    assert find_template(TEXT_TO_TEXT).name == "writer"
    with pytest.raises(TemplateAmbiguousError) as refused:
        find_template("", "HF_GPTNeo_125m_lora")
    assert TEXT_TO_TEXT in refused.value.next_step
    with pytest.raises(TemplateMissingError):
        find_template(TEXT_TO_TEXT, "encoder_lora")
    with pytest.raises(TemplateMissingError) as refused:
        find_template("", "nothing")
    assert refused.value.next_step.count("HF_GPTNeo_125m_lora") == 1  # two types have it
    with pytest.raises(ModelTypeMissingError):
        find_template("visual-classifier")
    with pytest.raises(ModelTypeMissingError):
        default_template("visual-classifier")


def version(**details):
    return ModelVersion(
        id=1,
        model="spam",
        type=details.pop("type", TEXT_CLASSIFIER),
        number=1,
        created=datetime.now(UTC),
        dataset_version_id=1,
        settings=details.pop("settings", {}),
        concepts=(),
        summary={},
        folder="",
        log="",
        **details,
    )


def test_a_version_knows_its_template_also_from_before_there_were_any():
    old = version(type=EMBEDDING_CLASSIFIER)
    assert template_of_version(old).name == "transfer_learning"
    assert template_of_version(version(template="encoder_lora")).name == "encoder_lora"
    assert template_of_version(version(template="of-another-textwright")).is_recommended


def test_settings_of_another_textwright_are_taken_as_far_as_they_are_known():
    values = {"num_train_epochs": 3, "patience": -1, "temperament": "mild", "device": "abacus"}
    template, settings, dropped = settings_of_version(
        version(template="full_fine_tuning", settings=values)
    )
    assert settings == template.with_values({"num_train_epochs": 3})
    assert dropped == ["patience", "temperament", "device"]


def test_settings_go_into_json_and_back():
    settings = find_template().with_values({"select_concepts": ["a", "b"], "seed": 7})
    values = values_of(settings)
    assert values["select_concepts"] == ["a", "b"]
    assert find_template().with_values(values) == settings


def test_the_portals_parameters_are_mapped_on_fields_and_their_numbers_on_whole_ones():
    portal = {
        "dataset_id": "",
        "dataset_version_id": "",
        "concepts": [],
        "train_params": {
            "template": "HF_GPTNeo_125m_lora",
            "invalid_data_tolerance_percent": 5.0,
            "model_config": {"pretrained_model_name": "EleutherAI/gpt-neo-125m"},
            "trainer_config": {"num_train_epochs": 3.0},
        },
        "inference_params": {"select_concepts": ["pos"]},
    }
    template = find_template(TEXT_CLASSIFIER, "HF_GPTNeo_125m_lora")
    settings = template.with_values(values_from_config(template, portal))
    assert settings.trainer_config == {"num_train_epochs": 3.0}  # a dictionary is the whole one
    assert settings.peft_config == template.parse([]).peft_config
    assert settings.select_concepts == ("pos",)

    quick = find_template()
    portal = {
        "train_params": {
            "base_embed_model": None,
            "enrich_dataset": "disabled",
            "concepts_mutually_exclusive": False,
        },
        "inference_params": {"max_concepts": 5.0, "min_value": 0},
    }
    settings = quick.with_values(values_from_config(quick, portal))
    assert (settings.base_embed_model, settings.enrich_dataset) == ("accurate", "Disabled")
    assert (settings.concepts_mutually_exclusive, settings.max_concepts) == ("false", 5)


def test_all_names_that_a_template_does_not_have_are_named():
    with pytest.raises(ConfigNamesUnknownError, match="“epochs”, “lr”") as refused:
        values_from_config(find_template(TEXT_CLASSIFIER), {"epochs": 3, "lr": 1, "seed": 1})
    assert "num_train_epochs" in refused.value.next_step
    with pytest.raises(ConfigNamesUnknownError, match="“colour”"):
        values_from_config(find_template(), {"settings": {}, "colour": "red"})


def test_a_dataset_and_concepts_are_chosen_when_training():
    with pytest.raises(ChosenWhenTrainingError, match="concepts"):
        values_from_config(find_template(), {"concepts": ["pos"], "train_params": {}})


def test_a_list_holds_names_alone():
    for wrong in ([1], [["a"]], "a", {"a": 1}):
        with pytest.raises(SettingNotAllowedError):
            values_from_config(find_template(), {"select_concepts": wrong})


@pytest.mark.parametrize(
    ("counts", "name"),
    [
        ([5] * 77, "contrastive_few_shot"),
        ([49, 49, 900], "contrastive_few_shot"),
        ([50, 200, 0], "full_fine_tuning"),
        ([], "full_fine_tuning"),
    ],
)
def test_of_few_texts_for_each_concept_the_template_for_few_examples_suits(counts, name):
    assert suited_template(TEXT_CLASSIFIER, counts).name == name
    assert suited_template("embedding-classifier", counts).name == "transfer_learning"
