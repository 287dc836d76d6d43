"""Bringing texts in."""

import csv

import pytest

from core.errors import DiskFullError
from core.files import preview
from core.files.errors import ColumnMissingError, EmptyFileError
from core.jobs import Job, JobCancelled
from core.operations import import_texts as module
from core.operations.import_texts import ImportRequest, NothingToImportError, import_texts
from core.storage.concepts import list_concepts
from core.storage.database import transaction
from core.storage.datasets import add_dataset, get_dataset, list_datasets
from core.storage.filters import InputFilter, count_inputs, list_input_ids
from core.storage.imports import list_problems
from core.storage.inputs import get_inputs


@pytest.fixture
def write(tmp_path):
    def written(content, name="mails.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return written


def bring_in(app, path, job=None, **changes):
    return import_texts(app, ImportRequest(path, preview(path).mapping, **changes), job or Job())


def test_texts_come_in_with_their_concepts(app, db, write):
    path = write("text,label\nWin a prize now,spam\nSee you at eight,ham\nSee you at nine,\n")
    result = bring_in(app, path)
    assert (result.n_added, result.n_problems, result.n_unlabelled) == (3, 0, 1)
    assert [(c.name, c.n_positive) for c in list_concepts(db)] == [("ham", 1), ("spam", 1)]
    assert [i.source for i in get_inputs(db, [1, 2, 3])] == ["mails.csv"] * 3


def test_the_portal_s_columns_bring_negatives_too(app, db, write):
    path = write(
        "input.data.text.raw,input.id,input.data.concepts[0].id,input.data.concepts[0].value,"
        "input.data.concepts[1].id,input.data.concepts[1].value,input.data.metadata\n"
        'Win a prize,m1,spam,1,ham,0,"{""from"": ""Bob""}"\n'
    )
    bring_in(app, path)
    (found,) = get_inputs(db, [1])
    names = {c.id: c.name for c in list_concepts(db)}
    assert [names[i] for i in found.positive] == ["spam"]
    assert [names[i] for i in found.negative] == ["ham"]
    assert (found.external_id, found.metadata) == ("m1", {"from": "Bob"})


def test_rows_that_cannot_be_taken_are_kept_with_number_and_reason(app, db, write):
    path = write("text,label\nWin a prize now,spam\n,ham\na,b,c\nSee you at eight,ham\n")
    result = bring_in(app, path)
    assert (result.n_added, result.n_problems) == (2, 2)
    assert [problem.number for problem in result.problems] == [3, 4]
    kept = list(list_problems(db, result.import_id))
    assert [(p.number, p.row) for p in kept] == [(3, " | ham"), (4, "a | b | c")]
    assert [p.cells for p in kept] == [("", "ham"), ("a", "b", "c")]
    assert result.columns == ("text", "label")


def test_an_id_comes_in_once_whether_in_the_file_or_in_the_app(app, db, write):
    first = write("id,text\n1,Win a prize now\n2,See you at eight\n1,Again the same\n")
    result = bring_in(app, first)
    assert (result.n_added, [p.number for p in result.problems]) == (2, [4])
    assert "“1”" in result.problems[0].reason
    again = bring_in(app, write("id,text\n2,See you\n3,A third text\n", "more.csv"))
    assert (again.n_added, [p.number for p in again.problems]) == (1, [2])


def test_texts_go_to_the_dataset_that_is_named(app, db, write):
    bring_in(app, write("text\nOne text here\nAnother text\n"), dataset="letters")
    assert [(d.name, d.n_inputs) for d in list_datasets(db)] == [("texts", 0), ("letters", 2)]


def test_a_folder_of_text_files_makes_concepts_of_its_folders(app, db, tmp_path):
    for name, text in (("spam/1.txt", "Win a prize"), ("ham/1.txt", "See you at eight")):
        (tmp_path / "mails" / name).parent.mkdir(parents=True)
        (tmp_path / "mails" / name).write_text(text)
    assert bring_in(app, tmp_path / "mails").n_added == 2
    assert {c.name: c.n_positive for c in list_concepts(db)} == {"spam": 1, "ham": 1}


@pytest.mark.parametrize("patience", [0, 1, 2, 3])
def test_a_stopped_import_leaves_the_app_as_it_was(
    app, db, write, monkeypatch, impatient, patience
):
    monkeypatch.setattr(module, "BATCH", 2)
    path = write("text,label\n" + "".join(f"text number {i},c{i}\n" for i in range(6)))
    with pytest.raises(JobCancelled):
        bring_in(app, path, impatient(patience), dataset="new")
    assert count_inputs(db) == 0
    assert list_concepts(db) == []
    assert [d.name for d in list_datasets(db)] == ["texts"]


def test_a_stopped_import_keeps_what_was_there_before(app, db, write, monkeypatch, impatient):
    monkeypatch.setattr(module, "BATCH", 2)
    bring_in(app, write("text,label\nWin a prize now,spam\nSee you at eight,ham\n"))
    more = "text,label\n" + "".join(f"text number {i},spam\n" for i in range(6))
    with pytest.raises(JobCancelled):
        bring_in(app, write(more, "more.csv"), impatient(2))
    assert list(list_input_ids(db, InputFilter())) == [1, 2]
    assert [(c.name, c.n_positive) for c in list_concepts(db)] == [("ham", 1), ("spam", 1)]


def test_a_full_disk_in_the_middle_leaves_nothing_behind(app, write, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "transaction", _fails_after(module.transaction, 3))
    path = write("text,label\n" + "".join(f"text number {i},c{i}\n" for i in range(6)))
    with pytest.raises(DiskFullError):
        bring_in(app, path)
    monkeypatch.undo()
    with app.locked(), app.database() as db:
        assert count_inputs(db) == 0


def _fails_after(real, n):
    calls = iter(range(99))

    def limited(db):
        if next(calls) >= n:
            raise DiskFullError
        return real(db)

    return limited


def test_a_file_without_any_text_is_refused_and_leaves_nothing(app, db, write):
    with pytest.raises(NothingToImportError, match=r"mails\.csv"):
        bring_in(app, write("text,label\n,spam\n,ham\n"))
    assert list_datasets(db)[0].n_inputs == 0
    with pytest.raises(EmptyFileError):
        bring_in(app, write(""))


def test_a_column_that_is_not_there_is_said(app, write):
    path = write("text,label\nWin a prize now,spam\n")
    mapping = preview(path).mapping.__class__(text="body")
    with pytest.raises(ColumnMissingError, match="body"):
        import_texts(app, ImportRequest(path, mapping), Job())


def test_ten_megabytes_in_one_cell_are_one_problem(app, db, write):
    long = "x " * 5_000_000
    result = bring_in(app, write(f"text,label\n{long},spam\nSee you at eight,ham\n"))
    assert (result.n_added, result.n_problems) == (1, 1)


@pytest.mark.parametrize("name", ["sms_spam", "banking77", "airline_sentiment", "nlupp_intents"])
def test_real_sets_come_in_whole(app, db, shared_data, name):
    path = shared_data(name) / "train.csv"
    with path.open(encoding="utf-8", newline="") as file:
        n_rows = sum(1 for _row in csv.reader(file)) - 1
    result = bring_in(app, path)
    assert result.n_added + result.n_problems == n_rows
    assert result.n_added == get_dataset(db, "texts").n_inputs
    assert result.n_problems < 0.01 * n_rows


def test_the_window_can_write_while_an_import_runs(app, db, write, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)

    class Writing(Job):
        def report(self, *args):
            super().report(*args)
            with transaction(db):
                db.execute("UPDATE about SET value = value")

    path = write("text,label\n" + "".join(f"text number {i},c{i}\n" for i in range(6)))
    assert bring_in(app, path, Writing()).n_added == 6


def test_a_concept_deleted_while_an_import_runs_is_made_again(app, db, write, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)

    class Deleting(Job):
        def report(self, *args):
            super().report(*args)
            with transaction(db):
                db.execute("DELETE FROM concepts")

    path = write("text,label\n" + "".join(f"text number {i},same\n" for i in range(4)))
    assert bring_in(app, path, Deleting()).n_added == 4


def test_a_stopped_import_leaves_empty_datasets_that_it_did_not_make(app, db, write, impatient):
    with transaction(db):
        add_dataset(db, "mine")
    with pytest.raises(JobCancelled):
        bring_in(app, write("text\nOne text here\nAnother text\n"), impatient(0))
    assert "mine" in [dataset.name for dataset in list_datasets(db)]
