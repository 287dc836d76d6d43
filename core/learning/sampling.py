"""Which texts to label next: pure functions from probabilities, embeddings and chance to places.

A place is the position of a text among those that can be chosen from. Nothing here knows what a
text says or where it is kept.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.learning.splits import Floats, Ints

LOOKED_AT, EACH = 400, 10  # of the least sure texts, among which a batch is spread: ten for each
MOST_CLUSTERED = 4_000  # texts whose clusters are found before there is a model
MOST_CLUSTERS = 300
ROUNDS = 5  # of k-means: clusters are only there to be spread over
HALF = 0.5  # from where on a concept that stands for itself is likelier than not
NEIGHBOURS = 20  # by which a text is typical of what surrounds it
FUSED = 60  # places from the top that weigh about the same where two orders are joined
_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def random_order(keys: Sequence[int] | Ints, seed: int = 0) -> Ints:
    """Return the places of keys in an order that nothing but chance decides, (n_keys,).

    A key always comes before or after another, whichever others there are: texts that are added
    or deleted leave the order of the others as it was. So the first of them are a random sample
    of all, at any time, and nothing has to be kept of it.

    References:
        Steele, Lea and Flood 2014, Fast Splittable Pseudorandom Number Generators, figure 16.
    """
    mixed = np.asarray(keys, np.int64).astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = (mixed + np.uint64(seed + 1)) * np.uint64(_MIX[0])
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_MIX[1])
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_MIX[2])
        mixed ^= mixed >> np.uint64(31)
    return np.argsort(mixed, kind="stable").astype(np.int64)


def uncertainty(probabilities: Floats, *, is_exclusive: bool) -> Floats:
    """Return how unsure a model is of each text, (n_texts,) in [0, 1].

    Where a text has exactly one concept: 1 less the lead of the best over the second best. Else:
    how near to one half the concept is that comes nearest to it.

    References:
        Scheffer, Decomain and Wrobel 2001, Active Hidden Markov Models, section 3 (margin).
        Lewis and Gale 1994, A Sequential Algorithm for Training Text Classifiers.
    """
    if not is_exclusive or probabilities.shape[1] == 1:
        return np.asarray(1 - np.abs(2 * probabilities - 1).min(axis=1), np.float32)
    best = np.partition(probabilities, -2, axis=1)[:, -2:]
    return np.asarray(1 - (best[:, 1] - best[:, 0]), np.float32)


def least_sure(probabilities: Floats, *, is_exclusive: bool) -> Ints:
    """Return the places of texts, those first that a model is least sure of, (n_texts,)."""
    doubt = uncertainty(probabilities, is_exclusive=is_exclusive)
    return np.argsort(-doubt, kind="stable").astype(np.int64)


def unsure_and_spread(
    probabilities: Floats,
    embeddings: Floats,
    n: int,
    rng: np.random.Generator,
    *,
    is_exclusive: bool,
) -> Ints:
    """Return places of texts that a model is unsure of, and each for another reason, (<= n,).

    Each text stands for the gradient that it would give the head if the model's own answer were
    right: long where the model is unsure, and of another direction where other concepts or other
    meanings are in doubt. k-means++ draws from these: what lies far from all that were drawn
    comes next. It is drawn among the texts that the model is least sure of: beyond, chance would
    draw many that it is nearly sure of.

    Args:
        probabilities: (n_texts, n_concepts).
        embeddings: (n_texts, dim), of unit length.
        n: how many texts.
        rng: draws.
        is_exclusive: whether a text has exactly one concept.

    References:
        Ash et al. 2020, Deep Batch Active Learning by Diverse, Uncertain Gradient Lower Bounds,
        arXiv:1906.03671, algorithm 1.
        Arthur and Vassilvitskii 2007, k-means++: The Advantages of Careful Seeding.
    """
    some = least_sure(probabilities, is_exclusive=is_exclusive)[: max(LOOKED_AT, EACH * n)]
    near, residuals = (
        embeddings[some],
        probabilities[some] - _answers(probabilities[some], is_exclusive=is_exclusive),
    )
    lengths = (residuals**2).sum(axis=1)
    chosen: list[int] = []
    away = lengths.astype(np.float64)
    for _draw in range(min(n, len(some))):
        place = _draw_one(away, rng)
        chosen.append(place)
        products = (residuals @ residuals[place]) * (near @ near[place])
        away = np.minimum(away, np.maximum(lengths + lengths[place] - 2 * products, 0))
        away[chosen] = 0
    return some[np.array(chosen, np.int64)]


def typical_of_unseen(
    embeddings: Floats, labelled: NDArray[np.bool_], n: int, rng: np.random.Generator
) -> Ints:
    """Return places of texts each of which is typical of a part that no label stands in, (<= n,).

    For when there are too few labels to learn from: all texts are parted into as many clusters as
    there will be labels; the largest without a label come first, and of each its densest text.

    Args:
        embeddings: (n_texts, dim), of unit length.
        labelled: (n_texts,) whether a text has a label.
        n: how many texts.
        rng: draws the texts that are looked at, where there are very many, and where to begin.

    References:
        Hacohen, Dekel and Weinshall 2022, Active Learning on a Budget, arXiv:2202.02794,
        section 3 (TypiClust).
    """
    known, open_ = np.flatnonzero(labelled), np.flatnonzero(~labelled)
    if len(open_) > MOST_CLUSTERED:
        open_ = np.sort(rng.choice(open_, MOST_CLUSTERED, replace=False))
    places = np.concatenate([known, open_])
    near = embeddings[places]
    n_clusters = min(len(known) + n, MOST_CLUSTERS, len(places))
    if not len(open_) or not n_clusters:
        return open_[:0]
    cluster_of = clusters_of(near, n_clusters, rng)
    n_labels = np.bincount(cluster_of[: len(known)], minlength=n_clusters)
    sizes = np.bincount(cluster_of, minlength=n_clusters)
    chosen: list[int] = []
    for cluster in np.lexsort((-sizes, n_labels)):
        mine = np.flatnonzero(cluster_of == cluster)
        mine = mine[mine >= len(known)]
        if len(mine):
            chosen.append(int(mine[typicality(near[mine]).argmax()]))
    return places[np.array(chosen[:n], np.int64)]


def typicality(embeddings: Floats) -> Floats:
    """Return how like its nearest neighbours each text is, (n_texts,); a lone one has 1."""
    if len(embeddings) == 1:
        return np.ones(1, np.float32)
    alike = embeddings @ embeddings.T
    np.fill_diagonal(alike, -np.inf)
    n_near = min(NEIGHBOURS, len(embeddings) - 1)
    nearest = np.partition(alike, -n_near, axis=1)[:, -n_near:]
    return np.asarray(nearest.mean(axis=1), np.float32)


def clusters_of(embeddings: Floats, n_clusters: int, rng: np.random.Generator) -> Ints:
    """Return the cluster of each text, (n_texts,) in [0, n_clusters): k-means, seeded by k-means++.

    References:
        Arthur and Vassilvitskii 2007, k-means++: The Advantages of Careful Seeding.
    """
    centres = embeddings[[int(rng.integers(len(embeddings)))]]
    away = _distances(embeddings, centres[0])
    for _draw in range(n_clusters - 1):
        place = _draw_one(away, rng)
        centres = np.concatenate([centres, embeddings[[place]]])
        away = np.minimum(away, _distances(embeddings, embeddings[place]))
    for _round in range(ROUNDS):
        nearest = (embeddings @ centres.T - 0.5 * (centres**2).sum(axis=1)).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, embeddings)
        sizes = np.bincount(nearest, minlength=n_clusters)[:, None]
        centres = np.where(sizes > 0, sums / np.maximum(sizes, 1), centres).astype(np.float32)
    answer: Ints = nearest.astype(np.int64)
    return answer


def likely_rare(
    probabilities: Floats, n_labels: NDArray[np.integer], *, is_exclusive: bool
) -> Ints:
    """Return places, (n_texts,): what may carry the concepts with the fewest labels comes first.

    A text counts what its concepts are expected to bring: each probability by the root of one
    over the labels that the concept has. What a model is sure of teaches little, so that the
    concept in second place counts as much as the first.

    Args:
        probabilities: (n_texts, n_concepts).
        n_labels: (n_concepts,) of texts that carry each concept.
        is_exclusive: whether a text has exactly one concept.
    """
    worth = 1 / np.sqrt(1 + n_labels.astype(np.float32))
    doubt = uncertainty(probabilities, is_exclusive=is_exclusive)
    return np.argsort(-(probabilities @ worth) * (0.5 + 0.5 * doubt), kind="stable").astype(
        np.int64
    )


def fused(*scores: Floats) -> Floats:
    """Return one score of several, (n_texts,), by their ranks, so that none needs a scale.

    Args:
        scores: (n_texts,) each; higher is better, and the lowest counts for nothing.

    References:
        Cormack, Clarke and Büttcher 2009, Reciprocal Rank Fusion Outperforms Condorcet.
    """
    together = np.zeros(len(scores[0]))
    for one in scores:
        if len(one) and one.max() > one.min():
            together += np.where(one > one.min(), 1 / (FUSED + _ranks(one)), 0)
    return together.astype(np.float32)


def mixed(
    chosen: Sequence[int], drawn: Sequence[int], random_share: float, n: int
) -> list[tuple[int, bool]]:
    """Return places with whether each was drawn, every so manieth being one, (<= n,).

    Args:
        chosen: by a strategy, best first.
        drawn: at random, in the order of chance.
        random_share: of drawn ones, in [0, 1]; where one kind is used up, the other goes on.
        n: how many places.
    """
    answer: dict[int, bool] = {}
    sources = {True: iter(drawn), False: iter(chosen)}
    for i in range(n):
        is_random = int((i + 1) * random_share) > int(i * random_share)
        for kind in (is_random, not is_random):
            place = next((p for p in sources[kind] if p not in answer), None)
            if place is not None:
                answer[place] = kind
                break
    return list(answer.items())


def _answers(probabilities: Floats, *, is_exclusive: bool) -> Floats:
    """Return the model's own answer, (n_texts, n_concepts)."""
    if is_exclusive and probabilities.shape[1] > 1:
        best = probabilities.argmax(axis=1)[:, None]
        return np.asarray(np.arange(probabilities.shape[1]) == best, np.float32)
    return np.asarray(probabilities >= HALF, np.float32)


def _draw_one(weights: NDArray[np.float64], rng: np.random.Generator) -> int:
    """Draw a place with probability by its weight; any place where all weights are 0."""
    ends = np.cumsum(weights, dtype=np.float64)
    if not ends[-1] > 0:
        return int(rng.integers(len(weights)))
    return min(int(np.searchsorted(ends, rng.random() * ends[-1], side="right")), len(ends) - 1)


def _distances(embeddings: Floats, centre: Floats) -> NDArray[np.float64]:
    """Return squared distances from a centre, (n_texts,)."""
    return np.asarray(((embeddings - centre) ** 2).sum(axis=1), np.float64)


def _ranks(values: Floats) -> NDArray[np.float64]:
    """Return the rank of each value, the highest first, from 1; equal ones share theirs."""
    ordered = np.sort(-values)
    return np.asarray(np.searchsorted(ordered, -values, side="left") + 1, np.float64)
