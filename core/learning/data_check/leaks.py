"""Texts kept for checking that the model has already seen in training."""

from collections.abc import Sequence

import numpy as np

from core.learning.data_check.pairs import Pairs
from core.learning.splits import Ints

TRAIN = "train"
HELD_OUT = ("test", "validation")


def leaks(splits: Sequence[str], numbers: Ints, pairs: Pairs) -> Pairs:
    """Find texts for testing or validation that are also, or nearly, among those for training.

    Args:
        splits: (n_texts,) "train", "validation", "test" or "" (kept for nothing yet).
        numbers: (n_texts,) equal for equal texts, from `numbers_of_texts`.
        pairs: of similar texts, one of each number; as similar as the analyst asks for.

    Returns:
        `one` is the text held out, each at most once, and `other` the most similar text for
        training; similarity 1 for equal texts. The most similar first.
    """
    split = np.array(splits, dtype=str)
    train_of, similarity = _nearest_training_text(split, numbers, pairs)
    held_out = np.flatnonzero(np.isin(split, HELD_OUT))
    seen = held_out[train_of[numbers[held_out]] >= 0]
    order = np.argsort(-similarity[numbers[seen]], kind="stable")
    seen = seen[order]
    return Pairs(seen, train_of[numbers[seen]], similarity[numbers[seen]])


def _nearest_training_text(
    split: np.ndarray, numbers: Ints, pairs: Pairs
) -> tuple[Ints, np.ndarray]:
    """Return, per number, the most similar text for training, -1 if none, and how similar."""
    n_numbers = int(numbers.max(initial=-1)) + 1
    own = np.full(n_numbers, -1, dtype=np.int64)
    for_training = np.flatnonzero(split == TRAIN)[::-1]
    own[numbers[for_training]] = for_training  # the first of them is written last
    nearest, similarity = own.copy(), np.where(own >= 0, 1, 0).astype(np.float32)
    asking = numbers[np.concatenate([pairs.one, pairs.other])]
    asked = numbers[np.concatenate([pairs.other, pairs.one])]
    values = np.tile(pairs.similarity, 2)
    useful = np.flatnonzero((own[asked] >= 0) & (own[asking] < 0))
    rising = useful[np.argsort(values[useful], kind="stable")]
    nearest[asking[rising]] = own[asked[rising]]
    similarity[asking[rising]] = values[rising]
    return nearest, similarity
