import json

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from core.errors import DiskFullError
from core.jobs import Job, Measure
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.sweep import SweepRequest, SweepResult, SweepRow
from core.operations.train import TrainRequest, TrainResult, request_to_json
from core.operations.training_data import NoLabelsError
from core.records import JobStatus
from core.storage.courses import Course, add_course
from core.storage.database import transaction
from core.storage.jobs import add_job, update_job, update_request
from core.storage.sweeps import add_sweep, add_sweep_run, update_failed
from core.templates import find_template
from core.wording import THIN
from desktop import boxes
from desktop.runner import BugError
from desktop.screens.train.ending import EndingPage
from desktop.screens.train.ranking import RankingPage
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


DEEP = find_template("text-classifier")


def deep_request(model="Letters 1"):
    settings = DEEP.with_values({})
    return TrainRequest(model, type=DEEP.type, settings=settings, template=DEEP.name)


def test_a_deep_training_shows_its_curves_and_can_keep_the_best(
    qtbot, labelled_session, show, train_by
):
    screen, seen = show(labelled_session), {}

    def act(job):
        job.report("Learning", 10, 60)
        job.measure("Loss", 0.5, 1.8)
        seen["early"] = screen.finish.isEnabled()
        job.measure("Score on texts kept apart", 1.0, 0.8)
        page = screen.stack.currentWidget()
        seen["late"] = screen.finish.isEnabled()
        seen["charts"] = [page.curves.scores.scene.name, page.curves.losses.scene.name]
        screen.finish.click()
        seen["finishing"] = labelled_session.training.task.is_finishing
        seen["note"] = screen.footer.note()
        seen["again"] = screen.finish.isEnabled()

    train_by(act)
    task = labelled_session.train(deep_request())
    with qtbot.waitSignal(task.ended):
        pass
    assert seen == {
        "early": False,
        "late": True,
        "charts": [
            f"Score on texts kept apart after 1.0 rounds: 80.0{THIN}%",
            "Loss after 0.5 rounds: 1.80",
        ],
        "finishing": True,
        "note": "It learns no more; the best state so far is checked and kept.",
        "again": False,
    }


def interrupt(session, model="Letters 1"):
    """Leave a job behind as a crash does: a request, and a folder with checkpoints."""
    version = freeze_dataset(session.app, FreezeRequest(), Job()).version
    with session.app.database() as db, transaction(db):
        job_id = add_job(db, kind="train", title=f"Training “{model}”", folder="left")
        update_request(db, job_id, request_to_json(deep_request(model), version))
        update_job(db, job_id, status=JobStatus.FAILED, code=0, message="", log="")
    (session.app.jobs / "left").mkdir(parents=True)
    (session.app.jobs / "left" / "checkpoint.json").write_text("{}")
    return job_id


def test_what_was_interrupted_can_go_on(qtbot, monkeypatch, labelled_session, show):
    job_id, asked = interrupt(labelled_session), []

    def fake_resume(app, request, job):
        asked.append(request.job_id)
        job.report("Learning")
        return TrainResult(*keep_model(app))

    monkeypatch.setattr("desktop.session.resume", fake_resume)
    screen = show(labelled_session)
    assert screen.interrupted.title.text() == "Training “Letters 1” was interrupted"
    screen.interrupted.resume.click()
    assert screen.interrupted.isHidden()
    with qtbot.waitSignal(labelled_session.training.task.ended):
        pass
    assert asked == [job_id]
    assert labelled_session.training.request.settings == DEEP.with_values({})
    assert screen.success.text().startswith("“Letters 1”, version 1, is trained")


def test_what_was_interrupted_can_be_let_go(labelled_session, show):
    interrupt(labelled_session)
    screen = show(labelled_session)
    screen.interrupted.forget.click()
    assert screen.interrupted.isHidden()
    assert not (labelled_session.app.jobs / "left").exists()
    assert labelled_session.interrupted() == []


def test_stopping_a_training_that_can_go_on_says_so(qtbot, labelled_session, show, train_by):
    screen = show(labelled_session)

    def act(job):
        interrupt(labelled_session)
        screen.stop.click()
        job.report("Learning")

    train_by(act)
    task = labelled_session.train(deep_request())
    with qtbot.waitSignal(task.stopped):
        pass
    words = [label.text() for label in screen.stack.currentWidget().findChildren(QLabel)]
    assert "Stopped." in words
    assert screen.interrupted.isVisible()


def test_several_trainings_end_in_a_ranking_from_which_a_version_is_opened(
    qtbot, monkeypatch, labelled_session, show
):
    def fake_sweep(app, request, job):
        rows, failed = [], (({"max_concepts": 9}, "It was too much."),)
        for (values, run), score in zip(request.runs(), (0.9, 0.8), strict=True):
            version, evaluation = keep_model(app, model=run.model)
            rows.append(SweepRow(values, version, evaluation, score))
        with app.database() as db, transaction(db):
            sweep_id = add_sweep(db)
            for row in rows:
                add_sweep_run(db, sweep_id, row.model_version.id, row.values)
            update_failed(db, sweep_id, failed)
        return SweepResult(tuple(rows), failed)

    monkeypatch.setattr("desktop.session.sweep", fake_sweep)
    screen = show(labelled_session)
    swept = SweepRequest(TrainRequest("Letters 1"), {"max_concepts": (2, 4)})
    with qtbot.waitSignal(labelled_session.sweep(swept).ended):
        pass
    page = screen.stack.currentWidget()
    assert page.rows.words(0, 1) == "Most concepts in an answer: 2"
    assert page.rows.words(1, 4) == "version 2"
    assert page.findChild(MessagePanel).heading.text() == "1 training failed."
    page.table.selectRow(1)
    screen.open_version.click()
    assert screen.versions.version.number == 2
    assert screen.scores.isVisible()
    later = show(labelled_session)  # as in a window that was opened the next day
    for one in (screen, later):
        one.ranking.click()
        page = one.stack.currentWidget()
        assert isinstance(page, RankingPage)
        assert page.rows.count() == 2
        assert page.findChild(MessagePanel).heading.text() == "1 training failed."


def test_how_a_model_learned_is_shown_long_after_its_training(labelled_session, show):
    version, _evaluation = keep_model(labelled_session.app)
    screen = show(labelled_session)
    assert "Show how it learned" not in buttons(screen)
    measures = tuple(Measure("Right answers", step, step / 10) for step in (1.0, 2.0, 3.0))
    with labelled_session.app.database() as db, transaction(db):
        add_course(db, version.id, Course(measures))
    later = show(labelled_session)
    assert later.course.isVisible()
    assert [action.text() for action in later.menu().actions()] == ["Train again", "Show log"]
    later.course.click()
    page = later.stack.currentWidget()
    assert page.curves.measures == list(measures)
    assert page.curves.scores.isVisible()
    later.back.click()
    assert later.scores.isVisible()


def test_a_model_that_writes_shows_its_scores_beside_its_base_model(labelled_session, show):
    _version, evaluation = keep_model(labelled_session.app)
    report = {
        "kind": "written",
        "n_texts": 44,
        "warning": "",
        "exact_match": 0.41,
        "exact_match_low": 0.3,
        "exact_match_high": 0.5,
        "token_f1": 0.86,
        "untrained": {"exact_match": 0.0, "token_f1": 0.3},
        "copying": {"exact_match": 0.1, "token_f1": 0.6},
    }
    with transaction(labelled_session.db):
        labelled_session.db.execute(
            "UPDATE evaluations SET report = ? WHERE id = ?", [json.dumps(report), evaluation.id]
        )
    screen = show(labelled_session)
    assert screen.scores.isHidden()
    assert screen.written.headline.text() == "Word for word right about 41 times in 100"
    rows = screen.written.rows
    assert [rows.words(0, column) for column in range(1, 5)] == [
        *(f"41.0{THIN}%", "30.0 to 50.0", f"0.0{THIN}%", f"10.0{THIN}%"),
    ]
