"""What people say differently of the texts of a dataset version than when it was frozen."""

from core.storage.database import Database

_RELABELLED = """
    SELECT COUNT(*) FROM (
        SELECT f.input_id FROM version_annotations f LEFT JOIN annotations a
            ON a.concept_id = f.concept_id AND a.input_id = f.input_id AND a.is_positive
        WHERE f.version_id = :version AND f.is_positive AND a.input_id IS NULL
        UNION
        SELECT a.input_id FROM annotations a LEFT JOIN version_annotations f
            ON f.version_id = :version AND f.input_id = a.input_id
            AND f.concept_id = a.concept_id AND f.is_positive
        WHERE a.is_positive AND f.input_id IS NULL
    ) changed
    JOIN version_inputs v ON v.version_id = :version AND v.input_id = changed.input_id
    JOIN inputs i ON i.id = changed.input_id
    WHERE :split IN ('', v.split) AND EXISTS (
        SELECT 1 FROM version_annotations
        WHERE version_id = :version AND input_id = changed.input_id)
"""


def count_relabelled(db: Database, version_id: int, split: str = "") -> int:
    """Return of how many labelled texts of a version the concepts are others by now.

    Texts that have been deleted since do not count, and neither do those that nobody had said
    anything of when the version was frozen: nothing could be checked on them.
    """
    (count,) = db.execute(_RELABELLED, {"version": version_id, "split": split}).fetchone()
    return int(count)
