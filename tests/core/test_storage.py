"""How an app is kept."""

import sqlite3

import numpy as np
import pytest

from core.app_folder import AppFolder
from core.errors import DiskFullError
from core.records import Evaluation, Method, ModelVersion
from core.storage.about import get_about, update_about
from core.storage.annotations import annotate
from core.storage.bin import delete_inputs
from core.storage.concepts import (
    ConceptMissingError,
    ConceptNameError,
    add_concepts,
    delete_concept,
    get_concept,
    list_concepts,
    update_concept,
)
from core.storage.database import AppDamagedError, AppTooNewError, transaction
from core.storage.datasets import get_dataset, list_datasets
from core.storage.embeddings import add_embeddings, find_embeddings
from core.storage.evaluations import add_evaluation, list_evaluations
from core.storage.filters import InputFilter, count_inputs, list_input_ids
from core.storage.inputs import (
    NewInput,
    add_inputs,
    delete_unused_texts,
    find_external_ids,
    get_inputs,
    text_hash,
    update_text,
)
from core.storage.models import (
    ModelMissingError,
    ModelNameError,
    ModelVersionMissingError,
    add_model_version,
    delete_model_version,
    find_model_version,
    list_model_versions,
)
from core.storage.versions import add_version, find_current_version, list_versions, load_version


@pytest.fixture
def filled(db):
    """Three texts: spam, ham that is explicitly no spam, and one without a concept."""
    with transaction(db):
        ids = add_concepts(db, ["spam", "ham"])
        add_inputs(
            db,
            [
                NewInput("Win a prize", "a.csv", "1", "train", concepts=((ids["spam"], True),)),
                NewInput(
                    "See you at eight",
                    "a.csv",
                    "2",
                    "test",
                    {"from": "Mia"},
                    ((ids["ham"], True), (ids["spam"], False)),
                ),
                NewInput("100 % _wool_", "a.csv"),
            ],
            dataset_id=1,
        )
    return ids


def test_an_input_comes_back_as_it_went_in(db, filled):
    (found,) = get_inputs(db, [2])
    assert (found.text, found.split, found.external_id) == ("See you at eight", "test", "2")
    assert found.metadata == {"from": "Mia"}
    assert (found.positive, found.negative) == ((filled["ham"],), (filled["spam"],))


def test_inputs_come_in_the_order_of_the_ids_asked_for(db, filled):
    assert [found.id for found in get_inputs(db, [3, 99, 1])] == [3, 1]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (InputFilter(), [1, 2, 3]),
        (InputFilter(dataset_id=1), [1, 2, 3]),
        (InputFilter(dataset_id=7), []),
        (InputFilter(containing="WIN"), [1]),
        (InputFilter(containing="%"), [3]),
        (InputFilter(containing="wi pri"), [1]),
        (InputFilter(containing='"win a"'), [1]),
        (InputFilter(containing='"win prize"'), []),
        (InputFilter(lacks=(1,)), [2, 3]),
        (InputFilter(has=(1,)), [1]),
        (InputFilter(split="test"), [2]),
        (InputFilter(split="none"), [3]),
        (InputFilter(labelling="unlabelled"), [3]),
        (InputFilter(dataset_id=1, containing="e", split="test"), [2]),
    ],
)
def test_filters_combine(db, filled, wanted, expected):
    assert list(list_input_ids(db, wanted)) == expected
    assert count_inputs(db, wanted) == len(expected)


def test_a_list_with_gaps_is_no_range(db, filled):
    with transaction(db):
        delete_inputs(db, [2])
    assert list(list_input_ids(db, InputFilter())) == [1, 3]


def test_equal_texts_are_kept_once_and_go_with_the_last_that_has_them(db, filled):
    with transaction(db):
        (again,) = add_inputs(db, [NewInput("Win a prize", "b.csv")], dataset_id=1)
        delete_inputs(db, [1])
    assert get_inputs(db, [again])[0].text == "Win a prize"
    with transaction(db):
        delete_inputs(db, [again])
        delete_unused_texts(db, 10)
    assert not db.execute("SELECT 1 FROM texts WHERE text = 'Win a prize'").fetchall()


def test_known_external_ids_are_found(db, filled):
    assert find_external_ids(db, ["1", "7"]) == {"1": 1}


def test_annotating_counts_only_what_is_positive(db, filled):
    with transaction(db):
        annotate(db, [3], filled["spam"], positive=True)
        annotate(db, [3], filled["ham"], positive=False)
        annotate(db, [1], filled["spam"], positive=None)
    assert list(list_input_ids(db, InputFilter(labelling="unlabelled"))) == [1]
    assert [(c.name, c.n_positive, c.n_negative) for c in list_concepts(db)] == [
        ("spam", 1, 1),
        ("ham", 1, 1),
    ]


def test_a_deleted_concept_leaves_its_texts(db, filled):
    with transaction(db):
        delete_concept(db, filled["ham"])
    assert count_inputs(db) == 3
    assert get_inputs(db, [2])[0].positive == ()
    assert list(list_input_ids(db, InputFilter(labelling="unlabelled"))) == [3]
    assert list(list_input_ids(db, InputFilter(labelling="none"))) == [2]


def test_a_concept_is_renamed_unless_the_name_is_taken(db, filled):
    with transaction(db):
        update_concept(db, filled["ham"], name=" friendly  mail ", definition="", colour=5)
    assert get_concept(db, "friendly mail").colour == 5
    with pytest.raises(ConceptNameError):
        update_concept(db, filled["ham"], name="spam", definition="", colour=5)
    with pytest.raises(ConceptMissingError, match="ham"):
        get_concept(db, "ham")


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_concept_needs_a_name_of_a_sensible_length(db, name):
    with pytest.raises(ConceptNameError):
        add_concepts(db, [name])


def test_neighbouring_concepts_get_different_colours(db):
    add_concepts(db, ["a", "b", "c"])
    assert [concept.colour for concept in list_concepts(db)] == [0, 1, 2]


def test_a_version_keeps_texts_labels_and_names_as_they_were(db, filled):
    with transaction(db):
        version = add_version(db, get_dataset(db, "texts"))
        update_concept(db, filled["spam"], name="junk", definition="", colour=0)
        update_text(db, 1, "Something else")
        annotate(db, [3], filled["ham"], positive=True)
        delete_inputs(db, [2])
    frozen = load_version(db, version.id)
    assert [(f.text, f.split, f.positive, f.negative) for f in frozen] == [
        ("Win a prize", "train", ("spam",), ()),
        ("See you at eight", "test", ("ham",), ("spam",)),
        ("100 % _wool_", "", (), ()),
    ]
    assert (version.n_inputs, version.n_labelled, version.n_concepts) == (3, 2, 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda db, ids: annotate(db, [1], ids["spam"], positive=False),
        lambda db, ids: annotate(db, [1], ids["spam"], positive=None),
        lambda db, ids: update_text(db, 1, "Other"),
        lambda db, ids: delete_inputs(db, [3]),
        lambda db, ids: update_concept(db, ids["ham"], name="h", definition="", colour=1),
        lambda db, ids: add_inputs(db, [NewInput("More", "c")], 1),
    ],
)
def test_a_version_is_current_until_the_dataset_changes(db, filled, change):
    with transaction(db):
        version = add_version(db, get_dataset(db, "texts"))
    assert find_current_version(db, get_dataset(db, "texts")) == version
    with transaction(db):
        change(db, filled)
    assert find_current_version(db, get_dataset(db, "texts")) is None


def test_versions_are_numbered_and_listed_newest_first(db, filled):
    with transaction(db):
        add_version(db, get_dataset(db, "texts"))
        add_version(db, get_dataset(db, "texts"), "after the holidays")
    assert [(v.number, v.description) for v in list_versions(db, 1)] == [
        (2, "after the holidays"),
        (1, ""),
    ]


def test_datasets_know_what_they_hold(db, filled):
    (dataset,) = list_datasets(db)
    assert (dataset.name, dataset.n_inputs, dataset.n_unlabelled) == ("texts", 3, 1)


def test_embeddings_come_back_by_text_and_embedder(db):
    vectors = np.array([[0.6, 0.8], [1.0, 0.0]], np.float32)
    with transaction(db):
        add_embeddings(db, "accurate-1", ["one", "two"], vectors)
    found = find_embeddings(db, "accurate-1", ["two", "three"], 2)
    assert list(found) == [text_hash("two")]
    np.testing.assert_allclose(found[text_hash("two")], [1.0, 0.0])
    assert find_embeddings(db, "fast-1", ["two"], 2) == {}
    assert find_embeddings(db, "accurate-1", ["two"], 3) == {}  # of another length: read anew


def model_version(db, name="first"):
    with transaction(db):
        frozen = add_version(db, get_dataset(db, "texts"))
        return add_model_version(
            db,
            ModelVersion(
                id=0,
                model=name,
                type="embedding-classifier",
                number=0,
                created=frozen.created,
                dataset_version_id=frozen.id,
                settings={"seed": 13},
                concepts=("spam", "ham"),
                summary={"n_texts": 2},
                folder="abc",
                log="done",
            ),
        )


def test_model_versions_are_numbered_and_found(db, filled):
    model_version(db)
    second = model_version(db)
    assert second.number == 2
    assert find_model_version(db, "first") == second
    assert find_model_version(db, "first", 1).settings == {"seed": 13}
    with pytest.raises(ModelMissingError, match="other"):
        find_model_version(db, "other")
    with pytest.raises(ModelVersionMissingError, match="“first” has no version 7") as raised:
        find_model_version(db, "first", 7)
    assert raised.value.next_step == "Choose one of: 1, 2."


def test_a_model_keeps_its_type(db, filled):
    version = model_version(db)
    with pytest.raises(ModelNameError):
        add_model_version(
            db, ModelVersion(**{**version.__dict__, "type": "text-to-text", "model": "first"})
        )


def test_evaluations_go_with_their_model(db, filled):
    version = model_version(db)
    with transaction(db):
        kept = add_evaluation(
            db,
            Evaluation(
                id=0,
                model_version_id=version.id,
                dataset_version_id=1,
                method=Method.STORED_MODEL,
                n_folds=0,
                created=version.created,
                report={"top1_accuracy": 0.5},
            ),
        )
    assert list_evaluations(db, version.id) == [kept]
    with transaction(db):
        delete_model_version(db, version.id)
    assert not list_evaluations(db, version.id)
    assert not list_model_versions(db)


def test_facts_about_an_app_are_kept(db):
    update_about(db, model_type="embedding-classifier")
    assert get_about(db, "model_type") == "embedding-classifier"
    assert get_about(db, "unknown", "default") == "default"


def test_a_failed_transaction_writes_nothing(db):
    def fail():
        with transaction(db):
            add_concepts(db, ["spam"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list_concepts(db) == []


def test_a_full_disk_is_said_and_writes_nothing(db):
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
    long = [NewInput("x" * 100_000, "a.csv")]
    with pytest.raises(DiskFullError), transaction(db):
        add_inputs(db, long, 1)
    assert count_inputs(db) == 0


def test_an_app_from_a_newer_version_is_refused(app):
    with sqlite3.connect(app.path / "app.db") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(AppTooNewError, match="newer"), app.database():
        pass


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "app.db").write_bytes(b"not a database at all, but long enough to be read" * 50)
    with pytest.raises(AppDamagedError), AppFolder(tmp_path).database():
        pass
