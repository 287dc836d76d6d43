"""What people say differently of the texts of a dataset version than when it was frozen."""

from core.storage.database import Database

_RELABELLED = """
    SELECT COUNT(*) FROM version_inputs v WHERE v.version_id = :version
    AND :split IN ('', v.split)
    AND EXISTS (SELECT 1 FROM version_annotations WHERE version_id = :version
                AND input_id = v.input_id)
    AND EXISTS (SELECT 1 FROM inputs WHERE id = v.input_id)
    AND (EXISTS (
        SELECT 1 FROM version_annotations f WHERE f.version_id = :version
        AND f.input_id = v.input_id AND f.is_positive AND NOT EXISTS (
            SELECT 1 FROM annotations a WHERE a.concept_id = f.concept_id
            AND a.input_id = v.input_id AND a.is_positive)
    ) OR EXISTS (
        SELECT 1 FROM annotations a WHERE a.input_id = v.input_id AND a.is_positive
        AND NOT EXISTS (
            SELECT 1 FROM version_annotations f WHERE f.version_id = :version
            AND f.input_id = v.input_id AND f.concept_id = a.concept_id AND f.is_positive)
    ))
"""


def count_relabelled(db: Database, version_id: int, split: str = "") -> int:
    """Return of how many labelled texts of a version the concepts are others by now.

    Texts that have been deleted since do not count, and neither do those that nobody had said
    anything of when the version was frozen: nothing could be checked on them.
    """
    (count,) = db.execute(_RELABELLED, {"version": version_id, "split": split}).fetchone()
    return int(count)
