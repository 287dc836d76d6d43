"""From labelled texts to a quick classifier."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.calibration import Calibration, fit_calibration
from core.learning.classifier_settings import ClassifierSettings, EmbeddingClassifierSettings
from core.learning.cross_validated import CrossValidated
from core.learning.embedding_classifier.classifier import EmbeddingClassifier, centred
from core.learning.embedding_classifier.gate import Gate, close, fit_gate
from core.learning.embedding_classifier.ngrams import NgramSpace, fit_ngrams
from core.learning.embedding_classifier.recipes import (
    LEARNING,
    Lessons,
    Recipe,
    choose_recipe,
    count_folds,
    learn_weights,
    predict_out_of_fold,
)
from core.learning.familiar import Familiar, fit_familiar
from core.learning.splits import Floats, Ints, Targets, groups_of
from core.records import ModelStatus

Negatives = tuple[Sequence[str], Floats]


class NoPositivesError(UserError):
    """A concept has no text that carries it."""

    status = ModelStatus.MODEL_TRAINING_NO_POSITIVES

    def __init__(self, concept: str) -> None:
        super().__init__(
            _("No text carries “{concept}” yet.").format(concept=concept),
            next_step=_("Give it to at least one text, or leave this concept out."),
        )
        self.concept = concept


class NoNegativesError(UserError):
    """All texts carry the only concept, so there is nothing to tell it from."""

    status = ModelStatus.MODEL_TRAINING_INSUFFICIENT_DATA

    def __init__(self, concept: str, *, has_everyday_texts: bool = True) -> None:
        more = _("Add a second concept or texts without it.")
        or_so = _("Add a second concept or texts without it, or set enrich_dataset on.")
        super().__init__(
            _("Every text carries “{concept}”, so there is nothing to tell it from.").format(
                concept=concept
            ),
            next_step=or_so if has_everyday_texts else more,
        )
        self.concept = concept


class TooFewTextsError(UserError):
    """There are not two different texts to learn from."""

    status = ModelStatus.MODEL_TRAINING_INSUFFICIENT_DATA

    def __init__(self) -> None:
        super().__init__(
            _("All labelled texts are the same."),
            next_step=_("Label at least two different texts; five of each concept work well."),
        )


@dataclass(frozen=True)
class _Prepared:
    """What a fit begins with.

    Attributes:
        n_own: the first texts are the analyst's, any others general sentences.
        others: (n_others, dim) centred embeddings of texts about none of the concepts.
    """

    lessons: Lessons
    n_own: int
    others: Floats
    centre: Floats
    ngrams: NgramSpace


@dataclass(frozen=True)
class _Checked:
    """What cross-validation found out: how to calibrate, the gate, and what it predicted."""

    calibration: Calibration
    gate: Gate | None
    cross_validated: CrossValidated


def fit(  # noqa: PLR0913  # the texts with all that is known of them, and how to learn
    texts: Sequence[str],
    embeddings: Floats,
    targets: Targets,
    *,
    concepts: Sequence[str],
    settings: EmbeddingClassifierSettings,
    job: Job,
    negatives: Negatives | None = None,
    recipe: Recipe | None = None,
) -> EmbeddingClassifier:
    """Learn concepts from labelled texts.

    Args:
        texts: (n_texts,) that a person labelled.
        embeddings: (n_texts, dim) by the embedder that the settings name.
        targets: (n_texts, n_concepts) as `splits.targets_from_annotations` gives them.
        concepts: the columns of the targets.
        settings: how to learn.
        job: told of every candidate and every step.
        negatives: general sentences and their embeddings, examples of none of the concepts;
            None or empty where the set is not to be enriched.
        recipe: what to learn from, and how freely; None tries out what suits.

    Raises:
        NoPositivesError: a concept has no positive text.
        NoNegativesError: the only concept has nothing to be told from.
        TooFewTextsError: all texts are the same.
    """
    is_exclusive = decide_exclusive(targets, settings)
    general = negatives if negatives is not None else ((), embeddings[:0])
    prepared = _prepare((texts, embeddings), targets, general, concepts, is_exclusive, job)
    recipe = recipe or choose_recipe(prepared.lessons, settings.seed, job)
    job.note(_("Learned from: {features}").format(features=recipe.title))
    checked = _check(prepared, recipe, count_folds(len(texts)), settings.seed, job)
    job.report(_(LEARNING))
    everything = np.arange(len(prepared.lessons.targets))
    weights = learn_weights(prepared.lessons, everything, recipe, job)
    return EmbeddingClassifier(
        concepts=tuple(concepts),
        settings=settings,
        recipe=recipe,
        centre=prepared.centre,
        ngrams=prepared.ngrams if recipe.has_ngrams else None,
        weights=weights,
        calibration=checked.calibration,
        gate=checked.gate,
        cross_validated=checked.cross_validated,
        familiar=_familiar(prepared, settings.seed),
    )


def cross_validate(  # noqa: PLR0913  # as `fit`
    texts: Sequence[str],
    embeddings: Floats,
    targets: Targets,
    *,
    model: EmbeddingClassifier,
    n_folds: int,
    job: Job,
    negatives: Negatives | None = None,
) -> CrossValidated:
    """Fit the recipe of a model anew in `n_folds` rounds, each checked on texts it has not seen.

    Raises:
        NoPositivesError: a concept has no positive text.
        NoNegativesError: the only concept has nothing to be told from.
        TooFewTextsError: all texts are the same.
    """
    general = negatives if negatives is not None else ((), embeddings[:0])
    prepared = _prepare(
        (texts, embeddings), targets, general, model.concepts, model.is_exclusive, job
    )
    return _check(prepared, model.recipe, n_folds, model.settings.seed, job).cross_validated


def decide_exclusive(targets: Targets, settings: ClassifierSettings) -> bool:
    """Return whether concepts exclude each other, as the settings say or the labels suggest."""
    if targets.shape[1] == 1:
        return False
    match settings.concepts_mutually_exclusive:
        case "automatic":
            return bool((targets.sum(axis=1) <= 1).all())  # texts about none of them do not count
        case word:
            return word == "true"


def _prepare(
    own: tuple[Sequence[str], Floats],
    targets: Targets,
    general: Negatives,
    concepts: Sequence[str],
    is_exclusive: bool,  # noqa: FBT001
    job: Job,
) -> _Prepared:
    texts, embeddings = list(own[0]), own[1].astype(np.float32)
    others = general[1].astype(np.float32)
    refuse_unlearnable(texts, targets, concepts)
    if targets.shape[1] == 1 and targets.all():
        if not len(others):
            raise NoNegativesError(concepts[0])
        texts, embeddings = texts + list(general[0]), np.concatenate([embeddings, others])
        targets = np.concatenate([targets, np.zeros((len(others), 1), dtype=np.int8)])
        others = others[:0]
    centre = embeddings.mean(axis=0)
    space, ngrams = fit_ngrams(texts, job)
    shares = targets.astype(np.float32)
    if is_exclusive:
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
    near = centred(embeddings, centre)
    lessons = Lessons(near, ngrams, shares, groups_of(texts), is_exclusive)
    return _Prepared(lessons, len(own[0]), centred(others, centre), centre, space)


def refuse_unlearnable(texts: Sequence[str], targets: Targets, concepts: Sequence[str]) -> None:
    """Refuse texts that teach no head anything.

    Raises:
        NoPositivesError: a concept has no positive text.
        TooFewTextsError: all texts are the same.
    """
    for concept, column in zip(concepts, targets.T, strict=True):
        if not column.any():
            raise NoPositivesError(concept)
    if targets.shape[1] > 1 and len(np.unique(groups_of(texts))) < 2:  # noqa: PLR2004
        raise TooFewTextsError


def _check(prepared: _Prepared, recipe: Recipe, n_folds: int, seed: int, job: Job) -> _Checked:
    """Predict every text out of fold; learn the calibration and the gate from that."""
    lessons = prepared.lessons
    folds = lessons.folds(n_folds, seed)
    logits = predict_out_of_fold(lessons, recipe, folds, job)
    known = _could_be_known(lessons.targets > 0, folds)
    calibration = fit_calibration(
        logits[known], lessons.targets[known], is_exclusive=lessons.is_exclusive
    )
    probabilities = calibration.probabilities(logits)
    gate = None
    is_own = np.asarray(lessons.targets.any(axis=1))
    has_others = len(prepared.others) > 0 or not is_own.all()
    if has_others and recipe.embedding_scale:
        gate, none_shares = fit_gate(lessons.embeddings, is_own, prepared.others, folds, job)
        probabilities = close(probabilities, none_shares, is_exclusive=lessons.is_exclusive)
    own = slice(0, prepared.n_own)
    return _Checked(
        calibration, gate, CrossValidated(probabilities[own], folds[own], int(folds.max()) + 1)
    )


def _familiar(prepared: _Prepared, seed: int) -> Familiar | None:
    own = slice(0, prepared.n_own)
    return fit_familiar(prepared.lessons.embeddings[own], prepared.lessons.groups[own], seed)


def _could_be_known(carries: NDArray[np.bool_], folds: Ints) -> NDArray[np.bool_]:
    """Return which texts only carry concepts that other folds had examples of, (n_texts,)."""
    known = np.empty(len(folds), dtype=bool)
    for fold in np.unique(folds):
        has_no_example = ~carries[folds != fold].any(axis=0)
        known[folds == fold] = ~(carries[folds == fold] & has_no_example).any(axis=1)
    return known
