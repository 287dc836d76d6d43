import pytest
from PySide6.QtCore import Qt

from core.errors import UserError
from core.learning.marks import Learned, Mistakes, Outcome
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.evaluate import EvaluateRequest, EvaluateResult, NothingToScoreError
from core.operations.train import TrainResult
from core.records import Method
from core.storage.database import TookTooLongError
from core.storage.filters import InputFilter, list_input_ids
from desktop import boxes
from desktop.runner import BugError
from desktop.screens.evaluate.finding_row import FindingRow
from desktop.screens.evaluate.improving import Improved
from desktop.screens.evaluate.screen import EMPTY, NEW, PAGES, WORK, EvaluateScreen
from desktop.screens.evaluate.texts_panel import WIDTH
from desktop.widgets.text import Text, Wrapped
from tests.desktop.fake_models import a_report, keep_evaluation, keep_model, keep_scored_model


@pytest.fixture
def requests(monkeypatch):
    """Evaluate and train without a model; return the requests that came."""
    requests = []

    def fake_evaluate(app, request, job):
        requests.append(request)
        job.report("Checking", 1, 2)
        if request.split == "test":
            raise NothingToScoreError(request.model)
        with app.database() as db:
            key, dataset = db.execute(
                "SELECT id, dataset_version_id FROM model_versions ORDER BY id DESC"
            ).fetchone()
        version = type("Version", (), {"id": key, "dataset_version_id": dataset})
        method = Method.CROSS_VALIDATION if request.n_folds else Method.STORED_MODEL
        report = a_report(n_seen=60 * (not request.n_folds))
        return EvaluateResult(keep_evaluation(app, version, report, method, request.n_folds))

    def fake_train(app, request, job):
        requests.append(request)
        version, evaluation = keep_model(app, a_report(((20, 0, 0), (4, 16, 0), (0, 0, 20))))
        return TrainResult(version, evaluation)

    monkeypatch.setattr("desktop.screens.evaluate.improving.evaluate", fake_evaluate)
    monkeypatch.setattr("desktop.session.train", fake_train)
    return requests


def show(qtbot, session):
    screen = EvaluateScreen(session)
    qtbot.addWidget(screen)
    screen.resize(1064, 740)
    screen.show()
    return screen


@pytest.fixture
def screen(qtbot, labelled_session, requests):
    keep_scored_model(labelled_session.app)
    return show(qtbot, labelled_session)


def correct(session, number, concept="praise"):
    """Give the text at a place another label, as people do in the panel."""
    ids = list_input_ids(session.db, InputFilter())
    session.do(annotate, AnnotateRequest((ids[number],), concept, only=True))


def finish(qtbot, screen):
    with qtbot.waitSignal(screen.improving.improved):
        pass


def test_without_a_model_it_leads_to_train(qtbot, labelled_session):
    screen = show(qtbot, labelled_session)
    assert screen.stack.currentIndex() == EMPTY
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.first_focus().click()
    assert asked.args == ["train"]


def test_the_newest_evaluation_is_shown_and_told_in_words(screen):
    assert screen.pages.page.headline.text() == "Right about 80 times in 100"
    assert screen.head.evaluations.currentText().startswith("Cross-validation, 60 texts, today")
    assert screen.footer.note() == "12 of 60 answers are wrong, or their labels are."


def test_the_primary_leads_to_the_mistakes(qtbot, screen):
    assert screen.primary.text() == "Look at 12 mistakes"
    screen.primary.click()
    assert screen.state.mark == Mistakes()
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert screen.state.mark is None


def test_texts_that_were_learned_from_are_warned_of_and_shown(screen):
    assert screen.banner.words.text().startswith("3 of 60 texts were also learned from")
    screen.banner.act.click()
    assert screen.state.mark == Learned()


def test_a_line_about_a_concept_leads_to_its_texts(screen):
    line = screen.pages.page.concepts.findChildren(FindingRow)[0]
    assert line.text() == "Finds 16 of 20 texts; of the 20 it flags, 4 are wrong."
    line.click()
    assert isinstance(screen.state.mark, Outcome)


def test_other_evaluations_of_the_version_can_be_chosen(qtbot, screen):
    version = screen.state.version
    keep_evaluation(screen.session.app, version, a_report(n_seen=60), Method.STORED_MODEL, 0)
    screen.look_again()
    assert screen.head.evaluations.count() == 2
    assert screen.state.report["n_seen"] == 3  # what is shown stays
    screen.head.evaluations.setCurrentIndex(0)
    assert screen.state.report["n_seen"] == 60


def test_an_evaluation_without_texts_says_so_and_can_be_repeated(qtbot, labelled_session, requests):
    keep_model(labelled_session.app)
    screen = show(qtbot, labelled_session)
    assert screen.banner.words.text() == (
        "This evaluation keeps its scores only, not what was said of each text."
    )
    screen.banner.act.click()
    assert not screen.primary.isEnabled()
    finish(qtbot, screen)
    assert requests == [EvaluateRequest("Letters 1", 1, dataset="texts", n_folds=5)]
    assert screen.state.before is not None


def test_how_the_evaluation_before_stands_is_not_said_of_the_next(screen, monkeypatch):
    def takes_long(*_arguments):
        raise TookTooLongError

    with monkeypatch.context() as slow:
        slow.setattr("desktop.screens.evaluate.screen.standing_of", takes_long)
        correct(screen.session, 0)
    assert screen._comparing.is_waiting
    version = screen.state.version
    other = keep_evaluation(screen.session.app, version, a_report(), Method.STORED_MODEL, 0)
    screen.state.show(version, other)
    assert not screen._comparing.is_waiting


def test_corrected_labels_are_counted_and_lead_to_another_training(qtbot, screen, requests):
    before = screen.state.evaluation
    correct(screen.session, 0)
    assert screen.footer.note() == "1 label corrected. Train again to see what it brings."
    assert screen.primary.text() == "Train again"
    screen.primary.click()
    assert screen.footer.note() == "The model is being trained again; its scores follow."
    finish(qtbot, screen)
    assert requests[0].model == "Letters 1"
    assert len(requests) == 1  # the training's own scores are the ones to compare
    assert screen.state.version.number == 2
    assert screen.state.before.id == before.id
    assert screen.head.versions.currentText() == "Letters 1, version 2"
    assert screen.pages.page.before.text() == "Right answers before: 80.0\u202f%. Now: 93.3\u202f%."


def test_a_label_that_is_taken_back_does_not_count(screen):
    correct(screen.session, 0)
    correct(screen.session, 0, "delivery")
    assert screen.footer.note() == "12 of 60 answers are wrong, or their labels are."


def test_a_later_evaluation_is_repeated_after_the_training(qtbot, screen, requests):
    screen.head.new_asked.emit()
    screen.new.how.set_value(1)
    qtbot.waitUntil(screen.start.isEnabled)
    screen.start.click()
    finish(qtbot, screen)
    correct(screen.session, 0)
    screen.primary.click()
    finish(qtbot, screen)
    expected = EvaluateRequest("Letters 1", 2, dataset="texts", n_folds=5)
    assert requests[-1] == expected
    assert screen.state.version.number == 2
    assert screen.state.evaluation.n_folds == 5


def test_what_changed_otherwise_makes_the_scores_stale(qtbot, screen, requests):
    screen.session.do(add_texts, AddTextsRequest(("Where is it?",), ("delivery",)))
    assert screen.banner.words.text() == "Labels or texts have changed since this evaluation."
    assert screen.other.text() == "Train again"
    screen.banner.act.click()
    finish(qtbot, screen)
    assert requests == [EvaluateRequest("Letters 1", 1, dataset="texts", n_folds=5)]


def test_while_it_runs_nothing_else_can_be_started(qtbot, screen):
    screen.head.again_asked.emit()
    assert not screen.head.again.isEnabled()
    assert screen.footer.note() == "The model is being evaluated. You can go on working."
    finish(qtbot, screen)
    assert screen.head.again.isEnabled()


def test_an_evaluation_can_be_deleted_but_not_the_trainings_own(qtbot, screen, monkeypatch):
    refused = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: refused.append(str(error)))
    screen.head.delete_asked.emit()
    assert refused == ["These scores were found while the model was trained, and stay with it."]
    screen.head.again_asked.emit()
    finish(qtbot, screen)
    monkeypatch.setattr(boxes, "ask", lambda *_a: True)
    screen.head.delete_asked.emit()
    assert screen.head.evaluations.count() == 1
    assert screen.state.evaluation.folder


def test_a_refused_evaluation_says_why_on_its_page(qtbot, screen):
    screen.head.new_asked.emit()
    assert screen.stack.currentIndex() == NEW
    request = EvaluateRequest("Letters 1", 1, dataset="texts", split="test")
    screen.improving.evaluate(screen.state.version, request)
    with qtbot.waitSignal(screen.improving.failed):
        pass
    assert screen.new._panel.heading.text().startswith("No text there has a concept")
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert screen.stack.currentIndex() == WORK


def test_between_two_versions_there_is_a_verdict_on_the_same_texts(qtbot, screen):
    before = screen.state.evaluation
    version, after = keep_scored_model(screen.session.app, n_wrong=20)
    screen.improving.improved.emit(Improved(version, after, before))
    page = screen.pages.page
    qtbot.waitUntil(lambda: "57 texts" in page.before.text())
    assert page.before.text().startswith("Version 2 is better than Version 1: of 57 texts,")
    assert "3 texts are left out" in page.basis.findChildren(Wrapped)[1].text()
    assert screen.footer.note().startswith("Right answers before: 80.0\u202f%.")


def test_a_report_and_the_tables_are_asked_for(qtbot, screen, monkeypatch, tmp_path):
    asked = []

    def note(_app, request, _job):
        asked.append(request)

    for name in ("write_report", "export_evaluation"):
        monkeypatch.setattr(f"desktop.screens.evaluate.taking_along.{name}", note)
    key = screen.state.evaluation.id
    (tmp_path / "Letters-1-version-1").mkdir()
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_a: tmp_path / "mine.html")
    monkeypatch.setattr(boxes, "choose_folder", lambda *_a: tmp_path)
    screen.report.click()
    screen.head.export_asked.emit()
    qtbot.waitUntil(lambda: len(asked) == 2)
    report, tables = asked
    assert (report.out, report.evaluation_id) == (tmp_path / "mine.html", key)
    assert (tables.folder, tables.evaluation_id) == (tmp_path / "Letters-1-version-1-2", key)


def test_a_report_of_another_kind_is_refused_at_once(screen, monkeypatch, tmp_path):
    refused = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: refused.append(str(error)))
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_a: tmp_path / "mine.doc")
    screen.report.click()
    assert refused == ["A report cannot be written as “mine.doc”."]


def test_every_tab_opens_its_page_and_pages_can_ask_for_another(screen):
    for place, (_label, kind) in enumerate(PAGES):
        screen.pages.tabs.set_value(place)
        assert type(screen.pages.page) is kind
    screen.state.tab_asked.emit("overview")
    assert screen.pages.tabs.value == 0


def test_where_both_do_not_fit_the_texts_take_the_place_of_the_page(screen):
    screen.resize(700, 700)
    screen.primary.click()
    assert screen.pages.page.isVisible() is False
    screen.resize(1200, 700)
    assert screen.pages.page.isVisible()


def test_a_training_that_is_stopped_leaves_everything_as_it_was(screen):
    correct(screen.session, 0)
    screen.primary.click()
    screen.session.training.task.stop()
    assert screen.footer.note() == "1 label corrected. Train again to see what it brings."
    assert screen.primary.isEnabled()
    assert screen.state.version.number == 1


def test_scores_that_are_not_known_say_why_and_what_is_never_said_is_called_out(
    qtbot, labelled_session, requests
):
    report = a_report(((20, 0, 0), (20, 0, 0), (0, 0, 20)), macro_avg_roc_auc=None)
    keep_model(labelled_session.app, report)
    screen = show(qtbot, labelled_session)
    page = screen.pages.page
    words = [label.text() for label in page.findChildren(Text)]
    assert "Not known" in words
    assert "No concept has both texts that are about it and texts that are not." in words
    assert "1 concept is never the answer; its precision counts as 0." in words
    line = page.concepts.findChildren(FindingRow)[0]
    assert line.text() == "Never the answer: all its 20 texts are missed."
    assert not line.isEnabled()  # its texts are not kept


def test_scores_can_be_weighted_by_the_texts_of_each_concept(screen):
    page = screen.pages.page
    page.weighting.click()
    names = [label.text() for label in page.figures.findChildren(Text)]
    assert "Weighted F1" in names
    assert page.weighting.text() == "Every concept alike"


def test_while_other_thresholds_are_tried_the_overview_and_the_footer_follow_and_say_so(
    qtbot, screen
):
    with qtbot.waitSignal(screen.state.rescored):
        screen.state.try_threshold(0.99)
    assert screen.footer.note() == "No answer is wrong. 60 texts are left to a person."
    with qtbot.waitSignal(screen.state.rescored):
        screen.state.try_threshold(0.7)
    assert screen.footer.note() == (
        "11 of 55 answers are wrong, or their labels are. 5 texts are left to a person."
    )
    assert screen.primary.text() == "Look at 11 mistakes"
    words = [label.text() for label in screen.pages.page.notices.findChildren(Text)]
    assert "By the shares that are being tried; under Concepts they can be put back." in words


def test_the_matrix_stays_beside_the_texts_of_its_fields(qtbot, screen):
    screen.pages.open("mixed_up")
    screen.state.choose(Mistakes())
    qtbot.waitUntil(lambda: screen.pages.panel.table.rows.n_texts > 0)
    screen.pages._make_room()
    assert screen.pages.page.isVisible()
    assert screen.pages.panel.width() == WIDTH


def test_texts_that_have_no_room_beside_the_page_take_what_there_is(screen):
    screen.pages.open("compare")
    came_from = screen.window().focusWidget()
    screen.state.choose(Mistakes())
    panel = screen.pages.panel
    assert not screen.pages.page.isVisible()
    assert panel.width() > WIDTH
    assert panel.x() == 0
    screen.state.choose(None)
    assert screen.pages.page.isVisible()
    assert screen.window().focusWidget() is came_from


def test_another_evaluation_is_shown_from_its_first_words_on(screen):
    (area, *_others) = screen.pages._areas
    area.widget().setMinimumHeight(3_000)
    area.verticalScrollBar().setRange(0, 1_000)
    area.verticalScrollBar().setValue(500)
    screen.state.show(screen.state.version, screen.state.evaluation)
    assert area.verticalScrollBar().value() == 0


def test_a_mistake_of_ours_is_left_to_the_window(screen, monkeypatch):
    said = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: said.append(error))
    screen._show_failure(BugError("ZeroDivisionError"))
    assert not said
    screen._show_failure(UserError("The file is gone.", next_step="Choose it again."))
    assert len(said) == 1
