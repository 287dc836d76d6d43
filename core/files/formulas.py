"""Keeps a spreadsheet from running a text as a formula, in a way that import takes back."""

import re

STARTS = frozenset("'=+-@\t\r")
NUMBER = re.compile(r"[-+](?:[0-9]+(?:[.,][0-9]+)*|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?%?")
GUARDED = re.compile(r"'+[=+\-@\t\r]")


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; a number such as -3.5 is none.

    A cell that looks guarded already gets one more, so that `restored` always finds the cell.
    """
    if cell[:1] not in STARTS:  # nearly all; what follows is slower
        return cell
    is_safe = not GUARDED.match(cell) if cell[0] == "'" else NUMBER.fullmatch(cell)
    return cell if is_safe else f"'{cell}"


def restored(cell: str) -> str:
    """Return what `harmless` was given; any other cell loses one apostrophe before `=+-@`."""
    return cell[1:] if cell[:1] == "'" and GUARDED.match(cell) else cell
