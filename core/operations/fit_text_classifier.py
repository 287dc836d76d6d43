"""Train a deep classifier, and find its scores on texts kept apart."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.i18n import _
from core.jobs import Job
from core.learning.splits import Targets
from core.learning.text_classifier_settings import ContrastiveSettings, TextClassifierSettings
from core.operations.base_of import base_of
from core.operations.held_out import hold_out, only
from core.operations.scoring import Found, found_of
from core.operations.training import Example, Fitted, Lesson, check_tolerance
from core.operations.training_data import (
    LabelledTexts,
    NoLabelsError,
    concepts_to_learn,
    labelled_texts,
    note_texts,
    scorable_texts,
    to_check,
    to_learn,
)
from core.records import TEXT_CLASSIFIER, Method

if TYPE_CHECKING:
    from core.learning.text_classifier import TextClassifier

FEW = 500  # texts, up to which few examples are cross-validated rather than parted
N_FOLDS = 5


def fit_text_classifier(lesson: Lesson, job: Job) -> Fitted:
    """Train on the texts that are not kept for checking.

    Texts marked for "validation" say when to stop where others are marked for "test". Where none
    is marked, a fifth is kept apart and gives the scores; with few examples cross-validation does.

    Raises:
        NoLabelsError: no text to learn from carries a concept.
        ConceptMissingError, BaseModelMissingError: what was chosen is not there.
        TooManyUnusableError: too many texts are of no use.
    """
    settings = lesson.settings
    assert isinstance(settings, TextClassifierSettings)
    base = base_of(settings)
    concepts = concepts_to_learn(
        lesson.db, lesson.concepts, lesson.inputs, lesson.version, settings
    )
    parts = _read(lesson, concepts, settings, job)
    model = _learn(lesson, parts, concepts, base.folder, job)
    found, method, n_folds = _check(parts, model, base.folder, job)
    return Fitted(
        model=model,
        settings=settings,
        concepts=tuple(model.concepts),
        found=found,
        method=method,
        n_folds=n_folds,
        n_texts=len(parts.learned.texts),
        about={"is_exclusive": model.is_exclusive, "base_model": base.name, **model.about},
        stands_on_base=model.stands_on_base,
    )


@dataclass(frozen=True)
class _Parts:
    """The labelled texts by what they are for.

    Attributes:
        checked: those that the scores are found on; empty where cross-validation finds them.
        validation: texts and targets that say when to stop; None leaves it to the training.
        is_held_out: whether the checked ones were parted here, and not by the analyst.
        n_left_out: texts kept apart that the model cannot be right about.
    """

    learned: LabelledTexts
    checked: LabelledTexts
    validation: tuple[list[str], Targets] | None = None
    is_held_out: bool = False
    n_left_out: int = 0


def _learn(
    lesson: Lesson, parts: _Parts, concepts: list[str], base: Path, job: Job
) -> "TextClassifier":
    from core.learning import text_classifier  # torch

    assert isinstance(lesson.settings, TextClassifierSettings)
    if lesson.elsewhere:
        stopping = parts.validation or ([], np.empty((0, len(concepts)), np.int8))
        examples = [
            Example(text, tuple(np.array(concepts, object)[row == 1]), is_checked=is_checked)
            for texts, targets, is_checked in (
                (parts.learned.texts, parts.learned.targets, False),
                (*stopping, True),
            )
            for text, row in zip(texts, targets, strict=True)
        ]
        model = lesson.elsewhere(examples, tuple(concepts))
        assert isinstance(model, text_classifier.TextClassifier)
        return model
    return text_classifier.fit(
        parts.learned.texts,
        parts.learned.targets,
        concepts=concepts,
        settings=lesson.settings,
        base=base,
        job=job,
        checkpoints=lesson.checkpoints,
        validation=parts.validation,
        start_from=lesson.earlier_folder(TEXT_CLASSIFIER),
    )


def _read(
    lesson: Lesson, concepts: list[str], settings: TextClassifierSettings, job: Job
) -> _Parts:
    """Return the labelled texts by what they are for, and note how many there are.

    Raises:
        NoLabelsError: none carries a concept. TooManyUnusableError: too many are of no use.
    """
    labelled = labelled_texts(to_learn(lesson.inputs), concepts)
    if not labelled.targets.any():
        raise NoLabelsError(lesson.version.dataset)
    parts = _parted(lesson, _usable(labelled, settings, job), concepts)
    note_texts(lesson.version, parts.learned, job)
    if parts.is_held_out:
        words = _("{n} texts are kept apart; the scores are found on them.")
        job.note(words.format(n=len(parts.checked.texts)))
    return parts


def _usable(labelled: LabelledTexts, settings: TextClassifierSettings, job: Job) -> LabelledTexts:
    """Return the texts that can be learned from.

    Raises:
        TooManyUnusableError: there are too few of them.
    """
    from core.learning import text_classifier  # torch

    unusable = text_classifier.unusable(labelled.texts)
    reason = _("empty, or without a sign that can be read")
    found = {reason: len(unusable)} if len(unusable) else {}
    check_tolerance(found, len(labelled.texts), settings, job)
    return only(labelled, np.setdiff1d(np.arange(len(labelled.texts)), unusable))


def _parted(lesson: Lesson, labelled: LabelledTexts, concepts: list[str]) -> _Parts:
    apart = to_check(lesson.inputs)
    checked = scorable_texts(apart, concepts)
    if checked.texts:
        is_tested = apart[0].split == "test"
        stops = [i for i in lesson.inputs if is_tested and i.split == "validation"]
        stopping = scorable_texts(stops, concepts)
        return _Parts(
            labelled,
            checked,
            validation=(stopping.texts, stopping.targets) if stopping.texts else None,
            n_left_out=len(apart) - len(checked.texts),
        )
    assert isinstance(lesson.settings, TextClassifierSettings)
    if isinstance(lesson.settings, ContrastiveSettings) and len(labelled.texts) <= FEW:
        return _Parts(labelled, checked)
    learned, checked = hold_out(labelled, lesson.settings.seed)
    return _Parts(learned, checked, is_held_out=bool(checked.texts))


def _check(
    parts: _Parts, model: "TextClassifier", base: Path, job: Job
) -> tuple[Found, Method, int]:
    """Score the model on what was kept apart, or its recipe by cross-validation."""
    from core.learning import text_classifier  # torch
    from core.learning.leakage import seen_across, seen_among

    learned, checked = parts.learned, parts.checked
    if not checked.texts:
        refitted = text_classifier.cross_validate(
            learned.texts, learned.targets, model=model, base=base, n_folds=N_FOLDS, job=job
        )
        seen = seen_across(learned.texts, refitted.folds, job)
        found = found_of(learned, refitted.probabilities, seen, model, chosen={})
        return found, Method.CROSS_VALIDATION, refitted.n_folds
    probabilities = model.probabilities(checked.texts, None, job)
    seen = seen_among(checked.texts, learned.texts, job)
    found = found_of(checked, probabilities, seen, model, chosen={}, n_left_out=parts.n_left_out)
    return found, Method.HELD_OUT if parts.is_held_out else Method.STORED_MODEL, 0
