"""Is more labelling worth it? Scores of models of ever more texts, and what twice as many give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy.sparse import csr_array, vstack

from core.i18n import N_, _
from core.jobs import Job
from core.learning.decisions import Bools
from core.learning.extrapolation import Points, forecast
from core.learning.growth import SCORES, CurvePoint, LearningCurve
from core.learning.intervals import Doubles
from core.learning.resampling import (
    N_RESAMPLES,
    RESAMPLES_AT_ONCE,
    draws,
    headline,
    outcomes_of,
)
from core.learning.splits import Ints, Targets, rarest_concept, stratified_folds

Predict = Callable[[Ints, Ints], Bools]

LEARNING = N_("Learning from parts of the texts")
SCORING = N_("Scoring")
N_QUARTERS = 4
FEW_TARGETS = 100_000  # up to so many texts times concepts, more draws take seconds
N_DRAWS_OF_FEW, N_DRAWS = 8, 3


@dataclass(frozen=True)
class Round:
    """Positions of texts: those to draw from, and those held out, on which models are checked."""

    pool: Ints
    checked: Ints


@dataclass(frozen=True)
class Scored:
    """The scores of each draw of a share, (n_draws,), and their mean, resampled, (n_resamples,)."""

    values: Doubles
    resampled: Doubles


def learning_curve(  # noqa: PLR0913  # the texts, how to learn from them, and from how many
    targets: Targets,
    groups: Ints,
    rounds: Sequence[Round],
    predict: Predict,
    *,
    n_labelled: int,
    seed: int,
    job: Job,
) -> LearningCurve:
    """Measure how scores grow from a quarter of the texts to all of them.

    At every share but the last, several models learn from texts drawn anew, stratified by
    concept; what they predict of the held-out texts is scored, and the mean is the point.

    Its 95 % interval is where the score of models of so many texts lies on all texts like these.
    It covers two things that are known only by a sample. The held-out texts: by the stratified
    bootstrap, which draws the same texts for all points. The texts learned from: if the scores of
    models of n texts have the variance v / n, then the mean of m draws of n out of N texts has
    the variance v / N + v / n * (1 - n / N) / m; v is taken from how the draws of all shares
    differ, and Student's t stands for how few they are.

    Args:
        targets: (n_texts, n_concepts), 1 where a text carries a concept.
        groups: (n_texts,) equal for equal texts, which are drawn together.
        rounds: what is learned from and checked together; no text is checked twice.
        predict: given the positions to learn from and to check, says which concepts the latter
            carry, (n_checked, n_concepts).
        n_labelled: texts to learn from, the number that is doubled.
        seed: of draws and resampling.
        job: told before every model.

    References:
        Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapters 6 and 13.
        Cochran 1977, Sampling Techniques, 3rd edition, section 2.6 (draws from finite sets).
    """
    parts = _draw(targets, groups, rounds, seed)
    predicted = _learn(parts, rounds, predict, job)
    checked = np.concatenate([one.checked for one in rounds])
    seen = targets[checked]
    scored = _score(seen == 1, predicted, rarest_concept(seen), seed, job)
    n_texts = np.array([np.mean([len(rows) for rows in of_share]) for of_share in parts])
    found = {s: _points(scored[s], n_texts, n_labelled, len(rounds)) for s in SCORES}
    estimates = zip(*(found[s].estimates(len(checked), seed) for s in SCORES), strict=True)
    shares = np.arange(1, N_QUARTERS + 1) / N_QUARTERS
    n_models = [len(rows) for rows in parts]
    drawn = zip(shares.tolist(), n_texts.round().astype(int).tolist(), n_models, strict=True)
    points = tuple(CurvePoint(*one, *scores) for one, scores in zip(drawn, estimates, strict=True))
    forecasts = {s: forecast(found[s], n_labelled, seed) for s in SCORES}
    return LearningCurve(points, n_labelled, len(checked), len(rounds), **forecasts)


def _draw(targets: Targets, groups: Ints, rounds: Sequence[Round], seed: int) -> list[list[Ints]]:
    """Return, for every share, the rows of each model: draw by draw, in each round by round."""
    n_draws = N_DRAWS_OF_FEW if targets.size <= FEW_TARGETS else N_DRAWS
    answer = []
    for quarters in range(1, N_QUARTERS + 1):
        n_here = n_draws if quarters < N_QUARTERS else 1
        seeds = np.random.SeedSequence([seed, quarters]).generate_state(n_here * len(rounds))
        pools = [one.pool for _draw in range(n_here) for one in rounds]
        answer.append(
            [
                draw_share(targets, groups, pool, quarters, int(own))
                for pool, own in zip(pools, seeds, strict=True)
            ]
        )
    return answer


def draw_share(targets: Targets, groups: Ints, pool: Ints, quarters: int, seed: int) -> Ints:
    """Draw some quarters of the texts of a pool, one text of every concept in it at the least."""
    folds = stratified_folds(targets[pool], groups[pool], N_QUARTERS, seed)
    is_drawn = folds < quarters
    for column in targets[pool].T:
        carriers = np.flatnonzero(column)
        if len(carriers) and not is_drawn[carriers].any():
            is_drawn[carriers[folds[carriers].argmin()]] = True
    return pool[is_drawn]


def _learn(
    parts: list[list[Ints]], rounds: Sequence[Round], predict: Predict, job: Job
) -> list[list[Bools]]:
    """Return what was predicted of the checked texts of all rounds, for every share and draw.

    Models of all shares take turns, so that progress is even.
    """
    n_rounds = len(rounds)
    plan = sorted((place, i) for i, rows in enumerate(parts) for place in range(len(rows)))
    answers: list[list[list[Bools]]] = [[[] for _rows in rows[::n_rounds]] for rows in parts]
    for place, i in job.track(plan, _(LEARNING)):
        checked = rounds[place % n_rounds].checked
        answers[i][place // n_rounds].append(predict(parts[i][place], checked))
    return [[np.concatenate(run) for run in of_share] for of_share in answers]


def _score(
    actual: Bools, predicted: list[list[Bools]], strata: Ints, seed: int, job: Job
) -> dict[str, list[Scored]]:
    """Return the scores of every share; the held-out texts are drawn alike for all of them."""
    n_texts, n_draws = len(actual), [len(of_share) for of_share in predicted]
    runs = [outcomes_of(actual, run) for of_share in predicted for run in of_share]
    outcomes = csr_array(vstack(runs, format="csr"))
    blocks: list[list[dict[str, Doubles]]] = []
    for weights in chain([np.ones((n_texts, 1))], draws(strata, seed)):
        job.report(_(SCORING), len(blocks), 1 + N_RESAMPLES // RESAMPLES_AT_ONCE)
        counts = np.split(outcomes @ weights, len(runs))
        blocks.append([headline(of_run, n_texts) for of_run in counts])
    answer = {}
    for name in SCORES:
        found = np.hstack([[of_run[name] for of_run in block] for block in blocks])
        shares = np.split(found, np.cumsum(n_draws)[:-1])
        answer[name] = [Scored(rows[:, 0], rows[:, 1:].mean(axis=0)) for rows in shares]
    return answer


def _points(scored: list[Scored], n_texts: Doubles, n_labelled: int, n_rounds: int) -> Points:
    """Add to what the held-out texts leave open what the texts learned from do."""
    n_draws = np.array([len(one.values) for one in scored])
    unseen_share = 1 - n_texts / n_texts[-1]
    variances = np.array([one.values.var(ddof=1) for one in scored[:-1]])
    spread = float(np.mean(variances * n_rounds * n_texts[:-1] / unseen_share[:-1]))
    n_models = n_draws * n_rounds
    return Points(
        n_texts=n_texts,
        scores=np.array([one.values.mean() for one in scored]),
        held_out=np.stack([one.resampled - one.resampled.mean() for one in scored], axis=1),
        spread_of_all=spread / n_labelled,
        spreads=spread * unseen_share / (n_texts * n_models),
        freedom=int((n_draws - 1).sum()),
    )
