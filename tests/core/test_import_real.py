"""Every real file beside the checkout goes through a whole import, and nothing of it is lost."""

import pytest

from core.files import Row, preview, read
from core.jobs import Job
from core.operations.import_texts import ImportRequest, NothingToImportError, import_texts
from core.storage.filters import InputFilter, count_inputs
from tests.core.test_files_real import EMPTY, MESSY, SETS


@pytest.mark.parametrize("name", [name for name in MESSY if name not in EMPTY])
def test_a_messy_file_is_imported_row_by_row(shared_data, app, name):
    path = shared_data("messy_csv") / name
    mapping = preview(path).mapping
    rows = list(read(path, mapping))
    try:
        result = import_texts(app, ImportRequest(path, mapping), Job())
    except NothingToImportError:
        assert not any(isinstance(row, Row) for row in rows)
        return
    assert result.n_added + result.n_problems == len(rows)
    with app.database() as db:
        assert count_inputs(db) == result.n_added


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_imported_with_exact_counts(shared_data, app, name):
    folder, file = name.split("/")
    path = shared_data(folder) / file
    mapping = preview(path).mapping
    rows = [row for row in read(path, mapping) if isinstance(row, Row)]
    result = import_texts(app, ImportRequest(path, mapping, same_id="keep"), Job())
    assert result.n_added == len(rows)
    assert result.n_unlabelled == sum(not row.concepts for row in rows)
    with app.database() as db:
        assert count_inputs(db) == len(rows)
        assert count_inputs(db, InputFilter(labelling="unlabelled")) == result.n_unlabelled
