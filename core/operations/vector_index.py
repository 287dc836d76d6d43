"""The index of an app in memory: kept warm by whoever searches, and brought up to date."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.app_folder import AppFolder
from core.i18n import _
from core.jobs import Job
from core.storage.database import Database
from core.storage.vectors import find_embedder_key, is_kept, list_new_vectors

if TYPE_CHECKING:
    from core.learning.embedders import Embedder
    from core.learning.vector_index import VectorIndex

AT_ONCE = 50_000  # vectors read from the app between two reports
WARM = 2  # apps whose index stays in memory


@dataclass
class _Warm:
    """An index, and which vector it was given last."""

    index: "VectorIndex"
    embedder: int
    last_key: int = 0
    last_hash: bytes = b""


_warm: dict[tuple[str, str], _Warm] = {}


def warm_index(
    app: AppFolder, db: Database, embedder: "Embedder", job: Job
) -> tuple["VectorIndex", int]:
    """Return the vectors of an app by an embedder, as they are now, and the embedder's key.

    What was added since the last time is read. Vectors of texts that are gone may still be in
    it, without an input to show for; where the newest one is gone, all is read anew, because its
    key may have been given again.
    """
    from core.learning.vector_index import VectorIndex  # torch

    place, key = (str(app.path), embedder.identity), find_embedder_key(db, embedder.identity)
    warm = _warm.pop(place, None)
    is_whole = warm is not None and (
        warm.embedder == key
        and (not warm.last_key or is_kept(db, key, warm.last_key, warm.last_hash))
    )
    if warm is None or not is_whole:
        warm = _Warm(VectorIndex(embedder.dim), key)
    while len(_warm) >= WARM:
        _warm.pop(next(iter(_warm)))
    while new := list_new_vectors(db, key, warm.last_key, AT_ONCE):
        job.report(_("Preparing the search"), len(warm.index))
        warm.index.add(new.keys, new.vectors)
        warm.last_key, warm.last_hash = int(new.keys[-1]), new.last_hash
    _warm[place] = warm  # only now: one that was stopped half way is not kept
    return warm.index, key
