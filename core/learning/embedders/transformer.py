"""A BERT encoder in one page: the same numbers as the big libraries, loaded in a fraction of time.

Nothing is padded: the tokens of all windows lie behind each other, so that every matrix product
works on real tokens only; attention alone looks at windows, those of equal length together.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from core.base_models import WEIGHTS
from core.learning.devices import tokens_per_batch

Ids = Sequence[int]


class _Affine(NamedTuple):
    """A matrix and an offset, or the scale and offset of a normalization."""

    weight: Tensor
    bias: Tensor


class _Layer(NamedTuple):
    query_key_value: _Affine
    attended: _Affine
    attended_norm: _Affine
    wide: _Affine
    narrow: _Affine
    norm: _Affine


class Transformer:
    """Reads windows of tokens, on the device and with the precision that it is given.

    Attributes:
        dim: length of a hidden state.
        words: the vectors with which tokens come in, (n_tokens, dim).
        max_tokens: the longest window, marks for its start and end included.

    References:
        Devlin et al. 2019, BERT, arXiv:1810.04805; Vaswani et al. 2017, Attention Is All You Need,
        arXiv:1706.03762, section 3.2 (`scaled_dot_product_attention`).
    """

    def __init__(self, folder: Path, device: torch.device, precision: torch.dtype) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        limits = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
        self.dim: int = config["hidden_size"]
        self.max_tokens: int = limits["max_seq_length"]
        self._n_heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        self._device = device
        weights = {
            name: tensor.to(device, precision if tensor.is_floating_point() else None)
            for name, tensor in load_file(folder / WEIGHTS).items()
        }
        self.words = weights["embeddings.word_embeddings.weight"]
        self._positions = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _affine(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, i) for i in range(config["num_hidden_layers"])]

    def batches(self, windows: Sequence[Ids]) -> Iterator[list[int]]:
        """Yield the indices of windows that are read together: longest first, of similar length."""
        batch: list[int] = []
        n_tokens = 0
        for i in sorted(range(len(windows)), key=lambda i: -len(windows[i])):
            if batch and n_tokens + len(windows[i]) > tokens_per_batch(self._device):
                yield batch
                batch, n_tokens = [], 0
            batch.append(i)
            n_tokens += len(windows[i])
        if batch:
            yield batch

    @torch.inference_mode()
    def sum_states(self, windows: Sequence[Ids]) -> Tensor:
        """Return the sum of each window's last hidden states, (n_windows, dim), float32.

        Windows of equal length should lie side by side: they are attended to in one go.
        """
        shapes = [(len(list(same)), length) for length, same in groupby(map(len, windows))]
        ids = torch.tensor([i for window in windows for i in window], device=self._device)
        places = torch.cat([torch.arange(length).repeat(n) for n, length in shapes])
        states = functional.embedding(ids, self.words)
        states += functional.embedding(places.to(self._device), self._positions)
        states = self._normalize(states, self._norm)
        for layer in self._layers:
            attended = functional.linear(self._attend(states, layer, shapes), *layer.attended)
            states = self._normalize(attended.add_(states), layer.attended_norm)
            wide = functional.gelu(functional.linear(states, *layer.wide))
            narrow = functional.linear(wide, *layer.narrow)
            states = self._normalize(narrow.add_(states), layer.norm)
        parts = torch.split(states.float(), [n * length for n, length in shapes])
        sums = [
            part.view(n, -1, self.dim).sum(1) for part, (n, _) in zip(parts, shapes, strict=True)
        ]
        return torch.cat(sums)

    def _attend(self, states: Tensor, layer: _Layer, shapes: Iterable[tuple[int, int]]) -> Tensor:
        """Mix the states within each window; shapes are (n_windows, length) runs in order."""
        mixed = []
        start = 0
        projected = functional.linear(states, *layer.query_key_value)
        for n, length in shapes:
            part = projected[start : start + n * length].view(n, length, 3, self._n_heads, -1)
            query, key, value = part.permute(2, 0, 3, 1, 4)
            heads = functional.scaled_dot_product_attention(query, key, value)
            mixed.append(heads.transpose(1, 2).reshape(n * length, self.dim))
            start += n * length
        return torch.cat(mixed)

    def _normalize(self, states: Tensor, norm: _Affine) -> Tensor:
        return functional.layer_norm(states, (self.dim,), *norm, eps=self._epsilon)


def _affine(weights: dict[str, Tensor], *names: str) -> _Affine:
    """Return the named parts as one, stacked on top of each other."""
    return _Affine(
        torch.cat([weights[f"{name}.weight"] for name in names]),
        torch.cat([weights[f"{name}.bias"] for name in names]),
    )


def _layer(weights: dict[str, Tensor], i: int) -> _Layer:
    layer = f"encoder.layer.{i}"
    attention = f"{layer}.attention.self"
    return _Layer(
        _affine(weights, f"{attention}.query", f"{attention}.key", f"{attention}.value"),
        _affine(weights, f"{layer}.attention.output.dense"),
        _affine(weights, f"{layer}.attention.output.LayerNorm"),
        _affine(weights, f"{layer}.intermediate.dense"),
        _affine(weights, f"{layer}.output.dense"),
        _affine(weights, f"{layer}.output.LayerNorm"),
    )
