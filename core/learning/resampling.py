"""How far scores may be off: the same texts drawn anew, many times."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array, vstack

from core.learning.decisions import Bools
from core.learning.intervals import Doubles
from core.learning.splits import Floats, Ints

N_RESAMPLES = 1_000
RESAMPLES_AT_ONCE = 50


def outcomes_of(actual: Bools, predicted: Bools) -> csr_array:
    """Return (3 * n_concepts + 2, n_texts) to be counted by `headline`.

    Hits, predictions and positives of each concept; then texts that are answered wholly right,
    and texts that have an answer at all.
    """
    hits = np.asarray(actual & predicted)
    is_right = np.asarray((actual == predicted).all(axis=1, keepdims=True))
    is_decided = np.asarray(predicted.any(axis=1, keepdims=True))
    blocks = [sparse(block).T for block in (hits, predicted, actual, is_right, is_decided)]
    return csr_array(vstack(blocks))


def sparse(values: Bools) -> csr_array:
    """Return a matrix of which few are true, with 1 for them: its places are all that is kept."""
    found, n_columns = np.flatnonzero(values), values.shape[1]
    rows = np.searchsorted(found, np.arange(len(values) + 1) * n_columns)
    return csr_array((np.ones(len(found), np.float32), found % n_columns, rows), shape=values.shape)


def headline(counts: Doubles | Floats, n_texts: int) -> dict[str, Doubles]:
    """Return the headline scores of each column of counts, by their attribute in a report.

    A concept that is never predicted has a precision of 0 in the means; one without texts and
    predictions is left out.

    Args:
        counts: (3 * n_concepts + 2, n_columns), `outcomes_of` times weights of the texts: whole
            numbers, which 32 bits hold exactly up to 16 million texts.
        n_texts: their weight together.
    """
    counts = np.asarray(counts, np.float64)
    hits, predictions, positives = np.split(counts[:-2], 3)
    shares = {
        "precision": (hits, predictions, predictions + positives > 0),
        "recall": (hits, positives, positives > 0),
        "f1": (2 * hits, predictions + positives, predictions + positives > 0),
    }
    scores = {"accuracy": counts[-2] / n_texts}
    for name, (parts, wholes, is_present) in shares.items():
        share = parts / np.maximum(wholes, 1)
        scores[name] = _mean(share, is_present.astype(np.float64))
        scores[f"weighted_{name}"] = _mean(share, positives)
    scores["decided_share"] = counts[-1] / n_texts
    scores["decided_right"] = _mean(np.stack([_right_of_decided(counts)]), counts[-1:])
    return scores


def _right_of_decided(counts: Doubles) -> Doubles:
    """Return the share of the concepts given that are right."""
    hits, predictions, _positives = np.split(counts[:-2], 3)
    given = predictions.sum(axis=0)
    return np.asarray(hits.sum(axis=0) / np.maximum(given, 1))


def _mean(values: Doubles, weights: Doubles) -> Doubles:
    total = weights.sum(axis=0)
    means = (values * weights).sum(axis=0) / np.where(total > 0, total, 1)
    return np.where(total > 0, means, np.nan)


def draws(strata: Ints, seed: int, n_resamples: int = N_RESAMPLES) -> Iterator[Floats]:
    """Yield how often each text is drawn, (n_texts, RESAMPLES_AT_ONCE), until there are enough.

    Texts are drawn anew, with replacement, within those that share a stratum.

    Args:
        strata: (n_texts,) such as the rarest concept that each carries.
        seed: the same seed draws the same texts, so that two models can be compared on them.
        n_resamples: a multiple of RESAMPLES_AT_ONCE.

    References:
        Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapters 6 and 13.
    """
    order = np.argsort(strata, kind="stable")
    _kinds, begins, counts = np.unique(strata[order], return_index=True, return_counts=True)
    first, sizes = np.repeat(begins, counts), np.repeat(counts, counts)
    random = np.random.default_rng(seed)
    for _block in range(n_resamples // RESAMPLES_AT_ONCE):
        weights = np.empty((RESAMPLES_AT_ONCE, len(strata)), np.float32)
        for row in weights:
            places = first + (random.random(len(strata)) * sizes).astype(np.int64)
            row[:] = np.bincount(order[places], minlength=len(strata))
        yield np.ascontiguousarray(weights.T)


def resampled(outcomes: csr_array, strata: Ints, seed: int) -> dict[str, Doubles]:
    """Return the headline scores of resampled texts, (N_RESAMPLES,) each."""
    blocks = [headline(outcomes @ weights, len(strata)) for weights in draws(strata, seed)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
