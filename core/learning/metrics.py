"""How right predictions are: headline scores with their uncertainty, and scores per concept.

What cannot be said is None and is counted, never passed over in silence: a concept that is never
predicted has no precision, and counts as 0 in the mean; a concept without texts has no recall,
and a concept without both kinds of texts no ROC AUC, and is left out of the mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from core.learning.ranking import Bools, Doubles, RankScores, rank_scores
from core.learning.splits import Floats, Ints, Targets, rarest_concept

N_RESAMPLES = 1_000
RESAMPLES_AT_ONCE = 50
INTERVAL = (0.025, 0.975)
NO_WIDTH = 1e-9
NORMAL_95 = 1.959964  # standard deviations on either side that hold 95 % of a normal distribution


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
            for end, value in zip(
                ("", "_low", "_high"), astuple(getattr(self, attribute)), strict=True
            )
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


def report(  # two arrays, and how to read them
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
    outcomes = _outcomes(actual, predicted)
    counts = outcomes @ np.ones((len(targets), 1))
    drawn = _resampled(outcomes, rarest_concept(targets), seed)
    headline = {
        name: _estimate(values[0], np.quantile(drawn[name], INTERVAL), len(targets))
        for name, values in _headline(counts, len(targets)).items()
    }
    aucs, precisions = rank_scores(actual, probabilities)
    return Report(
        **headline,
        accuracy_kind="top1" if exclusive else "exact_match",
        roc_auc=_mean_of_ranks(aucs, len(targets)),
        average_precision=_mean_of_ranks(precisions, len(targets)),
        threshold=threshold,
        n_undefined=int(np.isnan(aucs.values).sum()),
        concepts=tuple(
            _concept(name, column, aucs.values[i], precisions.values[i])
            for i, (name, column) in enumerate(
                zip(names, counts[:-1].reshape(3, -1).T.astype(int).tolist(), strict=True)
            )
        ),
        confusion=_confusion(actual, predicted),
    )


def _predicted(probabilities: Floats, threshold: float, *, exclusive: bool) -> Bools:
    if not exclusive:
        return np.asarray(probabilities > threshold)
    return np.asarray(np.arange(probabilities.shape[1]) == probabilities.argmax(axis=1)[:, None])


def _outcomes(actual: Bools, predicted: Bools) -> csr_array:
    """Return (3 * n_concepts + 1, n_texts): hits, predictions, positives; wholly right last."""
    is_right = (actual == predicted).all(axis=1, keepdims=True)
    columns = np.hstack([actual & predicted, predicted, actual, is_right])
    return csr_array(columns.T.astype(np.float64))


def _headline(counts: Doubles, n_texts: int) -> dict[str, Doubles]:
    """Return accuracy and the means over the concepts, of each column of counts."""
    hits, predictions, positives = np.split(counts[:-1], 3)
    return {
        "accuracy": counts[-1] / n_texts,
        "precision": _mean_share(hits, predictions, predictions + positives),
        "recall": _mean_share(hits, positives, positives),
        "f1": _mean_share(2 * hits, predictions + positives, predictions + positives),
    }


def _mean_share(parts: Doubles, wholes: Doubles, presences: Doubles) -> Doubles:
    """Return the mean of parts / wholes over the present concepts; 0 / 0 counts as 0."""
    is_present = presences > 0
    sums = (parts / np.maximum(wholes, 1)).sum(axis=0, where=is_present)
    n_present = is_present.sum(axis=0)
    return np.where(n_present > 0, sums / np.maximum(n_present, 1), np.nan)


def _resampled(outcomes: csr_array, strata: Ints, seed: int) -> dict[str, Doubles]:
    """Return the headline scores of resampled texts, (N_RESAMPLES,) each.

    Texts are drawn anew, with replacement, within those that share their rarest concept.
    """
    order = np.argsort(strata, kind="stable")
    _kinds, begins, counts = np.unique(strata[order], return_index=True, return_counts=True)
    first, sizes = np.repeat(begins, counts), np.repeat(counts, counts)
    in_order = csr_array(outcomes[:, order])
    random = np.random.default_rng(seed)
    blocks = []
    for _block in range(N_RESAMPLES // RESAMPLES_AT_ONCE):
        weights = np.empty((len(strata), RESAMPLES_AT_ONCE))
        for i in range(RESAMPLES_AT_ONCE):
            texts = first + (random.random(len(strata)) * sizes).astype(np.int64)
            weights[:, i] = np.bincount(texts, minlength=len(strata))
        blocks.append(_headline(in_order @ weights, len(strata)))
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _concept(name: str, counts: list[int], auc: float, average_precision: float) -> ConceptScores:
    hits, n_predicted, n_positive = counts
    return ConceptScores(
        name=name,
        n_positive=n_positive,
        n_predicted=n_predicted,
        tp=hits,
        fp=n_predicted - hits,
        fn=n_positive - hits,
        precision=hits / n_predicted if n_predicted else None,
        recall=hits / n_positive if n_positive else None,
        f1=2 * hits / (n_predicted + n_positive) if n_predicted + n_positive else None,
        roc_auc=_known(auc),
        average_precision=_known(average_precision),
        never_predicted=n_positive > 0 and n_predicted == 0,
    )


def _mean_of_ranks(scores: RankScores, n_texts: int) -> Estimate:
    reach = NORMAL_95 * scores.standard_error
    return _estimate(scores.mean, scores.mean + np.array([-reach, reach]), n_texts)


def _estimate(value: float, interval: Doubles, n_texts: int) -> Estimate:
    """Return a score with its interval, (2,), or with Wilson's where that has no width.

    Ten right of ten resample to ten right every time, yet do not prove 100 %.

    References:
        Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference.
    """
    if np.isnan(value):
        return Estimate(None, None, None)
    squared = NORMAL_95**2
    middle = (value + squared / (2 * n_texts)) / (1 + squared / n_texts)
    spread = np.sqrt(value * (1 - value) / n_texts + squared / (4 * n_texts**2))
    reach = NORMAL_95 * spread / (1 + squared / n_texts)
    if interval[1] - interval[0] < NO_WIDTH:
        interval = middle + np.array([-reach, reach])
    low, high = np.clip(interval, 0, 1).tolist()
    return Estimate(float(value), low, high)


def _confusion(actual: Bools, predicted: Bools) -> tuple[tuple[int, ...], ...]:
    together = csr_array(actual.T.astype(np.int64)) @ csr_array(predicted.astype(np.int64))
    return tuple(tuple(row) for row in together.toarray().tolist())


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
