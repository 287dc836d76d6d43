"""Concepts: what a text can be about."""

from collections.abc import Iterable

from core.errors import UserError
from core.i18n import _
from core.records import Concept
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


def list_concepts(db: Database) -> list[Concept]:
    """Return all concepts in the order they were made, with their counts of annotations."""
    rows = db.execute(
        """
        SELECT c.id, c.name, c.definition, c.colour,
               COALESCE(a.n_positive, 0), COALESCE(a.n_negative, 0)
        FROM concepts c LEFT JOIN (
            SELECT concept_id, SUM(is_positive) AS n_positive, SUM(1 - is_positive) AS n_negative
            FROM annotations GROUP BY concept_id
        ) a ON a.concept_id = c.id
        ORDER BY c.id
        """
    )
    return [Concept(*row) for row in rows]


def get_concept(db: Database, name: str) -> Concept:
    """Return the concept of this name.

    Raises:
        ConceptMissingError: there is none.
    """
    concepts = list_concepts(db)
    for concept in concepts:
        if concept.name == name:
            return concept
    raise ConceptMissingError(name, [concept.name for concept in concepts])


def checked_name(name: str) -> str:
    """Return the name as it is kept.

    Raises:
        ConceptNameError: it is empty or too long.
    """
    what = _("A concept's name has 1 to {most} characters.")
    return checked(name, MAX_NAME_LENGTH, ConceptNameError, what)


def add_concepts(
    db: Database, names: Iterable[str], import_id: int | None = None
) -> dict[str, int]:
    """Make the concepts that are not there yet; return the id of every one by its given name."""
    ids = dict(db.execute("SELECT name, id FROM concepts").fetchall())
    (colour,) = db.execute("SELECT COALESCE(MAX(colour) + 1, 0) FROM concepts").fetchone()
    found = {}
    for name in names:
        kept = checked_name(name)
        if kept not in ids:
            ids[kept] = insert(db, "concepts", name=kept, colour=colour, import_id=import_id)
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


def delete_concept(db: Database, concept_id: int) -> None:
    """Delete a concept with its annotations; the texts stay."""
    db.execute(
        """
        UPDATE inputs SET n_concepts = n_concepts - 1
        WHERE id IN (SELECT input_id FROM annotations WHERE concept_id = ? AND is_positive)
        """,
        [concept_id],
    )
    db.table("concepts").delete(concept_id)
