"""The portal's templates: dictionaries for the Hugging Face libraries, and LoRA on GPT-Neo."""

from typing import Any

from core.i18n import N_
from core.learning.text_classifier_settings import (
    HuggingFaceClassifierSettings,
    HuggingFaceLoraClassifierSettings,
)
from core.learning.text_to_text_settings import (
    HuggingFaceLoraTextToTextSettings,
    HuggingFaceTextToTextSettings,
)
from core.records import TEXT_CLASSIFIER, TEXT_TO_TEXT
from core.templates.template import Template

_PROBLEM = {"problem_type": "multi_label_classification"}
_ADVANCED: dict[str, Any] = {
    "name": "HuggingFace_AdvancedConfig",
    "title": N_("Everything by hand"),
    "purpose": N_("For those who know the Hugging Face libraries: every key they take."),
}
_SMALL: dict[str, Any] = {
    "name": "HF_GPTNeo_125m_lora",
    "title": N_("GPT-Neo 125M with LoRA"),
    "purpose": N_("As on the portal; needs the base model gpt-neo-125m and 2 GB of memory."),
}
_LARGE: dict[str, Any] = {
    "name": "HF_GPTNeo_2p7b_lora",
    "title": N_("GPT-Neo 2.7B with LoRA"),
    "purpose": N_("As on the portal; needs the base model gpt-neo-2.7B and a graphics processor."),
}


def _neo(size: str, **more: str) -> dict[str, str]:
    return {
        "pretrained_model_name": f"EleutherAI/gpt-neo-{size}",
        "torch_dtype": "torch.float32",
        **more,
    }


_FITTING_BATCHES = {"auto_find_batch_size": True, "num_train_epochs": 1}
_SMALL_BATCHES = {
    "num_train_epochs": 1,
    "per_device_train_batch_size": 2,
    "output_dir": "checkpoint",
}

CLASSIFIER_ADVANCED = Template(
    **_ADVANCED, type=TEXT_CLASSIFIER, settings=HuggingFaceClassifierSettings
)
CLASSIFIER_NEO_125M = Template(
    **_SMALL,
    type=TEXT_CLASSIFIER,
    settings=HuggingFaceLoraClassifierSettings,
    defaults={"model_config": _neo("125m", **_PROBLEM), "trainer_config": _FITTING_BATCHES},
)
CLASSIFIER_NEO_2P7B = Template(
    **_LARGE,
    type=TEXT_CLASSIFIER,
    settings=HuggingFaceLoraClassifierSettings,
    defaults={"model_config": _neo("2.7B", **_PROBLEM), "trainer_config": _SMALL_BATCHES},
)
TEXT_TO_TEXT_ADVANCED = Template(
    **_ADVANCED, type=TEXT_TO_TEXT, settings=HuggingFaceTextToTextSettings
)
TEXT_TO_TEXT_NEO_125M = Template(
    **_SMALL,
    type=TEXT_TO_TEXT,
    settings=HuggingFaceLoraTextToTextSettings,
    defaults={
        "model_config": _neo("125m"),
        "tokenizer_config": {},
        "trainer_config": _FITTING_BATCHES,
    },
)
TEXT_TO_TEXT_NEO_2P7B = Template(
    **_LARGE,
    type=TEXT_TO_TEXT,
    settings=HuggingFaceLoraTextToTextSettings,
    defaults={
        "model_config": _neo("2.7B"),
        "tokenizer_config": {},
        "trainer_config": _SMALL_BATCHES,
    },
)
