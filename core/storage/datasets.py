"""Datasets: named selections of inputs. An input can be in several."""

from collections.abc import Iterable

from core.errors import UserError
from core.i18n import _
from core.records import Dataset
from core.storage.database import Database, insert
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
    """The name is empty, too long, or taken."""


class DatasetInUseError(UserError):
    """Versions of the dataset are kept."""

    def __init__(self) -> None:
        super().__init__(
            _("This dataset has versions, and models may have learned from them."),
            next_step=_("Delete its versions first, or take its texts out of it."),
        )


_DATASETS = "SELECT id, name, n_inputs, n_inputs - n_labelled, description FROM datasets"


def list_datasets(db: Database) -> list[Dataset]:
    """Return all datasets, oldest first."""
    return [Dataset(*row) for row in db.execute(f"{_DATASETS} ORDER BY id")]


def get_dataset(db: Database, name: str) -> Dataset:
    """Return the dataset of this name.

    Raises:
        DatasetMissingError: there is none.
    """
    row = db.execute(f"{_DATASETS} WHERE name = ?", [name]).fetchone()
    if row is None:
        raise DatasetMissingError(name, [dataset.name for dataset in list_datasets(db)])
    return Dataset(*row)


def add_dataset(db: Database, name: str) -> int:
    """Return the id of the dataset of this name, made if it is new.

    Raises:
        DatasetNameError: it is empty or too long.
    """
    kept = _checked_name(name)
    row = db.execute("SELECT id FROM datasets WHERE name = ?", [kept]).fetchone()
    return int(row[0]) if row else insert(db, "datasets", name=kept)


def make_dataset(db: Database, name: str, description: str) -> int:
    """Make a dataset without inputs; return its id.

    Raises:
        DatasetNameError: another dataset has that name, or it is no name.
    """
    kept = _free_name(db, name)
    return insert(db, "datasets", name=kept, description=storable(description).strip())


def update_dataset(db: Database, dataset_id: int, name: str, description: str) -> None:
    """Rename or describe a dataset.

    Raises:
        DatasetNameError: another dataset has that name, or it is no name.
    """
    kept = _free_name(db, name, dataset_id)
    db.table("datasets").update(
        dataset_id, {"name": kept, "description": storable(description).strip()}
    )


def delete_dataset(db: Database, dataset_id: int) -> None:
    """Delete a dataset; its inputs stay in the app.

    Raises:
        DatasetInUseError: it has versions, which models may have learned from.
    """
    if db.execute("SELECT 1 FROM dataset_versions WHERE dataset_id = ?", [dataset_id]).fetchone():
        raise DatasetInUseError
    db.execute("DELETE FROM dataset_inputs WHERE dataset_id = ?", [dataset_id])
    db.execute("DELETE FROM datasets WHERE id = ?", [dataset_id])


def add_to_dataset(db: Database, dataset_id: int, input_ids: Iterable[int]) -> None:
    """Put inputs into a dataset; those that are in it stay."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO dataset_inputs (dataset_id, input_id) VALUES (?, ?)",
        ((dataset_id, input_id) for input_id in input_ids),
    )


def remove_from_dataset(db: Database, dataset_id: int, input_ids: Iterable[int]) -> None:
    """Take inputs out of a dataset; they stay in the app."""
    db.conn.executemany(
        "DELETE FROM dataset_inputs WHERE dataset_id = ? AND input_id = ?",
        ((dataset_id, input_id) for input_id in input_ids),
    )


def list_datasets_of(db: Database, input_id: int) -> list[str]:
    """Return the names of the datasets that an input is in."""
    rows = db.execute(
        "SELECT d.name FROM datasets d JOIN dataset_inputs m ON m.dataset_id = d.id "
        "WHERE m.input_id = ? ORDER BY d.id",
        [input_id],
    )
    return [name for (name,) in rows]


def _checked_name(name: str) -> str:
    what = _("A dataset's name has 1 to {most} characters.")
    return checked(name, MAX_NAME_LENGTH, DatasetNameError, what)


def _free_name(db: Database, name: str, dataset_id: int = 0) -> str:
    kept = _checked_name(name)
    taken = "SELECT 1 FROM datasets WHERE name = ? AND id <> ?"
    if db.execute(taken, [kept, dataset_id]).fetchone():
        raise DatasetNameError(
            _("There is a dataset “{name}” already.").format(name=kept),
            next_step=_("Choose another name."),
        )
    return kept
