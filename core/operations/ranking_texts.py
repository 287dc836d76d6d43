"""Texts in the order in which they are alike to others, by the vectors of the index."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.app_folder import AppFolder
from core.jobs import Job
from core.learning.splits import Floats
from core.operations.vector_index import warm_index
from core.storage.database import Database
from core.storage.searches import Meaning
from core.storage.vectors import get_vectors, list_inputs_of_vectors, list_vectors_of_inputs

if TYPE_CHECKING:
    from core.learning.embedders import Embedder

Ids = NDArray[np.int64]
FEW = 10_000  # inputs up to which exactly these are compared
FIRST = 2  # times as many as wanted that are looked at first: some may not match


class Ranking:
    """Ranks inputs by how alike they are to texts, and unlike others.

    A score is the mean over these texts of the cosine, or of what is missing to 1 where the text
    counts against, held to [0, 1]. That is one product with one vector, whatever is asked.
    """

    def __init__(
        self,
        app: AppFolder,
        db: Database,
        embedder: "Embedder",
        meanings: Sequence[Meaning],
        job: Job,
    ) -> None:
        self._db = db
        self._index, self._key = warm_index(app, db, embedder, job)
        vectors = embedder.encode([meaning.text for meaning in meanings], job)
        signs = np.array([-1.0 if m.is_negated else 1.0 for m in meanings], np.float32)
        self._question: Floats = ((signs @ vectors) / len(meanings)).astype(np.float32)
        self._least = float((signs < 0).mean())

    def best(self, ids: Ids | None, limit: int) -> Iterator[tuple[Ids, Floats]]:
        """Yield inputs with their scores, best first, in blocks.

        Args:
            ids: where few match, these; all are ranked where there are many, or None is given.
            limit: about how many are wanted.
        """
        if ids is not None and len(ids) <= FEW:
            yield self._rank_few(ids)
            return
        for keys, scores in self._keys(limit):
            pairs = np.array(list_inputs_of_vectors(self._db, keys.tolist()), np.int64)
            if len(pairs):
                order = np.argsort(keys)
                places = order[np.searchsorted(keys[order], pairs[:, 0])]
                yield _in_order(pairs[:, 1], self._shown(scores[places]))

    def _keys(self, limit: int) -> Iterator[tuple[Ids, Floats]]:
        """Yield the keys of vectors in order, as many at once as are likely to be looked at."""
        from core.learning.vector_index import to_compare_again  # torch

        most = to_compare_again(limit) if self._index.is_coarse else FIRST * limit
        for block in self._index.blocks(self._question, most):
            keys, scores = block.keys, block.scores
            if self._index.is_coarse:
                keys, scores = self._compared_again(keys)
            for start in range(0, len(keys), FIRST * limit):
                yield keys[start : start + FIRST * limit], scores[start : start + FIRST * limit]

    def _compared_again(self, keys: Ids) -> tuple[Ids, Floats]:
        found, vectors = get_vectors(self._db, keys.tolist())
        if not len(found):
            return found, np.empty(0, np.float32)
        scores: Floats = vectors.astype(np.float32) @ self._question
        order = np.argsort(-scores, kind="stable")
        return found[order], scores[order]

    def _rank_few(self, ids: Ids) -> tuple[Ids, Floats]:
        pairs = np.array(
            list_vectors_of_inputs(self._db, self._key, ids.tolist()), np.int64
        ).reshape(-1, 2)
        keys, places = np.unique(pairs[:, 1], return_inverse=True)
        if self._index.is_coarse:
            ranked, scores = self._compared_again(keys)
        else:
            block = self._index.rank_some(self._question, keys)
            ranked, scores = block.keys, block.scores
        by_key = np.full(len(keys), np.nan, np.float32)
        by_key[np.searchsorted(keys, ranked)] = scores
        return _in_order(pairs[:, 0], self._shown(by_key[places.reshape(-1)]))

    def _shown(self, products: Floats) -> Floats:
        """Return products as scores between 0 for unlike and 1 for the same."""
        shown: Floats = np.clip(products + self._least, 0.0, 1.0).astype(np.float32)
        return shown


def _in_order(ids: Ids, scores: Floats) -> tuple[Ids, Floats]:
    """Return inputs by falling score; of equals the one that came first."""
    order = np.lexsort((ids, -scores))
    return ids[order], scores[order]
