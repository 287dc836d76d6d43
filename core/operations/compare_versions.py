"""Say what a frozen version holds, and what changed between two; nothing is written."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.i18n import _
from core.jobs import Job
from core.records import DatasetVersion
from core.storage.datasets import get_dataset
from core.storage.version_reports import (
    VersionCounts,
    VersionDiff,
    compare_versions,
    count_version,
)
from core.storage.versions import find_version


@dataclass(frozen=True)
class CompareRequest:
    """Two versions, by the numbers they have in their datasets.

    Attributes:
        dataset: that has the older one, and the newer one too where no other is named.
        old, new: the numbers of the versions.
        other_dataset: that has the newer one; "" for the same.
    """

    dataset: str
    old: int
    new: int
    other_dataset: str = ""


@dataclass(frozen=True)
class CompareResult:
    """The two versions, and what changed from one to the other."""

    old: DatasetVersion
    new: DatasetVersion
    diff: VersionDiff


def compare(app: AppFolder, request: CompareRequest, job: Job) -> CompareResult:
    """Compare two versions, of the same dataset or not.

    Raises:
        DatasetMissingError, VersionMissingError: there is no such version.
    """
    job.report(_("Comparing"))
    with app.database() as db:
        old = find_version(db, get_dataset(db, request.dataset), request.old)
        other = request.other_dataset or request.dataset
        new = find_version(db, get_dataset(db, other), request.new)
        return CompareResult(old, new, compare_versions(db, old.id, new.id))


def count(app: AppFolder, version_id: int, job: Job) -> VersionCounts:
    """Return the numbers of a version."""
    job.report(_("Counting"))
    with app.database() as db:
        return count_version(db, version_id)
