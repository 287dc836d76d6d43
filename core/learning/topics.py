"""Topics: texts sorted by their vectors into groups, each by what sets it apart.

The same texts give the same topics, in whatever order they come, and a few more texts change
little: every chance is drawn from the text itself (its hash), not from its place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from core.i18n import _
from core.jobs import Job
from core.learning.splits import Floats, Ints

LEARNED_FROM = 20_000  # texts from which the centres are found; the others join the nearest
TRIED_ON = 4_000  # texts on which numbers of topics are tried
COMPARED = 2_000  # texts on which they are compared
NUMBERS = (3, 4, 6, 8, 11, 15, 20, 27, 36, 48, 64)
LEAST_TEXTS = 8  # of a topic on average, where its number is found by itself
SMALLEST = 3  # texts; fewer are no topic
ROUNDS = 25
FENCE = 1.5  # times the middle half of a topic's likeness below it, where strangers begin (Tukey)
ROWS = 50_000  # compared at once
NO_TOPIC = -1
_MIX, _STEP = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Sorted:
    """Texts sorted into topics, the largest topic first.

    Attributes:
        topics: (n_texts,) the topic of each; -1 for those that belong to none.
        likeness: (n_texts,) the cosine to the centre of the nearest topic.
        centres: (n_topics, dim) of unit length, in the space without `mean`.
        mean: (dim,) of all texts, taken from each before it is compared.
        silhouette: of the number that was chosen, in [-1, 1]; 0 where it was given.
    """

    topics: Ints
    likeness: Floats
    centres: Floats
    mean: Floats
    silhouette: float = 0.0


def sort_texts(
    vectors: NDArray[Any],
    chances: NDArray[np.uint64],
    job: Job,
    *,
    number: int = 0,
    start: Sorted | None = None,
) -> Sorted:
    """Sort texts into topics by spherical k-means (Dhillon and Modha 2001).

    Centres begin as in k-means++ (Arthur and Vassilvitskii 2007), each drawn by the chances of
    the texts. The number is the smallest whose silhouettes (Rousseeuw 1987) on a sample are no
    worse than the best ones, but for one standard error of the difference. A text that is far
    less like its topic than the others of it belongs to none.

    Args:
        vectors: (n_texts, dim) of unit length, each text once.
        chances: (n_texts,) a number of 64 bits for each text, the same wherever it comes.
        job: told after every round.
        number: of topics, fewer where there are too few texts for so many; 0 finds one.
        start: what nearly the same texts were sorted into, to go on from; then no number is found.
    """
    order = np.argsort(chances, kind="stable")
    sample = order[:LEARNED_FROM]
    if start is not None:
        mean, silhouette = start.mean, start.silhouette
        centres = _k_means(_without(vectors[sample], mean), start.centres, job)
    else:
        mean = vectors[sample].astype(np.float32).mean(axis=0)
        learned = _without(vectors[sample], mean)
        most = max(1, len(vectors) // SMALLEST)  # as many as can each have enough texts
        centres, silhouette = _centres_for(learned, chances[sample], min(number, most), job)
    topics, likeness = nearest_centres(vectors, centres, mean, job)
    topics, centres = _without_strangers(topics, likeness, centres)
    return Sorted(topics, likeness, centres, mean, silhouette)


def nearest_centres(
    vectors: NDArray[Any], centres: Floats, mean: Floats, job: Job
) -> tuple[Ints, Floats]:
    """Return the nearest centre of each text, and the cosine to it."""
    topics = np.empty(len(vectors), np.int64)
    likeness = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), ROWS):
        job.report(_("Sorting texts"), start, len(vectors))
        part = slice(start, start + ROWS)
        cosines = _without(vectors[part], mean) @ centres.T
        topics[part] = cosines.argmax(axis=1)
        likeness[part] = cosines.max(axis=1)
    return topics, likeness


def chances_of(hashes: Sequence[bytes]) -> NDArray[np.uint64]:
    """Return a number of 64 bits for each text, from the hash that it is known by."""
    return np.array([int.from_bytes(one[:8], "little") for one in hashes], np.uint64)


def _centres_for(
    learned: Floats, chances: NDArray[np.uint64], number: int, job: Job
) -> tuple[Floats, float]:
    tried = [k for k in NUMBERS if k * LEAST_TEXTS <= len(learned)] or [1]
    if number or len(tried) == 1:
        k = min(number or tried[0], len(learned))
        return _k_means(learned, _first_centres(learned, chances, k), job), 0.0
    few, sample = learned[:TRIED_ON], learned[:COMPARED]
    cosines = sample @ sample.T
    found = []
    for done, k in enumerate(tried):
        job.report(_("Finding how many topics there are"), done, len(tried))
        centres = _k_means(few, _first_centres(few, chances[:TRIED_ON], k), job)
        own = (sample @ centres.T).argmax(axis=1)
        found.append((centres, _silhouettes(cosines, own, k)))
    best = max(found, key=lambda one: float(one[1].mean()))[1]
    chosen = next(one for one in found if _is_as_good(one[1], best))
    return _k_means(learned, chosen[0], job), float(chosen[1].mean())


def _is_as_good(silhouettes: Floats, best: Floats) -> bool:
    """Tell whether the same texts fit no worse, but for one standard error of the difference."""
    worse = best - silhouettes
    return float(worse.mean()) <= float(worse.std()) / math.sqrt(len(worse))


def _k_means(learned: Floats, centres: Floats, job: Job) -> Floats:
    """Move centres to the middle of their texts until nothing moves."""
    own = np.full(len(learned), NO_TOPIC)
    for _round in range(ROUNDS):
        job.report(job.progress.stage or _("Sorting texts"), job.progress.done, job.progress.total)
        now = (learned @ centres.T).argmax(axis=1)
        if np.array_equal(now, own):
            break
        own = now
        rows = csr_matrix((np.ones(len(own), np.float32), (own, np.arange(len(own)))))
        sums = np.zeros_like(centres)
        sums[: rows.shape[0]] = rows @ learned
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centres)
    return centres


def _first_centres(learned: Floats, chances: NDArray[np.uint64], k: int) -> Floats:
    """Draw centres far from each other; a text's chance in a round is its own.

    The text with the least waiting time -log(u) / d wins, which draws by the weight d.
    """
    distances = np.ones(len(learned), np.float64)
    centres = np.empty((k, learned.shape[1]), np.float32)
    for n in range(k):
        waiting = -np.log(_uniform(chances, n)) / np.maximum(distances, 1e-9)
        centres[n] = learned[waiting.argmin()]
        distances = np.minimum(distances, np.maximum(0, 1 - learned @ centres[n]))
    return centres


def _uniform(chances: NDArray[np.uint64], n: int) -> NDArray[np.float64]:
    """Return a number in (0, 1) for each text and round (the mixing of splitmix64)."""
    with np.errstate(over="ignore"):
        mixed = chances + _STEP * np.uint64(n + 1)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX
        mixed = mixed ^ (mixed >> np.uint64(31))
    return (mixed.astype(np.float64) + 0.5) / 2.0**64


def _silhouettes(cosines: Floats, own: Ints, k: int) -> Floats:
    """Return each text's silhouette by cosine distance; 0 for one that is alone."""
    belongs = np.eye(k, dtype=np.float32)[own]
    counts = belongs.sum(axis=0)
    sums = (1 - cosines) @ belongs
    rows = np.arange(len(own))
    inside = sums[rows, own] / np.maximum(counts[own] - 1, 1)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    means[rows, own] = np.inf
    outside = means.min(axis=1)
    is_known = np.isfinite(outside) & (counts[own] > 1)
    outside = np.where(is_known, outside, 0)
    wide = np.maximum(np.maximum(inside, outside), 1e-12)
    return np.where(is_known, (outside - inside) / wide, 0).astype(np.float32)


def _without_strangers(topics: Ints, likeness: Floats, centres: Floats) -> tuple[Ints, Floats]:
    """Take out texts that are far less like their topic, and topics of hardly any text."""
    topics = topics.copy()
    for topic in range(len(centres)):
        own = likeness[topics == topic]
        if len(own) >= LEAST_TEXTS:
            low, high = np.quantile(own, (0.25, 0.75))
            topics[(topics == topic) & (likeness < low - FENCE * (high - low))] = NO_TOPIC
    counts = np.bincount(topics[topics >= 0], minlength=len(centres))
    least = SMALLEST if len(topics) >= SMALLEST * 2 else 1
    kept = [int(i) for i in np.argsort(-counts, kind="stable") if counts[i] >= least]
    places = np.full(len(centres) + 1, NO_TOPIC)
    places[kept] = np.arange(len(kept))
    return places[topics], centres[kept]


def _without(vectors: NDArray[Any], mean: Floats) -> Floats:
    """Return vectors of unit length without what all texts share."""
    rest = vectors.astype(np.float32) - mean
    lengths = np.linalg.norm(rest, axis=1, keepdims=True).astype(np.float32)
    unit: Floats = rest / np.maximum(lengths, np.float32(1e-12))
    return unit
