"""An earlier version that a training goes on from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import UserError
from core.i18n import _
from core.learning.text_classifier.network import Network, base_network


class CannotGoOnError(UserError):
    """An earlier version was made in another way, or from another base model."""

    def __init__(self) -> None:
        super().__init__(
            _("A training cannot go on from this version: it is made like another network."),
            next_step=_("Choose the base model and the template of that version, or start afresh."),
        )


@dataclass(frozen=True)
class Earlier:
    """What is known of an earlier version.

    Attributes:
        folder: where it lies.
        concepts: that it knows.
        weights: of its network, or of what was learned beside its base model.
        head: weight (n_concepts, dim) and bias (n_concepts,) of its head.
        is_adapter: whether the weights are those beside its base model.
    """

    folder: Path
    concepts: tuple[str, ...]
    weights: dict[str, Tensor]
    head: tuple[Tensor, Tensor]
    is_adapter: bool

    def network(self, concepts: tuple[str, ...], base: Path, *, keeps_base: bool) -> Network:
        """Return a network to go on with, whose head knows the concepts that it knew.

        Args:
            concepts: that are to be learned; unknown ones start from nothing.
            base: the folder of the base model.
            keeps_base: whether the base model stays as it is, with matrices beside it.

        Raises:
            CannotGoOnError: the version does not fit the base model.
        """
        if self.is_adapter != keeps_base:
            raise CannotGoOnError
        network = base_network(base, len(concepts))
        if not self.is_adapter:
            _fill(network.encoder, self.weights)
        weight, bias = self.head
        if weight.shape[1:] != network.head.weight.shape[1:]:
            raise CannotGoOnError
        with torch.no_grad():
            for row, concept in enumerate(concepts):
                if concept in self.concepts:
                    known = self.concepts.index(concept)
                    network.head.weight[row] = weight[known]
                    network.head.bias[row] = bias[known]
        return network

    def put_adapter(self, encoder: nn.Module) -> None:
        """Fill the matrices beside a base model.

        Raises:
            CannotGoOnError: they are of another size.
        """
        _fill(encoder, self.weights, is_part=True)


def _fill(module: nn.Module, weights: dict[str, Any], *, is_part: bool = False) -> None:
    try:
        missing, unknown = module.load_state_dict(weights, strict=False)
    except RuntimeError as error:
        raise CannotGoOnError from error
    if unknown or (missing and not is_part):
        raise CannotGoOnError
