"""Create an app."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import AppFolder, create_app_folder
from core.jobs import Job
from core.operations.choose_workflow import BASES, begin_with
from core.preferences import remember_app
from core.storage.workflows import WorkflowMissingError


@dataclass(frozen=True)
class CreateAppRequest:
    """The name of the new app.

    Attributes:
        folder: where it is kept, if not among the other apps.
        base: the base workflow that reads every text; "" leaves that for later.
    """

    name: str
    folder: Path | None = None
    base: str = ""


def create_app(request: CreateAppRequest, _job: Job) -> AppFolder:
    """Make an app and remember it among the recent ones.

    Raises:
        AppNameError, AppExistsError, NotWritableError, DiskFullError: see `create_app_folder`.
        WorkflowMissingError: there is no such base workflow.
    """
    bases = [name for name, _title in BASES]
    if request.base and request.base not in bases:
        raise WorkflowMissingError(request.base, bases)
    app = create_app_folder(request.name, request.folder)
    try:
        if request.base:
            with app.database() as db:
                begin_with(db, request.base)
    except BaseException:
        shutil.rmtree(app.path, ignore_errors=True)
        raise
    remember_app(app.path)
    return app
