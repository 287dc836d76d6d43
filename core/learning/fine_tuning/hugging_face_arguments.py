"""Keyword arguments of the Hugging Face libraries, from dictionaries as people write them."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import torch
from peft import LoraConfig
from peft.utils import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING as KNOWN_TARGETS
from torch import nn
from transformers import PretrainedConfig, TrainingArguments
from transformers.pytorch_utils import Conv1D

from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.devices import best_precision, device_of
from core.learning.fine_tuning.lora import target_modules
from core.learning.fine_tuning.memory import is_out_of_memory
from core.learning.hugging_face_names import (
    BASE_KEYS,
    LOADING_KEYS,
    PEFT_KEYS,
    TOKENIZER_KEYS,
    TRAINER_KEYS,
)
from core.learning.hugging_face_settings import (
    MODEL,
    PEFT,
    TOKENIZER,
    TRAINER,
    ValueRefusedError,
    dtype_of,
    handed_on,
    replaced,
)
from core.learning.settings import Settings

MOST_REASON = 300  # characters of what a library says
LOGGED_SHARE = 0.02  # of the steps, between two points of a curve


class LibraryRefusesError(UserError):
    """A library does not put up with what the dictionaries say together."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            _("The Hugging Face libraries refuse these settings: {reason}").format(reason=reason),
            next_step=_("Change what is named there, or take the template's own values again."),
        )


class NoGraphicsProcessorError(UserError):
    """What is asked for works on a graphics processor only."""

    def __init__(self, key: str) -> None:
        super().__init__(
            _("“{key}” needs a graphics processor (CUDA), and there is none here.").format(key=key),
            next_step=_("Leave “{key}” out, or train on a computer that has one.").format(key=key),
        )


@contextmanager
def refusals() -> Iterator[None]:
    """Say what a library has against its arguments in a sentence.

    Raises:
        LibraryRefusesError: it raised something that says so.
    """
    try:
        yield
    except (TypeError, ValueError, ImportError, KeyError, OSError, RuntimeError) as error:
        if is_out_of_memory(error):
            raise
        reason = " ".join(str(error).split())[:MOST_REASON]
        raise LibraryRefusesError(reason or type(error).__name__) from error


def model_arguments(settings: Settings, config: PretrainedConfig) -> dict[str, Any]:
    """Return what `from_pretrained` of a model is given besides the folder.

    Args:
        settings: with a `model_config`.
        config: of the base model, whose own names are legal as well.

    Raises:
        KeyUnknownError, KeyRefusedError, ValueRefusedError: see `check_dictionaries`.
        NoGraphicsProcessorError: a quantized model is asked for on a processor.
    """
    own = {key for key in vars(config) if not key.startswith("_")} | set(config.attribute_map)
    given = handed_on(MODEL, getattr(settings, MODEL), own | LOADING_KEYS)
    if given.get("quantization_config") and not torch.cuda.is_available():
        raise NoGraphicsProcessorError("quantization_config")
    word = dtype_of(given)
    for key in (*BASE_KEYS, "torch_dtype", "dtype"):
        given.pop(key, None)
    kept = {key: _as_whole(value, getattr(config, key, None)) for key, value in given.items()}
    dtype = word if word == "auto" else getattr(torch, word)
    return {**kept, "dtype": dtype, **only_local(), "use_safetensors": True}


def only_local() -> dict[str, Any]:
    """Return what keeps every `from_pretrained` on this computer, and foreign code out."""
    return {"local_files_only": True, "trust_remote_code": False}


def tokenizer_arguments(settings: Settings, known: Collection[str]) -> dict[str, Any]:
    """Return what `AutoTokenizer.from_pretrained` is given besides the folder.

    Args:
        settings: with a `tokenizer_config`.
        known: what the base model's own tokenizer takes.

    Raises:
        KeyUnknownError, KeyRefusedError: see `check_dictionaries`.
    """
    given = handed_on(TOKENIZER, getattr(settings, TOKENIZER), TOKENIZER_KEYS | set(known))
    return {key: _as_whole(value, 0) for key, value in given.items()} | only_local()


def lora_config(settings: Settings, network: nn.Module, task: str) -> LoraConfig:
    """Return where matrices learn beside a network, and how large they are.

    Args:
        settings: with a `peft_config`.
        network: of transformers.
        task: SEQ_CLS, CAUSAL_LM or SEQ_2_SEQ_LM: what the network does.

    Raises:
        KeyUnknownError, KeyRefusedError: see `check_dictionaries`.
        ValueRefusedError: another task is asked for than the network does.
        LibraryRefusesError: peft does not put up with the values.
    """
    given = handed_on(PEFT, getattr(settings, PEFT), PEFT_KEYS)
    asked = given.pop("task_type", None) or task
    if asked != task and not (asked == "CAUSAL_LM" and task == "SEQ_2_SEQ_LM"):
        raise ValueRefusedError(PEFT, "task_type", asked, (task,))
    given.pop("peft_type", None)
    whole = {field.name for field in fields(LoraConfig) if _is_whole(field.type)}
    given = {key: _as_whole(v, 0) if key in whole else v for key, v in given.items()}
    if not given.get("target_modules") and _family(network) not in KNOWN_TARGETS:
        given["target_modules"] = target_modules(network)
    turned = any(isinstance(module, Conv1D) for module in network.modules())
    with refusals():
        return LoraConfig(**{"fan_in_fan_out": turned, **given}, task_type=task)


def training_arguments(
    settings: Settings, folder: Path, job: Job, *, has_checked: bool, is_kept: bool
) -> TrainingArguments:
    """Return the arguments of a training.

    Args:
        settings: with a `trainer_config` and a device.
        folder: that everything is written to.
        job: told what is done otherwise than the dictionary says.
        has_checked: whether texts are kept apart to check with.
        is_kept: whether the training shall be able to go on after an interruption.

    Raises:
        KeyUnknownError, KeyRefusedError: see `check_dictionaries`.
        LibraryRefusesError: transformers does not put up with the values.
        DeviceMissingError: the chosen device is not there.
    """
    written = getattr(settings, TRAINER)
    for key in replaced(written):
        job.note(_("“{key}” has the value of the job instead.").format(key=key))
    given = handed_on(TRAINER, written, TRAINER_KEYS)
    if not has_checked and _asks_for_checks(given):
        job.note(_("No texts are kept apart for checking, so nothing is checked on the way."))
        for key in ("eval_strategy", "load_best_model_at_end", "metric_for_best_model", "do_eval"):
            given.pop(key, None)
    whole = {field.name for field in fields(TrainingArguments) if _is_whole(field.type)}
    given = {key: _as_whole(v, 0) if key in whole else v for key, v in given.items()}
    device = device_of(getattr(settings, "device"))  # noqa: B009  # every deep kind has it
    defaults = _defaults(settings, device, given, has_checked=has_checked, is_kept=is_kept)
    forced = {
        "output_dir": str(folder),
        "report_to": [],
        "disable_tqdm": True,
        "use_cpu": device.type == "cpu",
        "remove_unused_columns": False,
        "label_names": ["labels"],
        "auto_find_batch_size": False,  # the trainer's own way also starts afresh
    }
    with refusals():
        return TrainingArguments(**{**defaults, **given, **forced})


def _defaults(
    settings: Settings,
    device: torch.device,
    given: Mapping[str, Any],
    *,
    has_checked: bool,
    is_kept: bool,
) -> dict[str, Any]:
    """Return what is done where the dictionary says nothing."""
    chooses = not {"eval_strategy", "save_strategy", "load_best_model_at_end"} & set(given)
    keeps_best = has_checked and chooses
    is_whole_precision = dtype_of(getattr(settings, MODEL)) == "float32"
    has_bf16 = best_precision(device) == torch.bfloat16
    return {
        "seed": getattr(settings, "seed", 13),
        "logging_steps": LOGGED_SHARE,
        "logging_nan_inf_filter": False,
        "eval_strategy": "epoch" if keeps_best else "no",
        "save_strategy": "epoch" if keeps_best or is_kept else "no",
        "save_total_limit": 2,
        "load_best_model_at_end": keeps_best,
        "bf16": is_whole_precision and has_bf16 and "fp16" not in given,
        "dataloader_pin_memory": device.type == "cuda",
        "activation_checkpointing_kwargs": {"use_reentrant": False},
    }


def _asks_for_checks(given: Mapping[str, Any]) -> bool:
    return given.get("eval_strategy", "no") != "no" or bool(given.get("load_best_model_at_end"))


def _family(network: nn.Module) -> str:
    return str(getattr(network.config, "model_type", ""))


def _is_whole(kind: object) -> bool:
    """Tell whether an argument of a type is a whole number, if it is a number."""
    kinds = get_args(kind) or (kind,)
    words = {getattr(one, "__name__", str(one)) for one in kinds}
    if isinstance(kind, str):
        words = {word.strip() for word in kind.replace("Optional[", "").strip("]").split("|")}
    return "int" in words and "float" not in words


def _as_whole(value: object, like: object) -> object:
    """Return a number without its ".0" where a whole one is meant."""
    is_meant = isinstance(like, int) and not isinstance(like, bool)
    return int(value) if is_meant and isinstance(value, float) and value.is_integer() else value
