"""A trained model ready to answer, within the inference settings that it was trained with."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.app_folder import AppFolder
from core.jobs import Job
from core.learning.classifier_settings import DEFAULT_MAX_CONCEPTS
from core.learning.decisions import Bools, decide, thresholds_of
from core.learning.splits import Floats
from core.operations.fitting import embedder_of, load_model
from core.records import ModelVersion, Prediction

NONE_FROM = 0.9  # how surely it is none of them before that is the answer: rarely wrong so late


@dataclass(frozen=True)
class Answer:
    """What a model says of one text.

    Attributes:
        listed: the concepts to show, the most probable first.
        chosen: those that count as the answer; empty for "none of your concepts".
        probabilities: (n_concepts,) of all concepts of the model.
        needs_person: whether nothing counts by thresholds that somebody chose; what they promise
            is promised of the concepts that are given alone, not of "none of your concepts".
    """

    listed: tuple[Prediction, ...]
    chosen: tuple[str, ...]
    probabilities: Floats
    needs_person: bool = False


class Answerer:
    """Turns texts into answers.

    Attributes:
        concepts: of the model.
        thresholds: (n_concepts,) from which probability on each is the answer.
        has_thresholds: whether somebody chose them.
    """

    def __init__(self, app: AppFolder, version: ModelVersion) -> None:
        self._model = load_model(app, version)
        self._settings = self._model.settings
        self.embedder = embedder_of(self._model)
        self.concepts: tuple[str, ...] = tuple(self._model.concepts)
        self.is_exclusive: bool = self._model.is_exclusive
        chosen = version.thresholds.concepts
        self.has_thresholds = bool(chosen)
        self._read_last: tuple[str, Floats] = "", np.empty(0, np.float32)
        self.thresholds = thresholds_of(self.concepts, chosen, is_exclusive=self.is_exclusive)

    def embedding(self, text: str, job: Job) -> Floats:
        """Return the embedding of a text, (dim,), by which its neighbours are found."""
        if self._read_last[0] != text:
            self._read_last = text, self.embedder.encode([text], job)[0]
        return self._read_last[1]

    def answer(self, texts: Sequence[str], job: Job) -> list[Answer]:
        """Return an answer for each text."""
        if not texts:
            return []
        if not self._model.reads_embeddings:
            probabilities = self._model.probabilities(texts, None, job)
            return [self._answer(row, 0) for row in probabilities]
        embeddings = self.embedder.encode(texts, job)
        self._read_last = texts[-1], embeddings[-1]
        probabilities = self._model.probabilities(texts, embeddings, Job())
        none_shares = self._model.none_shares(embeddings)
        return [self._answer(*both) for both in zip(probabilities, none_shares, strict=True)]

    def counts_from(self, answer: Answer) -> tuple[float, ...]:
        """Return the chosen threshold of each listed concept; empty if nobody chose any."""
        limits = dict(zip(self.concepts, self.thresholds.tolist(), strict=True))
        return tuple(limits[p.concept] for p in answer.listed if self.has_thresholds)

    def _answer(self, probabilities: Floats, none_share: float) -> Answer:
        listed = self._listed(probabilities)
        counts = self._counts(probabilities, listed) & (none_share < NONE_FROM)
        return Answer(
            listed=tuple(Prediction(self.concepts[i], float(probabilities[i])) for i in listed),
            chosen=tuple(self.concepts[i] for i in listed if counts[i]),
            probabilities=probabilities,
            needs_person=self.has_thresholds and not counts[listed].any(),
        )

    def _counts(self, probabilities: Floats, listed: list[int]) -> Bools:
        """Tell which concepts are the answer, (n_concepts,).

        With thresholds that somebody chose, the likeliest of all concepts has to be listed: what
        they promise was not checked for the second best. Else the likeliest listed one counts.
        """
        asked = probabilities
        if not self.has_thresholds:
            asked = np.full_like(probabilities, -1)
            asked[listed] = probabilities[listed]
        counts = decide(asked[None], self.thresholds, is_exclusive=self.is_exclusive)
        return np.asarray(counts[0])

    def _listed(self, probabilities: Floats) -> list[int]:
        """Return the places of the concepts to show, the most probable first."""
        wanted = set(self._settings.select_concepts) or set(self.concepts)
        most = self._settings.max_concepts or DEFAULT_MAX_CONCEPTS
        listed = [
            int(i)
            for i in np.argsort(-probabilities, kind="stable")
            if self.concepts[i] in wanted and probabilities[i] >= self._settings.min_value
        ]
        return listed[:most]


def answerer(app: AppFolder, version: ModelVersion) -> Answerer:
    """Return the answerer of a model version by the thresholds it has now.

    The last models used stay warm, by their folder: its name is never used again, as that of an
    app and a key may be.
    """
    return Answerer(app, version)
