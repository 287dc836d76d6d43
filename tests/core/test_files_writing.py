import csv
import errno

import pytest

from core.errors import DiskFullError, NotWritableError
from core.files import PredictionsWriter, Problem, preview, read, write_problems

HOSTILE = "=HYPERLINK(1)"


def predict(source, out, *, concepts=("good", "bad"), predicted=("good",)):
    mapping = preview(source).mapping
    reader = read(source, mapping)
    with PredictionsWriter(out, reader.columns, concepts, mapping) as writer:
        for row in reader:
            if isinstance(row, Problem):
                writer.write(row)
            else:
                writer.write(row, predicted, (0.75, 0.25))
    return writer.columns


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
        ["text", "topic", "predicted_concepts", "probability", "p:good", "p:bad"],
        ["a, b", "x", "good|bad", "0.750000", "0.750000", "0.250000"],
        ["", "no text", "", "", "", ""],
        ["=1+1", "y", "good|bad", "0.750000", "0.750000", "0.250000"],
    ]


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


def test_a_stopped_prediction_leaves_the_older_file_and_nothing_else(source, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("older", encoding="utf-8")
    mapping = preview(source).mapping

    def predict_until_stopped():
        with PredictionsWriter(out, ("text", "topic"), ("good",), mapping) as writer:
            writer.write(next(iter(read(source, mapping))), ("good",), (0.5,))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        predict_until_stopped()
    assert out.read_text(encoding="utf-8") == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_a_place_that_cannot_be_written_to_is_named(source, tmp_path):
    with pytest.raises(NotWritableError, match="nowhere"):
        predict(source, tmp_path / "nowhere" / "out.csv")


def test_a_full_disk_is_said_so(source, tmp_path, monkeypatch):
    def fill_up(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.files.csv_writer.os.fsync", fill_up)
    with pytest.raises(DiskFullError):
        predict(source, tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_rows_not_taken_can_be_saved(tmp_path):
    out = tmp_path / "problems.csv"
    write_problems(out, [Problem(7, "No text.", HOSTILE, (HOSTILE,))])
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == ["7", "No text.", f"'{HOSTILE}"]
