"""What each column of a file is: the analyst's words for a `Mapping`."""

from collections.abc import Mapping
from enum import StrEnum

from core.files import Preview, with_columns
from core.i18n import N_


class Role(StrEnum):
    """What a column holds; the value is what the screen calls it."""

    TEXT = N_("Text")
    MORE_TEXT = N_("More text")
    TARGET = N_("Answer")
    CONCEPTS = N_("Concepts")
    NOT_CONCEPTS = N_("Not these concepts")
    YES_NO = N_("Concept, 1 or 0")
    SPLIT = N_("Split")
    ID = N_("Id")
    NOTE = N_("Note")
    METADATA = N_("Metadata")
    VALUE = N_("Yes or no")  # of the concept beside it; never chosen by hand
    UNUSED = N_("Not used")


CHOICES = tuple(role for role in Role if role is not Role.VALUE)
SINGLE = (Role.TEXT, Role.TARGET, Role.SPLIT, Role.ID, Role.NOTE)  # one column of the file at most
MEANINGS = {
    Role.TEXT: N_("What is read and learned from"),
    Role.MORE_TEXT: N_("Follows the text, after a blank line"),
    Role.TARGET: N_("What a model shall write for the text"),
    Role.CONCEPTS: N_("Names of what the text is about"),
    Role.NOT_CONCEPTS: N_("Names of what the text is not about"),
    Role.YES_NO: N_("The column is called like a concept and says 1 or 0, yes or no"),
    Role.SPLIT: N_("Train, validation or test"),
    Role.ID: N_("A name for the text, to find it again; each only once"),
    Role.NOTE: N_("What somebody noted about the text"),
    Role.METADATA: N_("Kept beside the text, to filter and export"),
    Role.VALUE: N_("Says whether the concept beside it is meant"),
    Role.UNUSED: N_("Left out"),
}


def roles_of(seen: Preview) -> dict[str, Role]:
    """Return what each column is read as."""
    mapping = seen.mapping
    known = {
        **dict.fromkeys(mapping.metadata, Role.METADATA),
        **dict.fromkeys(mapping.concepts, Role.CONCEPTS),
        **dict.fromkeys(mapping.not_concepts, Role.NOT_CONCEPTS),
        **dict.fromkeys(mapping.indicators, Role.YES_NO),
        **dict.fromkeys((value for value in mapping.values if value), Role.VALUE),
        mapping.id: Role.ID,
        mapping.split: Role.SPLIT,
        mapping.note: Role.NOTE,
        mapping.target: Role.TARGET,
        **dict.fromkeys(mapping.also_text, Role.MORE_TEXT),
        mapping.text: Role.TEXT,
    }
    return {column: known.get(column, Role.UNUSED) for column in seen.columns}


def with_role(roles: Mapping[str, Role], column: str, role: Role) -> dict[str, Role]:
    """Return the roles with another one for a column; what only one can be, the other gives up."""
    freed = {
        other: Role.UNUSED if role in SINGLE and held is role else held
        for other, held in roles.items()
    }
    return {**freed, column: role}


def with_roles(seen: Preview, roles: Mapping[str, Role]) -> Preview:
    """Return the preview read with these roles, of which one is the text.

    Raises:
        UserError: the file cannot be read like that.
    """

    def columns(role: Role) -> list[str]:
        return [column for column, held in roles.items() if held is role]

    return with_columns(
        seen,
        text=columns(Role.TEXT)[0],
        also_text=columns(Role.MORE_TEXT),
        target=next(iter(columns(Role.TARGET)), ""),
        concepts=columns(Role.CONCEPTS),
        not_concepts=columns(Role.NOT_CONCEPTS),
        indicators=columns(Role.YES_NO),
        id=next(iter(columns(Role.ID)), ""),
        split=next(iter(columns(Role.SPLIT)), ""),
        note=next(iter(columns(Role.NOTE)), ""),
        metadata=columns(Role.METADATA),
    )
