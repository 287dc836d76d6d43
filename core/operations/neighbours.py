"""The labelled texts of a training that are closest in meaning to a text."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.app_folder import AppFolder
from core.operations.fitting import embedder_of, load_model
from core.operations.training_data import load_inputs, to_learn
from core.records import ModelVersion
from core.storage.embeddings import find_embeddings
from core.storage.inputs import text_hash
from core.storage.models import get_model_version


@dataclass(frozen=True)
class Neighbour:
    """A labelled text of the training that is close in meaning."""

    text: str
    concepts: tuple[str, ...]
    similarity: float  # cosine, at most 1


def find_neighbours(
    app: AppFolder, version: ModelVersion, embedding: NDArray[np.float32], most: int
) -> tuple[Neighbour, ...]:
    """Return the labelled texts that a model learned from and that are closest, by cosine.

    Args:
        app: where their embeddings are kept.
        version: the model.
        embedding: (dim,) of unit length, by the model's embedder.
        most: how many to return; the closest stands first.
    """
    labelled, embeddings = _labelled(app, version.id, version.folder)
    similarities = embeddings @ embedding
    nearest = np.argsort(-similarities, kind="stable")[:most]
    return tuple(
        Neighbour(labelled[i][0], labelled[i][1], min(float(similarities[i]), 1.0)) for i in nearest
    )


@lru_cache(maxsize=2)
def _labelled(
    app: AppFolder, version_id: int, _folder: str
) -> tuple[list[tuple[str, tuple[str, ...]]], NDArray[np.float32]]:
    """Return the labelled texts that a model learned from, and their kept embeddings.

    The folder is part of the key because an app's key may be given again, and its name never is.
    """
    with app.database() as db:
        version = get_model_version(db, version_id)
        model = load_model(app, version)
        embedder, merges = embedder_of(model), model.settings.count_narrower
        frozen = load_inputs(db, version.dataset_version_id, count_narrower=merges)
        inputs = to_learn(frozen)
        named = {i.text: i.positive for i in inputs if i.positive}
        kept = find_embeddings(db, embedder.identity, list(named), embedder.dim)
    labelled = [(text, names) for text, names in named.items() if text_hash(text) in kept]
    vectors = [kept[text_hash(text)] for text, _names in labelled]
    return labelled, np.array(vectors, np.float32).reshape(-1, embedder.dim)
