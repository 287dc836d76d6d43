"""What can go wrong, line by line: one sentence, a next step, and nothing is lost."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import app_folder
from core.app_folder import AppInUseError, AppMissingError, create_app_folder
from core.errors import DiskFullError, NotWritableError, UserError
from core.files import preview
from core.files.errors import (
    ColumnMissingError,
    EmptyFileError,
    FileMissingError,
    FormatUnsupportedError,
    NotTextError,
)
from core.jobs import Job
from core.learning.embedding_classifier import ModelDamagedError
from core.learning.settings import EmbeddingClassifierSettings
from core.operations.add_texts import (
    AddTextsRequest,
    TextTooLongError,
    add_texts,
)
from core.operations.edit_inputs import InputDeletion, TextEdit, edit_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.predict import PredictRequest, predict
from core.operations.train import TrainRequest, train
from core.operations.training_data import NoLabelsError
from core.operations.try_text import TryRequest, try_text
from core.storage.concepts import list_concepts
from core.storage.database import AppTooNewError, AppUnreachableError
from core.storage.inputs import count_inputs
from core.storage.models import list_model_versions

ROOT = Path(__file__).resolve().parents[2]
PLAIN = EmbeddingClassifierSettings(enrich_dataset="Disabled")
TRAIN = TrainRequest(model="first", settings=PLAIN)
CACHES = ("jobs", "embedders", "embeddings")  # what may grow without the app being another
VERSIONS = ("dataset_versions", "version_inputs", "version_concepts", "version_annotations")

pytestmark = pytest.mark.usefixtures("fake_embedder")


def state(app, besides=CACHES):
    """Return all that an app holds: every row of every table, every file of every model."""
    with app.database() as db:
        tables = [t for t in db.table_names() if t not in besides]
        rows = {t: db.execute(f"SELECT * FROM {t}").fetchall() for t in tables}
    files = [path for path in app.models.rglob("*") if path.is_file()]
    return rows | {path.name: path.read_bytes() for path in files}


def bring_in(app, path, job=None):
    return import_texts(app, ImportRequest(path, preview(path).mapping), job or Job())


@pytest.fixture
def mails(tmp_path):
    path = tmp_path / "mails.csv"
    lines = [f"text number {i} of many,c{i % 5}" for i in range(2_000)]
    path.write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    return path


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
        ("archive.csv", None, FormatUnsupportedError),
        ("table.xlsx", None, FormatUnsupportedError),
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


def test_a_wrong_column_is_named_with_those_there_are(labelled_app, mails):
    before = state(labelled_app)
    mapping = preview(mails).mapping.__class__(text="body")
    with pytest.raises(ColumnMissingError, match="body") as raised:
        import_texts(labelled_app, ImportRequest(mails, mapping), Job())
    assert "text, label" in raised.value.next_step
    assert state(labelled_app) == before


def test_a_file_that_went_away_is_said(labelled_app, mails, tmp_path):
    mapping = preview(mails).mapping
    train(labelled_app, TRAIN, Job())
    mails.unlink()
    before = state(labelled_app)
    with pytest.raises(FileMissingError):
        import_texts(labelled_app, ImportRequest(mails, mapping), Job())
    with pytest.raises(FileMissingError):
        predict(labelled_app, PredictRequest("first", mails, tmp_path / "o.csv", mapping), Job())
    assert not (tmp_path / "o.csv").exists()
    assert state(labelled_app) == before


def test_ten_megabytes_in_one_cell_are_refused_wherever_they_come_in(app, tmp_path):
    long = "ten megabytes " * 750_000
    path = tmp_path / "long.csv"
    path.write_text(f"text,label\n{long},a\nshort,b\n", encoding="utf-8")
    assert (bring_in(app, path).n_added, list(bring_in(app, path).problems)[0].number) == (1, 2)
    before = state(app)
    with pytest.raises(TextTooLongError, match=r"10,\d{3},\d{3} characters"):
        add_texts(app, AddTextsRequest(("short", long)), Job())
    with pytest.raises(TextTooLongError):
        edit_inputs(app, TextEdit(1, long), Job())
    assert state(app) == before


def test_ids_that_come_twice_cost_their_second_row(app, tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text("id,text\n" + "".join(f"{i % 9},text {i}\n" for i in range(12)))
    result = bring_in(app, path)
    assert (result.n_added, result.n_problems) == (9, 3)
    with pytest.raises(UserError, match=r"ids\.csv"):
        bring_in(app, path)


def test_a_file_imported_twice_without_ids_is_there_twice_and_kept_once(app, db, mails):
    bring_in(app, mails)
    bring_in(app, mails)
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
    before = state(app, (*CACHES, *VERSIONS))
    with pytest.raises(UserError) as raised:
        train(app, TRAIN, Job())
    assert raised.value.next_step
    assert state(app, (*CACHES, *VERSIONS)) == before


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
def test_an_app_that_may_only_be_read_says_so(mails):
    with tempfile.TemporaryDirectory() as place:  # pytest's own folders are root's alone
        Path(place).chmod(0o755)
        app = create_app_folder("Letters", Path(place) / "letters")
        bring_in(app, mails)
        trained = train(app, TRAIN, Job()).model_version.folder
        before = state(app)
        for path in (app.path, app.models, app.models / trained):
            path.chmod(0o555)
        shutil.copy(mails, Path(place) / "mails.csv")
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


def test_an_app_folder_that_went_away_is_not_made_again(labelled_app, mails, monkeypatch):
    class Careless(Job):
        def report(self, stage, *counts):
            super().report(stage, *counts)
            if stage in ("Adding texts", "Learning"):
                shutil.rmtree(labelled_app.path, ignore_errors=True)

    copy = labelled_app.path.with_name("copy")
    shutil.copytree(labelled_app.path, copy)
    with pytest.raises(AppUnreachableError, match="messages"):
        bring_in(labelled_app, mails, Careless())
    assert not labelled_app.path.exists()
    shutil.copytree(copy, labelled_app.path)
    with pytest.raises((AppUnreachableError, NotWritableError), match="messages"):
        train(labelled_app, TRAIN, Careless())
    assert not labelled_app.path.exists()
    with pytest.raises(AppMissingError):
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


# Disk full


@pytest.fixture
def no_room(monkeypatch):
    """Return a function that lets the databases opened from now on hardly grow."""

    def limit(n_pages):
        real = app_folder.open_database

        def limited(path):
            db = real(path)
            (used,) = db.execute("PRAGMA page_count").fetchone()
            db.execute(f"PRAGMA max_page_count = {used + n_pages}")
            return db

        monkeypatch.setattr(app_folder, "open_database", limited)

    return limit


@pytest.mark.parametrize("n_pages", [0, 1, 3, 10, 30])
def test_a_database_without_room_takes_nothing_in(labelled_app, mails, no_room, n_pages):
    before = state(labelled_app)
    no_room(n_pages)
    with pytest.raises(DiskFullError) as raised:
        bring_in(labelled_app, mails)
    assert raised.value.next_step
    with labelled_app.locked():
        assert state(labelled_app) == before


@pytest.fixture(scope="module")
def tiny_disk(tmp_path_factory):
    """A disk of 4 MB of its own."""
    place = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def full_disk(tiny_disk, labelled_app):
    """Return an app on a tiny disk, and a function that leaves so many bytes of room."""
    for path in tiny_disk.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    app = create_app_folder("Tiny", tiny_disk / "tiny")
    shutil.copy(labelled_app.path / "app.db", app.path / "app.db")

    def fill(n_left):
        n_free = shutil.disk_usage(tiny_disk).free - n_left
        (tiny_disk / "ballast").write_bytes(b"x" * max(0, n_free))

    return app, fill


@pytest.mark.parametrize("n_left", [0, 40_000, 200_000])
def test_an_import_onto_a_full_disk_leaves_the_app_as_it_was(full_disk, mails, n_left):
    app, fill = full_disk
    before = state(app)
    fill(n_left)
    with pytest.raises(DiskFullError):
        bring_in(app, mails)
    fill(2_000_000)
    with app.locked():
        assert state(app) == before


@pytest.mark.parametrize("n_left", [0, 40_000, 120_000])
def test_a_training_on_a_full_disk_leaves_the_app_as_it_was(full_disk, n_left):
    app, fill = full_disk
    besides = (*CACHES, *VERSIONS)
    before = state(app, besides)
    fill(n_left)
    with pytest.raises(DiskFullError):
        train(app, TRAIN, Job())
    fill(2_000_000)
    with app.locked():
        assert state(app, besides) == before


def test_freezing_adding_and_creating_on_a_full_disk_leave_nothing_half(full_disk):
    app, fill = full_disk
    before = state(app)
    fill(0)
    with pytest.raises(DiskFullError):
        freeze_dataset(app, FreezeRequest(), Job())
    with pytest.raises(DiskFullError):
        add_texts(app, AddTextsRequest(("x" * 100_000,)), Job())
    with pytest.raises(DiskFullError):
        create_app_folder("Another", app.path.with_name("another"))
    assert not app.path.with_name("another").exists()
    fill(2_000_000)
    assert state(app) == before


def test_predictions_onto_a_full_disk_leave_the_older_file(full_disk, mails):
    app, fill = full_disk
    train(app, TRAIN, Job())
    out = app.path.with_name("out.csv")
    out.write_text("older")
    fill(0)
    with pytest.raises(DiskFullError):
        predict(app, PredictRequest("first", mails, out, preview(mails).mapping), Job())
    assert out.read_text() == "older"
    assert sorted(path.name for path in out.parent.iterdir()) == ["ballast", "out.csv", "tiny"]


# Two at once, and killed in the middle


BEHIND = """
import os, signal, sys
from pathlib import Path
from core.app_folder import AppFolder
from core.jobs import Job
from core.files import preview
from core.learning import embedders, embedding_classifier
from core.operations import import_texts as importing, train as training
from core.learning.settings import EmbeddingClassifierSettings
sys.path.insert(0, "tests/core")
from conftest import FakeEmbedder

embedders.load = lambda name: FakeEmbedder()
importing.BATCH = 100
app, file, stage, n = AppFolder(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])

def die():
    os.kill(os.getpid(), signal.SIGKILL if sys.argv[5] == "kill" else signal.SIGINT)

class Dying(Job):
    n = 0
    def report(self, name, *counts):
        self.n += name == stage
        if self.n > n:
            die()
        super().report(name, *counts)

def half_save(model, folder):
    (folder / "weights.safetensors").write_bytes(b"half")
    die()

if stage == "half saved":
    embedding_classifier.save = half_save
with app.locked():
    if stage == "Adding texts":
        importing.import_texts(
            app, importing.ImportRequest(file, preview(file).mapping), Dying()
        )
    else:
        settings = EmbeddingClassifierSettings(enrich_dataset="Disabled")
        training.train(app, training.TrainRequest(model="m", settings=settings), Dying())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("signal", ["kill", "keyboard"])
@pytest.mark.parametrize(
    ("stage", "n"), [("Adding texts", 0), ("Adding texts", 7), ("Learning", 0), ("half saved", 0)]
)
def test_a_process_that_dies_in_the_middle_leaves_the_app_as_it_was(
    labelled_app, mails, stage, n, signal
):
    besides = (*CACHES, *VERSIONS)
    before = state(labelled_app, besides)
    words = [sys.executable, "-c", BEHIND, labelled_app.path, mails, stage, str(n), signal]
    died = subprocess.run(words, capture_output=True, cwd=ROOT)
    assert died.returncode < 0, died.stderr.decode()
    with labelled_app.locked():
        assert state(labelled_app, besides) == before
    assert not list(labelled_app.models.iterdir())


def test_an_app_that_is_open_elsewhere_is_left_alone(labelled_app, mails):
    words = [sys.executable, "-m", "core"]
    before = state(labelled_app)
    with labelled_app.locked():
        for more in (["import", labelled_app.path, mails], ["add", labelled_app.path, "text"]):
            ended = subprocess.run([*words, *more], capture_output=True, text=True, cwd=ROOT)
            assert ended.returncode == 1
            assert len(ended.stderr.splitlines()) == 2
            assert "already open" in ended.stderr
        listed = subprocess.run(
            [*words, "concepts", labelled_app.path], capture_output=True, text=True, cwd=ROOT
        )
        assert "spam" in listed.stdout
        with pytest.raises(AppInUseError), labelled_app.locked():
            pass
    assert state(labelled_app) == before


def test_commands_at_the_same_time_lose_nothing(labelled_app):
    words = [sys.executable, "-m", "core", "add", labelled_app.path]
    running = [
        subprocess.Popen([*words, f"text {i}"], cwd=ROOT, stderr=subprocess.PIPE) for i in range(3)
    ]
    complaints = [process.communicate()[1].decode() for process in running]
    n_done = sum(process.returncode == 0 for process in running)
    assert n_done >= 1
    assert all("Traceback" not in said for said in complaints)
    with labelled_app.database() as db:
        assert count_inputs(db) == 20 + n_done


def test_a_frozen_version_survives_what_is_deleted_after_it(labelled_app):
    version = freeze_dataset(labelled_app, FreezeRequest(), Job()).version
    edit_inputs(labelled_app, InputDeletion(tuple(range(1, 21))), Job())
    with labelled_app.database() as db:
        assert count_inputs(db) == 0
        assert list_model_versions(db) == []
    with pytest.raises(UserError):
        train(labelled_app, TRAIN, Job())
    request = TrainRequest(model="first", settings=PLAIN, version=version.number)
    assert train(labelled_app, request, Job()).model_version.summary["n_texts"] == 20


def test_no_label_at_all_is_said_with_the_name_of_the_dataset(app):
    add_texts(app, AddTextsRequest(("a", "b"), dataset="letters"), Job())
    with pytest.raises(NoLabelsError, match="letters"):
        train(app, TrainRequest(model="first", dataset="letters", settings=PLAIN), Job())
