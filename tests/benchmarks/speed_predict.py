"""How fast a file of short texts is predicted, beside the encoder alone in the same run.

python -m tests.benchmarks.speed_predict [--texts 100000] [--accurate 2000] [--profile]

The texts are made of halves of those of banking77, so that nearly all differ; the model knows its
77 concepts. CPU seconds are of the whole process, so they hardly change when others use the
machine; the ratio is of what predicting takes to what reading the same texts takes.
"""

import argparse
import cProfile
import csv
import pstats
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import AppFolder, create_app_folder
from core.files import preview
from core.jobs import Job
from core.learning import embedders
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.predict import PredictRequest, predict
from core.operations.train import TrainRequest, train

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "banking77"
LEARNED = 3_000  # texts; more take longer to train, and not to predict
PROFILED = 30


@dataclass(frozen=True)
class Taken:
    """How long something took."""

    wall_s: float
    cpu_s: float


def timed(work: Callable[[], object]) -> Taken:
    """Run something and say how long it took."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - wall_s, time.process_time() - cpu_s)


def texts_of(n_texts: int) -> list[str]:
    """Return texts of two halves each."""
    with (DATA / "train.csv").open(encoding="utf-8", newline="") as file:
        known = [row["text"].split() for row in csv.DictReader(file)]
    rng = random.Random(0)
    made = []
    for _ in range(n_texts):
        first, second = rng.choice(known), rng.choice(known)
        made.append(" ".join(first[: len(first) // 2 + 1] + second[len(second) // 2 :]))
    return made


def trained(place: Path, embedder: str) -> AppFolder:
    """Return an app with a model that reads with an embedder."""
    rows = list(csv.DictReader((DATA / "train.csv").open(encoding="utf-8", newline="")))
    path = place / "learned.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(random.Random(0).sample(rows, LEARNED))
    app = create_app_folder(embedder, place / embedder)
    import_texts(app, ImportRequest(path, preview(path).mapping), Job())
    settings = EmbeddingClassifierSettings(base_embed_model=embedder)
    train(app, TrainRequest("m", settings=settings), Job())
    return app


def measure(place: Path, embedder: str, texts: list[str], *, is_profiled: bool) -> None:
    """Print what a file of texts takes."""
    app = trained(place, embedder)
    path, out = place / "in.csv", place / "out.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerows([("text",), *((text,) for text in texts)])
    request = PredictRequest("m", path, out, preview(path).mapping)
    reader = embedders.load(embedder)
    reader.encode(texts[:256], Job())
    predict(app, request, Job()) if len(texts) < LEARNED else None  # all is loaded
    alone = timed(lambda: reader.encode(texts, Job()))
    profile = cProfile.Profile() if is_profiled else None
    if profile:
        profile.enable()
    whole = timed(lambda: predict(app, request, Job()))
    again = timed(lambda: reader.encode(texts, Job()))
    mean_cpu_s, mean_s = (alone.cpu_s + again.cpu_s) / 2, (alone.wall_s + again.wall_s) / 2
    print(f"{embedder}, {len(texts):,} texts")
    print(f"  encoder alone    {mean_s:6.1f} s   {mean_cpu_s:6.1f} CPU s")
    print(f"  predict the file {whole.wall_s:6.1f} s   {whole.cpu_s:6.1f} CPU s")
    print(f"  ratio            {whole.wall_s / mean_s:6.2f}     {whole.cpu_s / mean_cpu_s:6.2f}")
    if profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(PROFILED)


def main() -> None:
    """Measure both readers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--accurate", type=int, default=2_000)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        for embedder, n in (("fast", asked.texts), ("accurate", asked.accurate)):
            if n:
                measure(Path(place), embedder, texts_of(n), is_profiled=asked.profile)


if __name__ == "__main__":
    main()
