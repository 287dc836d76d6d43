import pytest

from core.app_folder import create_app_folder
from core.storage.annotations import annotate
from core.storage.concepts import add_concepts
from core.storage.counts import count_labels, count_version_labels
from core.storage.database import transaction
from core.storage.datasets import list_datasets
from core.storage.inputs import NewInput, add_inputs
from core.storage.versions import add_version


@pytest.fixture
def db(tmp_path):
    with create_app_folder("Letters", tmp_path / "app").database() as db, transaction(db):
        yield db


@pytest.fixture
def ids(db):
    """Return ids of the concepts of eight texts: one, several, none and nothing said, in splits."""
    ids = add_concepts(db, ["praise", "delivery", "unused"])
    praise, delivery = (ids["praise"], True), (ids["delivery"], True)
    labels = [
        ("", (praise,)),
        ("", (praise, delivery)),
        ("train", (delivery,)),
        ("", ((ids["praise"], False),)),
        ("", ()),
        ("test", (praise,)),
        ("test", ()),
        ("validation", (delivery,)),
    ]
    new = [NewInput("four", "typed in", split=s, concepts=c) for s, c in labels]
    add_inputs(db, new, 1)
    return ids


def test_counts_tell_what_a_training_would_learn_from(db, ids):
    counts = count_labels(db, 1)

    assert (counts.n_inputs, counts.n_labelled, counts.n_one) == (8, 6, 4)
    assert counts.n_learned == 4
    assert counts.concepts == {"praise": 2, "delivery": 2, "unused": 0}
    assert counts.mean_length == len("four")


def test_texts_for_test_are_checked_before_those_for_validation(db, ids):
    assert count_labels(db, 1).n_checked == 1
    db.execute("DELETE FROM annotations WHERE input_id = 6")
    db.execute("UPDATE inputs SET n_concepts = 0, split = 'validation' WHERE id = 6")
    assert count_labels(db, 1).n_checked == 1
    db.execute("UPDATE inputs SET split = ''")
    assert count_labels(db, 1).n_checked == 0


def test_a_frozen_version_keeps_its_counts_when_labels_change(db, ids):
    now = count_labels(db, 1)
    version = add_version(db, list_datasets(db)[0])
    annotate(db, [1, 2], ids["praise"], positive=None)

    frozen = count_version_labels(db, version.id)

    assert frozen.concepts == {"praise": 2, "delivery": 2}  # a version knows used concepts only
    assert (frozen.n_inputs, frozen.n_labelled, frozen.n_one) == (8, 6, 4)
    assert (frozen.n_learned, frozen.n_checked) == (now.n_learned, now.n_checked)
    assert count_labels(db, 1).concepts == {"praise": 0, "delivery": 2, "unused": 0}


def test_an_empty_dataset_has_nothing_to_count(db):
    counts = count_labels(db, 1)
    assert (counts.n_inputs, counts.n_learned, counts.concepts) == (0, 0, {})
    assert counts.mean_length == 0
