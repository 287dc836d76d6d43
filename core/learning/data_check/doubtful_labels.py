"""Labels that a model which has not seen them doubts: confident learning."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.splits import Floats, Ints, Targets


@dataclass(frozen=True)
class Doubts:
    """Doubted labels, the most doubtful first; all arrays are (n_doubts,).

    Attributes:
        texts: the number of the text.
        given: the column of the concept it carries and should perhaps not; -1 if it may only lack
            one.
        suggested: the column of the concept it should perhaps carry; -1 if it may only have one
            too many.
        self_confidence: the probability in [0, 1] of the label as it was given.
        margin: how much more probable the suggestion is, in (-1, 1].
    """

    texts: Ints
    given: Ints
    suggested: Ints
    self_confidence: Floats
    margin: Floats


def doubtful_labels(probabilities: Floats, targets: Targets, *, is_exclusive: bool) -> Doubts:
    """Find the labels that are probably wrong.

    A text counts as confidently of a class j if p(j|x) reaches t_j, the mean of p(j|x) over the
    texts labelled j; of several such classes the most probable counts. A label is doubted where
    that is another class than the given one: off the diagonal of the paper's confident joint.
    Doubts are ranked by its normalised margin, p(given|x) - p(suggested|x).

    Where concepts do not exclude each other, each is looked at by itself, as carried or not.

    Args:
        probabilities: (n_texts, n_concepts) in [0, 1], of a model that has not seen the text.
        targets: (n_texts, n_concepts) 1 where the text carries the concept. Exclusive: texts
            with no concept or several are passed over.
        is_exclusive: whether a text has one concept.

    References:
        Northcutt, Jiang and Chuang 2021, Confident Learning: Estimating Uncertainty in Dataset
        Labels, JAIR 70, arXiv:1911.00068, sections 3.1 (thresholds, confident joint) and 3.2.
    """
    if targets.shape[1] > 1 and is_exclusive:
        return _ranked(*_of_exclusive(probabilities, targets))
    return _ranked(*_of_independent(probabilities, targets))


def _of_exclusive(probabilities: Floats, targets: Targets) -> tuple[NDArray[Any], ...]:
    texts = np.flatnonzero((targets > 0).sum(axis=1) == 1)
    given = targets[texts].argmax(axis=1)
    p = probabilities[texts]
    rows = np.arange(len(texts))
    self_confidence = p[rows, given]
    counts = np.bincount(given, minlength=targets.shape[1])
    sums = np.bincount(given, weights=self_confidence, minlength=targets.shape[1])
    thresholds = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    confident = np.where(p >= thresholds.astype(np.float32), p, -1)
    suggested = confident.argmax(axis=1)
    doubted = np.flatnonzero((confident[rows, suggested] >= 0) & (suggested != given))
    best = p[doubted, suggested[doubted]]
    margin = best - self_confidence[doubted]
    return texts[doubted], given[doubted], suggested[doubted], self_confidence[doubted], margin


def _of_independent(probabilities: Floats, targets: Targets) -> tuple[NDArray[Any], ...]:
    carried = targets > 0
    n_carried = carried.sum(axis=0)
    present = np.where(carried, probabilities, 0).sum(axis=0) / np.maximum(n_carried, 1)
    n_absent = np.maximum(len(targets) - n_carried, 1)
    absent = np.where(carried, 0, 1 - probabilities).sum(axis=0) / n_absent
    says_present = (probabilities >= present) & (probabilities > 1 - probabilities)
    says_absent = (1 - probabilities >= absent) & (probabilities < 1 - probabilities)
    too_many = carried & says_absent & (n_carried < len(targets))
    missing = ~carried & says_present & (n_carried > 0)
    texts, concepts = np.nonzero(too_many | missing)
    is_given = carried[texts, concepts]
    p = probabilities[texts, concepts]
    self_confidence = np.where(is_given, p, 1 - p)
    given, suggested = np.where(is_given, concepts, -1), np.where(is_given, -1, concepts)
    return texts, given, suggested, self_confidence, 1 - 2 * self_confidence


def _ranked(
    texts: NDArray[Any],
    given: NDArray[Any],
    suggested: NDArray[Any],
    self_confidence: NDArray[Any],
    margin: NDArray[Any],
) -> Doubts:
    order = np.argsort(-margin, kind="stable")
    return Doubts(
        texts[order].astype(np.int64),
        given[order].astype(np.int64),
        suggested[order].astype(np.int64),
        self_confidence[order].astype(np.float32),
        margin[order].astype(np.float32),
    )
