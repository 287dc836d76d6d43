"""Every change of datasets: what it does, that undo and redo restore it, and what is refused."""

import pytest

from core.app_folder import MAIN_DATASET
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.edit_datasets import (
    DatasetDeletion,
    DatasetEdit,
    NewDataset,
    VersionDeletion,
    VersionEdit,
    VersionInUseError,
    edit_datasets,
)
from core.operations.edit_inputs import MembershipEdit, edit_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.train import TrainRequest, train
from core.operations.undo import redo, undo
from core.storage.datasets import (
    DatasetInUseError,
    DatasetMissingError,
    DatasetNameError,
    list_datasets,
)
from core.storage.steps import find_undoable
from core.storage.versions import VersionMissingError, list_versions, load_version
from tests.core.faults import state

LOG = ("steps", "undo_log", "sqlite_sequence")


def edit(app, request):
    return edit_datasets(app, request, Job())


@pytest.fixture
def two_datasets(labelled_app):
    """An app with a second dataset of three texts; the first has a frozen version."""
    edit(labelled_app, NewDataset("Pilot", "from the north"))
    edit_inputs(labelled_app, MembershipEdit((1, 2, 3), "Pilot"), Job())
    freeze_dataset(labelled_app, FreezeRequest(description="first"), Job())
    return labelled_app


REQUESTS = {
    "make the dataset Second": NewDataset("Second", "about it"),
    "rename Pilot to North": DatasetEdit("Pilot", "North", "from the north"),
    "describe the dataset Pilot": DatasetEdit("Pilot", "Pilot", "another one"),
    "delete the dataset Pilot": DatasetDeletion("Pilot"),
}


@pytest.mark.parametrize(("name", "request_"), REQUESTS.items(), ids=REQUESTS)
def test_every_change_is_one_named_step_that_is_taken_back_and_done_again(
    two_datasets, name, request_
):
    before = state(two_datasets, besides=LOG)
    edit(two_datasets, request_)
    after = state(two_datasets, besides=LOG)
    assert after != before
    with two_datasets.database() as db:
        assert find_undoable(db).name == name
    undo(two_datasets, Job())
    assert state(two_datasets, besides=LOG) == before
    redo(two_datasets, Job())
    assert state(two_datasets, besides=LOG) == after
    undo(two_datasets, Job())
    assert state(two_datasets, besides=LOG) == before


def test_a_version_is_described_and_holds_what_it_held(two_datasets, db):
    first = list_versions(db, 1)[0]
    held, step = load_version(db, first.id), find_undoable(db)
    edit(two_datasets, VersionEdit(MAIN_DATASET, 1, "  before the summer "))
    assert list_versions(db, 1)[0].description == "before the summer"
    assert load_version(db, first.id) == held
    assert find_undoable(db) == step


def test_a_version_is_deleted_and_its_number_is_named(two_datasets, db):
    edit(two_datasets, VersionDeletion(MAIN_DATASET, 1))
    assert list_versions(db, 1) == []
    with pytest.raises(VersionMissingError):
        edit(two_datasets, VersionDeletion(MAIN_DATASET, 1))


@pytest.mark.usefixtures("fake_embedder")
def test_a_version_that_a_model_learned_from_is_kept(two_datasets, db):
    settings = EmbeddingClassifierSettings(enrich_dataset="Disabled")
    train(two_datasets, TrainRequest("first", settings=settings), Job())
    with pytest.raises(VersionInUseError):
        edit(two_datasets, VersionDeletion(MAIN_DATASET, 1))
    assert len(list_versions(db, 1)) == 1


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (NewDataset(" "), DatasetNameError),
        (NewDataset("x" * 81), DatasetNameError),
        (NewDataset("Pilot"), DatasetNameError),
        (DatasetEdit("Pilot", MAIN_DATASET), DatasetNameError),
        (DatasetEdit("Nobody", "Somebody"), DatasetMissingError),
        (DatasetDeletion("Nobody"), DatasetMissingError),
        (DatasetDeletion(MAIN_DATASET), DatasetInUseError),
        (VersionEdit("Pilot", 1, "words"), VersionMissingError),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(two_datasets, request_, error):
    before = state(two_datasets, besides=())
    with pytest.raises(error):
        edit(two_datasets, request_)
    assert state(two_datasets, besides=()) == before


def test_the_texts_of_a_deleted_dataset_stay(two_datasets, db):
    edit(two_datasets, DatasetDeletion("Pilot"))
    assert [(found.name, found.n_inputs) for found in list_datasets(db)] == [(MAIN_DATASET, 20)]
