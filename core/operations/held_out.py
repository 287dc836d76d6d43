"""The part of the texts that a deep training keeps apart to be checked on."""

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
    shares = np.array([1 - SHARE, SHARE])
    sides = split_by_shares(strata, groups_of(labelled.texts).tolist(), shares, seed)
    return only(labelled, np.flatnonzero(sides == 0)), only(labelled, np.flatnonzero(sides == 1))


def only(labelled: LabelledTexts, places: Ints) -> LabelledTexts:
    """Return some of the texts."""
    return replace(
        labelled,
        texts=[labelled.texts[i] for i in places],
        targets=labelled.targets[places],
        input_ids=labelled.input_ids[places],
    )
