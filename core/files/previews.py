"""The first look at a file: everything is guessed, shown as it will be read, and can be changed."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, TypedDict, TypeVar, Unpack

from core.files.decoding import BROKEN, beginning, check_is_text, find_encoding, only_a_look
from core.files.dialect import SAMPLE_CHARS, SAMPLE_ROWS, find_dialect, find_layout, has_names
from core.files.errors import ColumnMissingError
from core.files.reader import Reader
from core.files.roles import find_separator, find_text_beside, portal_pairs, with_roles
from core.files.sources import SheetRows, Source, find_blob, find_kind, open_source
from core.files.tables import Cut, Mapping, Preview, Problem

SHOWN_ROWS = 20
SHOWN_CELL_CHARS = 2000
COUNTED_BYTES = 1 << 20  # up to here all rows are counted and judged, in a tenth of a second
PACKED = 8  # times as many bytes come out of a workbook
SAMPLE_DOCUMENTS = 40  # of a folder too big to count
MAX_PROBLEMS = 100

T = TypeVar("T")


class Roles(TypedDict, total=False):
    """Which columns are what, named as in `Mapping`; None, like what is left out, stays."""

    text: str | None
    also_text: Sequence[str] | None
    target: str | None
    concepts: Sequence[str] | None
    not_concepts: Sequence[str] | None
    indicators: Sequence[str] | None
    yes_value: str | None
    id: str | None
    split: str | None
    note: str | None
    metadata: Sequence[str] | None


class Options(TypedDict, total=False):
    """How a file is read, named as in `Mapping`; None, like what is left out, stays."""

    has_header: bool | None
    delimiter: str | None
    encoding: str | None
    separator: str | None
    sheet: str | None
    cut: Cut | None


def preview(path: Path) -> Preview:
    """Guess how a file or folder is to be read, and return its beginning read like that.

    Raises:
        UserError: it is missing, empty, no text, of a kind that is not read, or refused.
    """
    return _look(path, _guess(path, {}))


def with_options(seen: Preview, **options: Unpack[Options]) -> Preview:
    """Return the preview as it is with another way of reading; what is left out stays.

    Columns keep the roles they have, by position; with another number of columns they are
    guessed anew.

    Raises:
        UserError: the file cannot be read like that.
    """
    old = seen.mapping
    chosen: Options = {  # type: ignore[assignment]  # the names are those of the options
        name: value for name, value in options.items() if value is not None
    }
    separator = chosen.pop("separator", None)
    guess = _guess(seen.path, _kept(old, chosen) | chosen) if chosen else old
    columns = open_source(seen.path, guess).columns
    if len(columns) == len(seen.columns) and guess.kind != "folder":
        guess = _renamed(old, guess, dict(zip(seen.columns, columns, strict=True)))
    return _look(seen.path, replace(guess, separator=_or(separator, guess.separator)))


def with_columns(seen: Preview, **roles: Unpack[Roles]) -> Preview:
    """Return the preview with other columns for these roles; what is left out stays.

    With other columns of concepts the separator is guessed anew.

    Raises:
        ColumnMissingError: the file has no such column.
    """
    chosen = {
        name: value if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]
        for name, value in roles.items()
        if value is not None
    }
    mapping = _with_target(seen, chosen)  # type: ignore[arg-type]  # as above
    concepts = chosen.pop("concepts", None)
    if concepts is not None and concepts != mapping.concepts:
        mapping = _with_concepts(seen, mapping, concepts)  # type: ignore[arg-type]
    return _look(seen.path, replace(mapping, **chosen))  # type: ignore[arg-type]


def _kept(old: Mapping, chosen: Options) -> Options:
    """Return the options that stay: in another table the delimiter and the header do not."""
    kept: Options = {"encoding": old.encoding or None, "cut": old.cut, "sheet": old.sheet or None}
    is_same_sheet = "sheet" not in chosen or chosen["sheet"] == old.sheet
    is_table = old.kind != "texts" or old.cut == "line"
    if "delimiter" not in chosen and is_same_sheet and is_table:
        kept |= {"delimiter": old.delimiter, "has_header": old.has_header}
    return kept


@only_a_look()
def _guess(path: Path, options: Options) -> Mapping:
    kind, cut = find_kind(path), options.get("cut")
    if kind == "folder":
        return _folder_mapping(cut or "file")
    if kind == "document":
        return Mapping(kind=kind, text="text", encoding="", cut=cut or "file")
    if kind == "workbook":
        mapping = _sheet_mapping(path, options)
    elif kind == "texts" and (cut or _usual_cut(path)) != "line":
        encoding = options.get("encoding") or _encoding(path)
        return Mapping(kind=kind, text="text", encoding=encoding, cut=cut or _usual_cut(path))
    elif kind == "json":
        mapping = Mapping(kind=kind, encoding=options.get("encoding") or _encoding(path))
    else:
        mapping = _table_mapping(path, options, is_list=kind == "texts")
    source = open_source(path, mapping)
    return with_roles(mapping, source.columns, _cells(source), getattr(source, "separator", ""))


def _folder_mapping(cut: Cut) -> Mapping:
    is_file = cut == "file"  # else several texts come from each, whose name is then no id
    return Mapping(
        kind="folder",
        text="text",
        concepts=("concept",),
        id="file" if is_file else "",
        split="split",
        metadata=() if is_file else ("file",),
        encoding="",
        cut=cut,
    )


def _sheet_mapping(path: Path, options: Options) -> Mapping:
    rows = SheetRows(find_blob(path), options.get("sheet") or "")
    layout = find_layout([cells for _number, cells in islice(rows, SAMPLE_ROWS)])
    header = options.get("has_header")
    return Mapping(
        kind="workbook",
        encoding="",
        sheet=rows.sheet,
        has_header=has_names(layout.rows) if header is None else header,
        skipped_rows=layout.skipped_rows,
    )


def _table_mapping(path: Path, options: Options, *, is_list: bool) -> Mapping:
    encoding = options.get("encoding") or _encoding(path)
    sample = beginning(find_blob(path), encoding, SAMPLE_CHARS)
    dialect = find_dialect(sample, is_list=is_list, delimiter=options.get("delimiter"))
    header = options.get("has_header")
    return Mapping(
        kind="texts" if is_list and not dialect.delimiter else "table",
        encoding=encoding,
        delimiter=dialect.delimiter,
        has_quotes=dialect.has_quotes,
        has_header=has_names(dialect.rows) if header is None else header,
        skipped_rows=dialect.skipped_rows,
    )


def _encoding(path: Path) -> str:
    blob = find_blob(path)
    check_is_text(blob)
    return find_encoding(blob)


def _usual_cut(path: Path) -> Cut:
    return "line" if find_blob(path).suffix == ".txt" else "file"


def _look(path: Path, mapping: Mapping) -> Preview:
    with only_a_look():
        reader = Reader(path, mapping)
    factor = PACKED if mapping.kind == "workbook" else 1
    is_counted = mapping.kind == "document" or reader.size_bytes * factor <= COUNTED_BYTES
    n_looked_at = SAMPLE_DOCUMENTS if mapping.kind == "folder" else SAMPLE_ROWS
    with only_a_look() as look:
        rows = list(islice(reader, None if is_counted else n_looked_at))
    if look.was_cut and len(rows) < n_looked_at:
        del rows[-1:]  # its end was not read
    problems = (row._replace(cells=()) for row in rows if isinstance(row, Problem))
    is_counted = is_counted and not look.was_cut
    is_workbook = mapping.kind == "workbook"
    return Preview(
        path=path,
        mapping=mapping,
        columns=reader.columns,
        rows=tuple(_shown(row.cells, len(reader.columns)) for row in rows[:SHOWN_ROWS]),
        n_rows=len(rows) if is_counted else None,
        problems=tuple(islice(problems, MAX_PROBLEMS)),
        size_bytes=reader.size_bytes,
        sheets=SheetRows(find_blob(path), mapping.sheet).sheets if is_workbook else (),
        n_unknown_splits=reader.n_unknown_splits,
    )


def _shown(cells: Sequence[str], n_columns: int) -> tuple[str, ...]:
    filled = [*cells, *[""] * n_columns][:n_columns]
    return tuple(cell[:SHOWN_CELL_CHARS].replace(BROKEN, "\ufffd") for cell in filled)


def _cells(source: Source) -> list[list[str]]:
    rows = islice(source, SAMPLE_ROWS)
    return [row[1] for row in rows if not isinstance(row, Problem)]


def _with_target(seen: Preview, chosen: dict[str, str | tuple[str, ...]]) -> Mapping:
    """Return the mapping in which the target is nothing else besides, nor anything chosen it.

    The text is looked for anew where it is to be the target; other texts are no sections any more.
    """
    mapping, target = seen.mapping, str(chosen.get("target", ""))
    if target and target == mapping.text:
        source = open_source(seen.path, mapping)
        chosen.setdefault("text", find_text_beside(target, source.columns, _cells(source)))
    if target and target in mapping.concepts:
        mapping = replace(mapping, concepts=(), values=(), yes_value="")
    if target:
        mapping = replace(mapping, **_without(mapping, target))
    elif mapping.target in _columns_in(chosen):
        mapping = replace(mapping, target="")
    texts = {"text": mapping.text, "also_text": mapping.also_text}
    is_kept = all(chosen.get(name, now) == now for name, now in texts.items())
    return mapping if is_kept else replace(mapping, as_sections=False)


def _without(mapping: Mapping, column: str) -> dict[str, Any]:
    """Return the roles of a mapping that a column gives up."""
    given_up: dict[str, Any] = {
        name: "" for name in ("id", "split", "note") if getattr(mapping, name) == column
    }
    for name in ("also_text", "not_concepts", "indicators", "metadata"):
        given_up[name] = tuple(other for other in getattr(mapping, name) if other != column)
    return given_up


def _columns_in(chosen: dict[str, str | tuple[str, ...]]) -> set[str]:
    named = (held for role, held in chosen.items() if role != "yes_value")
    return {name for held in named for name in ((held,) if isinstance(held, str) else held)}


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
        yes_value="",
        separator=""
        if value_of
        else find_separator(row[i] for row in _cells(source) for i in places),
    )


def _renamed(old: Mapping, new: Mapping, names: dict[str, str]) -> Mapping:
    """Return the new way of reading with the roles of the old."""

    def renamed(columns: Sequence[str]) -> tuple[str, ...]:
        return tuple(names.get(name, "") for name in columns)

    return replace(
        new,
        text=names.get(old.text, ""),
        also_text=renamed(old.also_text),
        as_sections=old.as_sections,
        target=names.get(old.target, ""),
        concepts=renamed(old.concepts),
        values=renamed(old.values),
        not_concepts=renamed(old.not_concepts),
        indicators=renamed(old.indicators),
        yes_value=old.yes_value,
        separator=old.separator,
        id=names.get(old.id, ""),
        split=names.get(old.split, ""),
        note=names.get(old.note, ""),
        metadata=renamed(old.metadata),
    )


def _or(chosen: T | None, present: T) -> T:
    return present if chosen is None else chosen
