"""A full disk, two at once, and a death in the middle: the app stays as it was."""

import shutil
import subprocess
import sys

import pytest

from core import app_folder
from core.app_folder import AppInUseError, create_app_folder
from core.errors import DiskFullError
from core.files import preview
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.export_evaluation import ExportEvaluationRequest, export_evaluation
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.predict import PredictRequest, predict
from core.operations.train import train
from core.operations.write_report import ReportRequest, write_report
from core.storage.filters import count_inputs
from tests.core.faults import BUT_VERSIONS, ROOT, TRAIN, bring_in, run_python, state

pytestmark = pytest.mark.usefixtures("fake_embedder")


@pytest.fixture
def no_room(monkeypatch):
    """Return a function that lets the databases opened from now on hardly grow."""

    def limit(n_pages):
        real = app_folder.open_database

        def limited(*words):
            db = real(*words)
            (used,) = db.execute("PRAGMA page_count").fetchone()
            db.execute(f"PRAGMA max_page_count = {used + n_pages}")
            return db

        monkeypatch.setattr(app_folder, "open_database", limited)

    return limit


@pytest.mark.parametrize("n_pages", [0, 1, 3, 10, 30])
def test_a_database_without_room_takes_nothing_in(labelled_app, many_mails, no_room, n_pages):
    before = state(labelled_app)
    no_room(n_pages)
    with pytest.raises(DiskFullError) as raised:
        bring_in(labelled_app, many_mails)
    assert raised.value.next_step
    with labelled_app.locked():
        assert state(labelled_app) == before


@pytest.fixture(scope="module")
def tiny_disk(tmp_path_factory):
    """A disk of 4 MB of its own."""
    place = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
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
def test_an_import_onto_a_full_disk_leaves_the_app_as_it_was(full_disk, many_mails, n_left):
    app, fill = full_disk
    before = state(app)
    fill(n_left)
    with pytest.raises(DiskFullError):
        bring_in(app, many_mails)
    fill(2_000_000)
    with app.locked():
        assert state(app) == before


@pytest.mark.parametrize("n_left", [0, 40_000, 120_000])
def test_a_training_on_a_full_disk_leaves_the_app_as_it_was(full_disk, n_left):
    app, fill = full_disk
    before = state(app, BUT_VERSIONS)
    fill(n_left)
    with pytest.raises(DiskFullError):
        train(app, TRAIN, Job())
    fill(2_000_000)
    with app.locked():
        assert state(app, BUT_VERSIONS) == before


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


def test_predictions_onto_a_full_disk_leave_the_older_file(full_disk, many_mails):
    app, fill = full_disk
    train(app, TRAIN, Job())
    out = app.path.with_name("out.csv")
    out.write_text("older")
    fill(0)
    with pytest.raises(DiskFullError):
        predict(app, PredictRequest("first", many_mails, out, preview(many_mails).mapping), Job())
    assert out.read_text() == "older"
    assert sorted(path.name for path in out.parent.iterdir()) == ["ballast", "out.csv", "tiny"]


@pytest.mark.parametrize("n_left", [0, 4_096, 16_384])
@pytest.mark.parametrize("asked", [{"n_folds": 3}, {"dataset": "texts"}])
def test_an_evaluation_on_a_full_disk_leaves_the_app_as_it_was(full_disk, n_left, asked):
    app, fill = full_disk
    train(app, TRAIN, Job())
    before, kept = state(app, BUT_VERSIONS), list(app.evaluations.iterdir())
    fill(n_left)
    with pytest.raises(DiskFullError):
        evaluate(app, EvaluateRequest("first", **asked), Job())
    fill(2_000_000)
    with app.locked():
        assert (state(app, BUT_VERSIONS), list(app.evaluations.iterdir())) == (before, kept)


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_what_is_taken_along_onto_a_full_disk_leaves_the_older_report_and_no_folder(
    full_disk, ending
):
    app, fill = full_disk
    evaluation = train(app, TRAIN, Job()).evaluation
    out = app.path.with_name(f"report.{ending}")
    out.write_text("older")
    fill(8_192)
    with pytest.raises(DiskFullError):
        write_report(app, ReportRequest("first", out), Job())
    with pytest.raises(DiskFullError):
        export_evaluation(
            app, ExportEvaluationRequest(evaluation.id, out.with_name("tables")), Job()
        )
    assert out.read_text() == "older"
    assert sorted(path.name for path in out.parent.iterdir()) == ["ballast", out.name, "tiny"]


# Two at once, and killed in the middle


BEHIND = """
import os, signal, sys
from pathlib import Path
from core.app_folder import AppFolder
from core.jobs import Job
from core.files import preview
from core.learning import embedders, embedding_classifier
from core.operations import import_texts as importing, train as training
from core.learning.classifier_settings import EmbeddingClassifierSettings
sys.path.insert(0, "tests/core")
from conftest import FakeEmbedder

embedders.load = lambda name: FakeEmbedder()
importing.BATCH = 100
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
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
    embedding_classifier.EmbeddingClassifier.save = half_save
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
@pytest.mark.parametrize("signal", ["kill", pytest.param("keyboard", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("stage", "n"), [("Adding texts", 0), ("Adding texts", 7), ("Learning", 0), ("half saved", 0)]
)
def test_a_process_that_dies_in_the_middle_leaves_the_app_as_it_was(
    labelled_app, many_mails, stage, n, signal
):
    before = state(labelled_app, BUT_VERSIONS)
    died = run_python("-c", BEHIND, labelled_app.path, many_mails, stage, n, signal)
    assert died.returncode < 0, died.stderr
    with labelled_app.locked():
        assert state(labelled_app, BUT_VERSIONS) == before
    assert not list(labelled_app.models.iterdir())


def test_an_app_that_is_open_elsewhere_is_left_alone(labelled_app, many_mails):
    before = state(labelled_app)
    with labelled_app.locked():
        for more in (["import", labelled_app.path, many_mails], ["add", labelled_app.path, "text"]):
            ended = run_python("-m", "core", *more)
            assert ended.returncode == 1
            assert len(ended.stderr.splitlines()) == 2
            assert "already open" in ended.stderr
        assert "spam" in run_python("-m", "core", "concepts", labelled_app.path).stdout
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
