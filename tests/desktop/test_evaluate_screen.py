import pytest

from core.operations.evaluate import EvaluateRequest, EvaluateResult, NothingToScoreError
from core.records import Method
from desktop.screens.evaluate.form import AS_TRAINED, CROSS_VALIDATION, DATASET
from desktop.screens.evaluate.screen import EvaluateScreen
from desktop.widgets.message_panel import MessagePanel
from tests.desktop.fake_models import a_report, keep_evaluation, keep_model


@pytest.fixture
def requests(monkeypatch):
    """Evaluate without a model; return the requests that came."""
    requests = []

    def fake_evaluate(app, request, job):
        requests.append(request)
        job.report("Checking", 1, 2)
        with app.database() as db:
            key = db.execute("SELECT MAX(id) FROM model_versions").fetchone()[0]
        if request.dataset == "texts":
            raise NothingToScoreError(request.model)
        version = type("Version", (), {"id": key, "dataset_version_id": 1})
        report = a_report(n_seen=60)
        method = Method.STORED_MODEL
        return EvaluateResult(keep_evaluation(app, version, report, method, n_folds=0))

    monkeypatch.setattr("desktop.screens.evaluate.screen.evaluate", fake_evaluate)
    return requests


@pytest.fixture
def screen(qtbot, labelled_session, requests):
    keep_model(labelled_session.app)
    screen = EvaluateScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.show()
    return screen


def evaluate(qtbot, screen):
    screen.start.click()
    with qtbot.waitSignal(screen._task.ended):
        pass


def test_without_a_model_it_leads_to_train(qtbot, labelled_session):
    screen = EvaluateScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.show()
    assert not screen.start.isEnabled()
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.first_focus().click()
    assert asked.args == ["train"]


def test_past_evaluations_are_listed_and_the_newest_is_shown(screen):
    model = screen.table.model()
    assert model.rowCount() == 1
    assert model.index(0, 0).data() == "Cross-validation: 5 models trained again"
    assert [model.index(0, i).data() for i in (2, 3)] == ["60", "91.7\u202f%"]
    assert screen.scores.headline.text() == "Right about 92 times in 100"


@pytest.mark.parametrize(
    ("way", "request_"),
    [
        (AS_TRAINED, EvaluateRequest("Letters 1", 1)),
        (CROSS_VALIDATION, EvaluateRequest("Letters 1", 1, n_folds=7)),
    ],
)
def test_each_way_asks_for_what_it_says(qtbot, screen, requests, way, request_):
    screen.form.way.set_value(way)
    screen.form.folds.setCurrentText("7")
    evaluate(qtbot, screen)
    assert requests == [request_]


def test_a_new_evaluation_is_chosen_and_warns_of_texts_that_were_learned(qtbot, screen):
    evaluate(qtbot, screen)
    model = screen.table.model()
    assert model.rowCount() == 2
    assert screen.table.selected_rows() == [0]
    assert model.index(0, 0).data() == "Stored model, also on texts that it learned from"
    assert "never seen" not in screen.scores.lead.text()
    assert screen.scores.warnings.isVisible()


def test_an_older_evaluation_can_be_looked_at_again(qtbot, screen):
    evaluate(qtbot, screen)
    screen.table.selectRow(1)
    assert "trained again" in screen.scores.lead.text()
    assert screen.scores.warnings.isHidden()


def test_while_it_runs_it_cannot_be_started_twice(qtbot, screen):
    screen.start.click()
    assert not screen.start.isEnabled()
    with qtbot.waitSignal(screen._task.ended):
        pass
    assert screen.start.isEnabled()


def test_a_dataset_without_known_concepts_is_refused_on_the_spot(qtbot, screen):
    screen.form.way.set_value(DATASET)
    evaluate(qtbot, screen)
    panel = screen.findChild(MessagePanel)
    assert panel.heading.text() == "No text there has a concept that “Letters 1” knows."
    screen.form.way.set_value(AS_TRAINED)
    evaluate(qtbot, screen)
    assert all(one.isHidden() for one in screen._problems.findChildren(MessagePanel))
