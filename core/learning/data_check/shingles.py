"""The runs of characters in a text, and a short signature of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from core.i18n import _
from core.jobs import Job
from core.learning.splits import Ints, normalised

LENGTH = 4  # characters: a word changed in a hundred characters leaves 80 % as it was
READ_CHARACTERS = 20_000  # of one text
CHARACTERS_AT_ONCE = 250_000
SEED = 13
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint32]


@dataclass(frozen=True)
class Shingles:
    """The different runs of characters of each text.

    Attributes:
        table: (n_texts, n_columns) 1 where a text has a run.
        sizes: (n_texts,) how many different runs it has; 0 for an empty text.
        signatures: (n_texts, n_hashes) the smallest of each hash of its runs.
    """

    table: csr_array
    sizes: Ints
    signatures: Hashes


def read_shingles(texts: Sequence[str], n_hashes: int, job: Job) -> Shingles:
    """Cut texts into runs of four characters, case, width and white space made alike."""
    runs, sizes, signatures = [], [], []
    for some in _portions(texts, job):
        found, owners = _runs([normalised(text[:READ_CHARACTERS]) for text in some])
        counts = np.bincount(owners, minlength=len(some))
        runs.append(found)
        sizes.append(counts)
        signatures.append(_signatures(found, counts, n_hashes))
    columns = np.concatenate([*runs, np.empty(0, np.uint32)])
    ends = np.concatenate([[0], np.cumsum(np.concatenate([*sizes, np.empty(0, np.int64)]))])
    data = np.ones(len(columns), dtype=np.int32)
    known, places = np.unique(columns, return_inverse=True)
    table = csr_array((data, places.astype(np.int32), ends), shape=(len(texts), len(known)))
    empty = np.empty((0, n_hashes), dtype=np.uint32)
    return Shingles(table, np.diff(ends), np.concatenate([*signatures, empty]))


def _portions(texts: Sequence[str], job: Job) -> Iterator[Sequence[str]]:
    """Yield the texts in portions of about as many characters."""
    start = n_characters = 0
    for i, text in enumerate(texts):
        n_characters += len(text) + 2
        if n_characters >= CHARACTERS_AT_ONCE or i + 1 == len(texts):
            job.report(_("Reading wording"), start, len(texts))
            yield texts[start : i + 1]
            start, n_characters = i + 1, 0


def _runs(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """Return the hashes of the different runs of each text, and which text each belongs to."""
    padded = [f" {text} ".ljust(LENGTH, "\0") if text else "" for text in texts]
    letters = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
    n_runs = max(0, len(letters) - LENGTH + 1)
    hashes = np.zeros(n_runs, dtype=np.uint64)
    for i in range(LENGTH):
        hashes = (hashes + letters[i : i + n_runs]) * MULTIPLIER
        hashes ^= hashes >> np.uint64(31)
    within = owners[:n_runs] == owners[len(owners) - n_runs :]
    keys = owners[:n_runs].astype(np.uint64) << np.uint64(32) | hashes >> np.uint64(32)
    keys = np.unique(keys[within])
    return keys.astype(np.uint32), (keys >> np.uint64(32)).astype(np.int64)


def _signatures(runs: Hashes, sizes: Ints, n_hashes: int) -> Hashes:
    """Return the smallest of each hash per text, by multiply-shift; the largest if it has none.

    References:
        Dietzfelbinger et al. 1997, A reliable randomized algorithm for the closest-pair problem.
    """
    answer = np.full((len(sizes), n_hashes), np.iinfo(np.uint32).max, dtype=np.uint32)
    if not len(runs):
        return answer
    rng = np.random.default_rng(SEED)
    factors = rng.integers(0, 2**63, n_hashes, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    terms = rng.integers(0, 2**63, n_hashes, dtype=np.uint64)
    has_runs = sizes > 0
    starts = (np.cumsum(sizes) - sizes)[has_runs]
    wide = runs.astype(np.uint64)
    for i, (factor, term) in enumerate(zip(factors, terms, strict=True)):
        hashed = ((wide * factor + term) >> np.uint64(32)).astype(np.uint32)
        answer[has_runs, i] = np.minimum.reduceat(hashed, starts)
    return answer
