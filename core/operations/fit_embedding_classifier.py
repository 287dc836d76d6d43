"""Train a quick classifier, and find its scores."""

from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.fitting import fit_model, probabilities_of
from core.operations.scoring import found_of
from core.operations.training import Fitted, Lesson
from core.operations.training_data import (
    NoLabelsError,
    concepts_to_learn,
    labelled_texts,
    note_texts,
    scorable_texts,
    to_check,
    to_learn,
)
from core.records import Method


def fit_embedding_classifier(lesson: Lesson, job: Job) -> Fitted:
    """Train on the texts that are not kept for checking.

    The scores are those of the model on the texts kept for "test" (or else "validation"); where
    there are none, those of cross-validation.

    Raises:
        NoLabelsError: no text to learn from carries a concept.
        ConceptMissingError: a concept is not known.
    """
    from core.learning.leakage import seen_across, seen_among

    settings = lesson.settings
    assert isinstance(settings, EmbeddingClassifierSettings)
    concepts = concepts_to_learn(
        lesson.db, lesson.concepts, lesson.inputs, lesson.version, settings
    )
    labelled = labelled_texts(to_learn(lesson.inputs), concepts)
    if not labelled.targets.any():
        raise NoLabelsError(lesson.version.dataset)
    note_texts(lesson.version, labelled, job)
    model = fit_model(lesson.db, labelled, concepts, settings, job)
    apart = to_check(lesson.inputs)
    checked = scorable_texts(apart, model.concepts)
    method, n_folds = Method.STORED_MODEL, 0
    if checked.texts:
        probabilities = probabilities_of(lesson.db, model, checked.texts, job)
        seen = seen_among(checked.texts, labelled.texts, job)
        n_left_out = len(apart) - len(checked.texts)
        found = found_of(checked, probabilities, seen, model, chosen={}, n_left_out=n_left_out)
    else:
        refitted = model.cross_validated
        assert refitted is not None  # of a model that was just fitted
        seen = seen_across(labelled.texts, refitted.folds, job)
        found = found_of(labelled, refitted.probabilities, seen, model, chosen={})
        method, n_folds = Method.CROSS_VALIDATION, refitted.n_folds
    about = {"is_exclusive": model.is_exclusive, "head": model.recipe.title}
    return Fitted(
        model, settings, model.concepts, found, method, n_folds, len(labelled.texts), about
    )
