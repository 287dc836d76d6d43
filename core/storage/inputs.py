"""Inputs: texts as they came in. A page is fetched by ids, so any row of a million is near."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import NamedTuple

from core.records import Input, Status
from core.storage.database import Database, chunks, marks, now
from core.storage.search import forget_text, index_texts
from core.storage.undo_log import TARGET_EDITED, TEXT_EDITED

_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: a file can have millions of rows


class NewInput(NamedTuple):
    """An input on its way in; concepts by id, each positive or not. A file can have millions."""

    text: str
    source: str
    external_id: str = ""
    split: str = ""
    metadata: dict[str, str] | None = None
    concepts: tuple[tuple[int, bool], ...] = ()
    note: str = ""
    target: str = ""


def text_hash(text: str) -> bytes:
    """Return the 16 bytes that a text is known by."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def add_inputs(
    db: Database,
    new: Sequence[NewInput],
    dataset_id: int,
    step_id: int = 0,
    import_id: int | None = None,
) -> list[int]:
    """Add inputs with their annotations to the app and a dataset; return their ids, in order.

    What an import adds is not searchable yet: it calls `index_all_texts` once, which is far faster.
    """
    with counted_at_once(db, new, dataset_id):
        ids = _add_rows(db, new, import_id)
        db.conn.executemany(
            "INSERT INTO annotations (concept_id, input_id, is_positive, step_id) "
            "VALUES (?, ?, ?, ?)",
            (
                (concept_id, input_id, positive, step_id)
                for input_id, item in zip(ids, new, strict=True)
                for concept_id, positive in item.concepts
            ),
        )
        db.execute(
            "INSERT INTO dataset_inputs (dataset_id, input_id) "
            "SELECT ?, id FROM inputs WHERE id >= ?",
            [dataset_id, ids.start],
        )
    if import_id is None:
        index_texts(db)
    return list(ids)


def _add_rows(db: Database, new: Sequence[NewInput], import_id: int | None) -> range:
    text_ids = add_texts(db, [item.text for item in new])
    target_ids = _add_targets(db, [item.target for item in new])
    (last,) = db.execute(
        "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'inputs'), 0)"
    ).fetchone()
    ids = range(last + 1, last + 1 + len(new))
    added = now()
    db.conn.executemany(
        """
        INSERT INTO inputs (id, text_id, target_id, external_id, source, split, metadata, note,
                            n_chars, n_concepts, n_labels, added, import_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            (
                input_id,
                text_id,
                target_id,
                item.external_id or None,
                item.source,
                item.split,
                _json(item.metadata) if item.metadata else "{}",
                item.note,
                len(item.text),
                sum(positive for _concept, positive in item.concepts),
                len(item.concepts),
                added,
                import_id,
            )
            for input_id, text_id, target_id, item in zip(
                ids, text_ids, target_ids, new, strict=True
            )
        ),
    )
    return ids


@contextmanager
def counted_at_once(db: Database, new: Sequence[NewInput], dataset_id: int) -> Iterator[None]:
    """Count new inputs all at once; the triggers that would count each of them stand aside."""
    triggers = db.execute(
        "SELECT name, sql FROM main.sqlite_master "
        "WHERE type = 'trigger' AND tbl_name IN ('annotations', 'dataset_inputs')"
    ).fetchall()
    for name, _sql in triggers:
        db.execute(f"DROP TRIGGER main.{name}")
    yield
    for _name, sql in triggers:
        db.execute(sql)
    counts = Counter(said for item in new for said in item.concepts)
    db.conn.executemany(
        "UPDATE concepts SET n_positive = n_positive + ?, n_negative = n_negative + ? WHERE id = ?",
        ((n * said, n * (not said), concept_id) for (concept_id, said), n in counts.items()),
    )
    db.execute(
        "UPDATE datasets SET n_inputs = n_inputs + ?, n_labelled = n_labelled + ? WHERE id = ?",
        [len(new), sum(bool(item.concepts) for item in new), dataset_id],
    )


def add_texts(db: Database, texts: Sequence[str]) -> list[int]:
    """Keep texts that are not kept yet; return the id of each, in order."""
    hashes = [text_hash(text) for text in texts]
    ids: dict[bytes, int] = {}
    for some in chunks(sorted(hashes), 5_000):
        ids.update(db.execute(f"SELECT hash, id FROM texts WHERE hash IN ({marks(some)})", some))
    last = count_texts(db)
    new = {h: text for h, text in zip(hashes, texts, strict=True) if h not in ids}
    ids.update(zip(sorted(new), count(last + 1)))  # an index likes to grow in its own order
    db.conn.executemany(
        "INSERT INTO texts (id, hash, text) VALUES (?, ?, ?)",
        ((ids[digest], digest, new[digest]) for digest in sorted(new)),
    )
    return [ids[digest] for digest in hashes]


def _add_targets(db: Database, targets: Sequence[str]) -> list[int | None]:
    """Keep targets; return the id of each, in order, None where there is none."""
    filled = [target for target in targets if target]
    ids = dict(zip(filled, add_texts(db, filled), strict=True)) if filled else {}
    return [ids.get(target) for target in targets]


def count_texts(db: Database) -> int:
    """Return how many texts were ever kept."""
    (last,) = db.execute("SELECT COALESCE(MAX(id), 0) FROM texts").fetchone()
    return int(last)


def find_external_ids(db: Database, external_ids: Sequence[str]) -> dict[str, int]:
    """Return by external id the inputs that the app already has of the given ones."""
    found: dict[str, int] = {}
    for some in chunks(external_ids, 5_000):
        found.update(
            db.execute(
                f"SELECT external_id, id FROM inputs WHERE external_id IN ({marks(some)})", some
            ).fetchall()
        )
    return found


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
            SELECT i.id, t.text, i.source, i.split, i.external_id, i.metadata, i.status, i.note,
                   i.added, g.text
            FROM inputs i JOIN texts t ON t.id = i.text_id
            LEFT JOIN texts g ON g.id = i.target_id WHERE i.id IN ({marks(some)})
            """,
            some,
        ):
            input_id, text, source, split, external_id, metadata, status, note, *rest = row
            added, target = rest
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
                status=Status(status),
                note=note,
                added=added,
                target=target or "",
            )
    return [found[i] for i in ids if i in found]


def update_text(db: Database, input_id: int, text: str) -> None:
    """Put another text in an input's place; frozen versions keep the old one."""
    (text_id,) = add_texts(db, [text])
    index_texts(db)
    db.execute("UPDATE inputs SET text_id = ? WHERE id = ?", [text_id, input_id])


def update_targets(db: Database, targets: Sequence[tuple[int, str]]) -> None:
    """Give inputs, by id, other targets; "" takes one away. Frozen versions keep the old ones.

    They are not searchable yet; see `index_texts`.
    """
    target_ids = _add_targets(db, [target for _input_id, target in targets])
    db.conn.executemany(
        "UPDATE inputs SET target_id = :target WHERE id = :id AND target_id IS NOT :target",
        (
            {"target": target_id, "id": input_id}
            for target_id, (input_id, _target) in zip(target_ids, targets, strict=True)
        ),
    )


def update_status(db: Database, ids: Iterable[int], status: Status) -> None:
    """Say that inputs were skipped, that somebody is unsure of them, or neither."""
    db.conn.executemany(
        "UPDATE inputs SET status = :status WHERE id = :id AND status <> :status",
        ({"status": status, "id": input_id} for input_id in ids),
    )


def update_note(db: Database, input_id: int, note: str) -> None:
    """Put another note in an input's place; "" takes it away."""
    db.execute(
        "UPDATE inputs SET note = :note WHERE id = :id AND note <> :note",
        {"note": note, "id": input_id},
    )


def update_splits(db: Database, splits: Iterable[tuple[int, str]]) -> None:
    """Say what inputs are kept for: pairs of an input's id and its split."""
    db.conn.executemany(
        "UPDATE inputs SET split = :split WHERE id = :id AND split <> :split",
        ({"id": input_id, "split": split} for input_id, split in splits),
    )


def update_metadata(db: Database, ids: Iterable[int], name: str, value: str | None) -> None:
    """Set one value of the metadata of inputs; None takes it away."""
    patch = json.dumps({name: value}, ensure_ascii=False)
    db.conn.executemany(
        "UPDATE inputs SET metadata = json_patch(metadata, ?) WHERE id = ?",
        ((patch, input_id) for input_id in ids),
    )


def list_twins(db: Database, ids: Sequence[int]) -> list[int]:
    """Return the inputs that have the very same texts, these included."""
    found: set[int] = set()
    for some in chunks(ids):
        found.update(
            twin
            for (twin,) in db.execute(
                f"""
                SELECT id FROM inputs WHERE text_id IN
                    (SELECT text_id FROM inputs WHERE id IN ({marks(some)}))
                """,
                some,
            )
        )
    return sorted(found)


def find_last_input(db: Database) -> int:
    """Return the key of the newest input; 0 where there is none."""
    return int(db.execute("SELECT COALESCE(MAX(id), 0) FROM inputs").fetchone()[0])


def find_inputs_of_texts(db: Database, texts: Sequence[str]) -> dict[str, int]:
    """Return by text the oldest input that has it; texts that are new are left out."""
    hashes = {text_hash(text): text for text in texts}
    found: dict[str, int] = {}
    for some in chunks(sorted(hashes), 5_000):
        rows = db.execute(
            f"""
            SELECT t.hash, MIN(i.id) FROM texts t JOIN inputs i ON i.text_id = t.id
            WHERE t.hash IN ({marks(some)}) GROUP BY t.id
            """,
            some,
        )
        found.update((hashes[digest], input_id) for digest, input_id in rows)
    return found


def delete_unused_texts(db: Database, most: int) -> int:
    """Delete texts that no input, version, undo and nothing in the bin has; return how many.

    Texts that are not searchable yet wait: an index must not forget what it does not know.
    """
    rows = db.execute(
        """
        SELECT id, hash, text FROM texts
        WHERE id <= (SELECT MAX(id) FROM texts_fts_docsize)
        AND NOT EXISTS (SELECT 1 FROM inputs WHERE text_id = texts.id)
        AND NOT EXISTS (SELECT 1 FROM bin_inputs WHERE text_id = texts.id)
        AND NOT EXISTS (SELECT 1 FROM version_inputs WHERE text_id = texts.id)
        AND NOT EXISTS (SELECT 1 FROM inputs WHERE target_id = texts.id)
        AND NOT EXISTS (SELECT 1 FROM bin_inputs WHERE target_id = texts.id)
        AND NOT EXISTS (SELECT 1 FROM version_inputs WHERE target_id = texts.id)
        AND id NOT IN (
            SELECT cells ->> 0 FROM undo_log
            WHERE (statement LIKE :edited || '%' OR statement LIKE :target_edited || '%')
            AND cells ->> 0 IS NOT NULL -- there was no target before
        ) LIMIT :most
        """,
        {"edited": TEXT_EDITED, "target_edited": TARGET_EDITED, "most": most},
    ).fetchall()
    for text_id, digest, text in rows:
        forget_text(db, text_id, text)
        db.execute("DELETE FROM texts WHERE id = ?", [text_id])
        db.execute(
            "DELETE FROM embeddings WHERE embedder_id IN (SELECT id FROM embedders) "
            "AND text_hash = ?",
            [digest],
        )
    return len(rows)


def find_most_labels(db: Database) -> int:
    """Return the most labels that an input has, or had in a version."""
    (most,) = db.execute(
        """
        SELECT MAX(
            (SELECT COALESCE(MAX(n_labels), 0) FROM inputs),
            (SELECT COALESCE(MAX(n), 0) FROM (
                SELECT COUNT(*) AS n FROM version_annotations GROUP BY version_id, input_id)))
        """
    ).fetchone()
    return int(most)


def find_most_chars(db: Database) -> int:
    """Return the length of the longest text."""
    (most,) = db.execute("SELECT COALESCE(MAX(LENGTH(text)), 0) FROM texts").fetchone()
    return int(most)
