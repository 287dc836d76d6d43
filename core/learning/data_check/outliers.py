"""Texts that are about something else than all others."""

from dataclasses import dataclass

import numpy as np

from core.learning.data_check.neighbours import NOWHERE, Neighbours
from core.learning.splits import Floats, Ints

DEVIATIONS = 3.5  # as Iglewicz and Hoaglin advise; one text in 4,000 of a normal distribution
MAD_TO_SIGMA = 1.4826
FEWEST_TEXTS = 30  # below, nothing is usual yet


@dataclass(frozen=True)
class Outliers:
    """Texts unlike all others, the strangest first.

    Attributes:
        texts: (n_outliers,) their places in what was searched.
        deviations: (n_outliers,) robust standard deviations below the usual, above 0.
    """

    texts: Ints
    deviations: Floats


def outliers(neighbours: Neighbours, *, deviations: float = DEVIATIONS) -> Outliers:
    """Find texts that are far even from those nearest to them.

    The mean cosine of each text to its k nearest (Ramaswamy, Rastogi and Shim 2000, with the mean
    in place of the last) is compared with the median of all, in units of the median absolute
    deviation (Iglewicz and Hoaglin 1993, the modified z-score).

    Args:
        neighbours: of different texts; equal ones would vouch for each other.
        deviations: how far below the usual a text must be.
    """
    similarities = neighbours.similarities
    if len(similarities) < FEWEST_TEXTS:
        return Outliers(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
    means = np.where(similarities > NOWHERE, similarities, 0).mean(axis=1)
    median = np.median(means)
    spread = MAD_TO_SIGMA * np.median(np.abs(means - median))
    below = ((median - means) / max(float(spread), 1e-6)).astype(np.float32)
    order = np.argsort(-below, kind="stable")
    strange = order[below[order] > deviations]
    return Outliers(strange, below[strange])
