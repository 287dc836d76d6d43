"""Whether one model is better than another, as a value that windows and tables may read."""

from dataclasses import dataclass
from enum import StrEnum

SURE = 0.05  # the chance of calling equally good models different


class Verdict(StrEnum):
    """What can be said of a model beside another one."""

    BETTER = "better"
    NO_CLEAR_DIFFERENCE = "no clear difference"
    WORSE = "worse"


@dataclass(frozen=True)
class Difference:
    """How much higher a score is than that of the reference.

    Attributes:
        value: in [-1, 1]. low, high: its 95 % interval, of this difference alone.
        p_value: how often models that are equally good would differ at least as much, raised
            by the number of verdicts, so that all of them hold together.
    """

    value: float
    low: float
    high: float
    p_value: float

    @property
    def verdict(self) -> Verdict:
        """What can be said."""
        if self.p_value >= SURE:
            return Verdict.NO_CLEAR_DIFFERENCE
        return Verdict.BETTER if self.value > 0 else Verdict.WORSE


@dataclass(frozen=True)
class Versus:
    """A model beside the reference, on the same texts.

    Attributes:
        n_only_this: texts that it alone answers exactly right.
        n_only_reference: texts that the reference alone does.
        right: of the share of texts answered exactly right.
        f1: of the mean F1 of the concepts; None where it is undefined.
    """

    n_texts: int
    n_only_this: int
    n_only_reference: int
    right: Difference
    f1: Difference | None


@dataclass(frozen=True)
class Basis:
    """What a comparison of models stands on.

    Attributes:
        concepts: those that all of the models know; only they are judged.
        partly_known: the concepts that only some models know, each with the places of those.
        n_texts: that count.
        n_left_out: that not all models were checked on.
        n_reworded: left out as their wording changed in between.
        n_learned: left out as at least one of the models had learned from them.
        has_learned: (n_models,) how many of those that count each had learned from; 0 unless
            there were no others.
        n_relabelled: whose labels changed in between; the newest count for all models.
        seed: of whatever is drawn at random.
    """

    concepts: tuple[str, ...]
    partly_known: dict[str, tuple[int, ...]]
    n_texts: int
    n_left_out: int
    n_reworded: int
    n_learned: int
    has_learned: tuple[int, ...]
    n_relabelled: int
    seed: int
