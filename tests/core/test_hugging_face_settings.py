"""The dictionaries of the Hugging Face templates: what is legal, and what is refused by name."""

import subprocess
import sys
from dataclasses import fields

import peft
import pytest
import transformers

from core.learning.hugging_face_names import PEFT_KEYS, TRAINER_KEYS
from core.learning.hugging_face_settings import (
    KeyRefusedError,
    KeyUnknownError,
    ValueRefusedError,
    ValueTooSmallError,
    check_dictionaries,
    dtype_of,
    learns_one_concept,
)
from core.learning.text_classifier_settings import (
    HuggingFaceClassifierSettings,
    HuggingFaceLoraClassifierSettings,
)
from core.records import TEXT_CLASSIFIER, TEXT_TO_TEXT
from core.templates import list_templates


def lora(**dictionaries):
    return HuggingFaceLoraClassifierSettings(**dictionaries)


def test_the_names_that_we_know_are_those_of_the_libraries():
    assert {f.name for f in fields(transformers.TrainingArguments)} == TRAINER_KEYS
    assert {f.name for f in fields(peft.LoraConfig)} == PEFT_KEYS


@pytest.mark.parametrize("type_", [TEXT_CLASSIFIER, TEXT_TO_TEXT])
def test_the_dictionaries_of_every_template_are_legal_as_they_come(type_):
    names = {t.name for t in list_templates(type_)}
    assert names >= {"HuggingFace_AdvancedConfig", "HF_GPTNeo_125m_lora", "HF_GPTNeo_2p7b_lora"}
    for template in list_templates(type_):
        check_dictionaries(template.with_values({}))


def test_dictionaries_are_checked_without_loading_the_libraries():
    code = (
        "import sys\n"
        "from core.learning.hugging_face_settings import check_dictionaries\n"
        "from core.learning.text_classifier_settings import HuggingFaceClassifierSettings\n"
        "check_dictionaries(HuggingFaceClassifierSettings())\n"
        "print({'torch', 'transformers', 'peft'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "set()\n"


@pytest.mark.parametrize(
    ("dictionary", "key", "nearest"),
    [
        ("trainer_config", "num_epochs", "num_train_epochs"),
        ("trainer_config", "learning_rat", "learning_rate"),
        ("peft_config", "lora_alfa", "lora_alpha"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest_that_is_known(dictionary, key, nearest):
    with pytest.raises(KeyUnknownError, match=key) as raised:
        check_dictionaries(lora(**{dictionary: {key: 1}}))
    assert nearest in raised.value.next_step


@pytest.mark.parametrize(
    ("dictionary", "key", "value"),
    [
        ("model_config", "trust_remote_code", True),
        ("model_config", "use_auth_token", "secret"),
        ("model_config", "token", "secret"),
        ("model_config", "local_files_only", False),
        ("model_config", "use_safetensors", False),
        ("model_config", "use_kernels", True),
        ("model_config", "attn_implementation", "someone/kernel"),
        ("model_config", "gguf_file", "x.gguf"),
        ("model_config", "num_labels", 7),
        ("model_config", "auto_map", {"AutoModel": "code.Model"}),
        ("tokenizer_config", "trust_remote_code", True),
        ("tokenizer_config", "vocab_file", "secrets.txt"),
        ("trainer_config", "push_to_hub", True),
        ("trainer_config", "hub_model_id", "someone/model"),
        ("trainer_config", "report_to", "tensorboard"),
        ("trainer_config", "resume_from_checkpoint", "elsewhere"),
        ("trainer_config", "deepspeed", "deepspeed.json"),
        ("trainer_config", "fsdp_config", "fsdp.json"),
        ("peft_config", "megatron_core", "os"),
        ("peft_config", "auto_mapping", {"parent_library": "os"}),
    ],
)
def test_what_would_reach_out_or_run_code_is_refused_by_name(dictionary, key, value):
    with pytest.raises(KeyRefusedError, match=f"“{key}” in “{dictionary}”") as raised:
        check_dictionaries(lora(**{dictionary: {key: value}}))
    assert key in raised.value.next_step


@pytest.mark.parametrize(
    "given",
    [
        {"push_to_hub": False, "report_to": "none", "hub_token": None, "deepspeed": None},
        {"report_to": ["none"], "resume_from_checkpoint": None, "disable_tqdm": False},
        {"output_dir": "anywhere", "evaluation_strategy": "no", "gradient_checkpointing": True},
    ],
)
def test_a_refused_key_that_asks_for_nothing_is_put_up_with(given):
    check_dictionaries(lora(trainer_config=given))


def test_other_kinds_of_adapters_are_refused_with_the_one_there_is():
    with pytest.raises(ValueRefusedError) as raised:
        check_dictionaries(lora(peft_config={"peft_type": "PREFIX_TUNING"}))
    assert "LORA" in raised.value.next_step


@pytest.mark.parametrize(
    ("written", "read"),
    [("torch.float32", "float32"), ("bfloat16", "bfloat16"), ("auto", "auto"), (None, "float32")],
)
def test_a_kind_of_number_is_read_as_a_word(written, read):
    assert dtype_of({"torch_dtype": written}) == read


def test_a_kind_of_number_is_never_run_as_code():
    with pytest.raises(ValueRefusedError, match="__import__"):
        dtype_of({"torch_dtype": "__import__('os').abort()"})


@pytest.mark.parametrize(
    ("said", "problem", "is_exclusive"),
    [
        ("automatic", "multi_label_classification", False),
        ("automatic", "single_label_classification", True),
        ("true", "multi_label_classification", True),
        ("false", "single_label_classification", False),
    ],
)
def test_how_many_concepts_a_text_has_follows_the_problem_unless_it_is_said(
    said, problem, is_exclusive
):
    settings = HuggingFaceClassifierSettings(
        concepts_mutually_exclusive=said, model_config={"problem_type": problem}
    )
    assert learns_one_concept(settings, 2) == is_exclusive


def test_a_single_concept_is_never_exclusive():
    settings = HuggingFaceClassifierSettings(concepts_mutually_exclusive="true")
    assert not learns_one_concept(settings, 1)


@pytest.mark.parametrize("value", [0, -1, "abc", True, None])
@pytest.mark.parametrize(
    "key", ["num_train_epochs", "per_device_train_batch_size", "per_gpu_train_batch_size"]
)
def test_counts_that_would_learn_nothing_are_refused_before_anything_starts(key, value):
    with pytest.raises(ValueTooSmallError, match="cannot be"):
        check_dictionaries(lora(trainer_config={key: value}))
