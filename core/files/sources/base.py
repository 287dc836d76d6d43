"""What all sources have in common."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Protocol

from core.files.decoding import BROKEN
from core.files.records import Record
from core.files.tables import Problem
from core.i18n import _

SPLITS = {
    **dict.fromkeys(
        ("train", "training", "trn", "trainieren", "entraînement", "entrenamiento"), "train"
    ),
    **dict.fromkeys(("test", "testing", "tst", "testen", "prueba"), "test"),
    **dict.fromkeys(
        (
            *("validation", "validate", "valid", "val", "dev", "development"),
            *("validierung", "validación", "validacion"),
        ),
        "validation",
    ),
}


class Rows(Protocol):
    """Rows of cells, numbered as their file numbers them, not yet with names of columns."""

    @property
    def share_read(self) -> float:
        """Return how much has been read, in [0, 1]."""

    def __iter__(self) -> Iterator[Record | Problem]:
        """Yield every row, blank ones too."""


class Source(Rows, Protocol):
    """Rows of cells under named columns; blank ones are left out."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns."""


def distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of columns, each there and each only once."""
    found: dict[str, None] = {}
    n_copies: dict[str, int] = {}
    for number, raw in enumerate(names, start=1):
        plain = " ".join(raw.replace("\0", "").replace(BROKEN, "\ufffd").split())
        plain = plain.encode(errors="replace").decode()
        name = plain = plain or _("Column {number}").format(number=number)
        while name in found:
            n_copies[plain] = n_copies.get(plain, 1) + 1
            name = f"{plain} ({n_copies[plain]})"
        found[name] = None
    return tuple(found)


def cell_of(value: object) -> str:
    """Return what a cell or a JSON value says, as a person would write it: 3, not 3.0; ISO dates.

    Whole numbers are written without a point as far as a float is exact; midnight is only a date.
    """
    match value:
        case str():
            return value
        case None | bool():
            return {None: "", True: "true", False: "false"}[value]
        case float() if value.is_integer() and abs(value) < 1 << 53:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value)
