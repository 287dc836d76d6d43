"""How fast a graphics processor reads texts, against the CPU of the same machine in one run.

    python -m tests.benchmarks.gpu

Without a CUDA device it says so and measures nothing.
"""

import sys
import time
from dataclasses import dataclass

import numpy as np
import torch

from core.jobs import Job
from core.learning.embedders import base_model_folder
from core.learning.embedders.sentence_transformer import SentenceEmbedder
from core.resources import read_text
from core.tables import table

N_TEXTS = 20_000
N_ON_CPU = 1_000  # enough to know its speed


@dataclass(frozen=True)
class Reading:
    """One device: its speed, and its vectors of the first texts."""

    texts_per_s: float
    vectors: np.ndarray  # (N_ON_CPU, dim)


def read_on(device: str, texts: list[str]) -> Reading:
    """Read texts on a device, after a first batch that warms it up."""
    embedder = SentenceEmbedder("accurate", "benchmark", base_model_folder(), torch.device(device))
    embedder.encode(texts[:100], Job())
    began = time.perf_counter()
    vectors = embedder.encode(texts, Job())
    return Reading(len(texts) / (time.perf_counter() - began), vectors[:N_ON_CPU])


def main() -> int:
    """Measure and print; return the exit code."""
    if not torch.cuda.is_available():
        sys.stdout.write("There is no CUDA device here, so nothing was measured.\n")
        return 0
    lines = read_text("negatives/general.txt").splitlines()
    texts = [f"{lines[i % len(lines)]} {i}" for i in range(N_TEXTS)]
    cpu, gpu = read_on("cpu", texts[:N_ON_CPU]), read_on("cuda", texts)
    cosine = float((cpu.vectors * gpu.vectors).sum(axis=1).min())
    rows = [
        ("CPU", f"{cpu.texts_per_s:,.0f} texts/s"),
        (torch.cuda.get_device_name(), f"{gpu.texts_per_s:,.0f} texts/s"),
        ("times as fast", f"{gpu.texts_per_s / cpu.texts_per_s:.1f}"),
        ("lowest cosine of the two", f"{cosine:.6f}"),
    ]
    sys.stdout.write(table(("Device", "Measured"), rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
