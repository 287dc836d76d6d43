"""What the dictionaries of the Hugging Face templates may hold: checked before anything starts.

Nothing heavy is imported here; the names that the libraries know are listed, and a test compares
them with the libraries. What a base model's own config knows is checked where it is loaded, by
`core.learning.fine_tuning.hugging_face_arguments`.
"""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from core.errors import UserError
from core.i18n import N_, _
from core.learning.hugging_face_names import ALWAYS_TRUE, PEFT_KEYS, TRAINER_KEYS
from core.learning.settings import Setting, Settings, declared, doubt_of, value_words

MODEL, TOKENIZER, TRAINER, PEFT = (
    "model_config",
    "tokenizer_config",
    "trainer_config",
    "peft_config",
)
DTYPES = ("auto", "bfloat16", "float16", "float32", "float64")
RATE, USUAL_RATES = "learning_rate", (1e-6, 1e-2)
SINGLE, MULTI = "single_label_classification", "multi_label_classification"

_NETWORK = N_("it would reach for the network")
_CODE = N_("it would run code from elsewhere")
_FILES = N_("it would read or write files elsewhere on this computer")
_OURS = N_("Textwright sees to it itself")
_CONCEPTS = N_("the concepts that you chose decide it")
_UNFIT = N_("a training here could not go on with it")

_LOADING: dict[str, str] = {
    **dict.fromkeys(("trust_remote_code", "code_revision", "custom_generate"), _CODE),
    **dict.fromkeys(("use_kernels", "allow_all_kernels", "kernel_config"), _CODE),
    **dict.fromkeys(("token", "use_auth_token", "proxies", "force_download", "revision"), _NETWORK),
    **dict.fromkeys(("resume_download", "mirror", "adapter_kwargs", "tqdm_class"), _NETWORK),
    **dict.fromkeys(("cache_dir", "subfolder", "config", "gguf_file", "variant"), _FILES),
    "_commit_hash": _OURS,
}
_REFUSED: dict[str, dict[str, str]] = {
    MODEL: {
        **_LOADING,
        "offload_folder": _FILES,
        **dict.fromkeys(("state_dict", "weights_only", "from_tf", "from_flax"), _OURS),
        **dict.fromkeys(("output_loading_info", "return_dict", "key_mapping"), _OURS),
        **dict.fromkeys(("model_type", "architectures", "auto_map"), _OURS),
        **dict.fromkeys(("num_labels", "id2label", "label2id"), _CONCEPTS),
        **dict.fromkeys(("device_mesh", "tp_plan", "tp_size", "distributed_config"), _UNFIT),
    },
    TOKENIZER: {
        **_LOADING,
        **dict.fromkeys(("vocab_file", "merges_file", "tokenizer_file", "spm_file"), _FILES),
        "tokenizer_object": _OURS,
    },
    TRAINER: {
        **dict.fromkeys(("push_to_hub", "report_to", "project", "run_name"), _NETWORK),
        "resume_from_checkpoint": _OURS,
        **dict.fromkeys(("disable_tqdm", "log_level", "log_level_replica", "debug"), _OURS),
        **dict.fromkeys(("use_cpu", "local_rank", "ddp_backend", "enable_jit_checkpoint"), _OURS),
        **dict.fromkeys(("include_for_metrics", "batch_eval_metrics", "label_names"), _OURS),
        **dict.fromkeys(("remove_unused_columns", "save_only_model", "parallelism_config"), _OURS),
    },
    PEFT: {
        **dict.fromkeys(("auto_mapping", "megatron_config", "megatron_core"), _CODE),
        "revision": _NETWORK,
        "base_model_name_or_path": _OURS,
        **dict.fromkeys(("inference_mode", "runtime_config", "peft_version"), _OURS),
        **dict.fromkeys(("loftq_config", "eva_config", "corda_config", "lora_ga_config"), _UNFIT),
        **dict.fromkeys(("velora_config", "monteclora_config", "arrow_config"), _UNFIT),
        **dict.fromkeys(("kasa_config", "alora_invocation_tokens"), _UNFIT),
    },
}
_REFUSED_PREFIXES = {"hub_": _NETWORK, "trackio_": _NETWORK}
_PATHS = ("deepspeed", "fsdp_config", "accelerator_config")  # dictionaries, or files to read
_REPLACED = ("output_dir", "logging_dir")  # by the folder of the job
_OLD_NAMES = {  # what the portal's time called it
    "evaluation_strategy": "eval_strategy",
    "gradient_checkpointing": "activation_checkpointing",
    "gradient_checkpointing_kwargs": "activation_checkpointing_kwargs",
    "warmup_ratio": "warmup_steps",
    "per_gpu_train_batch_size": "per_device_train_batch_size",
    "per_gpu_eval_batch_size": "per_device_eval_batch_size",
}
_COUNTS = (  # without which a training would learn nothing
    *("num_train_epochs", "gradient_accumulation_steps"),
    *("per_device_train_batch_size", "per_device_eval_batch_size"),
)
_SEPARATE_PROCESSES = (  # a worker process may not start others
    *("dataloader_num_workers", "dataloader_prefetch_factor"),
    *("dataloader_persistent_workers", "dataloader_multiprocessing_context"),
)


class KeyUnknownError(UserError):
    """A dictionary has a key that the library does not take."""

    def __init__(self, dictionary: str, key: str, known: Iterable[str]) -> None:
        near = get_close_matches(key, sorted(known), n=3, cutoff=0.6)
        next_step = _("Leave it out.")
        if near:
            next_step = _("Did you mean {names}? If not, leave it out.").format(
                names=_(" or ").join(f"“{name}”" for name in near)
            )
        super().__init__(
            _("“{dictionary}” has no “{key}”.").format(dictionary=dictionary, key=key),
            next_step=next_step,
        )
        self.key = key


class KeyRefusedError(UserError):
    """A dictionary has a key, or a value of it, that Textwright does not hand on."""

    def __init__(self, dictionary: str, key: str, reason: str) -> None:
        super().__init__(
            _("“{key}” in “{dictionary}” is refused: {reason}.").format(
                key=key, dictionary=dictionary, reason=reason
            ),
            next_step=_("Leave “{key}” out.").format(key=key),
        )
        self.key = key


class ValueRefusedError(UserError):
    """A key of a dictionary has a value that it cannot have."""

    def __init__(self, dictionary: str, key: str, value: object, allowed: Iterable[str]) -> None:
        super().__init__(
            _("“{key}” in “{dictionary}” cannot be “{value}”.").format(
                key=key, dictionary=dictionary, value=value_words(value)
            ),
            next_step=_("Choose one of these: {known}.").format(known=", ".join(allowed)),
        )
        self.key = key


class ValueTooSmallError(UserError):
    """A key that counts rounds or texts has a value that counts none."""

    def __init__(self, dictionary: str, key: str, value: object) -> None:
        super().__init__(
            _("“{key}” in “{dictionary}” cannot be “{value}”.").format(
                key=key, dictionary=dictionary, value=value_words(value)
            ),
            next_step=_("Give a number above 0."),
        )
        self.key = key


def check_dictionaries(settings: Settings) -> None:
    """Refuse dictionaries that a training could not or should not go by; others pass.

    Raises:
        KeyUnknownError: a library takes no such key.
        KeyRefusedError: it would reach for the network, run code, or touch other files.
        ValueRefusedError, ValueTooSmallError: a value is none of those that it can have.
    """
    model = handed_on(MODEL, getattr(settings, MODEL, {}))
    dtype_of(model)
    if "problem_type" in model and model["problem_type"] not in (SINGLE, MULTI):
        raise ValueRefusedError(MODEL, "problem_type", model["problem_type"], (SINGLE, MULTI))
    for key in ("attn_implementation", "experts_implementation"):
        if not str(model.get(key, "")).replace("_", "").isalnum() and model.get(key):
            raise KeyRefusedError(MODEL, key, _(_CODE))
    handed_on(TOKENIZER, getattr(settings, TOKENIZER, {}))
    trainer = handed_on(TRAINER, getattr(settings, TRAINER, {}), TRAINER_KEYS)
    for key in _COUNTS:
        value = trainer.get(key, 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise ValueTooSmallError(TRAINER, key, value)
    peft = handed_on(PEFT, getattr(settings, PEFT, {}), PEFT_KEYS)
    if str(peft.get("peft_type", "LORA")).upper() != "LORA":
        raise ValueRefusedError(PEFT, "peft_type", peft["peft_type"], ("LORA",))


def doubts_of(settings: Settings) -> dict[str, str]:
    """Return what speaks against values that are allowed, by the name of the setting."""
    found = {
        one.name: doubt_in(one, getattr(settings, one.name)) for one in declared(type(settings))
    }
    return {name: doubt for name, doubt in found.items() if doubt}


def doubt_in(setting: Setting, value: object) -> str:
    """Return what speaks against a value, also inside a dictionary; "" for nothing."""
    if setting.name != TRAINER or not isinstance(value, Mapping):
        return setting.doubt(value)
    rate = value.get(RATE)
    is_number = isinstance(rate, int | float) and not isinstance(rate, bool)
    return f"{RATE}: {doubt}" if is_number and (doubt := doubt_of(rate, USUAL_RATES)) else ""


def handed_on(
    dictionary: str, given: Mapping[str, Any], known: Collection[str] | None = None
) -> dict[str, Any]:
    """Return what is left of a dictionary once Textwright has taken what it sees to itself.

    Args:
        dictionary: its name.
        given: as the analyst wrote it.
        known: the keys that the library takes; None does not look.

    Raises:
        KeyUnknownError, KeyRefusedError: see `check_dictionaries`.
    """
    kept = {}
    for given_key, value in given.items():
        key = _OLD_NAMES.get(given_key, given_key) if dictionary == TRAINER else given_key
        refuse_unknown(dictionary, key, known)
        reason = _reason(dictionary, key, value)
        if reason and not _is_nothing(key, value):
            raise KeyRefusedError(dictionary, given_key, _(reason))
        if not reason and key not in (*ALWAYS_TRUE, *_REPLACED, *_SEPARATE_PROCESSES):
            kept[key] = value
    return kept


def refuse_unknown(dictionary: str, key: str, known: Collection[str] | None) -> None:
    """Refuse a key that is neither known nor one of those that have a reason of their own.

    Raises:
        KeyUnknownError: it is neither.
    """
    if known is None or key in known or key in _REPLACED or _refusal(dictionary, key):
        return
    raise KeyUnknownError(dictionary, key, known)


def replaced(given: Mapping[str, Any]) -> list[str]:
    """Return the keys of a training that have another value than the analyst's."""
    shown = [key for key in (*_REPLACED, *_SEPARATE_PROCESSES) if given.get(key)]
    return [key for key in shown if (key, given[key]) != ("output_dir", "checkpoint")]


def dtype_of(model_config: Mapping[str, Any]) -> str:
    """Return in what the weights are kept: a word of `DTYPES`; "float32" if nothing is said.

    Raises:
        ValueRefusedError: it is none of them.
    """
    key = "dtype" if "dtype" in model_config else "torch_dtype"
    word = str(model_config.get(key) or "float32").removeprefix("torch.")
    if word not in DTYPES:
        raise ValueRefusedError(MODEL, key, model_config[key], DTYPES)
    return word


def learns_one_concept(settings: Settings, n_concepts: int) -> bool:
    """Tell whether a text has exactly one concept: what is said of it, else the problem type."""
    said = getattr(settings, "concepts_mutually_exclusive", "automatic")
    if n_concepts == 1:
        return False
    if said != "automatic":
        return bool(said == "true")
    config: Mapping[str, Any] = getattr(settings, MODEL, {})
    return bool(config.get("problem_type", SINGLE) == SINGLE)


def _refusal(dictionary: str, key: str) -> str:
    if dictionary == TRAINER:
        for prefix, reason in _REFUSED_PREFIXES.items():
            if key.startswith(prefix):
                return reason
    if key.startswith("_") or (dictionary == TOKENIZER and key.endswith("_file")):
        return _REFUSED[dictionary].get(key, _FILES if key.endswith("_file") else _OURS)
    return _REFUSED[dictionary].get(key, "")


def _reason(dictionary: str, key: str, value: object) -> str:
    """Return why a key is not handed on, or ""."""
    if key in ALWAYS_TRUE and value is not True:
        return _NETWORK if key == "local_files_only" else _CODE
    if dictionary == TRAINER and key in _PATHS and isinstance(value, str) and value:
        return _FILES
    return _refusal(dictionary, key)


def _is_nothing(key: str, value: object) -> bool:
    """Tell whether a value asks for nothing, so that it can be passed over."""
    if key in ALWAYS_TRUE:
        return value is None
    if key in ("run_name", "project", "disable_tqdm", "inference_mode", "log_level"):
        return value is not True  # names for services that are off, and wishes that come true
    return value in (None, False, "", "none", -1) or value in ([], {}, ["none"])
