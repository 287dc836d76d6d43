"""One strictness for all concepts: how surely an answer is right, whatever the model states.

A model may be too sure of one concept and too modest about another. What it states is put right
by a line in the logits with an offset for each concept, each held back as long as few texts speak
for it: of a concept with three texts hardly more is believed than of all concepts together.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from core.learning.decisions import Bools, decide, usual_thresholds
from core.learning.intervals import Doubles
from core.learning.scored import Scored
from core.learning.splits import Floats, Ints

LEAST = 0.05  # probability below which a concept that stands for itself is no candidate
EDGE = 1e-7  # probabilities this close to 0 or 1 cannot be told from it
CAUTION = 5.0  # texts that speak for leaving logits as they are, as in `calibration`
CONCEPT_CAUTION = 1.0  # the same for what a concept has of its own
MOST_ANSWERS = 200_000  # that are looked at: enough for a few numbers by concept


@dataclass(frozen=True)
class Answers:
    """Answers that could be given: to each text its best concept, or each likely one.

    Attributes:
        places, columns: (n_answers,) to which text, and which concept.
        probabilities: (n_answers,). is_right: (n_answers,).
        n_texts: of all texts, also those that no answer could be given to.
    """

    places: Ints
    columns: Ints
    probabilities: Floats
    is_right: Bools
    n_texts: int


def answers_of(scored: Scored) -> Answers:
    """Return the answers that could be given to texts."""
    low = usual_thresholds(len(scored.concepts), is_exclusive=scored.is_exclusive)
    could_be = decide(
        scored.probabilities, np.minimum(low, LEAST), is_exclusive=scored.is_exclusive
    )
    places, columns = np.nonzero(could_be)
    return Answers(
        places,
        columns,
        scored.probabilities[places, columns],
        scored.targets[places, columns] == 1,
        len(scored.input_ids),
    )


@dataclass(frozen=True)
class Strictness:
    """Turns what a model states into how surely it is right: a line in the logits.

    Attributes:
        slope: above 0. offsets: (n_concepts,).
    """

    slope: float
    offsets: Doubles

    def sureness(self, answers: Answers) -> Doubles:
        """Return how surely each answer is right, as logits, (n_answers,)."""
        return self.slope * _logits(answers.probabilities) + self.offsets[answers.columns]

    def thresholds(self, sureness: Doubles) -> Floats:
        """Return from which probability on answers are at least so sure.

        Args:
            sureness: (n_steps,) as logits.

        Returns:
            (n_steps, n_concepts).
        """
        stated = (sureness[:, None] - self.offsets) / self.slope
        return np.asarray(expit(stated), np.float32)


def fit_strictness(answers: Answers, n_concepts: int) -> Strictness:
    """Find the line and the offsets under which answers that were checked are likeliest.

    References:
        Platt 1999, Probabilistic Outputs for Support Vector Machines, section 2.
    """
    step = max(1, -(-len(answers.places) // MOST_ANSWERS))
    z = _logits(answers.probabilities[::step])
    y, columns = answers.is_right[::step], answers.columns[::step]

    def loss(parameters: Doubles) -> tuple[float, Doubles]:
        slope, common, own = np.exp(parameters[0]), parameters[1], parameters[2:]
        sureness = slope * z + common + own[columns]
        surprise = float((np.logaddexp(0, sureness) - y * sureness).sum())
        wrong = expit(sureness) - y
        by_own = np.bincount(columns, wrong, n_concepts)
        gradient = np.concatenate([[slope * (wrong @ z), wrong.sum()], by_own])
        return surprise + float(caution @ parameters**2), gradient + 2 * caution * parameters

    caution = np.full(n_concepts + 2, CONCEPT_CAUTION)
    caution[:2] = CAUTION
    bounds = [(-2.0, 2.0), *[(-9.0, 9.0)] * (n_concepts + 1)]
    found = minimize(loss, np.zeros(n_concepts + 2), jac=True, method="L-BFGS-B", bounds=bounds).x
    return Strictness(float(np.exp(found[0])), found[1] + found[2:])


def _logits(probabilities: Floats) -> Doubles:
    return np.asarray(logit(np.clip(probabilities.astype(np.float64), EDGE, 1 - EDGE)))
