"""Macro-F1 of the deep classifier beside that of the quick one, on the same texts.

    python -m tests.benchmarks.accuracy_deep [--cache FOLDER] [--seeds 3] [--test N] [SET ...]

`airline_sentiment` learns from all its texts by full fine-tuning, `airline_sentiment/lora` beside
the network; `sms_spam:8` learns by comparing, from 8 texts per concept, drawn anew for each seed.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np

from core.jobs import Job
from core.learning import text_classifier
from core.learning.calibration import expected_calibration_error
from core.learning.embedders import base_model_folder
from core.learning.text_classifier_settings import (
    ContrastiveSettings,
    EncoderLoraSettings,
    FullFineTuningSettings,
    TextClassifierSettings,
)
from tests.benchmarks import accuracy

SETS = (
    *("airline_sentiment", "airline_sentiment/lora", "sms_spam:8", "ag_news:8", "trec:8"),
    *("banking77:8", "clickbait:8", "customer_reviews:8", "bbc_news:8"),
)
TARGETS = {"sms_spam:8": "81.1 (SetFit)", "ag_news:8": "80.2 (SetFit)"}
MOST_TESTED = 2_000


@dataclass(frozen=True)
class Result:
    """Macro-F1 in percent, how far stated confidence is from accuracy, and seconds to learn."""

    f1: float
    error: float
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=SETS, metavar="SET")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="where embeddings are kept")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--test", type=int, default=MOST_TESTED, help="most texts to check on")
    arguments = parser.parse_args()
    heads = ("set", "deep", "quick", "target", "seconds", "quick s", "ECE", "each seed")
    print(*(f"{head:>14}" if i else f"{head:24}" for i, head in enumerate(heads)))
    for name in arguments.sets:
        print(*_row(name, arguments), flush=True)


def _row(name: str, arguments: argparse.Namespace) -> list[str]:
    folder, _, n_per_concept = name.partition(":")
    folder, _, way = folder.partition("/")
    task = accuracy.read_task(folder, arguments.cache, embeds=not n_per_concept)
    kept = np.random.default_rng(0).permutation(len(task.test.texts))[: arguments.test]
    test = task.test.take(np.sort(kept))
    if n_per_concept:
        test = accuracy.embedded(test)
    task = accuracy.Task(task.train, test, task.concepts, task.negatives)
    deep, quick = [], []
    for seed in range(arguments.seeds):
        drawn = _drawn(task, int(n_per_concept), seed) if n_per_concept else task
        deep.append(_deep(drawn, _settings(way, n_per_concept, seed)))
        if n_per_concept or not quick:  # of all texts it is the same for every seed
            began = time.perf_counter()
            f1, _error = accuracy.ours(drawn)
            quick.append(Result(f1, 0.0, time.perf_counter() - began))
    cells = [
        f"{mean(r.f1 for r in deep):.2f}",
        f"{mean(r.f1 for r in quick):.2f}",
        TARGETS.get(name, ""),
        f"{mean(r.seconds for r in deep):.1f}",
        f"{mean(r.seconds for r in quick):.1f}",
        f"{mean(r.error for r in deep):.3f}",
        " ".join(f"{r.f1:.1f}" for r in deep),
    ]
    return [f"{name:24}", *(f"{cell:>14}" for cell in cells)]


def _drawn(task: accuracy.Task, n_per_concept: int, seed: int) -> accuracy.Task:
    drawn = accuracy.draw(task, n_per_concept, seed)
    train = accuracy.embedded(drawn.train)
    return accuracy.Task(train, drawn.test, drawn.concepts, drawn.negatives)


def _settings(way: str, n_per_concept: str, seed: int) -> TextClassifierSettings:
    if n_per_concept:
        return ContrastiveSettings(seed=seed)
    return EncoderLoraSettings(seed=seed) if way == "lora" else FullFineTuningSettings(seed=seed)


def _deep(task: accuracy.Task, settings: TextClassifierSettings) -> Result:
    began = time.perf_counter()
    model = text_classifier.fit(
        task.train.texts,
        task.train.targets,
        concepts=task.concepts,
        settings=settings,
        base=base_model_folder(),
        job=Job(),
    )
    seconds = time.perf_counter() - began
    said = model.probabilities(task.test.texts, None, Job())
    if not model.is_exclusive:
        return Result(accuracy.macro_f1(task.test.targets, said > 0.5), float("nan"), seconds)
    error = expected_calibration_error(said, task.test.targets.argmax(axis=1))
    f1 = accuracy.macro_f1(task.test.targets, np.eye(said.shape[1])[said.argmax(axis=1)])
    return Result(f1, error, seconds)


if __name__ == "__main__":
    main()
