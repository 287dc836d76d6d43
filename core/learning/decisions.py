"""From probabilities to the answer: from which probability on a concept counts."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.learning.splits import Floats

Bools = NDArray[np.bool_]

USUAL = 0.5  # from one half on, a concept that stands for itself counts


def decide(probabilities: Floats, thresholds: Floats, *, is_exclusive: bool) -> Bools:
    """Say which concepts are the answer for each text.

    Where a text has exactly one concept it is the most probable one, if that reaches its
    threshold; else there is no answer, and the text is left to a person.

    Args:
        probabilities: (n_texts, n_concepts).
        thresholds: (n_concepts,) from which probability on each concept counts.
        is_exclusive: whether a text has exactly one concept.

    Returns:
        (n_texts, n_concepts).
    """
    counts = np.asarray(probabilities >= thresholds)
    if is_exclusive:
        places = np.arange(probabilities.shape[1])
        counts &= places == probabilities.argmax(axis=1)[:, None]
    return counts


def usual_thresholds(n_concepts: int, *, is_exclusive: bool) -> Floats:
    """Return the thresholds that hold where nobody chose any: the best concept, or one half."""
    return np.full(n_concepts, 0.0 if is_exclusive else USUAL, np.float32)


def thresholds_of(
    concepts: Sequence[str], chosen: Mapping[str, float], *, is_exclusive: bool
) -> Floats:
    """Return the threshold of each concept, (n_concepts,): the chosen ones, else the usual."""
    usual = usual_thresholds(len(concepts), is_exclusive=is_exclusive)
    found = [chosen.get(name, float(low)) for name, low in zip(concepts, usual, strict=True)]
    return np.array(found, np.float32)
