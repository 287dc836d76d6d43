"""A BERT encoder that learns: the weights and names of transformers, on less code and time.

Loading it takes a fraction of what loading the library takes, and on a processor a step of it
takes half the time: what is left out at random is drawn from single bytes, and short texts are
attended to by plain products, whose gradients are the quickest there.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint


def is_plain_bert(config: Mapping[str, Any]) -> bool:
    """Tell whether a config.json describes a network that `Bert` works out as transformers does."""
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act", "gelu") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder", False)
    )


class QuickDropout(nn.Module):
    """Dropout that draws a byte a value; on a processor, torch's own takes ten times as long."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._n_left_out = round(share * 256)

    def forward(self, values: Tensor) -> Tensor:
        """Return the values, some of them 0 and the others larger while it learns."""
        if not self.training or not self._n_left_out:
            return values
        if values.device.type != "cpu":
            return functional.dropout(values, self._n_left_out / 256)
        words = torch.empty(-(-values.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
        kept = words.view(torch.uint8)[: values.numel()].view(values.shape) >= self._n_left_out
        return values * kept.to(values.dtype).mul_(256 / (256 - self._n_left_out))


class Bert(nn.Module):
    """Reads texts: from tokens, (n_texts, n_tokens), to hidden states.

    Attributes:
        dim: length of a hidden state.

    References:
        Devlin et al. 2019, BERT, arXiv:1810.04805.
    """

    supports_gradient_checkpointing = True

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        self.dim: int = config["hidden_size"]
        self.embeddings = _Embeddings(config)
        layers = nn.ModuleList([_Layer(config) for _ in range(config["num_hidden_layers"])])
        self.encoder = nn.ModuleDict({"layer": layers})
        self._saves_memory = False

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the hidden states, (n_texts, n_tokens, dim); where the mask is 0, anything."""
        states: Tensor = self.embeddings(ids)
        bias = None
        if not bool(mask.all()):
            bias = torch.zeros(mask.shape, dtype=states.dtype, device=mask.device)
            bias = bias.masked_fill_(mask == 0, torch.finfo(torch.bfloat16).min)[:, None, None]
        layers: Any = self.encoder["layer"]
        for layer in layers:
            if self._saves_memory and self.training:
                states = checkpoint(layer, states, bias, use_reentrant=False)
            else:
                states = layer(states, bias)
        return states

    def activation_checkpointing_enable(self, _how: object = None) -> None:
        """Keep only what goes from layer to layer, and work the rest out again."""
        self._saves_memory = True

    def get_input_embeddings(self) -> nn.Module:
        """Return the vectors with which tokens come in."""
        return self.embeddings.word_embeddings


class _Embeddings(nn.Module):
    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        dim = config["hidden_size"]
        self.word_embeddings = nn.Embedding(config["vocab_size"], dim)
        self.position_embeddings = nn.Embedding(config["max_position_embeddings"], dim)
        self.token_type_embeddings = nn.Embedding(config.get("type_vocab_size", 2), dim)
        self.LayerNorm = nn.LayerNorm(dim, eps=config.get("layer_norm_eps", 1e-12))
        self.dropout = QuickDropout(config.get("hidden_dropout_prob", 0.1))

    def forward(self, ids: Tensor) -> Tensor:
        places = self.position_embeddings.weight[: ids.shape[1]]
        states = self.word_embeddings(ids) + (places + self.token_type_embeddings.weight[0])
        states = self.dropout(self.LayerNorm(states))
        answer: Tensor = states
        if torch.is_autocast_enabled(ids.device.type):
            answer = answer.to(torch.get_autocast_dtype(ids.device.type))
        return answer


class _Layer(nn.Module):
    """Named as in transformers, so that the files of one are those of the other."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        dim, wide = config["hidden_size"], config["intermediate_size"]
        epsilon = config.get("layer_norm_eps", 1e-12)
        self._n_heads: int = config["num_attention_heads"]
        projections = {name: nn.Linear(dim, dim) for name in ("query", "key", "value")}
        output = {"dense": nn.Linear(dim, dim), "LayerNorm": nn.LayerNorm(dim, eps=epsilon)}
        self.attention = nn.ModuleDict(
            {"self": nn.ModuleDict(projections), "output": nn.ModuleDict(output)}
        )
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(dim, wide)})
        self.output = nn.ModuleDict(
            {"dense": nn.Linear(wide, dim), "LayerNorm": nn.LayerNorm(dim, eps=epsilon)}
        )
        self.dropout = QuickDropout(config.get("hidden_dropout_prob", 0.1))

    def forward(self, states: Tensor, bias: Tensor | None) -> Tensor:
        after: Any = self.attention["output"]
        attended = self.dropout(after["dense"](self._attend(states, bias)))
        states = after["LayerNorm"](attended + states)
        wide = functional.gelu(self.intermediate["dense"](states))
        narrow = self.dropout(self.output["dense"](wide))
        answer: Tensor = self.output["LayerNorm"](narrow + states)
        return answer

    def _attend(self, states: Tensor, bias: Tensor | None) -> Tensor:
        n_texts, n_tokens, dim = states.shape
        own: Any = self.attention["self"]
        queries, keys, values = (
            project(states).view(n_texts, n_tokens, self._n_heads, -1).transpose(1, 2)
            for project in own.values()
        )
        if states.device.type != "cpu" or not torch.is_grad_enabled():
            mixed = functional.scaled_dot_product_attention(
                queries, keys, values, None if bias is None else bias.to(queries.dtype)
            )
        else:
            scores = queries @ keys.transpose(2, 3) * queries.shape[-1] ** -0.5
            shares = (scores if bias is None else scores + bias).softmax(-1, dtype=scores.dtype)
            mixed = shares.to(values.dtype) @ values
        return mixed.transpose(1, 2).reshape(n_texts, n_tokens, dim)
