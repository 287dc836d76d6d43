"""What is said about a file of texts: how it is read, its first rows, and what became of each row.

Every kind of source (a table, a sheet, JSON, a folder, a list of lines) is seen as rows of cells
under named columns, so one `Mapping` says of all of them which column is what.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, NamedTuple

# What the names of the files end in that can be read; others are tried as tables of text.
ENDINGS = (
    *("csv", "tsv", "tab", "txt", "md", "xlsx", "xlsm", "xls", "json", "jsonl", "ndjson"),
    *("docx", "pdf", "zip", "gz"),
)

Kind = Literal["table", "workbook", "json", "texts", "document", "folder"]
Cut = Literal["line", "paragraph", "file"]


@dataclass(frozen=True)
class Mapping:
    """How a file is read: which column is what, and how the bytes become cells.

    Columns are named as `Preview.columns` names them. `asdict` gives what JSON can keep, and
    `Mapping(**kept)` the same mapping again.

    Attributes:
        text: the column of the text.
        also_text: columns whose cells follow the text, after a blank line each.
        as_sections: each of these cells stands below a `###` header with the name of its column,
            and the header of the answer follows, as Alpaca has it.
        target: the column of the text that a model shall write, "" for none.
        concepts: the columns that hold names of concepts.
        values: beside each of `concepts` the column that says 1 or 0, "" for none; or empty.
        separator: what parts several concepts in one cell; "" means a cell is one concept.
        not_concepts: the columns that hold names of concepts which the text is not about.
        indicators: the columns that are called like a concept and say 1 (is), 0 (is not) or
            nothing.
        yes_value: of two labels in the one column of concepts the one that means yes; the other
            then means no. The concept is called like it, or like the column if it is a mere
            "1" or "yes". "" if each label is a concept.
        id: the column of the file's own ids, "" for none.
        split: the column that says train, test or validation, "" for none.
        note: the column of what a person noted about the text, "" for none.
        metadata: the columns to keep beside the text.
        kind: "table" (delimited), "workbook", "json", "texts" (plain text), "document" (Word,
            PDF) or "folder" (of the latter two, or a ZIP of them).
        encoding: Python's name of the encoding; "" where each file says its own.
        delimiter: what parts the cells; "" means that every row is one cell.
        has_quotes: quotation marks wrap cells, so a cell may hold delimiters and line ends.
        has_header: the first row names the columns.
        skipped_rows: rows above the table, such as a title.
        sheet: of a workbook.
        cut: what of plain text, a document, or each file of a folder is one text.
    """

    text: str = ""
    also_text: tuple[str, ...] = ()
    as_sections: bool = False
    target: str = ""
    concepts: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    separator: str = ""
    not_concepts: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    yes_value: str = ""
    id: str = ""
    split: str = ""
    note: str = ""
    metadata: tuple[str, ...] = ()
    kind: Kind = "table"
    encoding: str = "utf-8"
    delimiter: str = ","
    has_quotes: bool = True
    has_header: bool = True
    skipped_rows: int = 0
    sheet: str = ""
    cut: Cut = "line"

    def __post_init__(self) -> None:
        """Make tuples of the lists that JSON gives back."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, list):
                object.__setattr__(self, field.name, tuple(value))


class Row(NamedTuple):
    """One text of a file; a named tuple because a file can have millions.

    Attributes:
        number: as a spreadsheet counts, the header is row 1.
        text: without white space around it, never empty.
        concepts: each name with True (it is one) or False (it is explicitly none).
        cells: the row as it stood, one cell per column.
        external_id: the file's own id of the text, or "".
        split: "train", "test", "validation" or "".
        metadata: what the file says besides, by name.
        note: what a person noted about the text.
        target: the text that a model shall write for it, or "".
    """

    number: int
    text: str
    concepts: tuple[tuple[str, bool], ...]
    cells: tuple[str, ...]
    external_id: str
    split: str
    metadata: dict[str, str]
    note: str = ""
    target: str = ""


class Problem(NamedTuple):
    """A row that cannot be taken.

    Attributes:
        number: as a spreadsheet counts, the header is row 1.
        reason: one translated sentence that ends in what to do.
        row: the row as it stood, cut to 500 characters.
        cells: its cells as far as they could be told apart.
    """

    number: int
    reason: str
    row: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """The beginning of a file, exactly as it will be read.

    Attributes:
        path: the file or folder.
        mapping: the guess; change it with `dataclasses.replace` or `with_options`.
        columns: their names, made distinct ("label", "label (2)"), "Column 3" without a header.
        rows: the first 20, one cell per column.
        n_rows: rows of the table without its header; None for a file too long to count here.
        problems: the rows that cannot be taken, of those looked at (all if `n_rows` is known).
        size_bytes: of the file, or of all files in the folder.
        sheets: of a workbook, those that are not hidden.
        n_unknown_splits: how many of the rows looked at say a split that is not known.
    """

    path: Path
    mapping: Mapping
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_rows: int | None
    problems: tuple[Problem, ...]
    size_bytes: int
    sheets: tuple[str, ...] = ()
    n_unknown_splits: int = 0

    @property
    def kind(self) -> Kind:
        """Return what the file is, as `Mapping.kind` has it."""
        return self.mapping.kind
