"""From scores of models of ever more texts to those of models of twice as many."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.learning.intervals import INTERVAL, Doubles, Estimate, estimate

EXPONENTS = np.linspace(0.2, 1.0, 9)  # how fast errors fall; 1/2 and 1 are what theory knows
ROUGHNESS = 0.002  # how far, in score, a curve that is measured exactly strays from any formula
TOLD_BELOW = 0.1  # a gain is told if its interval is narrower


@dataclass(frozen=True)
class Forecast:
    """What twice as many labels would bring.

    Attributes:
        n_texts: twice the texts to learn from.
        score: then, in [0, 1].
        gain: against models of the texts there are, in [-1, 1]; its interval may begin below 0.
    """

    n_texts: int
    score: Estimate
    gain: Estimate

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Forecast":
        """Return the forecast from its `asdict`."""
        return cls(values["n_texts"], Estimate(**values["score"]), Estimate(**values["gain"]))


@dataclass(frozen=True)
class Points:
    """Scores of models of ever more texts, and what they may be off by.

    Attributes:
        n_texts: (n_points,) learned from. scores: (n_points,) in [0, 1].
        held_out: (n_resamples, n_points) what other held-out texts would add to the scores.
        spread_of_all: variance, alike for all points, as all draws are of the same texts.
        spreads: (n_points,) further variances, by which of these texts were drawn.
        freedom: the degrees of freedom from which these variances are known.
    """

    n_texts: Doubles
    scores: Doubles
    held_out: Doubles
    spread_of_all: float
    spreads: Doubles
    freedom: int

    def resampled(self, seed: int) -> Doubles:
        """Return what the scores might as well have been, (n_resamples, n_points)."""
        random = np.random.default_rng(seed)
        n_resamples, n_points = self.held_out.shape
        alike = random.standard_t(self.freedom, (n_resamples, 1)) * self.spread_of_all**0.5
        apart = random.standard_t(self.freedom, (n_resamples, n_points)) * self.spreads**0.5
        return np.asarray(self.scores + self.held_out + alike + apart)

    def estimates(self, n_checked: int, seed: int) -> list[Estimate]:
        """Return the scores with their 95 % intervals, of models checked on so many texts."""
        bounds = np.quantile(self.resampled(seed), INTERVAL, axis=0).T
        return [
            estimate(score, interval, n_checked)
            for score, interval in zip(self.scores.tolist(), bounds, strict=True)
        ]


def forecast(points: Points, n_labelled: int, seed: int) -> Forecast | None:
    """Say what twice the labels would bring, or None where the points do not tell.

    Errors are taken to fall as `a + b * n ** -c`. For every exponent c that is thought possible,
    a and b are found by least squares, weighted by the inverse covariance of the points. How well
    an exponent explains the points says how often it is drawn; each resampling of the points is
    then continued with an exponent so drawn. The medians are the forecast, and the interval is
    where 95 % of the resamplings lie: it covers what the points leave open, and the exponent.

    Nothing is told where the interval of the gain is wider than `TOLD_BELOW`.

    References:
        Cortes et al. 1993, Learning Curves: Asymptotic Values and Rate of Convergence, NIPS 6.
        Figueroa et al. 2012, Predicting Sample Size Required for Classification Performance.
    """
    resampled = points.resampled(seed)
    random = np.random.default_rng([seed, 1])
    covariance = np.cov(resampled.T) + ROUGHNESS**2 * np.eye(len(points.scores))
    whiten = np.linalg.inv(np.linalg.cholesky(covariance))
    fits = [_Fit(points.n_texts / n_labelled, float(exponent), whiten) for exponent in EXPONENTS]
    surprise = np.array([fit.surprise(1 - points.scores) for fit in fits])
    likely = np.exp((surprise.min() - surprise) / 2)
    drawn = random.choice(len(fits), size=len(resampled), p=likely / likely.sum())
    now, then = np.empty(len(resampled)), np.empty(len(resampled))
    for i, fit in enumerate(fits):
        now[drawn == i], then[drawn == i] = fit.scores(1 - resampled[drawn == i], (1.0, 2.0))
    gain = _summed_up(then - now)
    if gain.high is None or gain.low is None or gain.high - gain.low > TOLD_BELOW:
        return None
    return Forecast(2 * n_labelled, _summed_up(then), gain)


@dataclass(frozen=True)
class _Fit:
    """Errors as `a + b * size ** -exponent`, of sizes relative to the texts there are."""

    sizes: Doubles
    exponent: float
    whiten: Doubles

    def coefficients(self, errors: Doubles) -> tuple[Doubles, Doubles]:
        """Return a and b of each row of errors; a is never below 0."""
        falling = self.whiten @ self.sizes**-self.exponent
        design = np.stack([self.whiten.sum(axis=1), falling], axis=1)
        wanted = errors @ self.whiten.T
        lasting, lost = (wanted @ np.linalg.pinv(design).T).T
        alone = wanted @ falling / (falling @ falling)
        return np.maximum(lasting, 0), np.where(lasting < 0, alone, lost)

    def surprise(self, errors: Doubles) -> float:
        """Return the weighted squares that the curve does not explain."""
        lasting, lost = self.coefficients(errors[None])
        left = errors - (lasting + lost * self.sizes**-self.exponent)
        return float(np.sum((self.whiten @ left) ** 2))

    def scores(self, errors: Doubles, sizes: tuple[float, ...]) -> list[Doubles]:
        """Return, for each size, the score in [0, 1] that each row of errors leads to."""
        lasting, lost = self.coefficients(errors)
        return [np.clip(1 - lasting - lost * size**-self.exponent, 0, 1) for size in sizes]


def _summed_up(values: Doubles) -> Estimate:
    low, high = np.quantile(values, INTERVAL).tolist()
    return Estimate(float(np.median(values)), low, high)
