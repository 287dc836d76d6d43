"""The quick classifier in a hurry: learned anew in a moment, to say which texts to label next.

What takes time and no label, the features of all texts, is found once. What the labels teach is
learned by the recipe that suits a handful of texts, without trying others out; how its logits
become probabilities is found in a few rounds of cross-validation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from core.jobs import Job
from core.learning.calibration import Calibration, fit_calibration
from core.learning.embedding_classifier.classifier import centred
from core.learning.embedding_classifier.ngrams import fit_ngrams
from core.learning.embedding_classifier.recipes import START, ticking
from core.learning.embedding_classifier.solver import Gram, Head, Task, fit_head
from core.learning.splits import Floats, Ints, Targets, groups_of, stratified_folds

N_STEPS = 40
N_FOLDS = 3
FEWEST_TO_CALIBRATE = 12  # labels, below which chance would calibrate
MOST_LEARNED = 2_000  # texts: more take too long to learn from, and change the order little


@dataclass(frozen=True)
class Features:
    """All texts that can be learned from or chosen, read once.

    Attributes:
        centre: (dim,) the mean embedding.
        near: (n_texts, dim) embeddings as seen from there, unit length.
        ngrams: (n_texts, n_terms).
        groups: (n_texts,) equal for equal texts.
    """

    centre: Floats
    near: Floats
    ngrams: csr_array
    groups: Ints

    def take(self, rows: Ints) -> "Features":
        """Return the features of some texts."""
        return replace(
            self, near=self.near[rows], ngrams=self.ngrams[rows], groups=self.groups[rows]
        )


def read_features(texts: Sequence[str], embeddings: Floats, job: Job) -> Features:
    """Find the features of texts; labels play no part in it."""
    _space, ngrams = fit_ngrams(texts, job)
    centre = embeddings.mean(axis=0)
    return Features(centre, centred(embeddings, centre), ngrams, groups_of(texts))


def seen_from(features: Features, embeddings: Floats) -> Floats:
    """Return embeddings of other texts as seen from where these are seen from, (n, dim)."""
    return centred(embeddings, features.centre)


@dataclass(frozen=True)
class Steered:
    """What was learned in a hurry, as far as it is needed to predict.

    Attributes:
        learned: the features of the texts that it learned from.
    """

    learned: Features
    head: Head
    calibration: Calibration

    def probabilities(self, features: Features) -> Floats:
        """Return what it says of texts, (n_texts, n_concepts)."""
        return self.calibration.probabilities(self.logits(features))

    def logits(self, features: Features) -> Floats:
        """Return scores before softmax or sigmoid, (n_texts, n_concepts)."""
        shares, scale = self.head.shares, np.float32(START.embedding_scale**2)
        meaning = features.near @ (scale * (self.learned.near.T @ shares))
        wording = features.ngrams @ (self.learned.ngrams.T @ shares)
        return np.asarray(meaning + wording + self.head.bias, np.float32)


@dataclass(frozen=True)
class Labels:
    """What is known of some of the texts.

    Attributes:
        rows: (n_labelled,) their places.
        targets: (n_labelled, n_concepts), 1 where a text carries a concept; where the concepts
            are exclusive, rows of zeros teach nothing.
        is_exclusive: whether a text has exactly one concept.
        counts: (n_labelled,) what each counts against the others; None for the same.
        closed: places of other texts that nobody is to label: answered "unsure", for one.
    """

    rows: Ints
    targets: Targets
    is_exclusive: bool
    counts: Floats | None = None
    closed: Ints | None = None

    def take(self, places: Ints) -> "Labels":
        """Return some of them."""
        counts = None if self.counts is None else self.counts[places]
        return replace(self, rows=self.rows[places], targets=self.targets[places], counts=counts)


def steer(features: Features, labels: Labels, seed: int, job: Job) -> Steered:
    """Learn from the labels of some texts; of very many, from a part.

    Args:
        features: of all texts.
        labels: what is known of some.
        seed: deals the texts to the rounds of the cross-validation.
        job: told at every step.
    """
    if len(labels.rows) > MOST_LEARNED:
        dealt = np.random.default_rng(seed).permutation(len(labels.rows))
        labels = labels.take(np.sort(dealt[:MOST_LEARNED]))
    learned, task = features.take(labels.rows), _task(labels)
    products = np.float32(START.embedding_scale**2) * (learned.near @ learned.near.T)
    products += (learned.ngrams @ learned.ngrams.T).toarray()
    head = fit_head(Gram(products), task, ticking(job))
    calibration = Calibration(labels.is_exclusive)
    if len(labels.rows) >= FEWEST_TO_CALIBRATE:
        folds = stratified_folds(labels.targets, learned.groups, N_FOLDS, seed)
        calibration = _calibrated(products, task, folds, job)
    return Steered(learned, head, calibration)


def _task(labels: Labels) -> Task:
    shares = labels.targets.astype(np.float32)
    each = np.full(len(shares), START.strength, np.float32)
    if labels.counts is not None:
        each *= labels.counts
    if labels.is_exclusive:
        each *= labels.targets.any(axis=1)
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
    return Task(shares, each, labels.is_exclusive, N_STEPS)


def _calibrated(products: Floats, task: Task, folds: Ints, job: Job) -> Calibration:
    """Find how logits of texts that a head has not seen become probabilities."""
    logits = np.zeros_like(task.targets)
    for fold in np.unique(folds):
        learned, checked = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        part = replace(task, targets=task.targets[learned], counts=task.counts[learned])
        head = fit_head(Gram(products[np.ix_(learned, learned)]), part, ticking(job))
        logits[checked] = products[np.ix_(checked, learned)] @ head.shares + head.bias
    counts = np.flatnonzero(task.counts)
    if not len(counts):
        return Calibration(task.is_exclusive)
    return fit_calibration(logits[counts], task.targets[counts], is_exclusive=task.is_exclusive)
