"""A round of fine-tuning on this computer: ours against the loops of others, by turns.

    python -m tests.benchmarks.speed_fine_tuning [--texts 640] [--turns 3]

All learn MiniLM from the same tweets in batches of 32, each batch padded to its longest text:
transformers by its Trainer, sentence-transformers by the loop of its own (today it trains by that
Trainer, too), which draws texts of one concept together. The quickest turn of each counts.
"""

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from sentence_transformers import InputExample, SentenceTransformer
from sentence_transformers.sentence_transformer.losses import BatchAllTripletLoss
from torch.utils.data import DataLoader
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
)

from core.jobs import Job
from core.learning import text_classifier
from core.learning.costs import Work, estimate
from core.learning.embedders import base_model_folder
from core.learning.text_classifier_settings import FullFineTuningSettings
from core.tables import table

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "airline_sentiment" / "train.csv"
BATCH = 32
CONCEPTS = ("negative", "neutral", "positive")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=640)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    with DATA.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[: arguments.texts]
    texts = [row["text"] for row in rows]
    labels = [CONCEPTS.index(row["concepts"]) for row in rows]
    ways: dict[str, Callable[[], float]] = {
        "ours": lambda: ours(texts, labels),
        "Trainer": lambda: trainer(texts, labels, is_half=False),
        "Trainer, bf16": lambda: trainer(texts, labels, is_half=True),
        "sentence-transformers": lambda: sentence_transformers(texts, labels),
    }
    before = _peak()
    memory = (ours(texts, labels), _peak())[1]
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _turn in range(arguments.turns):
        for name, way in ways.items():
            seconds[name].append(way())
    best = {name: min(found) for name, found in seconds.items()}
    lines = [
        (name, f"{s:.1f} s", f"{len(texts) / s:.0f}", f"{s / best['ours']:.2f}")
        for name, s in best.items()
    ]
    print(table(("one round", "time", "texts/s", "times ours"), lines))
    guess = estimate(_work(texts))
    print(f"estimated: {guess.seconds:.1f} s, {guess.memory / 1e6:.0f} MB at the peak")
    print(f"measured: {best['ours']:.1f} s, {memory / 1e6:.0f} MB ({before / 1e6:.0f} MB before)")


def ours(texts: list[str], labels: list[int]) -> float:
    """Return the seconds of a round, by how far apart its first and its last step are."""
    job = _Clock()
    text_classifier.fit(
        texts,
        np.eye(len(CONCEPTS), dtype=np.int8)[labels],
        concepts=CONCEPTS,
        settings=FullFineTuningSettings(num_train_epochs=1, validation_percent=0, batch_size=BATCH),
        base=base_model_folder(),
        job=job,
    )
    return job.last - job.first


class _Clock(Job):
    first = last = 0.0

    def report(self, stage: str, done: int = 0, total: int = 0) -> None:
        if stage == "Learning" and total:
            self.last = time.perf_counter()
            self.first = self.first or self.last
        super().report(stage, done, total)


def trainer(texts: list[str], labels: list[int], *, is_half: bool) -> float:
    folder = base_model_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    read = tokenizer(texts, truncation=True, max_length=256)["input_ids"]
    lessons = [{"input_ids": i, "labels": y} for i, y in zip(read, labels, strict=True)]
    network = AutoModelForSequenceClassification.from_pretrained(
        folder, num_labels=len(CONCEPTS), local_files_only=True, dtype=torch.float32
    )
    with tempfile.TemporaryDirectory() as place:
        arguments = TrainingArguments(
            output_dir=place,
            num_train_epochs=1,
            per_device_train_batch_size=BATCH,
            bf16=is_half,
            use_cpu=True,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
        )
        run = Trainer(
            network,
            arguments,
            train_dataset=lessons,  # type: ignore[arg-type]  # a list will do
            data_collator=DataCollatorWithPadding(tokenizer),
        )
        began = time.perf_counter()
        run.train()
        return time.perf_counter() - began


def sentence_transformers(texts: list[str], labels: list[int]) -> float:
    """Return the seconds of a round of its loop, without what it does before the first step."""
    network = SentenceTransformer(str(base_model_folder()), device="cpu", local_files_only=True)
    network.max_seq_length = 256
    lessons = [InputExample(texts=[t], label=y) for t, y in zip(texts, labels, strict=True)]
    batches: Any = DataLoader(lessons, batch_size=BATCH, shuffle=True)  # type: ignore[arg-type]
    began = time.perf_counter()
    network.old_fit([(batches, BatchAllTripletLoss(network))], epochs=1, show_progress_bar=False)
    return time.perf_counter() - began


def _work(texts: list[str]) -> Work:
    words = sum(len(text.split()) for text in texts) / len(texts)
    return Work(
        n_parameters=22_700_000,
        words_share=0.52,
        hidden_size=384,
        n_layers=6,
        batch_size=BATCH,
        n_tokens=64,
        mean_tokens=1.5 * words,
        n_texts=len(texts),
        n_epochs=1,
        is_half=True,
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


if __name__ == "__main__":
    main()
