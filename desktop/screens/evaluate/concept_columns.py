"""What stands in a row of the table of concepts, in which order, and how it is read aloud."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.i18n import N_, _
from desktop.widgets.sort_heads import known_first
from desktop.widgets.wording import decimal, number, percent

Record = Mapping[str, Any]  # of a concept, as a report has it
Kind = Literal["name", "count", "outcome", "score", "threshold"]


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Attributes:
        key: in a concept's record.
        width: in pixels; 0 takes what is left.
        hint: what the number means.
        undefined: why there may be none.
        yields: the highest is left out first where room is short; 0 never.
    """

    key: str
    head: str
    kind: Kind
    width: int
    hint: str = ""
    undefined: str = ""
    yields: int = 0


COLUMNS = (
    Column("name", N_("Concept"), "name", 0),
    Column("n_positive", N_("Texts"), "count", 60, N_("How many texts carry it"), yields=4),
    Column("n_predicted", N_("Given"), "count", 60, N_("How many texts got it"), yields=5),
    Column("tp", N_("Found"), "outcome", 66, N_("Its texts that got it")),
    Column("fn", N_("Missed"), "outcome", 70, N_("Its texts that did not get it")),
    Column("fp", N_("Wrong"), "outcome", 66, N_("Texts that got it and do not carry it")),
    Column(
        *("precision", N_("Precision"), "score", 84),
        hint=N_("Of the texts that got it, how many carry it"),
        undefined=N_("not known, as no text got it"),
        yields=2,
    ),
    Column(
        *("recall", N_("Recall"), "score", 68),
        hint=N_("Of its texts, how many got it"),
        undefined=N_("not known, as no text carries it"),
        yields=1,
    ),
    Column(
        *("f1", N_("F1"), "score", 112),
        hint=N_("Precision and recall in one number"),
        undefined=N_("not known, as no text carries it and none got it"),
    ),
    Column(
        *("roc_auc", N_("ROC AUC"), "score", 86),
        hint=N_("How well its texts come before all others; 50 is chance"),
        undefined=N_("not known: it takes texts that carry it and texts that do not"),
        yields=6,
    ),
    Column(
        *("average_precision", N_("Average precision"), "score", 142),
        hint=N_("Precision over all thresholds, weighted by what each finds"),
        undefined=N_("not known, as no text carries it"),
        yields=7,
    ),
    Column("threshold", N_("From"), "threshold", 62, N_("From how sure on it counts"), yields=3),
)
DECIDED = (  # of what is decided automatically
    COLUMNS[0],
    Column("threshold", N_("From"), "threshold", 62, N_("From how sure on it is decided")),
    Column("n_texts", N_("Texts"), "count", 62, N_("How many texts carry it"), yields=1),
    Column("n_given", N_("Decided"), "count", 76, N_("How many texts get it automatically")),
    Column("n_wrong", N_("Wrong"), "outcome", 70, N_("Of these, those that do not carry it")),
    Column(
        *("n_missed", N_("Missed"), "outcome", 72),
        hint=N_("Its texts that do not get it automatically"),
        yields=2,
    ),
)
NAME = 0
OUTCOMES: dict[str, Literal["found", "missed", "wrong"]] = {
    "tp": "found",
    "fn": "missed",
    "fp": "wrong",
    "n_missed": "missed",
    "n_wrong": "wrong",
}


def cell(record: Record, column: Column) -> str:
    """Return what stands in a cell; "–" for what is not known."""
    value = record.get(column.key)
    if column.kind == "name":
        return str(value)
    if value is None:
        return "–"
    if column.kind == "threshold":
        return percent(value, 0)
    return decimal(value * 100) if column.kind == "score" else number(value)


def aloud(record: Record, column: Column) -> str:
    """Return a cell for a screen reader, with the reason where a value is not known."""
    if column.kind == "name":
        return f"{record['name']}, {below(record)}" if below(record) else str(record["name"])
    if record.get(column.key) is None:
        return f"{_(column.head)}: {why_unknown(record, column)}"
    return f"{_(column.head)} {cell(record, column)}"


def why_unknown(record: Record, column: Column) -> str:
    """Return why a value is not known; "" where it is."""
    if record.get(column.key) is not None:
        return ""
    return _(column.undefined) if column.key in record else _("not kept by this evaluation")


def below(record: Record) -> str:
    """Return what is amiss with a concept as a whole; "" for nothing."""
    if record.get("never_predicted"):
        return _("Never the answer")
    return "" if record.get("n_positive", record.get("n_texts")) else _("No text carries it")


def ordered(records: list[Record], column: Column, *, is_descending: bool) -> list[Record]:
    """Return the records by a column; those without a value stand last either way."""

    def key(record: Record) -> Any:  # noqa: ANN401  # a name or a number
        value = record.get(column.key)
        return value.casefold() if isinstance(value, str) else value

    return known_first(records, key, is_descending=is_descending)
