"""What a model suggested for inputs when it was last asked, and which of them a person is to read.

Only what is still open counts: an input that has a label or an answer by now has no suggestion.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.storage.database import Database, chunks, marks, now

_IS_OPEN = "i.n_labels = 0 AND i.status = ''"
_LABEL_IS_READ = """
    (i.status <> '' OR EXISTS (
        SELECT 1 FROM annotations a LEFT JOIN steps s ON s.id = a.step_id
        WHERE a.input_id = i.id AND COALESCE(s.origin, '') <> 'model'))
"""


@dataclass(frozen=True)
class SuggestionRound:
    """One time that a model was asked about many inputs.

    Attributes:
        concepts: the names that its suggestions point to, by their place.
        bounds: what is accepted and what is read, as `core.learning.bounds.Bounds` keeps it.
        created: when, in ISO 8601; "" before it is kept.
    """

    model: str
    number: int
    concepts: tuple[str, ...]
    is_exclusive: bool
    bounds: dict[str, Any] = field(default_factory=dict)
    created: str = ""


@dataclass(frozen=True)
class SuggestionRows:
    """Suggestions side by side, those of an input together, oldest input first.

    Attributes:
        input_ids: (n_rows,). concepts: (n_rows,) their places in the round.
        probabilities: (n_rows,).
    """

    input_ids: NDArray[np.int64]
    concepts: NDArray[np.int64]
    probabilities: NDArray[np.float32]


def add_round(db: Database, asked: SuggestionRound, rows: SuggestionRows) -> None:
    """Keep what a model suggests, in the place of what was suggested before."""
    for table in ("suggestions", "suggestion_reviews", "suggestion_round"):
        db.execute(f"DELETE FROM {table}")
    db.table("suggestion_round").insert(
        {
            "id": 1,
            "model": asked.model,
            "number": asked.number,
            "created": now(),
            "concepts": json.dumps(asked.concepts, ensure_ascii=False),
            "is_exclusive": asked.is_exclusive,
            "bounds": json.dumps(asked.bounds, ensure_ascii=False),
        }
    )
    columns = (rows.input_ids.tolist(), rows.concepts.tolist(), rows.probabilities.tolist())
    db.conn.executemany("INSERT INTO suggestions VALUES (?, ?, ?)", zip(*columns, strict=True))


def find_round(db: Database) -> SuggestionRound | None:
    """Return when which model was last asked; None if it never was."""
    row = db.execute(
        "SELECT model, number, concepts, is_exclusive, bounds, created FROM suggestion_round"
    ).fetchone()
    if row is None:
        return None
    model, number, concepts, is_exclusive, bounds, created = row
    return SuggestionRound(
        model=model,
        number=number,
        concepts=tuple(json.loads(concepts)),
        is_exclusive=bool(is_exclusive),
        bounds=json.loads(bounds),
        created=created,
    )


def update_bounds(db: Database, bounds: dict[str, Any]) -> None:
    """Keep what is accepted and what is read from now on."""
    db.execute("UPDATE suggestion_round SET bounds = ?", [json.dumps(bounds, ensure_ascii=False)])


def list_suggestions(db: Database) -> SuggestionRows:
    """Return the suggestions for inputs that are still open."""
    rows = db.execute(
        f"""
        SELECT s.input_id, s.concept, s.probability
        FROM suggestions s JOIN inputs i ON i.id = s.input_id
        WHERE {_IS_OPEN} ORDER BY s.input_id, s.concept
        """
    ).fetchall()
    keys, concepts, probabilities = zip(*rows, strict=True) if rows else ((), (), ())
    return SuggestionRows(
        np.array(keys, np.int64), np.array(concepts, np.int64), np.array(probabilities, np.float32)
    )


def suggestions_of(
    db: Database, asked: SuggestionRound, input_ids: Sequence[int]
) -> dict[int, list[tuple[str, float]]]:
    """Return by input what was suggested, the most probable first; open or not."""
    found: dict[int, list[tuple[str, float]]] = {}
    for some in chunks(input_ids):
        rows = db.execute(
            f"SELECT input_id, concept, probability FROM suggestions "
            f"WHERE input_id IN ({marks(some)}) ORDER BY probability DESC",
            some,
        )
        for input_id, concept, probability in rows:
            found.setdefault(input_id, []).append((asked.concepts[concept], probability))
    return found


def put_up_for_review(db: Database, input_ids: Iterable[int]) -> None:
    """Let these inputs, and no others, be those that a person is to read."""
    db.execute("DELETE FROM suggestion_reviews")
    db.conn.executemany(
        "INSERT INTO suggestion_reviews VALUES (?)", ((input_id,) for input_id in input_ids)
    )


def list_open_ids(db: Database) -> list[int]:
    """Return the inputs of which nobody said anything yet, be it "unsure"."""
    return [key for (key,) in db.execute(f"SELECT i.id FROM inputs i WHERE {_IS_OPEN}")]


def list_reviews(db: Database, *, only_open: bool = False) -> list[int]:
    """Return the inputs that a person is to read: all that are still there, or the open ones."""
    which = f"WHERE NOT {_LABEL_IS_READ}" if only_open else ""
    rows = db.execute(
        f"SELECT i.id FROM suggestion_reviews r JOIN inputs i ON i.id = r.input_id {which} "
        "ORDER BY 1"
    )
    return [input_id for (input_id,) in rows]


def list_unread_ids(db: Database) -> list[int]:
    """Return the inputs with a label that was accepted from a model and that nobody read."""
    rows = db.execute(
        """
        SELECT DISTINCT a.input_id FROM annotations a
        WHERE a.step_id IN (SELECT id FROM steps WHERE origin = 'model') ORDER BY 1
        """
    )
    return [input_id for (input_id,) in rows]


@dataclass(frozen=True)
class TextRow:
    """What is read of an input to choose by: its text, and whether a person answered.

    Attributes:
        text_id: the key of the text; equal texts have the same.
        is_answered: a person said anything, be it "unsure", of a text that they read.
        has_labels: whether by a person or not.
    """

    input_id: int
    text_id: int
    is_answered: bool
    has_labels: bool


def list_text_rows(db: Database, input_ids: Sequence[int]) -> list[TextRow]:
    """Return how inputs stand, in the order of the keys; others are left out."""
    found: dict[int, TextRow] = {}
    for some in chunks(input_ids):
        rows = db.execute(
            f"""
            SELECT i.id, i.text_id, {_LABEL_IS_READ}, i.n_labels > 0
            FROM inputs i WHERE i.id IN ({marks(some)})
            """,
            some,
        )
        found.update(
            (key, TextRow(key, text_id, bool(is_answered), bool(has_labels)))
            for key, text_id, is_answered, has_labels in rows
        )
    return [found[key] for key in input_ids if key in found]


def load_texts(db: Database, text_ids: Sequence[int]) -> list[str]:
    """Return texts by their keys, in their order."""
    found: dict[int, str] = {}
    for some in chunks(text_ids):
        found.update(
            db.execute(f"SELECT id, text FROM texts WHERE id IN ({marks(some)})", some).fetchall()
        )
    return [found[key] for key in text_ids]


def list_labels(db: Database, input_ids: Sequence[int]) -> list[tuple[int, int, bool]]:
    """Return what was said of inputs: (input, concept, whether it carries it)."""
    found: list[tuple[int, int, bool]] = []
    for some in chunks(input_ids):
        rows = db.execute(
            "SELECT input_id, concept_id, is_positive FROM annotations "
            f"WHERE input_id IN ({marks(some)}) ORDER BY 1, 2",
            some,
        )
        found.extend((key, concept, bool(positive)) for key, concept, positive in rows)
    return found
