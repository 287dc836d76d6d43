"""Embeddings of texts, kept in the app so that no text is embedded twice."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.i18n import _
from core.jobs import Job, PartOfJob
from core.storage.database import Database, transaction
from core.storage.embeddings import add_embeddings, find_embeddings
from core.storage.inputs import text_hash

if TYPE_CHECKING:
    from core.learning.embedders import Embedder

CHUNK = 2_048  # texts a transaction: what a stopped job has read stays read


def read_embeddings(
    db: Database, embedder: "Embedder", texts: Sequence[str], job: Job
) -> NDArray[np.float32]:
    """Return the embeddings of texts, (n_texts, dim), reading only those not read before."""
    kept = find_embeddings(db, embedder.identity, texts, embedder.dim)
    missing = sorted({t for t in texts if text_hash(t) not in kept}, key=len)
    for start in range(0, len(missing), CHUNK):
        chunk = missing[start : start + CHUNK]
        vectors = embedder.encode(
            chunk,
            PartOfJob(
                job,
                _("Reading texts"),
                start=start,
                end=start + len(chunk),
                total=len(missing),
            ),
        )
        with transaction(db):
            add_embeddings(db, embedder.identity, chunk, vectors)
        halves = vectors.astype(np.float16)
        kept.update((text_hash(t), v) for t, v in zip(chunk, halves, strict=True))
    if not texts:
        return np.empty((0, embedder.dim), np.float32)
    return np.stack([kept[text_hash(text)] for text in texts]).astype(np.float32)
