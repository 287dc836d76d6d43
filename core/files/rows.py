"""What a single row may not hold; each fault is one sentence for the analyst."""

from core.i18n import _

MAX_TEXT_CHARS = 1_000_000  # a fat book; beyond it nothing is learned, and windows stand still


class RowError(Exception):
    """A row cannot be taken; the message is for the analyst."""


def checked_text(cell: str) -> str:
    """Return a text as it is kept.

    Raises:
        RowError: there is none, or it is too long.
    """
    text = checked_target(cell)
    if not text:
        raise RowError(_("There is no text in this row; fill it in or take the row away."))
    return text


def checked_target(cell: str) -> str:
    """Return a target as it is kept; it may be empty.

    Raises:
        RowError: it is too long.
    """
    text = cell.strip()
    if len(text) > MAX_TEXT_CHARS:
        raise RowError(
            _(
                "This text has {n_chars:,} characters, the longest that can be learned from "
                "{max_chars:,}; part it into several rows."
            ).format(n_chars=len(text), max_chars=MAX_TEXT_CHARS)
        )
    return text.replace("\r\n", "\n") if "\r" in text else text


def are_sound(cells: list[str]) -> bool:
    """Tell, faster than cell by cell, that all cells can be stored as text."""
    line = "".join(cells)
    if not line.isascii():
        try:
            line.encode()
        except UnicodeEncodeError:
            return False
    return "\0" not in line


def check_characters(cell: str) -> None:
    """Refuse what cannot be stored as text.

    Raises:
        RowError: there is a NUL in it, or what is no character.
    """
    if "\0" in cell:
        raise RowError(
            _("This row holds a NUL character, a sign of damage; take it out of the file.")
        )
    if cell.isascii():
        return
    try:
        cell.encode()
    except UnicodeEncodeError as error:
        raise RowError(
            _("Some characters of this row cannot be read; choose another encoding, or mend it.")
        ) from error
