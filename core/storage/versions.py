"""Frozen versions of datasets: what they hold, and what changed between two of them."""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.records import Dataset, DatasetVersion, ExportRow, FrozenInput
from core.storage.database import Database, insert, marks, now
from core.storage.names import storable
from core.storage.steps import find_last_step_id


class VersionGoneError(UserError):
    """A version that something was made of is not in this app."""

    def __init__(self) -> None:
        super().__init__(
            _("The version of the dataset that this was made of is not in this app."),
            next_step=_("Choose a version that is there, or freeze the dataset anew."),
        )


class VersionMissingError(UserError):
    """The dataset has no version of that number."""

    def __init__(self, dataset: str, number: int) -> None:
        super().__init__(
            _("“{dataset}” has no version {number}.").format(dataset=dataset, number=number),
            next_step=_("Freeze a version, or leave the number out to take the texts as they are."),
        )


_FREEZE = (
    """
    INSERT INTO version_inputs
        (version_id, input_id, text_id, split, target_id, is_unreviewed)
    SELECT :version, i.id, i.text_id, i.split, i.target_id,
        EXISTS (SELECT 1 FROM steps WHERE origin = 'model') AND i.id IN (
            SELECT input_id FROM annotations
            WHERE step_id IN (SELECT id FROM steps WHERE origin = 'model'))
    FROM inputs i JOIN dataset_inputs m ON m.input_id = i.id AND m.dataset_id = :dataset
    """,
    """
    INSERT INTO version_annotations SELECT :version, a.input_id, a.concept_id, a.is_positive
    FROM annotations a JOIN dataset_inputs m ON m.input_id = a.input_id AND m.dataset_id = :dataset
    """,
    """
    WITH RECURSIVE kept (id) AS (
        SELECT concept_id FROM version_annotations WHERE version_id = :version
        UNION SELECT c.broader_id FROM concepts c JOIN kept ON kept.id = c.id
        WHERE c.broader_id IS NOT NULL
    )
    INSERT INTO version_concepts (version_id, concept_id, name, broader_id)
    SELECT :version, id, name, broader_id FROM concepts WHERE id IN kept
    """,
    """
    UPDATE dataset_versions SET
        n_inputs = (SELECT COUNT(*) FROM version_inputs WHERE version_id = :version),
        n_labelled = (SELECT COUNT(DISTINCT input_id) FROM version_annotations
                      WHERE version_id = :version),
        n_concepts = (SELECT COUNT(DISTINCT concept_id) FROM version_annotations
                      WHERE version_id = :version)
    WHERE id = :version
    """,
)


def add_version(db: Database, dataset: Dataset, description: str = "") -> DatasetVersion:
    """Freeze a dataset's texts, annotations and splits as its next version."""
    (number,) = db.execute(
        "SELECT COALESCE(MAX(number), 0) + 1 FROM dataset_versions WHERE dataset_id = ?",
        [dataset.id],
    ).fetchone()
    version_id = insert(
        db,
        "dataset_versions",
        dataset_id=dataset.id,
        number=number,
        created=now(),
        description=storable(description),
        last_step_id=find_last_step_id(db),
        n_inputs=0,
        n_labelled=0,
        n_concepts=0,
    )
    for statement in _FREEZE:
        db.execute(statement, {"version": version_id, "dataset": dataset.id})
    return get_version(db, version_id)


_VERSIONS = """
    SELECT v.id, d.name, v.number, v.created, v.description, v.n_inputs, v.n_labelled, v.n_concepts
    FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id
"""


def list_versions(db: Database, dataset_id: int) -> list[DatasetVersion]:
    """Return the versions of a dataset, newest first."""
    rows = db.execute(f"{_VERSIONS} WHERE d.id = ? ORDER BY v.number DESC", [dataset_id])
    return [_version(row) for row in rows]


def get_version(db: Database, version_id: int) -> DatasetVersion:
    """Return one version by its key.

    Raises:
        VersionGoneError: there is none.
    """
    row = db.execute(f"{_VERSIONS} WHERE v.id = ?", [version_id]).fetchone()
    if row is None:
        raise VersionGoneError
    return _version(row)


def find_version(db: Database, dataset: Dataset, number: int) -> DatasetVersion:
    """Return the version of this number.

    Raises:
        VersionMissingError: there is none.
    """
    for version in list_versions(db, dataset.id):
        if version.number == number:
            return version
    raise VersionMissingError(dataset.name, number)


def find_current_version(db: Database, dataset: Dataset) -> DatasetVersion | None:
    """Return the newest version if the dataset has not changed since it was frozen."""
    row = db.execute(
        "SELECT id, last_step_id, n_inputs FROM dataset_versions WHERE dataset_id = ? "
        "ORDER BY number DESC LIMIT 1",
        [dataset.id],
    ).fetchone()
    if row is None:
        return None
    version_id, last_step_id, n_inputs = row
    if last_step_id == find_last_step_id(db) != 0:
        return get_version(db, version_id)
    if n_inputs != dataset.n_inputs or _has_changed(db, version_id, dataset.id):
        return None
    return get_version(db, version_id)


_INPUT_CHANGED = """
    SELECT 1 FROM dataset_inputs m JOIN inputs i ON i.id = m.input_id
    LEFT JOIN version_inputs v ON v.version_id = :version AND v.input_id = i.id
    WHERE m.dataset_id = :dataset
    AND (v.input_id IS NULL OR v.text_id <> i.text_id OR v.split <> i.split
         OR v.target_id IS NOT i.target_id) LIMIT 1
"""
_LABEL_ADDED = """
    SELECT 1 FROM dataset_inputs m JOIN annotations a ON a.input_id = m.input_id
    LEFT JOIN version_annotations v
        ON v.version_id = :version AND v.input_id = a.input_id AND v.concept_id = a.concept_id
    WHERE m.dataset_id = :dataset
    AND (v.input_id IS NULL OR v.is_positive <> a.is_positive) LIMIT 1
"""
_LABEL_TAKEN = """
    SELECT 1 FROM version_annotations v LEFT JOIN annotations a
        ON a.concept_id = v.concept_id AND a.input_id = v.input_id
    WHERE v.version_id = :version AND a.input_id IS NULL LIMIT 1
"""
_CONCEPT_CHANGED = """
    SELECT 1 FROM version_concepts v LEFT JOIN concepts c ON c.id = v.concept_id
    WHERE v.version_id = :version
    AND (c.id IS NULL OR c.name <> v.name OR c.broader_id IS NOT v.broader_id) LIMIT 1
"""


def _has_changed(db: Database, version_id: int, dataset_id: int) -> bool:
    """Compare row by row, up to the first difference; the number of inputs is the same."""
    both = {"version": version_id, "dataset": dataset_id}
    queries = (_CONCEPT_CHANGED, _INPUT_CHANGED, _LABEL_ADDED, _LABEL_TAKEN)
    return any(db.execute(query, both).fetchone() for query in queries)


def update_version(db: Database, version_id: int, description: str) -> None:
    """Describe a version; what it holds cannot be changed."""
    db.table("dataset_versions").update(version_id, {"description": storable(description).strip()})


def delete_version(db: Database, version_id: int) -> None:
    """Forget a version that nothing was trained or scored on."""
    db.table("dataset_versions").delete(version_id)


def load_version(db: Database, version_id: int) -> list[FrozenInput]:
    """Return the inputs of a version as they were frozen, oldest first."""
    return _load(db, version_id)


def load_version_page(
    db: Database, version_id: int, input_ids: Sequence[int]
) -> dict[int, FrozenInput]:
    """Return these inputs as they were frozen, by key; those that it does not hold are left out."""
    ids = list(input_ids)
    found = _load(db, version_id, f"AND input_id IN ({marks(ids)})", ids)
    return {frozen.input_id: frozen for frozen in found}


def _load(
    db: Database, version_id: int, which: str = "", values: Sequence[int] = ()
) -> list[FrozenInput]:
    labels: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for input_id, name, positive in db.execute(
        f"""
        SELECT input_id, c.name, a.is_positive
        FROM version_annotations a JOIN version_concepts c USING (version_id, concept_id)
        WHERE version_id = ? {which} ORDER BY input_id, a.concept_id
        """,
        [version_id, *values],
    ):
        labels[input_id][not positive].append(name)
    rows = db.execute(
        f"""
        SELECT input_id, t.text, v.split, g.text, v.is_unreviewed
        FROM version_inputs v JOIN texts t ON t.id = v.text_id
        LEFT JOIN texts g ON g.id = v.target_id
        WHERE version_id = ? {which} ORDER BY input_id
        """,
        [version_id, *values],
    )
    return [
        FrozenInput(
            input_id=key,
            text=text,
            split=split,
            positive=tuple(labels[key][0]),
            negative=tuple(labels[key][1]),
            target=target or "",
            is_reviewed=not is_unreviewed,
        )
        for key, text, split, target, is_unreviewed in rows
    ]


def list_version_input_ids(db: Database, version: DatasetVersion) -> Sequence[int]:
    """Return the keys of a version's inputs in order: a range where none is missing between."""
    first, last = db.execute(
        "SELECT MIN(input_id), MAX(input_id) FROM version_inputs WHERE version_id = ?",
        [version.id],
    ).fetchone()
    if first is None or last - first + 1 == version.n_inputs:
        return range(first or 1, (last or 0) + 1)
    rows = db.execute(
        "SELECT input_id FROM version_inputs WHERE version_id = ? ORDER BY 1", [version.id]
    )
    return array("q", (input_id for (input_id,) in rows))


def list_version_concepts(db: Database, version_id: int) -> list[str]:
    """Return the concepts of a version, as they were called then."""
    query = "SELECT name FROM version_concepts WHERE version_id = ? ORDER BY concept_id"
    return [name for (name,) in db.execute(query, [version_id])]


def load_broader(db: Database, version_id: int) -> dict[str, str]:
    """Return by name the concepts of a version that were a kind of another, each with that one."""
    rows = db.execute(
        """
        SELECT c.name, b.name FROM version_concepts c JOIN version_concepts b
            ON b.version_id = c.version_id AND b.concept_id = c.broader_id
        WHERE c.version_id = ?
        """,
        [version_id],
    )
    return dict(rows.fetchall())


def count_versions_with(db: Database, concept_ids: Sequence[int]) -> int:
    """Return how many versions keep one of these concepts, whatever becomes of it."""
    (count,) = db.execute(
        "SELECT COUNT(DISTINCT version_id) FROM version_concepts "
        f"WHERE concept_id IN ({marks(concept_ids)})",
        list(concept_ids),
    ).fetchone()
    return int(count)


def _version(row: tuple[Any, ...]) -> DatasetVersion:
    key, dataset, number, created, *rest = row
    return DatasetVersion(key, dataset, number, datetime.fromisoformat(created), *rest)


def is_version_used(db: Database, version_id: int) -> bool:
    """Tell whether a model learned from a version, or was scored on it."""
    query = """
        SELECT 1 FROM model_versions WHERE dataset_version_id = :id
        UNION SELECT 1 FROM evaluations WHERE dataset_version_id = :id
    """
    return db.execute(query, {"id": version_id}).fetchone() is not None


def iterate_version(db: Database, version_id: int) -> Iterator[ExportRow]:
    """Yield the inputs of a version, oldest first; where an input is gone, what it was besides.

    Texts, targets, labels and splits are the frozen ones. Ids, notes and metadata were not
    frozen and are those of today.
    """
    rows = db.execute(
        """
        SELECT i.external_id, t.text, v.split, i.source, i.note, i.metadata, i.added, (
            SELECT json_group_array(json_array(c.name, a.is_positive))
            FROM version_annotations a JOIN version_concepts c USING (version_id, concept_id)
            WHERE a.version_id = v.version_id AND a.input_id = v.input_id
        ), g.text
        FROM version_inputs v JOIN texts t ON t.id = v.text_id
        LEFT JOIN texts g ON g.id = v.target_id
        LEFT JOIN inputs i ON i.id = v.input_id WHERE v.version_id = ? ORDER BY v.input_id
        """,
        [version_id],
    )
    for external_id, text, split, source, note, metadata, added, labels, target in rows:
        said = json.loads(labels)
        yield ExportRow(
            external_id or "",
            text,
            tuple(name for name, positive in said if positive),
            tuple(name for name, positive in said if not positive),
            split,
            source or "",
            note or "",
            json.loads(metadata) if metadata else {},
            added or "",
            target or "",
        )
