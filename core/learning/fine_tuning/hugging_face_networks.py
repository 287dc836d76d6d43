"""Networks of transformers with their tokenizers: made, adapted, kept and read again.

A whole network is kept as `model.safetensors` beside its config; of LoRA only what was added, as
peft keeps it, without the base model's weights or its place on this computer.
"""

import inspect
import json
from pathlib import Path
from typing import Any

from peft import PeftModel, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes
from torch import Tensor, nn
from transformers import AutoConfig, AutoTokenizer, PretrainedConfig, PreTrainedTokenizerBase

from core.errors import UserError
from core.i18n import _
from core.learning.fine_tuning.hugging_face import own_randomness, quiet
from core.learning.fine_tuning.hugging_face_arguments import (
    LibraryRefusesError,
    lora_config,
    model_arguments,
    only_local,
    refusals,
    tokenizer_arguments,
)
from core.learning.hugging_face_settings import PEFT, TRAINER
from core.learning.settings import Settings

ADAPTER, ADAPTER_WORDS = "adapter_model.safetensors", "adapter_config.json"
WEIGHTS = "model.safetensors"
_NO_LIMIT = 1_000_000  # a longer one is how transformers writes "none"
_MOST_TOKENS = 512  # of a text, where neither tokenizer nor model has a limit


class OtherStartError(UserError):
    """The earlier version was trained in another way, so that this one cannot go on from it."""

    def __init__(self) -> None:
        super().__init__(
            _("The earlier version was trained in another way, so training cannot go on from it."),
            next_step=_("Choose a version of this template, or start afresh."),
        )


class WeightsDamagedError(UserError):
    """The weights of a trained model are missing, cut short or changed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("The model in “{folder}” cannot be read.").format(folder=folder),
            next_step=_("Train it again; the labelled texts are still in the app."),
        )


def is_adapted(settings: Settings) -> bool:
    """Tell whether settings ask for matrices beside a network that stays as it is."""
    return hasattr(settings, PEFT)


def config_of(folder: Path) -> PretrainedConfig:
    """Return the config of a network's folder."""
    with refusals():
        config: PretrainedConfig = AutoConfig.from_pretrained(folder, **only_local())
    return config


def tokenizer_of(folder: Path, settings: Settings) -> PreTrainedTokenizerBase:
    """Return how a base model reads, with what the settings say otherwise.

    It fills up at the end; where it has no mark for that, it takes the one that ends a text.

    Raises:
        KeyUnknownError, KeyRefusedError: see `check_dictionaries`.
        LibraryRefusesError: transformers cannot read it.
    """
    with quiet(), refusals():
        plain = AutoTokenizer.from_pretrained(folder, **only_local())
        known = {name for kind in type(plain).__mro__[:-1] for name in _parameters(kind)}
        given = tokenizer_arguments(settings, known | set(plain.init_kwargs))
        if len(given) > len(only_local()):
            plain = AutoTokenizer.from_pretrained(folder, **given)
        if plain.pad_token_id is None:
            plain.pad_token = plain.eos_token or plain.unk_token
    plain.padding_side = "right"
    tokenizer: PreTrainedTokenizerBase = plain
    return tokenizer


def most_tokens(tokenizer: PreTrainedTokenizerBase, config: PretrainedConfig) -> int:
    """Return how many tokens of a text a network reads."""
    positions = getattr(config, "max_position_embeddings", None)
    if positions and config.model_type in ("roberta", "xlm-roberta", "camembert"):
        positions -= (config.pad_token_id or 0) + 1  # where they begin to count
    limits = [tokenizer.model_max_length, positions]
    known = [int(limit) for limit in limits if limit and 0 < limit < _NO_LIMIT]
    return min(known, default=_MOST_TOKENS)


def make_network(
    kind: Any,  # noqa: ANN401  # an AutoModelFor… class, which have nothing in common
    base: Path,
    settings: Settings,
    *,
    task: str,
    start_from: Path | None = None,
    **details: Any,  # noqa: ANN401
) -> nn.Module:
    """Return the network that a training starts from; the same each time.

    Args:
        kind: an `AutoModelFor…` of transformers.
        base: the folder of the base model.
        settings: with the dictionaries.
        task: peft's word for what the network does.
        start_from: the folder of an earlier version whose weights it starts with.
        details: of the config, stronger than the dictionary.

    Raises:
        UserError: a dictionary is refused, or the earlier version does not fit.
    """
    arguments = model_arguments(settings, config_of(base)) | details
    start = base if start_from is None or is_adapted(settings) else start_from
    if start is start_from:
        if not (start / WEIGHTS).is_file():
            raise OtherStartError
        arguments["ignore_mismatched_sizes"] = True  # a head of other concepts starts afresh
    with quiet(), own_randomness(seed_of(settings)):
        with refusals():
            network: nn.Module = kind.from_pretrained(start, **arguments)
        if not is_adapted(settings):
            return network
        adapted = add_adapter(network, settings, task)
        if start_from is not None:
            _fill(adapted, start_from, has_to_fit=False)
        return adapted


def seed_of(settings: Settings) -> int:
    """Return what decides all that is drawn: the Trainer's seed where it is given."""
    given = getattr(settings, TRAINER).get("seed")
    return int(getattr(settings, "seed", 13) if given is None else given)


def add_adapter(network: nn.Module, settings: Settings, task: str) -> nn.Module:
    """Return a network with matrices beside it as `peft_config` says; only these learn."""
    config = lora_config(settings, network, task)
    with refusals():
        adapted: nn.Module = get_peft_model(network, config)
    return adapted


def save_network(network: nn.Module, tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """Write a network and how it reads into an existing folder.

    Raises:
        OSError: there was no room.
    """
    with quiet():
        tokenizer.save_pretrained(folder)
        if isinstance(network, PeftModel):
            _save_adapter(network, folder)
            return
        network.config.save_pretrained(folder)  # type: ignore[operator, union-attr]
        _write_weights(_own_weights(network), folder / WEIGHTS)


def load_network(
    kind: Any,  # noqa: ANN401  # as above
    folder: Path,
    base: Path | None,
    settings: Settings,
    *,
    task: str,
    **details: Any,  # noqa: ANN401
) -> nn.Module:
    """Return the network that `save_network` kept.

    Where the matrices of an adapter are is taken from the settings, not from the folder.

    Args:
        kind: as for `make_network`.
        folder: of the trained model.
        base: the folder of its base model; needed where only what was added was kept.
        settings: that it was trained with.
        task: as for `make_network`.
        details: of the config of a base model.

    Raises:
        WeightsDamagedError: a file is missing, cut short or changed.
    """
    try:
        if not is_adapted(settings):
            return _load_whole(kind, folder)
        if base is None:
            raise WeightsDamagedError(folder)
        network = make_network(kind, base, settings, task=task, **details)
    except (LibraryRefusesError, SafetensorError) as error:
        raise WeightsDamagedError(folder) from error
    _fill(network, folder, has_to_fit=True)
    return network.eval()


def _load_whole(kind: Any, folder: Path) -> nn.Module:  # noqa: ANN401  # as above
    with quiet(), refusals():
        loaded = kind.from_pretrained(
            folder, dtype="auto", use_safetensors=True, output_loading_info=True, **only_local()
        )
    network: nn.Module = loaded[0]
    if loaded[1]["missing_keys"] or loaded[1]["mismatched_keys"]:
        raise WeightsDamagedError(folder)
    return network.eval()


def _save_adapter(network: PeftModel, folder: Path) -> None:
    weights = get_peft_model_state_dict(network, save_embedding_layers=False)
    _write_weights(weights, folder / ADAPTER)
    words = network.peft_config["default"].to_dict()
    base = Path(str(words.get("base_model_name_or_path") or "")).name
    words |= {"base_model_name_or_path": base, "inference_mode": True}
    plain = {key: sorted(v) if isinstance(v, set) else v for key, v in words.items()}
    (folder / ADAPTER_WORDS).write_text(json.dumps(plain, indent=2, default=str), encoding="utf-8")


def _fill(adapted: nn.Module, folder: Path, *, has_to_fit: bool) -> None:
    """Give an adapted network the weights that a folder keeps."""
    try:
        weights = load_file(folder / ADAPTER)
        own = get_peft_model_state_dict(adapted, save_embedding_layers=False)
        fitting = {k: v for k, v in weights.items() if k in own and own[k].shape == v.shape}
        is_whole = fitting.keys() == own.keys() == weights.keys()
        if (has_to_fit and not is_whole) or not fitting:
            raise ValueError("other weights")
        set_peft_model_state_dict(adapted, fitting)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise (WeightsDamagedError(folder) if has_to_fit else OtherStartError()) from error


def _own_weights(network: nn.Module) -> dict[str, Tensor]:
    """Return the weights, each once: of those that a network uses twice, the first name."""
    seen: set[tuple[int, tuple[int, ...]]] = set()
    kept = {}
    for name, weight in network.state_dict().items():
        place = (weight.data_ptr(), tuple(weight.shape))
        if place not in seen:
            seen.add(place)
            kept[name] = weight
    return kept


def _write_weights(weights: dict[str, Tensor], path: Path) -> None:
    # `save_file` would report a full disk as an error of its own
    plain = {name: weight.detach().cpu().contiguous() for name, weight in weights.items()}
    path.write_bytes(to_bytes(plain, {"format": "pt"}))


def _parameters(kind: type) -> set[str]:
    return set(inspect.signature(kind.__init__).parameters) - {"self", "args", "kwargs"}  # type: ignore[misc]
