"""Create an app."""

from dataclasses import dataclass
from pathlib import Path

from core.app_folder import AppFolder, create_app_folder
from core.jobs import Job
from core.preferences import remember_app


@dataclass(frozen=True)
class CreateAppRequest:
    """The name of the new app; `folder` is where it is kept, if not among the other apps."""

    name: str
    folder: Path | None = None


def create_app(request: CreateAppRequest, _job: Job) -> AppFolder:
    """Make an app and remember it among the recent ones.

    Raises:
        AppNameError, AppExistsError, NotWritableError, DiskFullError: see `create_app_folder`.
    """
    app = create_app_folder(request.name, request.folder)
    remember_app(app.path)
    return app
