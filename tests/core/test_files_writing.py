import csv
import errno
import json

import numpy as np
import openpyxl
import pytest

from core.errors import DiskFullError, NotWritableError
from core.files import Problem, preview, read, write_problems
from core.files.predicted.columns import Added, Said
from core.files.predicted.growing import aside_of, journal_of
from core.files.predicted.lines import digits_of
from core.files.predicted.writer import PredictionsFile

HOSTILE = "=HYPERLINK(1)"
OURS = ["predicted_concepts", "probability", "runner_up", "runner_up_probability"]
NUMBERS = ["0.750000", "bad", "0.250000"]


def predict(source, out, *, concepts=("good", "bad"), predicted=("good",), about=None, most=99):
    mapping = preview(source).mapping
    reader = read(source, mapping)
    added = Added(concepts)
    file = PredictionsFile(out, reader.columns, added, mapping, about or {})
    try:
        file.begin()
        said = added.values_of(Said(predicted, 0.75, "bad", 0.25))
        numbers = file.lines.numbers(np.array([[0.75, 0.25]], np.float32)[:, : len(concepts)])[0]
        for row in list(reader)[:most]:
            tail = (
                file.lines.nothing if isinstance(row, Problem) else file.lines.tail(said, numbers)
            )
            file.write([(row, tail)])
        if most < 99:
            file.keep(tally=most)
            raise KeyboardInterrupt
        file.finish(lambda _n: None)
    finally:
        file.leave()
    return file.columns


def table_of(path, delimiter=","):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text('text,topic\n"a, b",x\n,no text\n=1+1,y\n', encoding="utf-8")
    return path


def test_predictions_stand_beside_the_files_own_columns(source, tmp_path):
    out = tmp_path / "out.csv"
    predict(source, out, predicted=("good", "bad"))
    assert table_of(out) == [
        ["text", "topic", *OURS, "p:good", "p:bad"],
        ["a, b", "x", "good|bad", *NUMBERS, "0.750000", "0.250000"],
        ["", "no text", "", "", "", "", "", ""],
        ["'=1+1", "y", "good|bad", *NUMBERS, "0.750000", "0.250000"],
    ]
    assert [
        row.text for row in read(out, preview(out).mapping) if not isinstance(row, Problem)
    ] == [
        "a, b",
        "=1+1",
    ]


def test_predictions_become_json_lines_with_their_types(source, tmp_path):
    out = tmp_path / "out.jsonl"
    predict(source, out, concepts=("good", "50 %"))
    first, nothing, _formula = [json.loads(line) for line in out.read_text().splitlines()]
    assert first == {
        "text": "a, b",
        "topic": "x",
        "predicted_concepts": ["good"],
        "probability": 0.75,
        "runner_up": "bad",
        "runner_up_probability": 0.25,
        "p:good": 0.75,
        "p:50 %": 0.25,
    }
    assert (nothing["topic"], nothing["probability"]) == ("no text", None)


def test_predictions_become_a_workbook_in_which_nothing_runs(source, tmp_path):
    out, again = tmp_path / "out.xlsx", tmp_path / "again.xlsx"
    predict(source, out, predicted=(HOSTILE,))
    rows = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))
    assert rows[0] == ("text", "topic", *OURS, "p:good", "p:bad")
    assert rows[1] == ("a, b", "x", HOSTILE, 0.75, "bad", 0.25, 0.75, 0.25)
    assert rows[2] == (None, "no text", *[None] * 6)
    cells = next(openpyxl.load_workbook(out).active.iter_rows(min_row=4, max_row=4))
    assert (cells[0].value, cells[0].data_type, cells[0].quotePrefix) == ("=1+1", "s", True)
    predict(source, again, predicted=(HOSTILE,))
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_numbers_are_written_all_at_once_as_one_by_one(delimiter):
    rng = np.random.default_rng(0)
    known = np.array([[0, 1, 1e-6, 4e-7, 0.9999996], [0.5, 0.1, 0.999999, 0.123456, 1e-3]])
    probabilities = np.concatenate([known, rng.random((50, 5))]).astype(np.float32)
    for row, digits in zip(probabilities, digits_of(probabilities, delimiter), strict=True):
        assert digits == "".join(f"{delimiter}{float(p):.6f}" for p in row)


def test_names_with_a_bar_are_parted_by_something_else(source, tmp_path):
    out = tmp_path / "out.csv"
    predict(source, out, concepts=("a|b", "c"), predicted=("a|b", "c"))
    assert table_of(out)[1][2] == "a|b;c"


def test_a_column_that_is_there_already_is_kept_beside_ours(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("text,probability\nhello,high\nyou,low\n", encoding="utf-8")
    columns = predict(source, tmp_path / "out.csv")
    assert columns[:4] == ("text", "probability", "predicted_concepts", "probability (2)")


@pytest.mark.parametrize(
    ("concept", "written"), [(HOSTILE, f"'{HOSTILE}"), ("@x", "'@x"), ("-1", "-1"), ("a", "a")]
)
def test_a_concept_cannot_run_as_a_formula(source, tmp_path, concept, written):
    predict(source, tmp_path / "out.csv", predicted=(concept,))
    assert table_of(tmp_path / "out.csv")[1][2] == written


def test_predictions_come_back_as_the_file_came(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("text;label\nSchöne Grüße;a\nÄäÖöÜüß;b\n", encoding="cp1252")
    predict(source, out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbftext;label;")
    assert "Schöne Grüße" in out.read_text(encoding="utf-8-sig")
    assert len(list(read(out, preview(out).mapping))) == 2


def test_a_lone_carriage_return_in_a_text_parts_no_row(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b'text,label\n"one\rtwo",x\nthree,y\n')
    predict(source, out)
    assert [row[0] for row in table_of(out)[1:]] == ["one\rtwo", "three"]


def test_a_file_that_stopped_leaves_the_older_one_and_keeps_what_was_written(source, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("older", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        predict(source, out, most=2)
    assert out.read_text(encoding="utf-8") == "older"
    assert aside_of(out).exists()
    assert journal_of(out).exists()


def going_on(source, out, about):
    mapping = preview(source).mapping
    columns = read(source, mapping).columns
    return PredictionsFile(out, columns, Added(("good", "bad")), mapping, about)


def test_what_was_written_behind_the_last_safe_state_is_cut_off(source, tmp_path):
    out = tmp_path / "out.csv"
    with pytest.raises(KeyboardInterrupt):
        predict(source, out, most=2, about={"model": "m"})
    safe = aside_of(out).read_bytes()
    aside_of(out).write_bytes(safe + b"half a r")
    with journal_of(out).open("ab") as journal:
        journal.write(b'{"rows": 3, "by')  # the power went away while it was written
    file = going_on(source, out, {"model": "m"})
    assert file.go_on()["rows"] == 2
    file.leave()
    assert aside_of(out).read_bytes() == safe
    assert going_on(source, out, {"model": "other"}).go_on() is None
    aside_of(out).write_bytes(safe[:-3])  # less than the journal says
    assert going_on(source, out, {"model": "m"}).go_on() is None


def test_a_place_that_cannot_be_written_to_is_named(source, tmp_path):
    with pytest.raises(NotWritableError, match="nowhere"):
        predict(source, tmp_path / "nowhere" / "out.csv")


def test_a_full_disk_is_said_so(source, tmp_path, monkeypatch):
    def fill_up(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.files.predicted.growing.os.fsync", fill_up)
    with pytest.raises(DiskFullError):
        predict(source, tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_rows_not_taken_can_be_saved(tmp_path):
    out = tmp_path / "problems.csv"
    write_problems(out, [Problem(7, "No text.", HOSTILE, (HOSTILE,))])
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == ["7", "No text.", f"'{HOSTILE}"]
