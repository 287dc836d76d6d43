"""Fitting and asking models with the embeddings that an app keeps."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from core.app_folder import AppFolder
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.splits import Floats
from core.operations.read_embeddings import read_embeddings
from core.operations.training_data import LabelledTexts
from core.resources import read_text
from core.storage.database import Database

if TYPE_CHECKING:
    from core.learning.embedders import Embedder
    from core.learning.embedding_classifier import CrossValidated, EmbeddingClassifier
    from core.learning.growth import LearningCurve


def general_sentences(settings: EmbeddingClassifierSettings) -> list[str]:
    """Return our own sentences about everything and nothing, if the settings ask for them."""
    if settings.enrich_dataset == "Disabled":
        return []
    return read_text("negatives/general.txt").splitlines()


def fit_model(
    db: Database,
    labelled: LabelledTexts,
    concepts: Sequence[str],
    settings: EmbeddingClassifierSettings,
    job: Job,
) -> "EmbeddingClassifier":
    """Fit a quick classifier to labelled texts; embeddings are read once and kept."""
    from core.learning import embedding_classifier  # torch

    own, negatives = _read(db, labelled.texts, settings, job)
    return embedding_classifier.fit(
        labelled.texts,
        own,
        labelled.targets,
        concepts=concepts,
        settings=settings,
        job=job,
        negatives=negatives,
    )


def refit_model(
    db: Database, labelled: LabelledTexts, model: "EmbeddingClassifier", n_folds: int, job: Job
) -> "CrossValidated":
    """Predict texts by models of the same recipe that have not seen them."""
    from core.learning import embedding_classifier  # torch

    own, negatives = _read(db, labelled.texts, model.settings, job)
    return embedding_classifier.cross_validate(
        labelled.texts,
        own,
        labelled.targets,
        model=model,
        n_folds=n_folds,
        job=job,
        negatives=negatives,
    )


def measure_curve(
    db: Database,
    learned: LabelledTexts,
    checked: LabelledTexts,
    model: "EmbeddingClassifier",
    job: Job,
) -> "LearningCurve":
    """Measure what models of a model's recipe are worth that learn from parts of its texts."""
    from core.learning import embedding_classifier  # torch

    texts = learned.texts + checked.texts
    own, negatives = _read(db, texts, model.settings, job)
    return embedding_classifier.measure_learning_curve(
        model,
        texts,
        own,
        np.concatenate([learned.targets, checked.targets]),
        n_learned=len(learned.texts),
        job=job,
        negatives=negatives,
    )


def _read(
    db: Database, texts: list[str], settings: EmbeddingClassifierSettings, job: Job
) -> tuple[Floats, tuple[list[str], Floats]]:
    """Return the embeddings of the texts, and the general sentences with theirs."""
    from core.learning import embedders  # torch

    sentences = general_sentences(settings)
    embedder = embedders.load(settings.base_embed_model)
    read = read_embeddings(db, embedder, texts + sentences, job)
    return read[: len(texts)], (sentences, read[len(texts) :])


def embedder_of(model: "EmbeddingClassifier") -> "Embedder":
    """Return what a model reads texts with."""
    from core.learning import embedders  # torch

    return embedders.load(model.settings.base_embed_model)


@lru_cache(maxsize=2)
def load_model(app: AppFolder, folder: str) -> "EmbeddingClassifier":
    """Return a trained model; the last ones used stay warm."""
    from core.learning import embedding_classifier  # torch

    return embedding_classifier.load(app.models / folder)


def probabilities_of(
    db: Database, model: "EmbeddingClassifier", texts: list[str], job: Job
) -> Floats:
    """Return what a model says of texts, (n_texts, n_concepts)."""
    embeddings = None
    if model.needs_embeddings:
        embeddings = read_embeddings(db, embedder_of(model), texts, job)
    return model.probabilities(texts, embeddings, job)
