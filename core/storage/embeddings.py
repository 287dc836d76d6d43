"""Embeddings by text and embedder, so that no text is ever embedded twice."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.storage.database import Database, chunks, insert, marks, transaction
from core.storage.inputs import text_hash

HALF_BYTES = 2  # of a number


def find_embeddings(
    db: Database, identity: str, texts: Sequence[str], dim: int
) -> dict[bytes, NDArray[np.float16]]:
    """Return the vectors of `dim` numbers that are kept for these texts, by text hash."""
    found: dict[bytes, NDArray[np.float16]] = {}
    for some in chunks([text_hash(text) for text in texts]):
        rows = db.execute(
            "SELECT v.text_hash, v.vector FROM embeddings v JOIN embedders e "
            "ON e.id = v.embedder_id "
            f"WHERE e.identity = ? AND LENGTH(v.vector) = ? AND v.text_hash IN ({marks(some)})",
            [identity, dim * HALF_BYTES, *some],
        )
        found.update((digest, np.frombuffer(vector, np.float16)) for digest, vector in rows)
    return found


def add_embeddings(
    db: Database, identity: str, texts: Sequence[str], vectors: NDArray[np.float32]
) -> None:
    """Keep vectors, (n_texts, dim) of unit length, as float16."""
    embedder_id = _embedder_id(db, identity)
    db.conn.executemany(
        "INSERT OR REPLACE INTO embeddings (embedder_id, text_hash, vector) VALUES (?, ?, ?)",
        (
            (embedder_id, text_hash(text), vector.tobytes())
            for text, vector in zip(texts, vectors.astype(np.float16), strict=True)
        ),
    )


def bring_embeddings(db: Database, path: Path) -> None:
    """Take over from another database of ours the vectors of texts that this one has."""
    db.execute("ATTACH ? AS other", [str(path)])
    with transaction(db):
        db.execute(
            "INSERT INTO embedders (identity) SELECT identity FROM other.embedders "
            "WHERE identity NOT IN (SELECT identity FROM embedders)"
        )
        db.execute(
            """
            INSERT OR IGNORE INTO embeddings (rowid, embedder_id, text_hash, vector)
            SELECT v.rowid, e.id, v.text_hash, v.vector FROM other.embeddings v
            JOIN other.embedders o ON o.id = v.embedder_id
            JOIN embedders e ON e.identity = o.identity
            WHERE v.text_hash IN (SELECT hash FROM texts)
            """
        )
    db.execute("DETACH other")


def _embedder_id(db: Database, identity: str) -> int:
    row = db.execute("SELECT id FROM embedders WHERE identity = ?", [identity]).fetchone()
    return int(row[0]) if row else insert(db, "embedders", identity=identity)
