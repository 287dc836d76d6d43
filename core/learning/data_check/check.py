"""The whole data check: every kind of finding, one after the other, from what is read once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.i18n import _
from core.jobs import Job
from core.learning.data_check.balance import FEWEST_TEXTS, balance
from core.learning.data_check.contradictions import contradictions
from core.learning.data_check.duplicates import first_of_equal, near_in_wording, numbers_of_texts
from core.learning.data_check.languages import languages_of, minorities
from core.learning.data_check.leaks import TRAIN, leaks
from core.learning.data_check.lengths import lengths
from core.learning.data_check.pairs import Pairs, groups_of_equal, unique_pairs
from core.learning.data_check.personal_data import personal_data
from core.learning.data_check.shingles import LENGTH
from core.learning.splits import Floats, Ints, Targets, normalised

IMBALANCED = 10.0  # texts of the largest concept to texts of the smallest
FEWEST_DIFFERENT = 30  # labelled texts, below which no model can doubt a label
SURE_MARGIN = 0.5  # by which a suggestion is more probable than the label it doubts
MOST_PAIRS = 100_000
STRANGE = 4.0  # deviations from what is usual
AT_ONCE = 4_096
WORDED_ALIKE = 0.5  # share of runs of characters, where texts mean the same
READ_CHARACTERS = 2_000  # of a text, to see how it is worded
MOSTLY = 0.99  # share of the texts with a concept that have one only, for concepts to exclude
Embed = Callable[[Sequence[str], Job], Floats]


@dataclass(frozen=True)
class CheckedTexts:
    """What is checked; all columns are (n_texts,).

    Attributes:
        texts: any texts.
        labels: (n_texts, n_concepts): 1 said to be present, -1 said to be absent, 0 not said.
        splits: "train", "validation", "test" or "".
        is_answered: somebody said "unsure", or passed it over.
        embed: gives texts their unit vectors; None where there is no embedder.
    """

    texts: Sequence[str]
    labels: Targets
    splits: Sequence[str]
    is_answered: Sequence[bool]
    embed: Embed | None = None


@dataclass(frozen=True)
class Limits:
    """From where on something is a finding.

    Attributes:
        least_similar: of the near duplicates that are told, in [0, 1].
        similar: of texts that should have the same labels, and not stand in train and test.
        most_tokens: that a model reads.
    """

    least_similar: float = 0.8
    similar: float = 0.95
    most_tokens: int = 8_128
    fewest_letters: int = 5
    fewest_texts: int = FEWEST_TEXTS


@dataclass(frozen=True)
class Found:
    """What was found of a kind, row by row.

    Attributes:
        kind: see `core.operations.finding_kinds`.
        numbers: (n_rows,) the group that each row belongs to, rising from 0.
        members: (n_rows,) the number of a text, or the column of a concept.
        scores: (n_rows,) the same for all rows of a group.
        details: by group, what else is known of it.
    """

    kind: str
    numbers: Ints
    members: Ints
    scores: Floats
    details: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def n_groups(self) -> int:
        """How many findings there are."""
        return int(self.numbers[-1]) + 1 if len(self.numbers) else 0


def check_texts(checked: CheckedTexts, limits: Limits, job: Job) -> Iterator[Found]:
    """Yield what is found, kind by kind; kinds that need an embedder are left out without one."""
    texts = checked.texts
    numbers = numbers_of_texts(texts, job)
    yield _grouped("exact-duplicate", [(group, 1.0) for group in groups_of_equal(numbers)])
    measured = lengths(
        texts, job, most_tokens=limits.most_tokens, fewest_letters=limits.fewest_letters
    )
    yield _single("empty", measured.empty)
    yield _single("too-short", measured.very_short)
    yield _single("too-long", measured.too_long)
    firsts = np.setdiff1d(first_of_equal(numbers), measured.empty)
    pairs = near_in_wording(texts, firsts, job, at_least=limits.least_similar)
    close = pairs.at_least(limits.similar)
    if checked.embed and len(firsts):
        embeddings = checked.embed([texts[i] for i in firsts], job)
        meant, strange = _by_meaning(embeddings, firsts, limits, job)
        same = _worded_alike(meant.at_least(limits.similar), texts, job)
        close, pairs = _united(close, same), _united(pairs, meant)
        yield strange
        yield _doubts(checked.labels, embeddings, numbers, firsts, job)
    yield _near_duplicates(pairs)
    yield _contradictions(checked.labels, numbers, close)
    yield _leaks(checked.splits, numbers, close)
    yield from _balance(checked, limits)
    yield from _languages(texts, job)
    hits = personal_data(texts, job)
    details = {
        number: {"spans": [(hit.kind, hit.start, hit.end) for hit in found]}
        for number, found in enumerate(hits.values())
    }
    yield _single("personal-data", np.array(list(hits), np.int64), details=details)


def is_exclusive(labels: Targets) -> bool:
    """Tell whether concepts exclude each other: nearly all texts with a concept have just one."""
    n_carried = (labels > 0).sum(axis=1)
    n_carriers = np.count_nonzero(n_carried)
    return bool(n_carriers and np.count_nonzero(n_carried == 1) >= MOSTLY * n_carriers)


def _single(
    kind: str,
    members: Ints,
    scores: Floats | None = None,
    details: Mapping[int, Mapping[str, Any]] | None = None,
) -> Found:
    """Return findings of one text each."""
    ones = np.ones(len(members), np.float32) if scores is None else scores
    return Found(kind, np.arange(len(members)), members, ones, details or {})


def _grouped(
    kind: str,
    groups: Sequence[tuple[Sequence[int] | Ints, float]],
    details: Mapping[int, Mapping[str, Any]] | None = None,
) -> Found:
    """Return findings of several texts each, with their scores."""
    sizes = [len(members) for members, _score in groups]
    empty = np.empty(0, np.int64)
    return Found(
        kind,
        np.repeat(np.arange(len(groups)), sizes),
        np.concatenate([empty, *(np.asarray(m, np.int64) for m, _score in groups)]),
        np.repeat(np.array([score for _members, score in groups], np.float32), sizes),
        details or {},
    )


def _by_meaning(embeddings: Floats, firsts: Ints, limits: Limits, job: Job) -> tuple[Pairs, Found]:
    """Return the pairs that are near in meaning, and the texts far from all others."""
    from core.learning.data_check.duplicates import near_in_meaning
    from core.learning.data_check.neighbours import Neighbours, nearest
    from core.learning.data_check.outliers import outliers

    near = nearest(embeddings - embeddings.mean(axis=0), job)  # what all share tells nothing
    meant = near_in_meaning(near, firsts, at_least=limits.least_similar)
    whole = Neighbours(near.texts, _cosines(embeddings, near.texts))  # of what is strange, it does
    strange = outliers(whole, deviations=STRANGE)
    return meant, _single("off-topic", firsts[strange.texts], strange.deviations)


def _cosines(embeddings: Floats, near: Ints) -> Floats:
    """Return how alike texts and the ones near them are, (n_texts, k); 0 where there are none."""
    answer = np.zeros(near.shape, np.float32)
    for start in range(0, len(near), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        answer[some] = np.einsum("id,ikd->ik", embeddings[some], embeddings[near[some]])
    return np.where(near >= 0, answer, 0)


def _worded_alike(meant: Pairs, texts: Sequence[str], job: Job) -> Pairs:
    """Return the pairs that share enough of their wording to be taken for the same text.

    Embeddings alone take any two texts in a script they do not know for the same.
    """
    pairs = list(zip(meant.one.tolist(), meant.other.tolist(), strict=True))
    tracked = job.track(pairs, _("Comparing wording"))
    shares = [_shared_share(texts[one], texts[other]) for one, other in tracked]
    return meant.take(np.array(shares, np.float32) >= WORDED_ALIKE)


def _shared_share(one: str, other: str) -> float:
    """Return the share of runs of four characters that two texts have in common, in [0, 1]."""
    runs = [
        {text[i : i + LENGTH] for i in range(max(1, len(text) - LENGTH + 1))}
        for text in (f" {normalised(each[:READ_CHARACTERS])} " for each in (one, other))
    ]
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


def _united(one: Pairs, other: Pairs) -> Pairs:
    """Return the pairs of both, each with the higher of its similarities."""
    left, right = np.append(one.one, other.one), np.append(one.other, other.other)
    similarity = np.append(one.similarity, other.similarity)
    order = np.argsort(-similarity, kind="stable")
    n_texts = int(right.max(initial=-1)) + 1
    first, second, places = unique_pairs(left[order], right[order], n_texts)
    return Pairs(first, second, similarity[order][places])


def _near_duplicates(pairs: Pairs) -> Found:
    """Return the most similar pairs, the most similar first."""
    order = np.argsort(-pairs.similarity, kind="stable")[:MOST_PAIRS]
    members = np.column_stack([pairs.one[order], pairs.other[order]]).ravel()
    scores = np.repeat(pairs.similarity[order], 2)
    return Found("near-duplicate", np.repeat(np.arange(len(order)), 2), members, scores)


def _contradictions(labels: Targets, numbers: Ints, close: Pairs) -> Found:
    found = contradictions(labels, numbers, close, is_exclusive=is_exclusive(labels))
    groups = [(contradiction.texts, contradiction.similarity) for contradiction in found]
    details = {n: {"concepts": list(each.concepts)} for n, each in enumerate(found)}
    return _grouped("contradiction", groups, details)


def _leaks(splits: Sequence[str], numbers: Ints, close: Pairs) -> Found:
    """Return each text held out with all texts for training that give it away."""
    found = leaks(splits, numbers, close)
    is_concerned = np.isin(close.one, _firsts_of(numbers, found.one))
    is_concerned |= np.isin(close.other, _firsts_of(numbers, found.one))
    like: dict[int, set[int]] = {}
    for one, other in zip(
        numbers[close.one[is_concerned]].tolist(),
        numbers[close.other[is_concerned]].tolist(),
        strict=True,
    ):
        like.setdefault(one, set()).add(other)
        like.setdefault(other, set()).add(one)
    copies: dict[int, list[int]] = {}
    for text in (i for i, split in enumerate(splits) if split == TRAIN):
        copies.setdefault(int(numbers[text]), []).append(text)
    groups = []
    for held_out, score in zip(found.one.tolist(), found.similarity.tolist(), strict=True):
        own = int(numbers[held_out])
        near = (own, *sorted(like.get(own, ())))
        groups.append(([held_out, *(text for n in near for text in copies.get(n, ()))], score))
    return _grouped("leak", groups)


def _firsts_of(numbers: Ints, texts: Ints) -> Ints:
    """Return the first copies of texts, which stand for them in pairs."""
    firsts = np.unique(numbers, return_index=True)[1]
    return np.asarray(firsts[numbers[texts]])


def _doubts(labels: Targets, embeddings: Floats, numbers: Ints, firsts: Ints, job: Job) -> Found:
    """Return labels that a model doubts; copies of a text are doubted together with its first."""
    from core.learning.data_check.doubtful_labels import doubtful_labels
    from core.learning.data_check.out_of_fold import out_of_fold

    carried = np.flatnonzero((labels > 0).any(axis=0))
    has_label = (labels != 0).any(axis=1)
    place_of_number = np.full(int(numbers.max(initial=-1)) + 1, -1, np.int64)
    place_of_number[numbers[firsts]] = np.arange(len(firsts))
    texts = np.flatnonzero(has_label & (place_of_number[numbers] >= 0))
    if len(np.unique(numbers[texts])) < FEWEST_DIFFERENT or not len(carried):
        return _single("doubtful-label", np.empty(0, np.int64))
    exclusive = is_exclusive(labels) and len(carried) > 1
    targets = np.asarray(labels[texts][:, carried] > 0, np.int8)
    vectors = embeddings[place_of_number[numbers[texts]]]
    learned = out_of_fold(vectors, targets, numbers[texts], job, is_exclusive=exclusive)
    doubts = doubtful_labels(learned, targets, is_exclusive=exclusive)
    sure = np.flatnonzero(doubts.margin >= SURE_MARGIN)
    column = np.append(carried, -1)  # -1 stays -1
    details = {
        n: {"given": int(column[doubts.given[i]]), "suggested": int(column[doubts.suggested[i]])}
        for n, i in enumerate(sure)
    }
    return _single("doubtful-label", texts[doubts.texts[sure]], doubts.margin[sure], details)


def _balance(checked: CheckedTexts, limits: Limits) -> Iterator[Found]:
    """Yield what is wrong with the numbers of labels; members are concepts in the first two."""
    told = balance(checked.labels, fewest=limits.fewest_texts)
    counts = told.n_per_concept
    details = {n: {"n": int(counts[column])} for n, column in enumerate(told.too_few)}
    missing = (limits.fewest_texts - counts[told.too_few]).astype(np.float32)
    yield _single("few-texts", told.too_few, missing, details)
    used = np.flatnonzero(counts > 0)
    uneven = used[counts[used].argsort(kind="stable")] if told.ratio >= IMBALANCED else used[:0]
    if len(uneven):
        n_largest = int(counts[uneven[-1]])
        missing = n_largest / IMBALANCED - counts[uneven[:1]] + 1
        details = {0: {"n": int(counts[uneven[0]]), "largest": int(uneven[-1]), "of": n_largest}}
    yield _single("imbalance", uneven[:1], np.asarray(missing[: len(uneven)], np.float32), details)
    is_open = ~(checked.labels != 0).any(axis=1) & ~np.asarray(checked.is_answered, bool)
    yield _single("unlabelled", np.flatnonzero(is_open))


def _languages(texts: Sequence[str], job: Job) -> Iterator[Found]:
    """Yield texts in rare scripts, and in rare languages that have no script of their own."""
    told = languages_of(texts, job)
    job.report(_("Telling languages"), len(texts), len(texts))
    foreign: dict[str, dict[int, str]] = {"script": {}, "language": {}}
    for kind, kinds in (("script", told.scripts), ("language", told.languages)):
        for name, members in minorities(kinds).items():
            known = foreign["script"]
            foreign[kind] |= {i: name for i in members.tolist() if i not in known}
    for kind, name_of in foreign.items():
        details = {n: {kind: name} for n, name in enumerate(name_of.values())}
        yield _single(kind, np.array(list(name_of), np.int64), details=details)
