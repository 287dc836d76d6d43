"""Rows that an import left out are kept whole, so that they can be mended."""

import csv

import pytest

from core.app_folder import create_app_folder
from core.files import preview
from core.jobs import Job
from core.operations.import_texts import ImportRequest, import_texts, preview_import
from core.operations.save_rejected import RejectedRequest, save_rejected
from core.preferences import read_preferences, remember_mapping, remembered_mapping
from core.storage.imports import list_problems

ROWS = "id,text,label\n1,Where is it?,late\n2,,late\n1,the same id,late\n3,a,b,c\n"


@pytest.fixture
def app(tmp_path):
    return create_app_folder("Letters", tmp_path / "app")


@pytest.fixture
def request_(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(ROWS, encoding="utf-8")
    return ImportRequest(path, preview(path).mapping)


def saved(app, source, path, columns=()):
    save_rejected(app, RejectedRequest(path, source, columns), Job())
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_same_rows_are_saved_before_and_after_an_import(app, request_, tmp_path):
    before = saved(app, request_, tmp_path / "before.csv")
    result = import_texts(app, request_, Job())
    assert saved(app, result.import_id, tmp_path / "after.csv", result.columns) == before
    assert before[0] == ["row", "reason", "id", "text", "label"]
    assert [row[0] for row in before[1:]] == ["3", "4", "5"]
    assert before[3][2:] == ["3", "a", "b", "c"]


def test_a_row_is_kept_whole_however_long_it_is(app, tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(f"text,label,more\n,{'x' * 3000},{'y' * 3000}\nsome text,x,y\n")
    result = import_texts(app, ImportRequest(path, preview(path).mapping), Job())
    with app.database() as db:
        (problem,) = list_problems(db, result.import_id)
    assert problem.cells == ("", "x" * 3000, "y" * 3000)
    assert len(problem.row) == 500


def test_rows_that_an_older_program_kept_are_still_shown(app, request_):
    result = import_texts(app, request_, Job())
    with app.database() as db:
        db.execute("UPDATE import_problems SET row = 'as | it stood'")
        shown = [(row.row, row.cells) for row in list_problems(db, result.import_id)]
    assert shown[0] == ("as | it stood", ("as | it stood",))


def test_a_dry_run_counts_what_an_import_then_does(app, request_):
    expected = preview_import(app, request_, Job())
    result = import_texts(app, request_, Job())
    for name in ("n_added", "n_problems", "n_unlabelled", "n_same_id", "concepts", "columns"):
        assert getattr(expected, name) == getattr(result, name)
    assert (result.n_same_id, result.concepts) == (1, ("late",))


def test_damaged_memories_of_columns_are_forgotten(home):
    remember_mapping("a", {"text": "message"})
    path = home / "textwright" / "preferences.json"
    path.write_text('{"mappings": {"a": 3, "b": {"text": "message"}}}')
    assert remembered_mapping("a") is None
    assert remembered_mapping("b") == {"text": "message"}
    path.write_text('{"mappings": ["a"]}')
    assert read_preferences().mappings == {}
