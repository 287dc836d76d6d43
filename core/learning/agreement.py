"""How far two people who labelled the same texts agree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

Pairs = Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class Agreement:
    """How far two people agree on one concept.

    Attributes:
        concept: its name; "" for all of them together.
        n_texts: that both labelled.
        n_both, n_mine, n_theirs: texts that carry it for both, for the one, for the other.
        share: of the texts on which they agree, in [0, 1].
        kappa: Cohen's, in [-1, 1]: 0 is what chance gives, 1 is complete; None where it is
            undefined, as where both say the same of every text.
    """

    concept: str
    n_texts: int
    n_both: int
    n_mine: int
    n_theirs: int
    share: float
    kappa: float | None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return asdict(self)


@dataclass
class Tally:
    """Counts what two people said of texts, one text after the other.

    Attributes:
        n_texts: that both labelled.
        n_agreed: of which both said the same.
    """

    n_texts: int = 0
    n_agreed: int = 0

    def __post_init__(self) -> None:
        self._both: Counter[int] = Counter()
        self._mine: Counter[int] = Counter()
        self._theirs: Counter[int] = Counter()
        self._pairs: Counter[tuple[int, int]] = Counter()
        self._has_several = False

    def add(self, mine: Sequence[int], theirs: Sequence[int]) -> bool:
        """Count one text by the keys of its concepts; return whether both say the same."""
        one, other = set(mine), set(theirs)
        self.n_texts += 1
        self.n_agreed += one == other
        self._both.update(one & other)
        self._mine.update(one)
        self._theirs.update(other)
        self._has_several |= len(one) > 1 or len(other) > 1
        if not self._has_several:
            self._pairs[min(one, default=-1), min(other, default=-1)] += 1
        return one == other

    def agreements(self, names: Mapping[int, str]) -> list[Agreement]:
        """Return how far both agree on each concept that one of them gave, the least first."""
        keys = [key for key in names if self._mine[key] or self._theirs[key]]
        found = [self._of(key, names[key]) for key in keys]
        return sorted(found, key=lambda one: (one.share, one.concept))

    def whole(self) -> Agreement:
        """Return how far both agree on all concepts of a text together.

        Kappa is told where every text has at most one concept.
        """
        share = self.n_agreed / self.n_texts if self.n_texts else 0.0
        kappa = None if self._has_several else kappa_of(self._pairs)
        return Agreement("", self.n_texts, self.n_agreed, 0, 0, share, kappa)

    def _of(self, key: int, name: str) -> Agreement:
        both, mine, theirs = self._both[key], self._mine[key], self._theirs[key]
        neither = self.n_texts - mine - theirs + both
        pairs = {(1, 1): both, (1, 0): mine - both, (0, 1): theirs - both, (0, 0): neither}
        share = (both + neither) / self.n_texts
        return Agreement(name, self.n_texts, both, mine, theirs, share, kappa_of(pairs))


def kappa_of(pairs: Pairs) -> float | None:
    """Return Cohen's kappa of what two people said, by how often each pair of answers came.

    References:
        Cohen 1960, A Coefficient of Agreement for Nominal Scales.
    """
    from sklearn.metrics import cohen_kappa_score  # a second to import

    counted = {pair: n for pair, n in pairs.items() if n}
    if len({answer for pair in counted for answer in pair}) < 2:  # noqa: PLR2004
        return None
    mine, theirs = zip(*counted, strict=True)
    value = float(cohen_kappa_score(mine, theirs, sample_weight=list(counted.values())))
    return value if np.isfinite(value) else None
