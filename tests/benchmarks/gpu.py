"""How fast a graphics processor reads and learns, and our loop against a bare one.

    python -m tests.benchmarks.gpu [--device cuda] [--tiny]

Weights are random, of the true sizes of BERT base and GPT-Neo 125M. Without a CUDA device it says
so and measures nothing; `--device cpu --tiny` runs the same code on small networks.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForSequenceClassification

from core.jobs import Job
from core.learning import text_classifier, text_to_text
from core.learning.devices import best_precision
from core.learning.embedders import base_model_folder
from core.learning.embedders.sentence_transformer import SentenceEmbedder
from core.learning.fine_tuning import Group, Plan, draw_batches, padded, train
from core.learning.fine_tuning.hugging_face import quiet
from core.learning.text_classifier_settings import (
    ContrastiveSettings,
    EncoderLoraSettings,
    FullFineTuningSettings,
    HuggingFaceClassifierSettings,
    HuggingFaceLoraClassifierSettings,
)
from core.learning.text_to_text_settings import (
    HuggingFaceLoraTextToTextSettings,
    OwnTextToTextSettings,
)
from core.resources import read_text
from core.tables import table
from tests.core.tiny_models import make_tiny

CONCEPTS = ("even", "odd")
BERT_BASE = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
    "vocab_size": 30_522,
}
GPT_NEO_125M = {
    "hidden_size": 768,
    "num_layers": 12,
    "num_heads": 12,
    "intermediate_size": 3072,
    "max_position_embeddings": 2048,
    "vocab_size": 50_257,
    "attention_types": [[["global", "local"], 6]],
    "window_size": 256,
}
TARGET_SHARE = 0.8  # of the speed of a bare loop
Row = tuple[str, str]


@dataclass(frozen=True)
class Setup:
    """What is measured with.

    Attributes:
        device: a torch device's name.
        n_texts: that are learned from.
        batch_size: texts of a step.
        encoder, writer: folders of the base models.
    """

    device: str
    n_texts: int
    batch_size: int
    encoder: Path
    writer: Path

    @property
    def texts(self) -> list[str]:
        """Return sentences of our own, each different."""
        lines = read_text("negatives/general.txt").splitlines()
        return [f"{lines[i % len(lines)]} {i}" for i in range(self.n_texts)]

    @property
    def targets(self) -> np.ndarray:
        """Return one of two concepts for each text, (n_texts, 2)."""
        return np.eye(2, dtype=np.int8)[np.arange(self.n_texts) % 2]


def read_on(device: str, texts: list[str]) -> tuple[float, np.ndarray]:
    """Return texts a second, after a first batch that warms it up, and the vectors."""
    embedder = SentenceEmbedder("accurate", "benchmark", base_model_folder(), torch.device(device))
    embedder.encode(texts[:100], Job())
    began = time.perf_counter()
    vectors = embedder.encode(texts, Job())
    return len(texts) / (time.perf_counter() - began), vectors


def reading(setup: Setup) -> Iterator[Row]:
    """Read texts with the built-in base model, beside the processor."""
    texts = setup.texts
    cpu_speed, cpu_vectors = read_on("cpu", texts[:1_000])
    speed, vectors = read_on(setup.device, texts)
    cosine = float((cpu_vectors * vectors[: len(cpu_vectors)]).sum(axis=1).min())
    yield "reading on the processor", f"{cpu_speed:,.0f} texts/s"
    yield f"reading on {setup.device}", f"{speed:,.0f} texts/s"
    yield "lowest cosine of the two", f"{cosine:.6f}"


def training(setup: Setup) -> Iterator[Row]:
    """Train in every way that there is, one round each."""
    encoder = {"device": setup.device, "batch_size": setup.batch_size}
    once = {**encoder, "num_train_epochs": 1, "validation_percent": 0.0}
    trainer = {
        "num_train_epochs": 1,
        "per_device_train_batch_size": setup.batch_size,
        "auto_find_batch_size": True,
    }
    by_hand = {"device": setup.device, "trainer_config": trainer}
    classifiers = [
        ("full fine-tuning", FullFineTuningSettings(**once), setup.encoder),
        ("contrastive", ContrastiveSettings(**encoder), setup.encoder),
        ("LoRA on an encoder", EncoderLoraSettings(**once), setup.encoder),
        ("HuggingFace_AdvancedConfig", HuggingFaceClassifierSettings(**by_hand), setup.encoder),
        ("HF_GPTNeo_125m_lora", HuggingFaceLoraClassifierSettings(**by_hand), setup.writer),
    ]
    for name, settings, base in classifiers:

        def learn(settings=settings, base=base) -> object:
            return text_classifier.fit(
                setup.texts,
                setup.targets,
                concepts=CONCEPTS,
                settings=settings,
                base=base,
                job=Job(),
            )

        yield name, measured(learn, setup)
    pairs = [text_to_text.Pair(text, text.split()[-1]) for text in setup.texts]
    writers = [
        ("text-to-text, our own way", OwnTextToTextSettings(**once)),
        ("text-to-text, GPT-Neo LoRA", HuggingFaceLoraTextToTextSettings(**by_hand)),
    ]
    for name, settings in writers:

        def write(settings=settings) -> object:
            return text_to_text.fit(pairs, settings=settings, base=setup.writer, job=Job())

        yield name, measured(write, setup)


def measured(learn: Callable[[], object], setup: Setup) -> str:
    """Return texts a second of a whole training, loading included, and the most memory."""
    is_cuda = setup.device == "cuda"
    if is_cuda:
        torch.cuda.reset_peak_memory_stats()
    began = time.perf_counter()
    learn()
    if is_cuda:
        torch.cuda.synchronize()
    speed = setup.n_texts / (time.perf_counter() - began)
    memory = f", {torch.cuda.max_memory_allocated() / 1e9:.1f} GB" if is_cuda else ""
    return f"{speed:,.0f} texts/s{memory}"


class Lessons:
    """Texts of random words for a network of transformers; see `fine_tuning.Lessons`."""

    def __init__(self, network: torch.nn.Module, setup: Setup) -> None:
        random = np.random.default_rng(13)
        self.lengths = random.integers(8, 64, setup.n_texts).tolist()
        self._ids = [random.integers(5, 90, n).tolist() for n in self.lengths]
        self._network, self._device = network, torch.device(setup.device)

    def weight(self, rows: list[int]) -> float:
        return float(len(rows))

    def loss(self, rows: list[int]) -> torch.Tensor:
        ids, mask = padded([self._ids[row] for row in rows], 0, self._device)
        labels = torch.tensor([row % 2 for row in rows]).to(self._device)
        logits = self._network(input_ids=ids, attention_mask=mask).logits
        return torch.nn.functional.cross_entropy(logits.float(), labels, reduction="sum")

    def check(self, tick: Callable[[], None]) -> None:
        return None


def loops(setup: Setup) -> Iterator[Row]:
    """Take the same steps in our loop and in a bare one."""
    device = torch.device(setup.device)
    plan = Plan(
        n_epochs=1,
        batch_size=setup.batch_size,
        seed=13,
        identity="",
        device=device,
        precision=best_precision(device),
        tokens_at_once=1_000_000,
    )
    speeds = {"our loop": 0.0, "a bare loop": 0.0}
    for _again in range(2):  # the first time warms up
        for name, run in (("our loop", our_loop), ("a bare loop", bare_loop)):
            with quiet():
                network = AutoModelForSequenceClassification.from_pretrained(
                    setup.encoder, local_files_only=True
                )
            network.to(device).train()
            began = time.perf_counter()
            run(network, Lessons(network, setup), plan)
            if setup.device == "cuda":
                torch.cuda.synchronize()
            speeds[name] = setup.n_texts / (time.perf_counter() - began)
    for name, speed in speeds.items():
        yield name, f"{speed:,.0f} texts/s"
    share = speeds["our loop"] / speeds["a bare loop"]
    yield "our loop, of the bare one", f"{share:.0%} (to reach: {TARGET_SHARE:.0%})"


def our_loop(network: torch.nn.Module, lessons: Lessons, plan: Plan) -> None:
    """Train as every training of ours does."""
    train(network, [Group(tuple(network.parameters()), 1e-5)], lessons, plan, Job())


def bare_loop(network: torch.nn.Module, lessons: Lessons, plan: Plan) -> None:
    """Train as one writes it by hand: the same batches, nothing else."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-5, fused=True)
    is_half = plan.precision == torch.bfloat16
    for rows in draw_batches(lessons.lengths, plan.batch_size, seed=plan.seed, epoch=0):
        with torch.autocast(plan.device.type, torch.bfloat16, enabled=is_half):
            loss = lessons.loss(rows) / len(rows)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)


@contextmanager
def prepared(device: str, *, is_tiny: bool) -> Iterator[Setup]:
    """Make the base models, true to size or tiny."""
    with tempfile.TemporaryDirectory() as place:
        encoder, writer = Path(place) / "encoder", Path(place) / "writer"
        make_tiny(encoder, "bert", **({} if is_tiny else BERT_BASE))
        make_tiny(writer, "gpt_neo", **({} if is_tiny else GPT_NEO_125M))
        n_texts, batch_size = (24, 8) if is_tiny else (8_192, 64)
        yield Setup(device, n_texts, batch_size, encoder, writer)


def main(words: list[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    parser.add_argument("--tiny", action="store_true", help="small networks and few texts")
    given = parser.parse_args(words)
    if given.device == "cuda" and not torch.cuda.is_available():
        sys.stdout.write("There is no CUDA device here, so nothing was measured.\n")
        return 0
    name = torch.cuda.get_device_name() if given.device == "cuda" else "processor"
    with prepared(given.device, is_tiny=given.tiny) as setup:
        for measure in (reading, training, loops):
            sys.stdout.write(table((name, "Measured"), list(measure(setup))) + "\n\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
