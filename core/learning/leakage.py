"""Which checked texts the model had already seen, word for word or nearly so."""

from collections.abc import Sequence

import numpy as np

from core.jobs import Job
from core.learning.data_check.duplicates import (
    first_of_equal,
    near_in_wording,
    numbers_of_texts,
)
from core.learning.scored import NEARLY_SEEN, NOT_SEEN, SEEN
from core.learning.splits import Ints

NEARLY = 0.8  # of their runs of four characters are shared


def seen_among(checked: Sequence[str], learned: Sequence[str], job: Job) -> Ints:
    """Tell which texts are also among those learned from, (n_checked,); see `Scored.seen`."""
    sides = np.repeat([0, 1], [len(checked), len(learned)])
    return _seen([*checked, *learned], sides, job)[: len(checked)]


def seen_across(texts: Sequence[str], folds: Ints, job: Job) -> Ints:
    """Tell which texts are also in a fold that their model learned from, (n_texts,)."""
    return _seen(texts, folds, job)


def _seen(texts: Sequence[str], sides: Ints, job: Job) -> Ints:
    """Tell of each text whether it, or nearly the same, stands on another side as well."""
    numbers = numbers_of_texts(texts, job)
    pairs = near_in_wording(texts, first_of_equal(numbers), job, at_least=NEARLY)
    n_numbers = int(numbers.max(initial=-1)) + 1
    first, last = np.full(n_numbers, np.iinfo(np.int64).max), np.full(n_numbers, -1)
    np.minimum.at(first, numbers, sides)  # of the sides that a text stands on
    np.maximum.at(last, numbers, sides)
    seen = np.where((first[numbers] < sides) | (last[numbers] > sides), SEEN, NOT_SEEN)
    one, other = numbers[pairs.one], numbers[pairs.other]
    near_first, near_last = first.copy(), last.copy()  # of the sides of all that is near
    for asking, asked in ((one, other), (other, one)):
        np.minimum.at(near_first, asking, first[asked])
        np.maximum.at(near_last, asking, last[asked])
    is_near = (near_first[numbers] < sides) | (near_last[numbers] > sides)
    return np.where((seen == NOT_SEEN) & is_near, NEARLY_SEEN, seen).astype(np.int64)
