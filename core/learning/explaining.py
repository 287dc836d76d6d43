"""Which words of a text speak for a concept, found by taking them out and asking again.

The model is a function from texts to probabilities and nothing else is known of it. Words whose
loss costs the concept most are then put to the test: they are taken out together, and compared
with as many words drawn at random.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.i18n import _
from core.jobs import Job, PartOfJob
from core.learning.splits import Floats
from core.learning.words import find_words

Predict = Callable[[Sequence[str], Job], Floats]
Place = tuple[int, int]  # from which character to before which, or the same of words
Doubles = NDArray[np.float64]

LONGEST_TEXT = 60_000  # characters; beyond, hardly a run of words weighs anything
READ_CHARACTERS = 200_000  # in all variants of a text together: three seconds of reading
FEWEST_VARIANTS, MOST_VARIANTS = 32, 100
MOST_SPANS = 60
N_ROUNDS = 2  # of splitting the weightiest runs: a thousand words come down to a few
MANY_VARIANTS, MANY_DRAWS, FEW_DRAWS = 60, 19, 9  # all draws are to be beaten: chance 1 in 20, 10
SMALLEST_MOVE = 0.4  # nats: the odds fall by a third; less is no reason to name words
HESITATION = 0.05  # of probability, between two concepts or around one half
SLIGHTEST = 0.1  # nats: beside other words, one that weighs less is no reason either
TOP_SHARE = 0.25  # of the weightiest span's weight, from which a span is among the top
TOP_WORDS = 1 / 3  # of all words: so that enough others are left to draw from
CARRIED_SHARE = 0.5  # of a run's weight that one of its parts must have to stand for it
TINY = 1e-7  # what float32 can tell from 1


class Doubt(StrEnum):
    """Why an explanation is not to be relied on."""

    NONE = ""
    NO_OTHERS = "no-others"  # fewer than two words: nothing to compare with
    TOO_LONG = "too-long"
    CLOSE_CALL = "close-call"  # the model itself hesitates
    NOTHING_MOVES = "nothing-moves"
    LIKE_OTHERS = "like-others"  # random words move the answer as much


@dataclass(frozen=True)
class WordSpan:
    """Some words of a text.

    Attributes:
        start: the first character.
        end: the character after the last one.
        importance: how far the log-odds of the concept fall, in nats, when the span is taken
            out; negative where it speaks against the concept.
    """

    start: int
    end: int
    importance: float


@dataclass(frozen=True)
class Explanation:
    """What spoke for a concept in a text, and whether that was borne out.

    Attributes:
        spans: all that was taken out, in the order of the text.
        top: the spans that spoke for it most, the weightiest first.
        doubt: why it is not to be relied on, if so.
        is_verified: taking out the top together costs the concept clearly more than each draw of
            as many random words.
        probability: of the concept, for the whole text.
        probability_without: for the text without the top.
        probability_random: without as many random words, mean of the draws.
        top_drop: by how much the log-odds fall without the top, in nats.
        random_drop: the same without random words, mean of the draws.
    """

    spans: tuple[WordSpan, ...]
    top: tuple[WordSpan, ...]
    doubt: Doubt
    is_verified: bool
    probability: float
    probability_without: float
    probability_random: float
    top_drop: float
    random_drop: float

    @property
    def is_sure(self) -> bool:
        """Tell whether the top may be shown as what decided."""
        return self.doubt is Doubt.NONE

    def without(self, span: WordSpan) -> float:
        """Return the probability of the concept for the text without a span."""
        odds = _log_odds(np.array([[self.probability]], np.float32), 0)[0]
        return float(1 / (1 + np.exp(span.importance - odds)))


@dataclass(frozen=True)
class _Plan:
    """How many texts to ask about, so that a long text takes not much longer than a short one.

    Attributes:
        n_spans: runs of words, of one word each where the text is short.
        n_parts: what the weightiest runs may be split into in each of two rounds.
        n_draws: of random words.
    """

    n_spans: int
    n_parts: int
    n_draws: int

    @property
    def n_variants(self) -> int:
        return (
            self.n_spans + N_ROUNDS * self.n_parts + self.n_draws + 2
        )  # the whole, and without the top


@dataclass(frozen=True)
class _Weighed:
    """A run of words, by their number, and its weight."""

    words: Place
    weight: float
    is_final: bool = False  # splitting it told nothing


def explain(predict: Predict, text: str, column: int, job: Job, *, seed: int) -> Explanation:
    """Find the words that speak for a concept, and check that they do.

    Weights are falls of log-odds, not of probability: where a model is sure, leaving out one of
    several telling words hardly moves the probability, but it does move the odds.

    Args:
        predict: returns (n_texts, n_concepts), in [0, 1], whatever texts come together.
        text: any text.
        column: of the concept.
        job: told while the variants of the text are read.
        seed: of the random draws; with the same seed the answer is the same.

    References:
        Li et al. 2016, Understanding Neural Networks through Representation Erasure,
        arXiv:1612.08220; DeYoung et al. 2020, ERASER, arXiv:1911.03429, "comprehensiveness".
    """
    words = find_words(text) if len(text) <= LONGEST_TEXT else []
    plan = _plan(len(text), len(words))
    asking = _Asking(predict, text, words, column, job)
    asking.n_to_ask = plan.n_variants
    weighed = asking.weigh(_parted((0, len(words)), plan.n_spans))
    for _round in range(N_ROUNDS):
        weighed = _refined(weighed, plan.n_parts, asking)
    top = _top(weighed, len(words))
    return asking.conclude(weighed, top, plan.n_draws, np.random.default_rng(seed))


class _Asking:
    """Asks a model about a text without some of its words.

    Attributes:
        n_to_ask: how many texts it will be asked about, for the progress.
    """

    def __init__(
        self, predict: Predict, text: str, words: Sequence[Place], column: int, job: Job
    ) -> None:
        self._predict, self._text, self._words = predict, text, words
        self._column, self._job = column, job
        self._whole = np.empty(0, np.float32)  # asked about with the first runs
        self._n_asked = self.n_to_ask = 0

    def weigh(self, runs: Sequence[Place]) -> list[_Weighed]:
        """Return the runs of words with their weights."""
        taken: list[Sequence[int]] = [range(*run) for run in runs]
        if self._whole.size:
            rows = self._rows(taken)
        else:
            rows = self._rows([(), *taken])
            self._whole, rows = rows[0], rows[1:]
        drops = self._drops(rows)
        return [_Weighed(run, float(drop)) for run, drop in zip(runs, drops, strict=True)]

    def conclude(
        self,
        weighed: Sequence[_Weighed],
        top: Sequence[_Weighed],
        n_draws: int,
        rng: np.random.Generator,
    ) -> Explanation:
        """Take out the top, and each time as many others, and say what came of it."""
        chosen = [word for one in top for word in range(*one.words)]
        others = np.setdiff1d(np.arange(len(self._words)), chosen)
        n_taken = min(len(chosen), len(others))
        draws = [rng.choice(others, n_taken, replace=False).tolist() for _i in range(n_draws)]
        rows = self._rows([chosen, *draws])
        top_drop, *random_drops = self._drops(rows).tolist()
        random_drop = float(np.mean(random_drops))
        stands_out = top_drop > max(random_drops) and top_drop - random_drop >= SMALLEST_MOVE
        return Explanation(
            spans=tuple(self._span(one) for one in sorted(weighed, key=lambda one: one.words)),
            top=tuple(map(self._span, top)),
            doubt=self._doubt(top_drop, stands_out=stands_out),
            is_verified=stands_out and n_taken > 0,
            probability=float(self._whole[self._column]),
            probability_without=float(rows[0, self._column]),
            probability_random=float(rows[1:, self._column].mean()),
            top_drop=top_drop,
            random_drop=random_drop,
        )

    def _doubt(self, top_drop: float, *, stands_out: bool) -> Doubt:
        reasons = (
            (len(self._text) > LONGEST_TEXT, Doubt.TOO_LONG),
            (len(self._words) < 2, Doubt.NO_OTHERS),  # noqa: PLR2004
            (_hesitates(self._whole, self._column), Doubt.CLOSE_CALL),
            (top_drop < SMALLEST_MOVE, Doubt.NOTHING_MOVES),
            (not stands_out, Doubt.LIKE_OTHERS),
        )
        return next((doubt for is_so, doubt in reasons if is_so), Doubt.NONE)

    def _drops(self, rows: Floats) -> Doubles:
        """Return how far the log-odds of the concept fall from those of the text, (n_texts,)."""
        odds = _log_odds(np.vstack([self._whole, rows]), self._column)
        return np.asarray(odds[0] - odds[1:])

    def _rows(self, taken: Sequence[Sequence[int]]) -> Floats:
        """Return what the model says of the text without these words each."""
        start, self._n_asked = self._n_asked, self._n_asked + len(taken)
        total = max(self.n_to_ask, self._n_asked)
        part = PartOfJob(self._job, _("Reading texts"), start=start, end=self._n_asked, total=total)
        return self._predict([self._without(words) for words in taken], part)

    def _without(self, taken: Iterable[int]) -> str:
        kept, end = [], 0
        for first, last in _runs_of(taken):
            start = self._words[first][0]
            kept.append(self._text[end:start])
            end = self._words[last][1]
        return "".join([*kept, self._text[end:]])

    def _span(self, one: _Weighed) -> WordSpan:
        first, last = one.words
        return WordSpan(self._words[first][0], self._words[last - 1][1], one.weight)


# -- choosing what to take out -------------------------------------------------------------------
def _plan(n_characters: int, n_words: int) -> _Plan:
    n_variants = min(max(READ_CHARACTERS // max(n_characters, 1), FEWEST_VARIANTS), MOST_VARIANTS)
    n_draws = MANY_DRAWS if n_variants >= MANY_VARIANTS else FEW_DRAWS
    n_left = n_variants - n_draws - 2
    if n_words <= min(n_left, MOST_SPANS):
        return _Plan(n_words, 0, n_draws)
    n_spans = min(n_left // 2, MOST_SPANS)
    return _Plan(n_spans, (n_left - n_spans) // N_ROUNDS, n_draws)


def _parted(run: Place, n_parts: int) -> list[Place]:
    """Part a run of words into so many of nearly equal length."""
    start, end = run
    size = (end - start) / max(n_parts, 1)
    return list(pairwise(start + round(i * size) for i in range(n_parts + 1)))


def _refined(weighed: list[_Weighed], n_left: int, asking: _Asking) -> list[_Weighed]:
    """Split the weightiest runs into up to `n_left` parts; one must carry what its run does."""
    parts: dict[_Weighed, list[Place]] = {}
    for one in sorted(weighed, key=lambda one: -one.weight):
        n_parts = min(one.words[1] - one.words[0], n_left)
        if n_parts > 1 and one.weight > SLIGHTEST and not one.is_final:
            parts[one] = _parted(one.words, n_parts)
            n_left -= n_parts
    if not parts:
        return weighed
    found = iter(asking.weigh([run for runs in parts.values() for run in runs]))
    of_run = {one: [next(found) for _run in runs] for one, runs in parts.items()}
    answer = []
    for one in weighed:
        split = of_run.get(one, [])
        is_carried = max((part.weight for part in split), default=0) >= CARRIED_SHARE * one.weight
        kept = replace(one, is_final=True) if split else one
        answer += split if split and is_carried else [kept]
    return answer


def _top(weighed: Sequence[_Weighed], n_words: int) -> list[_Weighed]:
    """Return the runs that speak for the concept, the weightiest first, few beside the others."""
    top: list[_Weighed] = []
    n_taken = 0
    for one in sorted(weighed, key=lambda one: -one.weight):
        n_taken += one.words[1] - one.words[0]
        least = max(TOP_SHARE * top[0].weight, SLIGHTEST) if top else 0.0
        if one.weight <= least or (top and n_taken > TOP_WORDS * n_words):
            break
        top.append(one)
    return top


def _runs_of(words: Iterable[int]) -> list[Place]:
    """Return the first and last of each run of neighbours; what is between them goes as well."""
    runs: list[Place] = []
    for word in sorted(words):
        if runs and runs[-1][1] == word - 1:
            runs[-1] = (runs[-1][0], word)
        else:
            runs.append((word, word))
    return runs


# -- what the model says -------------------------------------------------------------------------
def _is_exclusive(rows: Floats) -> bool:
    return rows.shape[1] > 1 and bool(np.allclose(rows.sum(axis=1), 1, atol=1e-3))


def _log_odds(rows: Floats, column: int) -> Doubles:
    """Return the log-odds of a concept, (n_texts,), finite also where a model is all but sure."""
    own = rows[:, column].astype(np.float64)
    against = 1 - own
    if _is_exclusive(rows):  # more exact than 1 - own close to 1
        against = np.delete(rows, column, axis=1).sum(axis=1, dtype=np.float64)
    return np.asarray(np.log(np.maximum(own, TINY)) - np.log(np.maximum(against, TINY)))


def _hesitates(row: Floats, column: int) -> bool:
    """Tell whether the concept nearly ties: with another one, or with not being an answer."""
    rival = 0.5
    if _is_exclusive(row[None]):
        rival = float(np.delete(row, column).max())
    return abs(float(row[column]) - rival) < HESITATION
