"""Names and texts as they are kept."""

from core.errors import UserError
from core.i18n import _


def storable(text: str) -> str:
    """Return a text without what cannot be kept: NUL, and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


def checked(name: str, most: int, error: type[UserError], what: str) -> str:
    """Return a name as it is kept.

    Args:
        name: as it was typed.
        most: the number of characters that it may have.
        error: raised where it is empty or too long.
        what: says so, with the place `{most}`.
    """
    kept = " ".join(storable(name).split())
    if not kept or len(kept) > most:
        raise error(
            what.format(most=most),
            next_step=_("Choose a shorter name.") if kept else _("Type a name."),
        )
    return kept
