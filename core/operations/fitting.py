"""Fitting and asking models with the embeddings that an app keeps."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from core.app_folder import AppFolder
from core.jobs import Job
from core.learning.settings import EmbeddingClassifierSettings, settings_from_values
from core.learning.splits import Floats
from core.operations.read_embeddings import read_embeddings
from core.operations.training_data import LabelledTexts, count_seen
from core.records import ModelVersion
from core.resources import read_text
from core.storage.database import Database

Model = Any  # core.learning.embedding_classifier.EmbeddingClassifier, which loads torch


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
) -> Model:
    """Fit a quick classifier to labelled texts; embeddings are read once and kept."""
    from core.learning import embedders, embedding_classifier  # torch

    embedder = embedders.load(settings.base_embed_model)
    sentences = general_sentences(settings)
    everything = read_embeddings(db, embedder, labelled.texts + sentences, job)
    n_texts = len(labelled.texts)
    return embedding_classifier.fit(
        labelled.texts,
        everything[:n_texts],
        labelled.targets,
        concepts=concepts,
        settings=settings,
        job=job,
        negatives=(sentences, everything[n_texts:]),
    )


@lru_cache(maxsize=2)
def load_model(app: AppFolder, folder: str) -> Model:
    """Return a trained model; the last ones used stay warm."""
    from core.learning import embedding_classifier  # torch

    return embedding_classifier.load(app.models / folder)


def settings_of(version: ModelVersion) -> EmbeddingClassifierSettings:
    """Return the settings that a version was trained with."""
    return settings_from_values(EmbeddingClassifierSettings, version.settings)


def probabilities_of(
    db: Database, model: Model, settings: EmbeddingClassifierSettings, texts: list[str], job: Job
) -> Floats:
    """Return what a model says of texts, (n_texts, n_concepts)."""
    from core.learning import embedders  # torch

    embeddings = None
    if model.needs_embeddings:
        embeddings = read_embeddings(db, embedders.load(settings.base_embed_model), texts, job)
    return model.probabilities(texts, embeddings, job)


def scores_of(
    checked: LabelledTexts,
    probabilities: Floats,
    model: Model,
    learned: Sequence[str],
    n_left_out: int = 0,
) -> dict[str, Any]:
    """Return the scores of probabilities as an evaluation keeps them.

    Args:
        checked: the texts, and what people said of them.
        probabilities: (n_texts, n_concepts).
        model: whose concepts they are.
        learned: the texts that were learned from; those among `checked` are counted.
        n_left_out: texts that could not be scored.
    """
    from core.learning import metrics

    report = metrics.report(
        checked.targets,
        probabilities,
        exclusive=model.is_exclusive,
        names=model.concepts,
        seed=model.settings.seed,
    )
    return report.to_json() | {
        "n_texts": len(checked.texts),
        "n_seen": count_seen(checked.texts, learned),
        "n_left_out": n_left_out,
        "is_exclusive": model.is_exclusive,
    }
