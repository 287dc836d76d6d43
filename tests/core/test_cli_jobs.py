"""The command that lists trainings."""

import pytest

from core import cli
from core.cli import terminal, training
from core.cli.terminal import TerminalJob
from core.jobs import JobCancelled
from core.operations.sweep import SweepRequest, sweep
from core.records import JobStatus
from core.storage.database import transaction
from core.storage.jobs import add_job, list_jobs, update_job, update_request


@pytest.fixture
def begun(app):
    """Return the app with a training that has begun and left a checkpoint."""
    with app.database() as db, transaction(db):
        job_id = add_job(db, kind="train", title="Training “deep”", folder="left")
        update_request(db, job_id, {"model": "deep"})
    (app.jobs / "left" / "step-000000003").mkdir(parents=True)
    return app


def test_a_killed_training_is_at_once_listed_as_one_that_can_go_on(begun, run, run_json):
    (told,) = run_json("jobs", begun.path)
    assert (told["status"], told["can_go_on"]) == (JobStatus.FAILED, True)
    told_whole = "It ended before it was done. What it learned is kept; it can go on."
    assert f"yes        {told_whole}\n" in run("jobs", begun.path)


def test_what_is_no_number_is_refused_without_the_words_of_a_programmer(begun, capsys):
    assert cli.main(["resume", str(begun.path), "first"]) == 1
    assert capsys.readouterr().err.startswith("Argument JOB cannot be 'first'.\n")


def test_a_training_of_another_program_is_listed_as_running(begun, run):
    with begun.locked():
        with begun.database() as db, transaction(db):
            (record,) = list_jobs(db)
            db.table("jobs").update(record.id, {"status": JobStatus.RUNNING})
        assert "is running" in run("jobs", begun.path)
    assert "is running" not in run("jobs", begun.path)


def leave_a_checkpoint(app, *_rest):
    """Do as a training that is interrupted after its first checkpoint."""
    with app.database() as db, transaction(db):
        job_id = add_job(db, kind="train", title="Training “deep”", folder="kept")
        update_request(db, job_id, {"model": "deep"})
        update_job(db, job_id, status=JobStatus.STOPPED, code=0, message="Stopped.", log="")
    (app.jobs / "kept" / "step-000000003").mkdir(parents=True)
    raise KeyboardInterrupt


def test_a_stopped_training_that_can_go_on_says_how(begun, monkeypatch, capsys):
    monkeypatch.setattr(training, "train", leave_a_checkpoint)
    assert cli.main(["train", str(begun.path), "--model", "deep"]) == 130
    with begun.database() as db:
        newest = list_jobs(db)[0].id
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Stopped. The training can go on later: ")
    assert line.endswith(f"resume {begun.path} {newest}")
    assert "Nothing was changed" not in line


def test_a_training_that_is_stopped_once_more_names_its_job_again(begun, monkeypatch, capsys):
    def stopped(_app, request, _job):
        with begun.database() as db, transaction(db):
            values = {"status": JobStatus.STOPPED, "code": 0, "message": "", "log": ""}
            update_job(db, request.job_id, **values)
        raise JobCancelled

    monkeypatch.setattr(training, "resume", stopped)
    assert cli.main(["resume", str(begun.path), "1"]) == 130
    assert capsys.readouterr().err.endswith(f"resume {begun.path} 1\n")


@pytest.mark.usefixtures("fake_embedder")
def test_a_stopped_sweep_says_what_stays(labelled_app, monkeypatch, capsys):
    def stopped(app, request, job):
        sweep(app, SweepRequest(request.training, {"seed": (1,)}), job)
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "sweep", stopped)
    words = ["sweep", str(labelled_app.path), "--model", "first", "--try", "seed=1|2"]
    assert cli.main(words) == 130
    told = "Stopped. 1 version that was trained before stays.\n"
    assert capsys.readouterr().err == told


class Clock:
    """Says the seconds that a test sets."""

    now = 0.0

    def __call__(self):
        return self.now


def test_a_log_gets_a_line_for_each_stage_quarter_and_note(capsys):
    clock = Clock()
    job = TerminalJob(clock)
    job.report("Reading", 1, 100)
    assert capsys.readouterr().err == ""  # what is done at once is not talked about
    clock.now = terminal.QUIET_SECONDS
    for done in range(0, 101, 2):
        job.report("Reading", done, 100)
    job.note("Round 1")
    job.report("Saving")
    job.report("Saving")
    told = capsys.readouterr().err.splitlines()
    assert told[:3] == ["Reading 0 of 100", "Reading 26 of 100", "Reading 50 of 100"]
    assert told[-3:] == ["Reading 100 of 100", "Round 1", "Saving"]
    assert len(told) == 7


def test_a_rate_that_hardly_ever_works_is_said_before_a_training_starts(
    labelled_app, monkeypatch, capsys
):
    monkeypatch.setattr(training, "train", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    words = ["train", str(labelled_app.path), "--model", "deep", "--template", "full_fine_tuning"]
    assert cli.main([*words, "--set", "learning_rate=1"]) == 130
    told = capsys.readouterr().err.splitlines()
    assert told[0] == (
        "learning_rate: With 1 the model probably learns nothing; 0.000001 to 0.001 is usual."
    )
