"""Whether the sizes that a config.json declares are those of the weights that came with it.

The libraries build what is declared before they look at the weights: a number that somebody made
up would keep them busy for hours, or take all the memory. Here it costs a look at the heads.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from core.base_models.errors import BaseModelRefusedError
from core.base_models.weights import Weights
from core.i18n import _

LAYERS = ("num_hidden_layers", "n_layer", "num_layers", "n_layers", "encoder_layers")
_ALL_LAYERS = (*LAYERS, "decoder_layers", "num_decoder_layers", "attention_types")
_WIDTHS = (
    *("hidden_size", "n_embd", "d_model", "dim", "embedding_size", "word_embed_proj_dim"),
    *("intermediate_size", "n_inner", "d_ff", "hidden_dim", "ffn_dim", "encoder_ffn_dim"),
    *("decoder_ffn_dim", "head_dim", "d_kv", "type_vocab_size", "relative_attention_num_buckets"),
    *("num_attention_heads", "num_key_value_heads", "n_head", "n_heads", "num_heads"),
    *("encoder_attention_heads", "decoder_attention_heads", "num_hidden_groups"),
    *("inner_group_num", "conv_kernel_size"),
)
_POSITIONS = ("max_position_embeddings", "n_positions")
_PER_LAYER = ("layer_types", "no_rope_layers", "pruned_heads", "attention_layers")
_LABELS = ("num_labels", "_num_labels")
_SHARES = ("partial_rotary_factor", "rotary_pct")
_OWN_TABLES = ("gpt_neo", "pegasus")  # work out a table for all positions that they declare
_SHARED = ("albert",)  # one layer's weights are used again and again
MOST_SHARED = 256
MOST_LABELS = 100_000
MOST_POSITIONS = 4_096
_LAYER = re.compile(r"(?:^|\.)(?:layers?|h|block)\.(\d+)\.")


def check_declared(config: dict[str, Any], weights: Weights) -> None:
    """Refuse a config.json that declares more than its weights hold.

    Raises:
        BaseModelRefusedError: it does.
    """
    n_layers, widest = count_layers(weights), widest_of(weights)
    if config.get("model_type") in _SHARED:
        n_layers = max(n_layers, MOST_SHARED)
    limits = dict.fromkeys(_ALL_LAYERS, n_layers)
    limits |= dict.fromkeys(_WIDTHS, widest) | dict.fromkeys(_LABELS, MOST_LABELS)
    limits |= dict.fromkeys(_SHARES, 1)
    if config.get("model_type") in _OWN_TABLES:
        limits |= dict.fromkeys(_POSITIONS, MOST_POSITIONS)
    for key, value in numbers_in(config):
        if key in limits:
            refuse_above(key, value, limits[key])
    for key, value in config.items():
        if key in _PER_LAYER and isinstance(value, dict | list):
            refuse_above(key, len(value), n_layers)


def refuse_above(key: str, value: float, limit: int) -> None:
    """Refuse a number that is larger than what the weights hold.

    Raises:
        BaseModelRefusedError: it is.
    """
    if value > limit:
        raise BaseModelRefusedError(
            _(
                "The model says that its “{key}” is {said:g}; its weights allow {most} at most."
            ).format(key=key, said=value, most=limit),
            next_step=_("Make sure that all files are of the same model, then try again."),
        )


def count_layers(weights: Weights) -> int:
    """Return how many layers the longest row of them has, by the names of the tensors."""
    rows: defaultdict[str, set[str]] = defaultdict(set)
    for name in weights.tensors:
        if found := _LAYER.search(name):
            rows[name[: found.start()]].add(found[1])
    return max(map(len, rows.values()), default=0) or len(weights.tensors)


def widest_of(weights: Weights) -> int:
    """Return the longest side of any tensor."""
    return max((n for tensor in weights.tensors.values() for n in tensor.shape), default=0)


def numbers_in(value: Any, key: str = "") -> Iterator[tuple[str, float]]:  # noqa: ANN401
    """Yield every number of a JSON value with the key that it stands under."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from numbers_in(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers_in(inner, key)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield key, value
