"""Where numbers are worked out: on which device, how precisely, how many tokens at a time."""

import torch


def best_device() -> torch.device:
    """Return the graphics card where torch can use one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def best_precision(device: torch.device) -> torch.dtype:
    """Return bfloat16 where the device multiplies its matrices in hardware, else float32.

    Emulated bfloat16 is slower than float32, so the processor must name AMX or AVX-512 BF16.
    """
    if device.type == "cuda":
        has_bf16 = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        able = torch.cpu.get_capabilities()
        has_bf16 = bool(able.get("amx_bf16") or able.get("avx512_bf16"))
    return torch.bfloat16 if has_bf16 else torch.float32


def tokens_per_batch(device: torch.device) -> int:
    """Return how many tokens keep the device busy and still let a job stop within half a second."""
    return 32_768 if device.type == "cuda" else 1_024
