import pytest

from core.app_folder import create_app_folder
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.evaluate import EvaluateRequest
from core.storage.models import list_model_versions
from desktop import boxes
from desktop.screens.evaluate.new_evaluation import (
    ELSEWHERE,
    HERE,
    REFITTED,
    NewEvaluation,
)
from tests.desktop.fake_models import keep_model


@pytest.fixture
def counted(qtbot):
    """Return a function that waits until a page has counted its texts."""
    return lambda page: qtbot.waitUntil(lambda: page.needs is not None)


@pytest.fixture
def page(qtbot, labelled_session, counted):
    version, _evaluation = keep_model(labelled_session.app)
    page = NewEvaluation(labelled_session)
    qtbot.addWidget(page)
    page.resize(1064, 700)
    page.begin(list_model_versions(labelled_session.db), version.id)
    page.show()
    counted(page)
    return page


@pytest.fixture
def other_app(tmp_path):
    app = create_app_folder("Other letters", tmp_path / "other")
    add_texts(app, AddTextsRequest(("Where is it?", "Still nothing."), ("delivery",)), Job())
    return app


def test_the_texts_of_the_training_are_those_that_were_frozen_for_it(page):
    assert page.request() == EvaluateRequest("Letters 1", 1, dataset="texts", dataset_number=1)
    assert page.dataset.isHidden() or not page.dataset.isVisible()


def test_the_stored_model_is_said_to_have_learned_from_them_and_cross_validation_not(page, counted):
    flatter = "The stored model learned from texts of this dataset; the scores may flatter."
    assert page.cautions.words.text() == flatter
    page.how.set_value(REFITTED)
    assert page.cautions.isHidden()  # at once, not only when the texts are counted
    counted(page)
    assert page.cautions.isHidden()
    assert "New models are trained" in page.how_meaning.text()
    assert page.request().n_folds == 5


def test_without_another_app_nothing_can_be_started_whatever_was_being_counted(qtbot, page):
    page.how.set_value(REFITTED)
    assert page._counting.is_waiting
    page.where.set_value(ELSEWHERE)
    assert not page._counting.is_waiting
    assert page.why_not == "Choose the folder of the other app first."


def test_a_dataset_is_taken_as_it_is_now_or_as_it_was_frozen(page):
    page.where.set_value(HERE)
    assert [page.number.itemText(i) for i in range(page.number.count())] == [
        "As it is now, 60 texts",
        "Version 1, 60 texts",
    ]
    assert page.request().dataset_number == 0


def test_a_split_without_texts_is_a_problem_that_is_said_before(page, counted):
    page.split.setCurrentIndex(3)
    assert page.why_not == "Counting the texts."
    counted(page)
    assert page.needs.problem == "No text there has a concept that the model knows."
    assert page.problem.isVisible()


def test_another_app_is_chosen_by_its_folder_and_its_datasets_are_offered(
    page, other_app, monkeypatch, counted
):
    page.where.set_value(ELSEWHERE)
    assert page.request() is None
    assert page.needs.problem == "Choose the folder of the other app first."
    monkeypatch.setattr(boxes, "choose_folder", lambda *_a: other_app.path)
    page.folder.click()
    counted(page)
    assert page.folder_name.text() == "Other letters"
    assert page.request() == EvaluateRequest(
        "Letters 1", 1, dataset="texts", other_app=other_app.path
    )
    assert page.cautions.words.text().split("\n") == [
        "Only one concept has texts there, so nothing can be mixed up.",
        "1 concept has fewer than 10 texts; its scores will be rough.",
        "2 concepts have no texts there and get no scores.",
    ]


def test_a_folder_without_an_app_is_refused(page, tmp_path, monkeypatch):
    refused = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: refused.append(str(error)))
    monkeypatch.setattr(boxes, "choose_folder", lambda *_a: tmp_path)
    page.where.set_value(ELSEWHERE)
    page.folder.click()
    assert refused == [f"There is no app “{tmp_path}”."]
    assert page.request() is None


def test_another_app_that_goes_away_has_to_be_chosen_anew(page, other_app, monkeypatch, counted):
    monkeypatch.setattr(boxes, "choose_folder", lambda *_a: other_app.path)
    monkeypatch.setattr(boxes, "show_error", lambda *_a: None)
    page.where.set_value(ELSEWHERE)
    page.folder.click()
    other_app.path.rename(other_app.path.with_name("moved"))
    page.split.setCurrentIndex(1)
    counted(page)
    assert page.needs.problem.startswith(f"There is no app “{other_app.path}”.")
    page.where.set_value(HERE)
    page.where.set_value(ELSEWHERE)
    assert page.folder_name.text() == ""
    assert page.needs.problem == "Choose the folder of the other app first."
