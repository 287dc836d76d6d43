"""Which features a head learns from, and how freely: chosen by cross-validation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from core.i18n import N_, _
from core.jobs import Job
from core.learning.calibration import fit_calibration, log_loss
from core.learning.embedding_classifier.solver import (
    Design,
    Features,
    Gram,
    Task,
    fit_head,
    logits,
)
from core.learning.splits import Floats, Ints, cross_validate, stratified_folds

LEARNING = N_("Learning")
N_STEPS = 60  # beyond, held-out scores only moved by chance
FEW_TEXTS = 1_000  # up to here five rounds of cross-validation are quick
FEWEST_TEXTS_TO_CHOOSE = 30  # below, chance would choose
ROWS_AT_ONCE = 500
LEAD = 10.0  # nats by which what is tried first has to be beaten: what chance may give
MOST_TEXTS_TO_CHOOSE = 3_000  # so that their products with each other fit into memory


@dataclass(frozen=True)
class Recipe:
    """What a head learns from, and how freely.

    Attributes:
        embedding_scale: how much embeddings count against n-grams; 0 leaves them out.
        has_ngrams: whether n-grams are learned from.
        strength: what a text counts against small weights (scikit-learn's C).
    """

    embedding_scale: float
    has_ngrams: bool
    strength: float

    @property
    def title(self) -> str:
        """Return what is learned from, in words."""
        if not self.has_ngrams:
            return _("Meaning")
        return _("Meaning and wording") if self.embedding_scale else _("Wording")

    def blocks(self, embeddings: Floats | None, ngrams: csr_array | None) -> list[Features]:
        """Return the features to learn from; those that are left out may be None."""
        kinds: list[Features] = []
        if self.embedding_scale and embeddings is not None:
            kinds.append(np.float32(self.embedding_scale) * embeddings)
        if self.has_ngrams:
            kinds.append(ngrams)
        return kinds

    def for_more_texts(self, times: float) -> "Recipe":
        """Return the recipe for so many times the texts that it was found best for.

        N-grams gain from more texts what embeddings, learned elsewhere, do not: on four data
        sets the best scale fell about as the root of the number of texts.
        """
        if not self.has_ngrams:
            return self
        return replace(self, embedding_scale=self.embedding_scale / times**0.5)


START = Recipe(4.0, has_ngrams=True, strength=10.0)  # what suits a handful of texts
FEATURES = (
    START,
    Recipe(1.0, has_ngrams=False, strength=10.0),
    Recipe(0.0, has_ngrams=True, strength=10.0),
    Recipe(0.5, has_ngrams=True, strength=10.0),
    Recipe(1.0, has_ngrams=True, strength=10.0),
    Recipe(2.0, has_ngrams=True, strength=10.0),
)
STRENGTHS = (1.0, 3.0, 30.0, 100.0)


@dataclass(frozen=True)
class Lessons:
    """Everything a head learns from, a row per text.

    Attributes:
        embeddings: (n_texts, dim), centred.
        ngrams: (n_texts, n_terms).
        targets: (n_texts, n_concepts), as `solver.Task` has them; rows of zeros, where the
            concepts are exclusive, are texts to pass over.
        groups: (n_texts,) equal for equal texts.
        is_exclusive: whether a text has one concept.
    """

    embeddings: Floats
    ngrams: csr_array
    targets: Floats
    groups: Ints
    is_exclusive: bool

    def take(self, rows: Ints) -> "Lessons":
        """Return the lessons of some texts."""
        return replace(
            self,
            embeddings=self.embeddings[rows],
            ngrams=self.ngrams[rows],
            targets=self.targets[rows],
            groups=self.groups[rows],
        )

    def folds(self, n_folds: int, seed: int) -> Ints:
        """Deal the texts to folds, (n_texts,)."""
        return stratified_folds((self.targets > 0).astype(np.int8), self.groups, n_folds, seed)

    @property
    def teaches(self) -> NDArray[np.bool_]:
        """Return whether a head learns from each text, (n_texts,)."""
        if self.is_exclusive:
            return np.asarray(self.targets.any(axis=1))
        return np.ones(len(self.targets), dtype=bool)

    def task(self, rows: Ints, strength: float) -> Task:
        """Return what there is to learn from some of the texts."""
        counts = np.float32(strength) * self.teaches[rows]
        return Task(self.targets[rows], counts, self.is_exclusive, N_STEPS)


def count_folds(n_texts: int) -> int:
    """Return in how many rounds to cross-validate."""
    return 5 if n_texts <= FEW_TEXTS else 3


def learn_weights(lessons: Lessons, rows: Ints, recipe: Recipe, job: Job) -> Floats:
    """Fit a head to some of the texts, (n_features + 1, n_concepts), the bias last."""
    blocks = recipe.blocks(lessons.embeddings[rows], lessons.ngrams[rows])
    design = Design(blocks)
    return design.weights(fit_head(design, lessons.task(rows, recipe.strength), ticking(job)))


def predict_out_of_fold(lessons: Lessons, recipe: Recipe, folds: Ints, job: Job) -> Floats:
    """Return the logits that each text gets from a head that has not seen it."""

    def learn(learned: Ints) -> Callable[[Ints], Floats]:
        weights = learn_weights(lessons, learned, recipe, job)
        return lambda checked: logits(
            recipe.blocks(lessons.embeddings[checked], lessons.ngrams[checked]), weights
        )

    return cross_validate(folds, learn, job)


def choose_recipe(lessons: Lessons, seed: int, job: Job) -> Recipe:
    """Try features, then how freely to learn from the best of them, on texts not seen.

    Large sets are judged by a part of their texts; the smallest are too small to judge by.
    """
    if len(np.unique(lessons.groups)) < FEWEST_TEXTS_TO_CHOOSE:
        return START
    sample = _sampled(lessons, seed)
    contest = _Contest(lessons.take(sample), seed, job)
    best = contest.best(FEATURES)
    best = contest.best([best, *(replace(best, strength=strength) for strength in STRENGTHS)])
    return best.for_more_texts(len(lessons.targets) / len(sample))


class _Contest:
    """Recipes compared by how little a few thousand texts, out of fold, surprise them.

    Surprise tells recipes apart with far fewer texts than F1, which the analyst is shown. The
    products of the texts with each other are found once; every recipe mixes them anew.
    """

    def __init__(self, sample: Lessons, seed: int, job: Job) -> None:
        self._sample = sample
        self._folds = sample.folds(count_folds(len(sample.targets)), seed)
        self._near = sample.embeddings @ sample.embeddings.T
        self._alike = _products(sample.ngrams, job)
        self._surprise: dict[Recipe, float] = {}
        self._job = job

    def best(self, recipes: Sequence[Recipe]) -> Recipe:
        """Return the best recipe; the first one has to be beaten clearly."""
        for recipe in recipes:
            if recipe not in self._surprise:
                self._try_out(recipe)
        lead = dict.fromkeys(recipes[:1], LEAD)
        return min(recipes, key=lambda recipe: self._surprise[recipe] - lead.get(recipe, 0.0))

    def _try_out(self, recipe: Recipe) -> None:
        n_recipes = len(FEATURES) + len(STRENGTHS)
        self._job.report(_(LEARNING), len(self._surprise), n_recipes)
        products = np.float32(recipe.embedding_scale**2) * self._near
        if recipe.has_ngrams:
            products += self._alike
        out_of_fold = np.empty_like(self._sample.targets)
        for fold in np.unique(self._folds):
            learned = np.flatnonzero(self._folds != fold)
            checked = np.flatnonzero(self._folds == fold)
            task = self._sample.task(learned, recipe.strength)
            head = fit_head(Gram(products[np.ix_(learned, learned)]), task, ticking(self._job))
            out_of_fold[checked] = products[np.ix_(checked, learned)] @ head.shares + head.bias
        self._job.tried(recipe.title, macro_f1(self._sample, out_of_fold))
        targets, is_exclusive = self._sample.targets, self._sample.is_exclusive
        calibration = fit_calibration(out_of_fold, targets, is_exclusive=is_exclusive)
        self._surprise[recipe] = log_loss(calibration, out_of_fold, targets)


def _products(ngrams: csr_array, job: Job) -> Floats:
    answer = np.empty((ngrams.shape[0], ngrams.shape[0]), dtype=np.float32)
    turned = ngrams.T.tocsr()
    for start in range(0, len(answer), ROWS_AT_ONCE):
        job.report(_(LEARNING))
        some = slice(start, start + ROWS_AT_ONCE)
        answer[some] = (ngrams[some] @ turned).toarray()
    return answer


def macro_f1(lessons: Lessons, out_of_fold: Floats) -> float:
    """Return the mean F1 of the concepts that have texts, in [0, 1]."""
    actual = lessons.targets > 0
    if lessons.is_exclusive:
        predicted = out_of_fold == out_of_fold.max(axis=1, keepdims=True)
        predicted &= actual.any(axis=1, keepdims=True)
    else:
        predicted = out_of_fold > 0
    hits = (actual & predicted).sum(axis=0)
    marked = actual.sum(axis=0) + predicted.sum(axis=0)
    return float(np.mean((2 * hits / np.maximum(marked, 1))[actual.any(axis=0)]))


def _sampled(lessons: Lessons, seed: int) -> Ints:
    n_parts = -(-len(lessons.targets) // MOST_TEXTS_TO_CHOOSE)
    if n_parts == 1:
        return np.arange(len(lessons.targets))
    return np.flatnonzero(lessons.folds(n_parts, seed) == 0)


def ticking(job: Job) -> Callable[[], None]:
    """Return what a solver calls at every step, so that a job can stop between two of them."""
    stage, done, total = job.progress.stage, job.progress.done, job.progress.total
    return lambda: job.report(stage, done, total)
