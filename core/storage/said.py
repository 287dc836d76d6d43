"""What a model version said of texts, kept so that a search asks it only once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.storage.database import Database, chunks, marks
from core.storage.inputs import text_hash

Halves = NDArray[np.float16]


def find_said(db: Database, version_id: int, texts: Sequence[str]) -> dict[bytes, Halves]:
    """Return the probabilities that are kept of these texts, by text hash."""
    found: dict[bytes, Halves] = {}
    for some in chunks([text_hash(text) for text in texts]):
        rows = db.execute(
            "SELECT text_hash, probabilities FROM said "
            f"WHERE version_id = ? AND text_hash IN ({marks(some)})",
            [version_id, *some],
        )
        found.update((digest, np.frombuffer(said, np.float16)) for digest, said in rows)
    return found


def add_said(
    db: Database, version_id: int, texts: Sequence[str], said: NDArray[np.float32]
) -> None:
    """Keep what a version says of texts, (n_texts, n_concepts), as float16."""
    rows = zip(map(text_hash, texts), said.astype(np.float16), strict=True)
    db.conn.executemany(
        "INSERT OR REPLACE INTO said VALUES (?, ?, ?)",
        ((version_id, digest, row.tobytes()) for digest, row in rows),
    )
