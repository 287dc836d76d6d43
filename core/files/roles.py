"""Guesses which column is what: by the names people give, then by what is in the cells."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.files.export_names import ExportNames, find_export_names
from core.files.labels import NO, YES
from core.files.sources import SPLITS
from core.files.tables import Mapping
from core.files.targets import Pair, find_pair
from core.i18n import _


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TEXT_NAMES = _set(
    "text texts input input.data.text.raw input_text raw_text content body message messages sms "
    "sentence sentences utterance utterances tweet tweets review reviews review_text comment "
    "comments comment_text question query headline description document post feedback answer "
    "response abstract message_text verbatim verbatims texte texten freitext eingabe nachricht "
    "nachrichten kommentar kommentare beschreibung satz sätze frage antwort anfrage bewertung "
    "bewertungen bemerkung bemerkungen inhalt beitrag rückmeldung rückmeldungen rezension aussage "
    "kundenkommentar beschwerde textes phrase phrases commentaire commentaires contenu avis "
    "réponse reponse question réclamation texto textos frase frases comentario comentarios "
    "mensaje mensajes contenido reseña reseñas opinión opinion opiniones respuesta pregunta "
    "descripción descripcion testo"
)
LABEL_NAMES = _set(
    "label labels concept concepts category categories class classes intent intents tag tags "
    "topic topics sentiment target polarity emotion genre rating stars kategorie kategorien "
    "begriff begriffe konzept konzepte klasse klassen thema themen absicht stimmung etikett "
    "schlagwort schlagworte étiquette étiquettes etiquette catégorie catégories categorie classe "
    "sujet sujets concepto conceptos thème thèmes theme themes categoría categorías categoria "
    "categorias etiqueta etiquetas clase clases tema temas intención sentimiento"
)
HEADER_NAMES = _set(
    "text texts input sentence message utterance tweet review comment label labels concept "
    "concepts category class intent sentiment target inputid metadata kategorie kategorien "
    "begriff begriffe konzept konzepte nachricht kommentar kommentare bewertung freitext klasse "
    "thema texte textes commentaire commentaires catégorie catégories étiquette étiquettes texto "
    "comentario comentarios mensaje categoría categorías categoria etiqueta etiquetas "
    "prompt completion instruction"
)
MANY_KNOWN_SPLITS = 0.9  # share of the cells that say train, test or validation
MANY_DISTINCT_IDS = 0.5  # share of a column called "id"; with fewer it names something else
PORTAL_ID = "input.id"
PORTAL_TEXT = "input.data.text.raw"
ID_NAMES = _set(
    "id input.id inputid uid uuid guid key nr no number nummer kennung numéro numero identifiant "
    "identificador"
)
HUGE_CHARS = 1_000  # on average; such cells are other texts, not facts about one
MANY_INDICATORS = 2
N_TOLD = 2  # columns that tell which rows were rejected, and why
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


def with_roles(
    mapping: Mapping,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    separator: str = "",
) -> Mapping:
    """Return the mapping with its columns guessed from their names and from some rows.

    Args:
        mapping: how the file is read.
        columns: their names.
        rows: some, each with one cell per column.
        separator: of several concepts in one cell, if the file itself tells it.
    """
    ours = find_export_names(columns[N_TOLD:] if is_rejected(columns) else columns)
    if ours:
        ours = ours._replace(separator=separator or ours.separator)
        return _with_our_roles(mapping, columns, ours)
    seen = _columns(columns, rows)
    concepts, values = portal_pairs(columns)
    pair = None if concepts else _find_target(seen)
    text = next(c for c in seen if c.name == pair.text) if pair else _find_text(seen)
    used = {*pair} if pair else {text.name}
    others = [column for column in seen if column.name not in used]
    split = _find_split(others)
    taken = {*concepts, *values, split}
    identity = _find_id([column for column in others if column.name not in taken])
    free = [c for c in others if c.name not in (*taken, identity)]
    indicators = () if concepts else _find_indicators(free)
    if not concepts and not indicators:
        label = _find_label(free, is_called_so=pair is not None)
        concepts = (label,) if label else ()
    mapping = replace(
        mapping,
        text=text.name,
        also_text=(pair.more_text,) if pair and pair.more_text else (),
        as_sections=bool(pair and pair.more_text),
        target=pair.target if pair else "",
        concepts=concepts,
        values=values if any(values) else (),
        separator=separator or _separator(seen, concepts, columns),
        indicators=indicators,
        yes_value=_find_yes(seen, concepts) if mapping.has_header and not any(values) else "",
        id=identity,
        split=split,
    )
    return replace(mapping, metadata=_find_metadata(mapping, free))


def find_text_beside(target: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the column of the text where another one is said to be the target."""
    others = [column for column in _columns(columns, rows) if column.name != target]
    return _find_text(others).name if others else ""


def _find_target(columns: Sequence[Column]) -> Pair | None:
    has_label = any(_exact(c) & LABEL_NAMES and _may_be_label(c) for c in columns)
    return find_pair(columns, TEXT_NAMES, has_label=has_label, is_number=_are_numbers)


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


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Return the columns without those that tell why rows were rejected."""
    n_told = N_TOLD if is_rejected(names) else 0
    return [
        _column(name, [row[i].strip() for row in rows])
        for i, name in enumerate(names)
        if i >= n_told
    ]


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
    named = named or [c for c in columns if c.name.lower().rpartition(".")[2] in TEXT_NAMES]
    return max(named or columns, key=_textiness)


def _textiness(column: Column) -> tuple[bool, float]:
    return not _are_numbers(
        column.cells
    ), column.mean_chars * column.distinct_share * column.filled_share


def _are_numbers(cells: Iterable[str]) -> bool:
    return all(NUMBER.fullmatch(cell) for cell in cells)


def _find_label(columns: Sequence[Column], *, is_called_so: bool = False) -> str:
    """Return the column named like a label; else the one with the fewest values, at least two.

    Beside a target only a column that `is_called_so` is one.
    """
    for names in (_exact,) if is_called_so else (_exact, _words):
        for column in columns:
            if names(column) & LABEL_NAMES and _may_be_label(column):
                return column.name
    if is_called_so:
        return ""
    few = [
        column
        for column in columns
        if _may_be_label(column)
        and 1 < column.n_distinct < len(column.cells)
        and column.n_distinct <= max(2, len(column.cells) / 3)
    ]
    return min(few, key=lambda column: column.n_distinct).name if few else ""


def _find_indicators(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the columns that are called like a concept and say yes or no, if there are several.

    A column that is called "label" and holds names makes them mere facts about the text.
    """
    found = [c for c in columns if _says_yes_or_no(c)]
    has_label = any(_exact(c) & LABEL_NAMES and c not in found and c.cells for c in columns)
    return tuple(c.name for c in found) if len(found) >= MANY_INDICATORS and not has_label else ()


def _says_yes_or_no(column: Column) -> bool:
    words = {cell.lower() for cell in column.cells}
    return bool(words & YES) and words <= YES | NO and not column.name.isdecimal()


def _find_yes(columns: Sequence[Column], concepts: Sequence[str]) -> str:
    """Return the cell that says yes in a column called like a concept: "spam" with 1 and 0."""
    column = next((c for c in columns if [c.name] == [*concepts]), None)
    if not column or _words(column) & LABEL_NAMES or column.n_distinct != len(("yes", "no")):
        return ""
    yes = [cell for cell in {*column.cells} if cell.lower() in YES]
    return yes[0] if len(yes) == 1 and _says_yes_or_no(column) else ""


def _with_our_roles(mapping: Mapping, columns: Sequence[str], ours: ExportNames) -> Mapping:
    """Return the mapping of a file that we wrote, of which nothing has to be guessed."""
    return replace(
        mapping,
        text="text",
        target="target" if "target" in columns else "",
        concepts=(ours.concepts,),
        not_concepts=(ours.not_concepts,),
        separator=ours.separator,
        id="id" if "id" in columns else "",
        split="split" if "split" in columns else "",
        note="note" if "note" in columns else "",
        metadata=ours.metadata,
    )


def _find_metadata(mapping: Mapping, columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the columns that are nothing else, but for empty ones and other long texts."""
    used = {*mapping.concepts, *mapping.values, *mapping.indicators}
    return tuple(
        column.name
        for column in columns
        if column.name not in used
        and not (mapping.as_sections and column.name.lower() in TEXT_NAMES)  # all of it again
        and (column.name.lower() in METADATA_NAMES or 0 < column.mean_chars <= HUGE_CHARS)
    )


def is_rejected(columns: Sequence[str]) -> bool:
    """Tell a file of rejected rows, which has their number and the reason before their cells."""
    return tuple(columns[:2]) == (_("row"), _("reason")) and len(columns) > len(("row", "reason"))


def _exact(column: Column) -> set[str]:
    return {column.name.lower()}


def _words(column: Column) -> set[str]:
    return set(re.split(r"[\W_]+", column.name.lower()))


def _may_be_label(column: Column) -> bool:
    n_words = sum(len(cell.split()) for cell in column.cells)
    if not column.cells or n_words > MAX_LABEL_WORDS * len(column.cells):
        return False
    if _are_numbers(column.cells):
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
        if column.name.lower() == PORTAL_ID:
            return column.name
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
