"""A trained model ready to answer, within the inference settings that it was trained with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.app_folder import AppFolder
from core.jobs import Job
from core.learning.settings import DEFAULT_MAX_CONCEPTS
from core.learning.splits import Floats
from core.operations.fitting import embedder_of, load_model
from core.records import ModelVersion, Prediction

COUNTS_FROM = 0.5  # probability from which a concept that stands for itself is an answer
NONE_FROM = 0.9  # how surely it is none of them before that is the answer: rarely wrong so late


@dataclass(frozen=True)
class Answer:
    """What a model says of one text.

    Attributes:
        listed: the concepts to show, the most probable first.
        chosen: those that count as the answer; empty for "none of your concepts".
        probabilities: (n_concepts,) of all concepts of the model.
    """

    listed: tuple[Prediction, ...]
    chosen: tuple[str, ...]
    probabilities: Floats


class Answerer:
    """Turns texts into answers."""

    def __init__(self, app: AppFolder, folder: str) -> None:
        self._model = load_model(app, folder)
        self._settings = self._model.settings
        self.embedder = embedder_of(self._model)
        self.concepts: tuple[str, ...] = tuple(self._model.concepts)
        self.is_exclusive: bool = self._model.is_exclusive

    def embed(self, texts: Sequence[str], job: Job) -> Floats:
        """Return the embeddings that `answer` needs, (n_texts, dim)."""
        return self.embedder.encode(texts, job)

    def answer(self, texts: Sequence[str], embeddings: Floats) -> list[Answer]:
        """Return an answer for each text."""
        if not texts:
            return []
        probabilities = self._model.probabilities(texts, embeddings, Job())
        none_shares = self._model.none_shares(embeddings)
        return [self._answer(*both) for both in zip(probabilities, none_shares, strict=True)]

    def _answer(self, probabilities: Floats, none_share: float) -> Answer:
        listed = self._listed(probabilities)
        if none_share >= NONE_FROM:
            chosen: tuple[str, ...] = ()
        elif self.is_exclusive:
            chosen = tuple(p.concept for p in listed[:1])
        else:
            chosen = tuple(p.concept for p in listed if p.probability >= COUNTS_FROM)
        return Answer(listed, chosen, probabilities)

    def _listed(self, probabilities: Floats) -> tuple[Prediction, ...]:
        wanted = set(self._settings.select_concepts) or set(self.concepts)
        most = self._settings.max_concepts or DEFAULT_MAX_CONCEPTS
        listed = [
            Prediction(self.concepts[i], float(probabilities[i]))
            for i in np.argsort(-probabilities, kind="stable")
            if self.concepts[i] in wanted and probabilities[i] >= self._settings.min_value
        ]
        return tuple(listed[:most])


def answerer(app: AppFolder, version: ModelVersion) -> Answerer:
    """Return the answerer of a model version; the last ones used stay warm."""
    return _answerer(app, version.folder)


@lru_cache(maxsize=2)
def _answerer(app: AppFolder, folder: str) -> Answerer:
    """Keep by the model's folder, whose name is never used again, as an app's and a key may be."""
    return Answerer(app, folder)
