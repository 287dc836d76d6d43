"""Datasets and their frozen versions."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.records import Dataset, DatasetVersion, FrozenInput
from core.storage.database import Database, insert, now
from core.storage.names import checked, storable

MAX_NAME_LENGTH = 80


class DatasetMissingError(UserError):
    """The app has no dataset, or no version, of that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            _("This app has no dataset “{name}”.").format(name=name),
            next_step=_("Choose one of: {names}.").format(names=", ".join(known) or "–"),
        )


class DatasetNameError(UserError):
    """The name is empty or too long."""


class VersionMissingError(UserError):
    """The dataset has no version of that number."""

    def __init__(self, dataset: str, number: int) -> None:
        super().__init__(
            _("“{dataset}” has no version {number}.").format(dataset=dataset, number=number),
            next_step=_("Freeze a version, or leave the number out to take the texts as they are."),
        )


def list_datasets(db: Database) -> list[Dataset]:
    """Return all datasets, oldest first."""
    rows = db.execute(
        """
        SELECT d.id, d.name,
               (SELECT COUNT(*) FROM dataset_inputs WHERE dataset_id = d.id),
               (SELECT COUNT(*) FROM inputs i
                JOIN dataset_inputs m ON m.dataset_id = d.id AND m.input_id = i.id
                WHERE i.n_concepts = 0)
        FROM datasets d ORDER BY d.id
        """
    )
    return [Dataset(*row) for row in rows]


def get_dataset(db: Database, name: str) -> Dataset:
    """Return the dataset of this name.

    Raises:
        DatasetMissingError: there is none.
    """
    datasets = list_datasets(db)
    for dataset in datasets:
        if dataset.name == name:
            return dataset
    raise DatasetMissingError(name, [dataset.name for dataset in datasets])


def add_dataset(db: Database, name: str, import_id: int | None = None) -> int:
    """Return the id of the dataset of this name, made if it is new.

    Raises:
        DatasetNameError: it is empty or too long.
    """
    what = _("A dataset's name has 1 to {most} characters.")
    kept = checked(name, MAX_NAME_LENGTH, DatasetNameError, what)
    row = db.execute("SELECT id FROM datasets WHERE name = ?", [kept]).fetchone()
    return int(row[0]) if row else insert(db, "datasets", name=kept, import_id=import_id)


_FREEZE = (
    """
    INSERT INTO version_inputs SELECT :version, i.id, i.text_id, i.split
    FROM inputs i JOIN dataset_inputs m ON m.input_id = i.id AND m.dataset_id = :dataset
    """,
    """
    INSERT INTO version_annotations SELECT :version, a.input_id, a.concept_id, a.is_positive
    FROM annotations a JOIN dataset_inputs m ON m.input_id = a.input_id AND m.dataset_id = :dataset
    """,
    """
    INSERT INTO version_concepts SELECT :version, id, name FROM concepts
    WHERE id IN (SELECT concept_id FROM version_annotations WHERE version_id = :version)
    """,
    """
    UPDATE dataset_versions SET
        n_inputs = (SELECT COUNT(*) FROM version_inputs WHERE version_id = :version),
        n_labelled = (SELECT COUNT(DISTINCT input_id) FROM version_annotations
                      WHERE version_id = :version),
        n_concepts = (SELECT COUNT(*) FROM version_concepts WHERE version_id = :version)
    WHERE id = :version
    """,
)


def add_version(db: Database, dataset: Dataset, description: str = "") -> DatasetVersion:
    """Freeze a dataset's texts, annotations and splits as its next version."""
    (number,) = db.execute(
        "SELECT COALESCE(MAX(number), 0) + 1 FROM dataset_versions WHERE dataset_id = ?",
        [dataset.id],
    ).fetchone()
    version_id = insert(
        db,
        "dataset_versions",
        dataset_id=dataset.id,
        number=number,
        created=now(),
        description=storable(description),
        n_inputs=0,
        n_labelled=0,
        n_concepts=0,
    )
    for statement in _FREEZE:
        db.execute(statement, {"version": version_id, "dataset": dataset.id})
    return get_version(db, version_id)


_VERSIONS = """
    SELECT v.id, d.name, v.number, v.created, v.description, v.n_inputs, v.n_labelled, v.n_concepts
    FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id
"""


def list_versions(db: Database, dataset_id: int) -> list[DatasetVersion]:
    """Return the versions of a dataset, newest first."""
    rows = db.execute(f"{_VERSIONS} WHERE d.id = ? ORDER BY v.number DESC", [dataset_id])
    return [_version(row) for row in rows]


def get_version(db: Database, version_id: int) -> DatasetVersion:
    """Return one version by its key."""
    return _version(db.execute(f"{_VERSIONS} WHERE v.id = ?", [version_id]).fetchone())


def find_version(db: Database, dataset: Dataset, number: int) -> DatasetVersion:
    """Return the version of this number.

    Raises:
        VersionMissingError: there is none.
    """
    for version in list_versions(db, dataset.id):
        if version.number == number:
            return version
    raise VersionMissingError(dataset.name, number)


def find_current_version(db: Database, dataset: Dataset) -> DatasetVersion | None:
    """Return the newest version if the dataset has not changed since it was frozen."""
    versions = list_versions(db, dataset.id)
    if not versions:
        return None
    both = {"version": versions[0].id, "dataset": dataset.id}
    inputs = (
        "SELECT i.id, i.text_id, i.split FROM inputs i JOIN dataset_inputs m "
        "ON m.input_id = i.id WHERE m.dataset_id = :dataset",
        "SELECT input_id, text_id, split FROM version_inputs WHERE version_id = :version",
    )
    annotations = (
        "SELECT a.input_id, c.name, a.is_positive FROM annotations a JOIN concepts c "
        "ON c.id = a.concept_id JOIN dataset_inputs m ON m.input_id = a.input_id "
        "WHERE m.dataset_id = :dataset",
        "SELECT a.input_id, c.name, a.is_positive FROM version_annotations a "
        "JOIN version_concepts c USING (version_id, concept_id) WHERE a.version_id = :version",
    )
    for one, other in (inputs, annotations, inputs[::-1], annotations[::-1]):
        if db.execute(f"{one} EXCEPT {other} LIMIT 1", both).fetchone():
            return None
    return versions[0]


def delete_version(db: Database, version_id: int) -> None:
    """Forget a version that nothing was trained or scored on."""
    db.table("dataset_versions").delete(version_id)


def load_version(db: Database, version_id: int) -> list[FrozenInput]:
    """Return the inputs of a version as they were frozen, oldest first."""
    labels: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for input_id, name, positive in db.execute(
        """
        SELECT a.input_id, c.name, a.is_positive
        FROM version_annotations a JOIN version_concepts c USING (version_id, concept_id)
        WHERE a.version_id = ? ORDER BY a.input_id, a.concept_id
        """,
        [version_id],
    ):
        labels[input_id][not positive].append(name)
    rows = db.execute(
        """
        SELECT v.input_id, t.text, v.split FROM version_inputs v JOIN texts t ON t.id = v.text_id
        WHERE v.version_id = ? ORDER BY v.input_id
        """,
        [version_id],
    )
    return [FrozenInput(*row, *map(tuple, labels[row[0]])) for row in rows]


def _version(row: tuple[Any, ...]) -> DatasetVersion:
    key, dataset, number, created, *rest = row
    return DatasetVersion(key, dataset, number, datetime.fromisoformat(created), *rest)
