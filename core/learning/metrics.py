"""How right predictions are: headline scores with their uncertainty, and scores per concept.

What cannot be said is None and is counted, never passed over in silence: a concept that is never
predicted has no precision, and counts as 0 in the mean; a concept without texts has no recall,
and a concept without both kinds of texts no ROC AUC, and is left out of the mean.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from core.learning.answered import Answered
from core.learning.decisions import Bools, decide, usual_thresholds
from core.learning.intervals import INTERVAL, NORMAL_95, UNKNOWN, Doubles, Estimate, estimate
from core.learning.ranking import Ranked, rank_scores
from core.learning.resampling import headline, outcomes_of, resampled, sparse
from core.learning.splits import Floats, Targets, rarest_concept


@dataclass(frozen=True)
class ConceptScores:
    """How right the predictions of one concept are.

    Attributes:
        threshold: from which probability on it counts.
        n_positive: texts that carry it. n_predicted: texts predicted to carry it.
        tp: texts that do both. fp: only the latter. fn: only the former.
        precision: None if it is never predicted. recall: None if no text carries it.
        f1: None if neither. roc_auc, average_precision: None unless some texts carry it; ROC AUC
            also needs some that do not.
        never_predicted: though texts carry it.
    """

    name: str
    threshold: float
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
        precision, recall, f1, roc_auc, average_precision: means over the concepts, all alike.
        weighted_precision and so on: the same, weighted by the texts of each concept.
        decided_share: of the texts, how many have an answer.
        decided_right: of the concepts given, how many are right.
        n_undefined: concepts left out of the mean ROC AUC, as it is undefined for them.
        confusion: (n_concepts, n_concepts) texts that carry the row's concept and are predicted
            to carry the column's.
    """

    accuracy: Estimate
    precision: Estimate
    recall: Estimate
    f1: Estimate
    roc_auc: Estimate
    average_precision: Estimate
    weighted_precision: Estimate
    weighted_recall: Estimate
    weighted_f1: Estimate
    weighted_roc_auc: Estimate
    weighted_average_precision: Estimate
    decided_share: Estimate
    decided_right: Estimate
    accuracy_kind: str
    n_undefined: int
    concepts: tuple[ConceptScores, ...]
    confusion: tuple[tuple[int, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON keeps it, the headline scores under the portal's names."""
        scores = {
            f"{key}{end}": value
            for attribute, key in PORTAL_NAMES.items()
            for end, value in zip(
                ("", "_low", "_high"), astuple(getattr(self, attribute)), strict=True
            )
        }
        return scores | {
            "accuracy_kind": self.accuracy_kind,
            "n_undefined": self.n_undefined,
            "concepts": [dict(vars(concept)) for concept in self.concepts],
            "confusion": [list(row) for row in self.confusion],
        }


PORTAL_NAMES = {
    "accuracy": "top1_accuracy",
    "precision": "macro_avg_precision",
    "recall": "macro_avg_recall",
    "f1": "macro_avg_f1_score",
    "roc_auc": "macro_avg_roc_auc",
    "average_precision": "macro_avg_average_precision",
    "weighted_precision": "weighted_avg_precision",
    "weighted_recall": "weighted_avg_recall",
    "weighted_f1": "weighted_avg_f1_score",
    "weighted_roc_auc": "weighted_avg_roc_auc",
    "weighted_average_precision": "weighted_avg_average_precision",
    "decided_share": "decided_share",
    "decided_right": "decided_right",
}


def report(  # noqa: PLR0913  # two arrays, and how to read them
    targets: Targets,
    probabilities: Floats,
    *,
    exclusive: bool,
    names: Sequence[str],
    seed: int,
    thresholds: Floats | None = None,
    has_intervals: bool = True,
) -> Report:
    """Score predictions.

    Args:
        targets: (n_texts, n_concepts), 1 where a text carries a concept.
        probabilities: (n_texts, n_concepts).
        exclusive: whether a text has exactly one concept.
        names: of the concepts.
        seed: of the resampling behind the intervals.
        thresholds: (n_concepts,) as `decisions.decide` takes them; None for the usual ones.
        has_intervals: False leaves them out, which takes a tenth of the time.

    Raises:
        ValueError: there are no texts, or the two arrays differ in shape.
    """
    if not len(targets) or targets.shape != probabilities.shape:
        raise ValueError(f"{targets.shape} targets, {probabilities.shape} probabilities")
    if thresholds is None:
        thresholds = usual_thresholds(len(names), is_exclusive=exclusive)
    predicted = decide(probabilities, thresholds, is_exclusive=exclusive)
    return score(
        Answered(tuple(names), exclusive, thresholds, targets == 1, predicted, probabilities),
        seed,
        has_intervals=has_intervals,
    )


def score(
    answered: Answered, seed: int, *, has_intervals: bool = True, ranked: Ranked | None = None
) -> Report:
    """Score answers; the arguments are those of `report`.

    Args:
        answered: the answers.
        seed: as in `report`.
        has_intervals: as in `report`.
        ranked: their `rank_scores` if they are known: thresholds do not change an order.
    """
    actual, predicted = answered.actual, answered.predicted
    outcomes = outcomes_of(actual, predicted)
    counts = outcomes @ np.ones((len(actual), 1))
    values = {name: float(found[0]) for name, found in headline(counts, len(actual)).items()}
    spread = {}
    if has_intervals:
        spread = resampled(outcomes, rarest_concept(actual.astype(np.int8)), seed)
    ranked = ranked or rank_scores(actual, answered.probabilities)
    return Report(
        **{name: _estimate(value, spread.get(name), actual) for name, value in values.items()},
        **_ranked(ranked, actual, has_intervals=has_intervals),
        accuracy_kind="top1" if answered.is_exclusive else "exact_match",
        n_undefined=int(np.isnan(ranked["roc_auc"].values).sum()),
        concepts=_concepts(answered.names, answered.thresholds, counts, ranked),
        confusion=_confusion(actual, predicted),
    )


def _estimate(value: float, drawn: Doubles | None, actual: Bools) -> Estimate:
    if drawn is None:
        return _bounded(value, None, len(actual))
    known = drawn[~np.isnan(drawn)]
    interval = np.quantile(known, INTERVAL) if len(known) else np.array([0.0, 1.0])
    return _bounded(value, interval, len(actual))


def _bounded(value: float, interval: Doubles | None, n_texts: int) -> Estimate:
    if np.isnan(value):
        return UNKNOWN
    return Estimate(value, None, None) if interval is None else estimate(value, interval, n_texts)


def _ranked(ranked: Ranked, actual: Bools, *, has_intervals: bool) -> dict[str, Estimate]:
    """Return the means of the rank scores, plain and weighted."""
    found = {}
    for name, scores in ranked.items():
        means = {name: scores.mean, f"weighted_{name}": scores.weighted}
        for key, (mean, error) in means.items():
            interval = mean + NORMAL_95 * error * np.array([-1.0, 1.0])
            drawn = interval if has_intervals else None
            found[key] = _bounded(mean, drawn, len(actual))
    return found


def _concepts(
    names: Sequence[str], thresholds: Floats, counts: Doubles, ranked: Ranked
) -> tuple[ConceptScores, ...]:
    columns = counts[:-2].reshape(3, -1).T.astype(int).tolist()
    return tuple(
        ConceptScores(
            name=name,
            threshold=float(threshold),
            n_positive=n_positive,
            n_predicted=n_predicted,
            tp=hits,
            fp=n_predicted - hits,
            fn=n_positive - hits,
            precision=hits / n_predicted if n_predicted else None,
            recall=hits / n_positive if n_positive else None,
            f1=2 * hits / (n_predicted + n_positive) if n_predicted + n_positive else None,
            roc_auc=_known(ranked["roc_auc"].values[i]),
            average_precision=_known(ranked["average_precision"].values[i]),
            never_predicted=n_positive > 0 and n_predicted == 0,
        )
        for i, (name, threshold, (hits, n_predicted, n_positive)) in enumerate(
            zip(names, thresholds, columns, strict=True)
        )
    )


def _confusion(actual: Bools, predicted: Bools) -> tuple[tuple[int, ...], ...]:
    together = (sparse(actual).T @ sparse(predicted)).toarray()
    return tuple(tuple(row) for row in together.astype(int).tolist())


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
