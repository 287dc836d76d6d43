"""Apps of earlier versions of Textwright open with all that they hold."""

import sqlite3
from pathlib import Path

import pytest

from core.app_folder import AppFolder
from core.jobs import Job
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.delete_evaluation import (
    EvaluationDeletion,
    OwnEvaluationError,
    delete_evaluation,
)
from core.operations.leaderboard import list_leaderboard
from core.operations.scoring import TextsNotKeptError, scored_of
from core.operations.undo import undo
from core.storage import database
from core.storage.concepts import list_concepts
from core.storage.datasets import list_datasets
from core.storage.evaluations import list_evaluations
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from core.storage.models import list_model_versions
from core.storage.versions import find_current_version, list_versions, load_version
from core.tables import scores
from tests.core.test_undo import check_counts, everything

OLD_APPS = sorted((Path(__file__).parents[1] / "old_apps").glob("storage_*.sql"))


@pytest.fixture(params=OLD_APPS, ids=lambda path: path.stem)
def old_app(request, tmp_path):
    """An app folder as an earlier version left it."""
    (tmp_path / "models").mkdir()
    connection = sqlite3.connect(tmp_path / "app.db")
    connection.executescript(request.param.read_text(encoding="utf-8"))
    connection.close()
    app = AppFolder(tmp_path)
    with app.locked():
        yield app


def test_an_old_app_opens_with_its_texts_labels_and_versions(old_app):
    with old_app.database() as db:
        (dataset,) = list_datasets(db)
        assert (dataset.n_inputs, dataset.n_unlabelled) == (7, 0)
        assert [(c.name, c.n_positive, c.n_negative) for c in list_concepts(db)] == [
            ("complaint", 2, 0),
            ("praise", 2, 2),
            ("question", 2, 0),
        ]
        (version,) = list_versions(db, dataset.id)
        assert len(load_version(db, version.id)) == version.n_inputs == 6
        assert find_current_version(db, dataset) is None
        check_counts(db)


def test_the_texts_of_an_old_app_can_be_searched(old_app):
    with old_app.database() as db:
        found = get_inputs(db, list_input_ids(db, InputFilter(containing="parcel late")))
    assert [item.text for item in found] == ["The parcel came late", "The parcel came late"]


def test_what_is_done_in_an_old_app_can_be_undone(old_app):
    before = everything(old_app)
    annotate(old_app, AnnotateRequest(InputFilter(), "question"), Job())
    assert everything(old_app) != before
    undo(old_app, Job())
    assert everything(old_app) == before


def test_the_evaluations_of_an_old_app_open_and_say_that_their_texts_were_not_kept(old_app):
    with old_app.database() as db:
        found = list_evaluations(db)
        versions = {version.id: version for version in list_model_versions(db)}
        rows = list_leaderboard(db)
    assert len(rows) == len(found)
    for one in found:
        chosen = versions[one.model_version_id].thresholds.concepts
        assert set(chosen.values()) <= {0.6}  # from storage 3 on there are some
        assert (one.dataset, one.dataset_number, one.split, one.other_app) == ("texts", 1, "", "")
        assert 0 <= one.report["top1_accuracy_low"] <= one.report["top1_accuracy"] <= 1
        assert "Checked by cross-validation" in scores(one)
        with pytest.raises(TextsNotKeptError):
            scored_of(old_app, one)
        with pytest.raises(OwnEvaluationError):
            delete_evaluation(old_app, EvaluationDeletion(one.id), Job())


def test_an_old_app_with_an_evaluation_is_among_them():
    assert any('INTO "evaluations"' in path.read_text(encoding="utf-8") for path in OLD_APPS)


def test_every_storage_version_but_the_newest_has_a_stored_app():
    migrations = list(Path(database.__file__).with_name("migrations").glob("*.sql"))
    assert len(OLD_APPS) == len(migrations) - 1
