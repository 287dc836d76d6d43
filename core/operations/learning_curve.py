"""Say whether more labelling is worth it, and what else would help."""

from dataclasses import dataclass

import numpy as np

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.advice import Advice, advise
from core.learning.growth import LearningCurve
from core.operations.fitting import load_model, measure_curve
from core.operations.training_data import (
    LabelledTexts,
    labelled_texts,
    load_inputs,
    scorable_texts,
    to_check,
    to_learn,
)
from core.records import EMBEDDING_CLASSIFIER, ModelVersion
from core.storage.database import Database, transaction
from core.storage.evaluations import find_own_evaluation
from core.storage.learning_curves import add_learning_curve, find_learning_curve
from core.storage.models import find_classifier_version


class NoCurveError(UserError):
    """A learning curve is asked of a model that takes too long to be trained again and again."""

    def __init__(self, model: str) -> None:
        super().__init__(
            _(
                "A learning curve is measured for quick classifiers alone; “{model}” is none."
            ).format(model=model),
            next_step=_("Train a quick classifier on the same texts, and measure its curve."),
        )


@dataclass(frozen=True)
class LearningCurveRequest:
    """Which model, and which version of it; 0 means the newest."""

    model: str
    number: int = 0


@dataclass(frozen=True)
class LearningCurveResult:
    """The curve, kept with the model version, and what it and the scores advise.

    Attributes:
        curve: None where none was measured yet; then the scores alone advise.
    """

    curve: LearningCurve | None
    advice: tuple[Advice, ...]
    changes: Changes = Changes.MODELS


def measure_learning_curve(
    app: AppFolder, request: LearningCurveRequest, job: Job
) -> LearningCurveResult:
    """Learn anew from parts of what a model version learned from; keep how its scores grew.

    Models are checked on the texts kept for "test" (or else "validation"), without enough such
    texts by cross-validation; labels that were accepted from a model and read by nobody teach,
    and check nothing. Stopped, it leaves an earlier curve as it was.

    Raises:
        ModelMissingError: there is no such model.
        TooFewForCurveError, TooFewReadForCurveError: there are too few labelled texts, or too few
            that a person read, to tell anything.
    """
    from core.learning.embedding_classifier import EmbeddingClassifier  # torch

    with app.database() as db:
        version = find_classifier_version(db, request.model, request.number)
        if version.type != EMBEDDING_CLASSIFIER:
            raise NoCurveError(version.model)
        learned, checked = _texts(db, version)
        model = load_model(app, version)
        assert isinstance(model, EmbeddingClassifier)
        curve = measure_curve(db, learned, checked, model, job)
        job.report(_("Saving the learning curve"))
        with transaction(db):
            add_learning_curve(db, version.id, curve.to_json())
        return LearningCurveResult(curve, _advice(db, version, learned, curve))


def read_learning_curve(
    app: AppFolder, request: LearningCurveRequest, job: Job
) -> LearningCurveResult:
    """Return what was measured of a model version, and what is advised.

    Raises:
        ModelMissingError: there is no such model.
    """
    job.report(_("Reading the learning curve"))
    with app.database() as db:
        version = find_classifier_version(db, request.model, request.number)
        kept = find_learning_curve(db, version.id)
        learned, _checked = _texts(db, version)
        curve = LearningCurve.from_json(kept) if kept else None
        return LearningCurveResult(curve, _advice(db, version, learned, curve), Changes.NOTHING)


def _texts(db: Database, version: ModelVersion) -> tuple[LabelledTexts, LabelledTexts]:
    """Return the texts that a version learned from, and those kept for checking."""
    merges = bool(version.settings.get("count_narrower"))
    inputs = load_inputs(db, version.dataset_version_id, count_narrower=merges)
    return (
        labelled_texts(to_learn(inputs), version.concepts),
        scorable_texts(to_check(inputs), version.concepts),
    )


def _advice(
    db: Database, version: ModelVersion, learned: LabelledTexts, curve: LearningCurve | None
) -> tuple[Advice, ...]:
    own = find_own_evaluation(db, version.id)
    assert own is not None  # kept in the same transaction as the version
    counts = learned.targets.sum(axis=0, dtype=np.int64).tolist()
    n_learned = dict(zip(version.concepts, counts, strict=True))
    advice = advise(own.report, n_learned, curve.f1 if curve else None)
    return advice if curve else advice[1:]  # the first is about labelling
