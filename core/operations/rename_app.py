"""Rename an app; its folder stays where it is."""

from dataclasses import dataclass

from core.app_folder import AppFolder, checked_app_name
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.storage.about import update_about
from core.storage.steps import recorded


@dataclass(frozen=True)
class RenameAppResult:
    """The name as it is kept."""

    name: str
    changes: Changes = Changes.APP


def rename_app(app: AppFolder, name: str, _job: Job) -> RenameAppResult:
    """Give an app another name; one step of undo.

    Raises:
        AppNameError: it is empty or too long.
    """
    kept = checked_app_name(name)
    step = _("rename the app to {name}").format(name=kept)
    with app.database() as db, recorded(db, step):
        update_about(db, name=kept)
    return RenameAppResult(kept)
