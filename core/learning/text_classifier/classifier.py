"""The deep classifier, ready to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from core.jobs import Job
from core.learning.calibration import Calibration
from core.learning.cross_validated import CrossValidated
from core.learning.embedding_classifier import EmbeddingClassifier
from core.learning.splits import Floats
from core.learning.text_classifier_settings import TextClassifierSettings


class ReadsTexts(Protocol):
    """A network, whoever made it."""

    @property
    def dim(self) -> int:
        """Return the length of the vectors."""
        ...

    def logits(self, texts: Sequence[str], job: Job) -> Floats:
        """Return what it says of every text, (n_texts, n_concepts)."""
        ...

    def vectors(self, texts: Sequence[str], job: Job) -> Floats:
        """Return what it makes of every text, (n_texts, dim), each of unit length."""
        ...


@dataclass(frozen=True)
class TextClassifier:
    """Turns texts into probabilities of concepts.

    Attributes:
        concepts: the columns of what it predicts.
        settings: that it was trained with.
        network: that reads.
        calibration: from logits to probabilities; says whether concepts are exclusive.
        head: what decides in place of the network's own logits, from its vectors and the wording;
            None if the network does.
        stands_on_base: whether it takes its base model to answer.
        about: what is worth telling of it, as JSON can keep it.
        cross_validated: of the texts it learned from; None if it was not.
    """

    concepts: tuple[str, ...]
    settings: TextClassifierSettings
    network: ReadsTexts
    calibration: Calibration
    head: EmbeddingClassifier | None = None
    stands_on_base: bool = False
    about: Mapping[str, Any] = field(default_factory=dict)
    cross_validated: CrossValidated | None = None

    @property
    def is_exclusive(self) -> bool:
        """Return whether a text has exactly one concept, so that its probabilities sum to 1."""
        return self.calibration.is_exclusive

    @property
    def needs_embeddings(self) -> bool:
        """Return False: it reads texts itself."""
        return False

    @property
    def reads_embeddings(self) -> bool:
        """Return False: it reads texts itself."""
        return False

    def probabilities(self, texts: Sequence[str], embeddings: Floats | None, job: Job) -> Floats:
        """Predict every concept of every text.

        Args:
            texts: (n_texts,) any texts.
            embeddings: of no use; None.
            job: told every few texts.

        Returns:
            (n_texts, n_concepts) calibrated; rows sum to 1 where the concepts are exclusive.
        """
        del embeddings
        if self.head is None:
            return self.calibration.probabilities(self.network.logits(texts, job))
        return self.head.probabilities(texts, self.network.vectors(texts, job), job)

    def none_shares(self, embeddings: Floats) -> Floats:
        """Return how surely each text is about none of the concepts: 0, as nothing teaches it."""
        return np.zeros(len(embeddings), dtype=np.float32)

    def are_unlike(self, embeddings: Floats) -> None:
        """Return None: what is unlike its training, it cannot tell."""

    def save(self, folder: Path) -> None:
        """Write the model into an existing, empty folder; `load` reads it."""
        from core.learning.text_classifier.saving import save

        save(self, folder)
