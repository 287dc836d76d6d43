"""The quick classifier, ready to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.i18n import _
from core.jobs import Job
from core.learning.calibration import Calibration
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.cross_validated import CrossValidated
from core.learning.decisions import Bools
from core.learning.embedding_classifier.gate import Gate, close
from core.learning.embedding_classifier.ngrams import NgramSpace
from core.learning.embedding_classifier.recipes import Recipe
from core.learning.embedding_classifier.solver import logits
from core.learning.familiar import Familiar
from core.learning.splits import Floats

TEXTS_AT_ONCE = 2_000


@dataclass(frozen=True)
class EmbeddingClassifier:
    """Turns texts and their embeddings into probabilities of concepts.

    Attributes:
        concepts: the columns of what it predicts.
        settings: that it was trained with.
        recipe: what it learned from.
        centre: (dim,) the mean embedding of the texts it learned from.
        ngrams: the terms it knows; None where the recipe leaves them out.
        weights: (n_features + 1, n_concepts): embeddings first, then terms, the bias last.
        calibration: from logits to probabilities; says whether concepts are exclusive.
        gate: how surely a text is none of the concepts; None if nothing taught it.
        cross_validated: of the texts it learned from; None in a model that was loaded.
        familiar: tells what is unlike those texts; None where they were too few, and in models of
            before there was such a thing.
    """

    concepts: tuple[str, ...]
    settings: EmbeddingClassifierSettings
    recipe: Recipe
    centre: Floats
    ngrams: NgramSpace | None
    weights: Floats
    calibration: Calibration
    gate: Gate | None = None
    cross_validated: CrossValidated | None = None
    familiar: Familiar | None = None

    @property
    def is_exclusive(self) -> bool:
        """Return whether a text has exactly one concept, so that its probabilities sum to 1."""
        return self.calibration.is_exclusive

    @property
    def needs_embeddings(self) -> bool:
        """Return whether predicting takes embeddings; if not, they may be None."""
        return self.recipe.embedding_scale > 0

    @property
    def reads_embeddings(self) -> bool:
        """Return True: how surely a text is none of the concepts is read off its embedding."""
        return True

    def probabilities(self, texts: Sequence[str], embeddings: Floats | None, job: Job) -> Floats:
        """Predict every concept of every text.

        Args:
            texts: (n_texts,) any texts.
            embeddings: (n_texts, dim) of the embedder in the settings; None if not needed.
            job: told every few hundred texts.

        Returns:
            (n_texts, n_concepts) calibrated; rows sum to 1 where the concepts are exclusive.
        """
        answer = np.empty((len(texts), len(self.concepts)), dtype=np.float32)
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            job.report(_("Predicting"), start, len(texts))
            some = slice(start, start + TEXTS_AT_ONCE)
            read = embeddings[some] if embeddings is not None and self.needs_embeddings else None
            answer[some] = self._probabilities(texts[some], read, job)
        return answer

    def none_shares(self, embeddings: Floats) -> Floats:
        """Return how surely each text is about none of the concepts, (n_texts,) in [0, 1].

        All 0 in a model that was not shown what is none of them.
        """
        if self.gate is None:
            return np.zeros(len(embeddings), dtype=np.float32)
        return self.gate.none_shares(centred(embeddings, self.centre))

    def are_unlike(self, embeddings: Floats) -> Bools | None:
        """Tell which texts are unlike anything in training, (n_texts,); None if it cannot tell."""
        if self.familiar is None:
            return None
        return self.familiar.are_unlike(centred(embeddings, self.centre))

    def save(self, folder: Path) -> None:
        """Write the model into an existing, empty folder; `load` reads it."""
        from core.learning.embedding_classifier.saving import save

        save(self, folder)

    def _probabilities(self, texts: Sequence[str], embeddings: Floats | None, job: Job) -> Floats:
        near = None if embeddings is None else centred(embeddings, self.centre)
        terms = None if self.ngrams is None else self.ngrams.weigh(texts, job, _("Predicting"))
        blocks = self.recipe.blocks(near, terms)
        found = self.calibration.probabilities(logits(blocks, self.weights))
        if self.gate is None or near is None:
            return found
        return close(found, self.gate.none_shares(near), is_exclusive=self.is_exclusive)


def centred(embeddings: Floats, centre: Floats) -> Floats:
    """Return the embeddings as seen from a centre, unit length again."""
    away = embeddings.astype(np.float32) - centre
    lengths = np.linalg.norm(away, axis=1, keepdims=True)
    return np.asarray(away / np.maximum(lengths, np.float32(1e-6)))
