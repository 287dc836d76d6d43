"""Deep classifiers in the layouts of public libraries, in full precision."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as to_bytes
from tokenizers import Tokenizer
from torch import Tensor, nn

from core.jobs import Job
from core.learning.portable.readers import (
    TOKENIZER,
    Window,
    tokenizer_words,
    write_json,
    write_modules,
    write_pooling,
)
from core.learning.text_classifier.bert import Bert
from core.learning.text_classifier.hugging_face import HuggingFaceNetwork
from core.learning.text_classifier.reader import Reader

CONFIG, WEIGHTS = "config.json", "model.safetensors"
_LIMITS = "sentence_bert_config.json"


def write_network(reader: Reader, folder: Path) -> Window:
    """Write a network of ours: what reads, how a text becomes one vector, and its head."""
    window = _write_encoder(reader, folder, ("2_Dense", "Dense"))
    head = reader.network.head
    config = {
        "in_features": head.in_features,
        "out_features": head.out_features,
        "bias": True,
        "activation_function": "torch.nn.modules.linear.Identity",
    }
    write_json(folder / "2_Dense" / CONFIG, config)
    numbers = {"linear.weight": head.weight, "linear.bias": head.bias}
    (folder / "2_Dense" / WEIGHTS).write_bytes(to_bytes(_exact(numbers)))
    return window


def write_contrastive(reader: Reader, folder: Path) -> Window:
    """Write what reads for a head that learned from a few examples: vectors of length 1."""
    return _write_encoder(reader, folder, ("2_Normalize", "Normalize"))


def write_sequence_classifier(network: Any, concepts: tuple[str, ...], folder: Path) -> Window:  # noqa: ANN401
    """Write a network of transformers with its head, what was learned beside it merged in."""
    assert isinstance(network, HuggingFaceNetwork)
    whole: Any = network.network
    if hasattr(whole, "merge_and_unload"):
        whole = whole.merge_and_unload()
    whole.config.id2label = dict(enumerate(concepts))
    whole.config.label2id = {concept: i for i, concept in enumerate(concepts)}
    whole.float().save_pretrained(folder)
    network.tokenizer.save_pretrained(folder)
    _forget_place(folder)
    pad = int(network.tokenizer.pad_token_id or 0)
    return Window(pad=pad, max_tokens=network.max_tokens, nothing=(pad,))


def _write_encoder(reader: Reader, folder: Path, last: tuple[str, str]) -> Window:
    network, words = reader.network, reader.words
    write_modules(folder, [("", "Transformer"), ("1_Pooling", "Pooling"), last])
    write_pooling(folder / "1_Pooling", network.head.in_features, network.pooling)
    write_json(folder / _LIMITS, {"max_seq_length": words.max_tokens, "do_lower_case": False})
    _write_weights(network.encoder, dict(reader.config), folder)
    words.save(folder)
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    told = tokenizer_words(tokenizer, words.padding, words.max_tokens)
    write_json(folder / "tokenizer_config.json", told)
    (nothing,) = words.read([""], Job(), "")
    return Window(pad=words.padding, max_tokens=words.max_tokens, nothing=tuple(nothing))


def _write_weights(encoder: nn.Module, config: dict[str, Any], folder: Path) -> None:
    config = {k: v for k, v in config.items() if k not in ("_name_or_path", "torch_dtype")}
    if not isinstance(encoder, Bert):
        whole: Any = encoder
        whole.save_pretrained(folder, state_dict=_exact(whole.state_dict()))
        _forget_place(folder)
        return
    config |= {"architectures": ["BertModel"], "dtype": "float32"}
    write_json(folder / CONFIG, config)
    numbers = _exact(encoder.state_dict())
    # what transformers expects of a BERT, and nothing here uses
    numbers |= {
        "pooler.dense.weight": torch.zeros(encoder.dim, encoder.dim),
        "pooler.dense.bias": torch.zeros(encoder.dim),
    }
    (folder / WEIGHTS).write_bytes(to_bytes(numbers, {"format": "pt"}))


def _exact(numbers: Any) -> dict[str, Tensor]:  # noqa: ANN401  # any mapping
    """Return numbers in float32 on the processor, each with its own memory."""
    return {
        name: (number.detach().float() if number.is_floating_point() else number.detach())
        .cpu()
        .contiguous()
        .clone()
        for name, number in numbers.items()
    }


def _forget_place(folder: Path) -> None:
    """Take out of the config where a model lay on this computer."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    config.pop("_name_or_path", None)
    config["dtype"] = "float32"
    config.pop("torch_dtype", None)
    write_json(folder / CONFIG, config)
