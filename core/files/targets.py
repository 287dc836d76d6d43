"""Guesses which column a model shall learn to write, and which column it is written for."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


CERTAIN = _set(
    "target targets target_text output outputs completion completions translation translations "
    "translated ausgabe übersetzung übersetzungen traduction traductions sortie traducción "
    "traduccion salida"
)
SUMMARIES = _set(  # which are texts to be sorted where a column says what they are about
    "summary summaries highlights zusammenfassung zusammenfassungen résumé résumés resumen"
)
POSSIBLE = SUMMARIES | _set(  # of a survey, with few questions and labels, they are the texts
    "response responses answer answers reply replies antwort antworten réponse réponses reponse "
    "reponses respuesta respuestas"
)
INSTRUCTIONS = _set("instruction instructions anweisung anweisungen instrucción")
PROMPTS = _set("prompt prompts")
CONTEXTS = _set("input context inputs kontext eingabe contexte entrada contexto")
SOURCES = _set(
    "source src article document dialogue dialog passage context story original quelle artikel "
    "dokument dialogue fuente artículo"
)
SHORT_WORDS = 6  # in a cell on average; a label has no more
FEWEST_WORDS = 3  # in a cell of an answer on average, where few rows tell it from a label
FEW_ROWS = 20
VARIED = 0.5  # share of the cells that are distinct, from which on they are no labels
OPENINGS = ("{", "[")


class Cells(Protocol):
    """What is in a column."""

    @property
    def name(self) -> str:
        """Return what it is called."""

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the cells that are filled."""

    @property
    def distinct_share(self) -> float:
        """Return how varied they are, in [0, 1]."""


class Pair(NamedTuple):
    """The columns of a text-to-text file.

    Attributes:
        text: that is written for.
        more_text: that belongs to it as a section of its own, "" for none.
        target: that is to be written.
    """

    text: str
    more_text: str
    target: str


def find_pair(
    columns: Sequence[Cells],
    text_names: frozenset[str],
    *,
    has_label: bool,
    is_number: Callable[[Iterable[str]], bool],
) -> Pair | None:
    """Return which column is written for which, or None where no column looks like it.

    Args:
        columns: of the file.
        text_names: what columns of texts are called.
        has_label: another column is called like a label and looks like one.
        is_number: tells whether cells are nothing but numbers.
    """
    for names in (CERTAIN, POSSIBLE):
        for column in columns:
            if _name(column) not in names or is_number(column.cells):
                continue
            others = [other for other in columns if other is not column]
            text = _find_text(others, text_names)
            if text is None or not _is_written(column):
                continue
            is_asked = names is CERTAIN or _name(text) in INSTRUCTIONS | PROMPTS
            is_reply = text.distinct_share > VARIED and _name(column) not in SUMMARIES
            if is_asked or is_reply or not has_label:
                return Pair(text.name, _more_text(text, others), column.name)
    return None


def _find_text(columns: Sequence[Cells], text_names: frozenset[str]) -> Cells | None:
    """Return the column that is written for; of several texts the longest."""
    known = text_names - CERTAIN - POSSIBLE
    for names in (INSTRUCTIONS, PROMPTS, known, SOURCES):
        found = [c for c in columns if _name(c) in names and c.cells]
        if found:
            return max(found, key=_length)
    return None


def _more_text(text: Cells, others: Sequence[Cells]) -> str:
    if _name(text) not in INSTRUCTIONS:
        return ""
    return next((c.name for c in others if _name(c) in CONTEXTS), "")


def _is_written(column: Cells) -> bool:
    """Tell texts that somebody wrote from a few labels that come again and again."""
    if not column.cells:
        return False
    n_words = sum(len(cell.split()) for cell in column.cells)
    if n_words > SHORT_WORDS * len(column.cells):
        return True
    if all(cell.startswith(OPENINGS) for cell in column.cells[:10]):
        return True
    if len(column.cells) < FEW_ROWS:
        return column.distinct_share == 1 and n_words >= FEWEST_WORDS * len(column.cells)
    return column.distinct_share > VARIED


def _length(column: Cells) -> float:
    return sum(map(len, column.cells)) / len(column.cells) * column.distinct_share


def _name(column: Cells) -> str:
    return column.name.lower()
