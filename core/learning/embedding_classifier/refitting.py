"""The recipe of a model learned again from parts of its texts, as often as one likes."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from scipy.sparse import csr_array

from core.errors import UserError
from core.i18n import _, ngettext
from core.jobs import Job
from core.learning.decisions import Bools, decide, usual_thresholds
from core.learning.embedding_classifier.classifier import EmbeddingClassifier, centred
from core.learning.embedding_classifier.gate import close
from core.learning.embedding_classifier.recipes import Lessons, count_folds, learn_weights
from core.learning.embedding_classifier.solver import logits
from core.learning.embedding_classifier.training import Negatives
from core.learning.growth import LearningCurve
from core.learning.learning_curve import Round, learning_curve
from core.learning.splits import Floats, Ints, Targets, groups_of, stratified_folds

FEWEST_TEXTS = 40  # a quarter of fewer says nothing
FEWEST_TO_CHECK = 30


class TooFewForCurveError(UserError):
    """There are too few labelled texts to say what more of them would bring."""

    def __init__(self, found: int) -> None:
        super().__init__(
            _("{found} labelled texts are too few to say what more would bring.").format(
                found=found
            ),
            next_step=_("Label at least {missing} more, train again, and ask again then.").format(
                missing=FEWEST_TEXTS - found
            ),
        )
        self.found = found


class TooFewReadForCurveError(UserError):
    """Most labels were accepted from a model and read by nobody: they check nothing."""

    def __init__(self, found: int) -> None:
        super().__init__(
            ngettext(
                "{found} text has a label that a person read; that is too few to check models on.",
                "{found} texts have labels that a person read; that is too few to check models on.",
                found,
            ).format(found=found),
            next_step=_("Read at least {missing} more of the accepted labels, then train.").format(
                missing=FEWEST_TO_CHECK - found
            ),
        )
        self.found = found


class Refitter:
    """Learns from some texts and says what others are about; features are found only once.

    What a model knows of texts alone stays: its terms, its centre, its gate, and how its logits
    become probabilities. What labels teach is learned anew, by its recipe, which is not chosen
    again but moved to the number of texts as `Recipe.for_more_texts` does.

    Args:
        model: whose recipe it is.
        texts: (n_texts,) to learn from and to check.
        embeddings: (n_texts, dim) by the embedder of the model.
        targets: (n_texts, n_concepts) in the order of the model's concepts.
        n_learned: from how many texts the model itself learned.
        job: told of every few hundred texts.
        negatives: general sentences, what the only concept of a model is told from if every
            text carries it; else passed over.
    """

    def __init__(  # noqa: PLR0913  # the texts with all that is known of them, as in `fit`
        self,
        model: EmbeddingClassifier,
        texts: Sequence[str],
        embeddings: Floats,
        targets: Targets,
        *,
        n_learned: int,
        job: Job,
        negatives: Negatives | None = None,
    ) -> None:
        self._model, self._n_learned, self._n_own = model, n_learned, len(texts)
        if negatives is not None and targets.shape[1] == 1 and targets.all():
            texts, embeddings = [*texts, *negatives[0]], np.concatenate([embeddings, negatives[1]])
        shares = np.zeros((len(texts), targets.shape[1]), dtype=np.float32)
        shares[: self._n_own] = targets
        if model.is_exclusive:
            shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
        terms = csr_array((len(texts), 0), dtype=np.float32)
        if model.ngrams is not None:
            terms = model.ngrams.weigh(texts, job, _("Reading texts"))
        near = centred(embeddings, model.centre)
        self._lessons = Lessons(near, terms, shares, groups_of(texts), model.is_exclusive)

    def predict(self, learned: Ints, checked: Ints, job: Job) -> Bools:
        """Return which concepts a model that learned from some texts predicts of others.

        Args:
            learned: positions of the texts to learn from.
            checked: (n_checked,) positions of the texts to predict.
            job: told at every step.

        Returns:
            (n_checked, n_concepts); one a text where the concepts are exclusive.
        """
        lessons, model = self._lessons, self._model
        recipe = model.recipe.for_more_texts(len(learned) / self._n_learned)
        always = np.arange(self._n_own, len(lessons.targets))
        weights = learn_weights(lessons, np.concatenate([learned, always]), recipe, job)
        near = lessons.embeddings[checked]
        probabilities = model.calibration.probabilities(
            logits(recipe.blocks(near, lessons.ngrams[checked]), weights)
        )
        if model.gate is not None:
            none_shares = model.gate.none_shares(near)
            probabilities = close(probabilities, none_shares, is_exclusive=model.is_exclusive)
        thresholds = usual_thresholds(probabilities.shape[1], is_exclusive=model.is_exclusive)
        return decide(probabilities, thresholds, is_exclusive=model.is_exclusive)


def measure_learning_curve(  # noqa: PLR0913  # as `Refitter`
    model: EmbeddingClassifier,
    texts: Sequence[str],
    embeddings: Floats,
    targets: Targets,
    *,
    n_learned: int,
    job: Job,
    negatives: Negatives | None = None,
    is_read: Bools | None = None,
) -> LearningCurve:
    """Measure what models by a model's recipe are worth that learn from parts of its texts.

    Args:
        model: whose recipe it is.
        texts: (n_texts,) the first that the model learned from, then those kept for checking; if
            there are fewer than `FEWEST_TO_CHECK` of these, the first are cross-validated.
        embeddings: (n_texts, dim) by the embedder of the model.
        targets: (n_texts, n_concepts) in the order of the model's concepts.
        n_learned: how many texts the first are.
        job: told of every model.
        negatives: as for `Refitter`.
        is_read: (n_texts,) False where nobody read what the label says of a text: it teaches, and
            no model is checked on it. None where all were read.

    Raises:
        TooFewForCurveError: there are too few texts to tell anything.
    """
    if n_learned < FEWEST_TEXTS:
        raise TooFewForCurveError(n_learned)
    seed, groups = model.settings.seed, groups_of(texts)
    is_read = np.ones(len(texts), bool) if is_read is None else is_read
    can_be_right = np.asarray(targets.any(axis=1)) | (not model.is_exclusive)
    can_be_checked = can_be_right & is_read
    n_read = int(is_read[:n_learned].sum())
    if can_be_checked[n_learned:].sum() < FEWEST_TO_CHECK and n_read < FEWEST_TO_CHECK:
        raise TooFewReadForCurveError(n_read)
    rounds = _rounds(targets, groups, can_be_checked, n_learned, seed)
    refitter = Refitter(
        model, texts, embeddings, targets, n_learned=n_learned, job=job, negatives=negatives
    )
    predict = partial(refitter.predict, job=job)
    return learning_curve(
        targets, groups, rounds, predict, n_labelled=n_learned, seed=seed, job=job
    )


def _rounds(
    targets: Targets, groups: Ints, can_be_checked: Bools, n_learned: int, seed: int
) -> list[Round]:
    """Return what is learned from and what is checked, once or by cross-validation."""
    own = np.arange(n_learned)
    kept = np.flatnonzero(can_be_checked[n_learned:]) + n_learned
    if len(kept) >= FEWEST_TO_CHECK:
        return [Round(own, kept)]
    folds = stratified_folds(targets[own], groups[own], count_folds(n_learned), seed)
    rounds = [
        Round(own[folds != fold], own[(folds == fold) & can_be_checked[own]])
        for fold in np.unique(folds)
    ]
    return [one for one in rounds if len(one.checked)]
