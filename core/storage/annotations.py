"""Annotations: a person said that an input carries a concept, or that it does not."""

from collections.abc import Iterable, Sequence

from core.records import LabelEvent, Step
from core.storage.database import Database, chunks, marks
from core.storage.steps import step_of


def annotate(
    db: Database,
    input_ids: Iterable[int],
    concept_id: int,
    *,
    positive: bool | None,
    step_id: int = 0,
) -> None:
    """Say of inputs that they carry a concept (True), do not (False), or say nothing (None).

    What was said before stays as it is, with the step that said it; but what was only accepted
    from a model, unread, is from now on said by who says it again.
    """
    if positive is None:
        db.conn.executemany(
            "DELETE FROM annotations WHERE concept_id = ? AND input_id = ?",
            ((concept_id, input_id) for input_id in input_ids),
        )
        return
    db.conn.executemany(
        """
        INSERT INTO annotations (concept_id, input_id, is_positive, step_id) VALUES (?, ?, ?, ?)
        ON CONFLICT (concept_id, input_id) DO UPDATE SET
            is_positive = excluded.is_positive, step_id = excluded.step_id
        WHERE is_positive <> excluded.is_positive
            OR (SELECT origin FROM steps WHERE id = annotations.step_id) = 'model'
        """,
        ((concept_id, input_id, positive, step_id) for input_id in input_ids),
    )


def delete_annotations(
    db: Database,
    input_ids: Iterable[int],
    *,
    but: Sequence[int] = (),
    only_positive: bool = False,
) -> None:
    """Say nothing any more of inputs, except of some concepts."""
    positive = "AND is_positive" if only_positive else ""
    db.conn.executemany(
        f"DELETE FROM annotations WHERE input_id = ? "
        f"AND concept_id NOT IN ({marks(but)}) {positive}",
        ((input_id, *but) for input_id in input_ids),
    )


def list_unread(db: Database, input_ids: Sequence[int]) -> list[int]:
    """Return those of some inputs with a label accepted from a model that nobody read."""
    found: list[int] = []
    for some in chunks(input_ids):
        rows = db.execute(
            f"""
            SELECT DISTINCT a.input_id FROM annotations a JOIN steps s ON s.id = a.step_id
            WHERE a.input_id IN ({marks(some)}) AND s.origin = 'model' ORDER BY 1
            """,
            some,
        )
        found.extend(key for (key,) in rows)
    return found


def delete_unread(db: Database, input_ids: Iterable[int]) -> None:
    """Take labels away that were accepted from a model and that nobody read."""
    db.conn.executemany(
        """
        DELETE FROM annotations WHERE input_id = ?
        AND (SELECT origin FROM steps WHERE id = annotations.step_id) = 'model'
        """,
        ((input_id,) for input_id in input_ids),
    )


def move_annotations(db: Database, source_id: int, target_id: int, step_id: int) -> None:
    """Say of one concept what was said of another, where nothing was said of it yet.

    Where one says yes and the other no, yes stays: the merged concept is about both.
    """
    both = {"source": source_id, "target": target_id, "step": step_id}
    for table in ("annotations", "bin_annotations"):
        db.execute(
            f"""
            UPDATE {table} SET is_positive = 1, step_id = :step
            WHERE concept_id = :target AND NOT is_positive AND input_id IN (
                SELECT input_id FROM {table} WHERE concept_id = :source AND is_positive)
            """,
            both,
        )
        db.execute(
            f"""
            INSERT INTO {table} (concept_id, input_id, is_positive, step_id)
            SELECT :target, input_id, is_positive, step_id FROM {table}
            WHERE concept_id = :source AND input_id NOT IN (
                SELECT input_id FROM {table} WHERE concept_id = :target)
            """,
            both,
        )
        db.execute(f"DELETE FROM {table} WHERE concept_id = :source", both)


def list_label_events(db: Database, input_id: int) -> list[LabelEvent]:
    """Return who or what said what of an input, and when, newest first."""
    rows = db.execute(
        """
        SELECT COALESCE(c.name, ''), e.is_positive, s.id, s.name, s.origin, s.at FROM (
            SELECT concept_id, is_positive, step_id FROM annotations WHERE input_id = :id
            UNION
            SELECT concept_id, was_positive, was_step_id FROM annotation_history
            WHERE input_id = :id
            UNION
            SELECT concept_id, NULL, step_id FROM annotation_history h WHERE input_id = :id
            AND NOT EXISTS (
                SELECT 1 FROM annotations a WHERE a.input_id = h.input_id
                AND a.concept_id = h.concept_id AND a.step_id = h.step_id)
            AND NOT EXISTS (
                SELECT 1 FROM annotation_history n WHERE n.input_id = h.input_id
                AND n.concept_id = h.concept_id AND n.was_step_id = h.step_id)
        ) e LEFT JOIN steps s ON s.id = e.step_id LEFT JOIN concepts c ON c.id = e.concept_id
        ORDER BY COALESCE(s.id, 0) DESC, c.name
        """,
        {"id": input_id},
    )
    return [
        LabelEvent(concept, None if said is None else bool(said), _step(step))
        for concept, said, *step in rows
    ]


def _step(row: Sequence[object]) -> Step | None:
    return step_of(tuple(row)) if row[0] is not None else None
