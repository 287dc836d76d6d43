"""Which added base models our own forward pass reads exactly as the libraries do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safetensors import safe_open

from core.base_models import WEIGHTS, BaseModel, ModelKind

_PARTS = ("Transformer", "Pooling", "Normalize")
_FIRST = "embeddings.word_embeddings.weight"


def can_read(model: BaseModel) -> bool:
    """Tell whether a model is a plain BERT whose last states are averaged."""
    if model.kind != ModelKind.SENTENCE_ENCODER or model.model_type != "bert" or model.reader:
        return False
    folder = model.folder
    try:
        return all(fits(folder) for fits in _CONDITIONS)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _has_plain_layers(folder: Path) -> bool:
    config = _read(folder / "config.json")
    return (
        config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder")
        and isinstance(config.get("layer_norm_eps"), float)
    )


def _has_plain_weights(folder: Path) -> bool:
    with safe_open(folder / WEIGHTS, framework="pt") as stored:
        return _FIRST in stored.keys()  # noqa: SIM118  # no dictionary


def _averages(folder: Path) -> bool:
    parts = _read(folder / "modules.json")
    kinds = [part["type"].rpartition(".")[2] for part in parts]
    pooling = _read(folder / parts[1]["path"] / "config.json")
    modes = [key for key, value in pooling.items() if key.startswith("pooling_mode_") and value]
    means = pooling.get("pooling_mode", "mean") == "mean" and modes in (
        [],
        ["pooling_mode_mean_tokens"],
    )
    is_named = "pooling_mode" in pooling or bool(modes)
    return tuple(kinds) == _PARTS[: len(kinds)] and means and is_named


def _names_its_limit(folder: Path) -> bool:
    limits = _read(folder / "sentence_bert_config.json")
    return isinstance(limits.get("max_seq_length"), int) and not limits.get("do_lower_case")


def _read(file: Path) -> Any:  # noqa: ANN401  # whatever JSON holds
    return json.loads(file.read_text(encoding="utf-8"))


_CONDITIONS: tuple[Callable[[Path], bool], ...] = (
    _has_plain_layers,
    _has_plain_weights,
    _averages,
    _names_its_limit,
)
