"""What runs the models of a workflow: the app's own, kept warm while it runs."""

from collections.abc import Sequence

from core.app_folder import AppFolder
from core.jobs import Job
from core.learning.splits import Floats
from core.operations.answers import Answer, Answerer, answerer
from core.operations.fitting import load_writer
from core.operations.model_embedder import load_embedder
from core.operations.read_embeddings import read_embeddings
from core.records import ModelVersion, Prediction
from core.storage.database import Database
from core.storage.models import find_model_version
from core.workflows.values import Said


class AppTools:
    """Asks the models of one app."""

    def __init__(self, app: AppFolder, db: Database, *, keeps_embeddings: bool = False) -> None:
        """Use an open app; embeddings are kept in it where that is asked for."""
        self._app, self._db = app, db
        self._keeps_embeddings = keeps_embeddings
        self._answerers: dict[str, Answerer] = {}

    def embed(self, embedder: str, texts: Sequence[str], job: Job) -> Floats:
        """Return the embeddings of texts, (n_texts, dim)."""
        reader = load_embedder(self._db, embedder)
        if self._keeps_embeddings:
            return read_embeddings(self._db, reader, texts, job)
        return reader.encode(texts, job)

    def classify(self, model: str, texts: Sequence[str], job: Job) -> list[Said]:
        """Return what a classifier says of each text."""
        if model not in self._answerers:
            self._answerers[model] = answerer(self._app, self._version(model))
        asked = self._answerers[model]
        return [_said(asked.concepts, answer) for answer in asked.answer(texts, job)]

    def write(self, model: str, texts: Sequence[str], job: Job) -> list[str]:
        """Return what a text-to-text model writes for each text."""
        return list(load_writer(self._app, self._version(model)).generate(list(texts), job=job))

    def _version(self, model: str) -> ModelVersion:
        name, _colon, number = model.rpartition(":")
        return find_model_version(self._db, name, int(number))


def _said(concepts: Sequence[str], answer: Answer) -> Said:
    pairs = zip(concepts, answer.probabilities.tolist(), strict=True)
    ranked = sorted(pairs, key=lambda pair: -pair[1])
    return Said(tuple(Prediction(*pair) for pair in ranked), frozenset(answer.chosen))
