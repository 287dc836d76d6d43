"""GPT-Neo's attention by torch's own function; transformers writes it out, which is slower."""

from types import MethodType
from typing import Any

import torch
from torch import Tensor, nn
from transformers.models.gpt_neo.modeling_gpt_neo import GPTNeoSelfAttention

_NEVER = -1e9  # not minus infinity: rows that see nothing at all must not become NaN


def quicken(network: nn.Module) -> None:
    """Let the network's attention be worked out quickly, if it is a GPT-Neo; same numbers."""
    for module in network.modules():
        if isinstance(module, GPTNeoSelfAttention):
            setattr(module, "_attn", MethodType(_attention, module))  # noqa: B010  # no other way in


def _attention(
    self: Any,  # noqa: ANN401  # its attributes are not typed
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None = None,
) -> tuple[Tensor, None]:
    n_queries, n_keys = query.size(-2), key.size(-2)
    window = self.config.window_size if self.attention_type == "local" else n_keys
    ages = torch.arange(n_keys - n_queries, n_keys, device=query.device)[:, None]
    ages = ages - torch.arange(n_keys, device=query.device)
    is_seen = (ages >= 0) & (ages < window)
    bias = torch.zeros(1, dtype=torch.float32, device=query.device)
    if attention_mask is not None:
        bias = attention_mask.float()
    mask = bias.clamp(min=_NEVER).masked_fill(~is_seen, _NEVER).to(value.dtype)
    found = nn.functional.scaled_dot_product_attention(
        query.to(value.dtype),
        key.to(value.dtype),
        value,
        attn_mask=mask,
        dropout_p=self.attn_dropout.p if self.training else 0.0,
        scale=1.0,
    )
    return found, None
