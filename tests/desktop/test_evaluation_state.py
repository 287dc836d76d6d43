import pytest

from core.jobs import Job
from core.learning.marks import Cell, Mistakes
from core.operations.evaluation_texts import EvaluationTextsRequest, list_evaluation_texts
from desktop.screens.evaluate.state import EvaluationState
from tests.desktop.fake_models import keep_model, keep_scored_model


@pytest.fixture
def state(labelled_session):
    version, evaluation = keep_scored_model(labelled_session.app)
    state = EvaluationState(labelled_session)
    state.show(version, evaluation)
    return state


def test_the_scores_follow_thresholds_that_are_tried(qtbot, state):
    right = state.report["top1_accuracy"]
    with qtbot.waitSignal(state.rescored):
        state.try_threshold(0.99)
    assert state.tries_thresholds
    assert (state.report["top1_accuracy"], state.report["decided_share"]) == (0, 0)
    with qtbot.waitSignal(state.rescored):  # at rest, with its interval
        pass
    assert state.report["decided_share_high"] > 0
    with qtbot.waitSignal(state.rescored):
        state.try_threshold(0.0)
    assert state.report["top1_accuracy"] == right


def test_a_newer_threshold_takes_the_place_of_the_one_before(qtbot, state):
    for threshold in (0.2, 0.4, 0.99):
        state.try_threshold(threshold)
    with qtbot.waitSignal(state.rescored):
        pass
    for record in state.report["concepts"]:
        assert record["threshold"] == pytest.approx(0.99)


def test_another_evaluation_forgets_what_was_tried_and_chosen(qtbot, state):
    state.choose(Mistakes())
    state.try_threshold(0.9)
    with qtbot.waitSignal(state.mark_chosen) as told:
        state.show(state.version, state.evaluation)
    assert told.args == [None]
    assert not state.tries_thresholds


def test_without_kept_texts_no_threshold_can_be_tried(labelled_session, state):
    state.show(*keep_model(labelled_session.app, model="Old"))
    state.try_threshold(0.9)
    assert not state.tries_thresholds


def test_every_cell_of_the_matrix_leads_to_its_texts(state):
    for person, row in zip(state.names, state.report["confusion"], strict=True):
        for model, count in zip(state.names, row, strict=True):
            request = EvaluationTextsRequest(state.evaluation.id, Cell(person, model))
            found = list_evaluation_texts(state.session.app, request, Job())
            assert found.n_texts == count
            assert all(text.said == (person,) for text in found.texts)
            assert all(text.answered == (model,) for text in found.texts)
