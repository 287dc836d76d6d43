"""Inputs: texts as they came in. A page is fetched by ids, so any row of a million is near."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from core.records import Input
from core.storage.database import Database, now


@dataclass(frozen=True)
class InputFilter:
    """Which inputs of an app to list; what is left empty does not narrow."""

    dataset_id: int = 0
    containing: str = ""
    concept_id: int = 0
    split: str = ""
    unlabelled: bool = False


class NewInput(NamedTuple):
    """An input on its way in; concepts by id, each positive or not. A file can have millions."""

    text: str
    source: str
    external_id: str = ""
    split: str = ""
    metadata: dict[str, str] | None = None
    concepts: tuple[tuple[int, bool], ...] = ()


def text_hash(text: str) -> bytes:
    """Return the 16 bytes that a text is known by."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def add_inputs(
    db: Database, new: Sequence[NewInput], dataset_id: int, import_id: int | None = None
) -> list[int]:
    """Add inputs with their annotations to the app and a dataset; return their ids, in order."""
    text_ids = add_texts(db, [item.text for item in new])
    (last,) = db.execute(
        "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'inputs'), 0)"
    ).fetchone()
    ids = range(last + 1, last + 1 + len(new))
    added = now()
    db.conn.executemany(
        """
        INSERT INTO inputs
            (id, text_id, external_id, source, split, metadata, n_concepts, added, import_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            (
                input_id,
                text_id,
                item.external_id or None,
                item.source,
                item.split,
                json.dumps(item.metadata, ensure_ascii=False) if item.metadata else "{}",
                sum(positive for _concept, positive in item.concepts),
                added,
                import_id,
            )
            for input_id, text_id, item in zip(ids, text_ids, new, strict=True)
        ),
    )
    db.conn.executemany(
        "INSERT INTO annotations (concept_id, input_id, is_positive) VALUES (?, ?, ?)",
        (
            (concept_id, input_id, positive)
            for input_id, item in zip(ids, new, strict=True)
            for concept_id, positive in item.concepts
        ),
    )
    db.execute(
        "INSERT INTO dataset_inputs (dataset_id, input_id) SELECT ?, id FROM inputs WHERE id > ?",
        [dataset_id, last],
    )
    return list(ids)


def add_texts(db: Database, texts: Sequence[str]) -> list[int]:
    """Keep texts that are not kept yet; return the id of each, in order."""
    hashes = [text_hash(text) for text in texts]
    ids: dict[bytes, int] = {}
    for some in chunks(sorted(hashes), 5_000):
        ids.update(db.execute(f"SELECT hash, id FROM texts WHERE hash IN ({marks(some)})", some))
    (last,) = db.execute("SELECT COALESCE(MAX(id), 0) FROM texts").fetchone()
    new = {h: text for h, text in zip(hashes, texts, strict=True) if h not in ids}
    ids.update(zip(sorted(new), count(last + 1)))  # an index likes to grow in its own order
    db.conn.executemany(
        "INSERT INTO texts (id, hash, text) VALUES (?, ?, ?)",
        ((ids[digest], digest, new[digest]) for digest in sorted(new)),
    )
    return [ids[digest] for digest in hashes]


def find_external_ids(db: Database, external_ids: Sequence[str]) -> set[str]:
    """Return those of the given ids that the app already has."""
    found: set[str] = set()
    for some in chunks(external_ids):
        found.update(
            external_id
            for (external_id,) in db.execute(
                f"SELECT external_id FROM inputs WHERE external_id IN ({marks(some)})", some
            )
        )
    return found


def list_input_ids(db: Database, wanted: InputFilter) -> Sequence[int]:
    """Return the ids of all inputs that match, oldest first.

    Where nothing narrows and nothing was deleted this is a `range`, so that a list of a
    million opens as quickly as a list of ten.
    """
    if wanted in (InputFilter(), InputFilter(dataset_id=wanted.dataset_id)):
        first, last, n = _span(db, wanted.dataset_id)
        if n == 0 or last - first + 1 == n:
            return range(first, last + 1)
    where, values = _where(wanted)
    rows = db.execute(f"SELECT i.id FROM {where} ORDER BY i.id", values)
    return [input_id for (input_id,) in rows]


def _span(db: Database, dataset_id: int) -> tuple[int, int, int]:
    """Return the first id, the last, and how many there are; (0, -1, 0) for none."""
    table, key = ("dataset_inputs", "input_id") if dataset_id else ("inputs", "id")
    where = "WHERE dataset_id = :dataset" if dataset_id else ""
    first, last, n = db.execute(  # three selects: each of them is answered by an index alone
        f"""
        SELECT (SELECT MIN({key}) FROM {table} {where}),
               (SELECT MAX({key}) FROM {table} {where}),
               (SELECT COUNT(*) FROM {table} {where})
        """,
        {"dataset": dataset_id},
    ).fetchone()
    return (first, last, n) if n else (0, -1, 0)


def count_inputs(db: Database, wanted: InputFilter = InputFilter()) -> int:  # frozen
    """Return how many inputs match."""
    where, values = _where(wanted)
    return int(db.execute(f"SELECT COUNT(*) FROM {where}", values).fetchone()[0])


def get_inputs(db: Database, ids: Sequence[int]) -> list[Input]:
    """Return these inputs with their annotations, in the order of the ids; others are left out."""
    labels: dict[int, tuple[list[int], list[int]]] = {i: ([], []) for i in ids}
    found: dict[int, Input] = {}
    for some in chunks(ids):
        for input_id, concept_id, positive in db.execute(
            f"""
            SELECT input_id, concept_id, is_positive FROM annotations
            WHERE input_id IN ({marks(some)}) ORDER BY concept_id
            """,
            some,
        ):
            labels[input_id][not positive].append(concept_id)
        for row in db.execute(
            f"""
            SELECT i.id, t.text, i.source, i.split, i.external_id, i.metadata
            FROM inputs i JOIN texts t ON t.id = i.text_id WHERE i.id IN ({marks(some)})
            """,
            some,
        ):
            input_id, text, source, split, external_id, metadata = row
            positive, negative = map(tuple, labels[input_id])
            found[input_id] = Input(
                id=input_id,
                text=text,
                source=source,
                split=split,
                external_id=external_id or "",
                metadata=json.loads(metadata),
                positive=positive,
                negative=negative,
            )
    return [found[i] for i in ids if i in found]


def update_text(db: Database, input_id: int, text: str) -> None:
    """Put another text in an input's place; frozen versions keep the old one."""
    (text_id,) = add_texts(db, [text])
    db.table("inputs").update(input_id, {"text_id": text_id})


def delete_inputs(db: Database, ids: Sequence[int]) -> None:
    """Delete inputs with their annotations, and texts that no frozen version needs."""
    for some in chunks(ids):
        texts = [
            text_id
            for (text_id,) in db.execute(
                f"SELECT text_id FROM inputs WHERE id IN ({marks(some)})", some
            )
        ]
        db.execute(f"DELETE FROM inputs WHERE id IN ({marks(some)})", some)
        db.execute(
            f"""
            DELETE FROM texts WHERE id IN ({marks(texts)})
            AND NOT EXISTS (SELECT 1 FROM inputs WHERE text_id = texts.id)
            AND NOT EXISTS (SELECT 1 FROM version_inputs WHERE text_id = texts.id)
            """,
            texts,
        )


def _where(wanted: InputFilter) -> tuple[str, list[Any]]:
    """Return what comes after FROM, and its values; what narrows is joined: far faster than IN."""
    tables, conditions = ["inputs i"], ["TRUE"]
    values: list[Any] = []
    if wanted.dataset_id:
        tables.append("JOIN dataset_inputs m ON m.dataset_id = ? AND m.input_id = i.id")
        values.append(wanted.dataset_id)
    if wanted.concept_id:
        tables.append("JOIN annotations a ON a.concept_id = ? AND a.input_id = i.id")
        conditions.append("a.is_positive")
        values.append(wanted.concept_id)
    if wanted.containing:
        tables.append("JOIN texts t ON t.id = i.text_id AND t.text LIKE ? ESCAPE '\\'")
        escaped = wanted.containing.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        values.append(f"%{escaped}%")
    if wanted.split:
        conditions.append("i.split = ?")
        values.append("" if wanted.split == "none" else wanted.split)
    if wanted.unlabelled:
        conditions.append("i.n_concepts = 0")
    return f"{' '.join(tables)} WHERE {' AND '.join(conditions)}", values


def chunks(items: Sequence[Any], size: int = 500) -> Iterator[list[Any]]:
    """Cut into lists short enough for one statement."""
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def marks(items: Sequence[Any]) -> str:
    """Return one question mark per item, for `IN (...)`."""
    return ", ".join("?" * len(items))
