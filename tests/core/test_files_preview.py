import json
from dataclasses import asdict
from pathlib import Path

import pytest

from core.errors import UserError
from core.files import Mapping, Problem, Row, preview, read, with_columns, with_options

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES = sorted(path for path in DATA.glob("**/*") if path.is_file() and path.name != "SOURCE.md")
MESSY = [path for path in FILES if path.parent.name == "messy_csv" and path.stat().st_size < 40_000]


def write(folder, content, name="a.csv"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_the_preview_shows_the_first_rows_as_they_will_be_read(tmp_path):
    path = write(tmp_path, "text,label\n" + "".join(f'"a, {i}",b\n' for i in range(30)) + ",x\n")
    seen = preview(path)
    assert seen.columns == ("text", "label")
    assert seen.rows == tuple(row.cells for row in list(read(path, seen.mapping))[:20])
    assert (seen.n_rows, seen.kind, seen.size_bytes) == (31, "table", path.stat().st_size)
    assert [problem.number for problem in seen.problems] == [32]


def test_the_preview_heals_when_an_option_is_switched(tmp_path):
    seen = preview(write(tmp_path, "good day,fine\nbad day,poor\nno day,fine\n"))
    assert seen.columns == ("Column 1", "Column 2")
    assert seen.mapping.concepts == ("Column 2",)

    with_header = with_options(seen, has_header=True)
    assert with_header.columns == ("good day", "fine")
    assert (with_header.mapping.text, with_header.mapping.concepts) == ("good day", ("fine",))
    assert with_header.n_rows == 2

    by_semicolon = with_options(seen, delimiter=";")
    assert by_semicolon.rows[0] == ("good day,fine",)
    assert with_options(by_semicolon, delimiter=",") == seen
    assert with_options(with_header, has_header=False) == seen
    assert with_options(seen, separator=" ").mapping.separator == " "


def test_columns_chosen_by_the_analyst_are_kept_when_the_encoding_is_switched(tmp_path):
    path = write(tmp_path, "text,label,kind\nhello you,a,b|c\nthere,b,c\nhello,a,b\n")
    seen = with_columns(preview(path), concepts=["kind"])
    assert (seen.mapping.concepts, seen.mapping.separator) == (("kind",), "|")
    again = with_options(seen, encoding="cp1252")
    assert (again.mapping.concepts, again.mapping.encoding) == (("kind",), "cp1252")


def test_a_text_file_can_be_one_text_and_a_list_again(tmp_path):
    seen = preview(write(tmp_path, 'First, of all\n"second\n', name="a.txt"))
    whole = with_options(seen, cut="file")
    assert (seen.kind, seen.n_rows, whole.n_rows) == ("texts", 2, 1)
    assert with_options(whole, cut="line") == seen
    assert with_options(with_options(seen, delimiter=","), delimiter="") == seen


def test_columns_of_one_name_and_of_none_can_be_told_apart(tmp_path):
    seen = preview(write(tmp_path, "text,label,label,\nhello you,a,b,c\nand you,a,c,c\n"))
    assert seen.columns == ("text", "label", "label (2)", "Column 4")


def test_a_mapping_survives_json():
    mapping = Mapping(text="a", concepts=("b", "c"), values=("", "d"), metadata=("e",))
    assert Mapping(**json.loads(json.dumps(asdict(mapping)))) == mapping


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_real_file_is_read_or_refused_with_a_next_step(path):
    try:
        seen = preview(path)
        rows = list(read(path, seen.mapping))
    except UserError as error:
        assert error.next_step  # noqa: PT017  # either is right
    else:
        assert all(isinstance(row, Row | Problem) for row in rows)
        assert seen.n_rows in (None, len(rows))
        if path.name in ("train.csv", "test.csv"):
            assert seen.mapping.text == "text"
            assert not [row for row in rows if isinstance(row, Problem) and row.cells[0].strip()]


@pytest.mark.parametrize("path", MESSY, ids=lambda path: path.name)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "shift_jis"])
@pytest.mark.parametrize("delimiter", [",", "\t", ""])
def test_any_option_on_any_file_gives_rows_or_a_next_step(path, encoding, delimiter):
    try:
        seen = with_options(preview(path), encoding=encoding, delimiter=delimiter)
    except UserError as error:
        assert error.next_step  # noqa: PT017  # either is right
    else:
        assert seen.columns


def test_a_stray_word_does_not_hide_the_column_of_splits(tmp_path):
    path = tmp_path / "mails.csv"
    lines = [f"text number {i},c{i % 2},{'test' if i % 4 == 0 else 'train'}" for i in range(30)]
    path.write_text("text,label,part\n" + "\n".join([*lines, "one more text,c1,perhaps"]))
    assert preview(path).mapping.split == "part"
