"""What the cells of a row say of concepts: names, yes and no, 1 and 0."""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter

from core.files.rows import RowError, check_characters
from core.files.tables import Mapping
from core.i18n import _

YES = frozenset(
    (
        *("1", "1.0", "true", "yes", "y", "x", "ja", "wahr"),
        *("oui", "vrai", "si", "sí", "verdadero"),
    )
)
NO = frozenset(
    (*("0", "0.0", "false", "no", "n", "nein", "falsch", "non", "faux"), *("falso", "não"))
)
MAX_NAME_CHARS = 200  # a longer "concept" is a text in the wrong column
KEPT = 1_000  # distinct contents of the cells; the same few come again and again

Concepts = tuple[tuple[str, bool], ...]


class Labels:
    """Reads the concepts of rows, all columns of which are known by their place."""

    def __init__(self, mapping: Mapping, place: Callable[[str], int]) -> None:
        """Find the columns.

        Args:
            mapping: says which columns are what.
            place: returns where a column is, or raises that there is none.
        """
        self._separator = mapping.separator
        values = mapping.values or ("",) * len(mapping.concepts)
        self._pairs = [
            (place(name), place(value) if value else None)
            for name, value in zip(mapping.concepts, values, strict=True)
        ]
        self._negative = [place(name) for name in mapping.not_concepts]
        self._indicators = [(name, place(name)) for name in mapping.indicators]
        self._yes_value = mapping.yes_value
        self._yes_name = _yes_name(mapping)
        places = [i for i, _value in self._pairs] + [j for _, j in self._pairs if j is not None]
        places += self._negative + [i for _name, i in self._indicators]
        self._pick = itemgetter(*places) if places else None
        self._known: dict[object, Concepts] = {}

    def of(self, cells: Sequence[str]) -> Concepts:
        """Return each concept that a row names, with whether it is one or is none.

        Raises:
            RowError: the row contradicts itself, or is wrong otherwise.
        """
        if self._pick is None:
            return ()
        key = self._pick(cells)
        known = self._known.get(key)
        if known is None:
            known = self._read(cells)
            if len(self._known) < KEPT:
                self._known[key] = known
        return known

    def _read(self, cells: Sequence[str]) -> Concepts:
        found: dict[str, bool] = {}
        for name, is_positive in self._said(cells):
            if found.setdefault(name, is_positive) != is_positive:
                raise RowError(
                    _(
                        "This row says both yes and no to “{concept}”; take one of them away."
                    ).format(concept=name)
                )
        return tuple(found.items())

    def _said(self, cells: Sequence[str]) -> Iterator[tuple[str, bool]]:
        for i, j in self._pairs:
            yield from self._named(cells[i].strip(), "" if j is None else cells[j].strip())
        for i in self._negative:
            for name in self._names(cells[i]):
                yield name, False
        for name, i in self._indicators:
            if value := cells[i].strip():
                yield name, is_yes(value)

    def _named(self, cell: str, value: str) -> Iterator[tuple[str, bool]]:
        if cell and self._yes_value:
            yield self._yes_name, cell == self._yes_value
        elif cell:
            is_positive = is_yes(value) if value else True  # as the portal takes it
            for name in self._names(cell):
                yield name, is_positive

    def _names(self, cell: str) -> Iterator[str]:
        for part in cell.split(self._separator) if self._separator else (cell,):
            name = " ".join(part.split())
            if len(name) > MAX_NAME_CHARS:
                raise RowError(
                    _("“{beginning}…” is too long for a concept; is it the right column?").format(
                        beginning=name[:40]
                    )
                )
            check_characters(name)
            if name:
                yield name


def is_yes(value: str) -> bool:
    """Tell yes from no.

    Raises:
        RowError: it is neither.
    """
    plain = value.lower()
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise RowError(
        _("“{value}” says neither 1 (is) nor 0 (is not); correct it.").format(
            value=value[:MAX_NAME_CHARS]
        )
    )


def _yes_name(mapping: Mapping) -> str:
    """Return the name of the concept that two labels say yes or no to."""
    if mapping.yes_value.lower() in YES and mapping.concepts:
        return mapping.concepts[0]
    return " ".join(mapping.yes_value.split())
