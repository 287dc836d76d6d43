"""The part of the texts that a deep training keeps apart to be checked on."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.learning.splits import Ints, groups_of, rarest_concept, split_by_shares
from core.operations.training_data import LabelledTexts

SHARE = 0.2
FEWEST = 50  # texts; of fewer, a fifth tells nothing


def hold_out(labelled: LabelledTexts, seed: int) -> tuple[LabelledTexts, LabelledTexts]:
    """Return the texts to learn from, and a fifth to check on, every concept by its share.

    The same texts and seed are parted in the same way again. Equal texts stay together.
    """
    if len(labelled.texts) < FEWEST:
        return labelled, only(labelled, np.empty(0, np.int64))
    strata = rarest_concept(labelled.targets).tolist()
    learned, checked = part(labelled.texts, seed, strata=strata)
    return only(labelled, learned), only(labelled, checked)


def part(
    texts: Sequence[str], seed: int, *, strata: Sequence[int] = (), most: int = 0
) -> tuple[Ints, Ints]:
    """Return the places of the texts to learn from, and those of a fifth to check on.

    Equal texts stay together.

    Args:
        texts: all of them.
        seed: decides which texts are checked on.
        strata: (n_texts,) what each text counts as, to be dealt by its share; empty for all alike.
        most: texts to check on; 0 for no limit.
    """
    share = min(SHARE, most / len(texts)) if most and texts else SHARE
    groups = groups_of(texts).tolist()
    shares = np.array([1 - share, share])
    sides = split_by_shares(strata or [0] * len(texts), groups, shares, seed)
    return np.flatnonzero(sides == 0), np.flatnonzero(sides == 1)


def only(labelled: LabelledTexts, places: Ints) -> LabelledTexts:
    """Return some of the texts."""
    return replace(
        labelled,
        texts=[labelled.texts[i] for i in places],
        targets=labelled.targets[places],
        input_ids=labelled.input_ids[places],
        is_reviewed=None if labelled.is_reviewed is None else labelled.is_reviewed[places],
    )
