"""LoRA: small matrices beside a network that stays as it is."""

import re
import warnings

from peft import LoraConfig, get_peft_model
from peft.tuners.lora import LoraLayer
from torch import nn
from transformers.pytorch_utils import Conv1D

from core.learning.deep_settings import LoraFields

_NO_LAYER = re.compile(r"(^|\.)(lm_head|score|classifier|pooler|embed_out|word_embeddings)(\.|$)")


def target_modules(network: nn.Module) -> list[str]:
    """Return the full names of the matrices beside which something learns: all within layers.

    All of them, not only queries and values, as that learns best for the same number of weights
    (Hu et al. 2021, LoRA, arXiv:2106.09685, section 7.1; Dettmers et al. 2023, QLoRA,
    arXiv:2305.14314, section 4).
    """
    return [
        name
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear | Conv1D)
        and re.search(r"\.\d+\.", name)
        and not _NO_LAYER.search(name)
    ]


def add_lora(network: nn.Module, settings: LoraFields, *, task: str | None = None) -> nn.Module:
    """Return the network with matrices beside its layers; only these learn.

    Args:
        network: of transformers.
        settings: how large the matrices are.
        task: peft's word for what the network does, such as CAUSAL_LM; None if it only reads.
    """
    config = LoraConfig(
        r=settings.lora_rank,
        lora_alpha=settings.lora_alpha,  # type: ignore[arg-type]  # a whole number is not needed
        lora_dropout=settings.lora_dropout,
        target_modules=target_modules(network),
        task_type=task,
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in network.modules()),
    )
    with warnings.catch_warnings():
        # peft asks for a name of transformers that is about to go
        warnings.filterwarnings(
            "ignore", message=".*is_gradient_checkpointing", category=FutureWarning
        )
        return get_peft_model(network, config)


def adapter_weights(network: nn.Module) -> dict[str, nn.Parameter]:
    """Return what was added and learns, by name."""
    return {name: p for name, p in network.named_parameters() if "lora_" in name}


def has_lora(network: nn.Module) -> bool:
    """Tell whether matrices were added to a network."""
    return any(isinstance(module, LoraLayer) for module in network.modules())
