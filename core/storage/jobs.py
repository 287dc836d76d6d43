"""Jobs as records: what ran, how it ended, and its log."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.records import JobRecord, JobStatus, ModelStatus
from core.storage.database import Database, insert, now
from core.storage.names import storable


class JobMissingError(UserError):
    """There is no job of that number."""

    def __init__(self, job_id: int) -> None:
        super().__init__(
            _("There is no job {number}.").format(number=job_id),
            next_step=_("“jobs” lists those that there are."),
        )


def add_job(
    db: Database,
    *,
    kind: str,
    title: str,
    code: int = 0,
    folder: str = "",
) -> int:
    """Note that a job has begun; return its key. Its checkpoints go to `folder`, below jobs/."""
    return insert(
        db,
        "jobs",
        kind=kind,
        title=storable(title),
        status=JobStatus.RUNNING,
        code=code,
        started=now(),
        folder=folder,
    )


def update_request(db: Database, job_id: int, request: Mapping[str, Any]) -> None:
    """Keep what a job was asked for, so that it can go on after an interruption."""
    kept = json.dumps(request, ensure_ascii=False)
    db.table("jobs").update(job_id, {"request": kept})


def begin_again(db: Database, job_id: int) -> None:
    """Note that a job goes on from where it was interrupted."""
    values = {"status": JobStatus.RUNNING, "code": ModelStatus.MODEL_TRAINING, "ended": None}
    db.table("jobs").update(job_id, values)


def update_job(
    db: Database, job_id: int, *, status: JobStatus, code: int, message: str, log: str
) -> None:
    """Note how a job ended."""
    db.table("jobs").update(
        job_id,
        {"status": status, "code": code, "message": message, "log": log, "ended": now()},
    )


def list_jobs(db: Database, *, with_folder: bool = False) -> list[JobRecord]:
    """Return all jobs, or those that kept a folder to go on from, newest first."""
    which = "WHERE folder <> ''" if with_folder else ""
    rows = db.execute(
        "SELECT id, kind, title, status, code, message, started, ended, log, request, folder "
        f"FROM jobs {which} ORDER BY id DESC"
    )
    return [
        JobRecord(
            id=r[0],
            kind=r[1],
            title=r[2],
            status=JobStatus(r[3]),
            code=r[4],
            message=r[5],
            started=datetime.fromisoformat(r[6]),
            ended=datetime.fromisoformat(r[7]) if r[7] else None,
            log=r[8],
            request=json.loads(r[9]) if r[9] else {},
            folder=r[10],
        )
        for r in rows
    ]


def get_job(db: Database, job_id: int) -> JobRecord:
    """Return a job by its key.

    Raises:
        JobMissingError: there is none.
    """
    for record in list_jobs(db):
        if record.id == job_id:
            return record
    raise JobMissingError(job_id)


def list_job_folders(db: Database) -> set[str]:
    """Return the folders of jobs that are not done."""
    rows = db.execute(
        "SELECT folder FROM jobs WHERE folder <> '' AND status <> ?", [JobStatus.DONE]
    )
    return {folder for (folder,) in rows}


def forget_folder(db: Database, job_id: int) -> None:
    """Note that a job cannot go on any more."""
    db.table("jobs").update(job_id, {"folder": "", "request": ""})


def end_lost_jobs(db: Database, message_of: Callable[[str], str]) -> None:
    """Note as failed what was running when the program or the lights went out.

    `message_of` is given the folder of its checkpoints, and says what became of it.
    """
    lost = db.execute("SELECT id, folder FROM jobs WHERE status = ?", [JobStatus.RUNNING])
    code = ModelStatus.MODEL_TRAINING_FAILED
    for job_id, folder in lost.fetchall():
        values = {"status": JobStatus.FAILED, "code": code, "ended": now()}
        db.table("jobs").update(job_id, values | {"message": message_of(folder)})
