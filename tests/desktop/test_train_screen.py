import pytest
from PySide6.QtGui import QGuiApplication

from core.errors import DiskFullError
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.train import TrainRequest, TrainResult
from core.operations.training_data import NoLabelsError
from desktop import boxes
from desktop.runner import BugError
from desktop.screens.train.ending import EndingPage
from desktop.screens.train.running import RunningPage
from desktop.screens.train.screen import TrainScreen
from desktop.widgets.buttons import Button
from desktop.widgets.message_panel import MessagePanel
from tests.desktop.fake_models import COUNTS, NAMES, a_report, keep_model


@pytest.fixture
def show(qtbot):
    def show(session):
        screen = TrainScreen(session)
        qtbot.addWidget(screen)
        screen.resize(1064, 748)
        screen.show()
        return screen

    return show


@pytest.fixture
def train_by(monkeypatch):
    """Let trainings run a function of the job instead of learning anything."""

    def train_by(act):
        def fake_train(app, request, job):
            act(job)
            return TrainResult(*keep_model(app, model=request.model))

        monkeypatch.setattr("desktop.session.train", fake_train)

    return train_by


def buttons(screen):
    return [one.text() for one in screen.footer.findChildren(Button) if not one.isHidden()]


def press(page, label):
    next(one for one in page.findChildren(Button) if one.text() == label).click()


def test_without_a_model_it_says_so_and_leads_to_settings(qtbot, labelled_session, show):
    screen = show(labelled_session)
    assert screen.footer.note() == "No model is trained yet."
    assert not screen.next.isEnabled()
    way = screen.first_focus()
    with qtbot.waitSignal(screen.asked_for) as asked:
        way.click()
    assert asked.args == ["settings"]


def test_without_labels_it_leads_to_the_texts_first(qtbot, session, show):
    screen = show(session)
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.first_focus().click()
    assert asked.args == ["dataset"]


def test_while_it_runs_stages_candidates_and_log_are_shown(qtbot, labelled_session, show, train_by):
    screen, seen = show(labelled_session), {}

    def act(job):
        job.report("Reading texts", 30, 60)
        job.tried("words", 0.8)
        job.tried("both", 0.9)
        job.note("both: 90 % right")
        page = screen.stack.currentWidget()
        seen.update(
            page=type(page),
            title=page.progress.sentence.text(),
            best=page.curve.best,
            log=page.log.fold.findChild(type(page.log.shown)).toPlainText(),
            buttons=buttons(screen),
            can_go_on=screen.next.isEnabled(),
        )

    train_by(act)
    task = labelled_session.train(TrainRequest("Letters 1"))
    with qtbot.waitSignal(task.ended):
        pass
    assert seen == {
        "page": RunningPage,
        "title": "Reading texts: 30 of 60",
        "best": [0.8, 0.9],
        "log": "both: 90 % right",
        "buttons": ["Stop training", "Next: Try text"],
        "can_go_on": False,
    }


def test_a_screen_opened_during_a_training_shows_how_far_it_is(
    qtbot, labelled_session, show, train_by
):
    shown = []

    def act(job):
        job.report("Freezing the dataset")
        job.report("Learning", 1, 9)
        page = show(labelled_session).stack.currentWidget()
        shown.append(page.progress.sentence.text())

    train_by(act)
    task = labelled_session.train(TrainRequest("Letters 1"))
    with qtbot.waitSignal(task.ended):
        pass
    assert shown == ["Learning: 1 of 9"]


def test_a_finished_training_shows_its_scores_and_the_way_on(
    qtbot, labelled_session, show, train_by
):
    screen = show(labelled_session)
    train_by(lambda job: job.report("Learning"))
    task = labelled_session.train(TrainRequest("Letters 1"))
    with qtbot.waitSignal(task.ended):
        pass
    assert screen.success.text() == "“Letters 1”, version 1, is trained, in 49 s"
    assert screen.scores.headline.text() == "Right about 92 times in 100"
    assert screen.footer.note() == "Saved as version 1 of “Letters 1”."
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.footer.primary.click()
    assert asked.args == ["try_text"]


def test_stopping_says_that_nothing_was_changed(qtbot, labelled_session, show, train_by):
    screen = show(labelled_session)

    def act(job):
        screen.stop.click()
        job.report("Learning")

    train_by(act)
    task = labelled_session.train(TrainRequest("Letters 1"))
    with qtbot.waitSignal(task.stopped):
        pass
    assert screen.footer.note() == "Train again whenever you like."
    assert buttons(screen) == ["Back to Settings", "Train again"]


@pytest.mark.parametrize(
    ("label", "place"), [("Label texts", "dataset"), ("Look at the concepts", "concepts")]
)
def test_a_failure_leads_to_where_it_is_mended(
    qtbot, labelled_session, show, train_by, label, place
):
    screen, error = show(labelled_session), NoLabelsError("texts")

    def act(job):
        job.report("Learning")
        raise error

    train_by(act)
    task = labelled_session.train(TrainRequest("Letters 1"))
    with qtbot.waitSignal(task.failed):
        pass
    page = screen.stack.currentWidget()
    panel = page.findChild(MessagePanel)
    assert (panel.heading.text(), panel.meaning.text()) == (str(error), error.next_step)
    assert screen.footer.note() == "Ended at “Learning”. Nothing was lost."
    assert screen.footer.primary is screen.retry
    with qtbot.waitSignal(screen.asked_for) as asked:
        press(page, label)
    assert asked.args == [place]


def test_a_full_disk_shows_the_way_to_the_folder(qtbot, labelled_session, show, train_by):
    screen = show(labelled_session)

    def act(job):
        raise DiskFullError

    train_by(act)
    task = labelled_session.train(TrainRequest("Letters 1"))
    with qtbot.waitSignal(task.failed):
        pass
    page = screen.stack.currentWidget()
    assert "Show folder" in [one.text() for one in page.findChildren(Button)]


def test_a_mistake_of_ours_has_a_report_to_copy(labelled_session, show):
    screen = show(labelled_session)
    task = labelled_session.train(TrainRequest("Letters 1"))
    labelled_session.jobs.stop(task)
    task = labelled_session.train(TrainRequest("Letters 1"))
    labelled_session.jobs.waiting.clear()
    task.end(task.failed, BugError("Traceback\nValueError: boom"))
    page = screen.stack.currentWidget()
    assert page.findChild(MessagePanel).heading.text() == "Something is broken on our side"
    press(page, "Copy report")
    assert QGuiApplication.clipboard().text() == "Traceback\nValueError: boom"


def test_after_a_failure_the_last_model_can_still_be_looked_at(
    qtbot, labelled_session, show, train_by
):
    keep_model(labelled_session.app)
    screen = show(labelled_session)

    def act(job):
        raise DiskFullError

    train_by(act)
    task = labelled_session.train(TrainRequest("Letters 1"))
    with qtbot.waitSignal(task.failed):
        pass
    assert isinstance(screen.stack.currentWidget(), EndingPage)
    screen.last.click()
    assert screen.scores.isVisible()
    assert screen.footer.note() == "Saved as version 1 of “Letters 1”."


def test_training_again_asks_for_the_same(qtbot, labelled_session, show, train_by):
    screen = show(labelled_session)
    train_by(lambda job: None)
    request = TrainRequest("Letters 1", settings=EmbeddingClassifierSettings(seed=5))
    task = labelled_session.train(request)
    with qtbot.waitSignal(task.ended):
        pass
    screen.again.click()
    assert labelled_session.training.request == request


def test_training_again_after_a_restart_asks_for_the_same(labelled_session, show, train_by):
    settings = EmbeddingClassifierSettings(seed=5, select_concepts=("praise",))
    keep_model(labelled_session.app, settings=settings)
    screen = show(labelled_session)
    train_by(lambda job: None)
    screen.again.click()
    asked = labelled_session.training.request
    assert asked == TrainRequest("Letters 1", settings=settings, template="transfer_learning")


def test_a_version_with_some_of_the_concepts_is_trained_with_those_again(
    labelled_session, show, train_by
):
    keep_model(labelled_session.app, a_report([row[:2] for row in COUNTS[:2]], NAMES[:2]))
    screen = show(labelled_session)
    train_by(lambda job: None)
    screen.again.click()
    assert labelled_session.training.request.concepts == NAMES[:2]


def test_several_versions_can_be_chosen_from_newest_first(labelled_session, show):
    keep_model(labelled_session.app)
    screen = show(labelled_session)
    assert screen.versions.isHidden()
    keep_model(labelled_session.app, a_report([[20, 0, 0], [0, 20, 0], [0, 0, 20]]))
    screen.look_again()
    assert not screen.versions.isHidden()
    assert screen.scores.headline.text() == "Right every time"
    screen.versions.setCurrentIndex(1)
    assert screen.scores.headline.text() == "Right about 92 times in 100"
    assert screen.footer.note() == "Saved as version 1 of “Letters 1”."


def test_the_log_is_shown_on_demand_and_saved(labelled_session, show, tmp_path, monkeypatch):
    keep_model(labelled_session.app)
    screen = show(labelled_session)
    assert screen.log.isHidden()
    screen.show_log.click()
    assert screen.log.isVisible()
    assert screen.show_log.text() == "Hide log"
    path = tmp_path / "log.txt"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_args: path)
    screen.log.save.click()
    assert path.read_text() == "60 labelled texts\nLearned from: words\n"


def test_a_log_that_cannot_be_saved_says_so(labelled_session, show, tmp_path, monkeypatch):
    keep_model(labelled_session.app)
    screen, told = show(labelled_session), []
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_args: tmp_path / "none" / "log.txt")
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: told.append(str(error)))
    screen.log.save.click()
    assert told == [f"“{tmp_path / 'none' / 'log.txt'}” cannot be written to."]
