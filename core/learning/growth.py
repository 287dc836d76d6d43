"""How the scores of models grew with the texts that they learned from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from core.learning.extrapolation import Forecast
from core.learning.intervals import Estimate

SCORES = ("f1", "accuracy")


@dataclass(frozen=True)
class CurvePoint:
    """What models of a share of the texts were worth.

    Attributes:
        share: of the texts that could be learned from, in (0, 1].
        n_texts: how many those are. n_models: how many models were learned and checked.
        f1: mean over the concepts.
        accuracy: of exclusive concepts the share of right answers, else of texts whose
            predicted concepts are exactly the right ones.
    """

    share: float
    n_texts: int
    n_models: int
    f1: Estimate
    accuracy: Estimate


@dataclass(frozen=True)
class LearningCurve:
    """How scores grew with the texts learned from.

    Attributes:
        points: by rising share.
        n_labelled: texts that the model itself learned from.
        n_checked: held-out texts that every point is checked on.
        n_rounds: 1 where they were kept for checking, else the rounds of cross-validation.
        f1, accuracy: the forecasts for twice the labels; None where it cannot be told.
    """

    points: tuple[CurvePoint, ...]
    n_labelled: int
    n_checked: int
    n_rounds: int
    f1: Forecast | None
    accuracy: Forecast | None

    def to_json(self) -> dict[str, Any]:
        """Return the curve as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "LearningCurve":
        """Return the curve that `to_json` gave."""
        points = tuple(
            CurvePoint(**point | {score: Estimate(**point[score]) for score in SCORES})
            for point in values["points"]
        )
        forecasts = {s: values[s] and Forecast.from_json(values[s]) for s in SCORES}
        return cls(**{**values, "points": points, **forecasts})
