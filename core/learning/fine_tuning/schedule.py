"""How far each step goes: less for layers near the words, little at first, ever less to the end."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from torch import nn

_LAYER = re.compile(r"(?:^|\.)(?:layers?|h|blocks?|block)\.(\d+)\.")


@dataclass(frozen=True)
class Group:
    """Weights that learn alike.

    Attributes:
        parameters: the weights.
        rate: the learning rate at its peak.
        decay: the weight decay.
    """

    parameters: tuple[nn.Parameter, ...]
    rate: float
    decay: float = 0.0


def rate_factor(step: int, n_steps: int, warmup_share: float) -> float:
    """Return the share of its rate with which a step is taken, in (0, 1].

    It rises in a straight line over the first steps, then falls in one; never quite to 0.

    Args:
        step: from 0 to `n_steps` - 1.
        n_steps: of the whole training.
        warmup_share: of the steps, in [0, 1].
    """
    n_warm = round(n_steps * warmup_share)
    if step < n_warm:
        return (step + 1) / (n_warm + 1)
    return max(n_steps - step, 1) / max(n_steps - n_warm, 1)


def layer_groups(
    module: nn.Module, rate: float, *, layer_decay: float, weight_decay: float
) -> list[Group]:
    """Sort the weights that learn by layer: each learns at a share of the rate of the one above.

    Args:
        module: a network whose layers are numbered, as all in transformers are; what comes before
            them (the words) counts as below the lowest, everything else as the top.
        rate: of the top layer.
        layer_decay: the share from layer to layer, in (0, 1].
        weight_decay: of matrices; offsets and the scales of normalizations have none.
    """
    named = [(name, p) for name, p in module.named_parameters() if p.requires_grad]
    numbers = [int(found[1]) for name, _p in named if (found := _LAYER.search(name))]
    top = max(numbers, default=0)
    sorted_by: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in named:
        scaled = rate * layer_decay ** _depth(name, top)
        decay = weight_decay if parameter.ndim > 1 else 0.0
        sorted_by.setdefault((scaled, decay), []).append(parameter)
    return [Group(tuple(ps), scaled, decay) for (scaled, decay), ps in sorted_by.items()]


def learning(parameters: Iterable[nn.Parameter]) -> tuple[nn.Parameter, ...]:
    """Return the parameters that learn."""
    return tuple(p for p in parameters if p.requires_grad)


def _depth(name: str, top: int) -> int:
    """Return how many layers a weight lies below the top one."""
    found = _LAYER.search(name)
    if found:
        return top - int(found[1])
    return top + 1 if re.search(r"embed|wte|wpe|shared", name) else 0
