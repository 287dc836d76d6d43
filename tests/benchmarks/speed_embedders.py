"""How fast texts become embeddings; printed by speed.py beside it."""

import csv
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.jobs import Job
from core.learning import embedders
from core.learning.embedders import Embeddings

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MIXED = {"banking77": 600, "ag_news": 200, "bbc_news": 30}
TURNS = 3


@dataclass(frozen=True)
class AgainstLibrary:
    """`accurate` and sentence-transformers on the same texts, in turns, the best turn of each.

    Attributes:
        ours: texts per second, by the clock.
        theirs: texts per second, by the clock.
        times_as_fast: ours / theirs, by the clock.
        times_as_fast_cpu: the same by processor time, which a busy machine distorts less.
        lowest_cosine: of the two vectors of a text, over all texts.
        n_texts: how many texts were read.
    """

    ours: float
    theirs: float
    times_as_fast: float
    times_as_fast_cpu: float
    lowest_cosine: float
    n_texts: int


@dataclass(frozen=True)
class FastSpeed:
    """`fast` on short texts.

    Attributes:
        prepared_s: seconds that the preparation on first use took.
        texts_per_s: the best turn, by the clock.
        n_texts: how many texts were read.
    """

    prepared_s: float
    texts_per_s: float
    n_texts: int


def accurate_against_sentence_transformers(
    counts: dict[str, int] | None = None,
) -> AgainstLibrary:
    """Compare the two on texts of mixed length that fit into the model's window.

    Args:
        counts: how many texts to read of which data set; `MIXED` if None.
    """
    from sentence_transformers import SentenceTransformer

    library = SentenceTransformer(str(embedders.base_model_folder()))
    accurate = embedders.load("accurate")
    limit = library.max_seq_length
    texts = [
        text
        for name, n in (counts or MIXED).items()
        for text in _texts(name, n)
        if len(library.tokenizer.tokenize(text)) <= limit - 2
    ]

    def ours() -> Embeddings:
        return accurate.encode(texts, Job())

    def theirs() -> Embeddings:
        return library.encode(texts, normalize_embeddings=True, show_progress_bar=False)

    cosines = (ours() * theirs()).sum(axis=1)
    turns = [(_seconds(ours), _seconds(theirs)) for _turn in range(TURNS)]
    (our_s, our_cpu_s), (their_s, their_cpu_s) = (
        [min(turn[who][clock] for turn in turns) for clock in (0, 1)] for who in (0, 1)
    )
    return AgainstLibrary(
        ours=len(texts) / our_s,
        theirs=len(texts) / their_s,
        times_as_fast=their_s / our_s,
        times_as_fast_cpu=their_cpu_s / our_cpu_s,
        lowest_cosine=float(cosines.min()),
        n_texts=len(texts),
    )


def fast_texts_per_second() -> FastSpeed:
    """Prepare `fast` in a folder of its own, then let it read all short texts of banking77."""
    texts = _texts("banking77", 10_000) * 2
    with tempfile.TemporaryDirectory() as folder:
        fast = embedders.load("fast", home=Path(folder))
        prepared_s, _cpu_s = _seconds(lambda: fast.encode(texts[:1], Job()))
        best_s = min(_seconds(lambda: fast.encode(texts, Job()))[0] for _turn in range(TURNS))
    return FastSpeed(prepared_s, len(texts) / best_s, len(texts))


def _texts(name: str, n: int) -> Sequence[str]:
    with (DATA / name / "train.csv").open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in islice(csv.DictReader(file), n)]


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long the work took by the clock and by the processor."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - cpu


if __name__ == "__main__":
    print(accurate_against_sentence_transformers())
    print(fast_texts_per_second())
