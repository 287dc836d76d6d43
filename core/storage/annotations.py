"""Annotations: a person said that an input carries a concept, or that it does not."""

from collections.abc import Iterable

from core.storage.database import Database


def annotate(
    db: Database, input_ids: Iterable[int], concept_id: int, *, positive: bool | None
) -> None:
    """Say of inputs that they carry a concept (True), do not (False), or say nothing (None)."""
    for input_id in input_ids:
        if positive is None:
            db.execute(
                "DELETE FROM annotations WHERE concept_id = ? AND input_id = ?",
                [concept_id, input_id],
            )
        else:
            db.execute(
                """
                INSERT INTO annotations (concept_id, input_id, is_positive) VALUES (?, ?, ?)
                ON CONFLICT (concept_id, input_id) DO UPDATE SET is_positive = excluded.is_positive
                """,
                [concept_id, input_id, positive],
            )
        db.execute(
            """
            UPDATE inputs SET n_concepts =
                (SELECT COUNT(*) FROM annotations WHERE input_id = :id AND is_positive)
            WHERE id = :id
            """,
            {"id": input_id},
        )
