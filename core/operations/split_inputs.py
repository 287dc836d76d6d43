"""Keep some inputs for checking: split them by shares, evenly over the concepts."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.operations.parts import in_parts
from core.records import SPLITS
from core.storage.database import Database, chunks
from core.storage.filters import Selection, selected_ids
from core.storage.inputs import get_inputs, update_splits

READ_AT_ONCE = 5_000


class SharesError(UserError):
    """The shares do not make a whole."""

    def __init__(self) -> None:
        super().__init__(
            _("The shares must be numbers from 0 to 100 that make 100 together."),
            next_step=_("For example 80 for train, 10 for validation and 10 for test."),
        )


@dataclass(frozen=True)
class SplitRequest:
    """How to split inputs.

    Attributes:
        train, validation, test: shares in per cent, 100 together.
        seed: the same inputs with the same seed are always split alike.
        is_stratified: every concept is split by these shares, as far as it has texts enough.
    """

    inputs: Selection
    train: float = 80
    validation: float = 10
    test: float = 10
    seed: int = 555
    is_stratified: bool = True

    def __post_init__(self) -> None:
        """Refuse shares that make no whole.

        Raises:
            SharesError: they do not.
        """
        if min(self.shares) < 0 or not math.isclose(sum(self.shares), 100):
            raise SharesError

    @property
    def shares(self) -> tuple[float, float, float]:
        """The shares in the order of `SPLITS`."""
        return self.train, self.validation, self.test


@dataclass(frozen=True)
class SplitResult:
    """How many inputs each split got."""

    counts: dict[str, int]
    changes: Changes = Changes.INPUTS | Changes.DATASETS


def split_inputs(app: AppFolder, request: SplitRequest, job: Job) -> SplitResult:
    """Split inputs by shares; equal texts always fall on one side. One step of undo."""
    from core.learning.splits import split_by_shares

    with app.database() as db:
        ids = selected_ids(db, request.inputs)
        strata, groups = _strata_and_groups(db, ids, job, is_stratified=request.is_stratified)
        shares = np.array(request.shares) / 100
        sides = split_by_shares(strata, groups, shares, request.seed)
        split_of = {i: SPLITS[side] for i, side in zip(ids, sides.tolist(), strict=True)}
        with in_parts(db, ids, _("split texts into train, validation, test"), job) as parts:
            for _step_id, some in parts:
                update_splits(db, ((input_id, split_of[input_id]) for input_id in some))
    return SplitResult(dict(Counter(split_of.values())))


def _strata_and_groups(
    db: Database, ids: Sequence[int], job: Job, *, is_stratified: bool
) -> tuple[list[int], list[int]]:
    """Return for every input what it counts as, and the number that equal texts share."""
    from core.learning.splits import normalised

    strata: dict[tuple[int, ...], int] = {}
    groups: dict[int, int] = {}
    stratum_of, group_of = [], []
    for n_done, some in enumerate(chunks(ids, READ_AT_ONCE)):
        job.report(_("Reading texts"), n_done * READ_AT_ONCE, len(ids))
        for found in get_inputs(db, some):
            said = found.positive if is_stratified else ()
            stratum_of.append(strata.setdefault(said, len(strata)))
            group_of.append(groups.setdefault(hash(normalised(found.text)), len(groups)))
    return stratum_of, group_of
