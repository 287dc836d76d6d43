"""Deep classifiers on disk: numbers as safetensors, words as JSON, nothing pickled."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from safetensors.torch import save as to_bytes
from torch import Tensor, nn

from core.learning import embedding_classifier
from core.learning.calibration import Calibration
from core.learning.damage import damaged
from core.learning.devices import DeviceMissingError, device_here
from core.learning.settings import settings_from_values
from core.learning.text_classifier.classifier import TextClassifier
from core.learning.text_classifier.earlier import Earlier
from core.learning.text_classifier.network import (
    CONFIG,
    Network,
    base_network,
    empty_network,
    read_config,
)
from core.learning.text_classifier.reader import KEPT_AS, Reader, ready
from core.learning.text_classifier.words import load_words
from core.learning.text_classifier_settings import (
    ContrastiveSettings,
    EncoderLoraSettings,
    FullFineTuningSettings,
    HuggingFaceClassifierSettings,
    HuggingFaceLoraClassifierSettings,
    TextClassifierSettings,
)

WEIGHTS, ADAPTER, WORDS = "model.safetensors", "adapter.safetensors", "classifier.json"
HEAD = "head"  # a folder, and the prefix of the network's own head
FORMAT = 1
_KINDS: dict[str, type[TextClassifierSettings]] = {
    "full_fine_tuning": FullFineTuningSettings,
    "contrastive_few_shot": ContrastiveSettings,
    "encoder_lora": EncoderLoraSettings,
    "hugging_face": HuggingFaceClassifierSettings,
    "hugging_face_lora": HuggingFaceLoraClassifierSettings,
}
_ENCODER = "encoder."


def save(model: TextClassifier, folder: Path) -> None:
    """Write a model into an existing, empty folder."""
    words: dict[str, Any] = {
        "format": FORMAT,
        "kind": next(k for k, known in _KINDS.items() if known is type(model.settings)),
        "concepts": model.concepts,
        "settings": asdict(model.settings),
        "calibration": asdict(model.calibration),
        "stands_on_base": model.stands_on_base,
        "about": dict(model.about),
    }
    if isinstance(model.network, Reader):
        words |= {"pooling": model.network.network.pooling}
        words |= {"max_tokens": model.network.words.max_tokens}
        _save_reader(model.network, folder)
    else:
        model.network.save(folder)  # type: ignore[attr-defined]  # of hugging_face.py
    if model.head is not None:
        (folder / HEAD).mkdir()
        model.head.save(folder / HEAD)
    (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")


def load(folder: Path, base: Path | None = None) -> TextClassifier:
    """Read a model that `save` wrote; it answers exactly as before.

    Args:
        folder: of the model.
        base: the folder of its base model, if it stands on one.

    Raises:
        ModelDamagedError: a file is missing, cut short or changed.
        DeviceMissingError: the model is of a Hugging Face template, for a device not here.
    """
    with damaged(folder, DeviceMissingError):
        return _assemble(_read_words(folder), folder, base)


def load_earlier(folder: Path) -> Earlier:
    """Read what a training needs that goes on from a model of ours.

    Raises:
        ModelDamagedError: a file is missing, cut short, changed, or of a Hugging Face template.
    """
    with damaged(folder):
        words = _read_words(folder)
        is_adapter = words["kind"] == "encoder_lora"
        numbers = load_file(folder / (ADAPTER if is_adapter else WEIGHTS))
        return Earlier(
            folder=folder,
            concepts=tuple(words["concepts"]),
            weights={k: v.float() for k, v in _part(numbers, _ENCODER).items()},
            head=(numbers[f"{HEAD}.weight"], numbers[f"{HEAD}.bias"]),
            is_adapter=is_adapter,
        )


def _read_words(folder: Path) -> dict[str, Any]:
    words: dict[str, Any] = json.loads((folder / WORDS).read_text(encoding="utf-8"))
    if words["format"] != FORMAT:
        raise ValueError(f"format {words['format']}")
    return words


def _save_reader(reader: Reader, folder: Path) -> None:
    network, head = reader.network, reader.network.head
    numbers: dict[str, Tensor] = {f"{HEAD}.weight": head.weight, f"{HEAD}.bias": head.bias}
    if reader.adapter is not None:
        kept, name = dict(reader.adapter), ADAPTER
    else:
        kept, name = _rounded(network.encoder), WEIGHTS
        (folder / CONFIG).write_text(json.dumps(dict(reader.config)), encoding="utf-8")
    numbers |= {f"{_ENCODER}{key}": value for key, value in kept.items()}
    on_cpu = {key: value.detach().cpu().contiguous() for key, value in numbers.items()}
    # `save_file` would report a full disk as an error of its own
    (folder / name).write_bytes(to_bytes(on_cpu))
    reader.words.save(folder)


def _rounded(encoder: nn.Module) -> dict[str, Tensor]:
    """Return what is kept of an encoder; what it shares with itself is kept once for each name."""
    weights = encoder.state_dict()
    return {
        name: (value.to(KEPT_AS) if value.is_floating_point() else value).clone()
        for name, value in weights.items()
    }


def _assemble(words: Mapping[str, Any], folder: Path, base: Path | None) -> TextClassifier:
    settings = settings_from_values(_KINDS[words["kind"]], words["settings"])
    concepts = tuple(words["concepts"])
    calibration = Calibration(**words["calibration"])
    head = None
    if (folder / HEAD).exists() or words["kind"] == "contrastive_few_shot":
        head = embedding_classifier.load(folder / HEAD)
    if isinstance(settings, HuggingFaceClassifierSettings):
        from core.learning.text_classifier import hugging_face

        network: Any = hugging_face.load(folder, concepts=concepts, settings=settings, base=base)
    else:
        network = _load_reader(words, folder, base, settings)
    return TextClassifier(
        concepts=concepts,
        settings=settings,
        network=network,
        calibration=calibration,
        head=head,
        stands_on_base=words["stands_on_base"],
        about=words["about"],
    )


def _load_reader(
    words: Mapping[str, Any], folder: Path, base: Path | None, settings: TextClassifierSettings
) -> Reader:
    n_concepts = len(words["concepts"])
    adapter = None
    if isinstance(settings, EncoderLoraSettings):
        from core.learning.fine_tuning.lora import add_lora  # peft takes seconds

        assert base is not None
        numbers, config = load_file(folder / ADAPTER), read_config(base)
        adapter = _part(numbers, _ENCODER)
        network = base_network(base, n_concepts)
        network.encoder = add_lora(network.encoder, settings)
        unknown = network.encoder.load_state_dict(adapter, strict=False).unexpected_keys
        if unknown or not adapter:
            raise ValueError(f"unknown weights {unknown[:3]}")
        network.encoder = network.encoder.merge_and_unload()  # type: ignore[operator]
    else:
        numbers, config = load_file(folder / WEIGHTS), read_config(folder)
        network = empty_network(config, folder, words["pooling"], n_concepts)
        _fill(network, numbers)
    network.head.load_state_dict(_part(numbers, f"{HEAD}."))
    device = device_here(settings.device)
    reading = load_words(folder, int(words["max_tokens"]))
    return Reader(ready(network, device), reading, config, adapter)


def _fill(network: Network, numbers: Mapping[str, Tensor]) -> None:
    network.encoder.to(KEPT_AS)
    network.encoder.load_state_dict(_part(numbers, _ENCODER))


def _part(numbers: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in numbers.items() if k.startswith(prefix)}
