import csv
import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy

from core.changes import Changes
from core.errors import UserError
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.compare_models import CompareDatasetsRequest
from core.operations.evaluate import EvaluateResult
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.kept_said import kept_said
from core.operations.scoring import scored_of
from core.records import Method
from core.storage.database import transaction
from core.storage.evaluations import (
    add_evaluation,
    find_own_evaluation,
    list_evaluations,
)
from core.storage.models import find_model_version, list_model_versions
from core.wording import THIN
from desktop import boxes
from desktop.screens.evaluate.compare_board import DATASETS
from desktop.screens.evaluate.compare_page import ComparePage
from desktop.screens.evaluate.leaderboard_rows import COLUMNS, _sort_key
from desktop.screens.evaluate.places_table import VERSION
from desktop.screens.evaluate.screen import EvaluateScreen
from desktop.screens.evaluate.state import EvaluationState
from tests.desktop.fake_models import a_report, keep_evaluation, keep_model, keep_scored_model

NARROW = 744  # pixels of a page in a window of 1024
DESIGN = ("Trained on", "Checked on", "How", "Texts that count", "Checked")
PLACES = {column.key: i for i, column in enumerate(COLUMNS)}


def show(qtbot, session, width=1064):
    state = EvaluationState(session)
    page = ComparePage(state)
    qtbot.addWidget(page)
    page.resize(width, 700)
    page.show()
    return page


@pytest.fixture
def page(qtbot, labelled_session):
    """Show two versions: of the second every 15th answer is wrong, of the first every third."""
    keep_scored_model(labelled_session.app, 3)
    keep_scored_model(labelled_session.app, 15)
    return show(qtbot, labelled_session)


@pytest.fixture
def asked(monkeypatch):
    """Evaluate without a model, as the training did; return the requests that came."""
    requests = []

    def fake_evaluate(app, request, job):
        requests.append(request)
        job.report("Asking", 1, 2)
        with app.database() as db:
            version = find_model_version(db, request.model, request.number)
            own = find_own_evaluation(db, version.id)
            frozen_id = own.dataset_version_id
            if not request.dataset_number:
                frozen_id = freeze_dataset(app, FreezeRequest(), job).version.id
            made = replace(own, n_folds=request.n_folds, dataset_version_id=frozen_id)
            if not request.n_folds:
                made = replace(made, method=Method.STORED_MODEL)
            with kept_said(app, scored_of(app, own)) as folder, transaction(db):
                return EvaluateResult(add_evaluation(db, replace(made, folder=folder)))

    monkeypatch.setattr("core.operations.compare_models.evaluate", fake_evaluate)
    return requests


def lines(page):
    """Return what the leaderboard shows, a group by its words."""
    board = page.board.table.board
    return [
        (rank, row.version.number) if (row := board.row_at(i)) else board.data(board.index(i, 0))
        for i in range(board.count())
        for rank in [cell(page, i, "rank")]
    ]


def cell(page, line, key):
    board = page.board.table.board
    return board.data(board.index(line, PLACES[key]))


def tick(page, *numbers):
    """Tick the evaluations of these versions."""
    board = page.board.table.board
    for line in range(board.count()):
        if (row := board.row_at(line)) and row.version.number in numbers:
            board.turn(line)


def compare(qtbot, page):
    page.board.choice.compare.click()
    qtbot.waitUntil(page.view.isVisible)


# -- the leaderboard -----------------------------------------------------------------------------
def test_evaluations_are_ranked_the_best_first(page):
    assert lines(page) == [
        "texts, version 1, all texts: 60 texts, 2 evaluations",
        ("1", 2),
        ("2", 1),
    ]
    low, high = (f"{v * 100:.1f}" for v in _interval(page, 2))
    assert cell(page, 1, "f1").endswith(f" ({low}–{high})")
    assert cell(page, 1, "trained") == "texts, version 1"


def _interval(page, number):
    row = next(r for r in page.board.table.board.rows() if r.version.number == number)
    return row.scores["f1"].low, row.scores["f1"].high


def test_scores_found_on_different_texts_are_ranked_apart_and_the_page_says_so(page):
    session = page.state.session
    version = list_model_versions(session.db)[0]
    keep_evaluation(session.app, version, a_report(n_texts=40), Method.STORED_MODEL, 0)
    page.look()
    assert lines(page)[3:] == ["texts, version 1, all texts: 40 texts, 1 evaluation", ("–", 2)]
    assert "different texts cannot be compared" in page.board.note.text()


def test_a_model_that_had_learned_from_the_texts_is_marked(page):
    board = page.board.table.board
    words = board.data(board.index(1, PLACES["model"]), Qt.ItemDataRole.AccessibleTextRole)
    assert "Learned from 3 of these texts: the scores flatter." in words


@pytest.mark.parametrize("key", [key for key in PLACES if key not in {"tick", "f1"}])
def test_heads_sort_by_any_column_by_mouse_and_by_keys(qtbot, page, key):
    table, place = page.board.table, PLACES[key]
    page.resize(1800, 700)
    heads = table.horizontalHeader()

    def values():
        return [_sort_key(row, COLUMNS[place]) for row in table.board.rows()]

    head = QPoint(heads.sectionViewportPosition(place) + 10, 10)
    qtbot.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=head)
    is_descending = COLUMNS[place].kind in {"score", "count", "moment"}
    assert values() == sorted(values(), reverse=is_descending)
    assert table.board.head(place)[-1] == ("↓" if is_descending else "↑")
    heads._place = place
    qtbot.keyClick(heads, Qt.Key.Key_Space)
    assert values() == sorted(values(), reverse=not is_descending)
    assert table.board.head(place)[-1] == ("↑" if is_descending else "↓")


def test_a_concept_shows_its_own_scores(page):
    page.board.concept.setCurrentText("payment")
    report = list_evaluations(page.state.session.db)[0].report
    record = next(one for one in report["concepts"] if one["name"] == "payment")
    assert cell(page, 1, "f1") == f"{record['f1'] * 100:.1f}"
    assert page.board.table.isColumnHidden(PLACES["right"])
    assert "those of “payment” alone" in page.board.note.text()


def test_space_and_a_click_on_the_box_choose_and_enter_opens(qtbot, page):
    table = page.board.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert table.board.ticked == {table.board.key(1)}
    box = table.visualRect(table.board.index(2, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert table.board.ticked == {table.board.key(1), table.board.key(2)}
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert table.board.ticked == {table.board.key(1)}
    with qtbot.waitSignal(page.state.evaluation_asked) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args[0].id == table.board.key(2)  # the click went there


def test_a_line_that_begins_a_group_cannot_be_chosen(qtbot, page):
    table = page.board.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert table.currentIndex().row() == 1
    table.board.turn(0)
    assert not table.board.ticked


def test_with_one_version_it_says_to_train_another(qtbot, labelled_session):
    keep_model(labelled_session.app)
    page = show(qtbot, labelled_session)
    assert page.board.note.text() == "There is one version so far. Train another to compare."
    assert page.board.choice.isHidden()


def test_a_new_version_shows_up_by_itself(page):
    keep_model(page.state.session.app)
    page.state.session.changed.emit(Changes.MODELS)
    assert len(page.board.table.board.rows()) == 3


def test_the_leaderboard_is_saved_as_csv(page, tmp_path, monkeypatch):
    path = tmp_path / "board.csv"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_a, **_k: path)
    page.board.save.click()
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["Version"] for row in rows] == ["2", "1"]
    best = page.board.table.board.rows()[0]
    assert float(rows[0]["F1"]) == best.scores["f1"].value
    assert rows[0]["Learned from"] == "3"


def test_narrow_windows_leave_out_columns_never_the_name_nor_f1(page):
    page.resize(560, 600)
    table = page.board.table
    shown = {key for key, i in PLACES.items() if not table.isColumnHidden(i)}
    assert {"tick", "model", "rank", "f1"} <= shown
    assert "trained" not in shown
    assert table.columnWidth(PLACES["model"]) >= 100


# -- what a comparison takes ---------------------------------------------------------------------
def test_it_says_what_to_choose_until_two_versions_are(page):
    choice = page.board.choice
    assert choice.words.text().startswith("Choose 2 or more versions to compare")
    tick(page, 1)
    assert choice.words.text() == "1 chosen. Choose 2 or more versions to compare."
    assert not choice.compare.isEnabled()
    tick(page, 2)
    assert choice.words.text() == "All of them are checked there already: nothing has to be asked."
    assert choice.compare.isEnabled()


def test_it_says_before_how_many_models_are_asked_and_on_what(page):
    choice = page.board.choice
    tick(page, 1, 2)
    choice.where.setCurrentText("texts, as it is now")
    assert choice.words.text() == (
        "2 models are asked first, on texts as it is now (60 texts): "
        "Letters 1, version 1; Letters 1, version 2."
    )
    assert "may flatter" in choice.cautions.text()
    choice.how.set_value(1)
    assert "2 models are first trained 5 times anew each and asked on" in choice.words.text()
    choice.split.setCurrentIndex(3)
    assert "No text there has a concept that the model knows." in choice.words.text()
    assert not choice.compare.isEnabled()


def test_all_of_it_has_room_in_a_narrow_window(qtbot, page):
    page.resize(NARROW, 500)
    tick(page, 1, 2)
    page.board.choice.where.setCurrentText("texts, as it is now")
    assert page.board.choice.how.isVisible()
    assert page.board.choice.minimumSizeHint().width() <= NARROW
    page.board.choice.where.setCurrentIndex(0)
    compare(qtbot, page)
    page.view.resize(NARROW, 500)
    assert page.view.minimumSizeHint().width() <= NARROW


# -- the comparison ------------------------------------------------------------------------------
def test_the_verdict_comes_first_and_nothing_is_made_where_all_is_there(qtbot, page):
    spy = QSignalSpy(page.state.session.jobs.changed)
    tick(page, 1, 2)
    compare(qtbot, page)
    assert page.view.title.text().startswith("Version 2 is better than Version 1: of 5")
    assert page.view.minor.text().startswith("By macro F1, Version 2 is better than Version 1: +")
    assert "had learned from" in page.view.basis.text()
    assert spy.count() == 0
    assert page.board.isHidden()


def test_equal_models_differ_by_nothing(qtbot, labelled_session):
    for _i in range(2):
        keep_scored_model(labelled_session.app, 5)
    page = show(qtbot, labelled_session)
    tick(page, 1, 2)
    compare(qtbot, page)
    assert page.view.title.text().startswith("No difference between Version 2 and Version 1")
    assert {row.most for row in page.view.concepts.rows.rows} == {0.0}


def test_scores_stand_in_their_intervals_one_under_the_other(qtbot, page):
    tick(page, 1, 2)
    compare(qtbot, page)
    right = page.view.scores[0].scene
    first, second = (mark.words for mark in right.marks)
    assert first.startswith("Version 1: ")
    assert second.startswith("Version 2: ")
    assert f"95{THIN}% interval" in second
    assert [row[0] for row in right.table.rows] == ["Version 1", "Version 2"]
    assert right.table.rows[1][1] > right.table.rows[0][1]


def test_concepts_stand_side_by_side_the_biggest_change_first(qtbot, page):
    tick(page, 1, 2)
    compare(qtbot, page)
    rows = page.view.concepts.rows
    assert rows.heads[2:4] == ["Version 1", "Version 2"]
    assert rows.head(4) == "Difference"
    changes = [row.most for row in rows.rows]
    assert changes == sorted(changes, reverse=True)
    assert changes[0] > 0
    one = rows.rows[0]
    assert rows.data(rows.index(0, 4)) == f"+{(one.scores[1] - one.scores[0]) * 100:.1f}"
    page.view.concepts.horizontalHeader().sectionClicked.emit(0)
    assert [row.name for row in rows.rows] == ["delivery", "payment", "praise"]
    page.view.score.setCurrentText("Recall")
    assert rows.rows[0].scores[0] == _record(page, 0, "delivery")["recall"]


def _record(page, place, name):
    report = page.view._shown.columns[place].report
    return next(one for one in report["concepts"] if one["name"] == name)


def test_curves_lie_over_one_another_for_all_concepts_and_for_one(qtbot, page):
    tick(page, 1, 2)
    compare(qtbot, page)
    assert "Version 1" in page.view.roc.scene.name
    assert "Version 2" in page.view.roc.scene.name
    assert {row[0] for row in page.view.precision.scene.table.rows} == {"Version 1", "Version 2"}
    page.view.concepts.row_opened.emit(0)
    name = page.view.concepts.rows.rows[0].name
    assert page.view.concept.currentText() == name
    qtbot.waitUntil(lambda: bool(page.view.roc.scene.marks))
    area = _record(page, 1, name)["roc_auc"]
    assert f"Version 2, {area * 100:.1f}{THIN}%" in page.view.roc.scene.name


def test_settings_and_test_design_stand_side_by_side(qtbot, labelled_session):
    keep_scored_model(labelled_session.app)
    version, _evaluation = keep_scored_model(labelled_session.app)
    with transaction(labelled_session.db):
        labelled_session.db.execute(
            "UPDATE model_versions SET settings = ? WHERE id = ?",
            [json.dumps(version.settings | {"max_concepts": 7}), version.id],
        )
    page = show(qtbot, labelled_session)
    tick(page, 1, 2)
    compare(qtbot, page)
    table = {row[0]: row[1:] for row in page.view._shown.settings.rows}
    assert table["Checked on"] == ("texts, version 1", "texts, version 1")
    assert table["How"] == ("Cross-validation", "Cross-validation")
    assert [values[1] for values in table.values()].count("7") == 1
    assert list(table) == [*DESIGN, next(title for title in table if table[title][1] == "7")]


def test_several_models_are_counted_in_the_title_and_told_one_by_one(qtbot, page):
    keep_scored_model(page.state.session.app, 3, seed=5)
    page.look()
    tick(page, 1, 2, 3)
    compare(qtbot, page)
    assert page.view.title.text().startswith("Beside Version 1: 1 is better, 1 shows no")
    told = [row[:2] for row in page.view._shown.verdicts.rows]
    assert told == [("Version 2", "better"), ("Version 3", "no clear difference")]
    assert page.view.verdicts.isVisible()
    assert len(page.view.scores[0].scene.marks) == 3


@pytest.mark.parametrize("what", ["verdicts", "concepts", "settings"])
def test_every_table_of_a_comparison_is_saved_as_csv(qtbot, page, tmp_path, monkeypatch, what):
    keep_scored_model(page.state.session.app, 3, seed=5)
    page.look()
    tick(page, 1, 2, 3)
    compare(qtbot, page)
    path = tmp_path / "table.csv"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_a, **_k: path)
    getattr(page.view, f"save_{what}").click()
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    shown = page.view.concepts.rows.table() if what == "concepts" else None
    shown = shown or getattr(page.view._shown, what)
    assert rows[0] == list(shown.heads)
    assert [row[0] for row in rows[1:]] == [row[0] for row in shown.rows]
    assert "Version 2" in str(rows)


def test_models_without_a_concept_of_the_same_name_are_refused_before_they_are_asked(page):
    tick(page, 1, 2)
    choice = page.board.choice
    assert choice.compare.isEnabled()
    old, new = choice._versions
    choice._versions = [replace(old, concepts=("post",)), new]
    choice.judge()
    assert not choice.compare.isEnabled()
    assert choice.words.text().startswith("These models know no concept of the same name")


def test_escape_and_back_lead_to_the_board_with_its_ticks(qtbot, page):
    tick(page, 1, 2)
    compare(qtbot, page)
    page.view.back.setFocus()
    qtbot.keyClick(page.view.back, Qt.Key.Key_Escape)
    assert page.board.isVisible()
    assert len(page.board.table.board.ticked) == 2
    compare(qtbot, page)
    page.view.back.click()
    assert page.board.isVisible()
    assert page.view.isHidden()


def test_missing_evaluations_are_made_as_a_job_and_shown_when_they_are_there(qtbot, page, asked):
    tick(page, 1, 2)
    page.board.choice.where.setCurrentText("texts, as it is now")
    compare(qtbot, page)
    assert [(one.number, one.dataset) for one in asked] == [(1, "texts"), (2, "texts")]
    assert page.view.title.text().startswith("Version 2 is better than Version 1")
    page.go_back()
    assert len(page.board.table.board.rows()) == 4
    assert "nothing has to be asked" in page.board.choice.words.text()


def test_a_comparison_can_be_stopped_and_says_what_stays(qtbot, page, monkeypatch):
    def stopped(app, request, job):
        page.board.choice.stop.click()
        job.report("Asking", 1, 2)
        raise AssertionError("it went on")

    monkeypatch.setattr("core.operations.compare_models.evaluate", stopped)
    tick(page, 1, 2)
    choice = page.board.choice
    choice.where.setCurrentText("texts, as it is now")
    choice.compare.click()
    qtbot.waitUntil(choice.problem.isVisible)
    assert choice.problem.words.text().startswith("Stopped. What was evaluated before that stays")
    assert choice.stop.isHidden()
    assert choice.compare.isEnabled()


def test_what_keeps_it_from_being_made_stands_on_the_page(qtbot, page, monkeypatch):
    def refused(app, request, job):
        raise UserError("The model is gone.", next_step="Train it again.")

    monkeypatch.setattr("core.operations.compare_models.evaluate", refused)
    tick(page, 1, 2)
    page.board.choice.where.setCurrentText("texts, as it is now")
    page.board.choice.compare.click()
    qtbot.waitUntil(page.board.choice.problem.isVisible)
    assert page.board.choice.problem.words.text() == "The model is gone. Train it again."


def test_concepts_that_only_one_model_knows_are_named(qtbot, labelled_session):
    app = labelled_session.app
    keep_scored_model(app)
    _version, own = keep_scored_model(app, model="Letters 2")
    with transaction(labelled_session.db):
        renamed = json.dumps(own.report).replace("praise", "thanks")
        labelled_session.db.execute(
            "UPDATE evaluations SET report = ? WHERE id = ?", [renamed, own.id]
        )
    page = show(qtbot, labelled_session)
    tick(page, 1)
    compare(qtbot, page)
    assert "“praise” (only Letters 1, version 1)" in page.view.basis.text()
    assert "“thanks” (only Letters 2, version 1)" in page.view.basis.text()
    assert {row.name for row in page.view.concepts.rows.rows} == {"delivery", "payment"}


# -- one model on several datasets ---------------------------------------------------------------
def test_one_model_is_compared_on_several_datasets(qtbot, page, asked):
    board = page.board
    board.way.set_value(DATASETS)
    assert [offer.cell(VERSION) for offer in board.places.places.offers] == [
        "As it is now, version 1"
    ]
    session = page.state.session
    add_texts(session.app, AddTextsRequest(("More of delivery",), ("delivery",)), Job())
    page.look()
    offered = [offer.cell(VERSION) for offer in board.places.places.offers]
    assert offered == ["As it is now", "Version 1"]
    assert "Choose 2 or more of these" in board.choice.words.text()
    board.places.setFocus()
    qtbot.keyClick(board.places, Qt.Key.Key_Space)
    qtbot.keyClick(board.places, Qt.Key.Key_Down)
    qtbot.keyClick(board.places, Qt.Key.Key_Return)
    assert board.choice.words.text() == (
        "The model is asked first, on texts as it is now (61 texts); texts, version 1 (60 texts)."
    )
    assert board.choice.plan.request == CompareDatasetsRequest(
        "Letters 1", (("texts", 0, ""), ("texts", 1, "")), 2
    )
    compare(qtbot, page)
    assert [one.dataset_number for one in asked] == [0, 1]
    assert page.view.title.text() == "Letters 1, version 2 on 2 sets of texts"
    assert page.view.basis.text().startswith("These numbers were found on different texts")
    assert page.view.minor.isHidden()
    assert page.view.verdicts.isHidden()
    assert not [c for c in page.view.concepts.rows.columns if c.kind == "texts"]
    page.view.concepts.row_opened.emit(0)
    qtbot.waitUntil(lambda: bool(page.view.roc.scene.marks))


# -- in the screen -------------------------------------------------------------------------------
def test_an_evaluation_opened_here_is_the_one_that_the_screen_shows(qtbot, page):
    screen = EvaluateScreen(page.state.session)
    qtbot.addWidget(screen)
    screen.resize(1064, 740)
    screen.show()
    screen.pages.open("compare")
    compared = screen.pages.page
    assert isinstance(compared, ComparePage)
    compared.board.table.row_opened.emit(2)
    assert screen.state.version.number == 1
    assert screen.head.versions.version.number == 1
    assert screen.pages.tabs.value == 0


def test_thresholds_that_are_only_tried_leave_the_page_as_it_is(page):
    before = page.board.table.board.rows()
    page.state.rescored.emit()
    assert page.board.table.board.rows() == before
