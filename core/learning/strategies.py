"""Label next: what is learned from the labels so far, and which texts would teach most now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.jobs import Job
from core.learning import sampling
from core.learning.embedding_classifier.steering import Features, Labels, Steered, steer
from core.learning.splits import Floats, Ints

Strategy = Literal["mixed", "uncertain", "diverse", "rare", "random"]
FEWEST_LEARNED = 2  # concepts with a text each, before there is anything to be unsure between
ENOUGH_TO_SEEK = 2  # texts said to be about a concept, and as many said not to be
BACKGROUND = 300  # texts taken for being about something else: rare is what is sought
TEN = 10  # a tenth of the texts at most, or what is sought would be among them too often
MOST_WEIGHT = 0.2  # of such a text against an answered one: some are about it after all
MOST_SEED = 2**31
COLD = 2  # labels for each concept seen, below which a model knows too little to be asked


@dataclass(frozen=True)
class Choice:
    """Which texts to label next, and what was thought of all of them.

    Attributes:
        places: the best first.
        model: what was learned from the labels; None where there are too few.
        concepts: the columns of the targets that the model knows.
        probabilities: (n_texts, n_concepts) of all texts by the model.
    """

    places: Ints
    model: Steered | None = None
    concepts: Ints | None = None
    probabilities: Floats | None = None


def choose(
    strategy: Strategy,
    features: Features,
    labels: Labels,
    n: int,
    rng: np.random.Generator,
    job: Job,
) -> Choice:
    """Choose the texts to label next among those without a label.

    Args:
        strategy: "uncertain" asks what a model is least sure of, "diverse" what is unlike all
            labelled texts, "rare" what may carry a concept with few labels; "mixed" begins
            with diverse ones and goes on with what is uncertain, and each for another reason.
        features: of all texts.
        labels: those that there are.
        n: how many to choose.
        rng: draws.
        job: told at every step.
    """
    open_ = _open(features, labels)
    known = np.flatnonzero(labels.targets.any(axis=0))
    at_random = rng.permutation(open_)[:n]
    if len(known) < FEWEST_LEARNED or not len(open_):
        typical = _typical(features, labels.rows, open_, n, rng)
        return Choice(at_random if strategy == "random" else typical)
    labels = replace(labels, targets=labels.targets[:, known])
    model = steer(features, labels, int(rng.integers(MOST_SEED)), job)
    probabilities = model.probabilities(features)
    is_cold = len(labels.rows) < COLD * len(known)
    if strategy == "random":
        places = at_random
    elif strategy == "diverse" or (strategy == "mixed" and is_cold):
        places = _typical(features, labels.rows, open_, n, rng)
    else:
        asked = _Asked(probabilities[open_], features.near[open_], labels, n, rng)
        places = open_[_PICKS[strategy](asked)[:n]]
    return Choice(places, model, known, probabilities)


def _open(features: Features, labels: Labels) -> Ints:
    """Return the places of the texts that can be chosen."""
    is_open = np.ones(len(features.near), bool)
    is_open[labels.rows] = False
    if labels.closed is not None:
        is_open[labels.closed] = False
    return np.flatnonzero(is_open)


def _typical(features: Features, rows: Ints, open_: Ints, n: int, rng: np.random.Generator) -> Ints:
    """Return places of open texts, typical of what no labelled one is like."""
    looked_at = np.sort(np.concatenate([rows, open_]))
    near, is_labelled = features.near[looked_at], np.isin(looked_at, rows)
    return looked_at[sampling.typical_of_unseen(near, is_labelled, n, rng)]


@dataclass(frozen=True)
class _Asked:
    """What a strategy chooses by: all that is said of the texts without a label."""

    probabilities: Floats
    near: Floats
    labels: Labels
    n: int
    rng: np.random.Generator


def _mixed(asked: _Asked) -> Ints:
    return sampling.unsure_and_spread(
        asked.probabilities,
        asked.near,
        asked.n,
        asked.rng,
        is_exclusive=asked.labels.is_exclusive,
    )


def _uncertain(asked: _Asked) -> Ints:
    return sampling.least_sure(asked.probabilities, is_exclusive=asked.labels.is_exclusive)


def _rare(asked: _Asked) -> Ints:
    n_labels = asked.labels.targets.sum(axis=0)
    is_exclusive = asked.labels.is_exclusive
    return sampling.likely_rare(asked.probabilities, n_labels, is_exclusive=is_exclusive)


_PICKS: dict[str, Callable[[_Asked], Ints]] = {
    "mixed": _mixed,
    "uncertain": _uncertain,
    "rare": _rare,
}


@dataclass(frozen=True)
class Sought:
    """Texts that may be about a concept, the likeliest first.

    Attributes:
        places: of texts that can be chosen.
        probabilities: (n_texts,) of all texts; None before the model took over from likeness.
    """

    places: Ints
    probabilities: Floats | None = None


def seek(
    features: Features,
    labels: Labels,
    alike: Floats,
    rng: np.random.Generator,
    job: Job,
) -> Sought:
    """Find texts about a concept that hardly any text is known to be about.

    At first likeness decides. Once some texts were confirmed and some rejected, a model takes
    over; it also learns from a few texts without a label, taken for being about something else.

    Args:
        features: of all texts.
        labels: of the one concept.
        alike: (n_texts,) how like the examples and the words each text is.
        rng: draws the texts that are taken for being about something else.
        job: told at every step.
    """
    open_ = _open(features, labels)
    n_known, n_it = len(labels.rows), int(labels.targets.sum())
    if min(n_it, n_known - n_it) < ENOUGH_TO_SEEK:
        return Sought(open_[np.argsort(-alike[open_], kind="stable")])
    others = rng.permutation(open_)[: min(BACKGROUND, len(open_) // TEN)]
    counts = np.ones(n_known + len(others), np.float32)
    counts[n_known:] = min(n_known / max(len(others), 1), MOST_WEIGHT)
    lesson = Labels(
        rows=np.concatenate([labels.rows, others]),
        targets=np.concatenate([labels.targets, np.zeros((len(others), 1), np.int8)]),
        is_exclusive=False,
        counts=counts,
    )
    said = steer(features, lesson, int(rng.integers(MOST_SEED)), job).probabilities(features)[:, 0]
    return Sought(open_[np.argsort(-said[open_], kind="stable")], said)
