"""Jobs as records: what ran, how it ended, and its log."""

from datetime import datetime

from core.records import JobRecord, JobStatus, ModelStatus
from core.storage.database import Database, insert, now
from core.storage.names import storable


def add_job(db: Database, *, kind: str, title: str, code: int = 0) -> int:
    """Note that a job has begun; return its key."""
    status = JobStatus.RUNNING
    return insert(
        db, "jobs", kind=kind, title=storable(title), status=status, code=code, started=now()
    )


def update_job(
    db: Database, job_id: int, *, status: JobStatus, code: int, message: str, log: str
) -> None:
    """Note how a job ended."""
    db.table("jobs").update(
        job_id,
        {"status": status, "code": code, "message": message, "log": log, "ended": now()},
    )


def list_jobs(db: Database) -> list[JobRecord]:
    """Return all jobs, newest first."""
    rows = db.execute(
        "SELECT id, kind, title, status, code, message, started, ended, log "
        "FROM jobs ORDER BY id DESC"
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
        )
        for r in rows
    ]


def end_lost_jobs(db: Database, message: str) -> None:
    """Note as failed what was running when the program or the lights went out."""
    db.execute(
        "UPDATE jobs SET status = ?, code = ?, message = ?, ended = ? WHERE status = ?",
        [JobStatus.FAILED, ModelStatus.MODEL_TRAINING_FAILED, message, now(), JobStatus.RUNNING],
    )
