"""Make, rename, describe and delete datasets; delete versions that nothing was learned from."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.storage.database import Database, transaction
from core.storage.datasets import delete_dataset, get_dataset, make_dataset, update_dataset
from core.storage.steps import recorded
from core.storage.versions import (
    delete_version,
    find_version,
    is_version_used,
    update_version,
)


class VersionInUseError(UserError):
    """A model learned from the version, or was scored on it."""

    def __init__(self, number: int) -> None:
        super().__init__(
            _("A model learned from version {number}, or was scored on it.").format(number=number),
            next_step=_("Keep it: it is how the model's scores can be understood later."),
        )


@dataclass(frozen=True)
class NewDataset:
    """A dataset to make, without texts."""

    name: str
    description: str = ""


@dataclass(frozen=True)
class DatasetEdit:
    """What a dataset shall be called, and what is said of it."""

    dataset: str
    name: str
    description: str = ""


@dataclass(frozen=True)
class DatasetDeletion:
    """A dataset to delete; its texts stay in the app."""

    dataset: str


@dataclass(frozen=True)
class VersionEdit:
    """What is said of a version; what it holds stays as it was frozen."""

    dataset: str
    number: int
    description: str


@dataclass(frozen=True)
class VersionDeletion:
    """A version to delete for good. This cannot be undone."""

    dataset: str
    number: int


DatasetRequest = NewDataset | DatasetEdit | DatasetDeletion | VersionEdit | VersionDeletion


@dataclass(frozen=True)
class EditDatasetsResult:
    """What changed."""

    changes: Changes = Changes.DATASETS


def edit_datasets(app: AppFolder, request: DatasetRequest, _job: Job) -> EditDatasetsResult:
    """Change the datasets of an app; a step of undo, except where it is about a version.

    Raises:
        DatasetNameError: the name is none, or taken.
        DatasetMissingError, VersionMissingError: there is no such thing.
        DatasetInUseError, VersionInUseError: something still needs it.
    """
    with app.database() as db:
        match request:
            case VersionDeletion(dataset, number):
                _delete_version(db, dataset, number)
            case VersionEdit(dataset, number, description):
                with transaction(db):
                    version = find_version(db, get_dataset(db, dataset), number)
                    update_version(db, version.id, description)
            case NewDataset(name, description):
                with recorded(db, _("make the dataset {name}").format(name=name)):
                    make_dataset(db, name, description)
            case DatasetEdit(dataset, name, description):
                words = _("rename {old} to {new}")
                if name == dataset:
                    words = _("describe the dataset {new}")
                with recorded(db, words.format(old=dataset, new=name)):
                    update_dataset(db, get_dataset(db, dataset).id, name, description)
            case DatasetDeletion(dataset):
                with recorded(db, _("delete the dataset {name}").format(name=dataset)):
                    delete_dataset(db, get_dataset(db, dataset).id)
    return EditDatasetsResult()


def _delete_version(db: Database, dataset: str, number: int) -> None:
    with transaction(db):
        version = find_version(db, get_dataset(db, dataset), number)
        if is_version_used(db, version.id):
            raise VersionInUseError(number)
        delete_version(db, version.id)
