"""What a label means when training, and which texts are checked against which."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.i18n import _
from core.jobs import Job

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Targets = NDArray[np.int8]

T = TypeVar("T")


def targets_from_annotations(
    annotations: Sequence[Mapping[str, bool]], concepts: Sequence[str]
) -> tuple[Ints, Targets]:
    """Say what every annotated text teaches about every concept.

    Args:
        annotations: per text, the concepts a person judged: present (True) or absent (False).
        concepts: the concepts of the model.

    Returns:
        The positions of the texts that teach something, and their targets, (n_texts, n_concepts):
        1 where the concept was judged present, 0 everywhere else. A present concept says that all
        others are absent; a text with absent concepts only is an example of none of them (a row
        of zeros); a text without annotations teaches nothing and is left out.
    """
    column = {concept: i for i, concept in enumerate(concepts)}
    used = np.array([i for i, judged in enumerate(annotations) if judged], dtype=np.int64)
    targets = np.zeros((len(used), len(concepts)), dtype=np.int8)
    for row, i in enumerate(used):
        for concept, is_present in annotations[i].items():
            if is_present and concept in column:
                targets[row, column[concept]] = 1
    return used, targets


def normalised(text: str) -> str:
    """Return the text as far as it tells duplicates apart: no case, no width, no runs of space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def groups_of(texts: Sequence[str]) -> Ints:
    """Number the different texts: equal texts get equal numbers, (n_texts,) from 0."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(normalised(t), len(numbers)) for t in texts], np.int64)


def rarest_concept(targets: Targets) -> Ints:
    """Return the rarest of the concepts that each text carries, (n_texts,); n_concepts if none."""
    n_positives = targets.sum(axis=0, dtype=np.int64)
    rarity = np.where(targets == 1, n_positives, len(targets) + 1)
    rarest: Ints = np.where(targets.any(axis=1), rarity.argmin(axis=1), targets.shape[1])
    return rarest


def stratified_folds(targets: Targets, groups: Ints, n_folds: int, seed: int) -> Ints:
    """Deal the texts to folds so that every fold sees every concept as evenly as possible.

    Equal texts stay together. Each is dealt as an example of the rarest concept it carries, so
    two examples of a concept always lie in two folds; texts with no concept are dealt last.

    Args:
        targets: (n_texts, n_concepts), 1 where the text carries the concept.
        groups: (n_texts,) from `groups_of`.
        n_folds: at least 2; folds stay empty when there are fewer different texts.
        seed: decides which texts meet.

    Returns:
        (n_texts,) the fold of every text, in [0, n_folds).
    """
    rarest = rarest_concept(targets)
    _unique, first, group_of = np.unique(groups, return_index=True, return_inverse=True)
    shuffled = np.random.default_rng(seed).permutation(len(first))
    order = shuffled[np.argsort(rarest[first][shuffled], kind="stable")]
    fold_of_group = np.empty(len(first), dtype=np.int64)
    fold_of_group[order] = np.arange(len(order)) % n_folds
    folds: Ints = fold_of_group[group_of]
    return folds


def split_by_shares(
    strata: Sequence[int], groups: Sequence[int], shares: NDArray[np.float64], seed: int
) -> Ints:
    """Deal texts to sides by shares, so that every stratum is dealt by these shares.

    Equal texts stay together and count as what the first of them is. What the shares of a small
    stratum leave over is dealt to the sides that have the least of what they should have.

    Args:
        strata: (n_texts,) what each text counts as, such as the number of its concepts.
        groups: (n_texts,) a number that equal texts share.
        shares: (n_sides,) in [0, 1], 1 together.
        seed: decides which texts meet.

    Returns:
        (n_texts,) the side of every text, in [0, n_sides).
    """
    if not len(groups):
        return np.empty(0, np.int64)
    _unique, first, group_of, sizes = np.unique(
        groups, return_index=True, return_inverse=True, return_counts=True
    )
    stratum = np.asarray(strata, np.int64)[first]
    order = np.random.default_rng(seed).permutation(len(first))
    order = order[np.argsort(stratum[order], kind="stable")]
    sides = np.empty(len(first), np.int64)
    wanted, given = np.zeros(len(shares)), np.zeros(len(shares))
    for i in order:  # along the strata, so that each gets its shares and the rest evens out
        wanted += shares * sizes[i]
        side = int(np.argmax(wanted - given))
        given[side] += sizes[i]
        sides[i] = side
    answer: Ints = sides[group_of]
    return answer


def cross_validate(
    folds: Ints, learn: Callable[[Ints], Callable[[Ints], Floats]], job: Job
) -> Floats:
    """Predict every text by a model that has not seen it.

    Args:
        folds: (n_texts,) from `stratified_folds`; every text is checked once, with its fold.
        learn: given the positions to learn from, returns what predicts other positions,
            (n_positions, n_concepts).
        job: told before each fold.

    Returns:
        (n_texts, n_concepts) what was predicted out of fold.
    """
    predicted = [
        (checked, learn(learned)(checked))
        for learned, checked in job.track(list(_rounds(folds)), _("Checking"))
    ]
    columns = predicted[0][1].shape[1]
    answer = np.empty((len(folds), columns), dtype=np.float32)
    for checked, values in predicted:
        answer[checked] = values
    return answer


def _rounds(folds: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield, for each fold that has texts, the positions to learn from and those to check."""
    for fold in np.unique(folds):
        yield np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
