"""Thresholds that keep the share of wrong answers within what is tolerated, with a guarantee.

What is promised: on new texts of the same kind, the share of wrong answers among those given
automatically is at most the tolerated one, in at least 97.5 of 100 cases in which somebody finds
thresholds so. An answer is, where a text has exactly one concept, its best concept if that
reaches its threshold; else each concept that reaches its own. Texts that get no answer are left
for people, whatever they are about: concepts that are missed are no wrong answers, and are
counted apart.

How it is kept. The texts are dealt at random to two sides.

1.  The smaller side proposes. On it, what the model states of each concept is put right
    (`strictness`), so that one strictness common to all concepts has its own threshold for each;
    that is the best order, as whatever is decided next should be what is surest to be right. The
    strictnesses make a path from strict to lax, and a place on it to begin: the one that has the
    best chance to pass the test below.
2.  The larger side decides. From the beginning, each next laxer step is tested: "more than the
    tolerated share is wrong" is refused if so few wrong answers would then be seen in at most
    2.5 of 100 cases (the exact binomial test, hence exactly if the 95 % interval of Clopper and
    Pearson ends below). The last step before the first one that fails is the answer.

Path, beginning and order are known before the larger side is looked at, so that each test is a
plain one, and the first step of the sequence that breaks the promise, if there is one, is passed
in at most 2.5 of 100 cases; a later one is only reached through it. Nothing is assumed of the
model: where it is badly calibrated less is decided, but no more of it is wrong. Had all texts
both proposed and decided, the thresholds would have been fitted to the very mistakes that they
are to bound.

Where a text may get several concepts, its answers may be wrong together, and are then no
independent ones. Answers and mistakes are counted as the number of independent ones that tell as
much: divided by the mean number of mistakes that a mistake has in its text, itself included,
where one text with all of its answers wrong is added for caution. Where texts get one answer each
this divides by 1 and the promise is exact; else it is as good as that count, and what is promised
is checked by simulation, with mistakes of a text that come alone and that come together.

References:
    Angelopoulos et al. 2021, Learn then Test, arXiv:2110.01052, section 2.3 (fixed sequences).
    Geifman and El-Yaniv 2017, Selective Classification for Deep Neural Networks,
    arXiv:1705.08500. Clopper and Pearson 1934, The Use of Confidence or Fiducial Limits.
    Korn and Graubard 1998, Confidence Intervals for Proportions with Small Expected Number of
    Positive Counts Estimated from Survey Data (effective counts).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, expit
from scipy.stats import binom

from core.learning.decided import Budget, ConceptDecided, Step
from core.learning.decisions import Bools, decide
from core.learning.intervals import UNKNOWN, Doubles, Estimate
from core.learning.scored import NOT_SEEN, Scored
from core.learning.splits import Floats, Ints
from core.learning.strictness import Answers, answers_of, fit_strictness

RISK = 0.025  # that the promise is broken, and half of what a 95 % interval leaves out
PROPOSING = 0.2  # share of the texts that the path is found on
N_STEPS = 200
N_SHOWN = 60  # steps of the curve that is returned
LIKELY = 0.99  # chance on paper from which on texts are said to be enough; really about 85 %
FEWEST_TEXTS, MOST_TEXTS = 100, 1_000_000
TINY = 1e-9


@dataclass(frozen=True)
class _Counts:
    """What each step gives, (n_steps,) each.

    Attributes:
        given: how many answers. wrong: how many of them are.
        n_texts: that get an answer.
        bunched: the number of answers that tell no more than one.
    """

    given: Doubles
    wrong: Doubles
    n_texts: Doubles
    bunched: Doubles


@dataclass(frozen=True)
class _Proposal:
    """What one side proposes: a path from strict to lax.

    Attributes:
        sureness: (n_steps,) common to all concepts, as logits.
        thresholds: (n_steps, n_concepts), never rising.
        given_share: (n_steps,) independent answers by text.
        wrong_share: (n_steps,) that is to be expected among them.
    """

    sureness: Doubles
    thresholds: Floats
    given_share: Doubles
    wrong_share: Doubles

    def chances(self, n_texts: int, tolerated_share: float) -> Doubles:
        """Return how likely each step passes when so many texts decide, (n_steps,)."""
        n_given = np.floor(self.given_share * n_texts)
        n_allowed = binom.ppf(RISK, n_given, tolerated_share) - 1
        return np.asarray(binom.cdf(n_allowed, n_given, self.wrong_share))


def find_budget(scored: Scored, tolerated_share: float) -> Budget:
    """Find the laxest thresholds that keep to a tolerated share of wrong answers.

    Args:
        scored: texts with what people and the model said; those that the model had seen, exactly
            or nearly, are left out.
        tolerated_share: of wrong answers among those given, in (0, 1).

    Returns:
        The thresholds with what they do on the side that decided; the same for the same texts.
    """
    unseen = scored.only(np.flatnonzero(scored.seen == NOT_SEEN))
    n_texts = len(unseen.input_ids)
    order = np.random.default_rng(scored.seed).permutation(n_texts)
    sides = np.split(order, [round(PROPOSING * n_texts)])
    proposing, deciding = (unseen.only(np.sort(side)) for side in sides)
    path = _propose(proposing)
    counts = _count(answers_of(deciding), path.thresholds)
    begin = int(path.chances(len(sides[1]), tolerated_share).argmax())
    last = _last_passed(_interval(counts)[1] <= tolerated_share, begin)
    steps = _steps(counts, path.sureness, len(sides[1]))
    thresholds = None if last is None else path.thresholds[last]
    return Budget(
        tolerated_share=tolerated_share,
        is_exclusive=scored.is_exclusive,
        n_texts=n_texts,
        n_checked=len(sides[1]),
        chosen=None if last is None else steps[last],
        concepts=_concepts(deciding, thresholds),
        curve=_shown(steps, last),
        n_needed=_needed(unseen, tolerated_share) if last is None else None,
    )


def _propose(scored: Scored) -> _Proposal:
    """Find a path whose steps each give about as many answers more.

    Where a text has exactly one concept, the last step decides everything; else nothing is given
    that is rather wrong than right.
    """
    answers = answers_of(scored)
    found = fit_strictness(answers, len(scored.concepts))
    sureness = found.sureness(answers)
    laxest = -np.inf if scored.is_exclusive else 0.0
    wanted = sureness[sureness > laxest]
    path = np.full(1, laxest)
    if len(wanted):
        falling = -np.unique(-np.quantile(wanted, np.linspace(0, 1, N_STEPS)))
        path = np.append(falling, laxest)
    thresholds = np.minimum.accumulate(found.thresholds(path), axis=0)
    counts = _count(answers, thresholds)
    doubts = np.asarray(expit(-sureness), np.float64)
    expected = _total(_first_steps(answers, thresholds), len(path), doubts)
    return _Proposal(
        sureness=path,
        thresholds=thresholds,
        given_share=counts.given / counts.bunched / max(answers.n_texts, 1),
        wrong_share=expected / np.maximum(counts.given, 1),
    )


def _count(answers: Answers, thresholds: Floats) -> _Counts:
    """Count what each step gives."""
    first, n_steps = _first_steps(answers, thresholds), len(thresholds)
    soonest = np.full(answers.n_texts, n_steps)
    np.minimum.at(soonest, answers.places, first)
    is_wrong = ~answers.is_right
    given, wrong = _total(first, n_steps), _total(first[is_wrong], n_steps)
    all_wrong = _squares(answers.places, first, n_steps) / np.maximum(given, 1)
    squares = _squares(answers.places[is_wrong], first[is_wrong], n_steps)
    bunched = (squares + np.maximum(all_wrong, 1)) / (wrong + 1)
    return _Counts(given, wrong, _total(soonest, n_steps), bunched)


def _first_steps(answers: Answers, thresholds: Floats) -> Ints:
    """Return the first step that gives each answer, (n_answers,); n_steps if none does."""
    first = np.empty(len(answers.places), np.int64)
    order = np.argsort(answers.columns, kind="stable")
    columns, begins = np.unique(answers.columns[order], return_index=True)
    for column, of_it in zip(columns, np.split(order, begins)[1:], strict=True):
        rising = -thresholds[:, column]
        first[of_it] = np.searchsorted(rising, -answers.probabilities[of_it])
    return first


def _total(first: Ints, n_steps: int, weights: Doubles | None = None) -> Doubles:
    """Return how many have come by each step, (n_steps,)."""
    return np.cumsum(np.bincount(first, weights, n_steps + 1)[:n_steps], dtype=np.float64)


def _squares(places: Ints, first: Ints, n_steps: int) -> Doubles:
    """Return the sum over texts of how many of these each has by a step, squared, (n_steps,)."""
    order = np.lexsort((first, places))
    _texts, begins, sizes = np.unique(places[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(begins, sizes)
    return _total(first[order], n_steps, np.asarray(2 * rank + 1, np.float64))


def _interval(counts: _Counts) -> tuple[Doubles, Doubles]:
    """Return the exact 95 % interval of the share of wrong answers at each step."""
    n, k = counts.given / counts.bunched, counts.wrong / counts.bunched
    low = np.where(k > 0, betaincinv(np.maximum(k, TINY), n - k + 1, RISK), 0.0)
    high = np.where(n > k, betaincinv(k + 1, np.maximum(n - k, TINY), 1 - RISK), 1.0)
    return low, high


def _last_passed(passes: Bools, begin: int) -> int | None:
    """Return the last step of an unbroken row of passed ones."""
    failed = np.flatnonzero(~passes[begin:])
    end = begin + int(failed[0]) if len(failed) else len(passes)
    return end - 1 if end > begin else None


def _steps(counts: _Counts, sureness: Doubles, n_texts: int) -> list[Step]:
    shares = counts.wrong / np.maximum(counts.given, 1)
    columns = (expit(sureness), counts.n_texts / max(n_texts, 1), shares, *_interval(counts))
    return [
        Step(strictness, decided_share, Estimate(share, low, high) if n_given else UNKNOWN)
        for n_given, strictness, decided_share, share, low, high in zip(
            counts.given, *(column.tolist() for column in columns), strict=True
        )
    ]


def _shown(steps: list[Step], chosen: int | None) -> tuple[Step, ...]:
    """Return steps that lie evenly, the chosen one among them."""
    places: set[int] = set(np.linspace(0, len(steps) - 1, N_SHOWN).round().astype(int).tolist())
    return tuple(steps[i] for i in sorted(places if chosen is None else places | {chosen}))


def _concepts(scored: Scored, thresholds: Floats | None) -> tuple[ConceptDecided, ...]:
    """Count what is given of each concept; nothing where there are no thresholds."""
    limits = np.full(len(scored.concepts), np.inf, np.float32) if thresholds is None else thresholds
    given = decide(scored.probabilities, limits, is_exclusive=scored.is_exclusive)
    said = scored.targets == 1
    counts = (given, given & ~said, said, said & ~given)
    lists = [which.sum(axis=0).tolist() for which in counts]
    known = [None] * len(limits) if thresholds is None else thresholds.astype(float).tolist()
    return tuple(map(ConceptDecided, scored.concepts, known, *lists))


def _needed(scored: Scored, tolerated_share: float) -> int | None:
    """Return about how many texts it takes to keep a budget, all in all.

    As those there are did not do, it is half as many again at least.
    """
    path = _propose(scored)
    n_texts = _round(max(FEWEST_TEXTS, 1.5 * len(scored.input_ids)))
    while n_texts <= MOST_TEXTS:
        n_deciding = n_texts - round(PROPOSING * n_texts)
        if path.chances(n_deciding, tolerated_share).max() >= LIKELY:
            return n_texts
        n_texts = _round(1.25 * n_texts)
    return None


def _round(n_texts: float) -> int:
    """Round to two digits, as nobody knows better."""
    return int(float(f"{n_texts:.1e}"))
