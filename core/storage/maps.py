"""The map of the texts: where each input stands; the last one is kept."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.storage.database import Database, insert, now
from core.storage.filters import InputFilter, filter_from


@dataclass(frozen=True)
class TextMap:
    """Where inputs stand.

    Attributes:
        embedder: the identity of what read the texts. digest: of the texts.
        input_ids: ascending. points: (n_inputs, 2) in [0, 1].
    """

    wanted: InputFilter
    embedder: str
    digest: str
    input_ids: NDArray[np.int64]
    points: NDArray[np.float32]
    created: datetime | None = None


def add_map(db: Database, drawn: TextMap) -> None:
    """Keep a map in the place of the last one."""
    kept = {k: v for k, v in asdict(drawn.wanted).items() if v}
    db.execute("DELETE FROM maps")
    insert(
        db,
        "maps",
        created=now(),
        embedder=drawn.embedder,
        about=json.dumps({"filter": kept, "digest": drawn.digest}),
        input_ids=drawn.input_ids.astype(np.int64).tobytes(),
        points=drawn.points.astype(np.float32).tobytes(),
    )


def find_map(db: Database) -> TextMap | None:
    """Return the map; None if none was drawn."""
    row = db.execute("SELECT created, embedder, about, input_ids, points FROM maps").fetchone()
    if row is None:
        return None
    created, embedder, about, input_ids, points = row
    kept = json.loads(about)
    return TextMap(
        filter_from(kept["filter"]),
        embedder,
        kept["digest"],
        np.frombuffer(input_ids, np.int64),
        np.frombuffer(points, np.float32).reshape(-1, 2),
        datetime.fromisoformat(created),
    )
