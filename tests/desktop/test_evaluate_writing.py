"""Evaluate for a model that writes."""

import pytest

from core.operations.evaluate import EvaluateResult
from core.operations.written import WrittenRow
from desktop import boxes
from desktop.screens.evaluate import taking_along
from desktop.screens.evaluate.screen import EvaluateScreen
from tests.desktop.fake_models import (
    a_written_report,
    keep_evaluation,
    keep_model,
    keep_writer,
)

ROWS = tuple(
    WrittenRow(
        input_id=i,
        text=f"Where is parcel number {i}? It should have come on Monday, and nobody answers.",
        target=f"parcel: {i}, asks: place, tone: annoyed",
        answer=f"parcel: {i}, asks: place" if i else "it it it it",
        untrained="the the the",
        scores={"chrf": 0.1 + 0.08 * i, "token_f1": 0.5},
        is_copied=i == 2,
    )
    for i in range(11)
)


@pytest.fixture
def screen(qtbot, labelled_session):
    keep_writer(labelled_session.app, rows=ROWS, warning="Many answers are copied.")
    screen = EvaluateScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    screen.show()
    return screen


def test_scores_stand_beside_the_base_and_the_worst_answer_is_open(screen):
    page = screen.written
    assert screen.body.currentWidget() is page
    assert page.scores.warning.words.text() == "Many answers are copied."
    assert page.table.model_.count() == len(ROWS)
    assert page.detail.parts["answer"].text() == "it it it it"
    assert page.detail.parts["target"].text() == ROWS[0].target
    assert page.detail.parts["untrained"].text() == "the the the"
    assert not screen.head.tables.isVisible()
    assert screen.report.isVisible()


def test_choosing_a_row_shows_it_in_full_and_says_what_is_copied(screen):
    screen.written.table.selectRow(2)
    assert screen.written.detail.parts["answer"].text() == ROWS[2].answer
    assert "word for word" in screen.written.detail.copied.words.text()
    screen.written.table.selectRow(3)
    assert screen.written.detail.copied.words.text() == ""


def test_without_kept_texts_the_scores_stay_and_the_rest_says_why(qtbot, labelled_session):
    _version, evaluation = keep_writer(labelled_session.app, rows=ROWS)
    for file in (labelled_session.app.evaluations / evaluation.folder).iterdir():
        file.unlink()
    screen = EvaluateScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.show()
    assert "not kept" in screen.written.missing.words.text()
    assert screen.written.table.model_.count() == 0


def test_versions_of_both_kinds_are_shown_one_after_the_other(qtbot, screen, labelled_session):
    keep_model(labelled_session.app)
    screen.look_again()
    assert screen.body.currentWidget() is screen.pages
    assert screen.head.tables.isVisible()
    screen.head.versions.setCurrentIndex(1)
    assert screen.body.currentWidget() is screen.written
    assert screen.primary.text() == "Train again"


def test_it_is_evaluated_again_and_the_new_scores_are_shown(qtbot, screen, monkeypatch):
    report = a_written_report(3)
    other = keep_evaluation(screen.session.app, screen.written.version, report, n_folds=0)

    def fake_evaluate(app, request, job):
        return EvaluateResult(other)

    monkeypatch.setattr("desktop.screens.evaluate.improving.evaluate", fake_evaluate)
    screen.head.again_asked.emit()
    qtbot.waitUntil(lambda: screen.written.evaluation.id == other.id)


def test_pictures(screen, screenshots):
    if screenshots:
        screenshots(screen, "evaluate-writing")
    assert screen.written.isVisible()


def test_a_model_that_writes_has_a_report(qtbot, screen, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        taking_along, "write_report", lambda app, request, job: asked.append(request)
    )
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_: tmp_path / "replies.html")
    screen.report.click()
    qtbot.waitUntil(lambda: bool(asked))
    assert asked[0].evaluation_id == screen.written.evaluation.id
