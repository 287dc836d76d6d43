"""Which columns an export has in each format, and what stands in them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from core.errors import UserError
from core.files.export_names import (
    EXPORT_COLUMNS,
    PACKED,
    SEPARATORS,
    marked,
    metadata_column,
    packed_name,
)
from core.i18n import _
from core.records import ExportRow

Format = Literal["csv", "portal", "jsonl", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)


class NoSeparatorError(UserError):
    """The names of the concepts use up all that could stand between them."""

    def __init__(self) -> None:
        super().__init__(
            _("Every sign that could part concepts in one cell occurs in their names."),
            next_step=_("Export as JSON Lines or in portal columns, or rename some concepts."),
        )


@dataclass(frozen=True)
class ExportOptions:
    """What is written, and how.

    Attributes:
        columns: those of `EXPORT_COLUMNS` that were chosen; they are written in that order.
        metadata_names: the metadata to write where the column "metadata" was chosen.
        n_most_concepts: the most that one input has, positive and negative together; the
            portal's format has as many pairs of columns.
        separator: parts the concepts of a cell, in CSV and XLSX; from `find_free_separator`.
    """

    format: Format = "csv"
    columns: tuple[str, ...] = EXPORT_COLUMNS
    metadata_names: tuple[str, ...] = ()
    n_most_concepts: int = 0
    separator: str = SEPARATORS[0]

    def __post_init__(self) -> None:
        """Refuse columns that there are not; which is a bug, not the analyst's."""
        if unknown := set(self.columns) - set(EXPORT_COLUMNS):
            raise ValueError(f"no such columns: {sorted(unknown)}")


class Table(NamedTuple):
    """The columns of an export, and the cells of a row under them."""

    header: tuple[str, ...]
    cells: Callable[[ExportRow], list[str]]


def columns_of(export_format: Format) -> tuple[str, ...]:
    """Return the columns that can be chosen; the portal has no place for two of them."""
    left_out = ("source", "added") if export_format == "portal" else ()
    return tuple(column for column in EXPORT_COLUMNS if column not in left_out)


def find_free_separator(names: Iterable[str]) -> str:
    """Return the first separator that occurs in no name of a concept.

    Raises:
        NoSeparatorError: there is none.
    """
    used = set().union(*names)
    for separator in SEPARATORS:
        if separator not in used:
            return separator
    raise NoSeparatorError


def table_of(options: ExportOptions) -> Table:
    """Return what is written as a table; of JSON Lines, its keys and their values as JSON."""
    if options.format == "portal":
        return _portal_table(options)
    if options.format == "jsonl":
        return _json_table(options)
    return _plain_table(options)


def record_of(row: ExportRow, options: ExportOptions) -> dict[str, object]:
    """Return the row under the chosen columns, as JSON has it."""
    return {column: _value(row, column, options) for column in _chosen(options)}


def _value(row: ExportRow, column: str, options: ExportOptions) -> object:
    match column:
        case "id":
            return row.external_id
        case "concepts":
            return row.positive
        case "not_concepts":
            return row.negative
        case "metadata":
            return _metadata(row, options)
        case _:
            return getattr(row, column)


def _plain_table(options: ExportOptions) -> Table:
    separator = options.separator
    columns = _chosen(options)
    names = options.metadata_names if "metadata" in columns else ()
    fields = [column for column in columns if column != "metadata"]

    def cells(row: ExportRow) -> list[str]:
        said = row._asdict() | {
            "id": row.external_id,
            "concepts": separator.join(row.positive),
            "not_concepts": separator.join(row.negative),
        }
        return [said[field] for field in fields] + [row.metadata.get(name, "") for name in names]

    header = [marked(field, separator) if field.endswith("concepts") else field for field in fields]
    return Table((*header, *map(metadata_column, names)), cells)


def _portal_table(options: ExportOptions) -> Table:
    chosen = _chosen(options)
    has_id, has_details = "id" in chosen, not {"metadata", *PACKED}.isdisjoint(chosen)
    has_pairs = not {"concepts", "not_concepts"}.isdisjoint(chosen)
    n_pairs = max(1, options.n_most_concepts) if has_pairs else 0

    def cells(row: ExportRow) -> list[str]:
        found = [row.external_id] if has_id else []
        found.append(row.text)
        positive = row.positive if "concepts" in chosen else ()
        negative = row.negative if "not_concepts" in chosen else ()
        n_left = n_pairs - len(positive) - len(negative)
        if n_left < 0:
            raise ValueError(f"more than {n_pairs} concepts")
        for names, value in ((positive, "1"), (negative, "0")):
            for name in names:
                found += name, value
        found += [""] * (2 * n_left)
        if has_details:
            found.append(_details(row, options))
        return found

    header = ["input.id"] if has_id else []
    header.append("input.data.text.raw")
    for i in range(n_pairs):
        header += f"input.data.concepts[{i}].id", f"input.data.concepts[{i}].value"
    if has_details:
        header.append("input.data.metadata")
    return Table(tuple(header), cells)


def _details(row: ExportRow, options: ExportOptions) -> str:
    """Return the portal's metadata as JSON: ours, and what else the portal has no column for."""
    found = _metadata(row, options) if "metadata" in options.columns else {}
    details = {packed_name(name): value for name, value in found.items()}
    for name in PACKED:
        if name in options.columns and (said := getattr(row, name)):
            details[name] = said
    return json.dumps(details, ensure_ascii=False) if details else ""


def _json_table(options: ExportOptions) -> Table:
    def cells(row: ExportRow) -> list[str]:
        values = record_of(row, options).values()
        return [v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values]

    return Table(_chosen(options), cells)


def _metadata(row: ExportRow, options: ExportOptions) -> dict[str, str]:
    return {name: row.metadata[name] for name in options.metadata_names if name in row.metadata}


def _chosen(options: ExportOptions) -> tuple[str, ...]:
    return tuple(column for column in columns_of(options.format) if column in options.columns)
