"""What each column of a file is: the analyst's words for a `Mapping`."""

from collections.abc import Mapping
from enum import StrEnum

from core.files import Preview, with_columns
from core.i18n import N_


class Role(StrEnum):
    """What a column holds; the value is what the screen calls it."""

    TEXT = N_("Text")
    CONCEPTS = N_("Concepts")
    SPLIT = N_("Split")
    ID = N_("Id")
    NOTE = N_("Note")
    VALUE = N_("Yes or no")  # of the concept beside it; never chosen by hand
    UNUSED = N_("Not used")


CHOICES = (Role.TEXT, Role.CONCEPTS, Role.SPLIT, Role.ID, Role.NOTE, Role.UNUSED)
SINGLE = (Role.TEXT, Role.SPLIT, Role.ID)  # one column of the file at most


def roles_of(seen: Preview) -> dict[str, Role]:
    """Return what each column is read as."""
    mapping = seen.mapping
    known = {
        **dict.fromkeys(mapping.metadata, Role.NOTE),
        **dict.fromkeys(mapping.concepts, Role.CONCEPTS),
        **dict.fromkeys((value for value in mapping.values if value), Role.VALUE),
        mapping.id: Role.ID,
        mapping.split: Role.SPLIT,
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
        concepts=columns(Role.CONCEPTS),
        id=next(iter(columns(Role.ID)), ""),
        split=next(iter(columns(Role.SPLIT)), ""),
        metadata=columns(Role.NOTE),
    )
