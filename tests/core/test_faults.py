"""What can go wrong, line by line: one sentence, a next step, and nothing is lost."""

import os
import shutil
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.app_folder import create_app_folder
from core.errors import NotWritableError, UserError
from core.files import preview
from core.files.errors import (
    ColumnMissingError,
    DamagedFileError,
    EmptyFileError,
    FileMissingError,
    NoTextFilesError,
    NotTextError,
)
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.embedding_classifier import ModelDamagedError
from core.operations.add_texts import (
    AddTextsRequest,
    TextTooLongError,
    add_texts,
)
from core.operations.edit_inputs import InputDeletion, TextEdits, edit_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.predict import PredictRequest, predict
from core.operations.train import TrainRequest, train
from core.operations.training_data import NoLabelsError
from core.operations.try_text import TryRequest, try_text
from core.storage.concepts import list_concepts
from core.storage.database import AppTooNewError, AppUnreachableError
from core.storage.filters import count_inputs
from core.storage.models import list_model_versions
from tests.core.faults import BUT_VERSIONS, TRAIN, bring_in, state

pytestmark = pytest.mark.usefixtures("fake_embedder")


# Files


def as_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.csv", b"", EmptyFileError),
        ("blank.csv", b" \r\n\t\n", EmptyFileError),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, NotTextError),
        ("nothing.txt", b"\x00" * 5_000, NotTextError),
        ("archive.csv", None, NoTextFilesError),
        ("table.xlsx", None, DamagedFileError),
        ("header.csv", b"text,label\n", UserError),
        ("nul.csv", b"text,label\nall \x00 rows\x00,a\n", UserError),
    ],
)
def test_a_file_that_holds_no_texts_is_refused(labelled_app, tmp_path, name, content, error):
    path = tmp_path / name
    if content is None:
        as_zip(path)
    else:
        path.write_bytes(content)
    before = state(labelled_app)
    with pytest.raises(error, match=name) as raised:
        bring_in(labelled_app, path)
    assert raised.value.next_step
    assert state(labelled_app) == before


def test_a_nul_byte_costs_one_row(app, tmp_path):
    path = tmp_path / "nul.csv"
    path.write_bytes(b"text,label\nsound text,a\nbroken \x00 text,b\nmore text,b\n")
    result = bring_in(app, path)
    assert (result.n_added, [p.number for p in result.problems]) == (2, [3])


def test_a_wrong_column_is_named_with_those_there_are(labelled_app, many_mails):
    before = state(labelled_app)
    mapping = preview(many_mails).mapping.__class__(text="body")
    with pytest.raises(ColumnMissingError, match="body") as raised:
        import_texts(labelled_app, ImportRequest(many_mails, mapping), Job())
    assert "text, label" in raised.value.next_step
    assert state(labelled_app) == before


def test_a_file_that_went_away_is_said(labelled_app, many_mails, tmp_path):
    mapping = preview(many_mails).mapping
    train(labelled_app, TRAIN, Job())
    many_mails.unlink()
    before = state(labelled_app)
    with pytest.raises(FileMissingError):
        import_texts(labelled_app, ImportRequest(many_mails, mapping), Job())
    with pytest.raises(FileMissingError):
        predict(
            labelled_app, PredictRequest("first", many_mails, tmp_path / "o.csv", mapping), Job()
        )
    assert not (tmp_path / "o.csv").exists()
    assert state(labelled_app) == before


def test_ten_megabytes_in_one_cell_are_refused_wherever_they_come_in(app, tmp_path):
    long = "ten megabytes " * 750_000
    path = tmp_path / "long.csv"
    path.write_text(f"text,label\n{long},a\nshort,b\n", encoding="utf-8")
    result = bring_in(app, path)
    assert (result.n_added, [problem.number for problem in result.problems]) == (1, [2])
    before = state(app)
    with pytest.raises(TextTooLongError, match=r"10,\d{3},\d{3} characters"):
        add_texts(app, AddTextsRequest(("short", long)), Job())
    with pytest.raises(TextTooLongError):
        edit_inputs(app, TextEdits(((1, long),)), Job())
    assert state(app) == before


def test_ids_that_come_twice_cost_their_second_row(app, tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text("id,text\n" + "".join(f"{i % 9},text {i}\n" for i in range(12)))
    result = bring_in(app, path)
    assert (result.n_added, result.n_problems) == (9, 3)
    with pytest.raises(UserError, match=r"ids\.csv"):
        bring_in(app, path)


def test_a_file_imported_twice_without_ids_is_there_twice_and_kept_once(app, db, many_mails):
    bring_in(app, many_mails)
    bring_in(app, many_mails)
    assert count_inputs(db) == 4_000
    assert db.table("texts").count == 2_000


def test_thousands_of_concepts_with_long_names_come_in(app, db, tmp_path):
    path = tmp_path / "many.csv"
    rows = [f"text {i},{i:05d}{'c' * 190}\n" for i in range(5_000)]
    path.write_text("text,label\n" + "".join(rows))
    assert bring_in(app, path).n_problems == 0
    assert len(list_concepts(db)) == 5_000


# Too little to learn from


@pytest.mark.parametrize(
    "texts",
    [
        (),
        (("a text", (), ()), ("another", (), ())),
        (("win", ("spam",), ()), ("win more", ("spam",), ())),
        (("hello", (), ("spam",)), ("good day", (), ("spam",))),
    ],
)
def test_too_little_to_learn_from_is_said_and_changes_nothing(app, texts):
    for text, positive, negative in texts:
        add_texts(app, AddTextsRequest((text,), positive, negative), Job())
    before = state(app, BUT_VERSIONS)
    with pytest.raises(UserError) as raised:
        train(app, TRAIN, Job())
    assert raised.value.next_step
    assert state(app, BUT_VERSIONS) == before


def test_two_texts_and_contradicting_labels_still_train(app):
    add_texts(app, AddTextsRequest(("win",), ("spam",)), Job())
    add_texts(app, AddTextsRequest(("hello",), ("ham",)), Job())
    assert train(app, TRAIN, Job()).model_version.number == 1
    add_texts(app, AddTextsRequest(("win",), ("ham",)), Job())
    assert train(app, TRAIN, Job()).model_version.number == 2


def test_a_concept_that_is_not_learned_cannot_be_the_only_one_shown(labelled_app):
    settings = EmbeddingClassifierSettings(select_concepts=("ham", "nothing"))
    with pytest.raises(UserError, match="nothing") as raised:
        train(labelled_app, TrainRequest(model="first", settings=settings), Job())
    assert "spam, ham" in raised.value.next_step


# Folders


@contextmanager
def nobody():
    """Be nobody for a while, because root may write everywhere."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        yield


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions work otherwise on Windows")
def test_an_app_that_may_only_be_read_says_so(many_mails):
    with tempfile.TemporaryDirectory() as place:  # pytest's own folders are root's alone
        Path(place).chmod(0o755)
        app = create_app_folder("Letters", Path(place) / "letters")
        for text, concept in (("win", "spam"), ("hello", "ham")):
            add_texts(app, AddTextsRequest((text,), (concept,)), Job())
        trained = train(app, TRAIN, Job()).model_version.folder
        before = state(app)
        for path in (app.path, app.models, app.models / trained):
            path.chmod(0o555)
        shutil.copy(many_mails, Path(place) / "mails.csv")
        (Path(place) / "mails.csv").chmod(0o444)
        with nobody():
            for operation in (
                lambda: add_texts(app, AddTextsRequest(("text",)), Job()),
                lambda: bring_in(app, Path(place) / "mails.csv"),
                lambda: freeze_dataset(app, FreezeRequest(description="new"), Job()),
                lambda: train(app, TRAIN, Job()),
            ):
                with pytest.raises(NotWritableError, match="letters") as raised:
                    operation()
                assert raised.value.next_step
        for path in (app.path, app.models):
            path.chmod(0o755)
        assert state(app) == before


def test_an_app_folder_that_went_away_is_not_made_again(labelled_app, many_mails, monkeypatch):
    class Careless(Job):
        def report(self, stage, *counts):
            super().report(stage, *counts)
            if stage in ("Adding texts", "Learning"):
                shutil.rmtree(labelled_app.path, ignore_errors=True)

    copy = labelled_app.path.with_name("copy")
    shutil.copytree(labelled_app.path, copy)
    with pytest.raises(AppUnreachableError, match="messages"):
        bring_in(labelled_app, many_mails, Careless())
    assert not labelled_app.path.exists()
    shutil.copytree(copy, labelled_app.path)
    with pytest.raises((AppUnreachableError, NotWritableError), match="messages"):
        train(labelled_app, TRAIN, Careless())
    assert not labelled_app.path.exists()
    with pytest.raises(AppUnreachableError):
        add_texts(labelled_app, AddTextsRequest(("text",)), Job())


def test_an_app_from_a_newer_version_is_left_alone(labelled_app):
    with labelled_app.database() as db:
        db.execute("PRAGMA user_version = 99")
    before = (labelled_app.path / "app.db").read_bytes()
    with pytest.raises(AppTooNewError, match="newer"), labelled_app.locked():
        pass
    with pytest.raises(AppTooNewError):
        add_texts(labelled_app, AddTextsRequest(("text",)), Job())
    assert (labelled_app.path / "app.db").read_bytes() == before


@pytest.mark.parametrize("name", ["weights.safetensors", "classifier.json", ""])
@pytest.mark.parametrize("harm", ["missing", "empty", "cut"])
def test_a_damaged_model_is_said_and_the_texts_stay(labelled_app, name, harm):
    trained = train(labelled_app, TRAIN, Job()).model_version
    path = labelled_app.models / trained.folder / name
    if not name:
        shutil.rmtree(path)
    elif harm == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:100] if harm == "cut" else b"")
    with pytest.raises(ModelDamagedError) as raised:
        try_text(labelled_app, TryRequest("first", "win"), Job())
    assert raised.value.next_step
    assert train(labelled_app, TRAIN, Job()).model_version.number == 2
    assert try_text(labelled_app, TryRequest("first", "win"), Job()).predictions


def test_a_frozen_version_survives_what_is_deleted_after_it(labelled_app):
    version = freeze_dataset(labelled_app, FreezeRequest(), Job()).version
    edit_inputs(labelled_app, InputDeletion(tuple(range(1, 21))), Job())
    with labelled_app.database() as db:
        assert count_inputs(db) == 0
        assert list_model_versions(db) == []
    with pytest.raises(UserError):
        train(labelled_app, TRAIN, Job())
    request = TrainRequest(model="first", settings=TRAIN.settings, version=version.number)
    assert train(labelled_app, request, Job()).model_version.summary["n_texts"] == 20


def test_no_label_at_all_is_said_with_the_name_of_the_dataset(app):
    add_texts(app, AddTextsRequest(("a", "b"), dataset="letters"), Job())
    with pytest.raises(NoLabelsError, match="letters"):
        train(app, TrainRequest(model="first", dataset="letters", settings=TRAIN.settings), Job())
