"""What a quick model says of texts that it has not seen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from core.jobs import Job
from core.learning.calibration import fit_calibration
from core.learning.embedding_classifier.recipes import (
    Lessons,
    Recipe,
    count_folds,
    predict_out_of_fold,
)
from core.learning.splits import Floats, Ints, Targets

MEANING_ONLY = Recipe(1.0, has_ngrams=False, strength=1.0)


def out_of_fold(  # noqa: PLR0913  # the texts with all that is known of them, and how to learn
    embeddings: NDArray[Any],
    targets: Targets,
    numbers: Ints,
    job: Job,
    *,
    is_exclusive: bool,
    n_folds: int | None = None,
    seed: int = 0,
) -> Floats:
    """Predict every text by a linear head on embeddings that has not seen it or a copy of it.

    Args:
        embeddings: (n_texts, dim) unit vectors of labelled texts.
        targets: (n_texts, n_concepts) 1 where the text carries the concept.
        numbers: (n_texts,) equal for equal texts.
        job: told at every step.
        is_exclusive: whether a text has one concept; softmax, or else a sigmoid for each.
        n_folds: at least 2; five for few texts and three for many if not given.
        seed: decides which texts are checked together.

    Returns:
        (n_texts, n_concepts) calibrated probabilities. All equal where there is nothing to learn:
        fewer than two different texts, or none with a concept.
    """
    shares = targets.astype(np.float32)
    if len(np.unique(numbers)) < 2 or not targets.any():  # noqa: PLR2004
        return np.full(shares.shape, 0.5 / max(1, targets.shape[1]), dtype=np.float32)
    if is_exclusive:
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
    near = embeddings.astype(np.float32)
    near -= near.mean(axis=0)
    no_ngrams = csr_array((len(near), 0), dtype=np.float32)
    lessons = Lessons(near, no_ngrams, shares, numbers, is_exclusive)
    folds = lessons.folds(n_folds or count_folds(len(near)), seed)
    logits = predict_out_of_fold(lessons, MEANING_ONLY, folds, job)
    calibration = fit_calibration(logits, shares, is_exclusive=is_exclusive)
    return calibration.probabilities(logits)
