"""Ask a model about one text."""

import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.operations.add_texts import checked_text
from core.operations.answers import answerer
from core.operations.fitting import embedder_of, load_model
from core.operations.training_data import load_inputs, to_learn
from core.records import ModelVersion, Prediction
from core.storage.embeddings import find_embeddings
from core.storage.inputs import text_hash
from core.storage.models import find_model_version


@dataclass(frozen=True)
class TryRequest:
    """Which model version (0 means the newest), and the text."""

    model: str
    text: str
    number: int = 0
    n_neighbours: int = 4


@dataclass(frozen=True)
class Neighbour:
    """A labelled text of the training that is close in meaning."""

    text: str
    concepts: tuple[str, ...]
    similarity: float  # cosine, at most 1


@dataclass(frozen=True)
class TryResult:
    """What the model says; the most probable concept first.

    Attributes:
        predictions: as the inference settings of the version limit them.
        chosen: the concepts that count as the answer: the first where there is exactly one per
            text, else all from one half on; empty for "none of your concepts".
        neighbours: the nearest labelled texts, the closest first.
        is_exclusive: whether the probabilities sum to 1.
        elapsed_ms: how long the answer took.
    """

    predictions: tuple[Prediction, ...]
    chosen: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]
    is_exclusive: bool
    elapsed_ms: float
    changes: Changes = Changes.NOTHING


def try_text(app: AppFolder, request: TryRequest, job: Job) -> TryResult:
    """Answer for one text; nothing is stored.

    Raises:
        ModelMissingError: there is no such model.
        NoTextError, TextTooLongError: the text is empty, or longer than a book.
    """
    text = checked_text(request.text)
    began = time.perf_counter()
    job.report(_("Reading the text"))
    with app.database() as db:
        version = find_model_version(db, request.model, request.number)
    asked = answerer(app, version)
    embeddings = asked.embed([text], job)
    (answer,) = asked.answer([text], embeddings)
    return TryResult(
        predictions=answer.listed,
        chosen=answer.chosen,
        neighbours=_neighbours(app, version, embeddings[0], request.n_neighbours),
        is_exclusive=asked.is_exclusive,
        elapsed_ms=(time.perf_counter() - began) * 1000,
    )


def _neighbours(
    app: AppFolder, version: ModelVersion, embedding: NDArray[np.float32], most: int
) -> tuple[Neighbour, ...]:
    """Return the labelled texts of the training that are closest, by cosine."""
    labelled, embeddings = _labelled(app, version.folder, version.dataset_version_id)
    similarities = embeddings @ embedding
    nearest = np.argsort(-similarities, kind="stable")[:most]
    return tuple(
        Neighbour(labelled[i][0], labelled[i][1], min(float(similarities[i]), 1.0)) for i in nearest
    )


@lru_cache(maxsize=2)
def _labelled(
    app: AppFolder, folder: str, dataset_version_id: int
) -> tuple[list[tuple[str, tuple[str, ...]]], NDArray[np.float32]]:
    """Return the labelled texts that a model learned from, and their kept embeddings."""
    model = load_model(app, folder)
    embedder, merges = embedder_of(model), model.settings.count_narrower
    with app.database() as db:
        inputs = to_learn(load_inputs(db, dataset_version_id, count_narrower=merges))
        named = {i.text: i.positive for i in inputs if i.positive}
        kept = find_embeddings(db, embedder.identity, list(named))
    labelled = [(text, names) for text, names in named.items() if text_hash(text) in kept]
    vectors = [kept[text_hash(text)] for text, _names in labelled]
    return labelled, np.array(vectors, np.float32).reshape(-1, embedder.dim)
