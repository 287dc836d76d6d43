"""The command that lists trainings."""

import pytest

from core.records import JobStatus
from core.storage.database import transaction
from core.storage.jobs import add_job, list_jobs, update_request


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
    assert "It ended before it was done." in run("jobs", begun.path)


def test_a_training_of_another_program_is_listed_as_running(begun, run):
    with begun.locked():
        with begun.database() as db, transaction(db):
            (record,) = list_jobs(db)
            db.table("jobs").update(record.id, {"status": JobStatus.RUNNING})
        assert "is running" in run("jobs", begun.path)
    assert "is running" not in run("jobs", begun.path)
