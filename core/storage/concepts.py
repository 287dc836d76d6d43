"""Concepts: what a text can be about."""

import json
from collections.abc import Iterable
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.records import Concept
from core.storage.annotations import move_annotations
from core.storage.database import Database, insert
from core.storage.names import checked, storable

MAX_NAME_LENGTH = 200


class ConceptNameError(UserError):
    """The name is empty, too long, or taken."""


class ConceptMissingError(UserError):
    """The app has no concept of that name."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            _("This app has no concept “{name}”.").format(name=name),
            next_step=_("Choose one of: {names}.").format(names=", ".join(known[:20]))
            if known
            else _("Add concepts first, by importing labelled texts or by hand."),
        )


class ConceptRelationError(UserError):
    """Two concepts cannot stand to each other like that."""


_CONCEPTS = """
    SELECT id, name, definition, colour, n_positive, n_negative, shortcut, examples, broader_id
    FROM concepts
"""


def list_concepts(db: Database) -> list[Concept]:
    """Return all concepts in the order they were made, with their counts of annotations."""
    return [_concept(row) for row in db.execute(f"{_CONCEPTS} ORDER BY id")]


def get_concept(db: Database, name: str) -> Concept:
    """Return the concept of this name.

    Raises:
        ConceptMissingError: there is none.
    """
    row = db.execute(f"{_CONCEPTS} WHERE name = ?", [name]).fetchone()
    if row is None:
        raise ConceptMissingError(name, [concept.name for concept in list_concepts(db)])
    return _concept(row)


def _concept(row: tuple[Any, ...]) -> Concept:
    key, name, definition, colour, n_positive, n_negative, shortcut, examples, broader_id = row
    return Concept(
        key,
        name,
        definition,
        colour,
        n_positive=n_positive,
        n_negative=n_negative,
        shortcut=shortcut,
        examples=tuple(json.loads(examples)),
        broader_id=broader_id or 0,
    )


def checked_name(name: str) -> str:
    """Return the name as it is kept.

    Raises:
        ConceptNameError: it is empty or too long.
    """
    what = _("A concept's name has 1 to {most} characters.")
    return checked(name, MAX_NAME_LENGTH, ConceptNameError, what)


def add_concepts(db: Database, names: Iterable[str]) -> dict[str, int]:
    """Make the concepts that are not there yet; return the id of every one by its given name."""
    ids = dict(db.execute("SELECT name, id FROM concepts").fetchall())
    (colour,) = db.execute("SELECT COALESCE(MAX(colour) + 1, 0) FROM concepts").fetchone()
    found = {}
    for name in names:
        kept = checked_name(name)
        if kept not in ids:
            ids[kept] = insert(db, "concepts", name=kept, colour=colour)
            colour += 1
        found[name] = ids[kept]
    return found


def update_concept(
    db: Database, concept_id: int, *, name: str, definition: str, colour: int
) -> None:
    """Rename, define or recolour a concept.

    Raises:
        ConceptNameError: another concept has that name, or it is no name.
    """
    kept = checked_name(name)
    taken = db.execute(
        "SELECT 1 FROM concepts WHERE name = ? AND id <> ?", [kept, concept_id]
    ).fetchone()
    if taken:
        raise ConceptNameError(
            _("There is a concept “{name}” already.").format(name=kept),
            next_step=_("Choose another name."),
        )
    db.table("concepts").update(
        concept_id, {"name": kept, "definition": storable(definition).strip(), "colour": colour}
    )


def update_codebook(db: Database, concept_id: int, examples: Iterable[str]) -> None:
    """Keep texts that show what a concept means."""
    kept = [storable(example).strip() for example in examples]
    db.table("concepts").update(
        concept_id, {"examples": json.dumps([e for e in kept if e], ensure_ascii=False)}
    )


def update_shortcut(db: Database, concept_id: int, shortcut: str) -> None:
    """Keep the keys that choose a concept; whether they are free is asked elsewhere."""
    db.table("concepts").update(concept_id, {"shortcut": shortcut})


def update_broader(db: Database, concept_id: int, broader_id: int) -> None:
    """Say of which concept this one is a kind; 0 for none.

    Raises:
        ConceptRelationError: it would become a kind of itself.
    """
    above = {concept.id: concept.broader_id for concept in list_concepts(db)}
    place = broader_id
    while place:
        if place == concept_id:
            raise ConceptRelationError(
                _("A concept cannot be a kind of itself."),
                next_step=_("Choose a concept that is not below it."),
            )
        place = above.get(place, 0)
    db.table("concepts").update(concept_id, {"broader_id": broader_id or None})


def add_synonym(db: Database, concept_id: int, other_id: int) -> None:
    """Say that two concepts mean the same; it holds both ways."""
    one, other = sorted((concept_id, other_id))
    if one == other:
        raise ConceptRelationError(
            _("A concept cannot be its own synonym."), next_step=_("Choose another concept.")
        )
    db.execute("INSERT OR IGNORE INTO concept_synonyms VALUES (?, ?)", [one, other])


def delete_synonym(db: Database, concept_id: int, other_id: int) -> None:
    """Say that two concepts do not mean the same."""
    db.execute(
        "DELETE FROM concept_synonyms WHERE concept_id = ? AND other_id = ?",
        sorted((concept_id, other_id)),
    )


def list_synonyms(db: Database) -> dict[int, list[int]]:
    """Return the synonyms of every concept that has some, by key."""
    found: dict[int, list[int]] = {}
    for one, other in db.execute("SELECT concept_id, other_id FROM concept_synonyms"):
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found


def delete_concept(db: Database, concept_id: int) -> None:
    """Delete a concept with its annotations and relations; the texts stay.

    What was a kind of it becomes a kind of what it was itself a kind of.
    """
    mine = {"id": concept_id}
    db.execute(
        "UPDATE concepts SET broader_id = (SELECT broader_id FROM concepts WHERE id = :id) "
        "WHERE broader_id = :id",
        mine,
    )
    db.execute("DELETE FROM concept_synonyms WHERE :id IN (concept_id, other_id)", mine)
    db.execute("DELETE FROM annotations WHERE concept_id = :id", mine)
    db.execute("DELETE FROM concepts WHERE id = :id", mine)


def merge_concepts(db: Database, source_id: int, target_id: int, step_id: int) -> None:
    """Make one concept of two: the target keeps its name and takes what the source has."""
    move_annotations(db, source_id, target_id, step_id)
    both = {"source": source_id, "target": target_id}
    db.execute(  # a target below the source takes its place: no concept is a kind of itself
        """
        WITH RECURSIVE above (id) AS (
            SELECT broader_id FROM concepts WHERE id = :target
            UNION SELECT c.broader_id FROM concepts c JOIN above ON above.id = c.id
        )
        UPDATE concepts SET broader_id = (SELECT broader_id FROM concepts WHERE id = :source)
        WHERE id = :target AND :source IN above
        """,
        both,
    )
    db.execute(
        "UPDATE concepts SET broader_id = :target WHERE broader_id = :source AND id <> :target",
        both,
    )
    for other_id in list_synonyms(db).get(source_id, ()):
        if other_id != target_id:
            add_synonym(db, target_id, other_id)
    delete_concept(db, source_id)
