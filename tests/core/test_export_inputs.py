"""What is exported and imported again is the same, in every format."""

import pytest

from core.app_folder import OwnFileError, create_app_folder
from core.files import FORMATS, preview
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import NoteRequest, annotate
from core.operations.edit_inputs import MetadataEdit, SplitEdit, TextEdits, edit_inputs
from core.operations.export_inputs import (
    ExportRequest,
    NothingToExportError,
    export_inputs,
    preview_inputs_export,
)
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs

SUFFIXES = {"csv": ".csv", "portal": ".csv", "jsonl": ".jsonl", "xlsx": ".xlsx"}
LETTERS = (
    "id,text,concepts,not_concepts,split,channel\n"
    'm-1,"Where is it?\nI wait.",delivery|late,praise,train,mail\n'
    "m-2,=1+1,payment,,test,-3.5\n"
    "m-3,'=quoted,,delivery,validation,@phone\n"
    "m-4,لم تصل بطاقتي,delivery,,,\n"
    "m-5,nothing is said of it,,,,  \n"
)


@pytest.fixture
def app(tmp_path):
    """Return an app with every kind of thing that an input can have."""
    app = create_app_folder("Letters", tmp_path / "letters")
    path = tmp_path / "letters.csv"
    path.write_text(LETTERS, encoding="utf-8")
    bring_in(app, path)
    add_texts(app, AddTextsRequest(("typed in, without an id",), ("late",)), Job())
    annotate(app, NoteRequest(1, "read twice; call back"), Job())
    edit_inputs(app, MetadataEdit((1, 4), "split", "not ours"), Job())
    edit_inputs(app, MetadataEdit((2,), "a strange, name", '{"it": "is JSON"}'), Job())
    return app


def bring_in(app, path):
    return import_texts(app, ImportRequest(path, preview(path).mapping), Job())


def known(app, *, notes=True):
    """Return all that is known of every input, in the order of their texts."""
    with app.database() as db:
        names = {concept.id: concept.name for concept in list_concepts(db)}
        found = get_inputs(db, list_input_ids(db, InputFilter()))
    return sorted(
        (
            item.text,
            item.external_id,
            sorted(names[i] for i in item.positive),
            sorted(names[i] for i in item.negative),
            item.split,
            sorted(item.metadata.items()),
            item.note if notes else "",
        )
        for item in found
    )


@pytest.mark.parametrize("export_format", FORMATS)
def test_importing_an_export_gives_the_same_data(app, tmp_path, export_format):
    path = tmp_path / f"out{SUFFIXES[export_format]}"
    result = export_inputs(app, ExportRequest(path, export_format), Job())
    assert result.n_inputs == 6
    other = create_app_folder("Copy", tmp_path / "copy")
    assert bring_in(other, path).n_problems == 0
    assert known(other) == known(app)


@pytest.mark.parametrize("export_format", FORMATS)
def test_an_export_of_an_export_is_the_same_file(app, tmp_path, export_format):
    first, second = (tmp_path / f"{n}{SUFFIXES[export_format]}" for n in (1, 2))
    columns = ("id", "text", "concepts", "not_concepts", "split", "note", "metadata")
    export_inputs(app, ExportRequest(first, export_format, columns=columns), Job())
    other = create_app_folder("Copy", tmp_path / "copy")
    bring_in(other, first)
    export_inputs(other, ExportRequest(second, export_format, columns=columns), Job())
    assert preview(second).rows == preview(first).rows


def test_only_what_a_filter_leaves_is_exported(app, tmp_path):
    path = tmp_path / "out.csv"
    request = ExportRequest(path, wanted=InputFilter(split="train"), columns=("id", "text"))
    assert export_inputs(app, request, Job()).n_inputs == 1
    assert preview(path).rows == (("m-1", "Where is it?\nI wait."),)


def test_a_version_is_exported_as_it_was_frozen(app, tmp_path):
    freeze_dataset(app, FreezeRequest("texts"), Job())
    edit_inputs(app, TextEdits(((2, "changed since"),)), Job())
    edit_inputs(app, SplitEdit((2,), "train"), Job())
    path = tmp_path / "out.csv"
    export_inputs(app, ExportRequest(path, dataset="texts", version=1), Job())
    kept = {row[0]: row for row in preview(path).rows}
    assert kept["m-2"][1] == "=1+1"
    assert "test" in kept["m-2"]


def test_the_preview_shows_the_first_rows_and_how_many_there_are(app, tmp_path):
    request = ExportRequest(tmp_path / "out.csv", columns=("id", "text"))
    shown = preview_inputs_export(app, request, Job())
    assert (shown.header, shown.n_inputs) == (("id", "text"), 6)
    assert shown.rows[1] == ("m-2", "'=1+1")
    assert not (tmp_path / "out.csv").exists()


def test_where_nothing_is_left_nothing_is_exported(app, tmp_path):
    wanted = InputFilter(containing="nobody wrote this")
    with pytest.raises(NothingToExportError):
        export_inputs(app, ExportRequest(tmp_path / "out.csv", wanted=wanted), Job())


def test_an_export_never_replaces_the_files_of_the_app(app):
    with pytest.raises(OwnFileError, match="app's own files"):
        export_inputs(app, ExportRequest(app.path / "app.db"), Job())
    with app.database() as db:
        assert list_concepts(db)


@pytest.mark.parametrize("format_", FORMATS)
def test_metadata_that_only_the_last_text_has_comes_back(app, tmp_path, format_):
    add_texts(app, AddTextsRequest(tuple(f"text {n}" for n in range(300))), Job())
    with app.database() as db:
        last = list_input_ids(db)[-1]
    edit_inputs(app, MetadataEdit((last,), "mood", "glad"), Job())
    path = tmp_path / f"out{SUFFIXES[format_]}"
    export_inputs(app, ExportRequest(path, format_), Job())
    again = create_app_folder("Again", tmp_path / "again")
    bring_in(again, path)
    with again.database() as db:
        (found,) = list_input_ids(db, InputFilter(metadata=(("mood", "glad"),)))
        assert get_inputs(db, [found])[0].text == "text 299"
