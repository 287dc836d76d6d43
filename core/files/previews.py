"""The first look at a file: everything is guessed, shown as it will be read, and can be changed."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from core.files.decoding import (
    BROKEN,
    MARK_BROKEN,
    check_encoding,
    check_is_text,
    find_encoding,
    readable,
)
from core.files.dialect import SAMPLE_CHARS, SAMPLE_ROWS, find_dialect, has_names
from core.files.errors import ColumnMissingError
from core.files.reader import Reader
from core.files.roles import find_separator, portal_pairs, with_roles
from core.files.sources import Source, open_source
from core.files.tables import Mapping, Preview, Problem

SHOWN_ROWS = 20
SHOWN_CELL_CHARS = 2000
COUNTED_BYTES = 1 << 20  # up to here all rows are counted and judged, in a tenth of a second
MAX_PROBLEMS = 100

T = TypeVar("T")


def preview(path: Path) -> Preview:
    """Guess how a file or folder is to be read, and return its beginning read like that.

    Raises:
        UserError: it is missing, empty, no text, of a kind that is not read, or refused.
    """
    return _look(path, _guess(path))


def with_options(
    seen: Preview,
    *,
    has_header: bool | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    is_one_text: bool | None = None,
) -> Preview:
    """Return the preview as it is with another way of reading; what is left out stays.

    Columns keep the roles they have, by position; with another number of columns they are
    guessed anew.

    Raises:
        UserError: the file cannot be read like that.
    """
    old = seen.mapping
    if old.kind == "folder":
        return _look(seen.path, replace(old, separator=_or(separator, old.separator)))
    is_same_table = delimiter is None and not old.is_one_text
    guess = _guess(
        seen.path,
        encoding=_or(encoding, old.encoding),
        delimiter=old.delimiter if is_same_table else delimiter,
        header=old.has_header if is_same_table and has_header is None else has_header,
        is_one_text=_or(is_one_text, old.is_one_text),
    )
    columns = open_source(seen.path, guess).columns
    if len(columns) == len(seen.columns):
        guess = _renamed(old, guess, dict(zip(seen.columns, columns, strict=True)))
    return _look(seen.path, replace(guess, separator=_or(separator, guess.separator)))


def with_columns(
    seen: Preview,
    *,
    text: str | None = None,
    concepts: Sequence[str] | None = None,
    id: str | None = None,  # noqa: A002  # the mapping's own word
    split: str | None = None,
    metadata: Sequence[str] | None = None,
) -> Preview:
    """Return the preview with other columns for these roles; what is left out stays.

    With other columns of concepts the separator is guessed anew.

    Raises:
        ColumnMissingError: the file has no such column.
    """
    mapping = replace(
        seen.mapping,
        text=_or(text, seen.mapping.text),
        id=_or(id, seen.mapping.id),
        split=_or(split, seen.mapping.split),
        metadata=tuple(_or(metadata, seen.mapping.metadata)),
    )
    if concepts is not None:
        mapping = _with_concepts(seen, mapping, tuple(concepts))
    return _look(seen.path, mapping)


def _guess(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    is_one_text: bool = False,
) -> Mapping:
    if path.is_dir():
        return Mapping(kind="folder", text="text", concepts=("concept",), id="file", split="split")
    check_is_text(path)
    encoding = encoding or find_encoding(path)
    if is_one_text:
        return Mapping(kind="texts", text="text", encoding=encoding, is_one_text=True)
    is_list = path.suffix.lower() == ".txt"
    dialect = find_dialect(_sample(path, encoding), is_list=is_list, delimiter=delimiter)
    mapping = Mapping(
        kind="texts" if is_list and not dialect.delimiter else "table",
        encoding=encoding,
        delimiter=dialect.delimiter,
        has_quotes=dialect.has_quotes,
        has_header=has_names(dialect.rows) if header is None else header,
        skipped_rows=dialect.skipped_rows,
    )
    source = open_source(path, mapping)
    return with_roles(mapping, source.columns, _cells(source))


def _look(path: Path, mapping: Mapping) -> Preview:
    reader = Reader(path, mapping)
    size_bytes, is_counted = reader.size_bytes, reader.size_bytes <= COUNTED_BYTES
    shown: list[tuple[str, ...]] = []
    problems: list[Problem] = []
    n_rows = 0
    for row in islice(reader, None if is_counted else SAMPLE_ROWS):
        n_rows += 1
        if len(shown) < SHOWN_ROWS:
            shown.append(_shown(row.cells, len(reader.columns)))
        if isinstance(row, Problem) and len(problems) < MAX_PROBLEMS:
            problems.append(row._replace(cells=()))
    return Preview(
        path,
        mapping,
        reader.columns,
        tuple(shown),
        n_rows if is_counted else None,
        tuple(problems),
        size_bytes,
    )


def _shown(cells: Sequence[str], n_columns: int) -> tuple[str, ...]:
    filled = [*cells, *[""] * n_columns][:n_columns]
    return tuple(cell[:SHOWN_CELL_CHARS].replace(BROKEN, "\ufffd") for cell in filled)


def _sample(path: Path, encoding: str) -> str:
    check_encoding(encoding)
    with readable(path), path.open(encoding=encoding, errors=MARK_BROKEN, newline="") as file:
        return file.read(SAMPLE_CHARS)


def _cells(source: Source) -> list[list[str]]:
    rows = islice(source, SAMPLE_ROWS)
    return [row[1] for row in rows if not isinstance(row, Problem)]


def _with_concepts(seen: Preview, mapping: Mapping, concepts: tuple[str, ...]) -> Mapping:
    """Return the mapping with these columns of concepts, their values and their separator."""
    source = open_source(seen.path, mapping)
    for name in concepts:
        if name not in source.columns:
            raise ColumnMissingError(name, source.columns)
    places = [source.columns.index(name) for name in concepts]
    value_of = dict(zip(*portal_pairs(source.columns), strict=True))
    values = tuple(value_of.get(name, "") for name in concepts)
    return replace(
        mapping,
        concepts=concepts,
        values=values if any(values) else (),
        separator=""
        if value_of
        else find_separator(row[i] for row in _cells(source) for i in places),
    )


def _renamed(old: Mapping, new: Mapping, names: dict[str, str]) -> Mapping:
    """Return the new way of reading with the roles of the old."""
    return replace(
        new,
        text=names.get(old.text, ""),
        concepts=tuple(names[name] for name in old.concepts),
        values=tuple(names.get(name, "") for name in old.values),
        separator=old.separator,
        id=names.get(old.id, ""),
        split=names.get(old.split, ""),
        metadata=tuple(names[name] for name in old.metadata),
    )


def _or(chosen: T | None, present: T) -> T:
    return present if chosen is None else chosen
