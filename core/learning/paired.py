"""Two models on the same texts: whether the one is better, or whether chance explains it."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import binomtest

from core.learning.answered import Answered
from core.learning.decisions import Bools
from core.learning.intervals import INTERVAL, NO_WIDTH, Doubles, wilson
from core.learning.resampling import (
    N_RESAMPLES,
    RESAMPLES_AT_ONCE,
    draws,
    headline,
    outcomes_of,
)
from core.learning.splits import rarest_concept
from core.learning.verdicts import Difference, Versus


def compare(reference: Answered, others: Sequence[Answered], seed: int) -> tuple[Versus, ...]:
    """Compare models with a reference, all on the same texts and concepts.

    Right answers are judged by McNemar's exact test, macro F1 by exchanging answers at random.
    The intervals are of the same texts drawn anew for all models, each of one difference alone.
    Holm's correction heeds how many verdicts there are, two for each model, so that they hold
    together.

    Args:
        reference: what is compared with.
        others: the models to judge; `actual` is the same for all.
        seed: of the resampling.

    Raises:
        ValueError: there are no texts, or what people said differs between two of them.

    References:
        McNemar 1947, Note on the Sampling Error of the Difference Between Correlated Proportions.
        Dietterich 1998, Approximate Statistical Tests for Comparing Supervised Classification
        Learning Algorithms. Efron and Tibshirani 1993, An Introduction to the Bootstrap,
        chapters 13 and 15.
    """
    everything = [reference, *others]
    if not len(reference.actual):
        raise ValueError("no texts")
    if any(not np.array_equal(one.actual, reference.actual) for one in others):
        raise ValueError("not the same texts")
    right = np.stack([(one.actual == one.predicted).all(axis=1) for one in everything])
    drawn = _drawn(everything, seed)
    values = _values(everything)
    spread = {name: found[1:] - found[0] for name, found in drawn.items()}
    higher = {name: found[1:] - found[0] for name, found in values.items()}
    chances = [mcnemar(one, right[0]) for one in right[1:]]
    chances = holm(chances + [exchanged(one, reference, seed) for one in others])
    n_texts = right.shape[1]
    return tuple(
        Versus(
            n_texts=n_texts,
            n_only_this=int((right[i + 1] & ~right[0]).sum()),
            n_only_reference=int((right[0] & ~right[i + 1]).sum()),
            right=_difference(higher["accuracy"][i], spread["accuracy"][i], chances[i], n_texts),
            f1=None
            if np.isnan(higher["f1"][i])
            else _difference(higher["f1"][i], spread["f1"][i], chances[len(others) + i], n_texts),
        )
        for i in range(len(others))
    )


def mcnemar(right: Bools, reference_right: Bools) -> float:
    """Return the two-sided p-value of McNemar's exact test.

    Only texts that one of the two answers right, and the other wrong, tell them apart; of two
    equally good models either is as likely to be the one. The test is exact: no approximation
    for few texts.

    Args:
        right: (n_texts,) whether the one answers right.
        reference_right: (n_texts,) whether the other does.
    """
    n_only_this = int((right & ~reference_right).sum())
    n_apart = int((right ^ reference_right).sum())
    return float(binomtest(n_only_this, n_apart, 0.5).pvalue) if n_apart else 1.0


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values raised so that all verdicts by them hold together, in the same order.

    References:
        Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure.
    """
    order = np.argsort(p_values, kind="stable")
    ordered = np.asarray(p_values, float)[order] * np.arange(len(p_values), 0, -1)
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(np.maximum.accumulate(ordered), 1)
    return [float(one) for one in corrected]


def _values(everything: Sequence[Answered]) -> dict[str, Doubles]:
    """Return accuracy and F1 of each model, (n_models,)."""
    n_texts = len(everything[0].actual)
    found = [
        headline(outcomes_of(one.actual, one.predicted) @ np.ones((n_texts, 1)), n_texts)
        for one in everything
    ]
    return {name: np.array([one[name][0] for one in found]) for name in ("accuracy", "f1")}


def _drawn(everything: Sequence[Answered], seed: int) -> dict[str, Doubles]:
    """Return accuracy and F1 of each model on texts drawn anew, (n_models, n_resamples)."""
    actual = everything[0].actual
    outcomes = [outcomes_of(actual, one.predicted) for one in everything]
    found: dict[str, list[Doubles]] = {"accuracy": [], "f1": []}
    for weights in draws(rarest_concept(actual.astype(np.int8)), seed):
        scores = [headline(one @ weights, len(actual)) for one in outcomes]
        for name, blocks in found.items():
            blocks.append(np.stack([one[name] for one in scores]))
    return {name: np.concatenate(blocks, axis=1) for name, blocks in found.items()}


def exchanged(one: Answered, other: Answered, seed: int) -> float:
    """Return the two-sided p-value of a difference in macro F1 by exchanging answers at random.

    Were the models equally good, it would not matter whose answer to a text is whose. Unlike the
    interval of resampled texts, this holds for concepts of very few texts too.

    Args:
        one: a model.
        other: another, on the same texts.
        seed: of the exchanges.

    References:
        Noreen 1989, Computer-Intensive Methods for Testing Hypotheses. Yeh 2000, More accurate
        tests for the statistical significance of result differences, arXiv:cs/0008005.
    """
    apart = np.flatnonzero((one.predicted != other.predicted).any(axis=1))
    n_texts = len(one.actual)
    found, others = (outcomes_of(x.actual, x.predicted) for x in (one, other))
    ours, theirs = (counts @ np.ones((n_texts, 1)) for counts in (found, others))
    gap = abs(headline(ours, n_texts)["f1"][0] - headline(theirs, n_texts)["f1"][0])
    if np.isnan(gap):
        return 1.0
    moved = (others - found)[:, apart]
    random = np.random.default_rng(seed)
    gaps = []
    for _block in range(N_RESAMPLES // RESAMPLES_AT_ONCE):
        is_moved = random.integers(0, 2, (len(apart), RESAMPLES_AT_ONCE)).astype(np.float64)
        change = moved @ is_moved
        sides = (headline(counts, n_texts)["f1"] for counts in (ours + change, theirs - change))
        gaps.append(np.subtract(*sides))
    is_as_large = np.abs(np.concatenate(gaps)) >= gap - NO_WIDTH
    return float((is_as_large.sum() + 1) / (N_RESAMPLES + 1))


def _difference(value: float, drawn: Doubles, p_value: float, n_texts: int) -> Difference:
    low, high = np.quantile(drawn[~np.isnan(drawn)], INTERVAL).tolist()
    if high - low < NO_WIDTH:  # answers that never differ here may still differ elsewhere
        reach = float(wilson(0.0, n_texts)[1])
        low, high = max(-1.0, value - reach), min(1.0, value + reach)
    return Difference(float(value), low, high, p_value)
