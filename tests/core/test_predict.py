import csv
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from core.errors import DiskFullError, UserError
from core.files import Mapping, preview
from core.files.predicted.growing import BusyFileError, GrowingFile, aside_of, journal_of
from core.jobs import Job, JobCancelled
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations import answers, predict_rows
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.edit_inputs import InputDeletion, TextEdits, edit_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.growing_rows import NothingToResumeError, StoppedByDiskError
from core.operations.predict import OutputIsInputError, PredictRequest, predict, unfinished
from core.operations.predict_rows import KEY
from core.operations.train import TrainRequest, train
from core.storage.predicted_files import list_predicted_files

PLAIN = EmbeddingClassifierSettings(enrich_dataset="Disabled")
OURS = ["predicted_concepts", "probability", "runner_up", "runner_up_probability"]


@pytest.fixture
def trained_app(labelled_app, fake_embedder):
    train(labelled_app, TrainRequest("first", settings=PLAIN), Job())
    return labelled_app


@pytest.fixture
def mails(tmp_path):
    path = tmp_path / "mails.csv"
    path.write_text("who,text\nann,claim your free prize\nbob,\ncy,see you tonight\n")
    return path


@pytest.fixture
def small_batches(monkeypatch):
    """Let a file of a few rows be many batches, and every one of them be kept."""
    monkeypatch.setattr("core.operations.predict_said._Classifier.most_rows", 4)
    monkeypatch.setattr("core.operations.growing_rows.KEPT_AFTER_S", -1)


@pytest.fixture
def long(tmp_path):
    path = tmp_path / "long.csv"
    lines = [f"{i},{'free prize' if i % 3 else 'see you'} number {i % 7}" for i in range(21)]
    lines[9] = "9,"
    path.write_text("\n".join(["id,text", *lines]), encoding="utf-8")
    return path


def asked(path, out, **more):
    return PredictRequest("first", path, out, preview(path).mapping, **more)


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_comes_back_with_its_own_columns_and_the_predictions(trained_app, mails, tmp_path):
    out = tmp_path / "out.csv"
    result = predict(trained_app, asked(mails, out), Job())
    rows = rows_of(out)
    assert (result.n_predicted, result.n_skipped, result.n_unlike) == (2, 1, None)
    assert result.counts == {"spam": 1, "ham": 1}
    assert list(rows[0]) == ["who", "text", *OURS, "p:spam", "p:ham"]
    assert [row["predicted_concepts"] for row in rows] == ["spam", "", "ham"]
    assert [row["runner_up"] for row in rows] == ["ham", "", "spam"]
    assert [row["who"] for row in rows] == ["ann", "bob", "cy"]
    assert float(rows[0]["p:spam"]) + float(rows[0]["p:ham"]) == pytest.approx(1, abs=1e-4)
    assert rows[0]["probability"] == rows[0]["p:spam"]
    assert rows[0]["runner_up_probability"] == rows[0]["p:ham"]


def test_json_lines_a_workbook_and_a_folder_are_predicted_alike(trained_app, mails, tmp_path):
    lines, sheet, folder = tmp_path / "out.jsonl", tmp_path / "out.xlsx", tmp_path / "letters"
    predict(trained_app, asked(mails, lines), Job())
    predict(trained_app, asked(lines, sheet), Job())
    folder.mkdir()
    (folder / "one.txt").write_text("claim your free prize")
    predict(trained_app, asked(folder, tmp_path / "folder.csv"), Job())
    first = json.loads(lines.read_text().splitlines()[0])
    assert first["predicted_concepts"] == ["spam"]
    header, row, *_others = openpyxl.load_workbook(sheet).active.iter_rows(values_only=True)
    kept = dict(zip(header, row, strict=True))
    assert kept["probability (2)"] == first["probability"]
    (letter,) = rows_of(tmp_path / "folder.csv")
    assert letter["text"] == "claim your free prize"
    assert letter["p:spam"] == f"{first['p:spam']:.6f}"


def test_a_dataset_is_predicted_with_all_that_is_known_of_its_texts(trained_app, tmp_path):
    out = tmp_path / "out.csv"
    result = predict(
        trained_app, PredictRequest("first", tmp_path, out, Mapping(), dataset="texts"), Job()
    )
    rows = rows_of(out)
    assert (result.n_predicted, len(rows)) == (20, 20)
    assert (rows[0]["text"], rows[0]["concepts"]) == ("win a free prize now", "spam")
    assert [int(row[KEY]) for row in rows] == list(range(1, 21))
    assert unfinished(out) is None


def test_a_version_is_predicted_as_it_was_frozen(trained_app, tmp_path):
    kept = freeze_dataset(trained_app, FreezeRequest(), Job()).version
    edit_inputs(trained_app, TextEdits(((1, "another text"),)), Job())
    edit_inputs(trained_app, InputDeletion((2,)), Job())
    out = tmp_path / "out.csv"
    request = PredictRequest(
        "first", tmp_path, out, Mapping(), dataset="texts", version=kept.number
    )
    assert predict(trained_app, request, Job()).n_predicted == 20
    rows = rows_of(out)
    assert (rows[0]["text"], rows[0]["concepts"]) == ("win a free prize now", "spam")
    assert [int(row[KEY]) for row in rows] == list(range(1, 21))
    with trained_app.database() as db:
        assert list_predicted_files(db)[0].source == f"texts, version {kept.number}"


def test_a_stopped_prediction_of_a_version_goes_on(trained_app, tmp_path, small_batches, impatient):
    freeze_dataset(trained_app, FreezeRequest(), Job())
    out = tmp_path / "out.csv"
    request = PredictRequest("first", tmp_path, out, Mapping(), dataset="texts", version=1)
    with pytest.raises(JobCancelled, match="kept"):
        predict(trained_app, request, impatient(9))
    assert unfinished(out).version == 1
    predict(trained_app, unfinished(out), Job())
    assert len(rows_of(out)) == 20


def test_a_version_that_there_is_not_is_refused(trained_app, tmp_path, refused):
    out = tmp_path / "out.csv"
    words = ("predict", trained_app.path, "first", "--out", out)
    what, _next_step = refused(*words, "--dataset", "texts", "--version", 7)
    assert "7" in what
    refused(*words, "mails.csv", "--version", 1)
    assert not out.exists()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
def test_a_stopped_prediction_goes_on_and_becomes_the_same_file(
    trained_app, long, tmp_path, small_batches, impatient, ending
):
    whole, out = tmp_path / f"whole.{ending}", tmp_path / f"out.{ending}"
    expected = predict(trained_app, asked(long, whole), Job())
    with pytest.raises(JobCancelled) as stopped:
        predict(trained_app, asked(long, out), impatient(9))
    assert "rows are kept" in str(stopped.value)
    assert not out.exists()
    n_stops = 0
    while unfinished(out):
        try:
            result = predict(trained_app, unfinished(out), impatient(14))
        except JobCancelled:
            n_stops += 1
    assert n_stops
    assert out.read_bytes() == whole.read_bytes()
    assert replace(result, out=whole) == expected
    assert not aside_of(out).exists()
    assert not journal_of(out).exists()


def test_a_killed_prediction_goes_on_from_what_was_safe(
    trained_app, long, tmp_path, small_batches, monkeypatch
):
    whole, out = tmp_path / "whole.csv", tmp_path / "out.csv"
    predict(trained_app, asked(long, whole), Job())
    seen = []

    def kill(self, *arguments):
        seen.append(arguments)
        if len(seen) == 3:
            for left in (aside_of(out), journal_of(out)):
                shutil.copy(left, tmp_path / f"{left.name}.then")  # as they lay on the disk
        return answer_all(self, *arguments)

    answer_all = answers.Answerer.answer_all
    monkeypatch.setattr(answers.Answerer, "answer_all", kill)
    predict(trained_app, asked(long, out), Job())
    out.unlink()
    for left in (aside_of(out), journal_of(out)):
        (tmp_path / f"{left.name}.then").rename(left)
    predict(trained_app, asked(long, out, resume=True), Job())
    assert out.read_bytes() == whole.read_bytes()
    assert len(seen) < 12


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_that_was_in_its_place_when_killed_is_not_offered_to_go_on(
    trained_app, long, tmp_path, small_batches, monkeypatch, ending
):
    out = tmp_path / f"out.{ending}"
    unlink = Path.unlink

    def killed_before(path, **more):
        if path in (aside_of(out), journal_of(out)):
            raise KeyboardInterrupt
        unlink(path, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed_before)
        with pytest.raises(KeyboardInterrupt):
            predict(trained_app, asked(long, out), Job())
    whole = out.read_bytes()
    if again := unfinished(out):
        predict(trained_app, again, Job())
    assert unfinished(out) is None
    assert out.read_bytes() == whole


def test_what_has_changed_since_is_not_gone_on_from(
    trained_app, long, tmp_path, small_batches, impatient
):
    out = tmp_path / "out.csv"
    with pytest.raises(NothingToResumeError, match="No beginning"):
        predict(trained_app, asked(long, out, resume=True), Job())
    with pytest.raises(JobCancelled):
        predict(trained_app, asked(long, out), impatient(9))
    long.write_text(long.read_text() + "\n22,more", encoding="utf-8")
    with pytest.raises(NothingToResumeError, match="changed"):
        predict(trained_app, asked(long, out, resume=True), Job())
    predict(trained_app, asked(long, out), Job())
    assert len(rows_of(out)) == 22


def test_a_text_that_was_edited_since_makes_a_dataset_lose_no_row(
    trained_app, tmp_path, small_batches, impatient, monkeypatch
):
    monkeypatch.setattr(predict_rows, "BATCH_CHARS", 200)
    out = tmp_path / "out.csv"
    request = PredictRequest("first", tmp_path, out, Mapping(), dataset="texts")
    with pytest.raises(JobCancelled, match="rows are kept"):
        predict(trained_app, request, impatient(9))
    edit_inputs(trained_app, TextEdits(((1, "much longer " * 30),)), Job())
    predict(trained_app, unfinished(out), Job())
    assert [int(row[KEY]) for row in rows_of(out)] == list(range(1, 21))


def test_a_prediction_stopped_before_a_row_was_kept_leaves_nothing(
    trained_app, mails, tmp_path, impatient
):
    before = sorted(tmp_path.iterdir())
    with pytest.raises(JobCancelled):
        predict(trained_app, asked(mails, tmp_path / "out.csv"), impatient(0))
    assert sorted(tmp_path.iterdir()) == before


def test_a_full_disk_keeps_what_was_written(
    trained_app, long, tmp_path, small_batches, monkeypatch
):
    def fill_up(*_arguments):
        raise DiskFullError

    out = tmp_path / "out.csv"
    with monkeypatch.context() as context:
        context.setattr("core.files.predicted.growing.GrowingFile.add", adding(3, fill_up))
        with pytest.raises(StoppedByDiskError, match="8 rows are kept"):
            predict(trained_app, asked(long, out), Job())
    predict(trained_app, unfinished(out), Job())
    assert len(rows_of(out)) == 21


def adding(n, otherwise):
    """Return an `add` that works until it was called `n` times."""
    add, calls = GrowingFile.add, []

    def added(self, content):
        calls.append(content)
        return add(self, content) if len(calls) < n else otherwise()

    return added


def test_a_file_is_never_predicted_into_itself(trained_app, mails):
    other_name = mails.with_name("OTHER.csv")  # as another case is where case does not matter
    other_name.hardlink_to(mails)
    for out in (mails, other_name):
        with pytest.raises(OutputIsInputError):
            predict(trained_app, asked(mails, out), Job())


def test_files_that_were_begun_are_remembered(trained_app, mails, tmp_path):
    for name in ("one.csv", "two.csv", "one.csv"):
        predict(trained_app, asked(mails, tmp_path / name), Job())
    with trained_app.database() as db:
        found = list_predicted_files(db)
    assert [one.path.name for one in found] == ["one.csv", "two.csv"]
    assert (found[0].source, found[0].text_column, found[0].model) == ("mails.csv", "text", "first")


def test_batches_end_at_the_same_rows_however_long_the_texts_are(monkeypatch, long):
    monkeypatch.setattr(predict_rows, "BATCH_CHARS", 40)
    rows = predict_rows.FileRows(long, preview(long).mapping)
    sizes = [len(batch) for batch in predict_rows.batches(rows, 4)]
    assert sum(sizes) == 21
    assert max(sizes) <= 4
    assert sizes == [len(batch) for batch in predict_rows.batches(rows, 4)]


def test_texts_unlike_the_training_are_marked(app, fake_embedder, tmp_path):
    rng = np.random.default_rng(0)
    for concept, words in (("cats", "cat purr tail paw"), ("dogs", "dog bark bone leash")):
        texts = tuple(" ".join(rng.choice(words.split(), 6)) + f" {i % 5}" for i in range(40))
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    train(app, TrainRequest("first", settings=PLAIN), Job())
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("text\ncat purr tail\nquarterly revenue grew\ndog bark 3\n")
    result = predict(app, asked(path, out), Job())
    assert [row["unlike_training"] for row in rows_of(out)] == ["no", "yes", "no"]
    assert result.n_unlike == 1


def test_equal_texts_are_asked_about_once(trained_app, tmp_path, monkeypatch):
    asked_about = []
    answer_all = answers.Answerer.answer_all

    def count(self, texts, job):
        asked_about.extend(texts)
        return answer_all(self, texts, job)

    monkeypatch.setattr(answers.Answerer, "answer_all", count)
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("text\nwin a prize\nsee you\nwin a prize\n")
    predict(trained_app, asked(path, out), Job())
    assert asked_about == ["win a prize", "see you"]
    first, _second, third = rows_of(out)
    assert first == third


def test_a_file_that_cannot_be_written_says_so(trained_app, mails, tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        predict(trained_app, asked(mails, tmp_path / "nowhere" / "out.csv"), Job())


def test_two_never_write_the_same_file_at_once(trained_app, mails, tmp_path):
    out = tmp_path / "out.csv"
    first = GrowingFile(out, {})
    first.begin(b"")
    with pytest.raises(BusyFileError):
        predict(trained_app, asked(mails, out), Job())
    first.leave()
    assert predict(trained_app, asked(mails, out), Job()).n_predicted == 2
    assert {path.name for path in tmp_path.glob(f".{out.name}*")} == set()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_what_is_no_file_is_never_replaced_by_one(trained_app, mails, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UserError, match="cannot be written"):
        predict(trained_app, asked(mails, pipe), Job())
    assert pipe.is_fifo()


def test_a_name_that_asks_for_another_format_is_refused(trained_app, mails, tmp_path):
    out = tmp_path / "out.parquet"
    with pytest.raises(UserError, match="has an ending"):
        predict(trained_app, asked(mails, out), Job())
    assert not out.exists()
