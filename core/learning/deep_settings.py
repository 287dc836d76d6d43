"""Settings that the deep classifier and text-to-text declare alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.i18n import N_
from core.learning.settings import Kind, Settings, declare

DEFAULT_TRAINER = {
    "num_train_epochs": 1,
    "auto_find_batch_size": True,
    "output_dir": "checkpoint",
}
DEFAULT_PEFT = {
    "peft_type": "LORA",
    "r": 16,
    "lora_alpha": 16,
    "lora_dropout": 0.1,
    "inference_mode": False,
}
DEVICES = (
    ("automatic", N_("Automatic")),
    ("cpu", N_("Processor")),
    ("cuda", N_("Graphics processor (CUDA)")),
    ("mps", N_("Graphics processor (Apple)")),
    ("xpu", N_("Graphics processor (Intel)")),
)


def base_model(default: str, fits: tuple[str, ...]) -> Any:  # noqa: ANN401  # a field
    """Declare the base model that a training starts from; `fits` are the kinds of it."""
    return declare(
        default,
        N_("Base model"),
        N_("The model that is adapted to your texts; more can be added under Base models."),
        kind=Kind.BASE_MODEL,
        fits=fits,
        is_first=True,
    )


def tolerance() -> Any:  # noqa: ANN401  # a field
    """Declare how many unusable texts a training puts up with."""
    return declare(
        5.0,
        N_("Unusable texts allowed, in percent"),
        N_("The training does not start when more of them are empty or without a meaning to it."),
        low=0,
        high=100,
        is_advanced=True,
    )


def resume_from_model() -> Any:  # noqa: ANN401  # a field
    """Declare the earlier version that a training goes on from."""
    return declare(
        "",
        N_("Go on from"),
        N_("An earlier version whose knowledge the new one starts with; empty starts afresh."),
        kind=Kind.VERSION,
        is_advanced=True,
    )


def device() -> Any:  # noqa: ANN401  # a field
    """Declare where the numbers are worked out."""
    return declare(
        "automatic",
        N_("Work on"),
        N_("Automatic takes a graphics processor where there is one that torch can use."),
        choices=DEVICES,
        is_advanced=True,
    )


def mapping(default: Mapping[str, Any], title: str, help: str) -> Any:  # noqa: A002, ANN401
    """Declare a dictionary that a library is given as its keyword arguments."""
    return declare(dict(default), title, help, is_advanced=False)


def rounds(default: int) -> Any:  # noqa: ANN401  # a field
    """Declare how often a training goes over the texts at most."""
    return declare(
        default,
        N_("Most rounds over the texts"),
        N_("It ends earlier once the texts kept for checking no longer gain from it."),
        low=1,
        high=1000,
    )


def share_that_stops() -> Any:  # noqa: ANN401  # a field
    """Declare how many of the texts say when to stop."""
    return declare(
        10.0,
        N_("Texts that say when to stop, in percent"),
        N_("Taken from the texts to learn from, where none are marked for validation."),
        low=0,
        high=50,
        is_advanced=True,
    )


def patience() -> Any:  # noqa: ANN401  # a field
    """Declare how long a training goes on without gain."""
    return declare(
        2,
        N_("Rounds without gain before it stops"),
        N_("The best state is kept, not the last one."),
        low=1,
        high=100,
        is_advanced=True,
    )


def learning_rate(
    default: float,
    usual: tuple[float, float],
    help: str = N_("How far each step goes."),  # noqa: A002
) -> Any:  # noqa: ANN401  # a field
    """Declare how far each step goes; outside of `usual` a training hardly ever succeeds."""
    return declare(default, N_("Learning rate"), help, low=0, high=1, usual=usual, is_advanced=True)


def saves_memory() -> Any:  # noqa: ANN401  # a field
    """Declare whether memory is saved at the cost of time."""
    return declare(
        default=False,
        title=N_("Save memory"),
        help=N_("Needs about half the memory and takes a third longer."),
        is_advanced=True,
    )


def texts_at_a_time(default: int) -> Any:  # noqa: ANN401  # a field
    """Declare how many texts a step learns from."""
    return declare(
        default,
        N_("Texts at a time"),
        N_("How many texts the model learns from in one step; made smaller where memory is short."),
        low=1,
        high=1024,
        is_advanced=True,
    )


@dataclass(frozen=True, kw_only=True)
class LoraFields(Settings):
    """How large the matrices beside the network are."""

    lora_rank: int = declare(
        16,
        N_("Size of what is learned"),
        N_("The rank of the matrices; more can learn more and forgets more."),
        low=1,
        high=1024,
        is_advanced=True,
    )
    lora_alpha: float = declare(
        32.0,
        N_("Weight of what is learned"),
        N_("Divided by the rank, how strongly the matrices count."),
        low=0,
        high=4096,
        is_advanced=True,
    )
    lora_dropout: float = declare(
        0.1,
        N_("Left out at random"),
        N_("The share that is left out in each step, so that nothing is learned by heart."),
        low=0,
        high=0.9,
        is_advanced=True,
    )
