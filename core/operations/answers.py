"""A trained model ready to answer, within the inference settings that it was trained with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.app_folder import AppFolder
from core.jobs import Job
from core.learning.classifier_settings import DEFAULT_MAX_CONCEPTS
from core.learning.decisions import Bools, decide, thresholds_of
from core.learning.splits import Floats, Ints
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


@dataclass(frozen=True)
class Answers:
    """What a model says of many texts, as arrays.

    Attributes:
        probabilities: (n_texts, n_concepts).
        order: (n_texts, n_concepts) the places of the concepts, the most probable first.
        listed, chosen: (n_texts, n_concepts) which to show; which count as the answer.
        need_person: (n_texts,) as `Answer.needs_person`.
        are_unlike: (n_texts,) whether a text is unlike anything that the model learned from; None
            where it cannot tell.
    """

    probabilities: Floats
    order: Ints
    listed: Bools
    chosen: Bools
    need_person: Bools
    are_unlike: Bools | None = None


class Answerer:
    """Turns texts into answers.

    Attributes:
        concepts: of the model.
        thresholds: (n_concepts,) from which probability on each is the answer.
        has_thresholds: whether somebody chose them.
        tells_unlike: whether it knows what is unlike the texts that the model learned from.
    """

    def __init__(self, app: AppFolder, version: ModelVersion) -> None:
        self._model = load_model(app, version)
        self._settings = self._model.settings
        self.embedder = embedder_of(self._model)
        self.concepts: tuple[str, ...] = tuple(self._model.concepts)
        self.is_exclusive: bool = self._model.is_exclusive
        chosen = version.thresholds.concepts
        self.has_thresholds = bool(chosen)
        self.tells_unlike = getattr(self._model, "familiar", None) is not None
        self._read_last: tuple[str, Floats] = "", np.empty(0, np.float32)
        self.thresholds = thresholds_of(self.concepts, chosen, is_exclusive=self.is_exclusive)

    def embedding(self, text: str, job: Job) -> Floats:
        """Return the embedding of a text, (dim,), by which its neighbours are found."""
        if self._read_last[0] != text:
            self._read_last = text, self.embedder.encode([text], job)[0]
        return self._read_last[1]

    def answer(self, texts: Sequence[str], job: Job) -> list[Answer]:
        """Return an answer for each text."""
        answers = self.answer_all(texts, job)
        return [self._answer_of(answers, i) for i in range(len(texts))]

    def answer_all(self, texts: Sequence[str], job: Job) -> Answers:
        """Return the answers to many texts as arrays."""
        if not texts:
            return self._decided(
                np.empty((0, len(self.concepts)), np.float32), np.empty(0, np.float32)
            )
        if not self._model.reads_embeddings:
            probabilities = self._model.probabilities(texts, None, job)
            return self._decided(probabilities, np.zeros(len(texts), np.float32))
        embeddings = self.embedder.encode(texts, job)
        self._read_last = texts[-1], embeddings[-1]
        probabilities = self._model.probabilities(texts, embeddings, Job())
        answers = self._decided(probabilities, self._model.none_shares(embeddings))
        if not self.tells_unlike:
            return answers
        return replace(answers, are_unlike=self._model.are_unlike(embeddings))

    def counts_from(self, answer: Answer) -> tuple[float, ...]:
        """Return the chosen threshold of each listed concept; empty if nobody chose any."""
        limits = dict(zip(self.concepts, self.thresholds.tolist(), strict=True))
        return tuple(limits[p.concept] for p in answer.listed if self.has_thresholds)

    def _answer(self, probabilities: Floats, none_share: float) -> Answer:
        return self._answer_of(
            self._decided(probabilities[None], np.array([none_share], np.float32)), 0
        )

    def _answer_of(self, answers: Answers, i: int) -> Answer:
        row = answers.probabilities[i]
        listed = [int(place) for place in answers.order[i] if answers.listed[i, place]]
        return Answer(
            listed=tuple(Prediction(self.concepts[place], float(row[place])) for place in listed),
            chosen=tuple(self.concepts[place] for place in listed if answers.chosen[i, place]),
            probabilities=row,
            needs_person=bool(answers.need_person[i]),
        )

    def _decided(self, probabilities: Floats, none_shares: Floats) -> Answers:
        order = np.argsort(-probabilities, axis=1, kind="stable")
        listed = self._listed(probabilities, order)
        chosen = listed & self._counts(probabilities, listed) & (none_shares < NONE_FROM)[:, None]
        need_person = np.asarray(~chosen.any(axis=1) & self.has_thresholds)
        return Answers(probabilities, order, listed, chosen, need_person)

    def _counts(self, probabilities: Floats, listed: Bools) -> Bools:
        """Tell which concepts are the answer, (n_texts, n_concepts).

        With thresholds that somebody chose, the likeliest of all concepts has to be listed: what
        they promise was not checked for the second best. Else the likeliest listed one counts.
        """
        asked = probabilities
        if not self.has_thresholds:
            asked = np.where(listed, probabilities, np.float32(-1))
        return decide(asked, self.thresholds, is_exclusive=self.is_exclusive)

    def _listed(self, probabilities: Floats, order: Ints) -> Bools:
        """Tell which concepts are shown, (n_texts, n_concepts)."""
        wanted = set(self._settings.select_concepts) or set(self.concepts)
        may = np.array([concept in wanted for concept in self.concepts])
        may = may & (probabilities >= self._settings.min_value)
        ranked = np.take_along_axis(may, order, axis=1)
        most = self._settings.max_concepts or DEFAULT_MAX_CONCEPTS
        ranked &= ranked.cumsum(axis=1) <= most
        listed = np.zeros_like(ranked)
        np.put_along_axis(listed, order, ranked, axis=1)
        return listed


def answerer(app: AppFolder, version: ModelVersion) -> Answerer:
    """Return the answerer of a model version by the thresholds it has now.

    The last models used stay warm, by their folder: its name is never used again, as that of an
    app and a key may be.
    """
    return Answerer(app, version)
