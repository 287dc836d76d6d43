"""Fitting and asking models with the embeddings and base models that there are."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.app_folder import AppFolder
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.classifier import Classifier
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.damage import ModelDamagedError
from core.learning.splits import Floats
from core.learning.text_classifier_settings import TextClassifierSettings
from core.learning.text_to_text_settings import TextToTextSettings
from core.operations.base_of import base_beside, base_of
from core.operations.read_embeddings import read_embeddings
from core.operations.training_data import LabelledTexts
from core.records import TEXT_TO_TEXT, ModelVersion
from core.resources import read_text
from core.seals import is_broken
from core.storage.database import Database
from core.storage.models import NoConceptsError

if TYPE_CHECKING:
    from core.learning.cross_validated import CrossValidated
    from core.learning.embedders import Embedder
    from core.learning.embedding_classifier import EmbeddingClassifier
    from core.learning.growth import LearningCurve
    from core.learning.text_to_text import TextToText


class WritesNothingError(UserError):
    """A model that answers with concepts is asked to write."""

    def __init__(self, model: str) -> None:
        super().__init__(
            _("“{model}” answers with concepts and writes no texts.").format(model=model),
            next_step=_("Choose a text-to-text model."),
        )


class NotRefittedError(UserError):
    """Cross-validation is asked of a model that writes texts."""

    def __init__(self) -> None:
        super().__init__(
            _("A model that writes texts cannot be cross-validated."),
            next_step=_("Check it on texts that are kept apart for testing."),
        )


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
    db: Database, labelled: LabelledTexts, model: Classifier, n_folds: int, job: Job
) -> "CrossValidated":
    """Predict texts by models of the same recipe that have not seen them.

    Raises:
        NotRefittedError: the recipe takes too long to be repeated.
    """
    settings = model.settings
    if isinstance(settings, EmbeddingClassifierSettings):
        from core.learning import embedding_classifier  # torch

        assert isinstance(model, embedding_classifier.EmbeddingClassifier)
        own, negatives = _read(db, labelled.texts, settings, job)
        return embedding_classifier.cross_validate(
            labelled.texts,
            own,
            labelled.targets,
            model=model,
            n_folds=n_folds,
            job=job,
            negatives=negatives,
        )
    if isinstance(settings, TextClassifierSettings):
        from core.learning import text_classifier  # torch

        assert isinstance(model, text_classifier.TextClassifier)
        base = base_of(settings).folder
        return text_classifier.cross_validate(
            labelled.texts, labelled.targets, model=model, base=base, n_folds=n_folds, job=job
        )
    raise NotRefittedError


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
        is_read=np.concatenate([learned.are_read, checked.are_read]),
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


def embedder_of(model: Classifier) -> "Embedder":
    """Return what a model reads texts with, or what finds texts alike where it has none."""
    from core.learning import embedders  # torch

    return embedders.load(getattr(model.settings, "base_embed_model", "accurate"))


def load_model(app: AppFolder, version: ModelVersion) -> Classifier:
    """Return a trained model that answers with concepts; the last ones used stay warm.

    Raises:
        ModelDamagedError: its folder cannot be read.
        BaseModelMissingError: it stands on a base model that is no longer there.
        NoConceptsError: it writes texts, and was not taught concepts.
    """
    if version.is_writer:
        raise NoConceptsError(version.model)
    return _loaded(app.models / version.folder, version.type, version.concepts)


def _check_seal(folder: Path) -> None:
    """Refuse a model whose files are not as they were written: it would answer wrongly."""
    if is_broken(folder):
        raise ModelDamagedError(folder)


@lru_cache(maxsize=2)
def _loaded(folder: Path, type: str, concepts: tuple[str, ...]) -> Classifier:  # noqa: A002
    _check_seal(folder)
    match type:
        case "text-classifier":
            from core.learning import text_classifier  # torch

            return text_classifier.load(folder, base_beside(folder))
        case "text-to-text":
            from core.learning.text_to_text.as_classifier import WritingClassifier  # torch

            return WritingClassifier(_writer(folder), concepts)
    from core.learning import embedding_classifier  # torch

    return embedding_classifier.load(folder)


def load_writer(app: AppFolder, version: ModelVersion) -> "TextToText":
    """Return a trained model that writes; the last one used stays warm.

    Raises:
        WritesNothingError: it answers with concepts.
        ModelDamagedError, BaseModelMissingError: as `load_model` does.
    """
    if version.type != TEXT_TO_TEXT:
        raise WritesNothingError(version.model)
    return _writer(app.models / version.folder)


@lru_cache(maxsize=1)
def _writer(folder: Path) -> "TextToText":
    from core.learning import text_to_text  # torch

    _check_seal(folder)
    return text_to_text.load(folder, base_beside(folder))


def untrained_of(settings: TextToTextSettings) -> "TextToText":
    """Return the base model of a model that writes, as it was before the training.

    Raises:
        BaseModelMissingError: it is not on this computer.
    """
    from core.learning.text_to_text import TextToText

    return TextToText.untrained(base_of(settings).folder, settings)


def warm_untrained_of(settings: TextToTextSettings) -> "TextToText":
    """Return the same; the last one stays warm, for one answer after the other.

    Raises:
        BaseModelMissingError: it is not on this computer.
    """
    base = base_of(settings)
    return _untrained(base.folder, base.identity, settings.device).asked_as(settings)


@lru_cache(maxsize=1)
def _untrained(folder: Path, identity: str, device: str) -> "TextToText":  # a key
    from core.learning.text_to_text import TextToText

    return TextToText.untrained(folder, TextToTextSettings(device=device))


def probabilities_of(db: Database, model: Classifier, texts: list[str], job: Job) -> Floats:
    """Return what a model says of texts, (n_texts, n_concepts)."""
    embeddings = None
    if model.needs_embeddings:
        embeddings = read_embeddings(db, embedder_of(model), texts, job)
    return model.probabilities(texts, embeddings, job)
