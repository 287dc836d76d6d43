"""Linear heads: weights that turn features into logits, fitted to all concepts at once.

The best weights are a sum of the texts' own features, each by its share. So L-BFGS runs over the
shares (as many as there are texts) and not over the weights (as many as there are features,
often ten times more): the same steps, with less to carry. All it asks of the features are the
products of texts with each other, which `Gram` holds ready for a few texts and `Design` works
out anew for many.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy.sparse import issparse

from core.learning.calibration import sigmoid
from core.learning.splits import Floats

MEMORY = 6  # steps that L-BFGS remembers
TOLERANCE = 1e-3  # of the gradient, against where it began
FLAT = 1e-6  # of the loss, from one step to the next
SHORTEST_STEP = 1e-6
ENOUGH_DESCENT = 1e-4

Features = Any  # (n_texts, n_features) floats: a numpy array, or scipy's csr_array


@dataclass(frozen=True)
class Task:
    """What a head has to learn.

    Attributes:
        targets: (n_texts, n_concepts); of an exclusive task, shares that sum to 1.
        counts: (n_texts,) what each text counts against small weights (scikit-learn's C).
        is_exclusive: softmax over the concepts, or else a sigmoid for each.
        n_steps: of L-BFGS, at most.
    """

    targets: Floats
    counts: Floats
    is_exclusive: bool
    n_steps: int


@dataclass(frozen=True)
class Head:
    """What was learned.

    Attributes:
        shares: (n_texts, n_concepts) of each text's features in the weights.
        bias: (n_concepts,).
    """

    shares: Floats
    bias: Floats


class Products(Protocol):
    """The products of texts with each other, (n_texts, n_texts), as far as a fit needs them."""

    def times(self, values: Floats) -> Floats:
        """Return the products times (n_texts, n_concepts) values."""


@dataclass(frozen=True)
class Gram:
    """All products, ready: quick for a few thousand texts."""

    products: Floats

    def times(self, values: Floats) -> Floats:
        """Return the products times (n_texts, n_concepts) values."""
        return self.products @ values


class Design:
    """Features of several kinds side by side, dense or sparse: for any number of texts."""

    def __init__(self, blocks: Sequence[Features]) -> None:
        self._blocks = [(b, b.T.tocsr() if issparse(b) else b.T) for b in blocks]

    def times(self, values: Floats) -> Floats:
        """Return the products times (n_texts, n_concepts) values."""
        answers = [block @ (turned @ values) for block, turned in self._blocks]
        return np.asarray(np.sum(answers, axis=0))

    def weights(self, head: Head) -> Floats:
        """Return (n_features + 1, n_concepts): the texts' features by share, the bias beneath."""
        sums = [turned @ head.shares for _block, turned in self._blocks]
        return np.concatenate([*sums, [head.bias]])


def logits(blocks: Sequence[Features], weights: Floats) -> Floats:
    """Return (n_texts, n_concepts) scores before softmax or sigmoid."""
    ends = np.cumsum([block.shape[1] for block in blocks])
    parts = np.split(weights[:-1], ends[:-1])
    answers = [block @ part for block, part in zip(blocks, parts, strict=True)]
    return np.asarray(np.sum(answers, axis=0) + weights[-1], dtype=np.float32)


def fit_head(texts: Products, task: Task, tick: Callable[[], None]) -> Head:
    """Minimise half the squared weights plus the log-loss of the texts; the bias is free.

    A point, like any vector between points, is kept as (2, n_texts + 1, n_concepts): first the
    shares and beneath them the bias, then what they amount to, the logits without the bias.
    The product of two vectors of weights is that of one's shares with the other's logits.

    Args:
        texts: their products with each other.
        task: what to learn from them.
        tick: called at every step.

    References:
        Nocedal and Wright, Numerical Optimization, 2nd edition, algorithm 7.4 (L-BFGS).
        Schölkopf, Herbrich and Smola 2001, A Generalized Representer Theorem.
    """
    n_texts, n_concepts = task.targets.shape
    at = np.zeros((2, n_texts + 1, n_concepts), dtype=np.float32)
    loss, residuals = _loss(at, task)
    gradient = _gradient(at, residuals, texts)
    first_square = _dot(gradient, gradient)
    steps: deque[tuple[Floats, Floats]] = deque(maxlen=MEMORY)
    for _step in range(task.n_steps):
        tick()
        direction = _direction(gradient, steps)
        new_at, new_loss, residuals = _search(at, direction, loss, gradient, task)
        new_gradient = _gradient(new_at, residuals, texts)
        if _dot(new_at - at, new_gradient - gradient) > 0:
            steps.append((new_at - at, new_gradient - gradient))
        descent, at, loss, gradient = loss - new_loss, new_at, new_loss, new_gradient
        if _dot(gradient, gradient) < TOLERANCE**2 * first_square or descent < FLAT * loss:
            break
    return Head(at[0, :-1], at[0, -1])


def _loss(at: Floats, task: Task) -> tuple[float, Floats]:
    """Return what is minimised, and the derivative of the log-loss by the logits."""
    scores = at[1, :-1] + at[1, -1]
    if task.is_exclusive:
        scores -= scores.max(axis=1, keepdims=True)
        exponents = np.exp(scores)
        sums = exponents.sum(axis=1, keepdims=True)
        losses = np.log(sums[:, 0]) - (scores * task.targets).sum(axis=1)
        residuals = exponents / sums - task.targets
    else:
        losses = (np.logaddexp(0, scores) - task.targets * scores).sum(axis=1)
        residuals = sigmoid(scores) - task.targets
    size = 0.5 * float(np.vdot(at[0, :-1], at[1, :-1]))
    return float(np.vdot(task.counts, losses)) + size, residuals * task.counts[:, None]


def _gradient(at: Floats, residuals: Floats, texts: Products) -> Floats:
    gradient = at.copy()
    gradient[0, :-1] += residuals
    gradient[1, :-1] += texts.times(residuals)
    gradient[:, -1] = residuals.sum(axis=0)
    return gradient


def _dot(one: Floats, other: Floats) -> float:
    return float(np.vdot(one[0], other[1]))


def _search(
    at: Floats, direction: Floats, loss: float, gradient: Floats, task: Task
) -> tuple[Floats, float, Floats]:
    """Halve the step until the loss falls; return where that is, the loss, the residuals."""
    slope = _dot(gradient, direction)
    length = np.float32(1)
    while True:
        new_at = at + length * direction
        new_loss, residuals = _loss(new_at, task)
        if new_loss <= loss + ENOUGH_DESCENT * length * slope or length < SHORTEST_STEP:
            return new_at, new_loss, residuals
        length /= 2


def _direction(gradient: Floats, steps: Sequence[tuple[Floats, Floats]]) -> Floats:
    """Return minus the gradient, bent by the curvature that the last steps have shown."""
    if not steps:
        return -gradient / np.float32(max(_dot(gradient, gradient), 1e-12) ** 0.5)
    bent = gradient.copy()
    shares = []
    for step, change in reversed(steps):
        share = np.float32(_dot(step, bent) / _dot(step, change))
        shares.append(share)
        bent -= share * change
    step, change = steps[-1]
    bent *= np.float32(_dot(step, change) / _dot(change, change))
    for (step, change), share in zip(steps, reversed(shares), strict=True):
        bent += (share - np.float32(_dot(change, bent) / _dot(step, change))) * step
    return -bent
