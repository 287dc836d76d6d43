"""The index of an app: the vectors of its texts by one embedder, and which are still missing."""

import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.storage.database import Database

Keys = NDArray[np.int64]
LARGE = 200_000  # inputs from which on not every step makes the index be compared with the texts


class NewVectors(NamedTuple):
    """Vectors that were added: their ascending keys, and (n_texts, dim) of unit length."""

    keys: Keys
    vectors: NDArray[np.float16]
    last_hash: bytes


def find_embedder_key(db: Database, identity: str) -> int:
    """Return the key of an embedder; 0 if no text was read with it yet."""
    row = db.execute("SELECT id FROM embedders WHERE identity = ?", [identity]).fetchone()
    return int(row[0]) if row else 0


def list_new_vectors(db: Database, embedder: int, after: int, most: int) -> NewVectors | None:
    """Return vectors with keys after this one, in the order in which they came; None for none."""
    rows = db.execute(
        "SELECT rowid, text_hash, vector FROM embeddings WHERE rowid > ? AND +embedder_id = ? "
        "ORDER BY rowid LIMIT ?",
        [after, embedder, most],
    ).fetchall()
    if not rows:
        return None
    keys = np.fromiter((key for key, _hash, _vector in rows), np.int64, len(rows))
    vectors = np.frombuffer(b"".join(vector for _key, _hash, vector in rows), np.float16)
    return NewVectors(keys, vectors.reshape(len(rows), -1), rows[-1][1])


def is_kept(db: Database, embedder: int, key: int, text_hash: bytes) -> bool:
    """Tell whether a vector is still the one of that text."""
    query = "SELECT 1 FROM embeddings WHERE rowid = ? AND embedder_id = ? AND text_hash = ?"
    return db.execute(query, [key, embedder, text_hash]).fetchone() is not None


def get_vectors(db: Database, keys: Sequence[int]) -> tuple[Keys, NDArray[np.float16]]:
    """Return the vectors of these keys that are still there, (n_keys, dim), with their keys.

    Where none is there, nothing tells their length, and `dim` is 0.
    """
    rows = db.execute(
        "SELECT rowid, vector FROM embeddings WHERE rowid IN (SELECT value FROM json_each(?))",
        [json.dumps(list(keys))],
    ).fetchall()
    vectors = np.frombuffer(b"".join(vector for _key, vector in rows), np.float16)
    keys_there = np.array([key for key, _v in rows], np.int64)
    return keys_there, vectors.reshape(max(len(rows), 1), -1)[: len(rows)]


def list_inputs_of_vectors(db: Database, keys: Sequence[int]) -> list[tuple[int, int]]:
    """Return pairs of a vector's key and an input that has its text."""
    return db.execute(
        "SELECT v.rowid, i.id FROM embeddings v CROSS JOIN texts t ON t.hash = v.text_hash "
        "CROSS JOIN inputs i ON i.text_id = t.id "
        "WHERE v.rowid IN (SELECT value FROM json_each(?)) ORDER BY i.id",
        [json.dumps(list(keys))],
    ).fetchall()


def list_vectors_of_inputs(
    db: Database, embedder: int, input_ids: Sequence[int]
) -> list[tuple[int, int]]:
    """Return pairs of an input and the key of its text's vector, by ascending input."""
    return db.execute(
        "SELECT i.id, v.rowid FROM inputs i CROSS JOIN texts t ON t.id = i.text_id "
        "CROSS JOIN embeddings v ON v.embedder_id = ? AND v.text_hash = t.hash "
        "WHERE i.id IN (SELECT value FROM json_each(?)) ORDER BY i.id",
        [embedder, json.dumps(list(input_ids))],
    ).fetchall()


def list_hashed_vectors(
    db: Database, embedder: int, input_ids: Sequence[int]
) -> list[tuple[int, bytes, bytes]]:
    """Return inputs with their text's hash and its vector in float16, those that were read."""
    return db.execute(
        "SELECT i.id, t.hash, v.vector FROM inputs i CROSS JOIN texts t ON t.id = i.text_id "
        "CROSS JOIN embeddings v ON v.embedder_id = ? AND v.text_hash = t.hash "
        "WHERE i.id IN (SELECT value FROM json_each(?)) ORDER BY i.id",
        [embedder, json.dumps(list(input_ids))],
    ).fetchall()


def count_about(db: Database) -> int:
    """Return how many inputs there are at most: deleted ones among them may still count."""
    query = "SELECT (SELECT MAX(id) FROM inputs) - (SELECT MIN(id) FROM inputs) + 1"
    return int(db.execute(query).fetchone()[0] or 0)


def count_unread(db: Database, embedder: int) -> int:
    """Return how many texts of inputs the index lacks."""
    return int(db.execute(f"SELECT COUNT(*) FROM ({_UNREAD})", [embedder]).fetchone()[0])


def list_unread(db: Database, embedder: int) -> list[int]:
    """Return the keys of the texts of inputs that the index lacks."""
    return [key for (key,) in db.execute(_UNREAD, [embedder])]


def get_texts(db: Database, text_ids: Sequence[int]) -> list[str]:
    """Return texts by their keys; those that are gone are left out."""
    rows = db.execute(
        "SELECT text FROM texts WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(text_ids))],
    )
    return [text for (text,) in rows]


def get_texts_of_inputs(db: Database, input_ids: Sequence[int]) -> dict[int, str]:
    """Return the texts of inputs, by input; those that are gone are left out."""
    rows = db.execute(
        "SELECT i.id, t.text FROM inputs i CROSS JOIN texts t ON t.id = i.text_id "
        "WHERE i.id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(input_ids))],
    )
    return dict(rows.fetchall())


def list_positive_pairs(db: Database) -> tuple[Keys, Keys]:
    """Return all labels: the inputs, and the concepts that they carry."""
    pairs = np.array(
        db.execute("SELECT input_id, concept_id FROM annotations WHERE is_positive").fetchall(),
        np.int64,
    ).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def standing_of_texts(db: Database) -> tuple[int, ...]:
    """Return numbers that change whenever the texts of the inputs may have become others.

    In a large app a text that was edited into one that was there before changes them only when
    something is added: otherwise every label would have a million texts be looked through.
    """
    last, n, *rest = db.execute(
        "SELECT (SELECT COALESCE(MAX(id), 0) FROM inputs), "
        "COALESCE((SELECT MAX(id) FROM inputs) - (SELECT MIN(id) FROM inputs) + 1, 0), "
        "(SELECT COALESCE(MAX(id), 0) FROM texts), "
        "(SELECT COALESCE(MAX(rowid), 0) FROM embeddings)"
    ).fetchone()
    if n > LARGE:
        return last, *rest
    steps = db.execute(
        "SELECT COALESCE(MAX(id), 0), COALESCE(SUM(state = 'undone'), 0) FROM steps"
    ).fetchone()
    return last, *rest, *steps


_UNREAD = (
    "SELECT t.id FROM texts t WHERE EXISTS (SELECT 1 FROM inputs i WHERE i.text_id = t.id) "
    "AND NOT EXISTS (SELECT 1 FROM embeddings v WHERE v.embedder_id = ? AND v.text_hash = t.hash)"
)
