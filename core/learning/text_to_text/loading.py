"""Networks that write, from a folder: never a name, never code from it, never pickled."""

import contextlib
import json
import logging
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftConfig, get_peft_model
from peft.utils import get_peft_model_state_dict, set_peft_model_state_dict
from safetensors import SafetensorError
from torch import Tensor
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    PreTrainedModel,
)
from transformers.utils import logging as transformers_logging

from core.errors import UserError
from core.i18n import _
from core.learning.text_to_text.quick_attention import quicken
from core.learning.text_to_text.reading import Reader, TokenizerMissingError

SAFE: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}


class BaseUnreadableError(UserError):
    """A base model's folder is incomplete, or its network is none that writes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("The base model in “{folder}” cannot be used for writing.").format(
                folder=folder.name
            ),
            next_step=_("Choose another base model, or add this one again."),
        )


@dataclass(frozen=True)
class Adapter:
    """What was learned beside a base model: peft's own words for it, and the numbers."""

    config: Mapping[str, Any]
    numbers: Mapping[str, Tensor]


def load_network(folder: Path) -> PreTrainedModel:
    """Read a network in float32, ready to answer.

    Raises:
        BaseUnreadableError: its files are not there, damaged, or of another kind of network.
    """
    with quiet(), unreadable(folder):
        config = AutoConfig.from_pretrained(folder, **SAFE)
        writes_apart = bool(config.to_dict().get("is_encoder_decoder"))
        family = AutoModelForSeq2SeqLM if writes_apart else AutoModelForCausalLM
        network: Any = family.from_pretrained(
            folder, config=config, dtype=torch.float32, use_safetensors=True, **SAFE
        )
    quicken(network)
    network.eval()
    assert isinstance(network, PreTrainedModel)
    return network


def load_reader(folder: Path) -> Reader:
    """Read a tokenizer, also one that only transformers can read.

    Raises:
        TokenizerMissingError: there is none.
    """
    try:
        return Reader.of_folder(folder)
    except TokenizerMissingError:
        return _converted(folder)


def _converted(folder: Path) -> Reader:
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(folder, **SAFE)
            config = AutoConfig.from_pretrained(folder, **SAFE).to_dict()
        words = {
            "eos_token": tokenizer.eos_token,
            "pad_token": tokenizer.pad_token,
            "model_max_length": tokenizer.model_max_length,
        }
        return Reader.of(tokenizer.backend_tokenizer, config, words)
    except (OSError, ValueError, KeyError, AttributeError, ImportError) as error:
        raise TokenizerMissingError(folder) from error


def adapter_of(network: torch.nn.Module) -> Adapter:
    """Return what was learned beside a network, as peft added it."""
    config = network.peft_config["default"].to_dict()  # type: ignore[union-attr,index]
    numbers = get_peft_model_state_dict(network)
    plain = json.loads(json.dumps(config, default=_plain))
    return Adapter(
        {k: v for k, v in plain.items() if k != "base_model_name_or_path"},
        {name: number.detach().float().cpu().clone() for name, number in numbers.items()},
    )


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, set) else str(value)


def with_adapter(network: PreTrainedModel, adapter: Adapter) -> torch.nn.Module:
    """Put what was learned beside the network, where it can go on learning."""
    words = {**adapter.config, "inference_mode": False}
    config = PeftConfig.from_peft_type(**words)  # type: ignore[no-untyped-call]
    with quiet():  # peft asks transformers in a way that a later version will not know
        learned: torch.nn.Module = get_peft_model(network, config)
    set_peft_model_state_dict(learned, dict(adapter.numbers))
    return learned


def merged(learned: torch.nn.Module) -> PreTrainedModel:
    """Add what was learned beside a network to its own weights."""
    network: Any = learned.merge_and_unload()  # type: ignore[operator]
    network.eval()
    assert isinstance(network, PreTrainedModel)
    return network


@contextlib.contextmanager
def unreadable(folder: Path) -> Iterator[None]:
    """Say in the analyst's words that a folder holds no network that can be used."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise BaseUnreadableError(folder) from error
    except (RuntimeError, ImportError) as error:  # shapes that do not fit; a family that is unknown
        raise BaseUnreadableError(folder) from error


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the progress bars and the advice of transformers out of what the analyst reads."""
    verbosity = transformers_logging.get_verbosity()
    had_bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity(logging.CRITICAL)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        transformers_logging.set_verbosity(verbosity)
        if had_bars:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
