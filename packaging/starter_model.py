"""The starter's network, and weights to begin with in which copying is already laid out.

A small network that learns for an hour does not find out by itself how to copy: look for the
place where the current token stood before, and take what followed it (Olsson et al. 2022,
"In-context Learning and Induction Heads"). So the first weights hold a plain form of it, as
others begin with structured weights too (Trockman and Kolter 2023, "Mimetic Initialization of
Self-Attention Layers"), and learning goes on from there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from transformers import GPTNeoConfig, GPTNeoForCausalLM

TOKEN_SCALE = 0.03
FASTEST, SLOWEST = 2.5, 0.008  # radians from one position to the next
SHARP = 1.4  # how much more than a plain product the scores of the laid out heads are
WRITTEN = 0.02  # what a laid out head adds, to be as large as the embedding of a token


def new_model(config: GPTNeoConfig) -> GPTNeoForCausalLM:
    """Return a network with its first weights.

    Of the numbers that stand for a token at a position, the first, as many as a head has, hold
    the position, the last as many what stood before, and the rest the token.
    """
    import torch
    from transformers import GPTNeoForCausalLM

    model = GPTNeoForCausalLM(config)
    size = config.hidden_size // config.num_heads
    with torch.no_grad():
        embeddings = model.transformer.wte.weight.normal_(std=TOKEN_SCALE)
        embeddings[:, :size] = 0
        embeddings[:, -size:] = 0
        model.transformer.wpe.weight.zero_()
        positions = _waves(config.max_position_embeddings, size, shift=0)
        tokens = config.hidden_size - 2 * size
        model.transformer.wpe.weight[:, :size] = (
            positions * TOKEN_SCALE * math.sqrt(2 * tokens / size)
        )
        for name, part in model.named_parameters():
            if name.endswith(("out_proj.weight", "c_proj.weight")):
                part.zero_()
        if config.num_layers > 1 and tokens >= size:
            _lay_out_copying(model, size, tokens)
    return model


def _waves(length: int, size: int, shift: int) -> torch.Tensor:
    """Return sines and cosines of the positions, shape (length, size)."""
    import torch

    turns = (torch.arange(length) - shift)[:, None] * _speeds(size)
    return torch.cat([turns.sin(), turns.cos()], dim=1)


def _speeds(size: int) -> torch.Tensor:
    import torch

    return torch.logspace(math.log10(FASTEST), math.log10(SLOWEST), size // 2)


def _lay_out_copying(model: GPTNeoForCausalLM, size: int, tokens: int) -> None:
    """Lay out one head that fetches the token before, and heads that copy what came after."""
    import torch

    blocks = list(model.transformer.h)
    mixed = torch.linalg.qr(torch.randn(tokens, size))[0].T  # size x tokens
    first = _attention(blocks[0])
    head = slice(0, size)
    for part in (first.q_proj, first.k_proj, first.v_proj):
        part.weight[head] = 0
    first.q_proj.weight[head, :size] = _one_back(size) * SHARP
    first.k_proj.weight[head, :size] = torch.eye(size) * SHARP
    first.v_proj.weight[head, size:-size] = mixed
    first.out_proj.weight[-size:, head] = torch.eye(size) * WRITTEN * math.sqrt(tokens / size)
    for number, block in enumerate(blocks[2:5:2]):
        copying = _attention(block)
        for place in range(min(tokens // size, model.config.num_heads)):
            head = slice(place * size, (place + 1) * size)
            read = slice(size * (place + 1), size * (place + 2))
            for part in (copying.q_proj, copying.k_proj, copying.v_proj):
                part.weight[head] = 0
            copying.q_proj.weight[head, size:-size] = mixed * SHARP
            copying.k_proj.weight[head, -size:] = torch.eye(size) * SHARP
            copying.v_proj.weight[head, read] = torch.eye(size)
            copying.out_proj.weight[read, head] = torch.eye(size) * WRITTEN / (number + 1)


def _attention(block: Any) -> Any:  # noqa: ANN401
    return block.attn.attention


def _one_back(size: int) -> torch.Tensor:
    """Return the matrix that turns the waves of a position into those of the one before."""
    import torch

    cos, sin = _speeds(size).cos().diag(), _speeds(size).sin().diag()
    return torch.cat([torch.cat([cos, -sin], 1), torch.cat([sin, cos], 1)])
