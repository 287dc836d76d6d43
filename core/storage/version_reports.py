"""What a version holds, in numbers, and what changed between two versions."""

from dataclasses import dataclass

from core.storage.database import Database


@dataclass(frozen=True)
class VersionCounts:
    """The numbers of a frozen version.

    Attributes:
        splits: inputs by split; "" for those kept for nothing.
        concepts: by name, the inputs that carry it and those that were said not to.
    """

    n_inputs: int
    n_labelled: int
    splits: dict[str, int]
    concepts: dict[str, tuple[int, int]]

    @property
    def n_unlabelled(self) -> int:
        """Return of how many inputs nobody had said anything."""
        return self.n_inputs - self.n_labelled


@dataclass(frozen=True)
class VersionDiff:
    """What changed from one version to another.

    Attributes:
        added, removed, edited, moved: keys of inputs that came, went, have another text or
            target, or another split.
        labelled: labels that came, by concept: how many inputs carry it now and did not before.
        unlabelled: the same the other way round.
        concepts: by name, how many inputs carried it before, and carry it now.
    """

    added: tuple[int, ...]
    removed: tuple[int, ...]
    edited: tuple[int, ...]
    moved: tuple[int, ...]
    labelled: dict[str, int]
    unlabelled: dict[str, int]
    concepts: dict[str, tuple[int, int]]

    @property
    def is_empty(self) -> bool:
        """Tell whether both versions are the same."""
        return not (
            self.added or self.removed or self.edited or self.moved
            or self.labelled or self.unlabelled
        )  # fmt: skip


def count_version(db: Database, version_id: int) -> VersionCounts:
    """Return the numbers of a frozen version."""
    mine = [version_id]
    n_inputs, n_labelled = db.execute(
        "SELECT n_inputs, n_labelled FROM dataset_versions WHERE id = ?", mine
    ).fetchone()
    splits = db.execute(
        "SELECT split, COUNT(*) FROM version_inputs WHERE version_id = ? GROUP BY 1", mine
    )
    concepts = db.execute(
        """
        SELECT name, n_positive, n_all - n_positive FROM version_concepts JOIN (
            SELECT concept_id, SUM(is_positive) AS n_positive, COUNT(*) AS n_all
            FROM version_annotations WHERE version_id = :version GROUP BY 1
        ) USING (concept_id)
        WHERE version_id = :version ORDER BY concept_id
        """,
        {"version": version_id},
    )
    return VersionCounts(
        n_inputs, n_labelled, dict(splits.fetchall()), {name: (n, m) for name, n, m in concepts}
    )


_ONLY = """
    SELECT o.input_id FROM version_inputs o LEFT JOIN version_inputs t
        ON t.version_id = :other AND t.input_id = o.input_id
    WHERE o.version_id = :one AND t.input_id IS NULL ORDER BY 1
"""
_DIFFERS = """
    SELECT o.input_id FROM version_inputs o JOIN version_inputs t
        ON t.version_id = :new AND t.input_id = o.input_id
    WHERE o.version_id = :old AND ({differs}) ORDER BY 1
"""
_EDITED = "o.text_id <> t.text_id OR o.target_id IS NOT t.target_id"
_LABELS_ONLY = """
    SELECT {what} FROM version_annotations o
    JOIN version_concepts c ON c.version_id = o.version_id AND c.concept_id = o.concept_id
    LEFT JOIN version_annotations t ON t.version_id = :other AND t.input_id = o.input_id
        AND t.concept_id = o.concept_id AND t.is_positive
    WHERE o.version_id = :one AND o.is_positive AND t.input_id IS NULL {which}
"""
_BY_CONCEPT = _LABELS_ONLY.format(what="c.name, COUNT(*)", which="GROUP BY 1")
_OF_CONCEPT = _LABELS_ONLY.format(what="o.input_id", which="AND c.name = :concept ORDER BY 1")


def compare_versions(db: Database, old_id: int, new_id: int) -> VersionDiff:
    """Return what changed from one version to another, of the same dataset or not."""
    forth, back = {"one": new_id, "other": old_id}, {"one": old_id, "other": new_id}
    both = {"old": old_id, "new": new_id}

    def keys(query: str, values: dict[str, int]) -> tuple[int, ...]:
        return tuple(key for (key,) in db.execute(query, values))

    before, now = count_version(db, old_id).concepts, count_version(db, new_id).concepts
    return VersionDiff(
        added=keys(_ONLY, forth),
        removed=keys(_ONLY, back),
        edited=keys(_DIFFERS.format(differs=_EDITED), both),
        moved=keys(_DIFFERS.format(differs="o.split <> t.split"), both),
        labelled=dict(db.execute(_BY_CONCEPT, forth).fetchall()),
        unlabelled=dict(db.execute(_BY_CONCEPT, back).fetchall()),
        concepts={
            name: (before.get(name, (0, 0))[0], now.get(name, (0, 0))[0]) for name in before | now
        },
    )


def list_labelled_only(db: Database, one_id: int, other_id: int, concept: str) -> tuple[int, ...]:
    """Return the keys of inputs that carry a concept in one version and not in the other."""
    values = {"one": one_id, "other": other_id, "concept": concept}
    return tuple(key for (key,) in db.execute(_OF_CONCEPT, values))
