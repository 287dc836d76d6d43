"""Where numbers are worked out: on which device, how precisely, how many tokens at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from core.errors import UserError
from core.i18n import _
from core.learning.deep_settings import DEVICES

AUTOMATIC = "automatic"
_EXACT: list[bool] = []  # not empty while all shall be worked out in float32
_GRAPHICS = ("cuda", "xpu", "mps")  # in the order in which they are preferred


class DeviceMissingError(UserError):
    """The device that was chosen is not there, or torch cannot use it."""

    def __init__(self, device: str) -> None:
        super().__init__(
            _("There is no “{device}” here that can be used.").format(device=device_title(device)),
            next_step=_("Set “{setting}” to “{automatic}”.").format(
                setting=_("Work on"), automatic=_("Automatic")
            ),
        )
        self.device = device


def device_of(setting: str = AUTOMATIC) -> torch.device:
    """Return the device that a setting names; the best there is for “automatic”.

    Raises:
        DeviceMissingError: it is not there.
    """
    if setting == AUTOMATIC:
        setting = next((kind for kind in _GRAPHICS if _is_there(kind)), "cpu")
    if not _is_there(setting):
        raise DeviceMissingError(setting)
    return torch.device(setting)


def device_here(setting: str) -> torch.device:
    """Return the device that a setting names, or the best there is where that one is missing."""
    return torch.device(setting) if _is_there(setting) else device_of()


def best_device() -> torch.device:
    """Return the graphics card where torch can use one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_title(kind: str) -> str:
    """Return what the analyst calls a device."""
    return _(dict(DEVICES).get(kind, kind))


@contextmanager
def in_float32() -> Iterator[None]:
    """Let what is loaded in the block work in full precision, as public libraries do."""
    _EXACT.append(True)
    try:
        yield
    finally:
        _EXACT.pop()


def best_precision(device: torch.device) -> torch.dtype:
    """Return bfloat16 where the device multiplies its matrices in hardware, else float32.

    Emulated bfloat16 is slower than float32, so the processor must name AMX or AVX-512 BF16.
    """
    if _EXACT:
        return torch.float32
    match device.type:
        case "cuda":
            has_bf16 = torch.cuda.is_bf16_supported(including_emulation=False)
        case "cpu":
            able = torch.cpu.get_capabilities()
            has_bf16 = bool(able.get("amx_bf16") or able.get("avx512_bf16"))
        case "xpu":
            has_bf16 = torch.xpu.is_bf16_supported()
        case _:
            has_bf16 = False  # not every Apple processor has it
    return torch.bfloat16 if has_bf16 else torch.float32


def tokens_per_batch(device: torch.device) -> int:
    """Return how many tokens keep the device busy and still let a job stop within half a second."""
    return 1_024 if device.type == "cpu" else 32_768


def tokens_per_part(device: torch.device) -> int:
    """Return how many tokens are learned from at once; on a processor more are no quicker."""
    return 2_048 if device.type == "cpu" else 16_384


def _is_there(kind: str) -> bool:
    match kind:
        case "cuda":
            return torch.cuda.is_available()
        case "mps":
            return torch.backends.mps.is_available()
        case "xpu":
            return torch.xpu.is_available()
        case _:
            return kind == "cpu"
