import csv
import json
import re
import tracemalloc
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import NotWritableError
from core.files import Row, preview, read
from core.files.export import preview_export, write_export
from core.files.export_names import SEPARATORS, find_export_names, metadata_column, metadata_name
from core.files.export_sheet import MAX_CELL_CHARS, SheetTooSmallError, check_sheet
from core.files.export_tables import (
    FORMATS,
    ExportOptions,
    ExportRow,
    NoSeparatorError,
    find_free_separator,
)
from core.files.formulas import harmless, restored
from core.jobs import JobCancelled

SUFFIXES = {"csv": ".csv", "portal": ".csv", "jsonl": ".jsonl", "xlsx": ".xlsx"}

LETTER = ExportRow(
    "m-1",
    'Dear "all",\nsee below',
    ("praise", "=thanks"),
    ("complaint",),
    "train",
    "mails.csv",
    "read twice",
    {"language": "en", "split": "old"},
    "2026-11-21T08:00:00+00:00",
    "Thank you,\n=we are glad",
)
FORMULA = ExportRow("", "=1+1", (), (), "", "", "", {}, "")


def export(path, rows, export_format="csv", **options):
    options.setdefault("metadata_names", ("language", "split"))
    options.setdefault("n_most_concepts", 3)
    n_rows = write_export(path, rows, ExportOptions(export_format, **options), lambda _n: None)
    assert n_rows == len(rows)
    return path


def table_of(path, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def sheet_of(path):
    """Return the kind and the text of every cell."""
    with zipfile.ZipFile(path) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [
        [
            (cell.get("t"), "".join(part.text or "" for part in cell.findall(".//{*}t")))
            for cell in row.findall(".//{*}c")
        ]
        for row in sheet.findall(".//{*}row")
    ]


# --- cells that a spreadsheet would run


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "-", "+1 2"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["-3.5", "+49,5", "-1e6", "-1.234,56", "+.5", "-5%", "'tis", "a=b"]
)
def test_numbers_and_ordinary_texts_stay_as_they_are(cell):
    assert harmless(cell) == cell == restored(cell)


def test_a_cell_that_looks_guarded_gets_one_apostrophe_more():
    assert harmless("''=x") == "'''=x"


@given(st.text(st.sampled_from("'=+-@\t\r15.,e% a\n")) | st.text())
def test_every_cell_is_restored(cell):
    assert restored(harmless(cell)) == cell


@given(st.text(st.sampled_from("'=+-@\t\ra1")))
def test_no_harmless_cell_can_run(cell):
    first = harmless(cell)[:1]
    assert first not in tuple("=+-@\t\r") or harmless(cell)[1:].strip("1") == ""


# --- what is written


def test_a_table_has_a_column_for_everything(tmp_path):
    header, full, empty = table_of(export(tmp_path / "out.csv", [LETTER, FORMULA]))
    assert dict(zip(header, full, strict=True)) == {
        "id": "m-1",
        "text": 'Dear "all",\nsee below',
        "target": "Thank you,\n=we are glad",
        "concepts": "praise|=thanks",
        "not_concepts": "complaint",
        "split": "train",
        "note": "read twice",
        "source": "mails.csv",
        "added": "2026-11-21T08:00:00+00:00",
        "language": "en",
        "metadata.split": "old",
    }
    assert empty == ["", "'=1+1", *[""] * 9]


def test_only_the_chosen_columns_are_written_in_their_usual_order(tmp_path):
    path = export(tmp_path / "out.csv", [LETTER], columns=("concepts", "text"))
    assert table_of(path)[0] == ["text", "concepts"]


def test_a_tsv_is_parted_by_tabs(tmp_path):
    path = export(tmp_path / "out.tsv", [LETTER], columns=("id", "split"))
    assert table_of(path, "\t") == [["id", "split"], ["m-1", "train"]]


def test_an_unusual_separator_is_told_by_the_header(tmp_path):
    row = LETTER._replace(positive=("a|b", "c"))
    columns = ("text", "concepts", "not_concepts")
    path = export(tmp_path / "out.csv", [row], columns=columns, separator=";")
    assert table_of(path)[0] == ["text", "concepts[;]", "not_concepts[;]"]
    assert table_of(path)[1][1] == "a|b;c"


def test_the_portal_gets_pairs_of_columns_and_the_split_in_its_metadata(tmp_path):
    header, full, empty = table_of(export(tmp_path / "out.csv", [LETTER, FORMULA], "portal"))
    pairs = [f"input.data.concepts[{i}].{part}" for i in range(3) for part in ("id", "value")]
    assert header == ["input.id", "input.data.text.raw", *pairs, "input.data.metadata"]
    assert full[2:8] == ["praise", "1", "'=thanks", "1", "complaint", "0"]
    assert json.loads(full[8]) == {
        "language": "en",
        "metadata.split": "old",
        "split": "train",
        "note": "read twice",
        "target": "Thank you,\n=we are glad",
    }
    assert empty == ["", "'=1+1", *[""] * 7]


def test_the_portal_demands_a_column_of_concepts_even_if_there_are_none(tmp_path):
    path = export(tmp_path / "out.csv", [FORMULA], "portal", n_most_concepts=0)
    assert "input.data.concepts[0].id" in table_of(path)[0]


def test_json_lines_hold_lists_and_texts_as_they_are(tmp_path):
    lines = export(tmp_path / "out.jsonl", [LETTER, FORMULA], "jsonl").read_text("utf-8")
    full, empty = map(json.loads, lines.splitlines())
    assert full == {
        "id": "m-1",
        "text": 'Dear "all",\nsee below',
        "target": "Thank you,\n=we are glad",
        "concepts": ["praise", "=thanks"],
        "not_concepts": ["complaint"],
        "split": "train",
        "note": "read twice",
        "source": "mails.csv",
        "added": "2026-11-21T08:00:00+00:00",
        "metadata": {"language": "en", "split": "old"},
    }
    assert (empty["text"], empty["concepts"], empty["metadata"]) == ("=1+1", [], {})


@pytest.mark.parametrize(
    "text",
    ["=1+1", "007", "-3.5", "1e6", "true", "2026-11-21", "<r>&</r>", " x", "x@y.org", "_x0041_"],
)
def test_in_a_spreadsheet_a_text_stays_a_text(tmp_path, text):
    path = export(tmp_path / "out.xlsx", [LETTER._replace(text=text)], "xlsx", columns=("text",))
    header, cells = sheet_of(path)
    assert header == [("inlineStr", "text")]
    assert cells == [("inlineStr", text.replace("_x0041_", "_x005F_x0041_"))]  # XLSX's own escape


@pytest.mark.parametrize("export_format", FORMATS)
def test_the_preview_shows_what_will_be_written(tmp_path, export_format):
    options = ExportOptions(export_format, metadata_names=("language",), n_most_concepts=3)
    header, shown = preview_export(iter([LETTER, FORMULA, FORMULA]), options, n=2)
    path = tmp_path / f"out{SUFFIXES[export_format]}"
    write_export(path, [LETTER, FORMULA], options, lambda _n: None)
    if export_format == "jsonl":
        assert list(json.loads(path.read_text("utf-8").splitlines()[0])) == list(header)
        assert shown[0][3] == '["praise", "=thanks"]'
    elif export_format == "xlsx":
        assert [[cell for cell in row if cell] for row in (header, *shown)] == [
            [text for _kind, text in row] for row in sheet_of(path)
        ]
    else:
        assert [list(row) for row in (header, *shown)] == table_of(path)


# --- what stands between concepts


def test_the_separator_is_one_that_no_concept_holds():
    assert find_free_separator(["a", "b c"]) == "|"
    assert find_free_separator(["a|b", "c;d"]) == ","


def test_concepts_that_use_up_all_separators_are_told_of_another_format():
    with pytest.raises(NoSeparatorError) as failed:
        find_free_separator(SEPARATORS)
    assert "JSON Lines" in failed.value.next_step


# --- how a reader knows our columns


@given(st.text(max_size=12) | st.sampled_from(["id", "Text", "metadata.x", "concepts[;]", ""]))
def test_metadata_is_never_taken_for_a_column_of_ours(name):
    column = metadata_column(name)
    found = find_export_names(("id", "text", "concepts[;]", "not_concepts[;]", column))
    assert found == ("concepts[;]", "not_concepts[;]", ";", (column,))
    assert metadata_name(column) == name


@pytest.mark.parametrize("columns", ["text,concepts", "input,concepts,not_concepts", "text,label"])
def test_the_columns_of_other_files_are_left_to_guessing(columns):
    assert find_export_names(columns.split(",")) is None


# --- limits, stops, failures


@pytest.mark.parametrize("size", [(1_048_576, 1, 1), (1, 16_385, 1), (1, 1, 32_768)])
def test_what_has_no_room_in_a_spreadsheet_is_refused_with_a_way_out(size):
    check_sheet(1_048_575, 16_384, 32_767)
    with pytest.raises(SheetTooSmallError) as failed:
        check_sheet(*size)
    assert "JSON Lines or CSV" in failed.value.next_step


def test_too_many_rows_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(SheetTooSmallError):
        export(tmp_path / "out.xlsx", [FORMULA] * 1_048_576, "xlsx")
    assert not list(tmp_path.iterdir())


def test_too_many_columns_are_refused_before_anything_is_written(tmp_path):
    names = tuple(f"detail {i}" for i in range(16_384))
    with pytest.raises(SheetTooSmallError):
        write_export(
            tmp_path / "out.xlsx", iter([]), ExportOptions("xlsx", metadata_names=names), print
        )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["x" * (MAX_CELL_CHARS + 1), "😀" * (MAX_CELL_CHARS // 2 + 1)])
def test_a_text_too_long_for_a_cell_is_refused_and_nothing_is_left(tmp_path, text):
    with pytest.raises(SheetTooSmallError, match="32,767"):
        export(tmp_path / "out.xlsx", [FORMULA, FORMULA._replace(text=text)], "xlsx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("export_format", FORMATS)
def test_a_stopped_export_leaves_the_older_file_and_nothing_else(tmp_path, export_format):
    path = tmp_path / f"out{SUFFIXES[export_format]}"
    path.write_text("older", encoding="utf-8")
    told = []

    def stop(n_done):
        told.append(n_done)
        if n_done == 2000:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        write_export(path, [FORMULA] * 3000, ExportOptions(export_format), stop)
    assert told == [1000, 2000]
    assert path.read_text("utf-8") == "older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("export_format", FORMATS)
def test_a_place_that_cannot_be_written_to_is_named(tmp_path, export_format):
    with pytest.raises(NotWritableError, match="nowhere"):
        export(tmp_path / "nowhere" / "out", [FORMULA], export_format)


@pytest.mark.parametrize("export_format", FORMATS)
def test_memory_stays_flat_however_many_rows_there_are(tmp_path, export_format):
    rows = (LETTER._replace(text=f"{i} {'x' * 1000}") for i in range(5_000))
    options = ExportOptions(export_format, n_most_concepts=3)
    write_export(tmp_path / "first", [LETTER], options, lambda _n: None)  # loads the library
    tracemalloc.start()
    try:
        write_export(tmp_path / "out", rows, options, lambda _n: None)
        _now, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 1_500_000


# --- there and back

# What the app holds has been through an import, which takes white space from around texts, ids and
# metadata, makes one space of it inside names, and writes line ends as "\n".
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\0")
AWKWARD = st.sampled_from(
    ["=", "+", "-", "@", "'", '"', "\n", "|", ";", ",", "😀", "\r", "\t", "a"]
)
STRINGS = st.text(AWKWARD, max_size=8) | st.text(CHARACTERS, max_size=20)
TEXTS = STRINGS.map(lambda text: re.sub(r"\r+\n", "\n", text.strip())).filter(bool)
CELLS = STRINGS.map(str.strip)
NAMES = STRINGS.map(lambda name: " ".join(name.split())).filter(bool)


@st.composite
def app_contents(draw):
    """Return rows as an app holds them, their separator and the names of their metadata."""
    names = draw(st.lists(NAMES, unique=True, max_size=4))
    details = draw(
        st.lists(
            NAMES | st.sampled_from(["id", "text", "target", "split"]), unique=True, max_size=3
        )
    )

    @st.composite
    def row(draw):
        said = draw(st.fixed_dictionaries({name: st.none() | st.booleans() for name in names}))
        metadata = draw(st.fixed_dictionaries(dict.fromkeys(details, CELLS)))
        return ExportRow(
            draw(CELLS),
            draw(TEXTS),
            tuple(name for name in names if said[name]),
            tuple(name for name in names if said[name] is False),
            draw(st.sampled_from(["", "train", "test", "validation"])),
            "somewhere.csv",
            draw(CELLS),
            {name: value for name, value in metadata.items() if value},
            "2026-11-21T08:00:00+00:00",
            draw(st.just("") | TEXTS),
        )

    return draw(st.lists(row(), min_size=1, max_size=4)), find_free_separator(names), tuple(details)


def back_from(path):
    """Return what an import with the guessed mapping takes from a file."""
    found = list(read(path, preview(path).mapping))
    assert all(isinstance(row, Row) for row in found), found
    return [
        (
            *(row.external_id, row.text, row.target, dict(row.concepts)),
            *(row.split, row.metadata, row.note),
        )
        for row in found
    ]


def as_imported(row):
    said = dict.fromkeys(row.positive, True) | dict.fromkeys(row.negative, False)
    return row.external_id, row.text, row.target, said, row.split, row.metadata, row.note


@pytest.mark.parametrize("export_format", FORMATS)
@given(contents=app_contents())
@example(contents=([LETTER, FORMULA], "|", ("language", "split")))
@example(contents=([FORMULA._replace(text="text", positive=("a|b",))], ";", ()))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_import_of_the_export_gives_the_same_data(tmp_path, export_format, contents):
    rows, separator, details = contents
    path = tmp_path / f"out{SUFFIXES[export_format]}"
    export(
        path, rows, export_format, separator=separator, metadata_names=details, n_most_concepts=4
    )
    assert back_from(path) == [as_imported(row) for row in rows]
