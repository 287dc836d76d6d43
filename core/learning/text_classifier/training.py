"""From labelled texts to a deep classifier, by whichever way the settings are of."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.i18n import _
from core.jobs import Job, Stretch
from core.learning.calibration import Calibration, fit_calibration
from core.learning.cross_validated import CrossValidated
from core.learning.embedding_classifier import (
    NoNegativesError,
    decide_exclusive,
    refuse_unlearnable,
)
from core.learning.splits import (
    Floats,
    Ints,
    Targets,
    groups_of,
    stratified_folds,
)
from core.learning.splits import cross_validate as predict_out_of_fold
from core.learning.text_classifier import contrastive
from core.learning.text_classifier.classifier import TextClassifier
from core.learning.text_classifier.learning import Lesson, learn
from core.learning.text_classifier.saving import load_earlier
from core.learning.text_classifier_settings import (
    ContrastiveSettings,
    HuggingFaceClassifierSettings,
    StepByStepSettings,
    TextClassifierSettings,
)


def fit(  # noqa: PLR0913  # the texts with all that is known of them, and how to learn
    texts: Sequence[str],
    targets: Targets,
    *,
    concepts: Sequence[str],
    settings: TextClassifierSettings,
    base: Path,
    job: Job,
    checkpoints: Path | None = None,
    validation: tuple[Sequence[str], Targets] | None = None,
    start_from: Path | None = None,
) -> TextClassifier:
    """Learn concepts from labelled texts.

    Args:
        texts: (n_texts,) that a person labelled.
        targets: (n_texts, n_concepts) as `splits.targets_from_annotations` gives them.
        concepts: the columns of the targets.
        settings: how to learn.
        base: the folder of the base model.
        job: told of every step; `finish` ends it with the best state so far.
        checkpoints: a folder for states to go on from after an interruption.
        validation: texts and targets that say when to stop; None takes some of the texts.
        start_from: an earlier version to go on from; concepts new to it start from nothing.

    Raises:
        UserError: the texts teach nothing, memory is short, or the earlier version does not fit.
    """
    lesson = _lesson((texts, targets), concepts, settings, base, validation, checkpoints)
    if isinstance(settings, HuggingFaceClassifierSettings):
        return _fit_hugging_face(lesson, settings, job, start_from)
    if start_from:
        lesson = replace(lesson, earlier=load_earlier(start_from))
    if isinstance(settings, ContrastiveSettings):
        return contrastive.learn(lesson, settings, job)
    assert isinstance(settings, StepByStepSettings)
    return learn(lesson, settings, job)


def cross_validate(  # as `fit`
    texts: Sequence[str],
    targets: Targets,
    *,
    model: TextClassifier,
    base: Path,
    n_folds: int,
    job: Job,
) -> CrossValidated:
    """Train by the settings of a model anew in `n_folds` rounds, each checked on unseen texts.

    Raises:
        JobCancelled, UserError: as `fit`.
    """
    folds = stratified_folds(targets, groups_of(texts), n_folds, model.settings.seed)
    word = "true" if model.is_exclusive else "false"
    settings = replace(model.settings, concepts_mutually_exclusive=word)
    n_rounds = len(np.unique(folds))
    rounds = iter(range(n_rounds))

    def refit(learned: Ints) -> Callable[[Ints], Floats]:
        n = next(rounds)
        part = Stretch(job, _("Checking"), start=n, end=n + 1, total=n_rounds)
        has_texts = np.asarray(targets[learned].any(axis=0))
        known = [concept for concept, has in zip(model.concepts, has_texts, strict=True) if has]
        refitted = fit(
            [texts[i] for i in learned],
            targets[learned][:, has_texts],
            concepts=known,
            settings=settings,
            base=base,
            job=part,
        )

        def check(checked: Ints) -> Floats:
            answer = np.zeros((len(checked), len(model.concepts)), np.float32)
            found = refitted.probabilities([texts[i] for i in checked], None, part)
            answer[:, has_texts] = found
            return answer

        return check

    probabilities = predict_out_of_fold(folds, refit, job)
    return CrossValidated(probabilities, folds, int(folds.max()) + 1)


def _lesson(
    taught: tuple[Sequence[str], Targets],
    concepts: Sequence[str],
    settings: TextClassifierSettings,
    base: Path,
    validation: tuple[Sequence[str], Targets] | None,
    checkpoints: Path | None,
) -> Lesson:
    """Return what there is to learn, if the texts teach anything."""
    texts, targets = taught
    refuse_unlearnable(texts, targets, concepts)
    if targets.shape[1] == 1 and targets.all():
        raise NoNegativesError(concepts[0], has_everyday_texts=False)
    return Lesson(
        texts=texts,
        targets=targets,
        validation=validation,
        concepts=tuple(concepts),
        is_exclusive=decide_exclusive(targets, settings),
        base=base,
        checkpoints=checkpoints,
    )


def _fit_hugging_face(
    lesson: Lesson, settings: HuggingFaceClassifierSettings, job: Job, start_from: Path | None
) -> TextClassifier:
    from core.learning.text_classifier import hugging_face  # transformers takes a second

    network = hugging_face.train(
        lesson.texts,
        lesson.targets,
        concepts=lesson.concepts,
        settings=settings,
        base=lesson.base,
        job=job,
        checkpoints=lesson.checkpoints,
        validation=lesson.validation,
        start_from=start_from,
    )
    calibration = Calibration(network.is_exclusive)
    if lesson.validation is not None:
        texts, targets = lesson.validation
        shares = targets.astype(np.float32)
        if network.is_exclusive:
            shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
        job.report(_("Checking"))
        logits = network.logits(texts, job)
        calibration = fit_calibration(logits, shares, is_exclusive=network.is_exclusive)
    return TextClassifier(
        concepts=lesson.concepts,
        settings=settings,
        network=network,
        calibration=calibration,
        stands_on_base=hasattr(settings, "peft_config"),
    )
