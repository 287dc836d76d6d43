"""A model that writes, asked which of some concepts it would rather write."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.jobs import Job
from core.learning.classifier_settings import ClassifierSettings
from core.learning.splits import Floats
from core.learning.text_to_text.model import TextToText


@dataclass(frozen=True)
class WritingClassifier:
    """Answers with the names of concepts; see `core.learning.classifier.Classifier`.

    Attributes:
        writer: was taught to write the name of the one concept of a text.
        concepts: whose names it chooses among.
    """

    writer: TextToText
    concepts: tuple[str, ...]
    is_exclusive: bool = True
    needs_embeddings: bool = False
    reads_embeddings: bool = False

    @property
    def settings(self) -> ClassifierSettings:
        """Return how it answers: all concepts, the likeliest first."""
        return ClassifierSettings(seed=self.writer.settings.seed)

    def probabilities(self, texts: Sequence[str], embeddings: Floats | None, job: Job) -> Floats:
        """Return how probable each concept is as the answer, (n_texts, n_concepts)."""
        del embeddings  # it reads words
        return self.writer.choice_probabilities(texts, self.concepts, job)

    def none_shares(self, embeddings: Floats) -> Floats:
        """Return zeros, (n_texts,): it was not taught what is none of the concepts."""
        return np.zeros(len(embeddings), np.float32)

    def are_unlike(self, embeddings: Floats) -> None:
        """Return None: what is unlike its training, it cannot tell."""

    def save(self, folder: Path) -> None:
        """Write the model into an existing, empty folder."""
        self.writer.save(folder)
