"""How the labels are spread over the concepts."""

from dataclasses import dataclass

import numpy as np

from core.learning.splits import Ints, Targets

FEWEST_TEXTS = 10  # of a concept; below, cross-validation cannot judge it


@dataclass(frozen=True)
class Balance:
    """How the labels are spread.

    Attributes:
        n_per_concept: (n_concepts,) texts that carry each concept.
        too_few: the columns of the concepts with too few texts, the rarest first.
        ratio: texts of the largest concept to texts of the smallest that has any; 1 if none has.
        n_unlabelled: texts without any label.
        unlabelled_share: of all texts, in [0, 1]; 0 if there are none.
    """

    n_per_concept: Ints
    too_few: Ints
    ratio: float
    n_unlabelled: int
    unlabelled_share: float


def balance(labels: Targets, *, fewest: int = FEWEST_TEXTS) -> Balance:
    """Count the labels.

    Args:
        labels: (n_texts, n_concepts): 1 said to be present, -1 said to be absent, 0 not said.
        fewest: texts that a concept should have.
    """
    counts = np.asarray((labels > 0).sum(axis=0, dtype=np.int64))
    order = np.argsort(counts, kind="stable")
    used = counts[counts > 0]
    n_unlabelled = len(labels) - int((labels != 0).any(axis=1).sum())
    return Balance(
        n_per_concept=counts,
        too_few=order[counts[order] < fewest],
        ratio=float(used.max() / used.min()) if len(used) else 1.0,
        n_unlabelled=n_unlabelled,
        unlabelled_share=n_unlabelled / max(len(labels), 1),
    )
