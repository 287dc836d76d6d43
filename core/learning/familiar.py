"""Whether a text is unlike anything that a model learned from.

It is, if the nearest text of the training is farther from it than nearly all texts of the
training are from their own nearest neighbour. Both are measured as the cosine of embeddings seen
from the mean of the training, so that what all its texts share counts for nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.learning.decisions import Bools
from core.learning.splits import Floats, Ints

UNLIKE_SHARE = 0.02  # of texts like those of the training that are taken for unlike them
FEWEST_TEXTS = 50  # distinct ones; with fewer such a share cannot be measured
KEPT_TEXTS = 1_000  # that stand for the training
AT_ONCE = 4_096


@dataclass(frozen=True)
class Familiar:
    """Knows texts of the training.

    Attributes:
        texts: (n_kept, dim) embeddings as seen from the mean of the training, of unit length.
        limit: the lowest cosine to the nearest of them that is still like the training.
    """

    texts: NDArray[np.float16]
    limit: float

    def are_unlike(self, embeddings: Floats) -> Bools:
        """Tell which texts, seen from the same mean, are unlike any of these, (n_texts,)."""
        return np.asarray(nearest(embeddings, self.texts) < self.limit)


def fit_familiar(embeddings: Floats, groups: Ints, seed: int) -> Familiar | None:
    """Measure how near texts of the training are to each other.

    Where there are more texts than are kept, it is measured on some of the others; else each
    text's nearest is found among the others.

    Args:
        embeddings: (n_texts, dim) as seen from their mean, of unit length.
        groups: (n_texts,) equal for texts that count as the same.
        seed: chooses the texts that are kept.

    Returns:
        None where there are too few texts to tell.
    """
    distinct = np.unique(groups, return_index=True)[1]
    if len(distinct) < FEWEST_TEXTS:
        return None
    shuffled = np.random.default_rng(seed).permutation(distinct)
    kept = embeddings[shuffled[:KEPT_TEXTS]].astype(np.float16)
    others = embeddings[shuffled[KEPT_TEXTS : 2 * KEPT_TEXTS]]
    if len(others) >= FEWEST_TEXTS:
        near = nearest(others, kept)
    else:
        near = _nearest_other(kept.astype(np.float32))
    return Familiar(kept, float(np.quantile(near, UNLIKE_SHARE)))


def nearest(embeddings: Floats, known: NDArray[np.float16]) -> Floats:
    """Return the highest cosine of each text to a known one, (n_texts,) in [-1, 1]."""
    across = known.astype(np.float32).T
    found = [
        (embeddings[start : start + AT_ONCE] @ across).max(axis=1)
        for start in range(0, len(embeddings), AT_ONCE)
    ]
    return np.concatenate(found) if found else np.empty(0, np.float32)


def _nearest_other(known: Floats) -> Floats:
    near = known @ known.T
    np.fill_diagonal(near, -1)
    return np.asarray(near.max(axis=1))
