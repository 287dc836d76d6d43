"""Freeze a dataset as its next version."""

from dataclasses import dataclass

from core.app_folder import MAIN_DATASET, AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.records import DatasetVersion
from core.storage.database import Database, transaction
from core.storage.datasets import get_dataset
from core.storage.versions import add_version, find_current_version, find_version


class EmptyDatasetError(UserError):
    """The dataset has no texts."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The dataset “{name}” has no texts yet.").format(name=name),
            next_step=_("Add texts to it first."),
        )


@dataclass(frozen=True)
class FreezeRequest:
    """Which dataset, and what to remember about this version."""

    dataset: str = MAIN_DATASET
    description: str = ""


@dataclass(frozen=True)
class FreezeResult:
    """The version; `is_new` is False if nothing had changed since the last one."""

    version: DatasetVersion
    is_new: bool
    changes: Changes = Changes.DATASETS


def freeze_dataset(app: AppFolder, request: FreezeRequest, job: Job) -> FreezeResult:
    """Keep a dataset's texts, annotations and splits as they are now.

    Raises:
        DatasetMissingError, EmptyDatasetError: there is nothing to freeze.
    """
    job.report(_("Freezing the dataset"))
    with app.database() as db, transaction(db):
        return freeze(db, request)


def freeze(db: Database, request: FreezeRequest) -> FreezeResult:
    """Do so inside the caller's transaction; an unchanged dataset keeps its newest version."""
    dataset = get_dataset(db, request.dataset)
    if not dataset.n_inputs:
        raise EmptyDatasetError(dataset.name)
    current = find_current_version(db, dataset)
    if current and not request.description:
        return FreezeResult(current, is_new=False)
    return FreezeResult(add_version(db, dataset, request.description), is_new=True)


def chosen_version(db: Database, dataset: str, number: int) -> FreezeResult:
    """Return a dataset's version of this number; 0 freezes the dataset as it is now.

    Raises:
        DatasetMissingError, VersionMissingError, EmptyDatasetError: there is no such version.
    """
    if number:
        return FreezeResult(find_version(db, get_dataset(db, dataset), number), is_new=False)
    with transaction(db):
        return freeze(db, FreezeRequest(dataset))
