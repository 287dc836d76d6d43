"""Every real file beside the checkout comes in whole, or is refused with a sentence."""

import csv
import io
import json
from pathlib import Path

import pytest

from core.errors import UserError
from core.files import Problem, Row, preview, read

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MESSY = [
    path.name
    for path in sorted(DATA.glob("messy_csv/*"))
    if path.name != "SOURCE.md" and path.is_file()
]
SETS = [
    f"{path.parent.name}/{path.name}"
    for path in sorted(DATA.glob("*/*"))
    if path.suffix in (".csv", ".jsonl") and path.parent.name != "messy_csv"
]
EMPTY = ("csvkit__empty.csv",)
SPECTRUM = [name for name in MESSY if name.startswith("csv-spectrum__") and name.endswith(".csv")]


def count_records(path, mapping):
    """Count the rows under the header as Python's own reader finds them."""
    text = path.read_bytes().decode(mapping.encoding, errors="replace")
    quoting = csv.QUOTE_MINIMAL if mapping.has_quotes else csv.QUOTE_NONE
    records = list(
        csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, quoting=quoting)
    )
    n_filled = sum(any(cells) for cells in records[mapping.skipped_rows :])
    return n_filled - mapping.has_header


@pytest.mark.parametrize("name", MESSY)
def test_a_messy_file_comes_in_whole_or_is_refused_with_a_sentence(shared_data, name):
    path = shared_data("messy_csv") / name
    if name in EMPTY:
        with pytest.raises(UserError, match="is empty"):
            preview(path)
        return
    seen = preview(path)
    rows = list(read(path, seen.mapping))
    assert rows
    assert all(isinstance(row, Row | Problem) for row in rows)
    assert all(row.reason.endswith(".") for row in rows if isinstance(row, Problem))
    assert [row.number for row in rows] == sorted({row.number for row in rows})
    torn = any(isinstance(row, Problem) and "quotation mark" in row.reason for row in rows)
    if path.suffix in (".csv", ".tsv") and seen.mapping.delimiter and not torn:
        assert len(rows) == count_records(path, seen.mapping)


@pytest.mark.parametrize("name", SPECTRUM)
def test_a_table_has_the_cells_that_its_authors_expect(shared_data, name):
    path = shared_data("messy_csv") / name
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    for file in (path, path.with_suffix(".json")):
        seen = preview(file)
        rows = [dict(zip(seen.columns, row.cells, strict=True)) for row in read(file, seen.mapping)]
        plain = [{name: cell.replace("\r\n", "\n") for name, cell in row.items()} for row in rows]
        assert plain == [
            {name: cell.replace("\r\n", "\n") for name, cell in row.items()} for row in expected
        ]


def test_a_workbook_and_its_csv_hold_the_same(shared_data):
    folder = shared_data("messy_csv")
    book, table = folder / "roo__Bibelbund.xlsx", folder / "roo__Bibelbund.csv"
    rows = list(read(book, preview(book).mapping))
    others = list(read(table, preview(table).mapping))
    assert len(rows) == len(others) == 3734
    assert [row.text for row in rows] == [row.text for row in others]


def test_old_and_new_workbooks_and_a_packed_table_are_read_alike(shared_data):
    folder = shared_data("messy_csv")
    for name, other in [
        ("readxl__deaths.xls", "readxl__deaths.xlsx"),
        ("duckdb__latin1.csv", "duckdb__latin1.csv.gz"),
    ]:
        cells, others = (
            [row.cells for row in read(path, preview(path).mapping)]
            for path in (folder / name, folder / other)
        )
        assert cells == others


def test_a_sheet_may_have_a_title_above_its_table(shared_data):
    seen = preview(shared_data("messy_csv") / "csvkit__test_skip_lines.xlsx")
    assert seen.columns[:3] == ("text", "date", "integer")
    assert seen.rows[0][:3] == ("Chicago Reader", "1971-01-01", "40")


@pytest.mark.parametrize("name", SETS)
def test_a_set_comes_in_with_exact_counts(shared_data, name):
    path = shared_data(name.split("/")[0]) / name.split("/")[1]
    seen = preview(path)
    rows = list(read(path, seen.mapping))
    taken = [row for row in rows if isinstance(row, Row)]
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".jsonl":
            expected = [json.loads(line) for line in file]
        else:
            expected = list(csv.DictReader(file))
    texts = [row["text"].strip().replace("\r\n", "\n") for row in expected]
    assert (seen.mapping.text, len(rows)) == ("text", len(expected))
    assert [row.text for row in taken] == [text for text in texts if text]
    if "concepts" in seen.columns:
        assert seen.mapping.concepts == ("concepts",)
        separator = seen.mapping.separator
        said = [
            {" ".join(name.split()) for name in row["concepts"].split(separator or None)}
            if separator
            else {" ".join(row["concepts"].split())} - {""}
            for row in expected
            if row["text"].strip()
        ]
        assert [{name for name, _positive in row.concepts} for row in taken] == [
            names - {""} for names in said
        ]
