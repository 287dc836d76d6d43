"""From logits to probabilities that can be believed: 80 % should be right four times in five."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from core.learning.splits import Floats

Doubles = NDArray[np.float64]

MOST_TEXTS = 10_000  # enough for two numbers
CAUTION = 5.0  # texts that speak for leaving logits as they are, so that a handful changes little


def sigmoid(logits: Floats) -> Floats:
    """Return the logistic function of each value, in [0, 1], without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)), dtype=np.float32)


@dataclass(frozen=True)
class Calibration:
    """How logits become probabilities: softmax or sigmoid of `slope * logits + offset`.

    Attributes:
        offset: 0 where the concepts are exclusive.
    """

    is_exclusive: bool
    slope: float = 1.0
    offset: float = 0.0

    def probabilities(self, logits: Floats) -> Floats:
        """Return (n_texts, n_concepts); rows sum to 1 where the concepts are exclusive."""
        scaled = np.float32(self.slope) * logits + np.float32(self.offset)
        if not self.is_exclusive:
            return sigmoid(scaled)
        exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True), dtype=np.float64)
        return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), dtype=np.float32)


def fit_calibration(logits: Floats, targets: Floats, *, is_exclusive: bool) -> Calibration:
    """Find the slope and offset under which out-of-fold logits explain the targets best.

    Args:
        logits: (n_texts, n_concepts) of texts that the model had not seen.
        targets: (n_texts, n_concepts); of exclusive concepts, shares that sum to 1, or all 0
            for a text to pass over.
        is_exclusive: temperature scaling, or else Platt scaling with one slope and offset for
            all concepts, as rare concepts have too few texts for their own.

    References:
        Guo et al. 2017, On Calibration of Modern Neural Networks, arXiv:1706.04599, section 4.2.
        Platt 1999, Probabilistic Outputs for Support Vector Machines, section 2.
    """
    known = targets.any(axis=1) if is_exclusive else np.ones(len(targets), dtype=bool)
    known &= np.arange(len(targets)) % -(-len(targets) // MOST_TEXTS) == 0
    z, y = logits[known], targets[known]

    def loss(parameters: Doubles) -> tuple[float, Doubles]:
        tried = Calibration(is_exclusive, float(np.exp(parameters[0])), float(parameters[1]))
        wrong = tried.probabilities(z) - y
        by_slope = tried.slope * float(np.vdot(wrong, z).item())
        by_offset = 0.0 if is_exclusive else float(wrong.sum(dtype=np.float64))
        caution = CAUTION * float(parameters @ parameters)
        gradient = np.array([by_slope, by_offset]) + 2 * CAUTION * parameters
        return log_loss(tried, z, y) + caution, gradient

    best = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=[(-4, 4), (-9, 9)]).x
    return Calibration(is_exclusive, float(np.exp(best[0])), float(best[1]))


def log_loss(calibration: Calibration, logits: Floats, targets: Floats) -> float:
    """Return the summed surprise at the targets, in nats; rows as in `fit_calibration`."""
    scaled = calibration.slope * logits.astype(np.float64) + calibration.offset
    if not calibration.is_exclusive:
        return float((np.logaddexp(0, scaled) - targets * scaled).sum())
    peaks = scaled.max(axis=1, keepdims=True)
    sums = np.log(np.exp(scaled - peaks).sum(axis=1, keepdims=True)) + peaks
    return float(((sums - scaled) * targets).sum())


def expected_calibration_error(
    probabilities: Floats, concepts: NDArray[np.integer], *, bins: int = 15
) -> float:
    """Measure how far stated confidence is from observed accuracy.

    Args:
        probabilities: (n_texts, n_concepts), each row summing to 1 (after softmax, not logits).
        concepts: (n_texts,) index of the true concept, in [0, n_concepts).
        bins: equal-width confidence bins over (0, 1].

    Returns:
        Mean gap |accuracy - confidence| weighted by bin size, in [0, 1]; 0 is perfect.

    Raises:
        ValueError: the two arrays do not describe the same number of texts.

    References:
        Guo et al. 2017, On Calibration of Modern Neural Networks, arXiv:1706.04599, section 2.
    """
    if len(probabilities) != len(concepts):
        raise ValueError(f"{len(probabilities)} predictions for {len(concepts)} texts")
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == concepts
    bin_of = np.ceil(confidence * bins).astype(int)
    gaps = [
        abs(correct[bin_of == b].mean() - confidence[bin_of == b].mean()) * np.mean(bin_of == b)
        for b in np.unique(bin_of)
    ]
    return float(sum(gaps))
