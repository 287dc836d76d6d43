"""Texts that a step could not judge, counted over a whole run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.workflows.expressions import ExpressionSlowError

MOST, SHARE = 20, 0.01  # more than both, and the expression is to blame, not the texts


@dataclass
class Unjudged:
    """How many texts each node was given, and how many of these it could not judge.

    Attributes:
        given, counts: by the node's id.
    """

    given: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, node: str, error: ExpressionSlowError) -> None:
        """Count a text on which an expression took too long.

        Raises:
            ExpressionSlowError: there are too many of them.
        """
        self.counts[node] += 1
        n = self.counts[node]
        if n > MOST and n > SHARE * self.given[node]:
            raise ExpressionSlowError(error.expression, n) from error

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return the counts as JSON can hold them."""
        return {"given": dict(self.given), "counts": dict(self.counts)}

    @classmethod
    def of(cls, kept: Mapping[str, Mapping[str, int]]) -> "Unjudged":
        """Return what `as_json` returned as counts again.

        Raises:
            KeyError, TypeError: it is something else.
        """
        return cls(Counter(kept["given"]), Counter(kept["counts"]))
