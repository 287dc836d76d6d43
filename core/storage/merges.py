"""Merged copies of an app, and the texts on which their people disagree."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.storage.database import Database, chunks, insert, marks, now
from core.storage.inputs import text_hash
from core.storage.names import storable


class MergeMissingError(UserError):
    """There is no such merge, or it was taken back."""

    def __init__(self) -> None:
        super().__init__(
            _("This merge is not there any more."),
            next_step=_("Merge the copy again."),
        )


@dataclass(frozen=True)
class Merge:
    """A copy that was merged.

    Attributes:
        source: what it is called.
        summary: how much came, and how far both agree.
        n_disagreements: texts that both labelled otherwise. n_open: those not settled yet.
    """

    id: int
    created: datetime
    source: str
    summary: dict[str, Any]
    n_disagreements: int
    n_open: int


@dataclass(frozen=True)
class Disagreement:
    """A text that two people labelled otherwise; names of concepts."""

    input_id: int
    text: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    is_settled: bool


def add_merge(db: Database, source: str) -> int:
    """Note that a copy is merged; return its key."""
    return insert(db, "merges", created=now(), source=storable(source), summary="{}")


def update_merge(db: Database, merge_id: int, summary: dict[str, Any]) -> None:
    """Keep how much came and how far both agree."""
    kept = json.dumps(summary, ensure_ascii=False)
    db.table("merges").update(merge_id, {"summary": kept})


def add_disagreements(
    db: Database, merge_id: int, said: Iterable[tuple[int, Sequence[int]]]
) -> None:
    """Keep what the other said of texts: pairs of an input's key and keys of concepts."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO merge_disagreements (merge_id, input_id, theirs) VALUES (?, ?, ?)",
        ((merge_id, input_id, json.dumps(list(theirs))) for input_id, theirs in said),
    )


def settle(db: Database, merge_id: int, input_ids: Sequence[int]) -> None:
    """Note that nothing is left to say of texts."""
    db.conn.executemany(
        "UPDATE merge_disagreements SET is_settled = 1 WHERE merge_id = ? AND input_id = ?",
        ((merge_id, input_id) for input_id in input_ids),
    )


_MERGES = """
    SELECT m.id, m.created, m.source, m.summary, COUNT(d.input_id),
           COALESCE(SUM(d.is_settled = 0), 0)
    FROM merges m LEFT JOIN (
        SELECT e.* FROM merge_disagreements e JOIN inputs i ON i.id = e.input_id
    ) d ON d.merge_id = m.id
"""


def list_merges(db: Database) -> list[Merge]:
    """Return what was merged, newest first."""
    return [_merge(row) for row in db.execute(f"{_MERGES} GROUP BY m.id ORDER BY m.id DESC")]


def get_merge(db: Database, merge_id: int) -> Merge:
    """Return one merge by its key.

    Raises:
        MergeMissingError: there is none.
    """
    row = db.execute(f"{_MERGES} WHERE m.id = ? GROUP BY m.id", [merge_id]).fetchone()
    if row is None:
        raise MergeMissingError
    return _merge(row)


def list_disagreements(
    db: Database, merge_id: int, *, only_open: bool = False, after: int = 0, limit: int = -1
) -> list[Disagreement]:
    """Return the texts on which both disagree, by their keys; those that are gone are left out."""
    names = dict(db.execute("SELECT id, name FROM concepts").fetchall())
    rows = db.execute(
        """
        SELECT d.input_id, t.text, d.theirs, d.is_settled, (
            SELECT json_group_array(concept_id) FROM annotations a
            WHERE a.input_id = d.input_id AND a.is_positive
        )
        FROM merge_disagreements d JOIN inputs i ON i.id = d.input_id
        JOIN texts t ON t.id = i.text_id
        WHERE d.merge_id = :merge AND d.input_id > :after AND NOT (:only AND d.is_settled)
        ORDER BY d.input_id LIMIT :limit
        """,
        {"merge": merge_id, "after": after, "only": only_open, "limit": limit},
    )
    return [
        Disagreement(
            input_id,
            text,
            tuple(names[key] for key in sorted(json.loads(mine)) if key in names),
            tuple(names[key] for key in json.loads(theirs) if key in names),
            bool(is_settled),
        )
        for input_id, text, theirs, is_settled, mine in rows
    ]


def find_theirs(db: Database, merge_id: int, input_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return what the other said of texts, keys of concepts that are still there."""
    known = {key for (key,) in db.execute("SELECT id FROM concepts")}
    found: dict[int, list[int]] = {}
    for some in chunks(input_ids):
        for input_id, theirs in db.execute(
            "SELECT input_id, theirs FROM merge_disagreements "
            f"WHERE merge_id = ? AND input_id IN ({marks(some)})",
            [merge_id, *some],
        ):
            found[input_id] = [key for key in json.loads(theirs) if key in known]
    return found


def list_input_ids(db: Database, after: int, limit: int) -> list[int]:
    """Return the next inputs of a copy, by their keys."""
    rows = db.execute("SELECT id FROM inputs WHERE id > ? ORDER BY id LIMIT ?", [after, limit])
    return [key for (key,) in rows]


def find_all_inputs_of_texts(db: Database, texts: Sequence[str]) -> dict[str, list[int]]:
    """Return by text all inputs that have it, oldest first; texts that are new are left out."""
    hashes = {text_hash(text): text for text in texts}
    found: dict[str, list[int]] = {}
    for some in chunks(sorted(hashes), 5_000):
        for digest, input_id in db.execute(
            f"SELECT t.hash, i.id FROM texts t JOIN inputs i ON i.text_id = t.id "
            f"WHERE t.hash IN ({marks(some)}) ORDER BY i.id",
            some,
        ):
            found.setdefault(hashes[digest], []).append(input_id)
    return found


def list_memberships(db: Database, input_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of the datasets that each input is in."""
    found: dict[int, list[str]] = {}
    for some in chunks(input_ids):
        for input_id, name in db.execute(
            "SELECT m.input_id, d.name FROM dataset_inputs m JOIN datasets d ON d.id = m.dataset_id"
            f" WHERE m.input_id IN ({marks(some)}) ORDER BY d.id",
            some,
        ):
            found.setdefault(input_id, []).append(name)
    return found


def _merge(row: tuple[Any, ...]) -> Merge:
    key, created, source, summary, n_disagreements, n_open = row
    return Merge(
        key, datetime.fromisoformat(created), source, json.loads(summary), n_disagreements, n_open
    )
