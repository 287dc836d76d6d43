"""What each remedy of the data check does to the texts of one finding."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.learning.data_check.personal_data import hits_in, masked
from core.records import Input, Status

TRAIN = "train"


@dataclass(frozen=True)
class Change:
    """What is done to one input; what is not said stays as it is.

    Attributes:
        labels: concepts with what is said of them from now on; None takes it back.
    """

    labels: tuple[tuple[int, bool | None], ...] = ()
    is_cleared: bool = False
    status: Status | None = None
    split: str = ""
    text: str = ""
    target: str = ""
    is_binned: bool = False
    is_taken_out: bool = False


Changes = dict[int, Change]

_SAME_FOR_ALL = {
    "unsure": Change(is_cleared=True, status=Status.UNSURE),
    "clear": Change(is_cleared=True, status=Status.NONE),
    "bin": Change(is_binned=True),
    "take-out": Change(is_taken_out=True),
}


def plan(
    cure: str,
    members: Sequence[Input],
    detail: Mapping[str, Any],
    planned: Mapping[int, Change],
    *,
    is_exclusive: bool,
) -> Changes | None:
    """Return what a remedy does to the texts of one finding; None if it cannot decide.

    Args:
        cure: a key of `finding_kinds.CURES`.
        members: the texts of the finding that are as they were found.
        detail: what else the check knows of it.
        planned: what is done for other findings.
        is_exclusive: whether a text has one concept at most.
    """
    match cure:
        case "keep-one":
            return _keep_one(members, planned, is_exclusive=is_exclusive)
        case "majority":
            return _follow_majority(members, detail["concepts"])
        case "suggestion":
            labels = [(detail["given"], None), (detail["suggested"], True)]
            known = tuple((concept, said) for concept, said in labels if concept)
            return {item.id: Change(known, status=Status.NONE) for item in members}
        case "hold-out" | "bin-training":
            return _mend_leak(cure, members)
        case "mask":
            return {i.id: Change(text=masked(i.text, hits_in(i.text))) for i in members}
    return {item.id: _SAME_FOR_ALL[cure] for item in members}


def _keep_one(
    members: Sequence[Input], planned: Mapping[int, Change], *, is_exclusive: bool
) -> Changes | None:
    """Keep the first text that has labels, or else the first; give it what is said of the others.

    Undecided where they contradict each other: that is a finding of its own.
    """
    left = [item for item in members if not (item.id in planned and planned[item.id].is_binned)]
    if len(left) < 2:  # noqa: PLR2004  # another finding has taken the other one
        return {}
    said: dict[int, set[bool]] = {}
    for item in left:
        for concept, positive in _labels_of(item, planned).items():
            said.setdefault(concept, set()).add(positive)
    n_carried = sum(True in answers for answers in said.values())
    targets = {_target_of(item, planned) for item in left} - {""}
    is_contradictory = any(len(answers) > 1 for answers in said.values()) or len(targets) > 1
    if is_contradictory or (is_exclusive and n_carried > 1):
        return None
    kept = next((item for item in left if item.is_labelled), left[0])
    own = _labels_of(kept, {})
    added = tuple((c, answer) for c, (answer,) in said.items() if c not in own)
    changes = {item.id: Change(is_binned=True) for item in left if item is not kept}
    target = "" if _target_of(kept, planned) else "".join(targets)
    if added or target:
        known = planned.get(kept.id, Change())
        labels, target = added or known.labels, target or known.target
        changes[kept.id] = replace(known, labels=labels, target=target)
    return changes


def _target_of(item: Input, planned: Mapping[int, Change]) -> str:
    return planned.get(item.id, Change()).target or item.target


def _labels_of(item: Input, planned: Mapping[int, Change]) -> dict[int, bool]:
    """Return what is said of an input by concept, with what is planned."""
    labels = dict.fromkeys(item.positive, True) | dict.fromkeys(item.negative, False)
    change = planned.get(item.id, Change())
    return labels | {concept: said for concept, said in change.labels if said is not None}


def _follow_majority(members: Sequence[Input], disputed: Sequence[int]) -> Changes | None:
    """Say of all texts what most of them say of the concepts in dispute; a tie is undecided."""
    answers = {
        item.id: frozenset(
            (concept, said) for concept, said in _labels_of(item, {}).items() if concept in disputed
        )
        for item in members
    }
    votes = Counter(answer for answer in answers.values() if answer).most_common(2)
    if not votes or (len(votes) > 1 and votes[0][1] == votes[1][1]):
        return None
    winner = dict(votes[0][0])
    labels = tuple((concept, winner.get(concept)) for concept in disputed)
    return {
        input_id: Change(labels, status=Status.NONE)
        for input_id, answer in answers.items()
        if answer != votes[0][0]
    }


def _mend_leak(cure: str, members: Sequence[Input]) -> Changes:
    """Move the texts for training to the side of the one held out, or into the bin."""
    held_out = next(item.split for item in members if item.split != TRAIN)
    change = Change(split=held_out) if cure == "hold-out" else Change(is_binned=True)
    return {item.id: change for item in members if item.split == TRAIN}
