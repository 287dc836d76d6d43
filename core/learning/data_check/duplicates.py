"""Texts that are the same, nearly the same in wording, or nearly the same in meaning."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.i18n import _
from core.jobs import Job
from core.learning.data_check.neighbours import Neighbours
from core.learning.data_check.pairs import Pairs, pairs_of_neighbours, unique_pairs
from core.learning.data_check.shingles import Shingles, read_shingles
from core.learning.splits import Floats, Ints, normalised

LEAST_SIMILAR = 0.7  # where a slider begins
N_BANDS, ROWS_PER_BAND = 20, 4  # find 99.6 % of the pairs that share 70 % of their shingles
N_NEXT = 8  # texts of a bucket that one is compared with, so that equal ones stay cheap
DOUBT = 0.2  # by how much a signature of 80 may underrate a pair (four standard errors)
TEXTS_PER_REPORT = 2_000
PAIRS_PER_REPORT = 20_000
MIX = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplier: 2**64 over the golden ratio, odd


def numbers_of_texts(texts: Sequence[str], job: Job) -> Ints:
    """Number the different texts: equal texts get equal numbers, (n_texts,) from 0.

    Texts are equal if they differ in case, width and white space only. Texts without any content
    get a number each: that they are empty is another finding.
    """
    known: dict[str, int] = {}
    numbers = np.empty(len(texts), dtype=np.int64)
    n_different = 0
    for i, text in enumerate(texts):
        if i % TEXTS_PER_REPORT == 0:
            job.report(_("Looking for equal texts"), i, len(texts))
        content = normalised(text)
        numbers[i] = known.setdefault(content, n_different) if content else n_different
        n_different += int(numbers[i] == n_different)
    return numbers


def first_of_equal(numbers: Ints) -> Ints:
    """Return the first text with each number, rising: what near duplicates are looked for in."""
    return np.sort(np.unique(numbers, return_index=True)[1])


def near_in_meaning(
    neighbours: Neighbours, firsts: Ints, *, at_least: float = LEAST_SIMILAR
) -> Pairs:
    """Return pairs of texts whose embeddings are close; their similarity is the cosine.

    Args:
        neighbours: of the texts `firsts`, by `neighbours.nearest`.
        firsts: from `first_of_equal`.
        at_least: the lowest similarity; filter for higher ones with `Pairs.at_least`.
    """
    return pairs_of_neighbours(neighbours, at_least).renumbered(firsts)


def near_in_wording(
    texts: Sequence[str], firsts: Ints, job: Job, *, at_least: float = LEAST_SIMILAR
) -> Pairs:
    """Return pairs of texts that share much of their wording.

    Similarity is the share of runs of four characters that two texts have in common (Jaccard). It
    is exact; only which pairs are compared is left to MinHash signatures.

    Args:
        texts: all of them.
        firsts: the different ones, from `first_of_equal`; pairs are of these.
        job: told every few thousand texts.
        at_least: the lowest similarity; filter for higher ones with `Pairs.at_least`.

    References:
        Broder 1997, On the resemblance and containment of documents.
        Leskovec, Rajaraman and Ullman 2014, Mining of Massive Datasets, section 3.4 (bands).
    """
    shingles = read_shingles([texts[i] for i in firsts], N_BANDS * ROWS_PER_BAND, job)
    one, other = _candidates(shingles.signatures, job)
    has_content = shingles.sizes > 0
    may_be = (has_content[one]) & (has_content[other])
    one, other = one[may_be], other[may_be]
    similarity = np.empty(len(one), dtype=np.float32)
    for start in range(0, len(one), PAIRS_PER_REPORT):
        job.report(_("Comparing wording"), start, len(one))
        some = slice(start, start + PAIRS_PER_REPORT)
        similarity[some] = _jaccard(shingles, one[some], other[some], at_least)
    return Pairs(one, other, similarity).at_least(at_least).renumbered(firsts)


def _candidates(signatures: NDArray[np.uint32], job: Job) -> tuple[Ints, Ints]:
    """Return pairs of texts that agree in one band of their signatures at least."""
    n_texts = len(signatures)
    bands = [_mixed(signatures[:, i::N_BANDS]) for i in range(N_BANDS)]
    keys = np.empty(0, dtype=np.int64)
    for i in job.track(range(N_BANDS), _("Comparing wording")):
        order = np.lexsort((bands[i - 1], bands[i]))  # alike in the next band, too: side by side
        band = bands[i][order]
        for step in range(1, N_NEXT + 1):
            agree = np.flatnonzero(band[:-step] == band[step:])
            one, other, _places = unique_pairs(order[agree], order[agree + step], n_texts)
            keys = np.append(keys, one * n_texts + other)
        keys = np.unique(keys)
    return keys // max(n_texts, 1), keys % max(n_texts, 1)


def _mixed(rows: NDArray[np.uint32]) -> NDArray[np.uint64]:
    mixed = np.zeros(len(rows), dtype=np.uint64)
    for column in rows.T:
        mixed = (mixed ^ column) * MIX
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _jaccard(shingles: Shingles, one: Ints, other: Ints, at_least: float) -> Floats:
    """Return the shares of common shingles, (n_pairs,); 0 where it is surely below `at_least`."""
    answer = np.zeros(len(one), dtype=np.float32)
    agreement = (shingles.signatures[one] == shingles.signatures[other]).mean(axis=1)
    likely = np.flatnonzero(agreement >= at_least - DOUBT)
    one, other = one[likely], other[likely]
    shared = shingles.table[one].multiply(shingles.table[other]).sum(axis=1)
    answer[likely] = shared / (shingles.sizes[one] + shingles.sizes[other] - shared)
    return answer
