"""Stop at any moment: the program is idle again at once, and nothing half done is to be seen."""

import random
import shutil
import time
from pathlib import Path

import pytest

from core.app_folder import AppFolder
from core.files import preview
from core.jobs import Job, JobCancelled
from core.operations import import_texts as importing
from core.operations import parts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.back_up import BackUpRequest, back_up
from core.operations.edit_inputs import InputDeletion, edit_inputs
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.export_inputs import ExportRequest, export_inputs
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.predict import PredictRequest, predict
from core.operations.restore import RestoreRequest, restore
from core.operations.train import TrainRequest, train
from core.storage.backups import list_backups
from core.storage.filters import InputFilter
from tests.core.faults import BUT_VERSIONS, TRAIN, bring_in, state

SEED, IDLE_S = 555, 2.0
BEGUN = {".out.csv.predicting", ".out.csv.journal"}  # from which a prediction can go on
AGAIN = TrainRequest("second", settings=TRAIN.settings)


class CountingJob(Job):
    """Counts its reports; its analyst stops it at one of them.

    Attributes:
        stopped: when it was stopped.
    """

    def __init__(self, stops_at=0):
        super().__init__()
        self.n, self.stops_at, self.stopped = 0, stops_at, 0.0

    def report(self, *words):
        self.n += 1
        if self.n == self.stops_at:
            self.cancel()
            self.stopped = time.monotonic()
        super().report(*words)


def verbs(place, mails):
    """Return each verb as a function of an app and a job."""
    mapping = preview(mails).mapping
    out, copy = place / "out.csv", place / "copy.textwright"
    everything = InputFilter()
    return {
        "import": lambda app, job: bring_in(app, mails, job),
        "label": lambda app, job: annotate(app, AnnotateRequest(everything, "new"), job),
        "delete": lambda app, job: edit_inputs(app, InputDeletion(everything), job),
        "train": lambda app, job: train(app, AGAIN, job),
        "evaluate": lambda app, job: evaluate(app, EvaluateRequest("first", n_folds=2), job),
        "predict": lambda app, job: predict(app, PredictRequest("first", mails, out, mapping), job),
        "export": lambda app, job: export_inputs(app, ExportRequest(out), job),
        "export a sheet": lambda app, job: export_inputs(app, ExportRequest(out, "xlsx"), job),
        "copy to a file": lambda app, job: export_app(app, ExportAppRequest(copy), job),
        "open a copy": lambda _app, job: import_app(
            ImportAppRequest(place / "given.textwright", place / "given"), job
        ),
        "back up": lambda app, job: back_up(app, BackUpRequest(), job),
        "go back": lambda app, job: restore(app, RestoreRequest(1), job),
    }


NAMES = (
    *("import", "label", "delete", "train", "evaluate", "predict", "export", "export a sheet"),
    *("copy to a file", "open a copy", "back up", "go back"),
)


@pytest.fixture
def small_parts(monkeypatch):
    """Let small apps do what large ones do: in several parts, with a backup before."""
    monkeypatch.setattr(importing, "BATCH", 100)
    monkeypatch.setattr(parts, "PART", 7)
    monkeypatch.setattr("core.operations.edit_inputs.BULK", 5)


@pytest.fixture
def place(labelled_app, many_mails, fake_embedder, tmp_path, small_parts):
    """A folder with an app that has a model and a backup, and with files beside it."""
    place = tmp_path / "place"
    place.mkdir()
    train(labelled_app, TRAIN, Job())
    back_up(labelled_app, BackUpRequest(), Job())
    export_app(labelled_app, ExportAppRequest(place / "given.textwright"), Job())
    (place / "out.csv").write_text("older")
    shutil.copytree(labelled_app.path, place / "app")
    return place


def seen_in(place):
    """Return all that the app holds, and what lies beside it.

    What is whole may stay: a frozen version, a backup, and that a prediction can go on.
    """
    app = AppFolder(place / "app")
    backups = list_backups(app.backups)
    assert all(backup.is_whole() for backup in backups)
    assert {p.name for p in app.backups.iterdir()} == {backup.path.name for backup in backups}
    files = {p.name: p.read_bytes() for p in place.iterdir() if p.is_file() and p.name not in BEGUN}
    inside = {p.relative_to(place) for top in (app.models, app.evaluations) for p in top.rglob("*")}
    tops = {p.name for folder in (place, app.path) for p in folder.iterdir() if p.is_dir()}
    with app.locked():  # texts of nobody go when it is opened next
        return state(app, (*BUT_VERSIONS, "predicted_files")), files, inside, tops


@pytest.mark.parametrize("n_stops", [3, pytest.param(25, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", NAMES)
def test_whenever_it_is_stopped_it_is_idle_at_once_and_nothing_half_is_there(
    place, many_mails, tmp_path, name, n_stops
):
    whole = CountingJob()
    other = Path(shutil.copytree(place, tmp_path / "whole"))
    verbs(other, many_mails)[name](AppFolder(other / "app"), whole)
    before, chance = seen_in(place), random.Random(f"{SEED} {name}")
    for _stop in range(n_stops):
        job = CountingJob(chance.randint(1, whole.n))
        with pytest.raises(JobCancelled):
            verbs(place, many_mails)[name](AppFolder(place / "app"), job)
        assert time.monotonic() - job.stopped < IDLE_S
        now = seen_in(place)
        for was, found in zip(before, now, strict=True):
            assert found == was, job.progress
