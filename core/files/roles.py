"""Guesses which column is what: by the names people give, then by what is in the cells."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.files.sources import SPLITS
from core.files.tables import Mapping


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TEXT_NAMES = _set(
    "text texts input input.data.text.raw input_text raw_text content body message messages sms "
    "sentence sentences utterance utterances tweet tweets review reviews review_text comment "
    "comments comment_text question query headline description document post feedback answer "
    "response abstract texte texto testo nachricht nachrichten kommentar kommentare beschreibung "
    "satz frage antwort anfrage bewertung commentaire message_text comentario mensaje"
)
LABEL_NAMES = _set(
    "label labels concept concepts category categories class classes intent intents tag tags "
    "topic topics sentiment target polarity emotion genre rating stars kategorie kategorien "
    "klasse klassen thema themen absicht stimmung étiquette etiquette catégorie categorie classe "
    "sujet sentiment categoría categoria etiqueta clase tema"
)
HEADER_NAMES = _set(
    "text texts input sentence message utterance tweet review comment label labels concept "
    "concepts category class intent sentiment target kategorie nachricht bewertung inputid "
    "metadata texte texto"
)
MANY_KNOWN_SPLITS = 0.9  # share of the cells that say train, test or validation
MANY_DISTINCT_IDS = 0.5  # share of a column called "id"; with fewer it names something else
ID_NAMES = _set("id input.id inputid uid uuid guid key nr no number")
METADATA_NAMES = _set(
    "metadata input.metadata input.data.metadata geopoints input.data.geo.geo_point.latitude "
    "input.data.geo.geo_point.longitude"
)
SDK_NAMES = frozenset(("input", "concepts", "inputid", "metadata", "geopoints"))
PORTAL_CONCEPT = re.compile(
    r"input\.data\.concepts\[([^\]]*)\]\.(id|name|value)(?: \(\d+\))?", re.I
)
SEPARATORS = ("|", ";", ",")

MAX_LABEL_WORDS = 6
MAX_NUMERIC_LABELS = 10
INTEGER = re.compile(r"[-+]?\d+")
NUMBER = re.compile(r"[-+]?[\d.,]*\d(?:[eE][-+]?\d+)?%?")


@dataclass(frozen=True)
class Column:
    """What is in one column, of the rows looked at."""

    name: str
    cells: tuple[str, ...]  # filled ones only
    filled_share: float
    n_distinct: int
    mean_chars: float

    @property
    def distinct_share(self) -> float:
        """Return how varied the cells are: 1 if no cell comes twice."""
        return self.n_distinct / max(1, len(self.cells))


def is_known_name(name: str) -> bool:
    """Tell whether a cell can only be the name of a column."""
    plain = name.lower()
    return plain in HEADER_NAMES or plain.startswith("input.") or bool(PORTAL_CONCEPT.match(plain))


def with_roles(mapping: Mapping, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping:
    """Return the mapping with its columns guessed from their names and from some rows."""
    seen = [_column(name, [row[i].strip() for row in rows]) for i, name in enumerate(columns)]
    text = _find_text(seen)
    others = [column for column in seen if column is not text]
    concepts, values = portal_pairs(columns)
    split = _find_split(others)
    taken = {*concepts, *values, split}
    identity = _find_id([column for column in others if column.name not in taken])
    if not concepts:
        label = _find_label([c for c in others if c.name not in (split, identity)])
        concepts = (label,) if label else ()
    return replace(
        mapping,
        text=text.name,
        concepts=concepts,
        values=values if any(values) else (),
        separator=_separator(seen, concepts, columns),
        id=identity,
        split=split,
        metadata=tuple(name for name in columns if name.lower() in METADATA_NAMES),
    )


def portal_pairs(columns: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the portal's columns of concepts, and beside each its column of 1 and 0, or "".

    A value belongs to the first concept with the same index that has none yet, so
    `[0].id,[0].value`, `[*].id,[*].value,[*].id,[*].value` and `[*].id,[*].id,[*].value` all work.
    """
    pairs: list[tuple[str, str, str]] = []  # index, concept, value
    for column in columns:
        match = PORTAL_CONCEPT.fullmatch(column)
        if not match:
            continue
        index, part = match.group(1), match.group(2).lower()
        if part != "value":
            pairs.append((index, column, ""))
            continue
        for i, (other, concept, value) in enumerate(pairs):
            if other == index and not value:
                pairs[i] = (index, concept, column)
                break
    return tuple(pair[1] for pair in pairs), tuple(pair[2] for pair in pairs)


def find_separator(cells: Iterable[str]) -> str:
    """Return what parts several concepts in one cell, or "" if each cell is one concept.

    A bar is hardly ever part of a name. With a semicolon or a comma the parts must come again in
    other combinations, or "food, drinks" would be two concepts.
    """
    distinct = {cell.strip() for cell in cells}
    for separator in SEPARATORS:
        split = [
            [part.strip() for part in cell.split(separator) if part.strip()] for cell in distinct
        ]
        several = [parts for parts in split if len(parts) > 1]
        counts = Counter(part for parts in split for part in set(parts))
        n_parts = sum(map(len, several))
        n_again = sum(counts[part] > 1 for parts in several for part in parts)
        if several and (separator == "|" or n_again * 2 > n_parts):
            return separator
    return ""


def _column(name: str, cells: list[str]) -> Column:
    filled = tuple(cell for cell in cells if cell)
    return Column(
        name,
        filled,
        len(filled) / max(1, len(cells)),
        len(set(filled)),
        sum(map(len, filled)) / max(1, len(filled)),
    )


def _find_text(columns: Sequence[Column]) -> Column:
    """Return the column named like a text; else the one whose cells are long and varied."""
    named = [column for column in columns if column.name.lower() in TEXT_NAMES]
    return max(named or columns, key=_textiness)


def _textiness(column: Column) -> tuple[bool, float]:
    is_no_number = not all(NUMBER.fullmatch(cell) for cell in column.cells)
    return is_no_number, column.mean_chars * column.distinct_share * column.filled_share


def _find_label(columns: Sequence[Column]) -> str:
    """Return the column named like a label; else the one with the fewest values, at least two."""
    for names in (_exact, _words):
        for column in columns:
            if names(column) & LABEL_NAMES and _may_be_label(column):
                return column.name
    few = [
        column
        for column in columns
        if _may_be_label(column)
        and 1 < column.n_distinct < len(column.cells)
        and column.n_distinct <= max(2, len(column.cells) / 3)
    ]
    return min(few, key=lambda column: column.n_distinct).name if few else ""


def _exact(column: Column) -> set[str]:
    return {column.name.lower()}


def _words(column: Column) -> set[str]:
    return set(re.split(r"[\W_]+", column.name.lower()))


def _may_be_label(column: Column) -> bool:
    n_words = sum(len(cell.split()) for cell in column.cells)
    if not column.cells or n_words > MAX_LABEL_WORDS * len(column.cells):
        return False
    if all(NUMBER.fullmatch(cell) for cell in column.cells):
        is_whole = all(INTEGER.fullmatch(cell) for cell in column.cells)
        return is_whole and column.n_distinct <= MAX_NUMERIC_LABELS
    return not any(cell.startswith(("{", "[")) for cell in column.cells[:10])


def _find_split(columns: Sequence[Column]) -> str:
    """Return the column of splits; a few stray words in it do not hide what it is."""
    for column in columns:
        known = [cell.lower() for cell in column.cells if cell.lower() in SPLITS]
        is_split = bool(known) and len(known) >= MANY_KNOWN_SPLITS * len(column.cells)
        if is_split and (len(set(known)) > 1 or column.name.lower() == "split"):
            return column.name
    return ""


def _find_id(columns: Sequence[Column]) -> str:
    """Return the column of ids; one that says so may repeat some, which the import then reports."""
    for column in columns:
        is_called_id = column.name.lower() in ID_NAMES
        needed = MANY_DISTINCT_IDS if is_called_id else 1
        is_named = is_called_id or "id" in _words(column)
        if is_named and column.filled_share == 1 and column.distinct_share >= needed:
            return column.name
    return ""


def _separator(seen: Sequence[Column], concepts: Sequence[str], columns: Sequence[str]) -> str:
    if {"input", "concepts"} <= set(columns) <= SDK_NAMES:
        return ","
    if any(PORTAL_CONCEPT.fullmatch(column) for column in concepts):
        return ""
    return find_separator(
        cell for column in seen if column.name in concepts for cell in column.cells
    )
