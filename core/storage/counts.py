"""What a dataset offers a training: how many texts teach something, by concept and by split.

Of labels for a classifier, of targets for a model that writes.
"""

from dataclasses import dataclass

from core.storage.database import Database

KEPT_APART = ("test", "validation")
MEASURED_TEXTS = 1_000


@dataclass(frozen=True)
class LabelCounts:
    """The labels of a dataset, as it is now or as it was frozen.

    Attributes:
        n_inputs: its texts.
        n_labelled: texts that a person said anything of, positive or negative.
        n_one: labelled texts with exactly one concept. n_several: those with more.
        n_learned: labelled texts that are kept neither for "test" nor for "validation".
        n_checked: labelled texts that the scores are found on: those for "test", or else those
            for "validation"; 0 means that the model is checked by cross-validation.
        concepts: by name, in the order they were made, the texts to learn each from.
        mean_length: characters of a text, of the first thousand; 0 where there are none.
    """

    n_inputs: int
    n_labelled: int
    n_one: int
    n_several: int
    n_learned: int
    n_checked: int
    concepts: dict[str, int]
    mean_length: float


@dataclass(frozen=True)
class TargetCounts:
    """The targets of a dataset, as it is now or as it was frozen.

    Attributes:
        n_inputs: its texts.
        n_targets: texts with a target. n_sections: those that hold `###` sections themselves.
        n_pairs: texts with either, from which a model can learn to write.
        n_learned: of these, those that are kept neither for "test" nor for "validation".
        n_checked: of these, those for "test", or else those for "validation".
        splits: of these, those of each split; "" for those that are kept for nothing.
        mean_length: characters of a target, of the first thousand; 0 where there are none.
    """

    n_inputs: int
    n_targets: int
    n_sections: int
    n_pairs: int
    n_learned: int
    n_checked: int
    splits: dict[str, int]
    mean_length: float


@dataclass(frozen=True)
class _Source:
    """Where the same lists are read from: an open dataset, or a frozen version."""

    texts: str  # text_id, target_id, split
    inputs: str  # input_id, text_id, split, n_concepts: NULL where nobody said anything
    positives: str  # concept_id, split, one row per text that carries it
    concepts: str  # concept_id, name


_NOW = _Source(
    texts="""
        SELECT i.text_id, i.target_id, i.split
        FROM dataset_inputs m JOIN inputs i ON i.id = m.input_id WHERE m.dataset_id = :key
    """,
    inputs="""
        SELECT i.id AS input_id, i.text_id, i.split,
               CASE WHEN i.n_labels THEN i.n_concepts END AS n_concepts
        FROM dataset_inputs m JOIN inputs i ON i.id = m.input_id WHERE m.dataset_id = :key
    """,
    positives="""
        SELECT a.concept_id, i.split FROM annotations a
        JOIN dataset_inputs m ON m.input_id = a.input_id AND m.dataset_id = :key
        JOIN inputs i ON i.id = a.input_id WHERE a.is_positive
    """,
    concepts="SELECT id AS concept_id, name FROM concepts",
)
_FROZEN = _Source(
    texts="SELECT text_id, target_id, split FROM version_inputs WHERE version_id = :key",
    inputs="""
        SELECT i.input_id, i.text_id, i.split, (
            SELECT SUM(a.is_positive) FROM version_annotations a
            WHERE a.version_id = i.version_id AND a.input_id = i.input_id
        ) AS n_concepts
        FROM version_inputs i WHERE i.version_id = :key
    """,
    positives="""
        SELECT a.concept_id, i.split FROM version_annotations a
        JOIN version_inputs i USING (version_id, input_id)
        WHERE a.version_id = :key AND a.is_positive
    """,
    concepts="SELECT concept_id, name FROM version_concepts WHERE version_id = :key",
)


def count_labels(db: Database, dataset_id: int) -> LabelCounts:
    """Count the labels of a dataset as it is now."""
    return _count(db, _NOW, dataset_id)


def count_version_labels(db: Database, version_id: int) -> LabelCounts:
    """Count the labels of a frozen dataset version."""
    return _count(db, _FROZEN, version_id)


def count_targets(db: Database, dataset_id: int) -> TargetCounts:
    """Count the targets of a dataset as it is now; it looks into every text for sections."""
    return _count_targets(db, _NOW, dataset_id)


def count_version_targets(db: Database, version_id: int) -> TargetCounts:
    """Count the targets of a frozen dataset version."""
    return _count_targets(db, _FROZEN, version_id)


def count_positives(db: Database, dataset_id: int, split: str = "") -> dict[str, int]:
    """Return by concept how many texts of a dataset carry it now: all, or those of one split."""
    return _positives(db, _NOW, dataset_id, split)


def count_version_positives(db: Database, version_id: int, split: str = "") -> dict[str, int]:
    """Return the same of a frozen dataset version."""
    return _positives(db, _FROZEN, version_id, split)


def _positives(db: Database, source: _Source, key: int, split: str) -> dict[str, int]:
    rows = db.execute(
        f"""
        SELECT c.name, COUNT(*) FROM ({source.positives}) p
        JOIN ({source.concepts}) c ON c.concept_id = p.concept_id
        WHERE :split IN ('', p.split) GROUP BY 1
        """,
        {"key": key, "split": split},
    )
    return dict(rows.fetchall())


def _count(db: Database, source: _Source, key: int) -> LabelCounts:
    """Count by split and by number of concepts; -1 of them means that nobody said anything."""
    n_texts: dict[tuple[str, int], int] = {
        (split, n_concepts): n
        for split, n_concepts, n in db.execute(
            f"""
            SELECT split, COALESCE(MIN(n_concepts, 2), -1), COUNT(*) FROM ({source.inputs})
            GROUP BY 1, 2
            """,
            {"key": key},
        )
    }
    labelled = {split: 0 for split, _n in n_texts}
    for (split, n_concepts), n in n_texts.items():
        labelled[split] += n if n_concepts >= 0 else 0
    return LabelCounts(
        n_inputs=sum(n_texts.values()),
        n_labelled=sum(labelled.values()),
        n_one=sum(n for (_split, n_concepts), n in n_texts.items() if n_concepts == 1),
        n_several=sum(n for (_split, n_concepts), n in n_texts.items() if n_concepts > 1),
        n_learned=sum(n for split, n in labelled.items() if split not in KEPT_APART),
        n_checked=next((labelled[s] for s in KEPT_APART if labelled.get(s)), 0),
        concepts=_texts_by_concept(db, source, key),
        mean_length=_mean_length(db, source, key),
    )


def _texts_by_concept(db: Database, source: _Source, key: int) -> dict[str, int]:
    rows = db.execute(
        f"""
        SELECT c.name, COALESCE(n, 0) FROM ({source.concepts}) c LEFT JOIN (
            SELECT concept_id, COUNT(*) AS n FROM ({source.positives})
            WHERE split NOT IN ('test', 'validation') GROUP BY 1
        ) counted ON counted.concept_id = c.concept_id ORDER BY c.concept_id
        """,
        {"key": key},
    )
    return dict(rows.fetchall())


def _mean_length(db: Database, source: _Source, key: int) -> float:
    (length,) = db.execute(
        f"""
        SELECT AVG(LENGTH(t.text)) FROM (SELECT text_id FROM ({source.inputs}) LIMIT :most) i
        JOIN texts t ON t.id = i.text_id
        """,
        {"key": key, "most": MEASURED_TEXTS},
    ).fetchone()
    return float(length or 0)


def _count_targets(db: Database, source: _Source, key: int) -> TargetCounts:
    rows = db.execute(
        f"""
        SELECT split, has_target, has_sections, COUNT(*) FROM (
            SELECT i.split, i.target_id IS NOT NULL AS has_target,
                   INSTR(t.text, '###') > 0 AND t.text LIKE '%###%:%' AS has_sections
            FROM ({source.texts}) i JOIN texts t ON t.id = i.text_id
        ) GROUP BY 1, 2, 3
        """,
        {"key": key},
    ).fetchall()
    splits: dict[str, int] = {}
    for split, has_target, has_sections, n in rows:
        if has_target or has_sections:
            splits[split] = splits.get(split, 0) + n
    (length,) = db.execute(
        f"""
        SELECT AVG(LENGTH(t.text)) FROM (
            SELECT target_id FROM ({source.texts}) WHERE target_id IS NOT NULL LIMIT :most
        ) i JOIN texts t ON t.id = i.target_id
        """,
        {"key": key, "most": MEASURED_TEXTS},
    ).fetchone()
    return TargetCounts(
        n_inputs=sum(n for *_which, n in rows),
        n_targets=sum(n for _split, has_target, _has_sections, n in rows if has_target),
        n_sections=sum(n for *_which, has_sections, n in rows if has_sections),
        n_pairs=sum(splits.values()),
        n_learned=sum(n for split, n in splits.items() if split not in KEPT_APART),
        n_checked=next((splits[split] for split in KEPT_APART if split in splits), 0),
        splits=splits,
        mean_length=float(length or 0),
    )
