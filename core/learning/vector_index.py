"""The vectors of an app's texts, kept ready so that a question is compared with all of them.

Up to 200,000 vectors every one is compared in float32. Beyond, all are compared in eight bits
first (a quarter of the memory to go through), and the best few thousand again in full.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.learning.splits import Floats

EXACT = 200_000  # vectors up to which every one is compared in full
COLUMNS = 8  # the product of eight bits is at its fastest with so many columns
HALVES = 2  # a question is split into what eight bits can say, and the rest of it
STEPS = 127
COMPARED_AGAIN = 20  # times as many as are wanted
LEAST_AGAIN = 1_000

Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Ranked:
    """Vectors by their keys, best first, with their scores; exact unless the index `is_coarse`."""

    keys: Keys
    scores: Floats


class VectorIndex:
    """Vectors of unit length by ascending keys; more can be added at the end.

    Attributes:
        dim: of the vectors.
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim
        self._keys: list[Keys] = []
        self._full: list[Floats] = []
        self._bytes: list[torch.Tensor] = []
        self._scales: list[Floats] = []

    def __len__(self) -> int:
        return sum(map(len, self._keys))

    @property
    def is_coarse(self) -> bool:
        """Whether only eight bits of each number are held."""
        return bool(self._bytes)

    @property
    def keys(self) -> Keys:
        """All keys, ascending."""
        if len(self._keys) > 1:
            self._keys = [np.concatenate(self._keys)]
        return self._keys[0] if self._keys else np.empty(0, np.int64)

    def add(self, keys: Keys, vectors: NDArray[Any]) -> None:
        """Add vectors, (n_texts, dim), with keys above those that are there."""
        self._keys.append(keys)
        if not self.is_coarse and len(self) <= EXACT:
            self._full.append(vectors.astype(np.float32))
            return
        for block in (*self._full, vectors):
            self._add_bytes(block)
        self._full = []

    def all_scores(self, question: Floats) -> Floats:
        """Return the score of every vector, (n_texts,), in the order of the keys.

        Args:
            question: (dim,); a score is its product with a vector.
        """
        if not self.is_coarse:
            if len(self._full) > 1:
                self._full = [np.concatenate(self._full)]
            scores: Floats = self._full[0] @ question if self._full else np.empty(0, np.float32)
            return scores
        if len(self._bytes) > 1:
            self._bytes, self._scales = [torch.cat(self._bytes)], [np.concatenate(self._scales)]
        columns, scales = _in_bytes(question)
        products = torch._int_mm(self._bytes[0], columns)[:, :HALVES]  # noqa: SLF001
        coarse: Floats = products.numpy().astype(np.float32) @ scales
        return coarse * self._scales[0]

    def rank(self, question: Floats, most: int) -> Ranked:
        """Return the keys with the highest scores, best first, by what the index holds."""
        scores = self.all_scores(question)
        places = _best(scores, most)
        return Ranked(self.keys[places], scores[places])

    def rank_some(self, question: Floats, keys: Keys) -> Ranked:
        """Return some of the keys, best first; those that are not there are left out."""
        places = np.searchsorted(self.keys, keys)
        places = places[places < len(self)]
        places = places[np.isin(self.keys[places], keys)]
        scores = self.all_scores(question)[places]
        order = np.argsort(-scores, kind="stable")
        return Ranked(self.keys[places[order]], scores[order])

    def blocks(self, question: Floats, most: int) -> Iterator[Ranked]:
        """Yield all vectors, best first, in blocks that grow from `most` on."""
        scores = self.all_scores(question)
        done = 0
        while done < len(scores):
            upto = min(len(scores), done + max(most, 3 * done))
            places = _best(scores, upto)[done:]
            yield Ranked(self.keys[places], scores[places])
            done = upto

    def _add_bytes(self, vectors: NDArray[Any]) -> None:
        rows = vectors.astype(np.float32)
        scales = np.maximum(np.abs(rows).max(axis=1), np.finfo(np.float32).tiny) / STEPS
        self._scales.append(scales)
        self._bytes.append(torch.from_numpy(np.round(rows / scales[:, None]).astype(np.int8)))


def to_compare_again(most: int) -> int:
    """Return how many of the best by eight bits are compared again where so many are wanted."""
    return max(LEAST_AGAIN, COMPARED_AGAIN * most)


def _in_bytes(question: Floats) -> tuple[torch.Tensor, Floats]:
    """Return a question as (dim, 8) bytes, and what the first two columns count.

    The second column is what rounding left of the first, so that only the vectors are rounded.
    """
    columns = np.zeros((len(question), COLUMNS), np.int8)
    scales = np.zeros(HALVES, np.float32)
    rest = question.astype(np.float32)
    for half in range(HALVES):
        scales[half] = max(float(np.abs(rest).max()), float(np.finfo(np.float32).tiny)) / STEPS
        columns[:, half] = np.round(rest / scales[half])
        rest = rest - columns[:, half] * scales[half]
    return torch.from_numpy(columns), scales


def _best(scores: Floats, most: int) -> NDArray[np.intp]:
    """Return the places of the highest scores, best first; of equals, the earlier one."""
    if most >= len(scores):
        return np.argsort(-scores, kind="stable")
    limit = np.partition(scores, len(scores) - most)[len(scores) - most]
    places = np.flatnonzero(scores >= limit)
    return places[np.argsort(-scores[places], kind="stable")][:most]
