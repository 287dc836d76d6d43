"""The texts of some inputs, each once, with its vector and the inputs that have it."""

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.i18n import _
from core.jobs import Job
from core.storage.database import Database, chunks
from core.storage.filters import InputFilter, selected_ids
from core.storage.topics import Ids
from core.storage.vectors import find_embedder_key, list_hashed_vectors

AT_ONCE = 5_000


class TextsOnce(NamedTuple):
    """Each text once, in the order of its hash, and the inputs that have it."""

    hashes: list[bytes]
    vectors: NDArray[np.float16]
    input_ids: Ids  # ascending
    text_of: NDArray[np.int64]  # the place of each input's text

    @property
    def digest(self) -> str:
        """By which the same texts are known again."""
        return hashlib.blake2b(b"".join(self.hashes), digest_size=16).hexdigest()


def texts_once(db: Database, identity: str, wanted: InputFilter, job: Job) -> TextsOnce:
    """Return each text once, in the order of its hash, and which inputs have it."""
    places: dict[bytes, int] = {}
    vectors: list[bytes] = []
    ids: list[int] = []
    text_of: list[int] = []
    listed = selected_ids(db, wanted)
    key = find_embedder_key(db, identity)
    for done, some in enumerate(chunks(listed, AT_ONCE)):
        job.report(_("Looking at the texts"), done * AT_ONCE, len(listed))
        for input_id, digest, vector in list_hashed_vectors(db, key, some):
            if digest not in places:
                places[digest] = len(places)
                vectors.append(vector)
            ids.append(input_id)
            text_of.append(places[digest])
    hashes = list(places)
    order = np.array(sorted(range(len(hashes)), key=hashes.__getitem__), np.int64)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    rows = np.frombuffer(b"".join(vectors), np.float16).reshape(max(len(hashes), 1), -1)[
        : len(hashes)
    ]
    by_id = np.argsort(ids, kind="stable")
    return TextsOnce(
        [hashes[i] for i in order],
        rows[order],
        np.array(ids, np.int64)[by_id],
        rank[np.array(text_of, np.int64)][by_id],
    )
