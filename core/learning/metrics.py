"""How right predictions are: headline scores with their uncertainty, and scores per concept.

What cannot be said is None and is counted, never passed over in silence: a concept that is never
predicted has no precision, and counts as 0 in the mean; a concept without texts has no recall,
and a concept without both kinds of texts no ROC AUC, and is left out of the mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from core.learning.splits import Floats, Targets

N_RESAMPLES = 1_000
RESAMPLES_AT_ONCE = 50
INTERVAL = (0.025, 0.975)
NORMAL_95 = 1.959964  # standard deviations on either side that hold 95 % of a normal distribution

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A score in [0, 1] and its 95 % interval; all None where it is undefined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ConceptScores:
    """How right the predictions of one concept are.

    Attributes:
        n_positive: texts that carry it. n_predicted: texts predicted to carry it.
        tp: texts that do both. fp: only the latter. fn: only the former.
        precision: None if it is never predicted. recall: None if no text carries it.
        f1: None if neither. roc_auc, average_precision: None unless some texts carry it; ROC AUC
            also needs some that do not.
        never_predicted: though texts carry it.
    """

    name: str
    n_positive: int
    n_predicted: int
    tp: int
    fp: int
    fn: int
    precision: float | None
    recall: float | None
    f1: float | None
    roc_auc: float | None
    average_precision: float | None
    never_predicted: bool


@dataclass(frozen=True)
class Report:
    """All scores of one set of predictions.

    Attributes:
        accuracy: see `accuracy_kind`.
        accuracy_kind: "top1", the share of texts whose most probable concept is right, or, where
            concepts do not exclude each other, "exact_match", the share of texts whose predicted
            concepts are exactly the right ones.
        precision, recall, f1, roc_auc, average_precision: means over the concepts.
        n_undefined: concepts left out of the mean ROC AUC, as it is undefined for them.
        confusion: (n_concepts, n_concepts) texts that carry the row's concept and are predicted
            to carry the column's.
    """

    accuracy: Estimate
    accuracy_kind: str
    precision: Estimate
    recall: Estimate
    f1: Estimate
    roc_auc: Estimate
    average_precision: Estimate
    threshold: float
    n_undefined: int
    concepts: tuple[ConceptScores, ...]
    confusion: tuple[tuple[int, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON keeps it, the headline scores under the portal's names."""
        headline = {
            f"{key}{end}": value
            for attribute, key in PORTAL_NAMES.items()
            for end, value in _ends(getattr(self, attribute))
        }
        return headline | {
            "accuracy_kind": self.accuracy_kind,
            "threshold": self.threshold,
            "n_undefined": self.n_undefined,
            "concepts": [asdict(concept) for concept in self.concepts],
            "confusion": [list(row) for row in self.confusion],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Report":
        """Return the report that `to_json` gave; further keys are passed over."""
        headline = {
            attribute: Estimate(values[key], values[f"{key}_low"], values[f"{key}_high"])
            for attribute, key in PORTAL_NAMES.items()
        }
        return cls(
            **headline,
            accuracy_kind=values["accuracy_kind"],
            threshold=values["threshold"],
            n_undefined=values["n_undefined"],
            concepts=tuple(ConceptScores(**concept) for concept in values["concepts"]),
            confusion=tuple(tuple(row) for row in values["confusion"]),
        )


PORTAL_NAMES = {
    "accuracy": "top1_accuracy",
    "precision": "macro_avg_precision",
    "recall": "macro_avg_recall",
    "f1": "macro_avg_f1_score",
    "roc_auc": "macro_avg_roc_auc",
    "average_precision": "macro_avg_average_precision",
}


def report(  # noqa: PLR0913  # two arrays, and how to read them
    targets: Targets,
    probabilities: Floats,
    *,
    exclusive: bool,
    threshold: float = 0.5,
    names: Sequence[str],
    seed: int,
) -> Report:
    """Score predictions.

    Args:
        targets: (n_texts, n_concepts), 1 where a text carries a concept.
        probabilities: (n_texts, n_concepts).
        exclusive: the most probable concept is predicted; else all above the threshold.
        threshold: passed over where concepts are exclusive.
        names: of the concepts.
        seed: of the resampling behind the intervals.

    Raises:
        ValueError: there are no texts, or the two arrays differ in shape.
    """
    if not len(targets) or targets.shape != probabilities.shape:
        raise ValueError(f"{targets.shape} targets, {probabilities.shape} probabilities")
    actual = targets == 1
    predicted = _predicted(probabilities, threshold, exclusive=exclusive)
    counts = _Counts.of(actual, predicted)
    ranked = [_rank_scores(actual[:, i], probabilities[:, i]) for i in range(actual.shape[1])]
    intervals = _resampled(actual, predicted, seed)
    return Report(
        **{key: Estimate(value, *intervals[key]) for key, value in _macro(counts.total()).items()},
        accuracy_kind="top1" if exclusive else "exact_match",
        roc_auc=_mean_rank_score([scores.roc_auc for scores in ranked], len(targets)),
        average_precision=_mean_rank_score([s.average_precision for s in ranked], len(targets)),
        threshold=threshold,
        n_undefined=sum(scores.roc_auc.value is None for scores in ranked),
        concepts=tuple(_concept(*of) for of in zip(names, counts.per_concept(), ranked)),
        confusion=_confusion(actual, predicted),
    )
