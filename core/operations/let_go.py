"""Let go of a training that was interrupted: its checkpoints are deleted, its log stays."""

import shutil
from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.jobs import Job
from core.operations.train import NotResumableError, ResumeRequest, is_resumable
from core.storage.database import transaction
from core.storage.jobs import forget_folder, get_job


@dataclass(frozen=True)
class LetGoResult:
    """Nothing to show: the training cannot go on any more."""

    changes: Changes = Changes.JOBS


def let_go(app: AppFolder, request: ResumeRequest, job: Job) -> LetGoResult:
    """Delete what an interrupted training would go on from.

    Raises:
        JobMissingError, NotResumableError: there is nothing of it.
    """
    job.report("")
    with app.database() as db:
        record = get_job(db, request.job_id)
        if not is_resumable(app, record):
            raise NotResumableError(record.id)
        with transaction(db):
            forget_folder(db, record.id)
    shutil.rmtree(app.jobs / record.folder, ignore_errors=True)
    return LetGoResult()
