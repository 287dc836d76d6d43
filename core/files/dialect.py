"""Guesses how a file of characters is laid out: delimiter, quotation marks, title rows, header."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import StringIO
from itertools import islice, zip_longest

from core.files.export_names import find_export_names
from core.files.records import NO_DELIMITER
from core.files.roles import NUMBER, PORTAL_TEXT, is_known_name, is_rejected

DELIMITERS = ("\t", ",", ";", "|")
SAMPLE_CHARS = 1 << 18
SAMPLE_ROWS = 1000
MAX_TITLE_ROWS = 10
LONG_NAME_CHARS = 60
WRAPPED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
MANY_WRAPPED = 4  # times as many as are not
HALF, MOST, NEARLY_ALL, SURE = 0.5, 0.8, 0.95, 2


@dataclass(frozen=True)
class Dialect:
    """How cells are parted, and how regular the table is then.

    Attributes:
        width: the usual number of cells in a row.
        share: of the rows that have it, in [0, 1].
        is_width_of_first: the first row (below a title) has it too.
    """

    delimiter: str
    has_quotes: bool
    skipped_rows: int
    rows: list[list[str]]
    width: int
    share: float
    is_width_of_first: bool


def find_dialect(sample: str, *, is_list: bool, delimiter: str | None = None) -> Dialect:
    """Return the dialect that makes the most regular table of the beginning of a file.

    Args:
        sample: the first `SAMPLE_CHARS` characters.
        is_list: a `.txt` file, which is more likely a list of texts than a table.
        delimiter: what the analyst chose, if anything.
    """
    if delimiter is not None:
        return _try(sample, delimiter, has_quotes=None if delimiter or not is_list else False)
    tried = [_try(sample, candidate) for candidate in DELIMITERS]
    best = max(tried, key=lambda dialect: _score(dialect, is_list=is_list))
    if _score(best, is_list=is_list):
        return best
    return _try(sample, "", has_quotes=False if is_list else None)


def find_layout(rows: list[list[str]]) -> Dialect:
    """Return where the table is among rows that are parted into cells already."""
    return _judge(rows, "", is_cut=False)


def has_names(rows: Sequence[Sequence[str]]) -> bool:
    """Guess whether the first row names the columns rather than being data.

    A cell that comes again below it, such as a label, speaks against it; then known names decide;
    else a number or a long cell speaks against it, and so does there being one column only.
    """
    if not rows:
        return False
    names = [cell.strip() for cell in rows[0]]
    if find_export_names(names) or PORTAL_TEXT in names or is_rejected(names):
        return True
    below = [{cell.strip() for cell in column} for column in zip_longest(*rows[1:], fillvalue="")]
    if any(name and name in cells for name, cells in zip(names, below, strict=False)):
        return False
    if any(is_known_name(name) for name in names):
        return True
    filled = [name for name in names if name]
    is_data = any(NUMBER.fullmatch(name) or len(name) > LONG_NAME_CHARS for name in filled)
    return bool(below) and len(filled) > 1 and not is_data


def _score(dialect: Dialect, *, is_list: bool) -> float:
    """Return how sure it is that this makes a table, or 0 if it makes none."""
    if dialect.width <= 1 or not dialect.rows:
        return 0
    first = dialect.rows[0]
    if is_rejected(first):  # as we wrote it, though the reasons have delimiters in them, too
        return SURE
    if any(is_known_name(cell.strip()) for cell in first):
        is_sure = len(first) > 1  # else it is one column of texts, which have commas
        return SURE if is_sure and (dialect.share >= HALF or not is_list) else 0
    regularity = dialect.share + dialect.is_width_of_first / 10
    if is_list:
        return regularity if dialect.delimiter != "," and dialect.share >= NEARLY_ALL else 0
    return regularity if dialect.share >= (HALF if dialect.is_width_of_first else MOST) else 0


def _try(sample: str, delimiter: str, *, has_quotes: bool | None = None) -> Dialect:
    is_cut = len(sample) >= SAMPLE_CHARS
    plain = _judge(_parse(sample, delimiter, has_quotes=False), delimiter, is_cut=is_cut)
    if has_quotes is False or _are_quotes_literal(plain):
        return plain
    rows = _parse(sample, delimiter, has_quotes=True)
    return replace(_judge(rows, delimiter, is_cut=is_cut), has_quotes=True)


def _parse(sample: str, delimiter: str, *, has_quotes: bool) -> list[list[str]]:
    parsed = csv.reader(
        StringIO(sample, newline=""),
        delimiter=delimiter or NO_DELIMITER,
        quoting=csv.QUOTE_MINIMAL if has_quotes else csv.QUOTE_NONE,
    )
    rows: list[list[str]] = []
    with suppress(csv.Error):  # as far as it goes
        rows.extend(islice(parsed, SAMPLE_ROWS))
    return rows


def _are_quotes_literal(plain: Dialect) -> bool:
    """Tell quotation marks that are part of the texts from those that wrap cells.

    Read as ordinary characters they leave a perfectly regular table, although some cells open
    with one and do not end with one: were they wrapped, their lines would have been torn apart.
    A few of these among many wrapped cells are slips; each becomes a problem of its row. With
    commas nothing is certain: "Dear you,", torn at its line end, looks like a row of two cells.
    """
    if plain.delimiter == "," or plain.width <= 1 or plain.share < 1:
        return False
    opened = [cell for row in plain.rows for cell in row if cell.startswith('"')]
    n_wrapped = sum(WRAPPED.fullmatch(cell) is not None for cell in opened)
    return n_wrapped < len(opened) and n_wrapped <= MANY_WRAPPED * (len(opened) - n_wrapped)


def _judge(rows: list[list[str]], delimiter: str, *, is_cut: bool) -> Dialect:
    if is_cut and len(rows) > 1:
        del rows[-1]  # the sample ends in the middle of it
    widths = Counter(len(row) for row in rows if row)
    width = max(widths, key=lambda n: (widths[n], n), default=0)
    n_titles = 0
    for row in rows[:MAX_TITLE_ROWS]:
        filled = [cell.strip() for cell in row if cell]
        if len(row) >= width or len(filled) > 1 or any(map(is_known_name, filled)):
            break
        n_titles += 1
    n_titles %= max(1, len(rows))  # all rows are titles: then none is
    below = [row for row in rows[n_titles:] if any(row)]
    return Dialect(
        delimiter=delimiter,
        has_quotes=False,
        skipped_rows=n_titles,
        rows=below,
        width=width,
        share=widths[width] / max(1, widths.total()),
        is_width_of_first=bool(below) and len(below[0]) == width,
    )
